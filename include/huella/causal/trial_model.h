#ifndef HUELLA_CAUSAL_TRIAL_MODEL_H
#define HUELLA_CAUSAL_TRIAL_MODEL_H

#include "huella/causal/trial.h"

/**
 * Outcomes of a trial that are counts, or yes and no: effects as ratios.
 *
 * HU_TRIAL_POISSON   log E[y] = log(exposure) + a + b z + c'x (+ strata); exp(b) is the ratio of rates. Quasi-maximum
 *                    likelihood: right whatever the variance, as long as the mean is (Gourieroux, Monfort & Trognon
 *                    1984, Econometrica 52(3))
 * HU_TRIAL_NEGBIN    the same mean with variance m + alpha m^2; alpha from Pearson's statistic equal to its degrees of
 *                    freedom (Breslow 1984, Applied Statistics 33(1)), zero where the data vary less than Poisson's do
 * HU_TRIAL_LOGIT     log odds of y = 1; exp(b) is the ratio of odds, and the average marginal effect is the mean over
 *                    rows of P(y = 1 | z = 1) - P(y = 1 | z = 0), by the delta method
 *
 * Errors are those of options->se on the last weighted regression of the fit, its residuals Pearson's: CR0 and CR1 are
 * the usual sandwich, HC2 and HC3 take its leverages. CR2 has no bias where the variance is as modelled (Pustejovsky &
 * Tipton 2018, eq. 9, with the symmetric root taken of the variance of Pearson's residuals; clubSandwich takes that of
 * the outcome's, which is another root of the same equation), with Satterthwaite's degrees of freedom.
 *
 * The randomization test of counts is that of Mantel and Haenszel's ratio of rates over strata (Rothman & Greenland,
 * Modern Epidemiology, eq. 15-20), without covariates: under "training multiplies every unit's count by r" the counts
 * without training are known, so the set of ratios that is not rejected is exact.
 */
typedef enum hu_trial_family { HU_TRIAL_POISSON, HU_TRIAL_NEGBIN, HU_TRIAL_LOGIT } hu_trial_family;

typedef struct hu_trial_ratio {
    const char *outcome;
    size_t n, clusters, uninformative; /* rows used; rows of strata without any event (or, yes and no, of one value) */
    double rate[2];                    /* by arm: events for one of exposure; share of yes */
    double ratio, lower, upper;        /* of rates or odds */
    double log_ratio, se, df, p;
    double dispersion;                                            /* Pearson's statistic over n - K; alpha of NEGBIN */
    double marginal, marginal_se, marginal_lower, marginal_upper; /* LOGIT; else NaN */
    hu_fisher *fisher; /* of counts: observed, lower and upper are ratios; NULL = not made */
    const char *note;  /* why nothing is estimated, or NULL */
} hu_trial_ratio;

typedef struct hu_trial_ratios {
    hu_trial_family family;
    const char *exposure; /* column, or NULL */
    hu_trial_ratio *effects;
    size_t n;
    const char *se_type;
} hu_trial_ratios;

/**
 * exposure   a column of positive numbers (officer-months, inhabitants), or NULL for ones; not with LOGIT
 *
 * An outcome with an arm without events has no ratio: NaN, and `note` says so. Adjustment is none or ANCOVA.
 * Errors: as hu_trial_estimate; HU_BAD_INPUT a negative count, an exposure not above zero, a value that is not 0 or 1
 * (LOGIT), by line; HU_USAGE Lin's adjustment, an exposure with LOGIT. Cost: O(n k^2) a step of the fit.
 */
hu_error *hu_trial_model(const hu_table *table, const hu_trial_columns *columns, const char *exposure,
                         hu_trial_family family, const hu_trial_options *options, hu_arena *arena,
                         hu_trial_ratios **ratios);

#endif
