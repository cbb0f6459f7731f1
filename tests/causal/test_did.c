/* What must hold of the estimator on any data, and what it says about data it cannot use. */

#include "oracle.h"

#include "huella/base/random.h"

enum { UNITS = 60, PERIODS = 6 };

/* A staggered panel: cohorts 3, 5 and never, shifted by `shift` periods, units named from `first_id`. */
static hu_table *panel(hu_arena *arena, double shift, double first_id)
{
    hu_table *table = hu_table_new(arena, "panel", (size_t)UNITS * PERIODS);
    const char *names[] = {"unit", "time", "cohort", "y", "x", "one", "region"};
    double *column[7];
    for (size_t c = 0; c < 7; c++)
        column[c] = hu_table_add_numbers(table, arena, names[c])->numbers;
    hu_random random = hu_random_start(11, 0);
    for (size_t u = 0, row = 0; u < UNITS; u++) {
        double g = u % 3 == 0 ? 0 : u % 3 == 1 ? 3 : 5, x = hu_random_normal(&random);
        for (size_t t = 1; t <= PERIODS; t++, row++) {
            double time = (double)t, effect = g > 0 && time >= g ? 1 : 0;
            const double values[] = {first_id + (double)u,
                                     time + shift,
                                     g > 0 ? g + shift : 0,
                                     x * time + effect + hu_random_normal(&random),
                                     x,
                                     1,
                                     (double)(u % 10)};
            for (size_t c = 0; c < 7; c++)
                column[c][row] = values[c];
        }
    }
    return table;
}

static const hu_did_columns names = {.outcome = "y", .unit = "unit", .time = "time", .cohort = "cohort"};

static hu_did_result *estimate(const hu_table *table, const hu_did_columns *columns, hu_did_options options,
                               hu_arena *arena)
{
    hu_did_result *result = NULL;
    CHECK_OK(hu_did(table, columns, &options, arena, &result));
    return result;
}

static void same_effect(const hu_effect *a, const hu_effect *b, double tolerance)
{
    oracle_close(a->estimate, b->estimate, tolerance, "effect");
    oracle_close(a->se, b->se, tolerance, "error");
}

static void same_result(const hu_did_result *a, const hu_did_result *b, double tolerance)
{
    assert_int_equal(a->n_att_gt, b->n_att_gt);
    for (size_t k = 0; k < a->n_att_gt; k++)
        same_effect(&a->att_gt[k].effect, &b->att_gt[k].effect, tolerance);
    const hu_did_aggregate *pairs[][2] = {
        {&a->simple, &b->simple}, {&a->group, &b->group}, {&a->dynamic, &b->dynamic}, {&a->calendar, &b->calendar}};
    for (size_t f = 0; f < 4; f++) {
        same_effect(&pairs[f][0]->overall, &pairs[f][1]->overall, tolerance);
        assert_int_equal(pairs[f][0]->n_cells, pairs[f][1]->n_cells);
        for (size_t i = 0; i < pairs[f][0]->n_cells; i++)
            same_effect(&pairs[f][0]->cells[i].effect, &pairs[f][1]->cells[i].effect, tolerance);
    }
    check_close(a->pretrend_statistic, b->pretrend_statistic, tolerance, "pre-trend");
}

static void shuffle(hu_table *table, hu_arena *arena)
{
    size_t *order = HU_NEW_ARRAY(arena, size_t, table->rows);
    for (size_t r = 0; r < table->rows; r++)
        order[r] = r;
    hu_random random = hu_random_start(5, 0);
    hu_random_shuffle(&random, order, table->rows);
    for (size_t c = 0; c < table->n_columns; c++) {
        double *shuffled = HU_NEW_ARRAY(arena, double, table->rows);
        for (size_t r = 0; r < table->rows; r++)
            shuffled[r] = table->columns[c].numbers[order[r]];
        table->columns[c].numbers = shuffled;
    }
}

/* Order of rows, names of units, and the calendar's zero say nothing; neither do weights that are all one. */
static void nothing_but_the_data_matters(void **state)
{
    (void)state;
    for (int kind = 0; kind < 12; kind++) {
        HU_SCRATCH(arena);
        hu_did_columns columns = names;
        hu_did_options options = {.method = (hu_did_method)(kind % 3), .cross_section = kind >= 6};
        const char *covariates[] = {kind / 3 % 2 ? "x" : NULL, NULL};
        columns.covariates = covariates;
        hu_did_result *plain = estimate(panel(arena, 0, 1), &columns, options, arena);
        hu_table *shuffled = panel(arena, 0, 1);
        shuffle(shuffled, arena);
        same_result(plain, estimate(shuffled, &columns, options, arena), 1e-9);
        same_result(plain, estimate(panel(arena, 2000, 1), &columns, options, arena), 1e-9);
        same_result(plain, estimate(panel(arena, 0, 7.5e6), &columns, options, arena), 1e-9);
        columns.weights = "one";
        same_result(plain, estimate(panel(arena, 0, 1), &columns, options, arena), 1e-9);
    }
}

