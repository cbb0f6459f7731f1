#ifndef HUELLA_CAUSAL_DID_H
#define HUELLA_CAUSAL_DID_H

#include "huella/base/table.h"

/** Below so many clusters intervals by default rest on errors made for few. */
enum { HU_FEW_CLUSTERS = 40 };

/** One effect with its uncertainty; NaN where it is not identified. */
typedef struct hu_effect {
    double estimate, se, lower, upper, p; /* pointwise interval and two-sided p */
    double band_lower, band_upper;        /* uniform over the family it belongs to; NaN unless bootstrapped */
} hu_effect;

typedef enum hu_did_control { HU_NEVER_TREATED, HU_NOT_YET_TREATED } hu_did_control;
typedef enum hu_did_method { HU_DOUBLY_ROBUST, HU_INVERSE_PROBABILITY, HU_OUTCOME_REGRESSION } hu_did_method;

/** Names of the columns of a table; NULL = none. A covariate "A:B" is the product of two columns. */
typedef struct hu_did_columns {
    const char *outcome, *unit, *time, *cohort, *cluster, *weights;
    const char *const *covariates; /* NULL-terminated */
} hu_did_columns;

typedef struct hu_did_options {
    hu_did_control control;
    hu_did_method method;
    bool universal_base; /* else varying */
    bool cross_section;  /* repeated cross-sections; else a panel */
    int anticipation;
    bool bootstrap; /* multiplier bootstrap (Mammen) for errors and uniform bands; else analytic */
    int draws;      /* 0 = 1000 */
    double level;   /* 0 = 0.95 */
    uint64_t seed;
    int threads;
    int event_from, event_to; /* event times that the dynamic overall averages; both 0 = all that are >= 0 */
    bool keep_influence;      /* fill hu_did_result.influence */
} hu_did_options;

/** ATT(g,t). A cell that cannot be estimated has NaN and says why. */
typedef struct hu_att_gt {
    double cohort, time;
    hu_effect effect;
    size_t treated, controls; /* units (panel) or observations */
    bool reference;           /* the base period itself: zero by construction */
    const char *note;         /* NULL = estimated */
} hu_att_gt;

typedef struct hu_did_cell {
    double at; /* cohort, event time or calendar time */
    hu_effect effect;
} hu_did_cell;

typedef struct hu_did_aggregate {
    hu_effect overall;
    hu_did_cell *cells;
    size_t n_cells;
    double critical;  /* of the uniform band; NaN unless bootstrapped */
    double *variance; /* n_cells x n_cells, analytic, of the cells; NULL but for `dynamic` */
} hu_did_aggregate;

typedef struct hu_did_result {
    size_t n, units, clusters, dropped; /* rows used, distinct units, clusters, rows with a missing value */
    size_t incomplete_units;            /* units of an unbalanced panel that were left out, as the peer does */
    hu_att_gt *att_gt;
    size_t n_att_gt;
    double critical;         /* of the uniform band over att_gt; NaN unless bootstrapped */
    hu_did_aggregate simple; /* only overall */
    hu_did_aggregate group, dynamic, calendar;
    double pretrend_statistic, pretrend_p;
    int pretrend_df;   /* 0 = no pre-period to test */
    double *influence; /* clusters x n_att_gt, row-major: se = sqrt(sum of squares); NULL unless kept */
    double df;         /* of the t distribution behind intervals and p; INFINITY = normal (40 clusters and more) */
    const char *se_type;
    const char **warnings; /* what a referee would ask: small cells, no overlap */
    size_t n_warnings;
} hu_did_result;

/**
 * Group-time average treatment effects for staggered adoption and their aggregations.
 *
 * Estimand: ATT(g,t) = E[Y_t(g) - Y_t(0) | G = g]. Source: Callaway & Sant'Anna (2021), J. Econometrics 225(2),
 * eqs. 2.5-2.8, 3.1-3.8; Sant'Anna & Zhao (2020), J. Econometrics 219(1).
 *
 * Errors: HU_NOT_FOUND a column; HU_BAD_INPUT a cohort that varies within a unit (names its line), a unit twice in one
 * period; HU_EMPTY no row, no treated unit; HU_NO_CONTROLS nobody to compare with; HU_SINGULAR.
 */
hu_error *hu_did(const hu_table *table, const hu_did_columns *columns, const hu_did_options *options, hu_arena *arena,
                 hu_did_result **result);

#endif
