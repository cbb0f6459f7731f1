#ifndef HUELLA_CAUSAL_ROLLOUT_H
#define HUELLA_CAUSAL_ROLLOUT_H

#include "huella/causal/did.h"
#include "huella/numerics/fisher.h"

/** Which average of the effects ATT(g,t) on cohort g in period t; only those with a later cohort to compare with. */
typedef enum hu_rollout_estimand {
    HU_ROLLOUT_SIMPLE,     /* over treated units and periods */
    HU_ROLLOUT_COHORT,     /* over cohorts by their units, each the mean over its periods */
    HU_ROLLOUT_CALENDAR,   /* over periods, each the mean over units treated by then */
    HU_ROLLOUT_EVENTSTUDY, /* by time since treatment, over units */
} hu_rollout_estimand;

typedef enum hu_rollout_beta {
    HU_BETA_EFFICIENT, /* the adjustment that makes the variance least, estimated */
    HU_BETA_DID,       /* 1: differences in differences (Callaway & Sant'Anna; with last_control: Sun & Abraham) */
    HU_BETA_NUMBER,    /* as given; 0 = differences in means */
} hu_rollout_beta;

typedef struct hu_rollout_options {
    hu_rollout_estimand estimand;
    hu_rollout_beta beta;
    double beta_number;
    bool last_control;           /* compare with the last cohort only; else with all cohorts not treated yet */
    double event_from, event_to; /* HU_ROLLOUT_EVENTSTUDY … */
    bool event_given;            /* … else all from 0 on */
    bool totals;                 /* with clusters: their sums, scaled so that effects are for a row; else their means */
    double level;                /* of intervals; 0 = 0.95 */
    bool permute;                /* a Fisher test, and for a single estimand a confidence set for a constant effect */
    hu_assignment_options permutations;
    bool treated_only;  /* only when, not who, was drawn: those never treated stay so in every assignment */
    const char *strata; /* a column: the rollout was drawn within these; NULL = in one */
    int threads;
} hu_rollout_options;

typedef struct hu_rollout_estimate {
    double at;        /* event time; NaN else */
    hu_effect effect; /* se: the refined one; interval and p rest on it and the normal, with few units on se_neyman */
    double se_neyman; /* without the refinement: conservative */
    double df;   /* of the t distribution behind interval and p; INFINITY = normal (HU_FEW_CLUSTERS units and more) */
    double beta; /* of the adjustment */
    bool reference;   /* the period before treatment: zero by construction */
    hu_fisher fisher; /* assignments == 0 unless permuted */
} hu_rollout_estimate;

typedef struct hu_rollout_cohort {
    double cohort; /* INFINITY = never treated */
    size_t units;
} hu_rollout_cohort;

typedef struct hu_rollout_result {
    size_t n, units, dropped, incomplete_units; /* rows used; units of assignment; rows with a missing value; … */
    hu_rollout_cohort *cohorts;
    size_t n_cohorts;
    hu_rollout_estimate *estimates; /* one, or one an event time */
    size_t n_estimates;
    hu_fisher joint;     /* event study: the largest |statistic| of all event times */
    const double *draws; /* permuted: joint.assignments (or fisher.assignments) x n_estimates statistics; else NULL */
    const double *joint_draws; /* event study: the largest |statistic| under each assignment; else NULL */
    uint64_t n_draws;
    const char *se_type;
    const char **warnings;
    size_t n_warnings;
} hu_rollout_result;

/**
 * The efficient estimator for a staggered rollout whose timing was drawn at random, and Fisher tests over rollouts.
 *
 * With Y the mean outcomes of cohorts by period, an average effect is theta = sum_g A_g Y_g: treated cohorts minus
 * those treated later, at the same time. X = sum_g B_g Y_g is the same difference one period before treatment, zero on
 * average under random timing. The estimate is theta - beta X; the efficient beta = Cov(theta, X) / Var(X) makes its
 * variance least among all beta, that of differences in differences (beta = 1) among them.
 *
 * Source: Roth & Sant'Anna (2023), J. Political Economy: Microeconomics 1(4), equations 3-8, with the scalar X of
 * section 2.3; checked against R's staggered. Variance: Neyman's, sum_g (A_g - beta B_g) S_g (A_g - beta B_g)' / N_g
 * with S_g the covariance within cohort g, is conservative; the refined one subtracts what outcomes before anybody is
 * treated tell of how effects differ (section 2.5).
 *
 * The refinement rests on many units in every cohort. With fewer than HU_FEW_CLUSTERS units `effect.se` stays, but
 * interval and p rest on Neyman's variance and t with its Welch-Satterthwaite degrees of freedom.
 *
 * A cohort of one unit has no S_g (the peer drops it): it borrows that of the cohort under which its own part of the
 * variance is largest. So its error is not too small unless it is itself more variable than every cohort that can be
 * seen. Without any cohort of two units there is no error and no efficient beta; Fisher tests remain.
 *
 * Fisher tests: cohorts are dealt out anew among units (within strata), the statistic being the estimate with its own
 * beta over its Neyman error (from cohorts of two or more units). The confidence set inverts "every treated unit-period
 * is moved by the same effect", for up to a million assignments.
 *
 * columns   outcome, unit, time, cohort. With cluster the clusters are the units of assignment: their rows, a panel or
 *           repeated cross-sections, are summed up by period (unit may be NULL). No weights or covariates.
 *
 * Errors: as hu_did for a panel; HU_NO_CONTROLS nobody is treated later than anybody else; HU_SINGULAR the outcome
 * before treatment does not vary, so that there is no efficient beta; HU_LIMIT too many assignments for all.
 * Cost: O(units cohorts periods) time once, then O(units) an assignment; memory O(units (periods + cohorts)).
 */
hu_error *hu_rollout(const hu_table *table, const hu_did_columns *columns, const hu_rollout_options *options,
                     hu_arena *arena, hu_rollout_result **result);

#endif
