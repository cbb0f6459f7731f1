/* Results of `huella did`: JSON as in the contract, tables for people, CSV for spreadsheets. */

#include "did.h"

#include "huella/base/json.h"

#include <math.h>
#include <string.h>

/* ---- JSON ---- */

/* The keys of an effect, within an object that is open. `name` is "att" or "estimate". */
static void put_effect(hu_json *json, const char *name, const hu_effect *effect)
{
    hu_json_put_number(json, name, effect->estimate);
    hu_json_put_number(json, "se", effect->se);
    hu_json_put_interval(json, "ci", effect->lower, effect->upper);
    hu_json_put_number(json, "p", effect->p);
    if (!isnan(effect->band_lower))
        hu_json_put_interval(json, "band", effect->band_lower, effect->band_upper);
}

static void put_cell(hu_json *json, const hu_att_gt *cell)
{
    hu_json_object(json);
    hu_json_put_number(json, "cohort", cell->cohort);
    hu_json_put_number(json, "time", cell->time);
    put_effect(json, "att", &cell->effect);
    hu_json_put_integer(json, "n", (int64_t)(cell->treated + cell->controls));
    hu_json_put_integer(json, "treated", (int64_t)cell->treated);
    hu_json_put_integer(json, "controls", (int64_t)cell->controls);
    if (cell->reference)
        hu_json_put_bool(json, "reference", true);
    if (cell->note)
        hu_json_put_text(json, "note", cell->note);
    hu_json_object_end(json);
}

static void put_aggregate(hu_json *json, const char *name, const char *at, const hu_did_aggregate *aggregate)
{
    hu_json_key(json, name);
    hu_json_object(json);
    if (at) {
        hu_json_key(json, "overall");
        hu_json_object(json);
    }
    put_effect(json, "att", &aggregate->overall);
    if (at) {
        hu_json_object_end(json);
        hu_json_key(json, "cells");
        hu_json_array(json);
        for (size_t i = 0; i < aggregate->n_cells; i++) {
            hu_json_object(json);
            hu_json_put_number(json, at, aggregate->cells[i].at);
            put_effect(json, "att", &aggregate->cells[i].effect);
            hu_json_object_end(json);
        }
        hu_json_array_end(json);
    }
    hu_json_object_end(json);
}

void hu_json_put_did_counts(hu_json *json, const char *estimator, size_t n, size_t units, size_t clusters,
                            size_t dropped)
{
    hu_json_put_text(json, "estimator", estimator);
    hu_json_put_integer(json, "n", (int64_t)n);
    hu_json_put_integer(json, "units", (int64_t)units);
    hu_json_put_integer(json, "clusters", (int64_t)clusters);
    hu_json_put_integer(json, "dropped", (int64_t)dropped);
}

/* A result, and the randomization test beside it. */
typedef struct tested {
    const hu_did_result *result;
    const did_permutation *permutation;
} tested;

static void did_json(hu_json *json, const void *context)
{
    const tested *t = context;
    const hu_did_result *result = t->result;
    hu_json_object(json);
    hu_json_put_did_counts(json, "callaway_santanna", result->n, result->units, result->clusters, result->dropped);
    hu_json_key(json, "att_gt");
    hu_json_array(json);
    for (size_t k = 0; k < result->n_att_gt; k++)
        put_cell(json, &result->att_gt[k]);
    hu_json_array_end(json);
    hu_json_key(json, "aggregate");
    hu_json_object(json);
    put_aggregate(json, "simple", NULL, &result->simple);
    put_aggregate(json, "group", "cohort", &result->group);
    put_aggregate(json, "dynamic", "event_time", &result->dynamic);
    put_aggregate(json, "calendar", "time", &result->calendar);
    hu_json_object_end(json);
    hu_json_key(json, "pretrend");
    hu_json_object(json);
    hu_json_put_number(json, "statistic", result->pretrend_statistic);
    hu_json_put_integer(json, "df", result->pretrend_df);
    hu_json_put_number(json, "p", result->pretrend_p);
    hu_json_object_end(json);
    hu_json_put_permutation(json, t->permutation);
    hu_json_put_notes(json, result->se_type, (const char *const *)result->warnings, result->n_warnings);
    hu_json_object_end(json);
}

/* ---- CSV: one row an effect ---- */

