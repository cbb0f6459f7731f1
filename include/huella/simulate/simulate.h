#ifndef HUELLA_SIMULATE_SIMULATE_H
#define HUELLA_SIMULATE_SIMULATE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/progress.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * A whole study with known truth: judgments as PDF, cases, prosecutors, rollout, districts and field tables, and
 * truth.json with every value and effect. The data-generating process is documented in docs/simulation.md; its
 * parameters and phrase grammars are data (rules/simulation).
 */
typedef struct hu_simulation_options {
    size_t judgments;         /* 0 = 4,000 */
    size_t cases;             /* 0 = 1,240 */
    double scan_share;        /* negative = 0.05 of the judgments are images without text */
    double effect_conviction; /* planted effect of training on the probability of conviction; NaN = study.yaml's */
    uint64_t seed;
    int threads;                       /* 0 = all */
    const char *rules_dir;             /* rules/ */
    hu_progress *progress;             /* may be NULL; stepped once a judgment */
    const volatile sig_atomic_t *stop; /* may be NULL; work ends with an error soon after it becomes 1 */
} hu_simulation_options;

/** What was written. Kinds are in the codebook's order: first_instance … nullity_appeal, plenary_agreement, order,
 * other.
 */
enum { HU_SIMULATED_KINDS = 9, HU_SIMULATED_OUTCOMES = 6 };
typedef struct hu_simulation {
    size_t cases, treated, decided, judgments, of_cases, scans, regions, trained_regions, trained_prosecutors;
    size_t kinds[HU_SIMULATED_KINDS];
    const char *kind_names[HU_SIMULATED_KINDS];
    const char *outcomes[HU_SIMULATED_OUTCOMES];
    double att[HU_SIMULATED_OUTCOMES]; /* mean of Y(1) - Y(0) over treated cases */
    uint64_t bytes;                    /* of the judgments */
} hu_simulation;

/**
 * Writes the study into `folder`, which must be absent or empty; whole or not at all.
 *
 * The same options give the same bytes, on any number of threads.
 * summary  may be NULL
 *
 * Errors: HU_USAGE the folder is not empty, or fewer judgments are asked for than the cases come with; HU_BAD_INPUT
 * a rule or grammar is wrong (file and line); HU_IO the system refused, or the work was stopped.
 */
hu_error *hu_simulate(const char *folder, const hu_simulation_options *options, hu_simulation *summary);

#endif
