/* Power of a cluster trial in formulas. */

#include "huella/design/power.h"

#include "huella/numerics/distributions.h"

#include <math.h>

static hu_error *within(double value, double low, double high, const char *what)
{
    return value >= low && value <= high
               ? NULL
               : hu_fail(HU_USAGE, "%s of %g: expected from %g to %g", what, value, low, high);
}

static hu_error *check_outcome(hu_power_design *d)
{
    if (d->outcome == HU_POWER_BINARY)
        HU_TRY(within(d->mean, 1e-9, 1 - 1e-9, "a share in control"));
    if (d->outcome == HU_POWER_COUNT)
        HU_TRY(within(d->mean, 1e-12, 1e12, "a rate in control"));
    if (d->sd == 0)
        d->sd = 1;
    HU_TRY(within(d->sd, 1e-300, 1e300, "a standard deviation"));
    HU_TRY(within(d->icc, 0, 0.99, "an intracluster correlation"));
    return within(d->between_cv, 0, 100, "a coefficient of variation between clusters");
}

hu_error *hu_power_check(hu_power_design *d)
{
    if (d->clusters < 4 || d->clusters > 100000)
        return hu_fail(HU_USAGE, "%zu clusters: expected from 4 to 100,000", d->clusters);
    if (d->treated == 0)
        d->treated = d->clusters / 2;
    if (d->treated >= d->clusters)
        return hu_fail(HU_USAGE, "%zu of %zu clusters treated: expected some in either arm", d->treated, d->clusters);
    HU_TRY(within(d->size, 1e-9, 1e12, "a cluster's size"));
    HU_TRY(within(d->size_cv, 0, 5, "a coefficient of variation of sizes"));
    HU_TRY(check_outcome(d));
    HU_TRY(within(d->baseline, -0.999, 0.999, "a correlation with the baseline"));
    HU_TRY(within(d->strata_share, 0, 0.999, "a share explained by strata"));
    if (d->strata == 0)
        d->strata = 1;
    if (d->strata_share > 0 && d->strata == 1)
        return hu_fail(HU_USAGE, "strata explain a share of %g, and there are none", d->strata_share);
    if (d->baseline * d->baseline + d->strata_share >= 1)
        return hu_fail(HU_USAGE, "a baseline and strata cannot explain all of the variance between them");
    if (d->strata > d->clusters / 2 || d->clusters % d->strata || (d->clusters / d->strata) * d->treated % d->clusters)
        return hu_fail(HU_USAGE,
                       "%zu clusters, %zu of them treated, in %zu strata: expected strata of equal size that "
                       "can be split alike",
                       d->clusters, d->treated, d->strata);
    if (d->alpha == 0)
        d->alpha = 0.05;
    HU_TRY(within(d->alpha, 1e-6, 0.5, "a level of the test"));
    return hu_power_df(d) >= 1
               ? NULL
               : hu_fail(HU_SINGULAR, "%zu clusters in %zu strata leave no degree of freedom", d->clusters, d->strata);
}

double *hu_power_sizes(const hu_power_design *d, hu_arena *arena)
{
    double *sizes = HU_NEW_ARRAY(arena, double, d->clusters), shape = 1 / (d->size_cv * d->size_cv);
    for (size_t c = 0; c < d->clusters; c++) {
        double n = d->size;
        if (d->size_cv > 0)
            n = hu_gamma_quantile(((double)c + 0.5) / (double)d->clusters, shape, d->size / shape);
        sizes[c] = d->outcome == HU_POWER_COUNT ? fmax(n, 1e-9) : fmax(1, round(n));
    }
    return sizes;
}

double hu_power_variance(const hu_power_design *d, double mean, double n, double *between)
{
    double v = d->outcome == HU_POWER_CONTINUOUS ? d->sd * d->sd : mean * (1 - mean);
    *between = d->outcome == HU_POWER_COUNT ? pow(d->between_cv * mean, 2) : d->icc * v;
    return *between + (d->outcome == HU_POWER_COUNT ? mean : (1 - d->icc) * v) / n;
}

double hu_power_df(const hu_power_design *d)
{
    return (double)d->clusters - 1 - (double)d->strata - (d->baseline != 0);
}

double hu_power_se(const hu_power_design *d, double effect)
{
    HU_SCRATCH(scratch);
    const double *sizes = hu_power_sizes(d, scratch);
    double weight = 0, sum[2] = {0}, between, g = (double)d->clusters, treated = (double)d->treated;
    for (size_t c = 0; c < d->clusters; c++) {
        double w = d->cluster_means ? 1 : sizes[c];
        weight += w;
        for (int arm = 0; arm < 2; arm++)
            sum[arm] += w * w * hu_power_variance(d, d->mean + arm * effect, sizes[c], &between);
    }
    double left = 1 - d->baseline * d->baseline - d->strata_share, rest = g - (double)d->strata - 3;
    if (d->baseline != 0 && rest > 0)
        left *= 1 + 1 / rest;
    return sqrt(left * (sum[0] * g / (g - treated) + sum[1] * g / treated)) / weight;
}

static bool possible(const hu_power_design *d, double effect)
{
    double mean = d->mean + effect;
    return d->outcome == HU_POWER_CONTINUOUS || (mean > 0 && (d->outcome == HU_POWER_COUNT || mean < 1));
}

double hu_power_of(const hu_power_design *d, double effect)
{
    if (!possible(d, effect))
        return NAN;
    double df = hu_power_df(d), critical = hu_t_quantile(1 - d->alpha / 2, df), ncp = effect / hu_power_se(d, effect);
    return 1 - hu_noncentral_t_below(critical, df, ncp) + hu_noncentral_t_below(-critical, df, ncp);
}

double hu_power_mde(const hu_power_design *d, double power, bool downward)
{
    double sign = downward ? -1 : 1, low = 0, high = hu_power_se(d, 0) / 8;
    while (possible(d, sign * high) && !(hu_power_of(d, sign * high) >= power)) {
        low = high;
        high *= 2;
        if (!isfinite(high))
            return NAN;
    }
    for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
        double middle = low + (high - low) / 2;
        if (possible(d, sign * middle) && !(hu_power_of(d, sign * middle) >= power))
            low = middle;
        else
            high = middle;
    }
    return possible(d, sign * high) && hu_power_of(d, sign * high) >= power - 1e-6 ? sign * high : NAN;
}
