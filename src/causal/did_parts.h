#ifndef HUELLA_CAUSAL_DID_PARTS_H
#define HUELLA_CAUSAL_DID_PARTS_H

/* What the files of the difference-in-differences estimator share; did.c says how they follow each other. */

#include "huella/causal/did.h"

#include <math.h>

/**
 * The data of an estimation. Observations are units (panel) or rows (repeated cross-sections), in the order of cohort,
 * then unit (panel) or period (cross-sections), so that a cohort is a range of observations.
 */
typedef struct did_data {
    size_t n, periods, cohorts;
    const double *times;     /* periods, ascending */
    const double *cohort;    /* cohorts, ascending; INFINITY = never treated, always the last */
    const size_t *start;     /* cohorts + 1: observations start[c] … start[c + 1] - 1 are of cohort c */
    const uint32_t *period;  /* n, cross-sections; NULL in a panel */
    const double *y;         /* panel: n x periods, row-major; cross-sections: n */
    const double *w;         /* n weights */
    const uint32_t *row;     /* n: a row of the table that belongs to the observation */
    size_t k;                /* covariates with the constant; 1 = no covariates */
    const double *x;         /* NULL when k = 1; panel: k blocks of periods x n; cross-sections: n x k column-major */
    const uint32_t *cluster; /* n; NULL: each observation is its own */
    size_t clusters;
    double scale; /* largest |y|, to tell rounding from variance */
} did_data;

/** One two-by-two comparison: cohort `cohort` at period `at` against period `base`. */
typedef struct did_cell {
    size_t cohort, at, base;
    bool post, reference; /* reference: at == base, zero by construction */
    const char *note;     /* NULL = estimated */
    double att;
    size_t treated, controls;
} did_cell;

/**
 * Influence functions, compactly. Each observation i of stratum s has a vector x_i of length m; the influence of i on
 * an estimand j is its coefficients a_js times x_i. Influences are divided by n, so that se^2 is the sum over clusters
 * of the squared sum within the cluster. x_i[0] is the weight of i: through it shares of cohorts enter aggregates.
 */
typedef struct did_scores {
    size_t n, strata, m;
    size_t *start;     /* strata + 1 */
    double *x;         /* n x m, row-major */
    uint32_t *cluster; /* n; NULL: i itself */
    size_t clusters;
} did_scores;

/** Estimands as linear combinations of scores. Cells come first, in their order; aggregates follow. */
typedef struct did_estimands {
    size_t count, capacity, width; /* width = strata * m */
    double *value;                 /* count */
    double *coefficients;          /* count x width */
} did_estimands;

/** Everything an estimation carries along. */
typedef struct did_run {
    const hu_did_options *options;
    hu_arena *arena;   /* of the result */
    hu_arena *scratch; /* ends with the estimation */
    hu_did_result *result;
    did_data data;
    did_cell *cells;
    size_t n_cells;
    did_scores scores;
    did_estimands estimands;
    const double *cohort_weight; /* cohorts: total weight */
    size_t strata_per_cohort;
    const uint32_t *entry;     /* data.n: of scores; with covariates */
    struct families *families; /* did_aggregate.c */
    double *variance;          /* estimands */
    double *wide;              /* estimands: what intervals rest on with few clusters; NULL = variance */
    double *dynamic_variance;  /* of the averages by event time, their number squared, in `arena` */
    double *draws;             /* draws x estimands, row-major; NULL unless bootstrapped */
} did_run;

/**
 * Periods since treatment. Periods may be fractions (2019.1): what differs by rounding only is one event time, so the
 * difference is rounded to a billionth.
 */
static inline double did_periods_since(double time, double cohort)
{
    double since = time - cohort;
    return fabs(since) < 1e6 ? round(since * 1e9) / 1e9 : since;
}

/* did_data.c: rows to observations. */
hu_error *did_data_build(did_run *run, const hu_table *table, const hu_did_columns *columns);
void did_warn(did_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* did_cells.c: which comparisons there are, and their estimates when there are no covariates (differences of means). */
void did_cells_list(did_run *run);
bool did_is_control(const did_run *run, const did_cell *cell, size_t cohort);
void did_cells_means(did_run *run);
/* did_adjusted.c: the same with covariates. */
hu_error *did_cells_adjusted(did_run *run);

/* did_2x2.c, did_2x2_cross.c: one comparison with covariates. */
typedef struct did_2x2 {
    size_t n, k;
    hu_did_method method;
    double *y;    /* n: change of the outcome (panel), outcome (cross-sections) */
    double *d;    /* n: 1 treated, 0 comparison */
    double *post; /* n: 1 after, 0 before; NULL in a panel */
    double *w;    /* n weights, scaled here to mean one */
    double *x;    /* n x k, column-major, with the constant */
    double att;
    double *influence; /* n: divided by n */
    const char *note;  /* why it failed; NULL = it did not */
} did_2x2;
void did_2x2_panel(did_2x2 *cell, hu_arena *arena);
void did_2x2_cross(did_2x2 *cell, hu_arena *arena);

/* did_scores.c: variances, covariances and bootstrap draws from scores. */
void did_scores_collapse(did_run *run);
void did_scores_variance(did_run *run, const size_t *block, size_t n_block, double *covariance);
hu_error *did_scores_bootstrap(did_run *run);
void did_scores_influence(did_run *run);

/* did_aggregate.c: estimands from cells to aggregates, and their effects into the result. */
size_t did_estimand_add(did_run *run);
double *did_coefficients(did_run *run, size_t estimand, size_t stratum);
void did_aggregates_build(did_run *run);
/* The estimands of the averages by event time. */
const size_t *did_dynamic_estimands(const did_run *run, size_t *count);
void did_aggregates_report(did_run *run);
/* did_effects.c */
hu_effect did_effect(const did_run *run, size_t estimand);
double did_uniform_critical(const did_run *run, const size_t *estimands, size_t count);
void did_effect_band(hu_effect *effect, double critical);
void did_pretrend(did_run *run);

#endif
