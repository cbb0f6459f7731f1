/* Two-way fixed effects against R's fixest 0.14.2: estimates within 1e-8, errors within 1e-6, relative. */

#include "oracle.h"

#include "huella/causal/twfe.h"

static hu_regression *fit(const hu_table *table, const hu_did_columns *columns, hu_arena *arena)
{
    hu_regression *result = NULL;
    CHECK_OK(hu_twfe(table, columns, &(hu_regression_options){.plain = true}, arena, &result));
    return result;
}

static void check_rows(const hu_regression *result, const json_t *rows)
{
    const json_t *row;
    size_t i;
    assert_int_equal(result->n_coefficients, json_array_size(rows));
    json_array_foreach(rows, i, row) {
        const hu_coefficient *c = &result->coefficients[i];
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
    check_rows(result, json_object_get(root, "twfe"));
    assert_int_equal(result->n, 2500);
    assert_int_equal(result->clusters, 500);
    json_decref(root);
}

static void own_panel_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_panel_fixest.json"));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};
    check_rows(fit(table, &columns, arena), json_object_get(root, "twfe"));
    columns.weights = "w";
    columns.covariates = (const char *const[]){"x:year", NULL};
    check_rows(fit(table, &columns, arena), json_object_get(root, "twfe_w"));
    json_decref(root);
}

/* Cases: many rows a region and half-year. */
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
    check_rows(fit(table, &columns, arena), json_object_get(root, "twfe"));
    json_decref(root);
}

/* A column that the unit's effect determines is named and dropped, and the rest is as if it had not been asked for. */
static void absorbed_covariates_are_dropped(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort"};
    double alone = fit(table, &columns, arena)->coefficients[0].estimate;
    columns.covariates = (const char *const[]){"x", NULL};
    hu_regression *result = fit(table, &columns, arena);
    check_close(result->coefficients[0].estimate, alone, 1e-12, "treated");
    assert_true(isnan(result->coefficients[1].estimate));
    assert_int_equal(result->n_warnings, 1);
    assert_non_null(strstr(result->warnings[0], "covariate x"));
}

/* The estimate when cluster `left` has weight zero. */
static double without_cluster(hu_table *table, const hu_did_columns *columns, double left, hu_arena *arena)
{
    hu_column *cluster = hu_table_find(table, columns->cluster), *w = hu_table_find(table, columns->weights);
    double *kept = w->numbers;
    w->numbers = HU_NEW_ARRAY(arena, double, table->rows);
    for (size_t r = 0; r < table->rows; r++)
        w->numbers[r] = cluster->numbers[r] == left ? 0 : kept[r];
    double estimate = fit(table, columns, arena)->coefficients[0].estimate;
    w->numbers = kept;
    return estimate;
}

/* CR3 is what leaving out clusters does, periods' effects included; the bootstrap's t is the estimate over its error.
 */
