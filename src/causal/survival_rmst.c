/* Restricted mean survival time: the area under the Kaplan-Meier curve. */

#include "survival_parts.h"

#include "huella/numerics/distributions.h"

#include <math.h>

/* Steps of one stratum's curve up to the horizon. */
typedef struct area {
    size_t n;
    double *time, *at_risk, *died, *after; /* n: after = S from time on */
    double mean;
    double *rest; /* n: area from time to the horizon */
} area;

static area area_under(const hu_survival *data, size_t stratum, double until, hu_arena *scratch)
{
    size_t rows = data->first[stratum + 1] - data->first[stratum] + 1;
    area a = {.time = HU_NEW_ARRAY(scratch, double, rows),
              .at_risk = HU_NEW_ARRAY(scratch, double, rows),
              .died = HU_NEW_ARRAY(scratch, double, rows),
              .after = HU_NEW_ARRAY(scratch, double, rows),
              .rest = HU_NEW_ARRAY(scratch, double, rows)};
    surv_step step = surv_first(data, stratum, scratch);
    double s = 1, from = 0;
    hu_sum mean = {0};
    while (surv_next(data, stratum, &step) && step.time <= until) {
        hu_sum_add(&mean, s * (step.time - from));
        from = step.time;
        s *= step.entered == step.to && step.died[0] == step.at_risk ? 0 : 1 - step.died[0] / step.at_risk;
        a.time[a.n] = step.time;
        a.at_risk[a.n] = step.at_risk;
        a.died[a.n] = step.died[0];
        a.after[a.n++] = s;
    }
    hu_sum_add(&mean, s * (until - from));
    a.mean = hu_sum_value(&mean);
    double rest = 0, to = until;
    for (size_t j = a.n; j-- > 0;) {
        rest += a.after[j] * (to - a.time[j]);
        a.rest[j] = rest;
        to = a.time[j];
    }
    return a;
}

/* d(area) = -sum over steps of rest dM / (Y - d); a step that leaves nobody has no area behind it. */
static double per_event(const area *a, size_t j)
{
    double left = a->at_risk[j] - a->died[j];
    return a->after[j] > 0 && left > 0 ? a->rest[j] / left : 0;
}

static double greenwood(const area *a)
{
    hu_sum sum = {0};
    for (size_t j = 0; j < a->n; j++)
        if (a->died[j] > 0)
            hu_sum_add(&sum, a->rest[j] * per_event(a, j) * a->died[j] / a->at_risk[j]);
    return hu_sum_value(&sum);
}

/* Influence by cluster on the area of one stratum. */
static void influence(const hu_survival *data, size_t stratum, const area *a, double *by_cluster)
{
    size_t from = data->first[stratum], to = data->first[stratum + 1], entered = from, row = from;
    double gathered = 0; /* sum of rest h / (Y - d): what a row at risk has gathered */
    for (size_t j = 0; j <= a->n; j++) {
        double time = j < a->n ? a->time[j] : INFINITY;
        for (; data->entry && entered < to && data->start[data->entry[entered]] < time; entered++) {
            size_t i = data->entry[entered];
            by_cluster[data->cluster[i]] -= surv_weight(data, i) * gathered;
        }
        if (j < a->n)
            gathered += per_event(a, j) * a->died[j] / a->at_risk[j];
        for (; row < to && data->stop[row] <= time; row++) {
            double event = j < a->n && data->event[row] ? per_event(a, j) : 0;
            by_cluster[data->cluster[row]] += surv_weight(data, row) * (gathered - event);
        }
    }
}

static hu_effect effect_of(double estimate, double variance, double level, bool test)
{
    double se = sqrt(variance), z = hu_normal_quantile(0.5 + level / 2);
    return (hu_effect){.estimate = estimate,
                       .se = se,
                       .lower = estimate - z * se,
                       .upper = estimate + z * se,
                       .p = test ? hu_normal_two_sided(estimate / se) : NAN,
                       .band_lower = NAN,
                       .band_upper = NAN};
}

/* The last time up to which every stratum is observed, unless a horizon is given. */
static hu_error *check_horizon(const hu_survival *data, double *until)
{
    double shortest = INFINITY;
    size_t which = 0;
    for (size_t s = 0; s < data->strata; s++) {
        size_t last = data->first[s + 1] - 1;
        if (data->stop[last] < shortest) {
            shortest = data->stop[last];
            which = s;
        }
    }
    if (*until == 0)
        *until = shortest;
    if (*until > 0 && *until <= shortest)
        return NULL;
    if (!(*until > 0))
        return hu_fail(HU_USAGE, "the mean time is restricted to a time after 0, not %g", *until);
    return hu_fail(
        HU_USAGE,
        "%s%s%s is observed up to %g only: the mean time up to %g would be a guess; restrict it to %g or less",
        data->source, data->label ? ": " : "", data->label ? data->label[which] : "", shortest, *until, shortest);
}

static double sum_of_squares(const double *a, const double *b, size_t n)
{
    hu_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        double d = a[i] - (b ? b[i] : 0);
        hu_sum_add(&sum, d * d);
    }
    return hu_sum_value(&sum);
}

hu_error *hu_restricted_mean(const hu_survival *data, double until, double level, hu_arena *arena, hu_rmst **out)
{
    HU_SCRATCH(scratch);
    HU_TRY(check_horizon(data, &until));
    hu_rmst *result = *out = HU_NEW(arena, hu_rmst);
    bool robust = data->clustered || data->weight;
    level = level > 0 ? level : 0.95;
    *result = (hu_rmst){.until = until,
                        .mean = HU_NEW_ARRAY(arena, hu_effect, data->strata),
                        .difference = HU_NEW_ARRAY(arena, hu_effect, data->strata),
                        .se_type = data->clustered ? "infinitesimal jackknife, summed by cluster"
                                   : robust        ? "infinitesimal jackknife, by case"
                                                   : "Greenwood"};
    double *base = robust ? HU_NEW_ARRAY(scratch, double, data->clusters) : NULL;
    result->difference[0] = effect_of(NAN, NAN, level, true);
    for (size_t s = 0; s < data->strata; s++) {
        HU_SCRATCH(here);
        area a = area_under(data, s, until, here);
        double *u = robust && s > 0 ? HU_NEW_ARRAY(here, double, data->clusters) : base;
        if (robust)
            influence(data, s, &a, u);
        double variance = robust ? sum_of_squares(u, NULL, data->clusters) : greenwood(&a);
        result->mean[s] = effect_of(a.mean, variance, level, false);
        if (s == 0)
            continue;
        double se0 = result->mean[0].se, both = robust ? sum_of_squares(u, base, data->clusters) : variance + se0 * se0;
        result->difference[s] = effect_of(a.mean - result->mean[0].estimate, both, level, true);
    }
    return NULL;
}
