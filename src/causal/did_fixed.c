/* Rows as regressions with fixed effects see them. */

#include "did_fixed.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/least_squares.h"
#include "huella/numerics/within.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* What is left of a column below this share of its length is rounding: the effects absorb it. */
static const double absorbed = 1e-9;

void did_rows_keep(did_rows *rows, const bool *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (keep[i])
            rows->row[n++] = rows->row[i];
    rows->n = n;
}

void did_rows_weighted(did_rows *rows)
{
    size_t n = 0;
    if (!rows->weights)
        return;
    for (size_t i = 0; i < rows->n; i++)
        if (hu_number_at(rows->weights, rows->row[i]) > 0)
            rows->row[n++] = rows->row[i];
    rows->n = n;
}

void did_rows_effects(const did_rows *rows, hu_arena *arena, hu_factor effects[2])
{
    if (rows->unit) {
        hu_factor_column(rows->unit, rows->row, rows->n, arena, &effects[0]);
    } else {
        HU_SCRATCH(scratch);
        double *g = HU_NEW_ARRAY(scratch, double, rows->n + 1);
        for (size_t i = 0; i < rows->n; i++)
            g[i] = did_rows_cohort(rows, i);
        hu_factor_numbers(g, rows->n, arena, &effects[0]);
    }
    hu_factor_column(rows->time, rows->row, rows->n, arena, &effects[1]);
}

size_t did_rows_drop_singletons(did_rows *rows, hu_arena *arena, hu_factor effects[2], hu_arena *note_arena,
                                const char ***notes, size_t *n_notes)
{
    did_rows_effects(rows, arena, effects);
    HU_SCRATCH(scratch);
    bool *keep = HU_NEW_ARRAY(scratch, bool, rows->n + 1);
    size_t alone = hu_singletons(effects, 2, rows->n, keep);
    if (alone == 0)
        return 0;
    did_rows_keep(rows, keep);
    did_rows_effects(rows, arena, effects);
    did_note(note_arena, notes, n_notes, "%zu rows alone in their unit or period are left out", alone);
    return alone;
}

void did_rows_clusters(const did_rows *rows, const hu_factor *unit, hu_arena *arena, hu_factor *cluster)
{
    if (rows->cluster)
        hu_factor_column(rows->cluster, rows->row, rows->n, arena, cluster);
    else
        *cluster = *unit;
}

const char *did_cluster_name(const hu_did_columns *columns)
{
    return columns->cluster ? columns->cluster : columns->unit ? columns->unit : columns->cohort;
}

void did_rows_values(const did_rows *rows, hu_arena *arena, did_fixed *values)
{
    size_t n = rows->n, k = rows->n_covariates;
    *values = (did_fixed){n, k, HU_NEW_ARRAY(arena, double, n + 1), NULL, HU_NEW_ARRAY(arena, double, n *k + 1)};
    if (rows->weights)
        values->w = HU_NEW_ARRAY(arena, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        values->y[i] = hu_number_at(rows->outcome, rows->row[i]);
        if (rows->weights)
            values->w[i] = hu_number_at(rows->weights, rows->row[i]);
        for (size_t j = 0; j < k; j++)
            values->x[j * n + i] = did_rows_covariate(rows, j, i);
    }
}

bool did_zero_absorbed(double *column, size_t n, double before)
{
    if (cblas_dnrm2((int)n, column, 1) > absorbed * before)
        return false;
    memset(column, 0, n * sizeof *column);
    return true;
}

hu_error *did_regress(const did_rows *rows, const hu_factor *many, const hu_factor *few, hu_arena *arena,
                      did_regression *r)
{
    *r = (did_regression){0};
    did_rows_values(rows, arena, &r->values);
    did_fixed *v = &r->values;
    HU_TRY(hu_two_way_new(many, few, v->w, v->n, arena, &r->fit));
    r->a = HU_NEW_ARRAY(arena, double, many->levels);
    r->b = HU_NEW_ARRAY(arena, double, few->levels);
    r->a_x = HU_NEW_ARRAY(arena, double *, v->k + 1);
    r->b_x = HU_NEW_ARRAY(arena, double *, v->k + 1);
    r->beta = HU_NEW_ARRAY(arena, double, v->k + 1);
    r->bread = HU_NEW_ARRAY(arena, double, v->k * v->k + 1);
    hu_two_way_residuals(r->fit, v->y, r->a, r->b);
    size_t left = v->k;
    for (size_t j = 0; j < v->k; j++) {
        double *x = v->x + j * v->n, length = cblas_dnrm2((int)v->n, x, 1);
        r->a_x[j] = HU_NEW_ARRAY(arena, double, many->levels);
        r->b_x[j] = HU_NEW_ARRAY(arena, double, few->levels);
        hu_two_way_residuals(r->fit, x, r->a_x[j], r->b_x[j]);
        left -= did_zero_absorbed(x, v->n, length);
        r->beta[j] = NAN;
    }
    if (left == 0)
        return NULL;
    hu_fit fit;
    HU_TRY(hu_least_squares(v->x, v->n, v->k, v->y, v->w, arena, &fit));
    hu_give_back(arena, v->y);
    r->beta = fit.coefficients;
    r->bread = fit.bread;
    r->rank = fit.rank;
    v->y = fit.residuals;
    for (size_t j = 0; j < v->k; j++) {
        if (fit.dropped[j])
            continue;
        cblas_daxpy((int)many->levels, -r->beta[j], r->a_x[j], 1, r->a, 1);
        cblas_daxpy((int)few->levels, -r->beta[j], r->b_x[j], 1, r->b, 1);
    }
    return NULL;
}

void did_regression_notes(const did_regression *r, const hu_did_columns *columns, hu_arena *arena, const char ***notes,
                          size_t *n_notes)
{
    for (size_t j = 0; j < r->values.k; j++)
        if (isnan(r->beta[j]))
            did_note(arena, notes, n_notes,
                     "covariate %s is dropped: the fixed effects or other covariates determine it",
                     columns->covariates[j]);
}

double *did_covariate_scores(const did_regression *r, const hu_factor *cluster, const uint32_t *at, hu_arena *arena)
{
    const did_fixed *v = &r->values;
    double *scores = HU_NEW_ARRAY(arena, double, cluster->levels * v->k + 1);
    for (size_t j = 0; j < v->k; j++)
        for (size_t i = 0; i < v->n; i++)
            scores[cluster->code[at ? at[i] : i] * v->k + j] += (v->w ? v->w[i] : 1) * v->y[i] * v->x[j * v->n + i];
    return scores;
}

hu_error *did_level(double *level)
{
    if (*level == 0)
        *level = 0.95;
    if (!(*level > 0 && *level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", *level);
    return NULL;
}

double did_rounding(const did_rows *rows)
{
    double largest = 0;
    for (size_t i = 0; i < rows->n; i++)
        largest = fmax(largest, fabs(hu_number_at(rows->outcome, rows->row[i])));
    return 1e-13 * largest;
}

hu_coefficient did_coefficient(const char *name, double estimate, double se, double rounding, double level, double df)
{
    if (!(se > rounding))
        se = NAN;
    double half = hu_t_quantile(0.5 + level / 2, df) * se, t = estimate / se;
    return (hu_coefficient){name, estimate, se,  estimate - half, estimate + half, t, hu_t_two_sided(t, df),
                            df,   NAN,      NULL};
}
