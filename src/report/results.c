/* Results of a plan as JSON, written and read back: the store keeps them, programs print them, reports draw on them. */

#include "huella/report/results.h"

#include <math.h>
#include <string.h>

const hu_estimate *hu_results_at(const hu_results *results, size_t outcome, size_t estimator)
{
    return &results->estimates[outcome * results->n_estimators + estimator];
}

/* --- writing --- */

static void put_effect(hu_json *json, const hu_effect *effect)
{
    hu_json_put_number(json, "estimate", effect->estimate);
    hu_json_put_number(json, "se", effect->se);
    hu_json_key(json, "ci");
    hu_json_array(json);
    hu_json_number(json, effect->lower);
    hu_json_number(json, effect->upper);
    hu_json_array_end(json);
    hu_json_put_number(json, "p", effect->p);
    if (!isfinite(effect->band_lower))
        return;
    hu_json_key(json, "band");
    hu_json_array(json);
    hu_json_number(json, effect->band_lower);
    hu_json_number(json, effect->band_upper);
    hu_json_array_end(json);
}

static void put_aggregate(hu_json *json, const char *key, const char *at, const hu_did_aggregate *aggregate)
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_key(json, "overall");
    hu_json_object(json);
    put_effect(json, &aggregate->overall);
    hu_json_object_end(json);
    hu_json_key(json, "cells");
    hu_json_array(json);
    for (size_t i = 0; i < aggregate->n_cells; i++) {
        hu_json_object(json);
        hu_json_put_number(json, at, aggregate->cells[i].at);
        put_effect(json, &aggregate->cells[i].effect);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void put_cells(hu_json *json, const hu_did_result *did)
{
    hu_json_key(json, "att_gt");
    hu_json_array(json);
    for (size_t i = 0; i < did->n_att_gt; i++) {
        const hu_att_gt *cell = &did->att_gt[i];
        hu_json_object(json);
        hu_json_put_number(json, "cohort", cell->cohort);
        hu_json_put_number(json, "time", cell->time);
        put_effect(json, &cell->effect);
        hu_json_put_integer(json, "treated", (int64_t)cell->treated);
        hu_json_put_integer(json, "controls", (int64_t)cell->controls);
        if (cell->note)
            hu_json_put_text(json, "note", cell->note);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_did(hu_json *json, const hu_did_result *did)
{
    put_cells(json, did);
    hu_json_key(json, "aggregate");
    hu_json_object(json);
    put_aggregate(json, "simple", "at", &did->simple);
    put_aggregate(json, "group", "cohort", &did->group);
    put_aggregate(json, "dynamic", "event_time", &did->dynamic);
    put_aggregate(json, "calendar", "time", &did->calendar);
    hu_json_object_end(json);
    hu_json_key(json, "pretrend");
    hu_json_object(json);
    hu_json_put_number(json, "statistic", did->pretrend_statistic);
    hu_json_put_integer(json, "df", did->pretrend_df);
    hu_json_put_number(json, "p", did->pretrend_p);
    hu_json_object_end(json);
    hu_json_key(json, "warnings");
    hu_json_array(json);
    for (size_t i = 0; i < did->n_warnings; i++)
        hu_json_text(json, did->warnings[i]);
    hu_json_array_end(json);
}

static void put_estimate(hu_json *json, const hu_results *results, size_t outcome, size_t estimator)
{
    const hu_estimate *estimate = hu_results_at(results, outcome, estimator);
    hu_json_object(json);
    hu_json_put_text(json, "outcome", results->outcomes[outcome].name);
    hu_json_put_text(json, "estimator", results->estimators[estimator].name);
    put_effect(json, &estimate->effect);
    hu_json_put_integer(json, "n", (int64_t)estimate->n);
    hu_json_put_integer(json, "treated", (int64_t)estimate->treated);
    hu_json_put_integer(json, "clusters", (int64_t)estimate->clusters);
    hu_json_put_integer(json, "dropped", (int64_t)estimate->dropped);
    hu_json_put_text(json, "se_type", estimate->se_type);
    hu_json_put_text(json, "failure", estimate->failure);
    if (estimate->did)
        put_did(json, estimate->did);
    hu_json_object_end(json);
}

static void put_outcomes(hu_json *json, const hu_results *results)
{
    hu_json_key(json, "outcomes");
    hu_json_array(json);
    for (size_t i = 0; i < results->n_outcomes; i++) {
        const hu_result_outcome *outcome = &results->outcomes[i];
        hu_json_object(json);
        hu_json_put_text(json, "name", outcome->name);
        hu_json_put_text(json, "label", outcome->label);
        hu_json_put_text(json, "unit", outcome->unit);
        hu_json_put_text(json, "role", outcome->primary ? "primary" : "secondary");
        hu_json_put_bool(json, "share", outcome->share);
        hu_json_put_bool(json, "given_conviction", outcome->given_conviction);
        hu_json_put_number(json, "planted", outcome->planted);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static void put_plan(hu_json *json, const hu_results *results)
{
    hu_json_put_text(json, "title", results->title);
    hu_json_put_text(json, "version", results->version);
    hu_json_put_integer(json, "seed", (int64_t)results->seed);
    hu_json_put_number(json, "level", results->level);
    hu_json_put_integer(json, "period_unit", results->period);
    hu_json_put_integer(json, "from", results->from);
    hu_json_put_integer(json, "to", results->to);
    hu_json_put_integer(json, "delay", results->delay);
    hu_json_key(json, "excluded");
    hu_json_array(json);
    for (size_t i = 0; results->excluded && results->excluded[i]; i++)
        hu_json_text(json, results->excluded[i]);
    hu_json_array_end(json);
}

static void put_lock(hu_json *json, const hu_results *results)
{
    if (!results->locked)
        return;
    hu_json_key(json, "lock");
    hu_json_object(json);
    hu_json_put_text(json, "time", results->locked);
    hu_json_put_text(json, "hash", results->lock_hash);
    hu_json_put_bool(json, "after_results", results->locked_after_results);
    hu_json_key(json, "deviations");
    hu_json_array(json);
    for (size_t i = 0; i < results->n_deviations; i++) {
        const hu_result_deviation *d = &results->deviations[i];
        hu_json_object(json);
        hu_json_put_text(json, "field", d->field);
        hu_json_put_text(json, "before", d->before);
        hu_json_put_text(json, "after", d->after);
        hu_json_put_text(json, "amended", d->amended);
        hu_json_put_text(json, "reason", d->reason);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

void hu_results_write_json(const hu_results *results, hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    hu_json_object(&json);
    put_plan(&json, results);
    put_lock(&json, results);
    put_outcomes(&json, results);
    hu_json_key(&json, "estimators");
    hu_json_array(&json);
    for (size_t i = 0; i < results->n_estimators; i++) {
        hu_json_object(&json);
        hu_json_put_text(&json, "name", results->estimators[i].name);
        hu_json_put_text(&json, "method", results->estimators[i].method);
        hu_json_put_text(&json, "description", results->estimators[i].description);
        hu_json_put_bool(&json, "never_treated_only", results->estimators[i].never_treated_only);
        hu_json_put_bool(&json, "universal_base", results->estimators[i].universal_base);
        hu_json_put_integer(&json, "anticipation", results->estimators[i].anticipation);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_key(&json, "estimates");
    hu_json_array(&json);
    for (size_t i = 0; i < results->n_outcomes * results->n_estimators; i++)
        put_estimate(&json, results, i / results->n_estimators, i % results->n_estimators);
    hu_json_array_end(&json);
    hu_json_object_end(&json);
}

/* --- reading back; what is absent or of another type reads as missing --- */

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static size_t count_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) && json_integer_value(value) > 0 ? (size_t)json_integer_value(value) : 0;
}

static int int_of(const json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *text_of(const json_t *object, const char *key, hu_arena *arena)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? hu_strdup(arena, text) : NULL;
}

static double bound_of(const json_t *object, const char *key, size_t index)
{
    const json_t *value = json_array_get(json_object_get(object, key), index);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static hu_effect effect_of(const json_t *object)
{
    return (hu_effect){.estimate = number_of(object, "estimate"),
                       .se = number_of(object, "se"),
                       .lower = bound_of(object, "ci", 0),
                       .upper = bound_of(object, "ci", 1),
                       .p = number_of(object, "p"),
                       .band_lower = bound_of(object, "band", 0),
                       .band_upper = bound_of(object, "band", 1)};
}

static hu_did_aggregate aggregate_of(const json_t *aggregates, const char *key, const char *at, hu_arena *arena)
{
    const json_t *object = json_object_get(aggregates, key), *cells = json_object_get(object, "cells");
    hu_did_aggregate aggregate = {
        .overall = effect_of(json_object_get(object, "overall")), .n_cells = json_array_size(cells), .critical = NAN};
    aggregate.cells = HU_NEW_ARRAY(arena, hu_did_cell, aggregate.n_cells);
    for (size_t i = 0; i < aggregate.n_cells; i++) {
        const json_t *cell = json_array_get(cells, i);
        aggregate.cells[i] = (hu_did_cell){number_of(cell, at), effect_of(cell)};
    }
    return aggregate;
}

static const hu_did_result *did_of(const json_t *object, hu_arena *arena)
{
    const json_t *cells = json_object_get(object, "att_gt"), *aggregates = json_object_get(object, "aggregate");
    const json_t *pretrend = json_object_get(object, "pretrend"), *warnings = json_object_get(object, "warnings");
    if (!cells)
        return NULL;
    hu_did_result *did = HU_NEW(arena, hu_did_result);
    did->n_att_gt = json_array_size(cells);
    did->att_gt = HU_NEW_ARRAY(arena, hu_att_gt, did->n_att_gt);
    for (size_t i = 0; i < did->n_att_gt; i++) {
        const json_t *cell = json_array_get(cells, i);
        did->att_gt[i] = (hu_att_gt){.cohort = number_of(cell, "cohort"),
                                     .time = number_of(cell, "time"),
                                     .effect = effect_of(cell),
                                     .treated = count_of(cell, "treated"),
                                     .controls = count_of(cell, "controls"),
                                     .note = text_of(cell, "note", arena)};
    }
    did->simple = aggregate_of(aggregates, "simple", "at", arena);
    did->group = aggregate_of(aggregates, "group", "cohort", arena);
    did->dynamic = aggregate_of(aggregates, "dynamic", "event_time", arena);
    did->calendar = aggregate_of(aggregates, "calendar", "time", arena);
    did->pretrend_statistic = number_of(pretrend, "statistic");
    did->pretrend_df = int_of(pretrend, "df");
    did->pretrend_p = number_of(pretrend, "p");
    did->n_warnings = json_array_size(warnings);
    did->warnings = HU_NEW_ARRAY(arena, const char *, did->n_warnings);
    for (size_t i = 0; i < did->n_warnings; i++)
        did->warnings[i] = hu_strdup(arena, json_string_value(json_array_get(warnings, i)) ?: "");
    return did;
}

static void read_outcomes(const json_t *list, hu_arena *arena, hu_results *results)
{
    results->n_outcomes = json_array_size(list);
    results->outcomes = HU_NEW_ARRAY(arena, hu_result_outcome, results->n_outcomes);
    for (size_t i = 0; i < results->n_outcomes; i++) {
        const json_t *object = json_array_get(list, i);
        const char *role = json_string_value(json_object_get(object, "role"));
        results->outcomes[i] =
            (hu_result_outcome){.name = text_of(object, "name", arena) ?: "",
                                .label = text_of(object, "label", arena) ?: "",
                                .unit = text_of(object, "unit", arena) ?: "",
                                .share = json_is_true(json_object_get(object, "share")),
                                .given_conviction = json_is_true(json_object_get(object, "given_conviction")),
                                .primary = role && strcmp(role, "primary") == 0,
                                .planted = number_of(object, "planted")};
    }
}

static void read_estimators(const json_t *list, hu_arena *arena, hu_results *results)
{
    results->n_estimators = json_array_size(list);
    results->estimators = HU_NEW_ARRAY(arena, hu_result_estimator, results->n_estimators);
    for (size_t i = 0; i < results->n_estimators; i++) {
        const json_t *object = json_array_get(list, i);
        results->estimators[i] =
            (hu_result_estimator){.name = text_of(object, "name", arena) ?: "",
                                  .method = text_of(object, "method", arena) ?: "",
                                  .description = text_of(object, "description", arena) ?: "",
                                  .never_treated_only = json_is_true(json_object_get(object, "never_treated_only")),
                                  .universal_base = json_is_true(json_object_get(object, "universal_base")),
                                  .anticipation = int_of(object, "anticipation")};
    }
}

static void read_estimates(const json_t *list, hu_arena *arena, hu_results *results)
{
    size_t count = json_array_size(list);
    results->estimates = HU_NEW_ARRAY(arena, hu_estimate, count);
    for (size_t i = 0; i < count; i++) {
        const json_t *object = json_array_get(list, i);
        results->estimates[i] = (hu_estimate){.effect = effect_of(object),
                                              .n = count_of(object, "n"),
                                              .treated = count_of(object, "treated"),
                                              .clusters = count_of(object, "clusters"),
                                              .dropped = count_of(object, "dropped"),
                                              .se_type = text_of(object, "se_type", arena),
                                              .failure = text_of(object, "failure", arena),
                                              .did = did_of(object, arena)};
    }
}

static void read_plan(const json_t *root, hu_arena *arena, hu_results *results)
{
    const json_t *excluded = json_object_get(root, "excluded");
    size_t count = json_array_size(excluded);
    const char **names = HU_NEW_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = hu_strdup(arena, json_string_value(json_array_get(excluded, i)) ?: "");
    results->title = text_of(root, "title", arena) ?: "";
    results->version = text_of(root, "version", arena) ?: "";
    results->seed = (uint64_t)json_integer_value(json_object_get(root, "seed"));
    results->level = number_of(root, "level");
    results->from = int_of(root, "from");
    results->to = int_of(root, "to");
    results->delay = int_of(root, "delay");
    results->excluded = names;
}

static void read_lock(const json_t *lock, hu_arena *arena, hu_results *results)
{
    const json_t *deviations = json_object_get(lock, "deviations");
    results->locked = text_of(lock, "time", arena);
    results->lock_hash = text_of(lock, "hash", arena);
    results->locked_after_results = json_is_true(json_object_get(lock, "after_results"));
    results->n_deviations = json_array_size(deviations);
    results->deviations = HU_NEW_ARRAY(arena, hu_result_deviation, results->n_deviations);
    for (size_t i = 0; i < results->n_deviations; i++) {
        const json_t *object = json_array_get(deviations, i);
        results->deviations[i] = (hu_result_deviation){.field = text_of(object, "field", arena) ?: "",
                                                       .before = text_of(object, "before", arena),
                                                       .after = text_of(object, "after", arena),
                                                       .amended = text_of(object, "amended", arena),
                                                       .reason = text_of(object, "reason", arena)};
    }
}

hu_error *hu_results_parse(const char *text, hu_arena *arena, hu_results **results_out)
{
    json_error_t problem;
    json_t *root = json_loads(text, 0, &problem);
    if (!root)
        return hu_fail(HU_BAD_INPUT, "stored results, line %d: %s; run `huella estimate` again", problem.line,
                       problem.text);
    hu_results *results = HU_NEW(arena, hu_results);
    int unit = int_of(root, "period_unit");
    read_plan(root, arena, results);
    read_lock(json_object_get(root, "lock"), arena, results);
    read_outcomes(json_object_get(root, "outcomes"), arena, results);
    read_estimators(json_object_get(root, "estimators"), arena, results);
    const json_t *estimates = json_object_get(root, "estimates");
    bool whole = results->n_outcomes && results->n_estimators && unit >= HU_YEAR && unit <= HU_MONTH &&
                 json_array_size(estimates) == results->n_outcomes * results->n_estimators;
    if (whole) {
        results->period = (hu_period_unit)unit;
        read_estimates(estimates, arena, results);
        *results_out = results;
    }
    json_decref(root);
    if (!whole)
        return hu_fail(HU_BAD_INPUT, "stored results are incomplete; run `huella estimate` again");
    return NULL;
}
