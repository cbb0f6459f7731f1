/* Several estimators side by side, by time since treatment. */

#include "did.h"
#include "plot.h"

#include "huella/numerics/factor.h"

#include <math.h>
#include <string.h>

typedef struct comparisons {
    const char *outcome;
    did_comparison *of;
    size_t n, dropped;
} comparisons;

/* ---- JSON ---- */

static void put_effect(hu_json *json, const hu_effect *e)
{
    hu_json_put_number(json, "estimate", e->estimate);
    hu_json_put_number(json, "se", e->se);
    hu_json_put_interval(json, "ci", e->lower, e->upper);
    hu_json_put_number(json, "p", e->p);
    if (isfinite(e->band_lower))
        hu_json_put_interval(json, "band", e->band_lower, e->band_upper);
}

/* Of the event study's estimates, in their order; a reference period has zeros. */
static void put_covariance(hu_json *json, const hu_event_study *study)
{
    if (!study->variance)
        return;
    hu_json_key(json, "covariance");
    hu_json_array(json);
    for (size_t a = 0; a < study->n; a++) {
        hu_json_array(json);
        for (size_t b = 0; b < study->n; b++)
            hu_json_number(json, study->variance[a + b * study->n]);
        hu_json_array_end(json);
    }
    hu_json_array_end(json);
}

