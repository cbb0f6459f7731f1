/* Treatment received, and outcomes that are missing: LATE, Anderson & Rubin's set, Lee's bounds, attrition. */

#include "trial_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/order.h"

#include <math.h>

/*
 * Values b for which the assignment has no effect on y - b d at the level: (py - b pd)^2 <= q (vyy - 2 b vyd + b^2
 * vdd), a quadratic inequality in b. Source: Anderson & Rubin (1949), Annals of Mathematical Statistics 20(1).
 */
static void anderson_rubin(double py, double pd, double vyy, double vyd, double vdd, double q, hu_late *late)
{
    double a = pd * pd - q * vdd, half = py * pd - q * vyd, c = py * py - q * vyy, root = half * half - a * c;
    late->ar_lower = -INFINITY;
    late->ar_upper = INFINITY;
    late->shape = HU_AR_LINE;
    if (a == 0 || (a < 0 && root < 0))
        return;
    root = sqrt(fmax(root, 0));
    double one = (half - root) / a, two = (half + root) / a;
    late->shape = a > 0 ? HU_AR_INTERVAL : HU_AR_RAYS;
    late->ar_lower = fmin(one, two);
    late->ar_upper = fmax(one, two);
}

/* The effect of assignment on scale * y + by * d, where both are known. */
static hu_error *effect_of(const trial_rows *rows, const double *y, double scale, const double *d, double by,
                           const hu_trial_options *options, trial_regression *out, hu_arena *arena)
{
    HU_SCRATCH(scratch);
    double *both = HU_NEW_ARRAY(scratch, double, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        both[i] = isnan(y[i]) || isnan(d[i]) ? NAN : scale * y[i] + by * d[i];
    return trial_regress(rows, both, options->adjust, options->se, arena, out);
}

hu_error *trial_late(const trial_rows *rows, const double *y, const double *d, const hu_trial_options *options,
                     hu_arena *arena, hu_late **out)
{
    HU_SCRATCH(scratch);
    trial_regression on_y, on_d, sum, residual;
    HU_TRY(effect_of(rows, y, 1, d, 0, options, &on_y, scratch));
    HU_TRY(effect_of(rows, y, 0, d, 1, options, &on_d, scratch));
    HU_TRY(effect_of(rows, y, 1, d, 1, options, &sum, scratch));
    hu_late *late = HU_NEW(arena, hu_late);
    bool all_comply = isnan(on_d.se) && !isnan(on_y.se); /* the first stage fits exactly: it has no error */
    double vyy = on_y.se * on_y.se, vdd = all_comply ? 0 : on_d.se * on_d.se;
    double vyd = all_comply ? 0 : (sum.se * sum.se - vyy - vdd) / 2;
    double t = hu_t_quantile(0.5 + options->level / 2, on_y.df);
    *late = (hu_late){.estimate = on_y.estimate / on_d.estimate,
                      .df = on_y.df,
                      .first_stage = on_d.estimate,
                      .first_stage_se = on_d.se,
                      .first_stage_f = on_d.estimate * on_d.estimate / vdd};
    anderson_rubin(on_y.estimate, on_d.estimate, vyy, vyd, vdd, t * t, late);
    late->se = late->lower = late->upper = late->p = NAN;
    *out = late;
    if (!isfinite(late->estimate)) {
        late->estimate = NAN;
        return NULL;
    }
    /* The error of 2SLS: that of the assignment's effect on y - b d, over the first stage. */
    HU_TRY(effect_of(rows, y, 1, d, -late->estimate, options, &residual, scratch));
    late->se = residual.se / fabs(on_d.estimate);
    late->lower = late->estimate - t * late->se;
    late->upper = late->estimate + t * late->se;
    late->p = hu_t_two_sided(late->estimate / late->se, late->df);
    return NULL;
}

/* The mean of one arm's values without `trim` of their weight, from the top or the bottom; a row may count in part. */
static double trimmed_mean(const double *y, const double *w, const uint32_t *order, size_t n, double trim, bool top)
{
    double total = 0, sum = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        total += w[i];
    double room = total * (1 - trim);
    for (size_t i = 0; i < n && room > 0; i++) {
        size_t at = order[top ? i : n - 1 - i];
        double take = fmin(w[at], room);
        sum += take * y[at];
        kept += take;
        room -= take;
    }
    return sum / kept;
}

static bool any_missing(const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(y[i]))
            return true;
    return false;
}

hu_lee *trial_lee(const trial_rows *rows, const double *y, hu_arena *arena)
{
    if (!any_missing(y, rows->n))
        return NULL;
    HU_SCRATCH(scratch);
    double *value[2], *weight[2], all[2] = {0}, seen[2] = {0};
    size_t n[2] = {0};
    for (int arm = 0; arm < 2; arm++) {
        value[arm] = HU_NEW_ARRAY(scratch, double, rows->n);
        weight[arm] = HU_NEW_ARRAY(scratch, double, rows->n);
    }
    for (size_t i = 0; i < rows->n; i++) {
        int arm = rows->z[i];
        double w = rows->w ? rows->w[i] : 1;
        all[arm] += w;
        if (isnan(y[i]))
            continue;
        seen[arm] += w;
        value[arm][n[arm]] = y[i];
        weight[arm][n[arm]++] = w;
    }
    if (n[0] == 0 || n[1] == 0 || (seen[0] == all[0] && seen[1] == all[1]))
        return NULL;
    double q[2] = {seen[0] / all[0], seen[1] / all[1]};
    int full = q[1] >= q[0];
    double trim = 1 - q[!full] / q[full];
    uint32_t *order = hu_order_numbers(value[full], n[full], scratch);
    uint32_t *other = hu_order_numbers(value[!full], n[!full], scratch);
    double low = trimmed_mean(value[full], weight[full], order, n[full], trim, true);
    double high = trimmed_mean(value[full], weight[full], order, n[full], trim, false);
    double rest = trimmed_mean(value[!full], weight[!full], other, n[!full], 0, true);
    hu_lee *lee = HU_NEW(arena, hu_lee);
    *lee = (hu_lee){.lower = full ? low - rest : rest - high,
                    .upper = full ? high - rest : rest - low,
                    .trimmed = trim,
                    .of_treatment = full};
    return lee;
}

hu_error *trial_attrition(const trial_rows *rows, const double *y, hu_trial_se se, hu_trial_effect *effect)
{
    double weight[2] = {0}, lost[2] = {0};
    for (size_t i = 0; i < rows->n; i++) {
        int arm = rows->z[i];
        effect->assigned[arm]++;
        effect->attrited[arm] += isnan(y[i]);
        weight[arm] += rows->w ? rows->w[i] : 1;
        lost[arm] += isnan(y[i]) ? (rows->w ? rows->w[i] : 1) : 0;
    }
    for (int arm = 0; arm < 2; arm++)
        effect->attrition[arm] = lost[arm] / weight[arm];
    effect->attrition_difference = effect->attrition_se = effect->attrition_p = NAN;
    if (effect->attrited[0] + effect->attrited[1] == 0)
        return NULL;
    HU_SCRATCH(scratch);
    double *missing = HU_NEW_ARRAY(scratch, double, rows->n);
    for (size_t i = 0; i < rows->n; i++)
        missing[i] = isnan(y[i]);
    trial_regression on;
    HU_TRY(trial_regress(rows, missing, HU_UNADJUSTED, se, scratch, &on));
    effect->attrition_difference = on.estimate;
    effect->attrition_se = on.se;
    effect->attrition_p = hu_t_two_sided(on.estimate / on.se, on.df);
    return NULL;
}
