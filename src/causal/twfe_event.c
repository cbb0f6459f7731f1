/* The event study by two-way fixed effects. */

#include "huella/causal/event_study.h"

#include "did_events.h"
#include "did_few.h"

#include <math.h>
#include <string.h>

/* All event times but -1; the earliest comes last, so that it is the one dropped where one too many is there. */
static void list_events(did_events *d, hu_arena *arena)
{
    size_t n = 0;
    double *times = HU_NEW_ARRAY(arena, double, d->rows.n + 1);
    hu_factor events;
    for (size_t i = 0; i < d->rows.n; i++) {
        double e = did_event_time(&d->rows, i);
        if (isfinite(e) && e != -1)
            times[n++] = e;
    }
    hu_factor_numbers(times, n, arena, &events);
    d->count = events.levels;
    d->at = HU_NEW_ARRAY(arena, double, events.levels + 1);
    for (size_t e = 0; e < events.levels; e++)
        d->at[(e + events.levels - 1) % events.levels] = times[events.first[e]];
}

/* Where regressor j stands in the result: event times ascending, then covariates. */
static size_t place(const did_events *d, size_t j)
{
    return j < d->count ? (j + 1) % d->count : j;
}

static void report(const did_events *d, const hu_did_columns *columns, double level, hu_arena *arena,
                   hu_regression *result)
{
    result->n = d->rows.n;
    result->units = d->effects[0].levels;
    result->clusters = d->cluster.levels;
    result->df = (double)d->cluster.levels - 1;
    result->se_type = hu_printf(arena, "clustered by %s, G/(G-1)*(n-1)/(n-K) with K=%zu, t with %g degrees of freedom",
                                did_cluster_name(columns), d->parameters, result->df);
    result->n_coefficients = d->k;
    result->coefficients = HU_NEW_ARRAY(arena, hu_coefficient, d->k);
    result->variance = HU_NEW_ARRAY(arena, double, d->k * d->k);
    for (size_t j = 0; j < d->k; j++) {
        const char *name =
            j < d->count ? hu_printf(arena, "event_time=%g", d->at[j]) : columns->covariates[j - d->count];
        double se = d->fit.dropped[j] ? NAN : sqrt(d->variance[j + j * d->k]);
        result->coefficients[place(d, j)] = did_coefficient(
            name, d->fit.coefficients[j], se, j < d->count ? did_rounding(&d->rows) : 0, level, result->df);
        for (size_t l = 0; l < d->k; l++)
            result->variance[place(d, l) + place(d, j) * d->k] = d->variance[l + j * d->k];
        if (d->fit.dropped[j])
            did_note(arena, &result->warnings, &result->n_warnings,
                     j < d->count ? "%s is not identified: units, periods and other event times determine it"
                                  : "covariate %s is dropped: the fixed effects or other covariates determine it",
                     name);
    }
}

/* Errors for few clusters, from the regression with dummies of periods. */
static hu_error *few_clusters(const did_events *d, const hu_did_columns *columns, const hu_regression_options *options,
                              hu_arena *scratch, hu_arena *arena, hu_regression *result)
{
    did_fixed raw;
    did_few few;
    did_rows_values(&d->rows, scratch, &raw);
    double *x = did_events_columns(d, &raw, scratch);
    HU_TRY(did_few_fit(raw.y, x, raw.n, d->k, raw.w, d->effects, 2, &d->cluster, options, scratch, &few));
    double *contrasts = HU_NEW_ARRAY(scratch, double, few.columns.k * d->k);
    for (size_t j = 0; j < d->k; j++)
        contrasts[place(d, j) * few.columns.k + few.columns.first + j] = 1;
    return did_few_apply(&few, contrasts, d->parameters, did_cluster_name(columns), options, arena, result);
}

hu_error *hu_twfe_event_study(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *asked,
                              hu_arena *arena, hu_regression **out)
{
    HU_SCRATCH(scratch);
    hu_regression *result = HU_NEW(arena, hu_regression);
    did_events d = {0};
    hu_regression_options options = asked ? *asked : (hu_regression_options){0};
    HU_TRY(did_level(&options.level));
    HU_TRY(did_rows_complete(table, columns, scratch, &d.rows));
    result->dropped = d.rows.dropped;
    did_rows_weighted(&d.rows);
    did_rows_close(&d.rows);
    result->singletons =
        did_rows_drop_singletons(&d.rows, scratch, d.effects, arena, &result->warnings, &result->n_warnings);
    if (d.rows.n == 0)
        return hu_fail(HU_EMPTY, "%s: no unit is observed in two periods with a positive weight", table->source);
    HU_TRY(did_rows_one_cohort(&d.rows, &d.effects[0], scratch));
    list_events(&d, scratch);
    if (d.count == 0)
        return did_rows_nobody_treated(&d.rows);
    did_rows_clusters(&d.rows, &d.effects[0], scratch, &d.cluster);
    HU_TRY(did_events_fill(&d, scratch));
    HU_TRY(hu_wrap(did_events_fit(&d, scratch), "%s", table->source));
    report(&d, columns, options.level, arena, result);
    hu_regression_options few = did_few_options(&options, result->clusters, d.rows.n, d.k + d.effects[1].levels);
    did_few_plain plain = did_few_before(result, scratch);
    hu_error *error = did_few_wanted(&few) ? few_clusters(&d, columns, &few, scratch, arena, result) : NULL;
    HU_TRY(hu_wrap(did_few_after(&plain, &options, &few, error, arena, result), "%s", table->source));
    *out = result;
    return NULL;
}
