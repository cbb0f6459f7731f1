#ifndef HUELLA_CAUSAL_SURVIVAL_H
#define HUELLA_CAUSAL_SURVIVAL_H

#include "huella/causal/did.h"
#include "huella/causal/twfe.h"

/** Durations: from the start of a case to what ends it, many cases still open. */

/** Names of the columns of a table; NULL = none. A covariate "A:B" is the product of two columns. */
typedef struct hu_survival_columns {
    const char *start;      /* when a row comes under observation (left truncation); NULL = from the beginning */
    const char *stop;       /* when it ends */
    const char *event;      /* what happened then: 0 nothing, the case is still open */
    const char *treated_at; /* when treatment reaches the case, on the same clock; missing or infinite = never */
    const char *cluster, *strata, *weights;
    const char *within;            /* the log-rank test compares strata within its levels (stratified test) */
    const char *const *covariates; /* NULL-terminated; a column of texts becomes a dummy for each but its first level */
} hu_survival_columns;

/**
 * What counts as the event.
 *
 * HU_ONE_EVENT     0 censored, 1 event; or, in a column of nothing but 1 and 2, 2 the event, as R's Surv() reads it
 * HU_THIS_CAUSE    the event is `cause`, every other value censors (a cause-specific hazard)
 * HU_ALL_CAUSES    0 censored, each other whole number a cause of its own (competing risks)
 */
typedef enum hu_event_rule { HU_ONE_EVENT, HU_THIS_CAUSE, HU_ALL_CAUSES } hu_event_rule;

/** Rows at work, by stratum and within it by stop; who is observed over (start, stop] is at risk there. */
typedef struct hu_survival {
    const char *source;
    size_t n;       /* rows, after those that treatment reaches while they run have been split */
    size_t cases;   /* rows of the table that they come from */
    size_t dropped; /* rows of the table with a missing value */
    size_t events, strata, clusters, k;
    size_t causes;          /* event codes 1 … causes */
    double *cause;          /* causes + 1: what stood in the table for each code */
    double *start;          /* n, or NULL: everybody from the beginning */
    double *stop;           /* n */
    uint32_t *event;        /* n: 0 censored, else the code of the cause */
    double *weight;         /* n positive weights, or NULL for ones */
    double *x;              /* n x k, row-major, standardised: (value - center) / scale */
    double *center, *scale; /* k */
    const char **names;     /* k: "treated" first, where there is treated_at */
    uint32_t *cluster;      /* n: the cluster's code; without a cluster column the number of the case */
    bool clustered;         /* by a column */
    size_t *first;          /* strata + 1: rows of stratum s are first[s] … first[s + 1] - 1 */
    uint32_t *entry;        /* n, or NULL without start: rows of each stratum, start ascending */
    const char **label;     /* strata: "region=3"; NULL without strata */
    uint32_t *block;        /* n: levels of the column `within`, or NULL */
    size_t blocks;
    const char **warnings;
    size_t n_warnings;
} hu_survival;

/**
 * Reads durations out of a table. A row that treatment reaches while it runs, start < D < stop, becomes two: untreated
 * over (start, D] without event, treated over (D, stop] with its own; so treatment counts from the moment it is there
 * and no case is treated before it could be (no immortal time). Times that differ by rounding only are one time.
 *
 * Errors: HU_NOT_FOUND a column; HU_BAD_INPUT a negative duration, an event or weight that is none (names the line);
 * HU_EMPTY no row or no event. Cost: O(n k), sorting included.
 */
hu_error *hu_survival_read(const hu_table *table, const hu_survival_columns *columns, hu_event_rule rule, double cause,
                           hu_arena *arena, hu_survival **data);

/* ---- curves ---- */

/** A step of a curve. at_risk and events count weights. */
typedef struct hu_curve_point {
    size_t stratum;
    size_t cause; /* code of the cause whose incidence it is; 0 = probability of no event yet */
    double time, at_risk, events, estimate, se, lower, upper;
} hu_curve_point;

typedef struct hu_curves {
    hu_curve_point *points; /* by stratum, cause, time */
    size_t n;
    const char *se_type;
} hu_curves;

typedef enum hu_curve_kind {
    HU_SURVIVAL_CURVE,   /* Kaplan-Meier: S(t) = prod (1 - d/Y) */
    HU_CUMULATIVE_HAZARD /* Nelson-Aalen: H(t) = sum d/Y */
} hu_curve_kind;

/**
 * Kaplan & Meier (1958), JASA 53(282); Nelson (1972), Aalen (1978). One point at each time at which a row ends.
 *
 * Errors: Greenwood's for S, sum d/Y^2 for H; clustered (or weighted) data get the infinitesimal jackknife summed by
 * cluster, as survfit(cluster=) computes it. Intervals of S on the log scale, cut at 1 (survfit's default): S exp(+-z
 * se/S); of H plain. NaN where S is 0. level 0 = 0.95. Cost: O(n).
 */
hu_error *hu_kaplan_meier(const hu_survival *data, hu_curve_kind kind, double level, hu_arena *arena,
                          hu_curves **curves);

