#ifndef HUELLA_CAUSAL_BACON_H
#define HUELLA_CAUSAL_BACON_H

#include "huella/causal/did.h"

/** Who is compared with whom in one two-by-two comparison. */
typedef enum hu_bacon_type {
    HU_BACON_NEVER,         /* treated against never treated */
    HU_BACON_EARLIER_LATER, /* those treated earlier against those treated later, before the later are treated */
    HU_BACON_LATER_EARLIER, /* the later against the earlier, when these are treated already: forbidden */
    HU_BACON_LATER_ALWAYS,  /* the same against those treated from the first period on */
} hu_bacon_type;

typedef struct hu_bacon_comparison {
    double treated, control; /* cohorts; INFINITY = never treated */
    hu_bacon_type type;
    double estimate, weight; /* weights add up to 1 */
} hu_bacon_comparison;

typedef struct hu_bacon_result {
    size_t n, units, dropped, incomplete_units; /* rows and units used; rows with a missing value; unbalanced units */
    hu_bacon_comparison *comparisons;           /* in order of control, then treated; never treated first */
    size_t n_comparisons;
    double twfe;              /* the weighted sum of the estimates: the coefficient of hu_twfe on these units */
    double forbidden;         /* weight of comparisons with those treated already, 0 … 1 */
    double without_forbidden; /* the weighted mean of the others; NaN when there are none */
    const char **warnings;
    size_t n_warnings;
} hu_bacon_result;

/**
 * The Goodman-Bacon decomposition of two-way fixed effects without covariates in a balanced panel.
 *
 * The coefficient is a weighted mean of all comparisons of two cohorts in which one changes treatment and the other
 * does not. Comparisons of later with already treated cohorts take the change of an effect for a trend: where effects
 * grow or fade they bias the coefficient. Source: Goodman-Bacon (2021), J. Econometrics 225(2), theorem 1 (weights:
 * equations 10e-10g); checked against R's bacondecomp.
 *
 * columns   outcome, unit, time, cohort; covariates and weights are refused
 *
 * Errors: as hu_did for a panel; HU_NO_CONTROLS only one cohort.
 * Cost: O(n + cohorts^2 periods) time, O(n) memory.
 */
hu_error *hu_bacon(const hu_table *table, const hu_did_columns *columns, hu_arena *arena, hu_bacon_result **result);

#endif
