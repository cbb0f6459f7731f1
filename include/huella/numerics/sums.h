#ifndef HUELLA_NUMERICS_SUMS_H
#define HUELLA_NUMERICS_SUMS_H

#include <math.h>
#include <stddef.h>

/**
 * A compensated sum: `hu_sum s = {0}; hu_sum_add(&s, x); hu_sum_value(&s)`.
 *
 * The error does not grow with the number of terms. Source: Neumaier (1974), ZAMM 54, 39-51 (Kahan's sum, right also
 * when a term is larger than the sum so far). Needs strict floating point: never compile with -ffast-math.
 */
typedef struct hu_sum {
    double total, lost;
} hu_sum;

static inline void hu_sum_add(hu_sum *sum, double x)
{
    double total = sum->total + x;
    sum->lost += fabs(sum->total) >= fabs(x) ? (sum->total - total) + x : (x - total) + sum->total;
    sum->total = total;
}

static inline double hu_sum_value(const hu_sum *sum)
{
    return sum->total + sum->lost;
}

#endif
