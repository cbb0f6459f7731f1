/* Summary indices of several outcomes. */

#include "huella/measures/index.h"

#include "huella/numerics/sums.h"
#include "huella/numerics/symmetric.h"

#include <math.h>

static const double collinear = 1e-10; /* 1 / condition of the covariances */

static hu_error *describe(const hu_index_input *in, size_t j, hu_summary_index *out)
{
    const double *x = in->x + j * in->n;
    hu_sum sum = {0}, square = {0};
    double count = 0;
    for (size_t i = 0; i < in->n; i++)
        if (!isnan(x[i]) && (!in->reference || in->reference[i] == 1)) {
            hu_sum_add(&sum, x[i]);
            count++;
        }
    out->mean[j] = hu_sum_value(&sum) / count;
    for (size_t i = 0; i < in->n; i++)
        if (!isnan(x[i]) && (!in->reference || in->reference[i] == 1))
            hu_sum_add(&square, (x[i] - out->mean[j]) * (x[i] - out->mean[j]));
    out->sd[j] = sqrt(hu_sum_value(&square) / (count - 1));
    if (count < 2 || !(out->sd[j] > 1e-13 * fabs(out->mean[j])))
        return hu_fail(HU_EMPTY, "the index cannot hold %s: all %.0f of its values in the reference group are the same",
                       in->names[j], count);
    return NULL;
}

static double *standardise(const hu_index_input *in, const hu_summary_index *out, hu_arena *arena)
{
    double *z = HU_NEW_ARRAY(arena, double, in->n * in->k);
    for (size_t j = 0; j < in->k; j++)
        for (size_t i = 0; i < in->n; i++)
            z[j * in->n + i] = (in->sign ? in->sign[j] : 1) * (in->x[j * in->n + i] - out->mean[j]) / out->sd[j];
    return z;
}

/* Over the rows in which both are known. */
static double covariance(const double *a, const double *b, size_t n)
{
    hu_sum sum_a = {0}, sum_b = {0}, product = {0};
    double count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i])) {
            hu_sum_add(&sum_a, a[i]);
            hu_sum_add(&sum_b, b[i]);
            count++;
        }
    double mean_a = hu_sum_value(&sum_a) / count, mean_b = hu_sum_value(&sum_b) / count;
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i]))
            hu_sum_add(&product, (a[i] - mean_a) * (b[i] - mean_b));
    return hu_sum_value(&product) / (count - 1);
}

static hu_error *anderson_weights(const hu_index_input *in, const double *z, hu_summary_index *out)
{
    HU_SCRATCH(scratch);
    size_t k = in->k;
    double *s = HU_NEW_ARRAY(scratch, double, k *k), total = 0;
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++)
            s[a + b * k] = covariance(z + a * in->n, z + b * in->n, in->n);
    if (!(hu_rcond(s, k) > collinear) || !hu_invert_positive(s, k, s))
        return hu_fail(HU_SINGULAR, "the components of the index determine each other, or hardly any row has two of "
                                    "them: leave one out, or take Kling, Liebman and Katz's index");
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++)
            out->weight[a] += s[a + b * k];
    for (size_t a = 0; a < k; a++)
        total += out->weight[a];
    for (size_t a = 0; a < k; a++)
        out->weight[a] /= total;
    return NULL;
}

/* Means of z by group: k x 2. */
static double *group_means(const hu_index_input *in, const double *z, hu_arena *arena)
{
    double *means = HU_NEW_ARRAY(arena, double, 2 * in->k);
    for (size_t j = 0; j < in->k; j++)
        for (int g = 0; g < 2; g++) {
            hu_sum sum = {0};
            double count = 0;
            for (size_t i = 0; i < in->n; i++)
                if (!isnan(z[j * in->n + i]) && (in->group ? in->group[i] : 0) == g) {
                    hu_sum_add(&sum, z[j * in->n + i]);
                    count++;
                }
            means[2 * j + (size_t)g] = hu_sum_value(&sum) / count;
        }
    return means;
}

hu_error *hu_index_make(const hu_index_input *in, hu_index_method method, hu_arena *arena, hu_summary_index *out)
{
    HU_SCRATCH(scratch);
    if (in->k == 0 || in->n == 0)
        return hu_fail(HU_EMPTY, "an index needs components and rows");
    *out = (hu_summary_index){HU_NEW_ARRAY(arena, double, in->n),
                              HU_NEW_ARRAY(arena, double, in->k),
                              HU_NEW_ARRAY(arena, double, in->k),
                              HU_NEW_ARRAY(arena, double, in->k),
                              0,
                              0};
    for (size_t j = 0; j < in->k; j++)
        HU_TRY(describe(in, j, out));
    double *z = standardise(in, out, scratch), *fill = group_means(in, z, scratch);
    bool klk = method == HU_INDEX_KLK;
    for (size_t j = 0; klk && j < in->k; j++)
        out->weight[j] = 1 / (double)in->k;
    if (!klk)
        HU_TRY(anderson_weights(in, z, out));
    for (size_t i = 0; i < in->n; i++) {
        double sum = 0, weight = 0;
        size_t known = 0, group = in->group && in->group[i] == 1;
        for (size_t j = 0; j < in->k; j++) {
            double v = z[j * in->n + i];
            known += !isnan(v);
            if (isnan(v) && !klk)
                continue;
            sum += out->weight[j] * (isnan(v) ? fill[2 * j + group] : v);
            weight += out->weight[j];
        }
        out->value[i] = known ? sum / weight : NAN;
        out->complete += known == in->k;
        out->partial += known > 0 && known < in->k;
    }
    return NULL;
}
