#ifndef HUELLA_NUMERICS_SUP_T_H
#define HUELLA_NUMERICS_SUP_T_H

#include <stddef.h>
#include <stdint.h>

/**
 * The critical value of a uniform band over k estimates: the level's quantile of the largest |t|, by 20,000 draws from
 * the t distribution with their correlation (Montiel Olea & Plagborg-Møller 2019, J. Applied Econometrics 34(1)).
 *
 * variance   k x k, symmetric; may be singular (fewer clusters than estimates). Estimates of variance zero or NaN are
 *            left out.
 * df         of the t distribution; INFINITY = normal
 *
 * Not below the pointwise value; NaN when no estimate has a variance. Cost: O(k^3 + draws k^2).
 */
double hu_sup_t(const double *variance, size_t k, double df, double level, uint64_t seed);

#endif
