#include "huella/numerics/quadrature.h"

#include "huella/base/arena.h"
#include "huella/numerics/symmetric.h"

#include <lapacke.h>
#include <math.h>

hu_error *hu_normal_quadrature(size_t n, double *node, double *weight)
{
    HU_SCRATCH(scratch);
    if (n < 1 || n > 200)
        return hu_fail(HU_USAGE, "%zu points of quadrature: expected 1 to 200", n);
    hu_blas_single();
    double *below = HU_NEW_ARRAY(scratch, double, n), *vectors = HU_NEW_ARRAY(scratch, double, n *n);
    for (size_t i = 0; i < n; i++) {
        node[i] = 0;
        below[i] = sqrt((double)(i + 1));
    }
    if (LAPACKE_dstev(LAPACK_COL_MAJOR, 'V', (lapack_int)n, node, below, vectors, (lapack_int)n) != 0)
        return hu_fail(HU_BUG, "the eigenvalues of the quadrature were not found");
    for (size_t i = 0; i < n; i++)
        weight[i] = vectors[i * n] * vectors[i * n];
    for (size_t i = 0; i < n / 2; i++) { /* symmetric to the last bit */
        double at = (node[n - 1 - i] - node[i]) / 2, w = (weight[i] + weight[n - 1 - i]) / 2;
        node[i] = -at;
        node[n - 1 - i] = at;
        weight[i] = weight[n - 1 - i] = w;
    }
    if (n % 2)
        node[n / 2] = 0;
    return NULL;
}
