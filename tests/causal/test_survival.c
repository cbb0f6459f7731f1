/* Durations: what must hold whatever the data, and what bad data is told. */

#include "oracle.h"

#include "huella/base/random.h"
#include "huella/causal/survival.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static double *column(hu_table *table, const char *name)
{
    return hu_table_find(table, name)->numbers;
}

/* id, start, stop, event (0, 1, 2), x, z, group (1 … 3), region (1 … 8), w; tied times when `grid` > 0. */
static hu_table *draw(hu_arena *arena, size_t n, double grid, bool late_entry, uint64_t seed)
{
    static const char *const names[] = {"id", "start", "stop", "event", "x", "z", "group", "region", "w"};
    hu_table *table = hu_table_new(arena, "drawn.csv", n);
    for (size_t j = 0; j < sizeof names / sizeof *names; j++)
        hu_table_add_numbers(table, arena, names[j]);
    hu_random random = hu_random_start(seed, 0);
    for (size_t i = 0; i < n; i++) {
        double x = hu_random_normal(&random), z = hu_random_uniform(&random) < 0.4;
        double stop = 20 * hu_random_exponential(&random) * exp(-0.5 * x + 0.3 * z) + 0.01;
        stop = grid > 0 ? ceil(stop / grid) * grid : stop;
        double start = late_entry && hu_random_uniform(&random) < 0.5 ? stop * hu_random_uniform(&random) : 0;
        const double values[] = {(double)i,
                                 start,
                                 stop,
                                 (double)hu_random_below(&random, 3),
                                 x,
                                 z,
                                 (double)hu_random_below(&random, 3) + 1,
                                 (double)hu_random_below(&random, 8) + 1,
                                 0.5 + hu_random_uniform(&random)};
        for (size_t j = 0; j < sizeof values / sizeof *values; j++)
            table->columns[j].numbers[i] = values[j];
    }
    return table;
}

/* Rows of `table` by index, in any order and number. */
static hu_table *take(hu_arena *arena, const hu_table *table, const size_t *rows, size_t n)
{
    hu_table *to = hu_table_new(arena, table->source, n);
    for (size_t j = 0; j < table->n_columns; j++) {
        double *cells = hu_table_add_numbers(to, arena, table->columns[j].name)->numbers;
        for (size_t i = 0; i < n; i++)
            cells[i] = table->columns[j].numbers[rows[i]];
    }
    return to;
}

static const hu_survival_columns all_columns = {.start = "start", .stop = "stop", .event = "event"};

static hu_survival *read_durations(hu_arena *arena, const hu_table *table, hu_survival_columns columns,
                                   hu_event_rule rule)
{
    hu_survival *data = NULL;
    CHECK_OK(hu_survival_read(table, &columns, rule, 1, arena, &data));
    return data;
}

static hu_cox_result *fit_cox(hu_arena *arena, const hu_table *table, hu_survival_columns columns, hu_ties ties)
{
    hu_cox_result *result = NULL;
    CHECK_OK(
        hu_cox(read_durations(arena, table, columns, HU_THIS_CAUSE), &(hu_cox_options){.ties = ties}, arena, &result));
    return result;
}

static void same_fit(const hu_cox_result *a, const hu_cox_result *b, double tolerance)
{
    assert_int_equal(a->k, b->k);
    for (size_t j = 0; j < a->k; j++) {
        check_close(a->coefficients[j].estimate, b->coefficients[j].estimate, tolerance, "estimate");
        check_close(a->coefficients[j].se, b->coefficients[j].se, tolerance, "se");
        check_close(a->coefficients[j].se_robust, b->coefficients[j].se_robust, tolerance, "robust se");
        check_close(a->proportional[j].statistic, b->proportional[j].statistic, 1e3 * tolerance,
                    "proportional hazards");
    }
    check_close(a->loglik[0], b->loglik[0], tolerance, "null log likelihood");
    check_close(a->loglik[1], b->loglik[1], tolerance, "log likelihood");
    check_close(a->score.statistic, b->score.statistic, tolerance, "score");
}

