/* huella sensitivity as typed: every check in every format, event studies from files, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#define SENSITIVITY(arena, ...)                                                                                        \
    CHECK_HUELLA(arena, "sensitivity", check_source(arena, "tests/oracles/own_panel.csv"), "--outcome", "y", "--unit", \
                 "unit", "--time", "year", "--cohort", "cohort", "--cluster", "cluster", __VA_ARGS__)

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    if (!root)
        fail_msg("line %d: %s in %s", error.line, error.text, text);
    return root;
}

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* What is estimated is the universal-base event study of huella did; sets grow; the breakdown lies between. */
static void trends_part(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = SENSITIVITY(arena, "--format", "json", "--m", "0,1,2");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *sets = json_object_get(root, "sets");
    check_close(number(json_object_get(root, "original"), "estimate"), 0.4124231439153439, 1e-8, "estimate");
    assert_int_equal(json_array_size(sets), 3);
    double at_one = json_number_value(json_array_get(json_object_get(json_array_get(sets, 1), "ci"), 0));
    double at_two = json_number_value(json_array_get(json_object_get(json_array_get(sets, 2), "ci"), 0));
    assert_true(at_one > 0 && at_two < 0);
    assert_true(number(root, "breakdown") > 1 && number(root, "breakdown") < 2);
    json_decref(root);
    check_run two = SENSITIVITY(arena, "--format", "json", "--m", "0,1,2", "--threads", "1");
    assert_string_equal(run.out, two.out);
    run = SENSITIVITY(arena, "--format", "table", "--restriction", "smoothness", "--average", "--event-times", "-4:3");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "average from event time 0 on, 3 periods before and 4 after");
    check_contains(run.out, "FLCI");
    run = SENSITIVITY(arena, "--format", "csv", "--estimator", "sun_abraham", "--shape", "positive", "--interval",
                      "conditional", "--at", "1");
    check_contains(run.out, "\nrobust,2,");
}

static void event_studies_come_from_files(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *coefficients = hu_path_join(arena, folder, "b.csv"),
               *covariance = hu_path_join(arena, folder, "v.csv"), *json = hu_path_join(arena, folder, "b.json");
    static const char b[] = "event_time,estimate\n-3,0.02\n-2,-0.01\n0,0.2\n1,0.3\n",
                      v[] = "a,b,c,d\n0.0004,0.0001,0,0\n0.0001,0.0004,0,0\n0,0,0.0004,0.0002\n0,0,0.0002,0.0006\n",
                      both[] = "{\"event_time\":[-3,-2,-1,0,1],\"estimate\":[0.02,-0.01,0,0.2,0.3],\"covariance\":["
                               "[0.0004,0.0001,0,0,0],[0.0001,0.0004,0,0,0],[0,0,0,0,0],[0,0,0,0.0004,0.0002],"
                               "[0,0,0,0.0002,0.0006]]}";
    CHECK_OK(hu_write_file(coefficients, b, strlen(b)));
    CHECK_OK(hu_write_file(covariance, v, strlen(v)));
    CHECK_OK(hu_write_file(json, both, strlen(both)));
    check_run run = CHECK_HUELLA(arena, "sensitivity", "--coefficients", coefficients, "--covariance", covariance,
                                 "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"periods_before\": 2");
    check_run other = CHECK_HUELLA(arena, "sensitivity", "--coefficients", json, "--format", "json");
    assert_string_equal(run.out, other.out); /* with its reference period or without */
    run = CHECK_HUELLA(arena, "sensitivity", "--coefficients", json, "--check", "power", "--format", "csv");
    check_contains(run.out, "power,slope,event_time");
    run = CHECK_HUELLA(arena, "sensitivity", "--coefficients", coefficients, "--covariance", coefficients);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "expected 4 of each");
    run = CHECK_HUELLA(arena, "sensitivity", "--coefficients", json, "--check", "donut");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "needs DATA");
    static const char gap[] = "event_time,estimate\n-4,0.02\n-2,-0.01\n0,0.2\n1,0.3\n";
    CHECK_OK(hu_write_file(coefficients, gap, strlen(gap)));
    run = CHECK_HUELLA(arena, "sensitivity", "--coefficients", coefficients, "--covariance", covariance);
    assert_int_equal(run.status, 2);
    check_contains(run.err, "event time -2 follows -4");
    check_remove(folder);
}

