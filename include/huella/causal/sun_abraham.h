#ifndef HUELLA_CAUSAL_SUN_ABRAHAM_H
#define HUELLA_CAUSAL_SUN_ABRAHAM_H

#include "huella/causal/twfe.h"

/**
 * The interaction-weighted event study.
 *
 * Model: y = unit + period + sum over cohorts g and periods t != g - 1 of d_gt 1{cohort g, period t} + c covariates +
 * e. Estimand at event time e: the mean of d_{g,g+e} over cohorts, weighted by their rows (or weights) at that event
 * time; coefficient "ATT": the same over all e >= 0. Shares are taken as known, as the peer does. Source: Sun & Abraham
 * (2021), J. Econometrics 225(2), section 4; checked against R's fixest::sunab.
 *
 * columns   as in hu_twfe: several rows a unit and period are fine; unit NULL = the cohort; cluster NULL = the unit
 * result    coefficients "event_time=-3" in order of event time, covariates by their column, "ATT"; `variance` of them
 *
 * The reference is those never treated within the data; without any, the last cohort, and periods from its treatment on
 * are left out (section 4.1 there; fixest would keep them and drop collinear cells). Those treated from the first
 * period on are left out. A cohort not observed in the period before its treatment has no reference and is left out.
 * Errors clustered as in hu_twfe: the saturated model is fitted exactly, so that K counts its cells.
 *
 * Errors: as hu_twfe; HU_NO_CONTROLS one cohort only and nobody never treated; HU_SINGULAR no effect is identified.
 * Cost: O(n (periods + event times + k^2)) time, O(n k + clusters event_times) memory: no column a cell is built, since
 * the saturated model falls apart into one two-way regression a cohort (hu_two_way).
 */
hu_error *hu_sun_abraham(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *options,
                         hu_arena *arena, hu_regression **result);

#endif