/* The points where something happened; other times may be more or fewer. */
static void same_curves(const hu_curves *a, const hu_curves *b)
{
    size_t j = 0, compared = 0;
    for (size_t i = 0; i < a->n; i++) {
        const hu_curve_point *p = &a->points[i];
        if (p->events == 0)
            continue;
        while (j < b->n && b->points[j].events == 0)
            j++;
        assert_true(j < b->n);
        const hu_curve_point *q = &b->points[j++];
        assert_int_equal(p->stratum, q->stratum);
        assert_int_equal(p->cause, q->cause);
        check_close(p->time, q->time, 0, "time");
        check_close(p->at_risk, q->at_risk, 1e-12, "at risk");
        check_close(p->estimate, q->estimate, 1e-12, "curve");
        oracle_close(p->se, q->se, 1e-9, "error of a curve");
        compared++;
    }
    assert_true(compared > 20);
}

/* Everything that both tables give must be the same. */
static void same_results(hu_arena *arena, const hu_table *a, const hu_table *b)
{
    const hu_table *tables[] = {a, b};
    hu_survival_columns c = all_columns;
    hu_cox_result *fits[2][3];
    hu_curves *km[2], *incidence[2];
    hu_rmst *means[2];
    hu_logrank tests[2];
    for (size_t t = 0; t < 2; t++) {
        c = all_columns;
        c.cluster = "id";
        c.strata = "group";
        hu_survival *one = read_durations(arena, tables[t], c, HU_THIS_CAUSE);
        CHECK_OK(hu_kaplan_meier(one, HU_SURVIVAL_CURVE, 0, arena, &km[t]));
        CHECK_OK(hu_restricted_mean(one, 10, 0, arena, &means[t]));
        c.within = "z";
        CHECK_OK(hu_logrank_test(read_durations(arena, tables[t], c, HU_THIS_CAUSE), arena, &tests[t]));
        CHECK_OK(hu_aalen_johansen(read_durations(arena, tables[t], c, HU_ALL_CAUSES), 0, arena, &incidence[t]));
        c.covariates = NAMES("x", "z", "x:z");
        fits[t][0] = fit_cox(arena, tables[t], c, HU_EFRON);
        fits[t][1] = fit_cox(arena, tables[t], c, HU_BRESLOW);
        c.weights = "w";
        c.cluster = "region";
        fits[t][2] = fit_cox(arena, tables[t], c, HU_EFRON);
    }
    for (size_t f = 0; f < 3; f++)
        same_fit(fits[0][f], fits[1][f], 1e-9);
    same_curves(km[0], km[1]);
    same_curves(incidence[0], incidence[1]);
    check_close(tests[0].statistic, tests[1].statistic, 1e-9, "log-rank");
    for (size_t s = 0; s < 3; s++) {
        check_close(means[0]->mean[s].estimate, means[1]->mean[s].estimate, 1e-11, "restricted mean");
        check_close(means[0]->mean[s].se, means[1]->mean[s].se, 1e-9, "error of the restricted mean");
    }
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 400 };
    hu_table *table = draw(arena, N, 2, true, 1);
    size_t rows[N];
    for (size_t i = 0; i < N; i++)
        rows[i] = i;
    hu_random random = hu_random_start(2, 0);
    hu_random_shuffle(&random, rows, N);
    same_results(arena, table, take(arena, table, rows, N));
}

/* Counting processes: (start, stop] is (start, t] and (t, stop], with the event at the end of the second. */
static void splitting_rows_changes_nothing(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 400 };
    hu_table *table = draw(arena, N, 2, true, 3);
    size_t rows[2 * N];
    for (size_t i = 0; i < 2 * N; i++)
        rows[i] = i % N;
    hu_table *split = take(arena, table, rows, 2 * N);
    hu_random random = hu_random_start(4, 0);
    for (size_t i = 0; i < N; i++) {
        double *start = column(split, "start"), *stop = column(split, "stop");
        double share = i % 3 ? hu_random_uniform(&random) * 0.98 + 0.01 : 0.5;
        double at = start[i] + share * (stop[i] - start[i]);
        stop[i] = start[i + N] = at;
        column(split, "event")[i] = 0;
    }
    same_results(arena, table, split);
}

static void without_ties_breslow_is_efron(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival_columns c = all_columns;
    c.covariates = NAMES("x", "z");
    hu_table *apart = draw(arena, 300, 0, false, 5), *tied = draw(arena, 300, 5, false, 5);
    same_fit(fit_cox(arena, apart, c, HU_EFRON), fit_cox(arena, apart, c, HU_BRESLOW), 0);
    assert_true(fabs(fit_cox(arena, tied, c, HU_EFRON)->loglik[1] - fit_cox(arena, tied, c, HU_BRESLOW)->loglik[1]) >
                1);
}

