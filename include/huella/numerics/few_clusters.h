#ifndef HUELLA_NUMERICS_FEW_CLUSTERS_H
#define HUELLA_NUMERICS_FEW_CLUSTERS_H

#include "huella/numerics/cluster.h"

/**
 * A regression as its clusters see it: all that variances for few clusters and the wild bootstrap need, so that their
 * cost does not grow with the rows.
 *
 * The regressors that were not dropped are turned, U = X L with L L' = (X'WX)^-1, so that U'WU is the identity. A
 * contrast c of the coefficients becomes L'c.
 */
typedef struct hu_clustered {
    size_t n, regressors, k, groups; /* k: regressors not dropped */
    const double *coefficients;      /* regressors; NaN where dropped */
    double *turn;                    /* regressors x k: L, zero rows where dropped */
    double *gram;                    /* groups x k x k: U'WU of each cluster */
    double *scores;                  /* groups x k: U'We */
    double *plain_gram;              /* U'U, only with weights, as the next two; else NULL */
    double *plain_scores;            /* U'e */
    double *square_gram;             /* U'W^2U */
} hu_clustered;

/** L by itself, and the number of its columns. */
hu_error *hu_turn(const hu_fit *fit, hu_arena *arena, double **turn, size_t *k);

/** x, w as they went into the fit. Errors: HU_EMPTY fewer than two clusters. Cost: O(n k^2). */
hu_error *hu_cluster_sums(const hu_fit *fit, const double *x, const double *w, const hu_factor *cluster,
                          hu_arena *arena, hu_clustered **out);

/**
 * Variances of contrasts of the coefficients, and their degrees of freedom.
 *
 * CR2   residuals of a cluster times (the block of (I - H)(I - H)')^-1/2, the symmetric root, so that the variance has
 *       no bias where errors are independent and alike. Source: Bell & McCaffrey (2002), Survey Methodology 28(2);
 *       Pustejovsky & Tipton (2018), J. Business & Economic Statistics 36(4), eq. 9 and theorem 2.
 * CR3   times (I - H)^-1: each cluster's residuals from a fit without it, the jackknife without its (G - 1) / G.
 *       Where a cluster determines a coefficient alone, pseudo-inverses. Both as R's clubSandwich.
 * df    Satterthwaite's, under errors independent and alike: (tr P)^2 / tr P^2 (Bell & McCaffrey; ibid. eq. 11), also
 *       for the other corrections.
 *
 * contrasts   regressors x n_contrasts, column-major; NULL: each regressor
 * variance    n_contrasts x n_contrasts     df   n_contrasts; NaN where the variance is zero
 * parameters  K of HU_CR1S
 *
 * Errors: as hu_correction_factor. Cost: O(groups (k^3 + n_contrasts k^2)).
 */
hu_error *hu_few_clusters_variance(const hu_clustered *sums, hu_correction correction, size_t parameters,
                                   const double *contrasts, size_t n_contrasts, hu_arena *arena, double **variance,
                                   double **df);

/** Outcome and regressors with fixed effects: those nested in clusters taken out, others as dummies before x. */
typedef struct hu_with_effects {
    size_t n, k, first; /* columns of x; where the k given ones begin */
    size_t *dummies;    /* n_effects: the column of level 1 (level 0 has none), or SIZE_MAX: the effect is taken out */
    const double *y;    /* n */
    double *x;          /* n x k */
} hu_with_effects;

/**
 * Effects nested in clusters may be taken out before variances by clusters (Pustejovsky & Tipton, theorem 2), others
 * may not: the residual of one cluster would then depend on another's.
 *
 * y, x          NULL, where none is taken out: the caller sets out->y and fills the last k columns of out->x
 * all_dummies   none is taken out: for HU_CR2 with weights, where the theorem fails, and for leverages
 * cluster       NULL: each row is one, and no effect is nested
 *
 * A constant column comes first where no effect is taken out. Errors: HU_LIMIT more than 2,000 columns or 2^31 cells.
 */
hu_error *hu_put_effects(const double *y, const double *x, size_t n, size_t k, const double *w,
                         const hu_factor *effects, size_t n_effects, const hu_factor *cluster, bool all_dummies,
                         hu_arena *arena, hu_with_effects *out);

typedef enum hu_leverage { HU_HC2, HU_HC3 } hu_leverage;

/**
 * Variances that allow unequal variances of independent rows: residuals over (1 - h)^1/2 (HC2) or 1 - h (HC3), h the
 * leverage. Source: MacKinnon & White (1985), J. Econometrics 29(3). Rows that are fitted exactly (h = 1) say nothing
 * and add zero. variance: k x k.
 */
void hu_leverage_variance(const hu_fit *fit, const double *x, const double *w, hu_leverage type, hu_arena *arena,
                          double **variance);

#endif
