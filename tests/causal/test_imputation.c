/* The imputation estimator against R's didimputation, against exact means, and against its definition. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/imputation.h"
#include "huella/numerics/least_squares.h"

/*
 * The peer's first step iterates, which leaves its effects up to 1.41e-8 off (relative): means of the same effects in
 * 40-digit decimal arithmetic are the numbers that each test adds, and ours hold to 1e-13. Errors within 1e-6.
 */
static const double of_the_peer = 1.5e-8;

static hu_imputation_result *fit(const hu_table *table, const hu_did_columns *columns, int pretrends, hu_arena *arena)
{
    hu_imputation_result *result = NULL;
    hu_imputation_options options = {.pretrends = pretrends};
    CHECK_OK(hu_imputation(table, columns, &options, arena, &result));
    return result;
}

static const hu_effect *find(const hu_imputation_result *result, double at)
{
    for (size_t i = 0; i < result->n_event_study; i++)
        if (result->event_study[i].at == at)
            return &result->event_study[i].effect;
    fail_msg("no event time %g", at);
    return NULL;
}

static void check_events(const hu_imputation_result *result, const json_t *rows)
{
    const json_t *row;
    size_t i;
    assert_int_equal(result->n_event_study, json_array_size(rows));
    json_array_foreach(rows, i, row) {
        const char *term = json_string_value(json_object_get(row, "term"));
        const hu_effect *e = find(result, strtod(term, NULL));
        check_close(e->estimate, oracle_number(row, "estimate"), of_the_peer, term);
        check_close(e->se, oracle_number(row, "std.error"), 1e-6, term);
    }
}

static void check_static(const hu_imputation_result *result, const json_t *root)
{
    const json_t *row = json_array_get(json_object_get(root, "static"), 0);
    check_close(result->overall.estimate, oracle_number(row, "estimate"), of_the_peer, "static");
    check_close(result->overall.se, oracle_number(row, "std.error"), 1e-6, "static se");
}

static void df_hom_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/df_hom.csv");
    if (!path)
        skip();
    hu_did_columns columns = {.outcome = "dep_var", .unit = "unit", .time = "year", .cohort = "g"};
    json_t *root = oracle_json(check_shared(arena, "oracles/df_hom_imputation.json"));
    hu_imputation_result *result = fit(oracle_table(arena, path), &columns, 0, arena);
    check_static(result, root);
    check_events(result, json_object_get(root, "event_study"));
    check_close(result->overall.estimate, 2.0246394123045484, 1e-13, "static, exactly");
    check_close(find(result, 0)->estimate, 2.1172319953776726, 1e-13, "event time 0, exactly");
    check_close(find(result, 11)->estimate, 1.9428249200804941, 1e-13, "event time 11, exactly");
    check_close(find(result, 20)->estimate, 1.9251684368536084, 1e-13, "event time 20, exactly");
    json_decref(root);
}

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_panel_imputation.json"));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};
    hu_imputation_result *result = fit(table, &columns, -1, arena);
    check_static(result, root);
    check_events(result, json_object_get(root, "event"));
    check_close(result->overall.estimate, 0.6321688112284334, 1e-13, "static, exactly");
    static const double exact[] = {0.4702060312144391, 0.5425292907032628, 0.7600343099112894, 0.8818483522432137,
                                   0.8815651744654359};
    for (int e = 0; e < 5; e++)
        check_close(find(result, e)->estimate, exact[e], 1e-13, "event time, exactly");
    json_decref(root);
}

enum { UNITS = 18, PERIODS = 6 };

