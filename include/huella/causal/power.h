#ifndef HUELLA_CAUSAL_POWER_H
#define HUELLA_CAUSAL_POWER_H

#include "huella/causal/did.h"
#include "huella/causal/trial.h"
#include "huella/design/power.h"

/** Power by simulation at one effect: the share of simulated studies whose test rejects. */
typedef struct hu_power_point {
    double effect;
    double power, mc_error; /* sqrt(p (1 - p) / studies) */
    size_t studies;         /* of which the estimator gave an answer */
} hu_power_point;

typedef struct hu_power_options {
    size_t studies; /* 0 = 1000 */
    hu_trial_statistic statistic;
    hu_assignment_options permutations; /* zero: all up to 10 million, else 999; seed is taken from below */
    uint64_t seed;
    int threads;
} hu_power_options;

/**
 * Trials as power.h describes them, each tested by the randomization test of `huella trial` over all assignments.
 *
 * Every study draws its assignment and its clusters; the covariate, the strata and the sizes are the same in all. The
 * same draws serve all effects. Clusters' means are drawn: of normal outcomes directly; of binary outcomes by a beta
 * distribution between clusters and a binomial one within, of counts by gamma and Poisson, with the cluster's rank in
 * common to both arms. A covariate (or strata) that correlates by R with means that hold sampling noise correlates by
 * more with what lies behind them: HU_USAGE where that would exceed 1.
 *
 * The test's statistic is the trial's own, the coefficient of the arm beside strata and covariate over its CR0 error
 * (or the coefficient, or the difference of cluster means), but for all studies and assignments at once: with z~ and y~
 * the arm and the means less their projections on strata and covariate, and weights w, t = A / sqrt(B - 2 (A/D) C +
 * (A/D)^2 E),   A = z~'w y~,  B = (z~^2)'w^2 y~^2,  C = (z~^3)'w^2 y~, D = z~'w z~,  E = sum w^2 z~^4, so that A, B, C
 * are products of matrices, assignments x clusters and clusters x studies (Frisch, Waugh & Lovell).
 *
 * points   n: effect is given, the rest is filled in
 * all      the assignments that were visited
 */
hu_error *hu_power_trials(const hu_power_design *design, const hu_power_options *options, hu_power_point *points,
                          size_t n, hu_arena *arena, hu_assignments **all);

/** The data of one study, by clusters, for whoever wants to see that the above is the trial's own test. */
typedef struct hu_power_study {
    size_t clusters;
    const double *size, *covariate; /* covariate NULL without */
    const uint32_t *stratum;        /* NULL without */
    uint32_t *arm;                  /* clusters */
    double *mean;                   /* clusters: of the outcome, under `effect` */
    double p;                       /* of the randomization test */
} hu_power_study;
hu_error *hu_power_study_of(const hu_power_design *design, const hu_power_options *options, double effect, size_t study,
                            hu_arena *arena, hu_power_study *out);

/**
 * A staggered rollout: cases in regions and periods, regions trained in cohorts; whose turn comes when is drawn anew in
 * every study. An outcome is
 *     mean + region + region in that period + case (+ effect once the region is trained),
 * normal, with shares of variance icc and icc_period for the first two; binary: drawn with that probability, kept
 * between 0 and 1, the case's part being what a binary outcome has. Tested by the estimator itself (hu_did by region,
 * its interval's p).
 */
typedef struct hu_power_rollout {
    size_t rows, regions;
    const uint32_t *region; /* rows, from 0 */
    const double *time;     /* rows */
    const double *cohort;   /* regions: first trained period, 0 = never; dealt out anew */
    double mean, sd, icc, icc_period;
    bool binary;
    hu_did_options did; /* cross_section is set */
    bool efficient;     /* instead hu_rollout by region (sums of cases), its Fisher test over `permutations` rollouts */
    uint64_t permutations; /* 0 = 499 */
    enum { HU_POWER_SIMPLE, HU_POWER_GROUP, HU_POWER_DYNAMIC, HU_POWER_CALENDAR } aggregate;
    double alpha; /* 0 = 0.05 */
} hu_power_rollout;
hu_error *hu_power_rollouts(const hu_power_rollout *rollout, const hu_power_options *options, hu_power_point *points,
                            size_t n);

/**
 * The effect with this power, interpolated between the points (ascending in |effect|) on the scale of the normal
 * quantile, and its Monte-Carlo error; NaN where the points do not reach it.
 */
void hu_power_interpolate(const hu_power_point *points, size_t n, double power, double *mde, double *mc_error);

#endif
