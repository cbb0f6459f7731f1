/* Simulated trials: what their clusters show. */

#include "power_parts.h"

#include "huella/base/random.h"
#include "huella/numerics/distributions.h"

#include <math.h>
#include <string.h>

/* Normal scores of 1 … n with mean 0 and variance 1, in random order. */
static double *scores(size_t n, uint64_t seed, const char *what, hu_arena *arena)
{
    double *out = HU_NEW_ARRAY(arena, double, n), square = 0;
    size_t *order = HU_NEW_ARRAY(arena, size_t, n);
    hu_random random = hu_random_start(seed, hu_random_stream(what, 0));
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    hu_random_shuffle(&random, order, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = hu_normal_quantile(((double)order[i] + 0.5) / (double)n);
        square += out[i] * out[i];
    }
    for (size_t i = 0; i < n; i++)
        out[i] /= sqrt(square / (double)n);
    return out;
}

/* Which share of what lies behind a cluster's mean the covariate and the strata explain together. */
static double explained_behind(const hu_power_design *d, double mean, double n)
{
    double between, all = hu_power_variance(d, mean, n, &between);
    double explained = d->baseline * d->baseline + d->strata_share;
    return d->outcome == HU_POWER_CONTINUOUS || explained == 0 ? explained : explained * all / between;
}

hu_error *power_fix(const hu_power_design *design, uint64_t seed, hu_arena *arena, power_fixed *fixed)
{
    size_t g = design->clusters, per = g / design->strata, treated = design->treated / design->strata;
    *fixed = (power_fixed){design,
                           seed,
                           hu_power_sizes(design, arena),
                           NULL,
                           NULL,
                           HU_NEW_ARRAY(arena, uint32_t, g),
                           HU_NEW_ARRAY(arena, uint32_t, g)};
    for (size_t c = 0; c < g; c++) {
        fixed->stratum[c] = (uint32_t)(c / per);
        fixed->deal[c] = c % per < treated;
        if (explained_behind(design, design->mean, fixed->size[c]) > 1)
            return hu_fail(
                HU_USAGE,
                "with clusters of %g units, sampling noise is most of a cluster's mean: a baseline correlation "
                "of %g and a share of %g by strata are more than can be explained",
                fixed->size[c], design->baseline, design->strata_share);
    }
    if (design->baseline != 0)
        fixed->covariate = scores(g, seed, "power covariate", arena);
    if (design->strata_share > 0) {
        const double *by_stratum = scores(design->strata, seed, "power strata", arena);
        fixed->block = HU_NEW_ARRAY(arena, double, g);
        for (size_t c = 0; c < g; c++)
            fixed->block[c] = by_stratum[fixed->stratum[c]];
    }
    return NULL;
}

/* The cluster's rank as a normal deviate, of which covariate and stratum explain their shares. */
static double deviate(const power_fixed *f, size_t c, double own)
{
    const hu_power_design *d = f->design;
    double explained = d->baseline * d->baseline + d->strata_share;
    double behind = explained_behind(d, d->mean, f->size[c]), scale = explained > 0 ? sqrt(behind / explained) : 0;
    double known =
        (f->covariate ? d->baseline * f->covariate[c] : 0) + (f->block ? sqrt(d->strata_share) * f->block[c] : 0);
    return scale * known + sqrt(fmax(0, 1 - behind)) * own;
}

/* The mean of a cluster whose rank is z and whose sampling noise stands at u, in an arm of this mean. */
static double mean_of(const hu_power_design *d, double mean, double n, double z, double u)
{
    double between, all = hu_power_variance(d, mean, n, &between), rank = hu_normal_below(z);
    if (d->outcome == HU_POWER_CONTINUOUS)
        return mean + sqrt(all) * z;
    if (d->outcome == HU_POWER_COUNT) {
        double shape = d->between_cv > 0 ? 1 / (d->between_cv * d->between_cv) : 0;
        double rate = shape > 0 ? hu_gamma_quantile(rank, shape, mean / shape) : mean;
        return hu_poisson_quantile(u, rate * n) / n;
    }
    double sum = d->icc > 0 ? (1 - d->icc) / d->icc : 0;
    double share = sum > 0 ? hu_beta_quantile(rank, mean * sum, (1 - mean) * sum) : mean;
    return hu_binomial_quantile(u, n, share) / n;
}

void power_draw(const power_fixed *f, size_t study, const double *effects, size_t n, uint32_t *arm, double *means)
{
    const hu_power_design *d = f->design;
    size_t g = d->clusters, per = g / d->strata;
    hu_random random = hu_random_start(f->seed, hu_random_stream("power study", study));
    for (size_t s = 0; s < d->strata; s++) /* Fisher-Yates within the stratum */
        for (size_t i = 0; i < per; i++) {
            size_t c = s * per + i, j = s * per + hu_random_below(&random, i + 1);
            arm[c] = arm[j];
            arm[j] = f->deal[c];
        }
    for (size_t c = 0; c < g; c++) {
        double z = deviate(f, c, hu_random_normal(&random)), u = hu_random_uniform(&random);
        for (size_t e = 0; e < n; e++)
            means[e * g + c] = mean_of(d, d->mean + (arm[c] ? effects[e] : 0), f->size[c], z, u);
    }
}
