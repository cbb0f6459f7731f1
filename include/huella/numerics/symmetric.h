#ifndef HUELLA_NUMERICS_SYMMETRIC_H
#define HUELLA_NUMERICS_SYMMETRIC_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>

/** Small symmetric matrices, k x k, column-major and full (both triangles). */

/** 1 / condition number in the 1-norm, as R's rcond() computes it (LU, dgecon); 0 when singular or not finite. */
double hu_rcond(const double *a, size_t k);

/** The inverse of a positive definite matrix by Cholesky; false when it is not. `a` and `inverse` may be the same. */
bool hu_invert_positive(const double *a, size_t k, double *inverse);

/** b' A^-1 b by LU; NaN when A is singular to rounding (1 / condition below 1e-14, with ones on the diagonal). */
double hu_quadratic_inverse(const double *a, size_t k, const double *b);

/**
 * The shortest x that minimises |A x - b| for a positive semidefinite A, overwriting b: eigenvalues up to sqrt(machine
 * epsilon) of the largest count as zero, as in R's MASS::ginv(). NaN when A is not finite.
 */
void hu_solve_semidefinite(const double *a, size_t k, double *b);

/**
 * Keeps OpenBLAS to the calling thread for the rest of the process. Called by whatever here uses LAPACK: with several
 * threads its sums depend on how many there are, and results must not. huella's threads are above (hu_parallel).
 */
void hu_blas_single(void);

#endif
