#ifndef HUELLA_REPORT_PLOT_H
#define HUELLA_REPORT_PLOT_H

#include "huella/report/people.h"
#include "huella/report/results.h"

/**
 * Plots by gnuplot: as SVG to stand inside a page, and as PDF beside it.
 *
 * gnuplot is started without a shell and without the user's settings, reads its script from memory and can ask for
 * nothing. The same data give the same bytes: no date, no name that varies is left in.
 */
typedef enum hu_plot_kind { HU_PLOT_SVG, HU_PLOT_PDF, HU_PLOT_PNG, HU_PLOT_SVG_FILE } hu_plot_kind;

/** The program to run: a path, or a name to be found along PATH; NULL = "gnuplot". */
typedef struct hu_plotter {
    const char *program;
} hu_plotter;

/**
 * Effects by time since treatment with their intervals (and uniform bands, where there are any).
 *
 * name   letters, digits and _: marks the plot's elements within the page
 * title  what a reader who does not see the plot is told
 * out    SVG: an <svg> element whose colours follow the text around it; PDF: a whole file
 *
 * Errors: HU_NOT_FOUND no gnuplot (says which package); HU_IO gnuplot failed (with what it said); HU_EMPTY no cell.
 */
hu_error *hu_plot_event_study(const hu_plotter *plotter, hu_plot_kind kind, const char *name, const char *title,
                              const hu_did_aggregate *dynamic, hu_scale scale, const char *x_label, const char *y_label,
                              hu_buf *out);

/** Event times further from treatment than this are left to the table below the plot. */
enum { HU_PLOT_REACH = 8 };

#endif
