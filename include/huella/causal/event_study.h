#ifndef HUELLA_CAUSAL_EVENT_STUDY_H
#define HUELLA_CAUSAL_EVENT_STUDY_H

#include "huella/causal/imputation.h"
#include "huella/causal/twfe.h"

/**
 * Effects by time since treatment, whatever estimator they come from: what plots, comparisons and sensitivity to
 * parallel trends work on.
 */
typedef struct hu_event_study {
    hu_did_cell *cells; /* ascending event time; a reference period has estimate 0 and error NaN */
    size_t n;
    double *variance; /* n x n, of the estimates; zero for a reference; NULL where not known */
    double df;        /* of the t distribution behind intervals; INFINITY = normal */
    double critical;  /* of the uniform band in the cells; NaN = there is none */
    const char *se_type;
} hu_event_study;

/** Averages by event time; bands are those of the bootstrap, where there was one. */
void hu_event_study_of_did(const hu_did_result *result, hu_arena *arena, hu_event_study *study);
/** The coefficients named "event_time=…", and the period before treatment, their reference. */
void hu_event_study_of_regression(const hu_regression *result, hu_arena *arena, hu_event_study *study);
/** Leads and effects are relative to other references (Roth 2024), and their covariance is not known. */
void hu_event_study_of_imputation(const hu_imputation_result *result, hu_arena *arena, hu_event_study *study);

/**
 * Fills in uniform bands, where there are none and the covariance is known: each interval is made wider by the ratio of
 * hu_sup_t to t's own quantile, so that what intervals allow for (few clusters) bands allow for too. level 0 = 0.95.
 */
void hu_event_study_bands(hu_event_study *study, double level, uint64_t seed);

/**
 * The event study by two-way fixed effects: y = unit + period + sum over event times e != -1 of b_e 1{t - G = e} + c
 * covariates + e. Those never treated have no event time. Biased where effects differ between cohorts: each b_e then
 * mixes effects of other event times too (Sun & Abraham 2021, proposition 3); here as the comparison to the others.
 *
 * columns, options as in hu_twfe
 * result           coefficients "event_time=-3" in order of event time, then covariates by their column
 *
 * Without anybody never treated one more event time is not identified: the earliest is dropped, with a warning.
 * Errors: as hu_twfe. Cost: O(n events^2).
 */
hu_error *hu_twfe_event_study(const hu_table *table, const hu_did_columns *columns,
                              const hu_regression_options *options, hu_arena *arena, hu_regression **result);

#endif
