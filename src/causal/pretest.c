/* The power of a test of effects before treatment. */

#include "huella/causal/pretest.h"

#include "huella/base/random.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { DRAWS = 10000 };

typedef struct simulator {
    const hu_trends *trends;
    const double *periods;
    double critical;
    double *root;    /* pre x pre, lower: Cholesky factor of the covariance before treatment */
    double *uniform; /* DRAWS x pre */
    double *mean;    /* pre: E[z | passes], of the last call */
} simulator;

static hu_error *prepare(const hu_trends *t, const double *periods, double level, uint64_t seed, hu_arena *arena,
                         simulator *s)
{
    size_t pre = t->pre, n = t->pre + t->post;
    *s = (simulator){.trends = t,
                     .periods = periods,
                     .critical = hu_normal_quantile(0.5 + level / 2),
                     .root = HU_NEW_ARRAY(arena, double, pre *pre + 1),
                     .uniform = HU_NEW_ARRAY(arena, double, DRAWS *pre + 1),
                     .mean = HU_NEW_ARRAY(arena, double, pre + 1)};
    for (size_t j = 0; j < pre; j++)
        for (size_t i = j; i < pre; i++)
            s->root[i + j * pre] = t->sigma[i + j * n];
    hu_blas_single();
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', (lapack_int)pre, s->root, (lapack_int)pre) != 0)
        return hu_fail(HU_SINGULAR,
                       "the covariance of the %zu effects before treatment is singular (fewer clusters than effects?): "
                       "restrict the event times",
                       pre);
    hu_random random = hu_random_start(seed, hu_random_stream("pretest", 0));
    for (size_t i = 0; i < DRAWS * pre; i++)
        s->uniform[i] = hu_random_uniform(&random);
    return NULL;
}

/* P(every |beta_t| <= critical times its error) under the trend, and s->mean. */
static double passes(simulator *s, double slope)
{
    const hu_trends *t = s->trends;
    size_t pre = t->pre, n = t->pre + t->post;
    double total = 0, z[HU_TRENDS_PERIODS];
    memset(s->mean, 0, pre * sizeof *s->mean);
    for (size_t d = 0; d < DRAWS; d++) {
        double weight = 1;
        for (size_t j = 0; j < pre; j++) {
            double centre = slope * s->periods[j], width = s->critical * sqrt(t->sigma[j * (n + 1)]);
            for (size_t k = 0; k < j; k++)
                centre += s->root[j + k * pre] * z[k];
            double low = hu_normal_below((-width - centre) / s->root[j + j * pre]);
            double high = hu_normal_below((width - centre) / s->root[j + j * pre]);
            weight *= high - low;
            double u = low + s->uniform[d * pre + j] * (high - low);
            z[j] = hu_normal_quantile(fmin(fmax(u, 1e-300), 1 - 1e-16));
        }
        total += weight;
        for (size_t j = 0; j < pre; j++)
            s->mean[j] += weight * z[j];
    }
    for (size_t j = 0; j < pre; j++)
        s->mean[j] = total > 0 ? s->mean[j] / total : 0;
    return total / DRAWS;
}

/* The slope found with probability `power`: the power grows with it. */
static hu_error *find_slope(simulator *s, double power, double *slope)
{
    size_t pre = s->trends->pre, n = pre + s->trends->post;
    double low = 0, high = 0;
    for (size_t j = 0; j < pre; j++)
        high = fmax(high, sqrt(s->trends->sigma[j * (n + 1)]) / fabs(s->periods[j]));
    if (1 - passes(s, 0) >= power)
        return hu_fail(HU_USAGE, "a power of %g: without any trend the pretest already fails with probability %.3f",
                       power, 1 - passes(s, 0));
    for (int doubling = 0; doubling < 60 && 1 - passes(s, high) < power; doubling++)
        high *= 2;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        if (1 - passes(s, middle) < power)
            low = middle;
        else
            high = middle;
    }
    *slope = (low + high) / 2;
    return NULL;
}

/* E[beta | passes]: before treatment delta + root E[z]; after it delta + sigma_post,pre sigma_pre^-1 root E[z]. */
static void conditional_means(const simulator *s, hu_pretest *out)
{
    const hu_trends *t = s->trends;
    size_t pre = t->pre, n = pre + t->post;
    double y[HU_TRENDS_PERIODS];
    for (size_t i = 0; i < pre; i++) {
        out->mean_if_passed[i] = out->trend[i];
        for (size_t k = 0; k <= i; k++)
            out->mean_if_passed[i] += s->root[i + k * pre] * s->mean[k];
    }
    memcpy(y, s->mean, pre * sizeof *y); /* sigma_pre^-1 root z = root'^-1 z */
    LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'L', 'T', 'N', (lapack_int)pre, 1, s->root, (lapack_int)pre, y, (lapack_int)pre);
    for (size_t i = pre; i < n; i++) {
        out->mean_if_passed[i] = out->trend[i];
        for (size_t k = 0; k < pre; k++)
            out->mean_if_passed[i] += t->sigma[i + k * n] * y[k];
    }
}

/* exp of half the difference of (beta - delta)' sigma_pre^-1 (beta - delta), with delta = 0 and the trend. */
static double likelihood_ratio(const simulator *s, const double *trend)
{
    size_t pre = s->trends->pre;
    double distance[2] = {0}, y[HU_TRENDS_PERIODS];
    for (int with = 0; with < 2; with++) {
        for (size_t i = 0; i < pre; i++)
            y[i] = s->trends->beta[i] - (with ? trend[i] : 0);
        LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'L', 'N', 'N', (lapack_int)pre, 1, s->root, (lapack_int)pre, y,
                       (lapack_int)pre);
        for (size_t i = 0; i < pre; i++)
            distance[with] += y[i] * y[i];
    }
    return exp((distance[0] - distance[1]) / 2);
}

hu_error *hu_pretest_power(const hu_trends *trends, const double *periods, double power, double level, uint64_t seed,
                           hu_arena *arena, hu_pretest *out)
{
    HU_SCRATCH(scratch);
    simulator s;
    size_t n = trends->pre + trends->post;
    if (!(power > 0 && power < 1))
        return hu_fail(HU_USAGE, "a power of %g: expected a probability such as 0.5 or 0.8", power);
    if (trends->pre == 0 || n > HU_TRENDS_PERIODS)
        return hu_fail(HU_USAGE, "%zu periods before treatment: expected from 1 to %d", trends->pre, HU_TRENDS_PERIODS);
    HU_TRY(prepare(trends, periods, level > 0 ? level : 0.95, seed, scratch, &s));
    *out = (hu_pretest){
        .power = power, .trend = HU_NEW_ARRAY(arena, double, n), .mean_if_passed = HU_NEW_ARRAY(arena, double, n)};
    HU_TRY(find_slope(&s, power, &out->slope));
    out->passes_null = passes(&s, 0);
    (void)passes(&s, out->slope);
    for (size_t i = 0; i < n; i++)
        out->trend[i] = out->slope * periods[i];
    conditional_means(&s, out);
    out->likelihood_ratio = likelihood_ratio(&s, out->trend);
    for (size_t t = 0; t < trends->post; t++) {
        out->bias += trends->weight[t] * out->trend[trends->pre + t];
        out->bias_if_passed += trends->weight[t] * out->mean_if_passed[trends->pre + t];
    }
    return NULL;
}
