#ifndef HUELLA_SIMULATE_SIMULATE_H
#define HUELLA_SIMULATE_SIMULATE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/progress.h"

#include <stdint.h>

/** A whole study with known truth: judgments as PDF, cases, prosecutors, rollout, districts and field tables. */
typedef struct hu_simulation_options {
    size_t judgments;         /* 0 = 4,000 */
    size_t cases;             /* 0 = 1,240 */
    double scan_share;        /* negative = 0.05 of the judgments are images without text */
    double effect_conviction; /* planted effect of training on the probability of conviction; NaN = default */
    uint64_t seed;
    int threads;
    const char *grammar_dir; /* phrase grammars (rules/simulation) */
    hu_progress *progress;   /* may be NULL; stepped once a judgment */
} hu_simulation_options;

/** Writes the study into `folder`, which must be absent or empty. */
hu_error *hu_simulate(const char *folder, const hu_simulation_options *options);

#endif
