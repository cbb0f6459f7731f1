/* Effects of cohort and period as contrasts of cells; their averages by event time. */

#include "saturated.h"

#include "huella/numerics/cluster.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

void saturated_note(hu_regression *result, hu_arena *arena, const char *text)
{
    did_note(arena, &result->warnings, &result->n_warnings, "%s", text);
}

/* Rows of a cohort treated from the first period on have no period before. */
void saturated_drop_always_treated(did_rows *rows, hu_arena *arena, hu_regression *result)
{
    HU_SCRATCH(scratch);
    double start = INFINITY;
    bool *keep = HU_NEW_ARRAY(scratch, bool, rows->n + 1);
    size_t before = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        start = fmin(start, hu_number_at(rows->time, rows->row[i]));
    for (size_t i = 0; i < rows->n; i++)
        keep[i] = did_rows_cohort(rows, i) > start;
    did_rows_keep(rows, keep);
    if (rows->n < before)
        saturated_note(
            result, arena,
            hu_printf(arena, "%zu rows of units treated from the first period on are left out", before - rows->n));
}

void saturated_events(saturated *d, hu_arena *scratch)
{
    double *times = HU_NEW_ARRAY(scratch, double, d->n_effects);
    for (size_t k = 0; k < d->n_effects; k++)
        times[k] = d->effect[k].event_time;
    hu_factor events;
    hu_factor_numbers(times, d->n_effects, scratch, &events);
    d->n_events = events.levels;
    d->event_time = HU_NEW_ARRAY(scratch, double, events.levels);
    for (size_t e = 0; e < events.levels; e++)
        d->event_time[e] = times[events.first[e]];
}

/* The contrast of cells that averages the effects from one event time to another; false when there is none. */
static bool contrast(const saturated *d, double from, double to, double *q)
{
    double total = 0;
    memset(q, 0, d->cell.levels * sizeof *q);
    for (size_t k = 0; k < d->n_effects; k++)
        if (d->effect[k].event_time >= from && d->effect[k].event_time <= to)
            total += d->effect[k].weight;
    if (total == 0)
        return false;
    for (size_t k = 0; k < d->n_effects; k++) {
        const saturated_effect *f = &d->effect[k];
        if (f->event_time < from || f->event_time > to)
            continue;
        double share = f->weight / total;
        q[f->here] += share;
        q[f->base] -= share;
        q[f->reference] -= share;
        q[f->reference_base] += share;
    }
    return true;
}

/*
 * Influence of clusters on coefficient `at`, an average of cell effects by contrast q: sums of w e (a + b) with the
 * weights of hu_two_way_solve, less what comes through the covariates, q'b_x B s.
 */
static void average_influence(saturated *d, const double *q, const double *scores, size_t at, size_t width, double *a,
                              double *b)
{
    const did_fixed *v = &d->on.values;
    hu_two_way_solve(d->on.fit, NULL, q, a,
                     b); /* units within clusters: residuals sum to zero in each, so a drops out */
    for (size_t i = 0; i < v->n; i++) {
        double weight = b[d->cell.code[i]] + (a ? a[d->effects[0].code[i]] : 0);
        d->influence[d->cluster.code[i] * width + at] += (v->w ? v->w[i] : 1) * v->y[i] * weight;
    }
    for (size_t j = 0; j < v->k; j++) {
        double through = 0;
        for (size_t l = 0; l < v->k; l++)
            through += d->on.bread[j + l * v->k] * cblas_ddot((int)d->cell.levels, q, 1, d->on.b_x[l], 1);
        for (size_t c = 0; c < d->cluster.levels && through != 0; c++)
            d->influence[c * width + at] -= through * scores[c * v->k + j];
    }
}

/* Estimates in the order of the result, and the influence of each cluster on them. Returns how many there are. */
static size_t estimate(saturated *d, hu_arena *scratch, double *estimates)
{
    size_t k = d->on.values.k, width = d->n_events + k + 1, count = 0;
    double *q = HU_NEW_ARRAY(scratch, double, d->cell.levels), *b = HU_NEW_ARRAY(scratch, double, d->cell.levels);
    double *a = hu_nested(&d->effects[0], &d->cluster) ? NULL : HU_NEW_ARRAY(scratch, double, d->effects[0].levels);
    double *scores = did_covariate_scores(&d->on, &d->cluster, NULL, scratch);
    d->influence = HU_NEW_ARRAY(scratch, double, d->cluster.levels *width);
    for (size_t e = 0; e < d->n_events; e++, count++) {
        contrast(d, d->event_time[e], d->event_time[e], q);
        estimates[count] = cblas_ddot((int)d->cell.levels, q, 1, d->on.b, 1);
        average_influence(d, q, scores, count, width, a, b);
    }
    for (size_t j = 0; j < k; j++, count++) {
        estimates[count] = d->on.beta[j];
        for (size_t c = 0; c < d->cluster.levels; c++)
            d->influence[c * width + count] = cblas_ddot((int)k, d->on.bread + j * k, 1, scores + c * k, 1);
    }
    if (contrast(d, 0, INFINITY, q)) {
        estimates[count] = cblas_ddot((int)d->cell.levels, q, 1, d->on.b, 1);
        average_influence(d, q, scores, count++, width, a, b);
    }
    return count;
}