static void csv_row(FILE *out, const char *kind, double cohort, double time, double event, const hu_effect *effect)
{
    fputs(kind, out);
    const double values[] = {cohort,        time,          event,     effect->estimate,   effect->se,
                             effect->lower, effect->upper, effect->p, effect->band_lower, effect->band_upper};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void did_csv(FILE *out, const tested *t)
{
    const hu_did_result *result = t->result;
    fputs("kind,cohort,time,event_time,att,se,ci_lower,ci_upper,p,band_lower,band_upper\n", out);
    for (size_t k = 0; k < result->n_att_gt; k++) {
        const hu_att_gt *cell = &result->att_gt[k];
        csv_row(out, "att_gt", cell->cohort, cell->time, cell->time - cell->cohort, &cell->effect);
    }
    csv_row(out, "simple", NAN, NAN, NAN, &result->simple.overall);
    csv_row(out, "group", NAN, NAN, NAN, &result->group.overall);
    csv_row(out, "dynamic", NAN, NAN, NAN, &result->dynamic.overall);
    csv_row(out, "calendar", NAN, NAN, NAN, &result->calendar.overall);
    for (size_t i = 0; i < result->group.n_cells; i++)
        csv_row(out, "group", result->group.cells[i].at, NAN, NAN, &result->group.cells[i].effect);
    for (size_t i = 0; i < result->dynamic.n_cells; i++)
        csv_row(out, "dynamic", NAN, NAN, result->dynamic.cells[i].at, &result->dynamic.cells[i].effect);
    for (size_t i = 0; i < result->calendar.n_cells; i++)
        csv_row(out, "calendar", NAN, result->calendar.cells[i].at, NAN, &result->calendar.cells[i].effect);
    if (!t->permutation->result)
        return;
    hu_effect fisher = hu_permutation_effect(t->permutation);
    csv_row(out, "fisher", NAN, NAN, NAN, &fisher);
}

/* ---- tables ---- */

void hu_print_did_counts(FILE *out, const char *title, size_t n, size_t units, size_t clusters, size_t dropped)
{
    fprintf(out, "%s\n%zu rows, %zu units, %zu clusters; %zu rows with a missing value left out\n", title, n, units,
            clusters, dropped);
}

static void table_effect(FILE *out, const char *label, const hu_effect *e)
{
    hu_print_row(out, label, e->estimate, e->se, e->lower, e->upper, e->p);
}

/* Cells of a family, with the uniform band behind where there is one. */
static void table_cells(FILE *out, const char *label, const hu_did_aggregate *aggregate, bool mark_treatment)
{
    hu_print_head(out, label, "effect");
    bool before = true;
    for (size_t i = 0; i < aggregate->n_cells; i++) {
        char at[32];
        if (mark_treatment && before && aggregate->cells[i].at >= 0) {
            fputs(i ? "  - - treatment - -\n" : "", out);
            before = false;
        }
        table_effect(out, hu_format_double(aggregate->cells[i].at, at), &aggregate->cells[i].effect);
    }
    if (!isnan(aggregate->critical))
        fprintf(out, "  All at once: error times %.3f on either side (uniform band).\n", aggregate->critical);
}

static void did_table(const hu_run *run, const char *title, const tested *t)
{
    const hu_did_result *result = t->result;
    FILE *out = run->out;
    char p[16];
    hu_print_did_counts(out, title, result->n, result->units, result->clusters, result->dropped);
    hu_print_head(out, "average over", "effect");
    table_effect(out, "all (simple)", &result->simple.overall);
    table_effect(out, "cohorts", &result->group.overall);
    table_effect(out, "event times from 0", &result->dynamic.overall);
    table_effect(out, "periods", &result->calendar.overall);
    table_cells(out, "event time", &result->dynamic, true);
    table_cells(out, "cohort", &result->group, false);
    table_cells(out, "period", &result->calendar, false);
    if (result->pretrend_df)
        fprintf(out, "\nEffects before treatment, all zero? chi2(%d) = %.3f, p %s\n", result->pretrend_df,
                result->pretrend_statistic, hu_p_text(result->pretrend_p, p));
    hu_print_permutation(run, t->permutation);
    hu_print_notes(out, result->se_type, (const char *const *)result->warnings, result->n_warnings);
}

void hu_print_did(const hu_run *run, const char *title, const hu_did_result *result, const did_permutation *permutation)
{
    const tested t = {result, permutation};
    if (run->format == HU_FORMAT_TABLE)
        did_table(run, title, &t);
    else if (run->format == HU_FORMAT_CSV)
        did_csv(run->out, &t);
    else
        hu_print_json(run, did_json, &t);
}
