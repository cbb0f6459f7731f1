/* Fixed effects before errors of few clusters; leverages. */

#include "huella/numerics/few_clusters.h"
#include "huella/numerics/symmetric.h"
#include "huella/numerics/within.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum { most_columns = 2000 };
static const size_t most_cells = (size_t)1 << 31;

/*
 * Effects nested in clusters are taken out, the rest become dummies: says where those begin. Returns how many are
 * nested.
 */
static size_t choose(const hu_factor *effects, size_t n_effects, const hu_factor *cluster, bool all_dummies,
                     hu_factor *nested, hu_with_effects *out)
{
    size_t n_nested = 0;
    for (size_t e = 0; e < n_effects; e++) {
        out->dummies[e] = SIZE_MAX;
        if (!all_dummies && cluster && hu_nested(&effects[e], cluster))
            nested[n_nested++] = effects[e];
    }
    out->first = n_nested == 0; /* the constant */
    for (size_t e = 0; e < n_effects; e++)
        if (all_dummies || !cluster || !hu_nested(&effects[e], cluster)) {
            out->dummies[e] = out->first;
            out->first += effects[e].levels - 1;
        }
    return n_nested;
}

/* What an effect determines becomes exactly zero, so that it is found collinear. */
static void zero_absorbed(double *column, size_t n, double before)
{
    if (cblas_dnrm2((int)n, column, 1) <= 1e-9 * before)
        memset(column, 0, n * sizeof *column);
}

hu_error *hu_put_effects(const double *y, const double *x, size_t n, size_t k, const double *w,
                         const hu_factor *effects, size_t n_effects, const hu_factor *cluster, bool all_dummies,
                         hu_arena *arena, hu_with_effects *out)
{
    HU_SCRATCH(scratch);
    hu_factor *nested = HU_NEW_ARRAY(scratch, hu_factor, n_effects + 1);
    *out = (hu_with_effects){.n = n, .dummies = HU_NEW_ARRAY(arena, size_t, n_effects + 1)};
    size_t n_nested = choose(effects, n_effects, cluster, all_dummies, nested, out), first = out->first;
    out->k = first + k;
    if (out->k > most_columns || out->k > most_cells / (n + 1))
        return hu_fail(HU_LIMIT,
                       "%zu columns for levels of fixed effects that are not nested in the clusters, on %zu rows: "
                       "errors for few clusters take at most %d columns and %zu cells; CR1 takes any number",
                       first, n, most_columns, most_cells);
    double *outcome = y ? HU_NEW_ARRAY(arena, double, n + 1) : NULL;
    out->y = outcome;
    out->x = HU_NEW_ARRAY(arena, double, n * out->k + 1);
    if (y)
        memcpy(outcome, y, n * sizeof *y);
    for (size_t i = 0; i < n && n_nested == 0; i++)
        out->x[i] = 1;
    for (size_t e = 0; e < n_effects; e++)
        for (size_t i = 0; i < n && out->dummies[e] != SIZE_MAX; i++)
            if (effects[e].code[i])
                out->x[(out->dummies[e] + effects[e].code[i] - 1) * n + i] = 1;
    if (x)
        memcpy(out->x + first * n, x, n * k * sizeof *x);
    if (n_nested == 0)
        return NULL;
    double *before = HU_NEW_ARRAY(scratch, double, out->k + 1);
    for (size_t j = 0; j < out->k; j++)
        before[j] = cblas_dnrm2((int)n, out->x + j * n, 1);
    HU_TRY(hu_within(nested, n_nested, w, n, outcome, 1));
    HU_TRY(hu_within(nested, n_nested, w, n, out->x, out->k));
    for (size_t j = 0; j < out->k; j++)
        zero_absorbed(out->x + j * n, n, before[j]);
    return NULL;
}

/* x_i' (X'WX)^-1 x_i w_i */
static double leverage(const hu_fit *fit, const double *x, double w, size_t i)
{
    double sum = 0;
    for (size_t a = 0; a < fit->k; a++)
        for (size_t b = 0; b < fit->k && !fit->dropped[a]; b++)
            sum += x[a * fit->n + i] * fit->bread[a + b * fit->k] * x[b * fit->n + i];
    return w * sum;
}

void hu_leverage_variance(const hu_fit *fit, const double *x, const double *w, hu_leverage type, hu_arena *arena,
                          double **variance)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    int k = (int)fit->k;
    double *meat = HU_NEW_ARRAY(scratch, double, fit->k * fit->k), *row = HU_NEW_ARRAY(scratch, double, fit->k);
    double *half = HU_NEW_ARRAY(scratch, double, fit->k * fit->k);
    for (size_t i = 0; i < fit->n; i++) {
        double weight = w ? w[i] : 1, left = 1 - leverage(fit, x, weight, i);
        if (left < 1e-10)
            continue;
        double scale = weight * fit->residuals[i] / (type == HU_HC3 ? left : sqrt(left));
        for (size_t j = 0; j < fit->k; j++)
            row[j] = fit->dropped[j] ? 0 : x[j * fit->n + i];
        cblas_dsyr(CblasColMajor, CblasLower, k, scale * scale, row, 1, meat, k);
    }
    *variance = HU_NEW_ARRAY(arena, double, fit->k * fit->k);
    cblas_dsymm(CblasColMajor, CblasLeft, CblasLower, k, k, 1, meat, k, fit->bread, k, 0, half, k);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, k, k, k, 1, fit->bread, k, half, k, 0, *variance, k);
}
