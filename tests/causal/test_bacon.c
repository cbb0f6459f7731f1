/* The Goodman-Bacon decomposition against R's bacondecomp and against two-way fixed effects. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/bacon.h"
#include "huella/causal/twfe.h"

static const char *const type_names[] = {"Treated vs Untreated", "Earlier vs Later Treated", "Later vs Earlier Treated",
                                         "Later vs Always Treated"};

/* Every comparison of the peer (99999 = never treated), and no other. */
static void check_comparisons(const hu_bacon_result *result, const json_t *rows)
{
    const json_t *row;
    size_t i;
    assert_int_equal(result->n_comparisons, json_array_size(rows));
    json_array_foreach(rows, i, row) {
        double treated = oracle_number(row, "treated"), control = oracle_number(row, "untreated");
        const hu_bacon_comparison *found = NULL;
        for (size_t j = 0; j < result->n_comparisons; j++) {
            const hu_bacon_comparison *c = &result->comparisons[j];
            if (c->treated == treated && (isinf(c->control) ? control == 99999 : c->control == control))
                found = c;
        }
        assert_non_null(found);
        assert_string_equal(type_names[found->type], json_string_value(json_object_get(row, "type")));
        check_close(found->estimate, oracle_number(row, "estimate"), 1e-8, "estimate");
        check_close(found->weight, oracle_number(row, "weight"), 1e-8, "weight");
    }
}

static hu_bacon_result *decompose(const hu_table *table, const hu_did_columns *columns, hu_arena *arena)
{
    hu_bacon_result *result = NULL;
    CHECK_OK(hu_bacon(table, columns, arena, &result));
    return result;
}

static void castle_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/castle.csv");
    if (!path)
        skip();
    json_t *root = oracle_json(check_shared(arena, "oracles/castle_bacon.json"));
    hu_did_columns columns = {.outcome = "l_homicide", .unit = "state", .time = "year", .cohort = "effyear"};
    hu_bacon_result *result = decompose(oracle_table(arena, path), &columns, arena);
    check_comparisons(result, json_object_get(root, "comparisons"));
    check_close(result->twfe, oracle_number(root, "twfe"), 1e-8, "twfe");
    json_decref(root);
}

static const hu_did_columns own = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort"};

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_panel_bacon.json"));
    hu_bacon_result *result = decompose(table, &own, arena);
    check_comparisons(result, json_object_get(root, "bacon"));
    check_close(result->forbidden, 0.0681818181818182 * 2 + 0.0227272727272727, 1e-12, "forbidden");
    assert_int_equal(result->n_warnings, 1);
    json_decref(root);
}

/* Units of five cohorts, one treated from the first period on, periods with gaps, cohorts between periods. */
static hu_table *random_panel(uint64_t seed, hu_arena *arena)
{
    static const double cohorts[] = {0, 1, 4, 7, 9, 40}, times[] = {1, 2, 4, 6, 8, 9, 10};
    hu_random random = hu_random_start(seed, 0);
    size_t units = 13 + hu_random_below(&random, 10), n = 0;
    hu_table *table = hu_table_new(arena, "random", units * 7);
    static const char *const names[] = {"unit", "year", "cohort", "y"};
    for (size_t c = 0; c < 4; c++)
        hu_table_add_numbers(table, arena, names[c]);
    for (size_t u = 0; u < units; u++)
        for (size_t t = 0; t < 7; t++, n++) {
            const double row[] = {(double)u, times[t], cohorts[u % 6], hu_random_normal(&random) + (double)(u * t)};
            for (size_t c = 0; c < 4; c++)
                table->columns[c].numbers[n] = row[c];
        }
    return table;
}

/* Theorem 1: the weighted comparisons add up to the coefficient, and the weights to one. */
static void comparisons_add_up_to_the_regression(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        HU_SCRATCH(arena);
        hu_table *table = random_panel(seed, arena);
        hu_regression *twfe = NULL;
        CHECK_OK(hu_twfe(table, &own, 0, arena, &twfe));
        hu_bacon_result *result = decompose(table, &own, arena);
        double sum = 0, weights = 0;
        for (size_t i = 0; i < result->n_comparisons; i++) {
            assert_true(result->comparisons[i].weight > 0);
            sum += result->comparisons[i].weight * result->comparisons[i].estimate;
            weights += result->comparisons[i].weight;
        }
        check_close(weights, 1, 1e-12, "weights");
        check_close(sum, twfe->coefficients[0].estimate, 1e-9, "twfe");
        check_close(result->twfe, sum, 1e-12, "sum");
    }
}

static void what_cannot_be_decomposed(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = random_panel(1, arena);
    hu_bacon_result *result;
    hu_did_columns columns = own;
    columns.weights = "y";
    CHECK_FAILS(hu_bacon(table, &columns, arena, &result), HU_USAGE, "leave them out");
    hu_column *cohort = hu_table_find(table, "cohort");
    for (size_t i = 0; i < table->rows; i++)
        cohort->numbers[i] = 4;
    CHECK_FAILS(hu_bacon(table, &own, arena, &result), HU_NO_CONTROLS, "same period");
    for (size_t i = 0; i < table->rows; i++)
        cohort->numbers[i] = 0;
    CHECK_FAILS(hu_bacon(table, &own, arena, &result), HU_EMPTY, "nobody is treated");
    hu_table_find(table, "year")->numbers[1] = 1;
    CHECK_FAILS(hu_bacon(table, &own, arena, &result), HU_BAD_INPUT, "twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(castle_matches_the_peer),
        cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(comparisons_add_up_to_the_regression),
        cmocka_unit_test(what_cannot_be_decomposed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
