#ifndef HUELLA_NUMERICS_LOGIT_H
#define HUELLA_NUMERICS_LOGIT_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>

/** A fitted logistic regression. */
typedef struct hu_logit {
    double *coefficients; /* k */
    double *fitted;       /* n: probabilities */
    double *inverse;      /* k x k: (X' diag(w p (1-p)) X)^-1 at the fitted probabilities */
    int iterations;
} hu_logit;

/**
 * Maximum likelihood by iteratively reweighted least squares, as R's glm(): the same start, and the end when the
 * deviance changes by less than 1e-8 of itself, at most 100 steps; a step that raises the deviance is halved.
 *
 * x   n x k, column-major, with its constant     y   n, 0 or 1     w   n, or NULL for ones
 *
 * Errors: HU_SINGULAR collinear columns (whatever their units), or probabilities that are all 0 or 1; HU_LIMIT not
 * settled after 100 steps. Cost: O(n k^2) a step.
 */
hu_error *hu_logit_fit(const double *x, size_t n, size_t k, const double *y, const double *w, hu_arena *arena,
                       hu_logit *fit);

#endif
