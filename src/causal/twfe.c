/* Two-way fixed effects with clustered errors. */

#include "huella/causal/twfe.h"

#include "did_rows.h"

#include "huella/numerics/cluster.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/within.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* What is left of a column below this share of its length is rounding: the effects absorb it. */
static const double absorbed = 1e-9;

typedef struct design {
    size_t n, k;
    double *y, *x, *w; /* n, n x k, n or NULL */
    hu_factor effects[2], cluster;
} design;

static void warn(hu_twfe_result *result, hu_arena *arena, const char *message)
{
    result->warnings =
        hu_regrow(arena, result->warnings, result->n_warnings, result->n_warnings + 1, sizeof *result->warnings);
    result->warnings[result->n_warnings++] = message;
}

static void code_effects(const did_rows *rows, hu_arena *arena, design *d)
{
    if (rows->unit) {
        hu_factor_column(rows->unit, rows->row, rows->n, arena, &d->effects[0]);
    } else {
        double *g = HU_NEW_ARRAY(arena, double, rows->n);
        for (size_t i = 0; i < rows->n; i++)
            g[i] = did_rows_cohort(rows, i);
        hu_factor_numbers(g, rows->n, arena, &d->effects[0]);
    }
    hu_factor_column(rows->time, rows->row, rows->n, arena, &d->effects[1]);
}

/* Rows without weight say nothing, nor do rows alone in an effect: both go, and the factors are coded anew. */
static void keep_informative(did_rows *rows, hu_arena *arena, design *d, hu_twfe_result *result)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!rows->weights || rows->weights->numbers[rows->row[i]] > 0)
            rows->row[n++] = rows->row[i];
    rows->n = n;
    code_effects(rows, arena, d);
    bool *keep = HU_NEW_ARRAY(arena, bool, rows->n + 1);
    result->singletons = hu_singletons(d->effects, 2, rows->n, keep);
    if (result->singletons == 0)
        return;
    n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (keep[i])
            rows->row[n++] = rows->row[i];
    rows->n = n;
    code_effects(rows, arena, d);
    warn(result, arena, hu_printf(arena, "%zu rows alone in their unit or period are left out", result->singletons));
}

static void fill(const did_rows *rows, hu_arena *arena, design *d)
{
    d->n = rows->n;
    d->k = rows->n_covariates + 1;
    d->y = HU_NEW_ARRAY(arena, double, d->n);
    d->x = HU_NEW_ARRAY(arena, double, d->n * d->k);
    d->w = rows->weights ? HU_NEW_ARRAY(arena, double, d->n) : NULL;
    for (size_t i = 0; i < d->n; i++) {
        d->y[i] = rows->outcome->numbers[rows->row[i]];
        d->x[i] = rows->time->numbers[rows->row[i]] >= did_rows_cohort(rows, i);
        for (size_t j = 1; j < d->k; j++)
            d->x[j * d->n + i] = did_rows_covariate(rows, j - 1, i);
        if (d->w)
            d->w[i] = rows->weights->numbers[rows->row[i]];
    }
    if (rows->cluster)
        hu_factor_column(rows->cluster, rows->row, rows->n, arena, &d->cluster);
    else
        d->cluster = d->effects[0];
}

/* Takes the effects out of outcome and regressors; what they absorb becomes exactly zero. */
static hu_error *take_out_effects(design *d, hu_arena *arena)
{
    double *length = HU_NEW_ARRAY(arena, double, d->k);
    for (size_t j = 0; j < d->k; j++)
        length[j] = cblas_dnrm2((int)d->n, d->x + j * d->n, 1);
    HU_TRY(hu_within(d->effects, 2, d->w, d->n, d->y, 1));
    HU_TRY(hu_within(d->effects, 2, d->w, d->n, d->x, d->k));
    for (size_t j = 0; j < d->k; j++)
        if (cblas_dnrm2((int)d->n, d->x + j * d->n, 1) <= absorbed * length[j])
            memset(d->x + j * d->n, 0, d->n * sizeof *d->x);
    if (cblas_dnrm2((int)d->n, d->x, 1) == 0)
        return hu_fail(HU_SINGULAR,
                       "treatment does not vary within units and periods, so its effect cannot be told from theirs: "
                       "somebody must be treated, not everybody at once, and observed before and after");
    return NULL;
}

static void report(const hu_fit *fit, const double *variance, const hu_did_columns *columns, double level,
                   hu_arena *arena, hu_twfe_result *result)
{
    double quantile = hu_t_quantile(0.5 + level / 2, result->df);
    result->coefficients = HU_NEW_ARRAY(arena, hu_coefficient, fit->k);
    result->n_coefficients = fit->k;
    for (size_t j = 0; j < fit->k; j++) {
        const char *name = j ? columns->covariates[j - 1] : "treated";
        double b = fit->coefficients[j], se = fit->dropped[j] ? NAN : sqrt(variance[j + j * fit->k]);
        result->coefficients[j] = (hu_coefficient){
            name, b, se, b - quantile * se, b + quantile * se, b / se, hu_t_two_sided(b / se, result->df)};
        if (fit->dropped[j])
            warn(result, arena,
                 hu_printf(arena, "covariate %s is dropped: the fixed effects or other covariates determine it", name));
    }
}

hu_error *hu_twfe(const hu_table *table, const hu_did_columns *columns, double level, hu_arena *arena,
                  hu_twfe_result **out)
{
    HU_SCRATCH(scratch);
    hu_twfe_result *result = HU_NEW(arena, hu_twfe_result);
    did_rows rows;
    design d = {0};
    if (level == 0)
        level = 0.95;
    if (!(level > 0 && level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", level);
    HU_TRY(did_rows_complete(table, columns, scratch, &rows));
    result->dropped = rows.dropped;
    keep_informative(&rows, scratch, &d, result);
    if (rows.n == 0)
        return hu_fail(HU_EMPTY, "%s: no unit is observed in two periods with a positive weight", table->source);
    fill(&rows, scratch, &d);
    HU_TRY(take_out_effects(&d, scratch));
    hu_fit fit;
    double *variance;
    HU_TRY(hu_least_squares(d.x, d.n, d.k, d.y, d.w, scratch, &fit));
    size_t parameters = hu_count_parameters(fit.rank, d.effects, 2, &d.cluster);
    HU_TRY(hu_wrap(hu_cluster_variance(&fit, d.x, d.w, &d.cluster, HU_CR1S, parameters, scratch, &variance), "%s",
                   table->source));
    result->n = d.n;
    result->units = d.effects[0].levels;
    result->clusters = d.cluster.levels;
    result->df = (double)d.cluster.levels - 1;
    const char *by = columns->cluster ? columns->cluster : columns->unit ? columns->unit : columns->cohort;
    result->se_type = hu_printf(arena, "clustered by %s, G/(G-1)*(n-1)/(n-K) with K=%zu, t with %g degrees of freedom",
                                by, parameters, result->df);
    report(&fit, variance, columns, level, arena, result);
    *out = result;
    return NULL;
}
