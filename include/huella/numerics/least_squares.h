#ifndef HUELLA_NUMERICS_LEAST_SQUARES_H
#define HUELLA_NUMERICS_LEAST_SQUARES_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>

/** A fitted linear regression. A column that is a combination of those before it is dropped, as R does. */
typedef struct hu_fit {
    size_t n, k, rank;
    double *coefficients; /* k; NaN where dropped */
    bool *dropped;        /* k */
    double *residuals;    /* n: y - X b, not weighted */
    double *bread;        /* k x k: (X'WX)^-1; zero in rows and columns of dropped regressors */
} hu_fit;

/**
 * Weighted least squares: minimises sum w (y - X b)^2.
 *
 * x   n x k, column-major     y   n     w   n, not negative, or NULL for ones
 *
 * Method: Cholesky on the scaled normal equations with one step of refinement where their condition number is below
 * 1e8; else Householder QR with column pivoting (dgeqp3). A column counts as collinear when what is left of it after
 * projection on those before it is below 1e-7 of its length (R's rule in lm), so the later of two equal columns goes.
 * Errors: HU_EMPTY no row with weight; HU_SINGULAR no column left; HU_BAD_INPUT a negative weight or a value that is
 * not finite. Cost: O(n k^2).
 */
hu_error *hu_least_squares(const double *x, size_t n, size_t k, const double *y, const double *w, hu_arena *arena,
                           hu_fit *fit);

#endif
