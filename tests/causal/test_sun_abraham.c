/* Sun & Abraham's event study against R's fixest 0.14.2: estimates within 1e-8, errors within 1e-6, relative. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/sun_abraham.h"
#include "huella/numerics/cluster.h"
#include "huella/numerics/within.h"

static hu_regression *fit(const hu_table *table, const hu_did_columns *columns, hu_arena *arena)
{
    hu_regression *result = NULL;
    CHECK_OK(hu_sun_abraham(table, columns, &(hu_regression_options){.plain = true}, arena, &result));
    return result;
}

static const hu_coefficient *find(const hu_regression *result, const char *name)
{
    for (size_t i = 0; i < result->n_coefficients; i++)
        if (strcmp(result->coefficients[i].name, name) == 0)
            return &result->coefficients[i];
    fail_msg("no coefficient %s", name);
    return NULL;
}

/* The peer calls an event time "year::-3", ours "event_time=-3"; every row of the peer, and ATT, nothing else. */
static void check_rows(const hu_regression *result, const json_t *rows, hu_arena *arena)
{
    const json_t *row;
    size_t i;
    assert_int_equal(result->n_coefficients, json_array_size(rows) + 1);
    json_array_foreach(rows, i, row) {
        const char *name = json_string_value(json_object_get(row, "name")), *at = strstr(name, "::");
        const hu_coefficient *c = find(result, at ? hu_printf(arena, "event_time=%s", at + 2) : name);
        oracle_coefficient(c, row);
    }
}

static void mpdta_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = check_shared(arena, "oracles/mpdta.csv");
    if (!path)
        skip();
    hu_did_columns columns = {.outcome = "lemp", .unit = "countyreal", .time = "year", .cohort = "first.treat"};
    json_t *root = oracle_json(check_shared(arena, "oracles/mpdta_fixest.json"));
    hu_regression *result = fit(oracle_table(arena, path), &columns, arena);
    check_rows(result, json_object_get(root, "sunab"), arena);
    const json_t *att = json_array_get(json_object_get(root, "sunab_att"), 0);
    check_close(find(result, "ATT")->estimate, json_number_value(json_array_get(att, 0)), 1e-8, "ATT");
    check_close(find(result, "ATT")->se, json_number_value(json_array_get(att, 1)), 1e-6, "ATT se");
    check_close(find(result, "ATT")->p, json_number_value(json_array_get(att, 3)), 1e-6, "ATT p");
    json_decref(root);
}

static const hu_did_columns own = {
    .outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};

static hu_table *own_panel(hu_arena *arena)
{
    return oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
}

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_panel_fixest.json"));
    check_rows(fit(own_panel(arena), &own, arena), json_object_get(root, "sunab"), arena);
    json_decref(root);
}

/* Cases: many rows a region and half-year, some cells empty, and a covariate. */
static void own_cases_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_cases.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases.json"));
    hu_did_columns columns = {.outcome = "convicted",
                              .unit = "region",
                              .time = "half",
                              .cohort = "cohort",
                              .covariates = (const char *const[]){"minor", NULL}};
    check_rows(fit(table, &columns, arena), json_object_get(root, "sunab"), arena);
    json_decref(root);
}

