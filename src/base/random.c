#include "huella/base/random.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>
#include <string.h>

/* Salmon et al. (2011), section 3.3; the constants are those of Random123's philox.h. */
void hu_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c0 = n0;
        c1 = (uint32_t)p1;
        c2 = n2;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9; /* the golden ratio */
        k1 += 0xBB67AE85; /* sqrt(3) - 1 */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

hu_random hu_random_start(uint64_t seed, uint64_t stream)
{
    return (hu_random){.seed = seed, .stream = stream};
}

uint32_t hu_random_u32(hu_random *random)
{
    if (!random->left) {
        uint32_t counter[4] = {(uint32_t)random->index, (uint32_t)(random->index >> 32), (uint32_t)random->stream,
                               (uint32_t)(random->stream >> 32)};
        uint32_t key[2] = {(uint32_t)random->seed, (uint32_t)(random->seed >> 32)};
        hu_philox4x32(counter, key, random->block);
        random->index++;
        random->left = 4;
    }
    return random->block[4 - random->left--];
}

uint64_t hu_random_u64(hu_random *random)
{
    uint64_t low = hu_random_u32(random);
    return low | (uint64_t)hu_random_u32(random) << 32;
}

double hu_random_uniform(hu_random *random)
{
    return (double)(hu_random_u64(random) >> 11) * 0x1p-53;
}

/* (0, 1), symmetric about 1/2, never an end: 52 bits and a half, which a double holds exactly. */
static double open_uniform(hu_random *random)
{
    return ((double)(hu_random_u64(random) >> 12) + 0.5) * 0x1p-52;
}

/* Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29(1), algorithm 5. */
uint64_t hu_random_below(hu_random *random, uint64_t bound)
{
    if (bound == 0)
        return 0;
    __uint128_t product = (__uint128_t)hu_random_u64(random) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = -bound % bound;
        while ((uint64_t)product < threshold)
            product = (__uint128_t)hu_random_u64(random) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* Rmath's inverse is Wichura's algorithm AS 241 (PPND16), relative error about 1e-16. */
double hu_random_normal(hu_random *random)
{
    return qnorm(open_uniform(random), 0, 1, 1, 0);
}

double hu_random_exponential(hu_random *random)
{
    return -log1p(-hu_random_uniform(random));
}

/* Inversion by sequential search: exact, and fast for a small mean. */
static unsigned poisson_by_inversion(hu_random *random, double mean)
{
    double u = hu_random_uniform(random), probability = exp(-mean), sum = probability;
    unsigned k = 0;
    while (u >= sum && probability > 0) {
        probability *= mean / ++k;
        sum += probability;
    }
    return k;
}

/* Hoermann (1993), "The transformed rejection method for generating Poisson random variables", algorithm PTRS. */
static unsigned poisson_by_rejection(hu_random *random, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = hu_random_uniform(random) - 0.5, v = open_uniform(random);
        double us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r)
            return (unsigned)k;
        if (k < 0 || k > 4294967295.0 || (us < 0.013 && v > us))
            continue;
        int sign;
        if (log(v * inverse_alpha / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma_r(k + 1, &sign))
            return (unsigned)k;
    }
}

unsigned hu_random_poisson(hu_random *random, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean > 1e9)
        mean = 1e9;
    return mean < 10 ? poisson_by_inversion(random, mean) : poisson_by_rejection(random, mean);
}

void hu_random_shuffle(hu_random *random, size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = hu_random_below(random, i), kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}

uint64_t hu_random_stream(const char *name, uint64_t index)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3;
    for (int i = 0; i < 8; i++)
        hash = (hash ^ (index >> (8 * i) & 0xFF)) * 0x100000001B3;
    return hash;
}