/* Errors clustered by the unit are those of the unit itself; by region they come from sums over the region. */
static void clusters_sum_influences(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_columns columns = names;
    hu_did_options options = {.keep_influence = true, .control = HU_NOT_YET_TREATED};
    hu_did_result *plain = estimate(panel(arena, 0, 1), &columns, options, arena);
    columns.cluster = "unit";
    same_result(plain, estimate(panel(arena, 0, 1), &columns, options, arena), 1e-10);
    columns.cluster = "region";
    hu_did_result *clustered = estimate(panel(arena, 0, 1), &columns, options, arena);
    assert_int_equal(clustered->clusters, 10);
    for (size_t k = 0; k < clustered->n_att_gt; k++) {
        double sum = 0;
        for (size_t c = 0; c < clustered->clusters; c++)
            sum += pow(clustered->influence[c * clustered->n_att_gt + k], 2);
        check_close(clustered->att_gt[k].effect.se, sqrt(sum), 1e-10, "error from influences");
        check_close(clustered->att_gt[k].effect.estimate, plain->att_gt[k].effect.estimate, 1e-12, "effect");
    }
}

/* A covariate that is the constant again cannot be used: the cells say so instead of guessing. */
static void collinear_covariates_are_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_columns columns = names;
    columns.covariates = (const char *const[]){"one", NULL};
    hu_did_result *result = NULL;
    hu_did_options options = {0};
    CHECK_FAILS(hu_did(panel(arena, 0, 1), &columns, &options, arena, &result), HU_SINGULAR,
                "no effect can be estimated: the covariates are collinear");
}

static void constant_outcomes_have_no_effect(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena, 0, 1);
    hu_column *y = hu_table_find(table, "y");
    for (size_t r = 0; r < table->rows; r++)
        y->numbers[r] = 3.3;
    hu_did_result *result = estimate(table, &names, (hu_did_options){0}, arena);
    for (size_t k = 0; k < result->n_att_gt; k++) {
        assert_true(fabs(result->att_gt[k].effect.estimate) < 1e-14);
        assert_true(isnan(result->att_gt[k].effect.se));
    }
}

static void bootstrap_agrees_with_analysis(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_options options = {.bootstrap = true, .draws = 4000, .seed = 3, .threads = 1};
    hu_did_result *analytic = estimate(panel(arena, 0, 1), &names, (hu_did_options){0}, arena);
    hu_did_result *one = estimate(panel(arena, 0, 1), &names, options, arena);
    options.threads = 2;
    hu_did_result *two = estimate(panel(arena, 0, 1), &names, options, arena);
    same_result(one, two, 0); /* to the bit */
    check_close(one->simple.overall.se, analytic->simple.overall.se, 0.08, "bootstrap error");
    assert_true(one->dynamic.critical > 1.96);
    for (size_t i = 0; i < one->dynamic.n_cells; i++) {
        const hu_effect *e = &one->dynamic.cells[i].effect;
        assert_true(e->band_lower <= e->lower && e->upper <= e->band_upper);
    }
}

/* Two cohorts and nobody never treated: the later is the comparison until it is treated itself. */
static void the_last_cohort_compares(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena, 0, 1);
    hu_column *cohort = hu_table_find(table, "cohort");
    for (size_t r = 0; r < table->rows; r++)
        if (cohort->numbers[r] == 0)
            cohort->numbers[r] = 5;
    hu_did_result *result = estimate(table, &names, (hu_did_options){.control = HU_NOT_YET_TREATED}, arena);
    for (size_t k = 0; k < result->n_att_gt; k++)
        assert_true(result->att_gt[k].cohort == 3 && result->att_gt[k].time < 5);
    hu_did_options never = {0};
    CHECK_FAILS(hu_did(table, &names, &never, arena, &result), HU_NO_CONTROLS, "--control notyet");
}

typedef struct bad {
    const char *text;
    hu_code code;
    const char *said;
} bad;