/* Without censoring S is the share still to come, and the area under it the mean of the times. */
static void without_censoring_curves_count(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 200 };
    hu_table *table = draw(arena, N, 1, false, 6);
    double last = 0, sum = 0;
    for (size_t i = 0; i < N; i++) {
        column(table, "event")[i] = 1;
        last = fmax(last, column(table, "stop")[i]);
        sum += column(table, "stop")[i];
    }
    hu_survival_columns c = {.stop = "stop", .event = "event"};
    hu_survival *data = read_durations(arena, table, c, HU_ONE_EVENT);
    hu_curves *km = NULL;
    hu_rmst *mean = NULL;
    CHECK_OK(hu_kaplan_meier(data, HU_SURVIVAL_CURVE, 0, arena, &km));
    for (size_t p = 0; p < km->n; p++) {
        double later = 0;
        for (size_t i = 0; i < N; i++)
            later += column(table, "stop")[i] > km->points[p].time;
        double s = later / N, binomial = sqrt(s * (1 - s) / N);
        check_close(km->points[p].estimate, s, 1e-12, "S");
        if (s > 0)
            check_close(km->points[p].se, binomial, 1e-10, "Greenwood is binomial");
    }
    assert_true(km->points[km->n - 1].estimate == 0 && isnan(km->points[km->n - 1].se));
    CHECK_OK(hu_restricted_mean(data, 0, 0, arena, &mean));
    check_close(mean->until, last, 0, "until");
    check_close(mean->mean[0].estimate, sum / N, 1e-12, "mean");
}

static void incidences_add_up_to_one(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival *data = read_durations(arena, draw(arena, 500, 1, true, 7), all_columns, HU_ALL_CAUSES);
    hu_curves *curves = NULL, *km = NULL;
    CHECK_OK(hu_aalen_johansen(data, 0, arena, &curves));
    CHECK_OK(hu_kaplan_meier(data, HU_SURVIVAL_CURVE, 0, arena, &km));
    size_t times = curves->n / 3;
    assert_int_equal(times, km->n);
    for (size_t t = 0; t < times; t++) {
        const hu_curve_point *p = &curves->points[t];
        check_close(p[0].estimate + p[times].estimate + p[2 * times].estimate, 1, 1e-12, "sum");
        check_close(p[0].estimate, km->points[t].estimate, 1e-12, "no event yet is Kaplan-Meier");
    }
}

/* The jackknife is the derivative by the weights of clusters: compare with the curve itself, weights moved. */
static void the_jackknife_is_the_derivative_by_weights(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { CLUSTERS = 8 };
    const double step = 1e-5;
    hu_table *table = draw(arena, 300, 3, true, 8);
    hu_survival_columns c = all_columns;
    c.weights = "w";
    c.cluster = "region";
    hu_curves *at = NULL, *up = NULL, *down = NULL;
    CHECK_OK(hu_aalen_johansen(read_durations(arena, table, c, HU_ALL_CAUSES), 0, arena, &at));
    double *variance = HU_NEW_ARRAY(arena, double, at->n);
    for (size_t g = 1; g <= CLUSTERS; g++) {
        hu_curves **moved[] = {&up, &down};
        for (size_t m = 0; m < 2; m++) {
            double by = 1 + (m ? -step : step);
            for (size_t i = 0; i < table->rows; i++)
                column(table, "w")[i] *= column(table, "region")[i] == (double)g ? by : 1;
            CHECK_OK(hu_aalen_johansen(read_durations(arena, table, c, HU_ALL_CAUSES), 0, arena, moved[m]));
            for (size_t i = 0; i < table->rows; i++)
                column(table, "w")[i] /= column(table, "region")[i] == (double)g ? by : 1;
        }
        for (size_t i = 0; i < at->n; i++) {
            double slope = (up->points[i].estimate - down->points[i].estimate) / (2 * step);
            variance[i] += slope * slope;
        }
    }
    for (size_t i = 0; i < at->n; i++)
        if (!isnan(at->points[i].se))
            assert_true(fabs(at->points[i].se - sqrt(variance[i])) < 1e-7);
}

