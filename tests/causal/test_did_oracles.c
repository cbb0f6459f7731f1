/*
 * Every run of R's did 2.3.1.907 (DRDID 1.2.3) in the oracles: ATT(g,t) with errors, all aggregations, the pre-trend
 * test. Effects within 1e-8, errors and statistics within 1e-6, relative.
 */

#include "oracle.h"

static const double effect_tolerance = 1e-8, error_tolerance = 1e-6;

/* What every run of a file shares. */
typedef struct source {
    const char *outcome, *unit, *time, *cohort, *cluster;
} source;

static void check_effect(const hu_effect *effect, const json_t *expected, const char *what)
{
    HU_SCRATCH(scratch);
    oracle_close(effect->estimate, oracle_number(expected, "att"), effect_tolerance,
                 hu_printf(scratch, "%s: effect", what));
    oracle_close(effect->se, oracle_number(expected, "se"), error_tolerance, hu_printf(scratch, "%s: error", what));
}

static void check_cells(const hu_did_result *result, const json_t *run, const char *what)
{
    HU_SCRATCH(scratch);
    const json_t *expected, *list = json_object_get(run, "att_gt");
    size_t k;
    assert_int_equal(result->n_att_gt, json_array_size(list));
    json_array_foreach(list, k, expected) {
        const hu_att_gt *cell = &result->att_gt[k];
        assert_true(cell->cohort == oracle_number(expected, "cohort"));
        assert_true(cell->time == oracle_number(expected, "time"));
        check_effect(&cell->effect, expected, hu_printf(scratch, "%s: ATT(%g,%g)", what, cell->cohort, cell->time));
    }
}

static void check_aggregate(const hu_did_aggregate *aggregate, const json_t *run, const char *kind, const char *what)
{
    HU_SCRATCH(scratch);
    const json_t *expected = json_object_get(json_object_get(run, "aggregate"), kind), *item;
    const json_t *cells = json_object_get(expected, "cells");
    size_t i;
    assert_non_null(expected);
    check_effect(&aggregate->overall, json_object_get(expected, "overall"), hu_printf(scratch, "%s: %s", what, kind));
    assert_int_equal(aggregate->n_cells, json_array_size(cells));
    json_array_foreach(cells, i, item) {
        assert_true(aggregate->cells[i].at == oracle_number(item, "key"));
        check_effect(&aggregate->cells[i].effect, item,
                     hu_printf(scratch, "%s: %s at %g", what, kind, aggregate->cells[i].at));
    }
}

static void check_pretrend(const hu_did_result *result, const json_t *run, const char *what)
{
    const json_t *wald = json_object_get(run, "wald");
    double statistic = json_number_value(json_array_get(json_array_get(json_object_get(wald, "statistic"), 0), 0));
    double p = json_number_value(json_array_get(json_array_get(json_object_get(wald, "p"), 0), 0));
    check_close(result->pretrend_statistic, statistic, error_tolerance, what);
    assert_true(fabs(result->pretrend_p - p) <= 0.5000001e-5); /* the peer rounds it to five places */
}

static void check_run(const hu_table *table, const source *s, const json_t *run, const char *what)
{
    HU_SCRATCH(arena);
    const json_t *call = json_object_get(run, "call");
    const char *formula = json_string_value(json_object_get(call, "covariates"));
    const char *covariates[2] = {strcmp(formula, "~1") ? formula + 1 : NULL, NULL};
    hu_did_columns columns = {s->outcome, s->unit,    s->time,
                              s->cohort,  s->cluster, json_string_value(json_object_get(call, "weights")),
                              covariates};
    hu_did_options options = oracle_options(call);
    hu_did_result *result = NULL;
    CHECK_OK(hu_did(table, &columns, &options, arena, &result));
    check_cells(result, run, what);
    check_aggregate(&result->simple, run, "simple", what);
    check_aggregate(&result->group, run, "group", what);
    check_aggregate(&result->dynamic, run, "dynamic", what);
    check_aggregate(&result->calendar, run, "calendar", what);
    check_pretrend(result, run, what);
}

static void check_file(const char *data, const char *runs, const source *s, size_t count)
{
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, data);
    json_t *root = oracle_json(runs), *run, *list = json_object_get(root, "runs");
    size_t i;
    assert_int_equal(json_array_size(list), count);
    json_array_foreach(list, i, run)
        check_run(table, s, run, hu_printf(arena, "run %zu", i + 1));
    json_decref(root);
}

static void mpdta_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *data = check_shared(arena, "oracles/mpdta.csv");
    if (!data)
        skip();
    const source s = {"lemp", "countyreal", "year", "first.treat", NULL};
    check_file(data, check_shared(arena, "oracles/mpdta_callaway_santanna.json"), &s, 22);
}

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const source s = {"y", "unit", "year", "cohort", NULL};
    check_file(check_source(arena, "tests/oracles/own_panel.csv"),
               check_source(arena, "tests/oracles/own_panel_callaway_santanna.json"), &s, 15);
}

static void own_cases_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const source s = {"convicted", NULL, "half", "cohort", NULL};
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_cases.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases.json"));
    check_run(table, &s, json_object_get(root, "rcs"), "cases");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mpdta_matches_the_peer),
        cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(own_cases_match_the_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