/* A panel with holes, unequal weights, two rows in some cells, and a covariate: nothing about it is balanced. */
static hu_table *ragged(hu_arena *arena, uint64_t seed, bool backwards)
{
    enum { UNITS = 60, PERIODS = 7 };
    hu_random random = hu_random_start(seed, 1);
    size_t n = 0, room = (size_t)UNITS * PERIODS * 2;
    double(*cell)[6] = hu_alloc_array(arena, room, sizeof *cell);
    for (int u = 0; u < UNITS; u++) {
        double cohort = u % 3 == 0 ? 0 : u % 3 == 1 ? 4 : 6, level = 3 * hu_random_normal(&random);
        for (int t = 1; t <= PERIODS; t++)
            for (uint64_t copies = hu_random_below(&random, 5) ? 1 + hu_random_below(&random, 2) : 0; copies;
                 copies--) {
                double x = hu_random_normal(&random), effect = cohort && t >= cohort ? 1 + 0.2 * (t - cohort) : 0;
                const double row[] = {u,      t,
                                      cohort, level + 0.3 * t + effect + 0.7 * x + hu_random_normal(&random),
                                      x,      0.5 + hu_random_uniform(&random)};
                memcpy(cell[n++], row, sizeof row);
            }
    }
    static const char *const names[] = {"unit", "time", "g", "y", "x", "w"};
    hu_table *table = hu_table_new(arena, "ragged", n);
    for (size_t c = 0; c < 6; c++) {
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

/*
 * The same regression with a column for every cohort and period, by hu_within and hu_least_squares: the way by cells is
 * exact on unbalanced, weighted data with a covariate too, and so are its errors.
 */
static void it_is_the_saturated_regression(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = ragged(arena, 7, false);
    size_t n = table->rows, k = 0;
    const double *unit = table->columns[0].numbers, *time = table->columns[1].numbers, *g = table->columns[2].numbers;
    double *x = HU_NEW_ARRAY(arena, double, n * 20), *y = HU_NEW_ARRAY(arena, double, n), share[20] = {0}, total = 0;
    memcpy(y, table->columns[3].numbers, n * sizeof *y);
    memcpy(x, table->columns[4].numbers, n * sizeof *x);
    const double *w = table->columns[5].numbers;
    for (double cohort = 4; cohort <= 6; cohort += 2)
        for (double t = 1; t <= 7; t++) {
            if (t == cohort - 1)
                continue;
            k++;
            for (size_t i = 0; i < n; i++) {
                x[k * n + i] = g[i] == cohort && time[i] == t;
                if (t >= cohort)
                    share[k] += w[i] * x[k * n + i];
            }
            total += share[k];
        }
    hu_factor effects[2];
    hu_factor_numbers(unit, n, arena, &effects[0]);
    hu_factor_numbers(time, n, arena, &effects[1]);
    CHECK_OK(hu_within(effects, 2, w, n, y, 1));
    CHECK_OK(hu_within(effects, 2, w, n, x, k + 1));
    hu_fit regression;
    double *variance, att = 0, att_variance = 0;
    CHECK_OK(hu_least_squares(x, n, k + 1, y, w, arena, &regression));
    CHECK_OK(hu_cluster_variance(&regression, x, w, &effects[0], HU_CR1S,
                                 hu_count_parameters(k + 1, effects, 2, &effects[0]), arena, &variance));
    for (size_t j = 0; j <= k; j++) {
        att += share[j] / total * regression.coefficients[j];
        for (size_t l = 0; l <= k; l++)
            att_variance += share[j] * share[l] / (total * total) * variance[j + l * (k + 1)];
    }
    hu_regression *result = fit(table, &uneven, arena);
    check_close(find(result, "ATT")->estimate, att, 1e-9, "ATT");
    check_close(find(result, "ATT")->se, sqrt(att_variance), 1e-8, "ATT se");
    check_close(find(result, "x")->estimate, regression.coefficients[0], 1e-9, "x");
    check_close(find(result, "x")->se, sqrt(variance[0]), 1e-8, "x se");
}

/* The order of rows does not matter; clusters that cut across units (periods) are clusters too. */
static void order_does_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    for (int clusters = 0; clusters < 2; clusters++) {
        hu_did_columns columns = uneven;
        columns.cluster = clusters ? "time" : NULL;
        hu_regression *one = fit(ragged(arena, 11, false), &columns, arena);
        hu_regression *two = fit(ragged(arena, 11, true), &columns, arena);
        assert_int_equal(one->n_coefficients, two->n_coefficients);
        for (size_t j = 0; j < one->n_coefficients; j++) {
            assert_string_equal(one->coefficients[j].name, two->coefficients[j].name);
            check_close(two->coefficients[j].estimate, one->coefficients[j].estimate, 1e-10, one->coefficients[j].name);
            check_close(two->coefficients[j].se, one->coefficients[j].se, 1e-10, one->coefficients[j].name);
        }
    }
}

/* Covariates that units determine are named and dropped, and the rest is as without them. */
static void absorbed_covariates_are_dropped(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_columns columns = own;
    double alone = find(fit(own_panel(arena), &columns, arena), "ATT")->estimate;
    columns.covariates = (const char *const[]){"x", NULL};
    hu_regression *result = fit(own_panel(arena), &columns, arena);
    check_close(find(result, "ATT")->estimate, alone, 1e-12, "ATT");
    assert_true(isnan(find(result, "x")->estimate));
    assert_non_null(strstr(result->warnings[0], "covariate x"));
}

static hu_error *of_text(const char *text, hu_arena *arena, hu_regression **result)
{
    static const hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "time", .cohort = "g"};
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, strlen(text), "t.csv", NULL, arena, &table));
    return hu_sun_abraham(table, &columns, NULL, arena, result);
}

