#ifndef HUELLA_CAUSAL_PERMUTE_H
#define HUELLA_CAUSAL_PERMUTE_H

#include "huella/base/progress.h"
#include "huella/causal/did.h"
#include "huella/numerics/fisher.h"

/**
 * Randomization tests of staggered adoption: cohorts are dealt out anew among those who were assigned one, and the
 * estimate over its error is computed under each rollout. Sharp null: the rollout moved nobody's outcome.
 *
 * Who was assigned: the clusters (columns->cluster), else the units. A cluster has one cohort; those treated from the
 * first period on keep theirs. Statistic: estimate / error, which keeps the test's size for an average effect of zero
 * as well, where samples are large (Wu & Ding 2021, JASA 116).
 */
typedef struct hu_permute_options {
    hu_assignment_options assignments;
    bool treated_only;  /* only when, not who, was drawn: those never treated stay so */
    const char *strata; /* a column: the rollout was drawn within these; NULL = in one */
    int threads;
    hu_progress *progress; /* stepped once an assignment by hu_permute; NULL = none */
} hu_permute_options;

typedef struct hu_permutation {
    hu_fisher fisher;    /* its confidence set only from hu_permute_did without covariates */
    size_t units;        /* that were assigned */
    const char *by;      /* the column that names them */
    const double *draws; /* fisher.assignments statistics, in the order of the visit */
} hu_permutation;

/** One estimate from a table whose cohorts may have been exchanged; called from several threads. */
typedef hu_error *hu_reestimate(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect);

/**
 * Any estimator, computed anew for every assignment. An assignment under which it fails counts as extreme.
 *
 * Errors: HU_USAGE nobody named who was assigned; HU_BAD_INPUT a cohort or stratum that varies within them; HU_LIMIT.
 * Cost: assignments times the estimator.
 */
hu_error *hu_permute(const hu_table *table, const hu_did_columns *columns, const hu_permute_options *options,
                     hu_reestimate *reestimate, const void *context, hu_arena *arena, hu_permutation **result);

/**
 * The simple average of hu_did. Without covariates it is computed from sums by unit and period, so that an assignment
 * costs O((units + cohorts^2) periods) however many rows there are, with a confidence set for a constant effect up to a
 * million assignments; with covariates by hu_permute. options->bootstrap is not used: errors are analytic.
 */
hu_error *hu_permute_did(const hu_table *table, const hu_did_columns *columns, const hu_did_options *did,
                         const hu_permute_options *options, hu_arena *arena, hu_permutation **result);

#endif