static const char *name_of(const saturated *d, const hu_did_columns *columns, size_t at, hu_arena *arena)
{
    if (at < d->n_events)
        return hu_printf(arena, "event_time=%g", d->event_time[at]);
    return at < d->n_events + d->on.values.k ? columns->covariates[at - d->n_events] : "ATT";
}

/* The contrast of the cells' dummies (their first level has none) of every coefficient. */
static double *few_contrasts(const saturated *d, size_t count, hu_arena *scratch)
{
    const hu_with_effects *columns = &d->few.columns;
    double *contrasts = HU_NEW_ARRAY(scratch, double, columns->k *count + 1);
    double *q = HU_NEW_ARRAY(scratch, double, d->cell.levels);
    size_t k = d->on.values.k;
    for (size_t j = 0; j < count; j++) {
        double *c = contrasts + j * columns->k;
        if (j >= d->n_events && j < d->n_events + k) {
            c[columns->first + j - d->n_events] = 1;
            continue;
        }
        contrast(d, j < d->n_events ? d->event_time[j] : 0, j < d->n_events ? d->event_time[j] : INFINITY, q);
        memcpy(c + columns->dummies[1], q + 1, (d->cell.levels - 1) * sizeof *c);
    }
    return contrasts;
}

static hu_error *few_clusters(saturated *d, size_t parameters, const char *cluster_name,
                              const hu_regression_options *options, hu_arena *scratch, hu_arena *arena,
                              hu_regression *result)
{
    did_fixed raw;
    hu_factor effects[2] = {d->effects[0], d->cell};
    did_rows_values(&d->rows, scratch, &raw);
    HU_TRY(did_few_fit(raw.y, raw.x, raw.n, raw.k, raw.w, effects, 2, &d->cluster, options, scratch, &d->few));
    if (d->few.columns.dummies[1] == SIZE_MAX)
        return hu_fail(HU_SINGULAR,
                       "every cell of a cohort and period lies within one cluster of %s: cluster by the "
                       "unit or above it",
                       cluster_name);
    return did_few_apply(&d->few, few_contrasts(d, result->n_coefficients, scratch), parameters, cluster_name, options,
                         arena, result);
}

static hu_error *saturated_report(saturated *d, const hu_did_columns *columns, const hu_regression_options *options,
                                  hu_arena *scratch, hu_arena *arena, hu_regression *result)
{
    size_t width = d->n_events + d->on.values.k + 1;
    double *estimates = HU_NEW_ARRAY(scratch, double, width), factor, rounding = did_rounding(&d->rows);
    size_t parameters = hu_count_parameters(d->n_effects + d->on.rank, d->effects, 2, &d->cluster);
    HU_TRY(hu_correction_factor(HU_CR1S, d->on.values.n, d->cluster.levels, parameters, &factor));
    size_t count = estimate(d, scratch, estimates);
    result->n = d->on.values.n;
    result->units = d->effects[0].levels;
    result->clusters = d->cluster.levels;
    result->df = (double)d->cluster.levels - 1;
    result->se_type = hu_printf(arena, "clustered by %s, G/(G-1)*(n-1)/(n-K) with K=%zu, t with %g degrees of freedom",
                                did_cluster_name(columns), parameters, result->df);
    result->n_coefficients = count;
    result->coefficients = HU_NEW_ARRAY(arena, hu_coefficient, count);
    result->variance = HU_NEW_ARRAY(arena, double, count *count);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, (int)count, (int)count, (int)d->cluster.levels, factor,
                d->influence, (int)width, d->influence, (int)width, 0, result->variance, (int)count);
    for (size_t j = 0; j < count; j++) {
        double se = isnan(estimates[j]) ? NAN : sqrt(result->variance[j + j * count]);
        result->coefficients[j] = did_coefficient(name_of(d, columns, j, arena), estimates[j], se,
                                                  j >= d->n_events && j < d->n_events + d->on.values.k ? 0 : rounding,
                                                  options->level, result->df);
    }
    hu_regression_options few = did_few_options(options, result->clusters, result->n, d->cell.levels + d->on.values.k);
    did_few_plain plain = did_few_before(result, scratch);
    hu_error *error = NULL;
    if (did_few_wanted(&few))
        error = few_clusters(d, parameters, did_cluster_name(columns), &few, scratch, arena, result);
    return did_few_after(&plain, options, &few, error, arena, result);
}

hu_error *saturated_fit(const saturated_kind *kind, const hu_table *table, const hu_did_columns *columns,
                        const hu_regression_options *asked, hu_arena *arena, hu_regression **out)
{
    HU_SCRATCH(scratch);
    hu_regression *result = HU_NEW(arena, hu_regression);
    hu_regression_options options = asked ? *asked : (hu_regression_options){0};
    saturated d = {0};
    HU_TRY(did_level(&options.level));
    HU_TRY(kind->select_rows(table, columns, scratch, arena, &d, result));
    kind->code_cells(&d, scratch);
    did_rows_clusters(&d.rows, &d.effects[0], scratch, &d.cluster);
    HU_TRY(did_regress(&d.rows, &d.effects[0], &d.cell, scratch, &d.on));
    did_regression_notes(&d.on, columns, arena, &result->warnings, &result->n_warnings);
    HU_TRY(kind->list_effects(&d, scratch, arena, result));
    HU_TRY(hu_wrap(saturated_report(&d, columns, &options, scratch, arena, result), "%s", table->source));
    *out = result;
    return NULL;
}
