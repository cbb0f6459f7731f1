#ifndef HUELLA_CAUSAL_PRETEST_H
#define HUELLA_CAUSAL_PRETEST_H

#include "huella/causal/honest.h"

/**
 * What a test of effects before treatment can see, and what passing it does to the estimates after treatment.
 *
 * The pretest: no effect before treatment is significant by itself, two-sided. Trend: delta_t = slope (t - reference),
 * linear, no effect of treatment. Source: Roth (2022), Pretest with Caution, AER: Insights 4(3), 305-322; as R's
 * pretrends. Probabilities by 10,000 draws of Geweke, Hajivassiliou & Keane's simulator, the same for every slope.
 */
typedef struct hu_pretest {
    double power, slope;     /* the slope that the pretest finds with this probability */
    double passes_null;      /* probability of passing without a trend */
    double likelihood_ratio; /* of what was estimated before treatment: this trend against none */
    double bias;             /* l'delta after treatment */
    double bias_if_passed;   /* E[l'beta | the pretest passes], the same trend */
    double *trend;           /* pre + post: delta */
    double *mean_if_passed;  /* pre + post: E[beta | passes] */
} hu_pretest;

/**
 * periods   pre + post: time of each estimate, relative to the reference period (negative before it)
 * power     in (0, 1), above the size of the pretest
 *
 * Errors: HU_USAGE a power that no slope has; HU_SINGULAR the covariance before treatment is not positive definite.
 */
hu_error *hu_pretest_power(const hu_trends *trends, const double *periods, double power, double level, uint64_t seed,
                           hu_arena *arena, hu_pretest *pretest);

#endif