static void a_weight_of_two_is_a_row_twice(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 200 };
    hu_table *table = draw(arena, N, 2, true, 9);
    size_t rows[2 * N], n = 0;
    for (size_t i = 0; i < N; i++) {
        column(table, "w")[i] = 1 + (double)(i % 2);
        for (size_t times = 0; times <= i % 2; times++)
            rows[n++] = i;
    }
    hu_survival_columns weighted = all_columns, twice = all_columns;
    weighted.weights = "w";
    weighted.cluster = twice.cluster = "region";
    hu_curves *a = NULL, *b = NULL;
    hu_table *repeated = take(arena, table, rows, n);
    CHECK_OK(hu_kaplan_meier(read_durations(arena, table, weighted, HU_THIS_CAUSE), HU_SURVIVAL_CURVE, 0, arena, &a));
    CHECK_OK(hu_kaplan_meier(read_durations(arena, repeated, twice, HU_THIS_CAUSE), HU_SURVIVAL_CURVE, 0, arena, &b));
    same_curves(a, b);
    weighted.covariates = twice.covariates = NAMES("x", "z");
    hu_cox_result *w = fit_cox(arena, table, weighted, HU_BRESLOW), *t = fit_cox(arena, repeated, twice, HU_BRESLOW);
    for (size_t j = 0; j < 2; j++) {
        check_close(w->coefficients[j].estimate, t->coefficients[j].estimate, 1e-9, "weighted estimate");
        check_close(w->coefficients[j].se_robust, t->coefficients[j].se_robust, 1e-9, "weighted robust error");
    }
}

/* Without ties the log-rank statistic is the score test of the groups' dummies. */
static void the_logrank_test_is_a_score_test(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 300, 0, true, 10);
    double *two = hu_table_add_numbers(table, arena, "two")->numbers,
           *three = hu_table_add_numbers(table, arena, "three")->numbers;
    for (size_t i = 0; i < table->rows; i++) {
        two[i] = column(table, "group")[i] == 2;
        three[i] = column(table, "group")[i] == 3;
    }
    hu_survival_columns groups = all_columns, dummies = all_columns;
    groups.strata = "group";
    groups.within = dummies.strata = "region";
    dummies.covariates = NAMES("two", "three");
    hu_logrank test;
    CHECK_OK(hu_logrank_test(read_durations(arena, table, groups, HU_THIS_CAUSE), arena, &test));
    check_close(test.statistic, fit_cox(arena, table, dummies, HU_EFRON)->score.statistic, 1e-9, "log-rank");
    assert_int_equal(test.df, 2);
}

/* Nobody ends by another cause: the subdistribution is the distribution. */
static void fine_gray_without_competitors_is_cox(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 300, 2, false, 11);
    for (size_t i = 0; i < table->rows; i++)
        column(table, "event")[i] = column(table, "event")[i] == 1;
    hu_survival_columns c = {.stop = "stop", .event = "event", .covariates = NAMES("x", "z"), .strata = "group"};
    for (int ties = HU_EFRON; ties <= HU_BRESLOW; ties++) {
        hu_cox_result *fg = NULL, *cox = fit_cox(arena, table, c, (hu_ties)ties);
        hu_survival *data = read_durations(arena, table, c, HU_ALL_CAUSES);
        CHECK_OK(hu_fine_gray(data, &(hu_cox_options){.ties = (hu_ties)ties}, arena, &fg));
        for (size_t j = 0; j < 2; j++) {
            check_close(fg->coefficients[j].estimate, cox->coefficients[j].estimate, 1e-12, "estimate");
            check_close(fg->coefficients[j].se_robust, cox->coefficients[j].se_robust, 1e-9, "robust error");
        }
    }
}

