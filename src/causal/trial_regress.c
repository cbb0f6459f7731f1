/* The regressions of a trial. */

#include "trial_parts.h"

#include <math.h>
#include <string.h>

static hu_factor part_of(const hu_factor *factor, const trial_regression *on, hu_arena *arena)
{
    if (!on->at)
        return *factor;
    HU_SCRATCH(scratch);
    hu_factor part;
    double *codes = HU_NEW_ARRAY(scratch, double, on->n);
    for (size_t i = 0; i < on->n; i++)
        codes[i] = factor->code[trial_at(on, i)];
    hu_factor_numbers(codes, on->n, arena, &part);
    return part;
}

/* Covariates; then the arm; with Lin's adjustment covariates less their means, and their products with the arm last. */
static void fill_regressors(const trial_rows *rows, const trial_regression *on, hu_trial_adjust adjust, size_t k,
                            double *x)
{
    size_t n = on->n;
    for (size_t j = 0; j < k; j++) {
        double sum = 0, weight = 0;
        for (size_t i = 0; i < n; i++) {
            double w = on->w ? on->w[i] : 1;
            x[j * n + i] = trial_covariate(rows, j, trial_at(on, i));
            sum += w * x[j * n + i];
            weight += w;
        }
        for (size_t i = 0; i < n && adjust == HU_LIN; i++) {
            x[j * n + i] -= sum / weight;
            x[(k + 1 + j) * n + i] = x[j * n + i] * rows->z[trial_at(on, i)];
        }
    }
    for (size_t i = 0; i < n; i++)
        x[k * n + i] = rows->z[trial_at(on, i)];
}

static hu_error *clustered_error(trial_regression *on, hu_trial_se se, const double *contrast, hu_arena *arena,
                                 double *variance)
{
    HU_SCRATCH(scratch);
    hu_correction correction = se == HU_TRIAL_CR0 ? HU_CR0 : se == HU_TRIAL_CR1 ? HU_CR1S : HU_CR2;
    double *v, *df;
    HU_TRY(hu_cluster_sums(&on->fit, on->columns.x, on->w, &on->cluster, arena, &on->sums));
    HU_TRY(hu_few_clusters_variance(on->sums, correction, on->fit.rank, contrast, 1, scratch, &v, &df));
    *variance = *v;
    on->df = se == HU_TRIAL_CR2 ? *df : (double)on->cluster.levels - 1;
    return NULL;
}

static hu_error *error_of(const trial_rows *rows, trial_regression *on, hu_trial_se se, hu_arena *arena)
{
    HU_SCRATCH(scratch);
    double *contrast = HU_NEW_ARRAY(scratch, double, on->columns.k), *v, variance;
    contrast[on->arm] = 1;
    if (se == HU_TRIAL_HC2 || se == HU_TRIAL_HC3) {
        hu_leverage_variance(&on->fit, on->columns.x, on->w, se == HU_TRIAL_HC2 ? HU_HC2 : HU_HC3, scratch, &v);
        variance = v[on->arm * (on->columns.k + 1)];
        on->df = (double)on->n - (double)on->fit.rank;
        if (rows->clusters)
            HU_TRY(hu_cluster_sums(&on->fit, on->columns.x, on->w, &on->cluster, arena, &on->sums));
    } else {
        HU_TRY(clustered_error(on, se, contrast, arena, &variance));
    }
    on->se = sqrt(variance);
    double largest = 0; /* an error below this is rounding: nothing is left to judge the effect by */
    for (size_t i = 0; i < on->n; i++)
        largest = fmax(largest, fabs(on->columns.y[i]));
    if (!(on->df > 0) || !(on->se > 1e-13 * largest))
        on->se = on->df = NAN;
    return NULL;
}

static hu_error *check_arms(const trial_rows *rows, const trial_regression *on)
{
    size_t count[2] = {0};
    for (size_t i = 0; i < on->n; i++)
        count[rows->z[trial_at(on, i)]]++;
    if (count[0] == 0 || count[1] == 0)
        return hu_fail(HU_EMPTY, "no value in %s: expected some in either arm", count[0] ? "treatment" : "control");
    return NULL;
}

/* The rows whose outcome is known. Where all are, nothing is copied. */
static double *select_known(const trial_rows *rows, const double *y, hu_arena *arena, trial_regression *on)
{
    size_t known = 0;
    for (size_t i = 0; i < rows->n; i++)
        known += !isnan(y[i]);
    on->w = rows->w;
    on->n = known;
    if (known == rows->n)
        return NULL;
    double *kept = HU_NEW_ARRAY(arena, double, known + 1);
    on->at = HU_NEW_ARRAY(arena, uint32_t, known + 1);
    on->w = rows->w ? HU_NEW_ARRAY(arena, double, known + 1) : NULL;
    for (size_t i = 0, n = 0; i < rows->n; i++) {
        if (isnan(y[i]))
            continue;
        if (rows->w)
            on->w[n] = rows->w[i];
        kept[n] = y[i];
        on->at[n++] = (uint32_t)i;
    }
    return kept;
}

hu_error *trial_regress(const trial_rows *rows, const double *y, hu_trial_adjust adjust, hu_trial_se se,
                        hu_arena *arena, trial_regression *on)
{
    HU_SCRATCH(scratch);
    size_t k = adjust == HU_UNADJUSTED ? 0 : rows->k;
    *on = (trial_regression){.carriers = adjust == HU_LIN ? 1 + k : 1};
    const double *known = select_known(rows, y, arena, on);
    HU_TRY(check_arms(rows, on));
    if (rows->clusters)
        on->cluster = part_of(&rows->cluster, on, arena);
    hu_factor stratum = {0};
    if (rows->strata)
        stratum = part_of(&rows->stratum, on, scratch);
    HU_TRY(hu_put_effects(NULL, NULL, on->n, k + on->carriers, on->w, &stratum, rows->strata != NULL, NULL, true, arena,
                          &on->columns));
    on->columns.y = known ? known : y;
    fill_regressors(rows, on, adjust, k, on->columns.x + on->columns.first * on->n);
    on->arm = on->columns.first + k;
    HU_TRY(hu_least_squares(on->columns.x, on->n, on->columns.k, on->columns.y, on->w, arena, &on->fit));
    if (on->fit.dropped[on->arm])
        return hu_fail(HU_SINGULAR,
                       "the arm is a combination of strata and covariates, so that its effect cannot be told from "
                       "theirs: expected strata that hold both arms");
    on->estimate = on->fit.coefficients[on->arm];
    return error_of(rows, on, se, arena);
}
