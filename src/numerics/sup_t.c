/* Uniform bands from a covariance matrix. */

#include "huella/numerics/sup_t.h"

#include "huella/base/arena.h"
#include "huella/base/random.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

enum { DRAWS = 20000 };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* R with R R' = the correlation of those that vary, by eigenvalues, since it may be singular. Returns their number. */
static size_t root_of_correlation(const double *variance, size_t k, hu_arena *arena, double **root)
{
    size_t n = 0, *kept = HU_NEW_ARRAY(arena, size_t, k + 1);
    for (size_t j = 0; j < k; j++)
        if (variance[j + j * k] > 0)
            kept[n++] = j;
    double *r = *root = HU_NEW_ARRAY(arena, double, n *n + 1), *value = HU_NEW_ARRAY(arena, double, n + 1);
    for (size_t b = 0; b < n; b++)
        for (size_t a = 0; a < n; a++)
            r[a + b * n] = variance[kept[a] + kept[b] * k] /
                           sqrt(variance[kept[a] + kept[a] * k] * variance[kept[b] + kept[b] * k]);
    if (n == 0 || LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, r, (lapack_int)n, value) != 0)
        return 0;
    for (size_t b = 0; b < n; b++)
        for (size_t a = 0; a < n; a++)
            r[a + b * n] *= sqrt(fmax(value[b], 0));
    return n;
}

double hu_sup_t(const double *variance, size_t k, double df, double level, uint64_t seed)
{
    HU_SCRATCH(scratch);
    double *root, *largest = HU_NEW_ARRAY(scratch, double, DRAWS), *z = HU_NEW_ARRAY(scratch, double, k + 1);
    hu_blas_single();
    size_t n = root_of_correlation(variance, k, scratch, &root);
    double pointwise = isinf(df) ? hu_normal_quantile(0.5 + level / 2) : hu_t_quantile(0.5 + level / 2, df);
    if (n == 0)
        return NAN;
    hu_random random = hu_random_start(seed, hu_random_stream("numerics/sup_t", 0));
    for (size_t d = 0; d < DRAWS; d++) {
        for (size_t b = 0; b < n; b++)
            z[b] = hu_random_normal(&random);
        for (size_t a = 0; a < n; a++) {
            double t = 0;
            for (size_t b = 0; b < n; b++)
                t += root[a + b * n] * z[b];
            largest[d] = fmax(largest[d], fabs(t));
        }
        if (isfinite(df)) /* 1 - u is never zero */
            largest[d] /= sqrt(hu_chi_square_quantile(1 - hu_random_uniform(&random), df) / df);
    }
    qsort(largest, DRAWS, sizeof *largest, compare);
    return fmax(largest[(size_t)ceil(DRAWS * level) - 1], pointwise);
}