/* One row a case with the time of treatment is the counting process that the peer was given. */
static void treatment_splits_running_cases(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *counting = oracle_table(arena, check_source(arena, "tests/oracles/own_cases_counting.csv"));
    size_t *last = HU_NEW_ARRAY(arena, size_t, counting->rows), n = 0;
    double *id = column(counting, "case");
    for (size_t i = 0; i < counting->rows; i++)
        if (i + 1 == counting->rows || id[i] != id[i + 1])
            last[n++] = i;
    hu_table *cases = take(arena, counting, last, n);
    double *treated = hu_table_add_numbers(cases, arena, "trained_at")->numbers;
    for (size_t i = 0; i < n; i++)
        if (column(cases, "tr")[i] == 1)
            treated[i] = column(cases, "tstart")[i];
    hu_survival_columns c = {.stop = "tstop",
                             .event = "ev",
                             .treated_at = "trained_at",
                             .covariates = NAMES("minor"),
                             .strata = "region",
                             .cluster = "region"};
    hu_survival *data = read_durations(arena, cases, c, HU_ONE_EVENT);
    assert_int_equal(data->n, 1350);
    assert_int_equal(data->cases, 1240);
    hu_cox_result *result = NULL;
    CHECK_OK(hu_cox(data, &(hu_cox_options){0}, arena, &result));
    json_t *root = oracle_json(check_source(arena, "tests/oracles/own_cases.json")), *row;
    size_t j;
    assert_string_equal(result->coefficients[0].name, "treated");
    json_array_foreach(json_object_get(json_object_get(root, "cox_tv"), "coef"), j, row) {
        check_close(result->coefficients[j].estimate, oracle_number(row, "coef"), 1e-8, "estimate");
        check_close(result->coefficients[j].se_robust, oracle_number(row, "robust se"), 1e-6, "robust error");
    }
    json_decref(root);
}

static void collinear_covariates_are_left_out_by_name(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 300, 2, false, 12);
    double *sum = hu_table_add_numbers(table, arena, "sum")->numbers,
           *one = hu_table_add_numbers(table, arena, "one")->numbers;
    for (size_t i = 0; i < table->rows; i++) {
        sum[i] = 3 * column(table, "x")[i] - column(table, "z")[i] + 7;
        one[i] = 1e6;
    }
    hu_survival_columns c = all_columns;
    c.covariates = NAMES("one", "x", "z", "sum");
    hu_cox_result *all = fit_cox(arena, table, c, HU_EFRON);
    c.covariates = NAMES("x", "z");
    hu_cox_result *alone = fit_cox(arena, table, c, HU_EFRON);
    assert_true(isnan(all->coefficients[0].estimate) && isnan(all->coefficients[3].estimate));
    for (size_t j = 0; j < 2; j++)
        check_close(all->coefficients[j + 1].estimate, alone->coefficients[j].estimate, 1e-9, "estimate");
    check_close(all->proportional[4].statistic, alone->proportional[2].statistic, 1e-6, "proportional hazards");
    assert_int_equal(all->wald.df, 2);
    assert_int_equal(all->n_warnings, 2);
    assert_non_null(strstr(all->warnings[1], "\"sum\""));
}

/* Lines are those of a file with a header. */
static hu_error *read_text(hu_arena *arena, const char *text, hu_survival_columns columns, hu_event_rule rule,
                           hu_survival **data)
{
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, strlen(text), "cases.csv", NULL, arena, &table));
    return hu_survival_read(table, &columns, rule, 1, arena, data);
}

static void bad_durations_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival *data = NULL;
    hu_survival_columns c = all_columns, simple = {.stop = "stop", .event = "event"};
    CHECK_FAILS(read_text(arena, "start,stop,event\n0,5,1\n7,3,1\n", c, HU_ONE_EVENT, &data), HU_BAD_INPUT,
                "cases.csv:3: column \"stop\": a negative duration");
    CHECK_FAILS(read_text(arena, "start,stop,event\n0,5,1\n3,3,1\n", c, HU_ONE_EVENT, &data), HU_BAD_INPUT,
                "cases.csv:3");
    CHECK_FAILS(read_text(arena, "stop,event\n5,1\n-2,1\n", simple, HU_ONE_EVENT, &data), HU_BAD_INPUT, "cases.csv:3");
    CHECK_FAILS(read_text(arena, "stop,event\n5,0\n2,0\n", simple, HU_ONE_EVENT, &data), HU_EMPTY,
                "no event in 2 rows");
    CHECK_FAILS(read_text(arena, "stop,event\n5,1\n2,3\n", simple, HU_ONE_EVENT, &data), HU_BAD_INPUT, "--cause");
    CHECK_FAILS(read_text(arena, "stop,event\n5,1\n2,1.5\n", simple, HU_ALL_CAUSES, &data), HU_BAD_INPUT,
                "1.5 is no cause");
    CHECK_FAILS(read_text(arena, "stop,event\n5,2\n2,0\n", simple, HU_THIS_CAUSE, &data), HU_EMPTY,
                "1 never stands there");
    CHECK_FAILS(read_text(arena, "stop,event\n,1\n2,\n", simple, HU_ONE_EVENT, &data), HU_EMPTY, "no row is left");
    CHECK_FAILS(read_text(arena, "stop,evnt\n1,1\n2,0\n", simple, HU_ONE_EVENT, &data), HU_NOT_FOUND,
                "did you mean \"evnt\"");
    simple.cluster = "g";
    CHECK_FAILS(read_text(arena, "stop,event,g\n1,1,4\n2,0,4\n", simple, HU_ONE_EVENT, &data), HU_EMPTY, "one cluster");
    simple = (hu_survival_columns){.stop = "stop", .event = "event", .weights = "w"};
    CHECK_FAILS(read_text(arena, "stop,event,w\n1,1,4\n2,0,-1\n", simple, HU_ONE_EVENT, &data), HU_BAD_INPUT,
                "cases.csv:3");
}

