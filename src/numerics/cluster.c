/* Cluster-robust variances. */

#include "huella/numerics/cluster.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <string.h>

/* G x k: sums of w e x over each cluster, one row a cluster. */
static double *cluster_scores(const hu_fit *fit, const double *x, const double *w, const hu_factor *cluster,
                              hu_arena *arena)
{
    double *scores = HU_NEW_ARRAY(arena, double, cluster->levels * fit->k);
    for (size_t j = 0; j < fit->k; j++) {
        if (fit->dropped[j])
            continue;
        for (size_t i = 0; i < fit->n; i++)
            scores[cluster->code[i] * fit->k + j] += (w ? w[i] : 1) * fit->residuals[i] * x[j * fit->n + i];
    }
    return scores;
}

hu_error *hu_correction_factor(hu_correction correction, size_t n, size_t clusters, size_t parameters, double *factor)
{
    if (clusters < 2)
        return hu_fail(HU_EMPTY, "one cluster only: errors need at least two; cluster by a finer column");
    if (correction == HU_CR1S && n <= parameters)
        return hu_fail(HU_SINGULAR, "%zu parameters for %zu observations: errors cannot be computed", parameters, n);
    double g = (double)clusters;
    *factor = correction == HU_CR1 || correction == HU_CR1S ? g / (g - 1) : 1;
    if (correction == HU_CR1S)
        *factor *= ((double)n - 1) / ((double)n - (double)parameters);
    return NULL;
}

hu_error *hu_cluster_variance(const hu_fit *fit, const double *x, const double *w, const hu_factor *cluster,
                              hu_correction correction, size_t parameters, hu_arena *arena, double **variance)
{
    hu_blas_single();
    int k = (int)fit->k;
    size_t groups = cluster->levels;
    double factor = 1;
    HU_TRY(hu_correction_factor(correction, fit->n, groups, parameters, &factor));
    HU_SCRATCH(scratch);
    double *scores = cluster_scores(fit, x, w, cluster, scratch);
    double *meat = HU_NEW_ARRAY(scratch, double, fit->k * fit->k),
           *half = HU_NEW_ARRAY(scratch, double, fit->k * fit->k);
    for (size_t g = 0; g < groups; g++)
        cblas_dger(CblasColMajor, k, k, 1, scores + g * fit->k, 1, scores + g * fit->k, 1, meat, k);
    *variance = HU_NEW_ARRAY(arena, double, fit->k * fit->k);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, k, k, k, factor, fit->bread, k, meat, k, 0, half, k);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, k, k, k, 1, half, k, fit->bread, k, 0, *variance, k);
    return NULL;
}

bool hu_nested(const hu_factor *effect, const hu_factor *cluster)
{
    for (size_t i = 0; i < effect->n; i++)
        if (cluster->code[i] != cluster->code[effect->first[effect->code[i]]])
            return false;
    return true;
}

size_t hu_count_parameters(size_t regressors, const hu_factor *effects, size_t n_effects, const hu_factor *cluster)
{
    size_t parameters = regressors + (n_effects > 0);
    for (size_t e = 0; e < n_effects; e++)
        if (!hu_nested(&effects[e], cluster))
            parameters += effects[e].levels - 1;
    return parameters;
}
