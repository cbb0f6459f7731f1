#ifndef HUELLA_CAUSAL_IMPUTATION_H
#define HUELLA_CAUSAL_IMPUTATION_H

#include "huella/causal/did.h"

typedef struct hu_imputation_options {
    int pretrends; /* periods before treatment whose effects are estimated as a test; 0 = 5, below 0 = none */
    double level;  /* of the intervals; 0 = 0.95 */
} hu_imputation_options;

typedef struct hu_imputation_result {
    size_t n, units, clusters, dropped;     /* rows used, units, clusters; rows with a missing value */
    size_t treated, untreated, not_imputed; /* rows: imputed, used to impute, treated but without comparison */
    hu_effect overall;                      /* the mean over treated rows */
    hu_did_cell *event_study;               /* leads as negative event times, then effects from 0 on */
    size_t n_event_study;
    double pretrend_statistic, pretrend_p; /* all leads zero? chi-square */
    int pretrend_df;                       /* 0 = no lead */
    const char *se_type;
    const char **warnings;
    size_t n_warnings;
} hu_imputation_result;

/**
 * The imputation estimator.
 *
 * Model without treatment: y(0) = unit + period + c covariates + e, fitted to untreated rows only; the effect of a
 * treated row is tau = y - fitted y(0). Estimands: the (weighted) mean of tau over all treated rows (`overall`), and by
 * event time. Source: Borusyak, Jaravel & Spiess (2024), Review of Economic Studies 91(6), theorem 1; conservative
 * variance of equations 7-10 there: the squared sum within clusters of v (tau - mean tau of cohort and event time),
 * with the weights v with which outcomes enter, and of v times the residual for untreated rows. Checked against R's
 * didimputation, which forms v for weighted data with squared weights; here they are those of the weighted regression.
 *
 * Leads: event times -1 ... -pretrends as regressors among untreated rows, apart from the effects, errors clustered and
 * corrected as in hu_twfe; earlier untreated periods and those never treated are the reference.
 *
 * columns   as in hu_twfe: several rows a unit and period are fine; unit NULL = the cohort; cluster NULL = the unit
 *
 * A treated row whose unit or period has no untreated row (or none that connects them) cannot be imputed: it is left
 * out and counted. Errors: as hu_did; HU_NO_CONTROLS no treated row can be imputed; HU_EMPTY one cluster.
 * Cost: O(n (event times + k^2) + periods^3) time, O(n k) memory.
 */
hu_error *hu_imputation(const hu_table *table, const hu_did_columns *columns, const hu_imputation_options *options,
                        hu_arena *arena, hu_imputation_result **result);

#endif