static void bad_data_is_named(void **state)
{
    (void)state;
    static const bad cases[] = {
        {"unit,time,cohort,y\n1,1,2,3\n1,2,0,4\n2,1,0,1\n2,2,0,2\n", HU_BAD_INPUT, "t.csv:3"},
        {"unit,time,cohort,y\n1,1,2,3\n1,1,2,4\n2,1,0,1\n2,2,0,2\n", HU_BAD_INPUT, "stands twice in period 1"},
        {"unit,time,cohort,y\n1,1,0,3\n1,2,0,4\n", HU_EMPTY, "nobody is treated"},
        {"unit,time,cohort,y\n1,1,1,3\n1,2,1,4\n2,1,0,1\n2,2,0,2\n", HU_EMPTY, "period before"},
        {"unit,time,cohort,y\n1,1,2,3\n1,2,2,4\n", HU_NO_CONTROLS, "notyet"},
        {"unit,time,cohort,y\n1,1,2,three\n1,2,2,4\n", HU_BAD_INPUT, "t.csv:2"},
        {"unit,time,cohort,yy\n1,1,2,3\n", HU_NOT_FOUND, "\"y\""},
        {"unit,time,cohort,y\n1,1,2,\n", HU_EMPTY, "no row is left"},
        {"unit,time,cohort,y\n1,1,2,inf\n", HU_BAD_INPUT, "infinite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        HU_SCRATCH(arena);
        hu_table *table = NULL;
        hu_did_result *result = NULL;
        hu_did_options options = {0};
        CHECK_OK(hu_csv_parse(cases[i].text, strlen(cases[i].text), "t.csv", NULL, arena, &table));
        CHECK_FAILS(hu_did(table, &names, &options, arena, &result), cases[i].code, cases[i].said);
    }
}

static void one_cluster_is_an_error(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_columns columns = names;
    hu_did_options options = {0};
    hu_did_result *result = NULL;
    columns.cluster = "one";
    CHECK_FAILS(hu_did(panel(arena, 0, 1), &columns, &options, arena, &result), HU_EMPTY, "one cluster");
}

/* A covariate in another unit is the same covariate. */
static void units_of_covariates_do_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_did_columns columns = names;
    columns.covariates = (const char *const[]){"x", NULL};
    hu_table *large = panel(arena, 0, 1);
    for (size_t r = 0; r < large->rows; r++)
        hu_table_find(large, "x")->numbers[r] *= 1e8;
    same_result(estimate(large, &columns, (hu_did_options){0}, arena),
                estimate(panel(arena, 0, 1), &columns, (hu_did_options){0}, arena), 1e-8);
}

/* Periods of a tenth: 2019.3 - 2019.1 and 2019.6 - 2019.4 are one event time. */
static void fractions_of_periods_are_one_event_time(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = panel(arena, 0, 1);
    for (size_t r = 0; r < table->rows; r++) {
        double *time = &hu_table_find(table, "time")->numbers[r], *g = &hu_table_find(table, "cohort")->numbers[r];
        *time = 2019 + *time / 10;
        *g = *g > 0 ? 2019 + *g / 10 : 0;
    }
    hu_did_result *whole = estimate(panel(arena, 0, 1), &names, (hu_did_options){0}, arena),
                  *tenths = estimate(table, &names, (hu_did_options){0}, arena);
    assert_int_equal(tenths->dynamic.n_cells, whole->dynamic.n_cells);
    for (size_t i = 0; i < whole->dynamic.n_cells; i++) {
        check_close(tenths->dynamic.cells[i].at, whole->dynamic.cells[i].at / 10, 1e-12, "event time");
        same_effect(&tenths->dynamic.cells[i].effect, &whole->dynamic.cells[i].effect, 1e-9);
    }
}

/* 300 cohorts in 400 periods, with a covariate: influences that no memory holds are refused, not tried. */
static void very_many_cells_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    size_t n = 12000;
    hu_table *table = hu_table_new(arena, "many", n);
    const char *columns_of[] = {"time", "cohort", "y", "x"};
    double *v[4];
    for (size_t j = 0; j < 4; j++)
        v[j] = hu_table_add_numbers(table, arena, columns_of[j])->numbers;
    for (size_t i = 0; i < n; i++) {
        v[0][i] = 1 + (double)(i % 400);
        v[1][i] = i % 7 ? 2 + (double)(i % 300) : 0;
        v[2][i] = (double)(i % 11);
        v[3][i] = (double)(i % 13);
    }
    hu_did_columns columns = {
        .outcome = "y", .time = "time", .cohort = "cohort", .covariates = (const char *const[]){"x", NULL}};
    hu_did_options options = {.cross_section = true};
    hu_did_result *result = NULL;
    CHECK_FAILS(hu_did(table, &columns, &options, arena, &result), HU_LIMIT, "merge periods or cohorts");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_the_data_matters),
        cmocka_unit_test(clusters_sum_influences),
        cmocka_unit_test(collinear_covariates_are_said),
        cmocka_unit_test(constant_outcomes_have_no_effect),
        cmocka_unit_test(bootstrap_agrees_with_analysis),
        cmocka_unit_test(the_last_cohort_compares),
        cmocka_unit_test(bad_data_is_named),
        cmocka_unit_test(units_of_covariates_do_not_matter),
        cmocka_unit_test(fractions_of_periods_are_one_event_time),
        cmocka_unit_test(very_many_cells_are_refused),
        cmocka_unit_test(one_cluster_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