/* 0.1 + 0.2 is the time 0.3, whatever its last bit says. */
static void times_apart_by_rounding_are_one(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival *data = NULL;
    hu_survival_columns c = {.stop = "stop", .event = "event"};
    CHECK_OK(read_text(arena, "stop,event\n0.3,1\n0.30000000000000004,1\n0.29999999999999999,0\n0.31,0\n", c,
                       HU_ONE_EVENT, &data));
    assert_true(data->stop[0] == data->stop[2] && data->stop[2] < data->stop[3]);
    CHECK_FAILS(
        read_text(arena, "start,stop,event\n0,0.3,1\n0.3,0.30000000000000004,1\n", all_columns, HU_ONE_EVENT, &data),
        HU_BAD_INPUT, "cases.csv:3");
    hu_table *exact = draw(arena, 300, 1, true, 14), *rounded = draw(arena, 300, 1, true, 14);
    hu_random random = hu_random_start(15, 0);
    for (size_t i = 0; i < rounded->rows; i++)
        column(rounded, "stop")[i] *= 1 + 1e-15 * (double)hu_random_below(&random, 3);
    c = all_columns;
    c.covariates = NAMES("x", "z");
    same_fit(fit_cox(arena, exact, c, HU_EFRON), fit_cox(arena, rounded, c, HU_EFRON), 1e-10);
}

static void texts_become_dummies(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival *data = NULL;
    hu_survival_columns c = {.stop = "stop", .event = "event", .covariates = NAMES("court", "n")};
    CHECK_OK(
        read_text(arena, "stop,event,court,n\n5,1,lima,1\n9,0,cusco,2\n3,1,puno,0\n4,1,,1\n", c, HU_ONE_EVENT, &data));
    assert_int_equal(data->k, 3);
    assert_int_equal(data->dropped, 1);
    assert_string_equal(data->names[0], "courtlima");
    assert_string_equal(data->names[1], "courtpuno");
    for (size_t i = 0; i < 3; i++) /* by time: puno, lima, cusco */
        for (size_t j = 0; j < 2; j++)
            check_close(data->x[i * 3 + j] * data->scale[j] + data->center[j], (i == 1 && j == 0) || (i == 0 && j == 1),
                        1e-12, "dummy");
    CHECK_FAILS(read_text(arena, "stop,event,court,n\n5,1,lima,1\n9,0,lima,2\n", c, HU_ONE_EVENT, &data), HU_SINGULAR,
                "\"court\" holds one value only");
    c = (hu_survival_columns){.stop = "stop", .event = "event", .weights = "n"};
    CHECK_OK(read_text(arena, "stop,event,n\n5,1,1\n9,0,0\n", c, HU_ONE_EVENT, &data));
    assert_true(data->n == 1 && data->dropped == 0);
    CHECK_FAILS(read_text(arena, "stop,event,n\n5,1,0\n9,0,0\n", c, HU_ONE_EVENT, &data), HU_EMPTY, "no weight");
}

