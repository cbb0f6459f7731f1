#ifndef HUELLA_NUMERICS_CLUSTER_H
#define HUELLA_NUMERICS_CLUSTER_H

#include "huella/numerics/factor.h"
#include "huella/numerics/least_squares.h"

#include <stdbool.h>

/** Small-sample corrections of clustered variances: G clusters, n observations, K parameters. */
typedef enum hu_correction {
    HU_CR1S, /* G / (G - 1) * (n - 1) / (n - K): Stata's, and fixest's default with K as hu_count_parameters counts */
    HU_CR0,  /* none */
    HU_CR1,  /* G / (G - 1) */
    HU_CR2,  /* residuals adjusted, no factor: few_clusters.h, as is the next */
    HU_CR3,
} hu_correction;

/** The factor itself. Errors: HU_EMPTY fewer than two clusters; HU_SINGULAR as many parameters as observations. */
hu_error *hu_correction_factor(hu_correction correction, size_t n, size_t clusters, size_t parameters, double *factor);

/**
 * Cluster-robust variance of a fitted regression: B (sum over clusters of s s') B, with B = (X'WX)^-1 and
 * s = sum of w e x in the cluster. Source: Liang & Zeger (1986), Biometrika 73(1); corrections as named.
 *
 * x          n x k, column-major, as it went into the fit     w   n or NULL
 * variance   k x k, in `arena`; zero for dropped regressors
 *
 * Errors: HU_EMPTY fewer than two clusters (no error can be computed).
 */
hu_error *hu_cluster_variance(const hu_fit *fit, const double *x, const double *w, const hu_factor *cluster,
                              hu_correction correction, size_t parameters, hu_arena *arena, double **variance);

/** Whether every level of the effect lies within one cluster. */
bool hu_nested(const hu_factor *effect, const hu_factor *cluster);

/**
 * K in HU_CR1S as fixest counts it by default (fixef.K = "nested"): the regressors, a constant where there are effects,
 * and levels - 1 of each effect that is not nested in the clusters.
 */
size_t hu_count_parameters(size_t regressors, const hu_factor *effects, size_t n_effects, const hu_factor *cluster);

#endif
