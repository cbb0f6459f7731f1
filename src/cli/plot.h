#ifndef HUELLA_CLI_PLOT_H
#define HUELLA_CLI_PLOT_H

/* --plot FILE and --explain, the same for every command that estimates. */

#include "command.h"

#include "huella/causal/event_study.h"
#include "huella/report/figure.h"

/** Rows for the command's option table. */
#define HU_OPTION_PLOT                                                                                 \
    {                                                                                                  \
        "plot", HU_OPT_TEXT, "FILE", NULL, "Draw the result as well: FILE ends in .svg, .pdf or .png." \
    }
#define HU_OPTION_EXPLAIN                                                                                          \
    {                                                                                                              \
        "explain", HU_OPT_FLAG, NULL, NULL, "Print what is estimated, what is assumed, and the source; then stop." \
    }

/** Whether --plot is given. Its ending is checked, so ask before the work begins. */
hu_error *hu_plot_asked(const hu_run *run, bool *asked);

/** What is drawn when --plot is given; `draw` fills `out` by one of figure.h. The file is written whole or not at all.
 */
typedef hu_error *hu_plot_draw(const hu_figure *figure, const void *context, hu_buf *out);
hu_error *hu_plot_file(const hu_run *run, const char *title, const char *x_label, const char *y_label,
                       hu_plot_draw *draw, const void *context);

/** An event study of each label, side by side; labels may be NULL. Does nothing without --plot. */
hu_error *hu_plot_event_studies(const hu_run *run, const char *title, const char *y_label, const char *const *labels,
                                const hu_event_study *studies, size_t n);

/** One effect a row, with the one on all data as a line (NaN = none). Does nothing without --plot. */
hu_error *hu_plot_forest(const hu_run *run, const char *title, const char *x_label, const char *const *labels,
                         const hu_effect *effects, size_t n, double reference);

/**
 * Prints what rules/estimators.yaml says of the entries `names` (NULL-terminated), as text or JSON. HU_BUG when it says
 * nothing of one.
 */
hu_error *hu_explain(const hu_run *run, const char *const *names);

#endif