/* The row without a cluster is what huella did says of the table without it. */
static void repeats_are_estimates_on_other_rows(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = SENSITIVITY(arena, "--check", "leave_one_out", "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *rows = json_object_get(root, "rows");
    check_close(number(json_object_get(root, "all"), "estimate"), 0.620014449206349, 1e-8, "all");
    assert_int_equal(json_array_size(rows), 30);
    hu_file file;
    const char *folder = check_folder(arena), *path = hu_path_join(arena, folder, "without.csv");
    CHECK_OK(hu_file_open(check_source(arena, "tests/oracles/own_panel.csv"), 0, &file));
    HU_BUF(kept);
    for (const char *at = file.data, *end = at + file.length; at < end;) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)(next - at) + 1;
        const char *cell = at; /* unit,year,cluster */
        for (int comma = 0; comma < 2; comma++)
            cell = strchr(cell, ',') + 1;
        if (strncmp(cell, "7,", 2) != 0)
            hu_buf_add(&kept, at, length);
        at += length;
    }
    hu_file_close(&file);
    CHECK_OK(hu_write_file(path, kept.data, kept.length));
    run = CHECK_HUELLA(arena, "did", path, "--outcome", "y", "--unit", "unit", "--time", "year", "--cohort", "cohort",
                       "--cluster", "cluster", "--format", "json");
    json_t *did = parse(run.out), *simple = json_object_get(json_object_get(did, "aggregate"), "simple");
    check_close(number(json_array_get(rows, 6), "estimate"), number(simple, "att"), 1e-12, "without cluster 7");
    check_close(number(json_array_get(rows, 6), "se"), number(simple, "se"), 1e-12, "its error");
    json_decref(root);
    json_decref(did);
    check_remove(folder);
}

static void placebos_and_donuts(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = SENSITIVITY(arena, "--check", "placebo_outcomes", "--outcomes", "x,y", "--estimator", "imputation",
                                "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *y = json_array_get(json_object_get(root, "rows"), 1);
    check_close(number(y, "estimate"), 0.63216881122843, 1e-8, "imputation on y");
    assert_true(number(y, "p_holm") >= number(y, "p"));
    json_decref(root);
    for (size_t i = 0; i < 3; i++) {
        static const char *const estimators[] = {"callaway_santanna", "sun_abraham", "imputation"};
        run =
            SENSITIVITY(arena, "--check", "donut", "--periods", "2", "--estimator", estimators[i], "--format", "json");
        assert_int_equal(run.status, 0);
        root = parse(run.out);
        json_t *rows = json_object_get(root, "rows");
        assert_int_equal(json_array_size(rows), 2); /* effects grow over time: without the first they are larger */
        assert_true(number(json_array_get(rows, 0), "estimate") > number(json_object_get(root, "all"), "estimate"));
        assert_true(number(json_array_get(rows, 1), "estimate") > number(json_array_get(rows, 0), "estimate"));
        json_decref(root);
        run = SENSITIVITY(arena, "--check", "placebo_cohorts", "--periods", "2", "--estimator", estimators[i],
                          "--format", "json");
        root = parse(run.out);
        for (size_t row = 0; row < 2; row++) { /* no effect was planted before treatment */
            json_t *placebo = json_array_get(json_object_get(root, "rows"), row);
            assert_true(fabs(number(placebo, "estimate")) < 3.5 * number(placebo, "se"));
        }
        json_decref(root);
    }
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const struct {
        const char *option, *value, *says;
    } calls[] = {{"--estimator", "imputation", "other references"},
                 {"--powers", "0.5", "belongs to --check power"},
                 {"--m", "2,1", "ascending"},
                 {"--event-times", "3", "no range"},
                 {"--at", "17", "not among"},
                 {"--interval", "flci", "smoothness"},
                 {"--coefficients", "x.csv", "in place of DATA"}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        check_run run = SENSITIVITY(arena, calls[i].option, calls[i].value);
        assert_int_equal(run.status, 2);
        check_contains(run.err, calls[i].says);
    }
    check_run run = CHECK_HUELLA(arena, "sensitivity");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "nothing to check");
}

static void every_check_draws_and_explains_itself(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const checks[] = {"trends",           "power", "leave_one_out", "placebo_cohorts",
                                         "placebo_outcomes", "donut"};
    const char *folder = check_folder(arena), *svg = hu_path_join(arena, folder, "a.svg");
    for (size_t c = 0; c < sizeof checks / sizeof *checks; c++) {
        check_run run = CHECK_HUELLA(arena, "sensitivity", "--explain", "--check", checks[c]);
        assert_int_equal(run.status, 0);
        check_contains(run.out, "Source");
        bool outcomes = strcmp(checks[c], "placebo_outcomes") == 0;
        run = SENSITIVITY(arena, "--check", checks[c], "--plot", svg, "--format", "table",
                          outcomes ? "--outcomes" : "--periods", outcomes ? "y" : "1");
        assert_int_equal(run.status, 0);
        assert_true(hu_file_exists(svg));
        unlink(svg);
    }
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trends_part),
        cmocka_unit_test(event_studies_come_from_files),
        cmocka_unit_test(repeats_are_estimates_on_other_rows),
        cmocka_unit_test(placebos_and_donuts),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(every_check_draws_and_explains_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
