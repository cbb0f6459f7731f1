#ifndef HUELLA_SRC_REPORT_FIGURE_PARTS_H
#define HUELLA_SRC_REPORT_FIGURE_PARTS_H

/* What the figures share: where a script starts and ends, colours, shapes, data blocks. */

#include "gnuplot.h"
#include "huella/report/figure.h"

/** Terminal, fonts, axes, labels; a key above the plot when `key`. Inches. */
void figure_start(const hu_figure *figure, double width, double height, bool key, hu_buf *script);

/** Runs the script and makes its output fit to keep. */
hu_error *figure_end(const hu_figure *figure, hu_buf *script, hu_buf *out);

/** HU_LIMIT, HU_EMPTY when nothing is to be drawn. */
hu_error *figure_check(const hu_figure *figure, const hu_series *series, size_t n_series);

const char *figure_colour(size_t series);
int figure_shape(size_t series);

/** A number of a data block; NaN is missing. */
void figure_number(hu_buf *script, double value);

/** "title 'label'" or "notitle", with a blank before. */
void figure_title(hu_buf *script, const char *label);

/** The smallest and largest finite value, widened from what they are. */
void figure_widen(double range[2], const double *values, size_t n);

#endif
