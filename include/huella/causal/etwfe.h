#ifndef HUELLA_CAUSAL_ETWFE_H
#define HUELLA_CAUSAL_ETWFE_H

#include "huella/causal/twfe.h"

/**
 * Extended two-way fixed effects.
 *
 * Model: y = unit + period + sum over cohorts g and periods t >= g of d_gt 1{cohort g, period t} + c covariates + e:
 * all treated cells are saturated, so that only untreated rows say what would have been. Estimand at event time e >= 0:
 * the mean of d_{g,g+e} over cohorts, weighted by their rows; coefficient "ATT": over all treated rows. There are no
 * effects before treatment. Source: Wooldridge (2021), Two-way fixed effects, the two-way Mundlak regression, and
 * difference-in-differences estimators. In a balanced panel without covariates the estimates are those of imputation
 * (hu_imputation); covariates enter linearly, with one coefficient (Wooldridge's also interacts them).
 *
 * columns, options, result   as in hu_sun_abraham
 *
 * Errors: as hu_twfe; HU_SINGULAR no treated cell has an untreated period of its units and untreated units in its
 * period. Cost: as hu_sun_abraham.
 */
hu_error *hu_etwfe(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *options,
                   hu_arena *arena, hu_regression **result);

#endif
