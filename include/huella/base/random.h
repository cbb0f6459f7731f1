#ifndef HUELLA_BASE_RANDOM_H
#define HUELLA_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/**
 * Counter-based random numbers: Philox 4x32-10.
 *
 * The number at (seed, stream, index) is a pure function: the same on any number of threads or machines.
 * Source: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11; checked against the
 * known answers published with Random123.
 */
void hu_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/** A sequence of draws: give each independent task its own stream number. */
typedef struct hu_random {
    uint64_t seed, stream, index;
    uint32_t block[4];
    int left; /* unused words of block */
} hu_random;

hu_random hu_random_start(uint64_t seed, uint64_t stream);
uint32_t hu_random_u32(hu_random *random);
uint64_t hu_random_u64(hu_random *random);
double hu_random_uniform(hu_random *random);                 /* [0, 1), 53 bits */
uint64_t hu_random_below(hu_random *random, uint64_t bound); /* 0 … bound-1, without bias; bound 0 gives 0 */
double hu_random_normal(hu_random *random); /* mean 0, variance 1 (inverse of the distribution function) */
double hu_random_exponential(hu_random *random);
unsigned hu_random_poisson(hu_random *random, double mean); /* exact; mean up to 1e9, 0 where it is not positive */
void hu_random_shuffle(hu_random *random, size_t *items, size_t count);

/** A stream number from a name, so that parts of a program do not share one by accident (FNV-1a). */
uint64_t hu_random_stream(const char *name, uint64_t index);

#endif