/**
 * Aalen & Johansen (1978), Scand. J. Statist. 5(3): the incidence of each cause, F_k(t) = sum S(u-) d_k(u)/Y(u), and
 * the probability of no event yet (cause 0); they add up to one. Data read with HU_ALL_CAUSES.
 *
 * Errors: infinitesimal jackknife, summed by cluster where there is one, as survfit() computes it for several states;
 * intervals on the log scale, cut at 1. Cost: O(n causes) whatever the number of clusters: the sum of squares is
 * updated as rows come and go.
 */
hu_error *hu_aalen_johansen(const hu_survival *data, double level, hu_arena *arena, hu_curves **curves);

/* ---- comparisons of strata ---- */

typedef struct hu_logrank {
    double *observed, *expected; /* strata */
    double statistic, p;
    int df;
} hu_logrank;

/**
 * Mantel (1966), Peto & Peto (1972): are the hazards of the strata the same? Chi-square with groups - 1 degrees of
 * freedom, variance hypergeometric. Data read with `within` are compared within its levels (stratified test).
 *
 * Errors: HU_USAGE with weights; HU_EMPTY fewer than two strata with expected events. Cost: O(n + times groups^2).
 */
hu_error *hu_logrank_test(const hu_survival *data, hu_arena *arena, hu_logrank *result);

typedef struct hu_rmst {
    double until;
    hu_effect *mean;       /* strata: mean time without event up to `until` */
    hu_effect *difference; /* strata: against the first one; [0] is NaN */
    const char *se_type;
} hu_rmst;

/**
 * Restricted mean survival time, the area under the Kaplan-Meier curve up to `until`, and its differences between
 * strata (Royston & Parmar 2011). Greenwood-type error, or the infinitesimal jackknife by cluster; a cluster that
 * stands in both strata counts in the difference as one.
 *
 * until   0 = the largest time up to which every stratum is observed. Errors: HU_USAGE beyond that time. Cost: O(n).
 */
hu_error *hu_restricted_mean(const hu_survival *data, double until, double level, hu_arena *arena, hu_rmst **result);

/* ---- Cox and Fine-Gray ---- */

typedef enum hu_ties { HU_EFRON, HU_BRESLOW } hu_ties;

typedef struct hu_hazard_ratio {
    const char *name;
    double estimate; /* log hazard ratio; NaN where dropped as collinear */
    double se;       /* from the information matrix */
    double se_robust;
    double lower, upper, z, p; /* by se_robust where it is the one to report, see hu_cox_result.robust */
} hu_hazard_ratio;

typedef struct hu_test {
    const char *name;
    double statistic, p;
    int df;
} hu_test;

typedef struct hu_cox_result {
    hu_hazard_ratio *coefficients;
    size_t k;
    double *variance; /* k x k, of the coefficients; zero for dropped ones */
    double loglik[2]; /* null model, fitted */
    int iterations;
    hu_test likelihood_ratio, score, wald; /* all covariates at once; score and ratio know no clusters */
    hu_test *proportional;                 /* k + 1: by covariate, then all ("GLOBAL"); NULL from Fine-Gray */
    size_t events;                         /* of the cause */
    bool robust;                           /* z, p and intervals use se_robust: clusters, weights, or Fine-Gray */
    const char *se_type;
    const char **warnings;
    size_t n_warnings;
} hu_cox_result;

typedef struct hu_cox_options {
    hu_ties ties;
    double level;   /* 0 = 0.95 */
    uint32_t cause; /* code of the event; 0 = 1 */
} hu_cox_options;

/**
 * Cox (1972) regression with time-varying rows, strata, weights. Efron's (1977) or Breslow's (1974) ties.
 *
 * Newton's method as survival::coxph: from zero, a step that lowers the likelihood is halved, the end when the log
 * likelihood changes by less than 1e-9 of itself, at most 20 steps. Robust variance: Lin & Wei (1989), score residuals
 * summed by cluster (by case without a cluster column). Proportional hazards: the score test of a coefficient that
 * changes with g(t) = 1 - the left-continuous Kaplan-Meier estimate (Grambsch & Therneau 1994; cox.zph 3.x).
 *
 * Errors: HU_SINGULAR names the covariate whose coefficient runs off to infinity (separation), or when nothing
 * identifies any. Cost: O(n k^2) a step, O(n) memory beyond the data.
 */
hu_error *hu_cox(const hu_survival *data, const hu_cox_options *options, hu_arena *arena, hu_cox_result **result);

/**
 * Fine & Gray (1999), JASA 94(446): the hazard of the subdistribution of one cause. Who ended by another cause stays
 * at risk with the weight G(t-)/G(T-), G the Kaplan-Meier estimate of staying uncensored, within strata.
 *
 * HU_EFRON    as survival::finegray() with coxph(): at equal times events come before censorings; errors take the
 *             weights as known, robust by case or cluster
 * HU_BRESLOW  as cmprsk::crr(): censored and events of one time are at risk together; se_robust counts that the
 *             weights are estimated (Fine & Gray 1999, eq. 7-8)
 *
 * Data read with HU_ALL_CAUSES and without start (HU_USAGE). Cost: O(n k^2) a step: those who stay at risk are one
 * running sum, no row is copied.
 */
hu_error *hu_fine_gray(const hu_survival *data, const hu_cox_options *options, hu_arena *arena, hu_cox_result **result);

#endif