/*
 * Nobody never treated: the last cohort is the reference until it is treated. By hand: cohort 2 rises by 4 from period
 * 1 to 2, cohort 3 by 1, so the effect at event time 0 is 3.
 */
static void the_last_cohort_is_the_reference(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_regression *result = NULL;
    CHECK_OK(of_text("unit,time,g,y\n1,1,2,1\n1,2,2,5\n1,3,2,90\n2,1,3,2\n2,2,3,3\n2,3,3,80\n"
                     "3,1,2,2\n3,2,2,6\n3,3,2,1\n4,1,1,0\n4,2,1,0\n4,3,1,0\n",
                     arena, &result));
    assert_int_equal(result->n_coefficients, 2);
    check_close(find(result, "event_time=0")->estimate, 3, 1e-12, "effect");
    assert_int_equal(result->n, 6);
    assert_int_equal(result->n_warnings, 2);
    assert_non_null(strstr(result->warnings[0], "3 rows of units treated from the first period on"));
    assert_non_null(strstr(result->warnings[1], "first treated at 3 are the reference"));
}

static void what_cannot_be_told_is_an_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_regression *result = NULL;
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,0,1\n1,2,0,2\n", arena, &result), HU_EMPTY, "nobody is treated");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,2,1\n1,2,2,2\n2,1,2,1\n2,2,2,2\n", arena, &result), HU_NO_CONTROLS,
                "same period (2)");
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,2,1\n1,2,3,2\n2,1,0,1\n2,2,0,2\n", arena, &result), HU_BAD_INPUT,
                "t.csv:3");
    /* the cohort of 4 is not seen in period 3 */
    CHECK_FAILS(of_text("unit,time,g,y\n1,1,4,1\n1,4,4,2\n2,1,0,1\n2,4,0,2\n2,3,0,1\n", arena, &result), HU_SINGULAR,
                "no effect is identified");
}

/* The regression with a column a cell and the one without give the same t; CR2 is near it and has its own df. */
static void errors_for_few_clusters(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns columns = {.outcome = "y",
                              .unit = "unit",
                              .time = "year",
                              .cohort = "cohort",
                              .cluster = "cluster",
                              .weights = "w",
                              .covariates = (const char *const[]){"x:year", NULL}};
    hu_regression *plain = fit(table, &columns, arena), *wild = NULL, *reduced = NULL;
    hu_regression_options options = {.wild = true, .bootstrap = {.draws = 500, .seed = 1, .unrestricted = true}};
    CHECK_OK(hu_sun_abraham(table, &columns, &options, arena, &wild));
    columns.weights = NULL;
    options = (hu_regression_options){.correction = HU_CR2};
    CHECK_OK(hu_sun_abraham(table, &columns, &options, arena, &reduced));
    hu_regression *unweighted = fit(table, &columns, arena);
    for (size_t j = 0; j < plain->n_coefficients; j++) {
        check_close(wild->coefficients[j].wild->t, plain->coefficients[j].t, 1e-7, plain->coefficients[j].name);
        const hu_coefficient *two = &reduced->coefficients[j], *one = &unweighted->coefficients[j];
        assert_true(two->estimate == one->estimate && two->df > 2 && two->df < 29);
        assert_true(fabs(two->se / one->se - 1) < 0.15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mpdta_matches_the_peer),
        cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(own_cases_match_the_peer),
        cmocka_unit_test(it_is_the_saturated_regression),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(absorbed_covariates_are_dropped),
        cmocka_unit_test(the_last_cohort_is_the_reference),
        cmocka_unit_test(errors_for_few_clusters),
        cmocka_unit_test(what_cannot_be_told_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
