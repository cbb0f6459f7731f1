/* Two-way fixed effects with clustered errors. */

#include "huella/causal/twfe.h"

#include "did_few.h"
#include "did_fixed.h"

#include "huella/numerics/cluster.h"
#include "huella/numerics/within.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

typedef struct design {
    size_t n, k;
    double *y, *x, *w; /* n, n x k, n or NULL */
    hu_factor effects[2], cluster;
    bool *treated;   /* n */
    double rounding; /* did_rounding() */
    did_few few;     /* with options that ask for it */
} design;

static void fill(const did_rows *rows, hu_arena *arena, design *d)
{
    did_fixed values;
    did_rows_values(rows, arena, &values);
    d->rounding = did_rounding(rows);
    d->n = values.n;
    d->k = values.k + 1;
    d->y = values.y;
    d->w = values.w;
    d->x = HU_NEW_ARRAY(arena, double, d->n * d->k);
    d->treated = HU_NEW_ARRAY(arena, bool, d->n + 1);
    for (size_t i = 0; i < d->n; i++)
        d->x[i] = d->treated[i] = hu_number_at(rows->time, rows->row[i]) >= did_rows_cohort(rows, i);
    memcpy(d->x + d->n, values.x, d->n * values.k * sizeof *d->x);
    did_rows_clusters(rows, &d->effects[0], arena, &d->cluster);
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
        did_zero_absorbed(d->x + j * d->n, d->n, length[j]);
    if (cblas_dnrm2((int)d->n, d->x, 1) == 0)
        return hu_fail(HU_SINGULAR,
                       "treatment does not vary within units and periods, so its effect cannot be told from theirs: "
                       "somebody must be treated, not everybody at once, and observed before and after");
    return NULL;
}

/*
 * The coefficient is a weighted sum of effects of treated units and periods, weights proportional to what effects of
 * units and periods leave of treatment (de Chaisemartin & D'Haultfoeuille 2020, theorem 1). Some may be negative.
 */
static void note_negative_weights(const design *d, hu_arena *arena, hu_regression *result)
{
    double total = 0, negative = 0, rows = 0, below = 0;
    if (d->k > 1) /* covariates would have to be taken out too */
        return;
    for (size_t i = 0; i < d->n; i++) {
        double w = d->w ? d->w[i] : 1, weight = w * d->x[i];
        if (!d->treated[i])
            continue;
        total += weight;
        rows += w;
        negative += fmin(weight, 0);
        below += weight < 0 ? w : 0;
    }
    if (negative < -1e-9 * fabs(total))
        did_note(arena, &result->warnings, &result->n_warnings,
                 "%.0f %% of the treated rows enter with negative weights, %.3f in all against 1 + %.3f: where effects "
                 "differ, the coefficient may lie outside their range",
                 100 * below / rows, negative / total, -negative / total);
}

static void report(const hu_fit *fit, double *variance, const hu_did_columns *columns, double level, double rounding,
                   hu_arena *arena, hu_regression *result)
{
    result->coefficients = HU_NEW_ARRAY(arena, hu_coefficient, fit->k);
    result->n_coefficients = fit->k;
    result->variance = variance;
    for (size_t j = 0; j < fit->k; j++) {
        const char *name = j ? columns->covariates[j - 1] : "treated";
        double se = fit->dropped[j] ? NAN : sqrt(variance[j + j * fit->k]);
        result->coefficients[j] = did_coefficient(name, fit->coefficients[j], se, j ? 0 : rounding, level, result->df);
        if (fit->dropped[j])
            did_note(arena, &result->warnings, &result->n_warnings,
                     "covariate %s is dropped: the fixed effects or other covariates determine it", name);
    }
}

/* Errors for few clusters, of the last d->k columns of the regression with dummies. */
static hu_error *few_clusters(const design *d, size_t parameters, const char *cluster_name,
                              const hu_regression_options *options, hu_arena *arena, hu_regression *result)
{
    HU_SCRATCH(scratch);
    double *contrasts = HU_NEW_ARRAY(scratch, double, d->few.columns.k * d->k);
    for (size_t j = 0; j < d->k; j++)
        contrasts[j * d->few.columns.k + d->few.columns.first + j] = 1;
    return did_few_apply(&d->few, contrasts, parameters, cluster_name, options, arena, result);
}

/* The estimate and its error as every peer gives them; `count` becomes the parameters that CR1 counts. */
static hu_error *estimate_plainly(design *d, const hu_did_columns *columns, const hu_regression_options *options,
                                  hu_arena *scratch, hu_arena *arena, hu_regression *result, size_t *count)
{
    hu_fit fit;
    double *variance;
    HU_TRY(take_out_effects(d, scratch));
    HU_TRY(hu_least_squares(d->x, d->n, d->k, d->y, d->w, scratch, &fit));
    size_t parameters = *count = hu_count_parameters(fit.rank, d->effects, 2, &d->cluster);
    HU_TRY(hu_cluster_variance(&fit, d->x, d->w, &d->cluster, HU_CR1S, parameters, arena, &variance));
    result->se_type = hu_printf(arena, "clustered by %s, G/(G-1)*(n-1)/(n-K) with K=%zu, t with %g degrees of freedom",
                                did_cluster_name(columns), parameters, result->df);
    note_negative_weights(d, arena, result);
    report(&fit, variance, columns, options->level, d->rounding, arena, result);
    return NULL;
}

static hu_error *estimate(design *d, const hu_did_columns *columns, const hu_regression_options *options,
                          hu_arena *scratch, hu_arena *arena, hu_regression *result)
{
    size_t parameters;
    hu_error *error = NULL; /* of the errors for few clusters, which the plain ones do without */
    hu_regression_options few = did_few_options(options, d->cluster.levels, d->n, d->k + d->effects[1].levels);
    if (did_few_wanted(&few))
        error = did_few_fit(d->y, d->x, d->n, d->k, d->w, d->effects, 2, &d->cluster, &few, scratch, &d->few);
    hu_error *plainly = estimate_plainly(d, columns, options, scratch, arena, result, &parameters);
    if (plainly) {
        hu_error_free(error);
        return plainly;
    }
    did_few_plain plain = did_few_before(result, scratch);
    if (!error && did_few_wanted(&few))
        error = few_clusters(d, parameters, did_cluster_name(columns), &few, arena, result);
    return did_few_after(&plain, options, &few, error, arena, result);
}

hu_error *hu_twfe(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *asked,
                  hu_arena *arena, hu_regression **out)
{
    HU_SCRATCH(scratch);
    hu_regression *result = HU_NEW(arena, hu_regression);
    hu_regression_options options = asked ? *asked : (hu_regression_options){0};
    did_rows rows;
    design d = {0};
    HU_TRY(did_level(&options.level));
    HU_TRY(did_rows_complete(table, columns, scratch, &rows));
    result->dropped = rows.dropped;
    did_rows_weighted(&rows);
    result->singletons =
        did_rows_drop_singletons(&rows, scratch, d.effects, arena, &result->warnings, &result->n_warnings);
    if (rows.n == 0)
        return hu_fail(HU_EMPTY, "%s: no unit is observed in two periods with a positive weight", table->source);
    HU_TRY(did_rows_one_cohort(&rows, &d.effects[0], scratch));
    fill(&rows, scratch, &d);
    result->n = d.n;
    result->units = d.effects[0].levels;
    result->clusters = d.cluster.levels;
    result->df = (double)d.cluster.levels - 1;
    HU_TRY(hu_wrap(estimate(&d, columns, &options, scratch, arena, result), "%s", table->source));
    *out = result;
    return NULL;
}