/* A panel with holes and two rows in some cells: unit, time, g, y, x, w, region. Regions cut across units. */
static hu_table *ragged(hu_arena *arena, uint64_t seed, bool backwards, double noise)
{
    hu_random random = hu_random_start(seed, 1);
    size_t n = 0;
    double cell[UNITS * PERIODS * 2][7];
    for (int u = 0; u < UNITS; u++)
        for (int t = 1; t <= PERIODS; t++)
            for (uint64_t copies = t == 1 || hu_random_below(&random, 6) ? 1 + (u + t) % 2 : 0; copies; copies--) {
                double g = u % 3 == 0 ? 0 : u % 3 == 1 ? 4 : 5, x = hu_random_normal(&random);
                double effect = g > 0 && t >= g ? 1 + 0.5 * (t - g) : 0;
                const double row[] = {u,
                                      t,
                                      g,
                                      u + 0.3 * t * t + effect + 0.7 * x + noise * hu_random_normal(&random),
                                      x,
                                      0.5 + hu_random_uniform(&random),
                                      (u + 2 * t) % 5};
                memcpy(cell[n++], row, sizeof row);
            }
    static const char *const names[] = {"unit", "time", "g", "y", "x", "w", "region"};
    hu_table *table = hu_table_new(arena, "ragged", n);
    for (size_t c = 0; c < 7; c++) {
        hu_column *column = hu_table_add_numbers(table, arena, names[c]);
        for (size_t i = 0; i < n; i++)
            column->numbers[i] = cell[backwards ? n - 1 - i : i][c];
    }
    return table;
}

static const hu_did_columns uneven = {.outcome = "y",
                                      .unit = "unit",
                                      .time = "time",
                                      .cohort = "g",
                                      .weights = "w",
                                      .covariates = (const char *const[]){"x", NULL}};

/* Without noise the effects that were put in come out, and errors and leads are zero. */
static void what_was_put_in_comes_out(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_imputation_result *result = fit(ragged(arena, 3, false, 0), &uneven, 2, arena);
    for (size_t i = 0; i < result->n_event_study; i++) {
        double at = result->event_study[i].at, expected = at < 0 ? 0 : 1 + 0.5 * at;
        assert_true(fabs(result->event_study[i].effect.estimate - expected) < 1e-10);
        assert_true(isnan(result->event_study[i].effect.se)); /* no residuals */
    }
    assert_int_equal(result->n_event_study, 5);
}

/* The fit of untreated rows by a column for each unit and period: y(0) of every row. */
static void fitted(const hu_table *table, double *y0, hu_arena *arena)
{
    size_t n = table->rows, m = 0, k = UNITS + PERIODS;
    const double *unit = table->columns[0].numbers, *time = table->columns[1].numbers, *g = table->columns[2].numbers;
    double *x = HU_NEW_ARRAY(arena, double, n *k), *y = HU_NEW_ARRAY(arena, double, n);
    double *w = HU_NEW_ARRAY(arena, double, n), *all = HU_NEW_ARRAY(arena, double, n *k);
    for (size_t i = 0; i < n; i++) {
        all[i * k] = table->columns[4].numbers[i];
        all[i * k + 1 + (size_t)unit[i]] = 1;
        if (time[i] > 1)
            all[i * k + UNITS + (size_t)time[i] - 1] = 1;
        m += !(g[i] > 0 && time[i] >= g[i]);
    }
    for (size_t i = 0, r = 0; i < n; i++) {
        if (g[i] > 0 && time[i] >= g[i])
            continue;
        for (size_t j = 0; j < k; j++)
            x[j * m + r] = all[i * k + j];
        y[r] = table->columns[3].numbers[i];
        w[r++] = table->columns[5].numbers[i];
    }
    hu_fit regression;
    CHECK_OK(hu_least_squares(x, m, k, y, w, arena, &regression));
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++)
            y0[i] += regression.coefficients[j] * all[i * k + j];
}

/*
 * The variance from its definition: v is how the estimate answers to each outcome (it is linear in them), residuals and
 * effects come from a regression with a column for each unit and period. Clusters nest units, or cut across them.
 */