static void put_comparison(hu_json *json, const did_comparison *c)
{
    hu_json_object(json);
    hu_json_put_text(json, "estimator", c->estimator);
    hu_json_put_integer(json, "n", (int64_t)c->n);
    hu_json_put_integer(json, "units", (int64_t)c->units);
    hu_json_put_integer(json, "clusters", (int64_t)c->clusters);
    if (c->overall_of) {
        hu_json_key(json, "overall");
        hu_json_object(json);
        put_effect(json, &c->overall);
        hu_json_put_text(json, "over", c->overall_of);
        hu_json_object_end(json);
    }
    hu_json_key(json, "event_study");
    hu_json_array(json);
    for (size_t i = 0; i < c->study.n; i++) {
        hu_json_object(json);
        hu_json_put_number(json, "event_time", c->study.cells[i].at);
        put_effect(json, &c->study.cells[i].effect);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    put_covariance(json, &c->study);
    hu_json_put_notes(json, c->study.se_type, c->warnings, c->n_warnings);
    hu_json_object_end(json);
}

static void body(hu_json *json, const void *context)
{
    const comparisons *all = context;
    hu_json_object(json);
    hu_json_put_text(json, "outcome", all->outcome);
    hu_json_key(json, "estimators");
    hu_json_array(json);
    for (size_t e = 0; e < all->n; e++)
        put_comparison(json, &all->of[e]);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

/* ---- CSV ---- */

static void csv_row(FILE *out, const char *estimator, const char *kind, double at, const hu_effect *e)
{
    const double values[] = {at, e->estimate, e->se, e->lower, e->upper, e->p, e->band_lower, e->band_upper};
    fprintf(out, "%s,%s", estimator, kind);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void csv(FILE *out, const comparisons *all)
{
    fputs("estimator,kind,event_time,estimate,se,ci_lower,ci_upper,p,band_lower,band_upper\n", out);
    for (size_t e = 0; e < all->n; e++) {
        const did_comparison *c = &all->of[e];
        if (c->overall_of)
            csv_row(out, c->estimator, "overall", NAN, &c->overall);
        for (size_t i = 0; i < c->study.n; i++)
            csv_row(out, c->estimator, "event_study", c->study.cells[i].at, &c->study.cells[i].effect);
    }
}

/* ---- a table: event times down, estimators across ---- */

static const hu_effect *effect_at(const did_comparison *c, double at)
{
    for (size_t i = 0; i < c->study.n; i++)
        if (c->study.cells[i].at == at)
            return &c->study.cells[i].effect;
    return NULL;
}

static size_t all_times(const comparisons *all, hu_arena *arena, double **times)
{
    size_t n = 0, most = 1;
    for (size_t e = 0; e < all->n; e++)
        most += all->of[e].study.n;
    double *found = HU_NEW_ARRAY(arena, double, most);
    for (size_t e = 0; e < all->n; e++)
        for (size_t i = 0; i < all->of[e].study.n; i++)
            found[n++] = all->of[e].study.cells[i].at;
    hu_factor levels;
    hu_factor_numbers(found, n, arena, &levels);
    *times = HU_NEW_ARRAY(arena, double, levels.levels + 1);
    for (size_t l = 0; l < levels.levels; l++)
        (*times)[l] = found[levels.first[l]];
    return levels.levels;
}

static void table_cell(FILE *out, const hu_effect *e)
{
    if (!e || isnan(e->estimate))
        fprintf(out, " %20s", "-");
    else if (isnan(e->se))
        fprintf(out, " %11.4f         ", e->estimate);
    else
        fprintf(out, " %11.4f (%6.4f)", e->estimate, e->se);
}

static void table(FILE *out, const comparisons *all, hu_arena *arena)
{
    double *times;
    char text[32];
    size_t n = all_times(all, arena, &times);
    fprintf(out, "Effect on %s by time since treatment: estimate (error)\n\n  %-12s", all->outcome, "event time");
    for (size_t e = 0; e < all->n; e++)
        fprintf(out, " %20s", all->of[e].estimator);
    fputc('\n', out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "  %-12s", hu_format_double(times[i], text));
        for (size_t e = 0; e < all->n; e++)
            table_cell(out, effect_at(&all->of[e], times[i]));
        fputc('\n', out);
    }
    fprintf(out, "\n  %-12s", "average");
    for (size_t e = 0; e < all->n; e++)
        table_cell(out, all->of[e].overall_of ? &all->of[e].overall : NULL);
    fprintf(out, "\n  %-12s", "rows");
    for (size_t e = 0; e < all->n; e++)
        fprintf(out, " %11zu         ", all->of[e].n);
    fputs("\n\n", out);
    for (size_t e = 0; e < all->n; e++) {
        const did_comparison *c = &all->of[e];
        fprintf(out, "%s: average over %s; errors: %s.\n", c->estimator, c->overall_of ? c->overall_of : "nothing",
                c->study.se_type);
        for (size_t i = 0; i < c->n_warnings; i++)
            fprintf(out, "  Note: %s.\n", c->warnings[i]);
    }
}

hu_error *hu_did_plot(const hu_run *run, const char *title, const char *outcome, hu_event_study *study)
{
    hu_event_study_bands(study, 0, run->seed);
    return hu_plot_event_studies(run, title, hu_printf(run->arena, "Effect on %s", outcome), NULL, study, 1);
}

static hu_error *plot(const hu_run *run, const comparisons *all)
{
    const char **labels = HU_NEW_ARRAY(run->arena, const char *, all->n + 1);
    hu_event_study *studies = HU_NEW_ARRAY(run->arena, hu_event_study, all->n + 1);
    for (size_t e = 0; e < all->n; e++) {
        labels[e] = all->of[e].label;
        studies[e] = all->of[e].study;
    }
    const char *effect = hu_printf(run->arena, "Effect on %s", all->outcome);
    return hu_plot_event_studies(run, effect, effect, labels, studies, all->n);
}

hu_error *hu_compare_estimators(hu_run *run, const char *const *names, size_t n, const hu_table *data,
                                const hu_did_columns *columns)
{
    hu_did_options options = {0};
    HU_TRY(hu_did_options_of(run, &options));
    comparisons all = {.outcome = columns->outcome, .of = HU_NEW_ARRAY(run->arena, did_comparison, n), .n = n};
    for (size_t e = 0; e < n; e++) {
        for (size_t other = 0; other < e; other++)
            if (strcmp(names[e], names[other]) == 0)
                return hu_fail(HU_USAGE, "--estimator: %s is named twice", names[e]);
        HU_TRY(hu_did_estimate(run, names[e], data, columns, &options, &all.of[e]));
    }
    HU_TRY(plot(run, &all));
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, &all, run->arena);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, &all);
    else
        hu_print_json(run, body, &all);
    return NULL;
}
