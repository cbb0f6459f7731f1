#ifndef HUELLA_CAUSAL_HONEST_H
#define HUELLA_CAUSAL_HONEST_H

#include "huella/causal/event_study.h"

/**
 * How far may trends part before a conclusion falls? Confidence sets for an effect that hold when parallel trends fail
 * by a stated amount.
 *
 * An event study estimates tau + delta: the effect and the difference in trends that would have been there without
 * treatment (tau = 0 before treatment, delta = 0 in the reference period). Estimand: theta = l' tau_post. Source:
 * Rambachan & Roth (2023), A More Credible Approach to Parallel Trends, Review of Economic Studies 90(5); checked
 * against R's HonestDiD.
 */
typedef struct hu_trends {
    size_t pre, post;     /* periods before and after the reference period, which is not among them */
    const double *beta;   /* pre + post estimates in the order of time, one period apart */
    const double *sigma;  /* their covariance, (pre + post) squared, symmetric */
    const double *weight; /* post: l */
    const double *times;  /* pre + post: event time of each; NULL where nobody asks */
    double reference;     /* event time of the reference period */
} hu_trends;

/**
 * What delta may be, for M >= 0 (the slope between periods is delta_{t+1} - delta_t):
 *
 * HU_RELATIVE_MAGNITUDES  slopes after treatment at most M times the largest slope before it (Delta^RM)
 * HU_RELATIVE_LINEAR      changes of slope after treatment at most M times the largest change before it (Delta^SDRM)
 * HU_SMOOTHNESS           the slope changes by at most M from period to period (Delta^SD); M = 0: a linear trend
 */
typedef enum hu_restriction { HU_RELATIVE_MAGNITUDES, HU_RELATIVE_LINEAR, HU_SMOOTHNESS } hu_restriction;

/** What is known of delta's shape besides: its sign after treatment, or its direction throughout. */
typedef enum hu_trend_shape {
    HU_ANY_SHAPE,
    HU_BIAS_POSITIVE,
    HU_BIAS_NEGATIVE,
    HU_TREND_INCREASING,
    HU_TREND_DECREASING
} hu_trend_shape;

/**
 * HU_HONEST_FLCI         the shortest interval of fixed length around an affine estimator; smoothness without shape
 * only HU_HONEST_CONDITIONAL  the conditional test of Andrews, Roth & Pakes (2023), inverted HU_HONEST_C_LF conditional
 * after a first stage with the least favourable critical value HU_HONEST_C_FLCI       conditional after the interval of
 * fixed length; smoothness only
 *
 * HU_HONEST_DEFAULT is what Rambachan & Roth recommend: FLCI for smoothness, with a shape C-FLCI, else C-LF.
 */
typedef enum hu_honest_method {
    HU_HONEST_DEFAULT,
    HU_HONEST_FLCI,
    HU_HONEST_CONDITIONAL,
    HU_HONEST_C_LF,
    HU_HONEST_C_FLCI
} hu_honest_method;

typedef struct hu_honest_options {
    hu_restriction restriction;
    hu_trend_shape shape;
    hu_honest_method method;
    double level;  /* 0 = 0.95 */
    uint64_t seed; /* of the 1,000 draws behind a least favourable critical value */
    int threads;
} hu_honest_options;

/** A confidence set; infinite where it has no end, NaN when it is empty (the data contradict the restriction). */
typedef struct hu_honest_set {
    double m, lower, upper;
} hu_honest_set;

typedef struct hu_honest_result {
    hu_effect original; /* under parallel trends */
    hu_honest_set *sets;
    size_t n;
    double breakdown; /* the largest M whose set excludes zero; 0 none does, INFINITY all do */
    hu_honest_method method;
    const char *method_name;
} hu_honest_result;

/**
 * m   n values, ascending
 *
 * Sets are the hull of what the test accepts, found by walking inwards from where it rejects, ends by bisection.
 * Errors: HU_USAGE a method that the restriction does not allow, too few periods for it, M below zero; HU_BAD_INPUT
 * values that are not finite, a covariance that is not one; HU_LIMIT more than HU_TRENDS_PERIODS periods.
 * Cost: some 10^3 linear programs of 4 (pre + post) rows and `post` columns a set and candidate for the largest slope.
 */
hu_error *hu_honest(const hu_trends *trends, const hu_honest_options *options, const double *m, size_t n,
                    hu_arena *arena, hu_honest_result **result);

/** Whether the test at `m` accepts theta: what hu_honest inverts. Not for HU_HONEST_FLCI. */
hu_error *hu_honest_accepts(const hu_trends *trends, const hu_honest_options *options, double m, double theta,
                            bool *accepts);

/** The interval of fixed length for smoothness M; `weights` (pre), how estimates before treatment enter it, or NULL. */
hu_error *hu_honest_flci(const hu_trends *trends, double m, double level, hu_effect *interval, double *weights);

/**
 * A large M for smoothness: the largest change of slope before treatment that a one-sided interval at `level` cannot
 * exclude (DeltaSD_upperBound_Mpre of HonestDiD). NaN with fewer than two periods before the reference.
 */
double hu_honest_smoothness_scale(const hu_trends *trends, double level);

enum { HU_TRENDS_PERIODS = 100 };

/**
 * An event study as trends: what stands before and after its reference period, between event times `from` and `to`.
 * theta is the effect at event time `at`, or with `average` the mean of those from 0 on.
 *
 * Errors: HU_USAGE without covariance or reference, with gaps between event times, nothing before or after.
 */
hu_error *hu_trends_of(const hu_event_study *study, double from, double to, double at, bool average, hu_arena *arena,
                       hu_trends *trends);

#endif