static void the_variance_is_that_of_its_definition(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = ragged(arena, 5, false, 1);
    size_t n = table->rows;
    double *y = table->columns[3].numbers, *v = HU_NEW_ARRAY(arena, double, n), *e = HU_NEW_ARRAY(arena, double, n);
    const double *g = table->columns[2].numbers, *time = table->columns[1].numbers;
    for (int regions = 0; regions < 2; regions++) {
        hu_did_columns columns = uneven;
        columns.cluster = regions ? "region" : NULL;
        const double *cluster = table->columns[regions ? 6 : 0].numbers;
        hu_imputation_result *result = fit(table, &columns, -1, arena);
        memset(e, 0, n * sizeof *e);
        fitted(table, e, arena);
        double sum[40] = {0}, weight[40] = {0}, total[UNITS] = {0}, variance = 0;
        for (size_t i = 0; i < n; i++) {
            y[i] += 1;
            v[i] = fit(table, &columns, -1, arena)->overall.estimate - result->overall.estimate;
            y[i] -= 1;
            e[i] = y[i] - e[i];
            if (g[i] > 0 && time[i] >= g[i]) {
                size_t cell = (size_t)(5 * (g[i] - 4) + time[i] - g[i]);
                sum[cell] += v[i] * v[i] * e[i];
                weight[cell] += v[i] * v[i];
            }
        }
        for (size_t i = 0; i < n; i++) {
            double centre = 0;
            if (g[i] > 0 && time[i] >= g[i]) {
                size_t cell = (size_t)(5 * (g[i] - 4) + time[i] - g[i]);
                centre = sum[cell] / weight[cell];
            }
            total[(size_t)cluster[i]] += v[i] * (e[i] - centre);
        }
        for (size_t c = 0; c < UNITS; c++)
            variance += total[c] * total[c];
        check_close(result->overall.se, sqrt(variance), 1e-9, regions ? "se by region" : "se by unit");
    }
}

static void order_does_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_imputation_result *one = fit(ragged(arena, 9, false, 1), &uneven, 2, arena);
    hu_imputation_result *two = fit(ragged(arena, 9, true, 1), &uneven, 2, arena);
    assert_int_equal(one->n_event_study, two->n_event_study);
    check_close(two->pretrend_statistic, one->pretrend_statistic, 1e-9, "pretrend");
    for (size_t i = 0; i < one->n_event_study; i++) {
        check_close(two->event_study[i].effect.estimate, one->event_study[i].effect.estimate, 1e-10, "estimate");
        check_close(two->event_study[i].effect.se, one->event_study[i].effect.se, 1e-10, "se");
    }
}

static hu_error *of_text(const char *text, hu_arena *arena, hu_imputation_result **result)
{
    static const hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "time", .cohort = "g"};
    static const hu_imputation_options options = {0};
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, strlen(text), "t.csv", NULL, arena, &table));
    return hu_imputation(table, &columns, &options, arena, result);
}

static void what_cannot_be_told_is_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_imputation_result *result = NULL;
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,0,1\n1,2,0,2\n", arena, &result), HU_EMPTY, "nobody is treated");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,1,1\n1,2,1,2\n", arena, &result), HU_NO_CONTROLS, "every row is treated");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,2,1\n1,2,2,2\n2,1,2,1\n2,2,2,2\n", arena, &result), HU_NO_CONTROLS,
                "no treated row can be imputed");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,2,1\n1,2,3,2\n2,1,0,1\n2,2,0,2\n", arena, &result), HU_BAD_INPUT,
                "t.csv:3");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,2,1\n1,2,2,2\n", arena, &result), HU_EMPTY, "one cluster");
    /* unit 3 is treated from the start: its rows cannot be imputed, the others' effect is (5 - 1) - (3 - 2) = 3 */
    CHECK_OK(of_text("unit,time,g,y\n1,1,2,1\n1,2,2,5\n2,1,0,2\n2,2,0,3\n3,1,1,7\n3,2,1,9\n", arena, &result));
    assert_int_equal(result->not_imputed, 2);
    check_close(result->overall.estimate, 3, 1e-12, "static");
    assert_non_null(strstr(result->warnings[0], "2 treated rows cannot be imputed"));
}

/* Nothing is left over: an error of 1e-32 would be an interval of that width. */
static void a_constant_outcome_has_no_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort"};
    for (size_t r = 0; r < table->rows; r++)
        hu_table_find(table, "y")->numbers[r] = 3.7;
    hu_imputation_result *result = fit(table, &columns, 2, arena);
    assert_true(isnan(result->overall.se) && isnan(result->overall.p) && isnan(result->overall.lower));
    assert_true(isnan(find(result, -1)->se) && isnan(find(result, 2)->se));
    check_close(result->overall.estimate, 0, 1e-12, "effect");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_outcome_has_no_error),
        cmocka_unit_test(df_hom_matches_the_peer),
        cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(what_was_put_in_comes_out),
        cmocka_unit_test(the_variance_is_that_of_its_definition),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(what_cannot_be_told_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