static void separation_is_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 200, 1, false, 13);
    for (size_t i = 0; i < table->rows; i++) /* no event where z is 1 */
        if (column(table, "z")[i] == 1)
            column(table, "event")[i] = 0;
    hu_survival_columns c = all_columns;
    c.covariates = NAMES("x", "z");
    hu_cox_result *result = NULL;
    hu_survival *data = read_durations(arena, table, c, HU_THIS_CAUSE);
    CHECK_FAILS(hu_cox(data, &(hu_cox_options){0}, arena, &result), HU_SINGULAR,
                "covariate \"z\": its coefficient runs off to minus infinity");
    c.covariates = NAMES("one");
    double *one = hu_table_add_numbers(table, arena, "one")->numbers;
    for (size_t i = 0; i < table->rows; i++)
        one[i] = 4;
    data = read_durations(arena, table, c, HU_THIS_CAUSE);
    CHECK_FAILS(hu_cox(data, &(hu_cox_options){0}, arena, &result), HU_SINGULAR, "no covariate differs");
}

static void horizons_beyond_the_data_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survival *data = NULL;
    hu_rmst *mean = NULL;
    hu_survival_columns c = {.stop = "stop", .event = "event", .strata = "g"};
    CHECK_OK(read_text(arena, "stop,event,g\n5,1,a\n9,0,a\n3,1,b\n6,0,b\n", c, HU_ONE_EVENT, &data));
    CHECK_FAILS(hu_restricted_mean(data, 8, 0, arena, &mean), HU_USAGE, "g=b is observed up to 6");
    CHECK_OK(hu_restricted_mean(data, 0, 0, arena, &mean));
    check_close(mean->until, 6, 0, "until");
    check_close(mean->mean[0].estimate, 5 + 0.5, 1e-14, "area");
    check_close(mean->difference[1].estimate, (3 + 0.5 * 3) - 5.5, 1e-14, "difference");
}

/* Two clusters cannot test two covariates together; three rows of scores that sum to zero have rank two at most. */
static void wald_tests_need_clusters(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 90, 0, false, 4);
    for (size_t r = 0; r < table->rows; r++)
        column(table, "region")[r] = (double)(r % 2);
    hu_survival_columns columns = all_columns;
    columns.covariates = NAMES("x", "z");
    columns.cluster = "region";
    hu_cox_result *result = fit_cox(arena, table, columns, HU_EFRON);
    assert_true(isnan(result->wald.statistic) && isnan(result->wald.p));
    bool said = false;
    for (size_t i = 0; i < result->n_warnings; i++)
        said |= strstr(result->warnings[i], "no Wald test") != NULL;
    assert_true(said);
}

/* A treatment at a case's own start or end but for rounding does not cut off a piece of rounding. */
static void treatment_at_an_end_but_for_rounding(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = draw(arena, 40, 0, true, 9);
    double *at = hu_table_add_numbers(table, arena, "at")->numbers;
    for (size_t r = 0; r < table->rows; r++) {
        double start = column(table, "start")[r], stop = column(table, "stop")[r];
        at[r] = r % 4 == 0 ? nextafter(stop, 0) : r % 4 == 1 ? nextafter(start, INFINITY) : NAN;
    }
    hu_survival_columns columns = all_columns;
    columns.treated_at = "at";
    hu_survival *data = read_durations(arena, table, columns, HU_THIS_CAUSE);
    assert_int_equal(data->n, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(splitting_rows_changes_nothing),
        cmocka_unit_test(without_ties_breslow_is_efron),
        cmocka_unit_test(without_censoring_curves_count),
        cmocka_unit_test(incidences_add_up_to_one),
        cmocka_unit_test(the_jackknife_is_the_derivative_by_weights),
        cmocka_unit_test(a_weight_of_two_is_a_row_twice),
        cmocka_unit_test(the_logrank_test_is_a_score_test),
        cmocka_unit_test(fine_gray_without_competitors_is_cox),
        cmocka_unit_test(treatment_splits_running_cases),
        cmocka_unit_test(collinear_covariates_are_left_out_by_name),
        cmocka_unit_test(bad_durations_are_refused),
        cmocka_unit_test(times_apart_by_rounding_are_one),
        cmocka_unit_test(texts_become_dummies),
        cmocka_unit_test(wald_tests_need_clusters),
        cmocka_unit_test(treatment_at_an_end_but_for_rounding),
        cmocka_unit_test(separation_is_named),
        cmocka_unit_test(horizons_beyond_the_data_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
