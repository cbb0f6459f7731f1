#ifndef HUELLA_SRC_REPORT_GNUPLOT_H
#define HUELLA_SRC_REPORT_GNUPLOT_H

#include "huella/base/text.h"

/** Runs gnuplot on a script; `out` receives what it printed. HU_NOT_FOUND, HU_IO with what it complained of. */
hu_error *gnuplot_run(const char *program, const hu_buf *script, hu_buf *out);

/** Text as a gnuplot string that nothing in it can end. */
void gnuplot_quote(hu_buf *script, const char *text);

/** Makes gnuplot's SVG fit to stand in a page: unique names, colours of the page, a title, no trace of the maker. */
void gnuplot_tidy_svg(const char *svg, size_t length, const char *name, const char *title, hu_buf *out);

/** Sets the date of making in a PDF to a fixed one, so that the same plot is the same file. */
void gnuplot_tidy_pdf(hu_buf *pdf);

#endif
