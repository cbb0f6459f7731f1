#ifndef HUELLA_REPORT_FIGURE_H
#define HUELLA_REPORT_FIGURE_H

#include "huella/report/plot.h"

/**
 * Figures of their own: files for papers (SVG, PDF, PNG), drawn by gnuplot as hu_plot_event_study is.
 *
 * Colours are those of Okabe & Ito (2008), told apart by readers who do not see red and green alike, and in print
 * shapes tell series apart as well. No title stands inside a figure (journals set captions); SVG carries it for those
 * who do not see. The same data give the same bytes.
 */
typedef struct hu_figure {
    hu_plotter plotter;
    hu_plot_kind kind; /* HU_PLOT_SVG is an element for a page, the others are whole files */
    const char *name;  /* of an element for a page: letters, digits, _ */
    const char *title;
    const char *x_label, *y_label;
} hu_figure;

/** HU_PLOT_SVG_FILE, _PDF or _PNG by the ending of the path; HU_USAGE for any other. */
hu_error *hu_plot_kind_of(const char *path, hu_plot_kind *kind);

/** Estimates along x with their intervals. Rows whose estimate is not finite are left out. */
typedef struct hu_series {
    const char *label; /* NULL = not named in the key */
    size_t n;
    const double *x, *estimate, *lower, *upper;
    const double *band_lower, *band_upper; /* uniform over the series; NULL = none */
} hu_series;

enum { HU_FIGURE_SERIES = 8 };

/**
 * Effects by time since treatment, one or several estimators side by side: thick pointwise intervals, thin uniform
 * bands. One series alone is grey before treatment, where there should be no effect.
 *
 * Errors of these: as hu_plot_event_study; HU_LIMIT more than HU_FIGURE_SERIES series.
 */
hu_error *hu_draw_event_study(const hu_figure *figure, const hu_series *series, size_t n_series, hu_buf *out);

/** Intervals over a parameter (how far trends may part), beside the one that assumes none. */
typedef struct hu_sensitivity_figure {
    hu_series robust;
    double original[3];         /* estimate, lower, upper; drawn left of the others */
    const char *original_label; /* "parallel trends" */
    double breakdown;           /* marked where finite */
} hu_sensitivity_figure;
hu_error *hu_draw_sensitivity(const hu_figure *figure, const hu_sensitivity_figure *data, hu_buf *out);

/** Rows of a name, an estimate and its interval; `reference` (the estimate on all data) is a line. */
hu_error *hu_draw_forest(const hu_figure *figure, const char *const *labels, const hu_series *rows, double reference,
                         hu_buf *out);

/** Estimates of parts (y) by their weights (x), a series a kind of part, and what they average to as a line. */
hu_error *hu_draw_parts(const hu_figure *figure, const hu_series *kinds, size_t n_kinds, double average, hu_buf *out);

/** A step curve with its band; x ascending, in `lower` and `upper` NaN where there is no interval. */
typedef struct hu_curve_series {
    hu_series steps;
    double start;          /* the curve's height at x = 0 */
    const double *at_risk; /* steps.n: weight at risk just before each x; NULL = no table of those at risk */
} hu_curve_series;

/** Curves over time, with a table of those still at risk below. */
hu_error *hu_draw_curves(const hu_figure *figure, const hu_curve_series *curves, size_t n_curves, hu_buf *out);

/** Power by effect, with its Monte-Carlo intervals; the power that is wanted is a line. */
hu_error *hu_draw_power(const hu_figure *figure, const hu_series *curves, size_t n_curves, double wanted, hu_buf *out);

/** What a statistic would have been under other assignments, and what it was; `note` stands beside ("p = 0.031"). */
hu_error *hu_draw_distribution(const hu_figure *figure, const double *values, size_t n, double observed,
                               const char *note, hu_buf *out);

#endif