static void errors_for_few_clusters(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns columns = {
        .outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster", .weights = "w"};
    hu_regression_options options = {.correction = HU_CR3};
    hu_regression *plain = fit(table, &columns, arena), *result = NULL;
    CHECK_OK(hu_twfe(table, &columns, &options, arena, &result));
    double sum = 0;
    for (size_t g = 1; g <= 30; g++)
        sum += pow(without_cluster(table, &columns, (double)g, arena) - plain->coefficients[0].estimate, 2);
    check_close(result->coefficients[0].se, sqrt(sum), 1e-7, "CR3");
    assert_true(result->coefficients[0].df < 29 && result->coefficients[0].df > 5);
    options.correction = HU_CR2;
    CHECK_OK(hu_twfe(table, &columns, &options, arena, &result));
    assert_true(result->coefficients[0].se < sqrt(sum) && result->coefficients[0].se > plain->coefficients[0].se);
    options = (hu_regression_options){.wild = true, .bootstrap = {.draws = 2000, .seed = 1}};
    CHECK_OK(hu_twfe(table, &columns, &options, arena, &result));
    check_close(result->coefficients[0].wild->t, plain->coefficients[0].t, 1e-9, "t");
    check_close(result->coefficients[0].se, plain->coefficients[0].se, 1e-15, "se");
}

/* With 30 clusters the peer's error is reported, and the interval is that of CR2; a plain one is asked for. */
static void few_clusters_have_wider_intervals(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = oracle_table(arena, check_source(arena, "tests/oracles/own_panel.csv"));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "year", .cohort = "cohort", .cluster = "cluster"};
    hu_regression *plain = fit(table, &columns, arena), *few, *cr2;
    CHECK_OK(hu_twfe(table, &columns, NULL, arena, &few));
    CHECK_OK(hu_twfe(table, &columns, &(hu_regression_options){.correction = HU_CR2}, arena, &cr2));
    const hu_coefficient *c = few->coefficients, *wide = cr2->coefficients;
    check_close(c->se, plain->coefficients[0].se, 1e-15, "se");
    check_close(c->se_small_sample, wide->se, 1e-12, "se_small_sample");
    check_close(c->lower, wide->lower, 1e-12, "lower");
    check_close(c->p, wide->p, 1e-12, "p");
    check_close(c->df, wide->df, 1e-12, "df");
    assert_true(c->upper - c->lower > plain->coefficients[0].upper - plain->coefficients[0].lower);
    assert_non_null(few->ci_type);
    assert_null(plain->ci_type);
    columns.cluster = NULL; /* units: many */
    CHECK_OK(hu_twfe(table, &columns, NULL, arena, &few));
    assert_null(few->ci_type);
}

/* Everybody treated in every period, and one cluster: neither has an answer. */
static void what_cannot_be_told_is_an_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char text[] = "unit,time,g,y,all\n1,1,1,3,1\n1,2,1,4,1\n2,1,1,5,1\n2,2,1,9,1\n";
    hu_table *table = NULL;
    hu_regression *result = NULL;
    CHECK_OK(hu_csv_parse(text, sizeof text - 1, "t.csv", NULL, arena, &table));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "time", .cohort = "g"};
    CHECK_FAILS(hu_twfe(table, &columns, NULL, arena, &result), HU_SINGULAR, "does not vary");
    static const char staggered[] = "unit,time,g,y,all\n1,1,2,3,1\n1,2,2,4,1\n2,1,0,5,1\n2,2,0,9,1\n";
    CHECK_OK(hu_csv_parse(staggered, sizeof staggered - 1, "t.csv", NULL, arena, &table));
    columns.cluster = "all";
    CHECK_FAILS(hu_twfe(table, &columns, NULL, arena, &result), HU_EMPTY, "one cluster");
}

/* A fit without residuals has nothing to judge it by: no error, and no p of zero. */
static void a_perfect_fit_has_no_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char text[] =
        "unit,time,g,y\n1,1,2,1.1\n1,2,2,3.3\n2,1,2,1.7\n2,2,2,3.9\n3,1,0,0.1\n3,2,0,0.3\n4,1,0,0.4\n"
        "4,2,0,0.6\n";
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, sizeof text - 1, "t.csv", NULL, arena, &table));
    hu_did_columns columns = {.outcome = "y", .unit = "unit", .time = "time", .cohort = "g"};
    const hu_coefficient *c = &fit(table, &columns, arena)->coefficients[0];
    check_close(c->estimate, 2, 1e-12, "effect");
    assert_true(isnan(c->se) && isnan(c->p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mpdta_matches_the_peer),          cmocka_unit_test(own_panel_matches_the_peer),
        cmocka_unit_test(own_cases_match_the_peer),        cmocka_unit_test(absorbed_covariates_are_dropped),
        cmocka_unit_test(errors_for_few_clusters),         cmocka_unit_test(few_clusters_have_wider_intervals),
        cmocka_unit_test(what_cannot_be_told_is_an_error), cmocka_unit_test(a_perfect_fit_has_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
