#ifndef HUELLA_LEARNING_SAMPLING_H
#define HUELLA_LEARNING_SAMPLING_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stddef.h>
#include <stdint.h>

/**
 * Stratified random samples that can grow.
 *
 * Each stratum has a random order of its units, fixed when the design is made; the sample is its first n_h of N_h. For
 * any n_h chosen without a look at the units this is simple random sampling without replacement, so a later draw that
 * raises n_h leaves a sample of the same kind: the probability of inclusion is n_h/N_h, of two units of a stratum
 * n_h(n_h-1)/(N_h(N_h-1)). Source: Cochran (1977), Sampling Techniques, ch. 2 and 5; a fixed order that is read on is
 * Fan, Muller & Rezucha (1962), J. Amer. Stat. Assoc. 57, 387-402.
 */
typedef struct hu_stratum {
    const char *name;
    size_t population, drawn;
} hu_stratum;

typedef struct hu_sampling_unit {
    const char *id, *stratum;
    size_t position; /* from 1, in the random order of its stratum */
} hu_sampling_unit;

/**
 * Puts units into order of stratum, then position, with positions drawn at random; the result depends on the set of
 * units, not on the order in which they come. Two units of one id are HU_BUG.
 *
 * strata  made in `arena`, in order of name, with nothing drawn
 */
hu_error *hu_sampling_order(hu_sampling_unit *units, size_t n_units, uint64_t seed, uint64_t design, hu_arena *arena,
                            hu_stratum **strata, size_t *n_strata);

/**
 * Raises `drawn` by `more` in all: every stratum to `at_least` first (or its population), the rest in proportion to
 * population by the divisor method of Sainte-Laguë, under which no stratum loses when the sample grows.
 *
 * Errors: HU_USAGE when `more` does not reach for at_least in each stratum (a stratum without a draw would leave
 * estimates biased), or exceeds what is left.
 */
hu_error *hu_sampling_allocate(hu_stratum *strata, size_t n_strata, size_t more, size_t at_least);

/** Raises `drawn` by `more` in each stratum, or to its population; the number of units added. */
size_t hu_sampling_allocate_each(hu_stratum *strata, size_t n_strata, size_t more);

/** Of one unit in a design; of being in the union of independent designs: 1 - prod(1 - p_k). */
double hu_sampling_probability(const hu_stratum *stratum);
double hu_sampling_union(const double *probabilities, size_t n_designs);
/** Of two units in one design: of the same stratum, or of two. */
double hu_sampling_joint(const hu_stratum *a, const hu_stratum *b);

#endif
