#ifndef HUELLA_DESIGN_DRAW_H
#define HUELLA_DESIGN_DRAW_H

#include "huella/base/table.h"
#include "huella/numerics/assignments.h"

/**
 * Drawing an allocation: units (persons, districts) to arms.
 *
 * complete       the arms have as equal numbers as can be, every such allocation is equally likely
 * stratified     the same within strata; units that are over go to the arms in turn
 * pairs          units are paired so that the sum of their distances is least (match.h), one of each pair is treated
 * rerandomized   complete or stratified, drawn again until the arms' means are close: Morgan & Rubin (2012), Annals of
 *                Statistics 40(2). The distance is M = sum over arms of n_a |mean_a|^2 in whitened covariates, which
 *                for two arms is their n1 n0 / n d'S^-1 d; what is accepted (M up to a threshold) is part of the design
 * minimisation   one unit after the other, in the table's order, to the arm that balances factors best with probability
 *                `coin`, else to another: Pocock & Simon (1975), Biometrics 31(1), with the range as imbalance of a
 *                factor and the arms' sizes as one more factor. A covariate with more than four values is cut at its
 *                median.
 */
typedef enum hu_draw_method {
    HU_DRAW_COMPLETE,
    HU_DRAW_STRATIFIED,
    HU_DRAW_PAIRS,
    HU_DRAW_RERANDOMIZED,
    HU_DRAW_MINIMISATION,
} hu_draw_method;

const char *hu_draw_method_name(hu_draw_method method);
bool hu_draw_method_of(const char *name, hu_draw_method *method);

/** What is decided before the draw: with the table it says all but the seed. */
typedef struct hu_draw_setup {
    hu_draw_method method;
    const char *const *arms;    /* NULL-terminated; the first is control */
    const char *unit, *strata;  /* columns; strata NULL = none */
    const char *const *balance; /* columns, NULL-terminated; may be empty */
    double threshold;           /* re-randomized: largest M; 0 = from acceptance */
    double acceptance;          /* share of allocations that is accepted; 0 = 0.05 */
    double coin;                /* minimisation; 0 = 0.8 */
} hu_draw_setup;

enum { HU_DRAW_ARMS = 20 };

typedef struct hu_draw {
    hu_draw_setup setup; /* with defaults filled in; threshold as it is used */
    size_t units, arms, strata, k, factors;
    const char **unit;         /* units: identifiers */
    const char **stratum_name; /* units: its cell of the strata's column; NULL without */
    uint32_t *stratum;         /* units, from 0: of the draw; pairs for pairs; all 0 without */
    uint32_t *deal;            /* units: arms in numbers by stratum, before they are shuffled */
    double *x, *white;         /* units x k, column-major: covariates, and whitened: mean 0, covariance I */
    uint32_t *level;           /* units x factors: minimisation's */
    size_t *levels;            /* factors */
    char (*row_hash)[17];      /* units: of the cells that are used */
    bool exact_acceptance;     /* the threshold was found over all allocations, not by chi-square */
    uint32_t *arm;             /* units: the draw; NULL before */
    uint64_t seed, attempts;   /* of the draw; allocations tried until one was accepted */
} hu_draw;

/**
 * Everything up to the draw: identifiers, strata, pairs, threshold. The same table and setup give the same.
 *
 * Errors: HU_BAD_INPUT a missing cell, a unit twice, an odd number to pair, an arm named twice; HU_USAGE a method
 * without what it needs; HU_SINGULAR a covariate that is constant or a combination of others; HU_LIMIT.
 */
hu_error *hu_draw_prepare(const hu_table *table, const hu_draw_setup *setup, hu_arena *arena, hu_draw **draw);

/** Draws. The same prepared draw and seed give the same arms. HU_LIMIT: nothing accepted in ten million tries. */
hu_error *hu_draw_run(hu_draw *draw, uint64_t seed, hu_arena *arena);

/** M of an allocation; `room` is arms x (k + 1). */
double hu_draw_distance(const hu_draw *draw, const uint32_t *arm, double *room);

/**
 * The allocations that this draw could have given to some of its units, for tests that replay it: all of them where
 * they are at most options->limit, else a sample. Those of the other units are held as they were drawn (which keeps a
 * test valid that conditions on them: other arms, units without data).
 *
 * units, n   places of units in the draw, in the order in which the caller counts them
 * label      arms: what stands for each arm in the assignments; NULL = its number
 *
 * Complete, stratified, pairs: enumerated in place. Re-randomized: all allocations are visited and the accepted kept.
 * Minimisation: the procedure is run again and again with other random numbers (a sample always: allocations are not
 * equally likely), for two arms.
 *
 * Errors: HU_EMPTY no unit; HU_LIMIT; HU_USAGE all of a minimisation's allocations, or one of more than two arms.
 */
hu_error *hu_draw_assignments(const hu_draw *draw, const uint32_t *units, size_t n, const uint32_t *label,
                              const hu_assignment_options *options, int threads, hu_arena *arena, hu_assignments **all);

/** Balance of the draw that was made. */
typedef struct hu_draw_balance_row {
    const char *covariate;
    double mean[HU_DRAW_ARMS];
    double difference; /* two arms: treatment less control; else the largest between two arms */
    double normalised; /* difference over the root of the arms' mean variance */
    double p;          /* randomization test over the design: spread between arms */
} hu_draw_balance_row;

typedef struct hu_draw_balance {
    hu_draw_balance_row *rows;
    size_t n, count[HU_DRAW_ARMS];
    double joint, joint_p; /* M and its randomization p */
    uint64_t assignments;
    bool exact;
} hu_draw_balance;

hu_error *hu_draw_check_balance(const hu_draw *draw, uint64_t seed, int threads, hu_arena *arena,
                                hu_draw_balance **balance);

#endif
