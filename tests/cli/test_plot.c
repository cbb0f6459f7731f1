/* --plot, --explain and several estimators at once, as typed. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#define DID(arena, ...)                                                                                                \
    CHECK_HUELLA(arena, "did", check_source(arena, "tests/oracles/own_panel.csv"), "--outcome", "y", "--unit", "unit", \
                 "--time", "year", "--cohort", "cohort", "--cluster", "cluster", __VA_ARGS__)

static void estimators_stand_side_by_side(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_error_t error;
    check_run run = DID(arena, "--estimator", "sun_abraham,imputation,twfe,callaway_santanna", "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, &error), *all = json_object_get(root, "estimators");
    assert_int_equal(json_array_size(all), 4);
    json_t *sunab = json_array_get(all, 0), *cells = json_object_get(sunab, "event_study");
    assert_string_equal(json_string_value(json_object_get(sunab, "estimator")), "sun_abraham");
    json_t *zero = json_array_get(cells, 6); /* -6 … -1, then 0 */
    assert_true(json_number_value(json_object_get(zero, "event_time")) == 0);
    check_close(json_number_value(json_object_get(zero, "estimate")), 0.4124231439153439, 1e-8, "at 0");
    assert_int_equal(json_array_size(json_object_get(zero, "band")), 2);
    json_t *overall = json_object_get(json_array_get(all, 1), "overall");
    check_close(json_number_value(json_object_get(overall, "estimate")), 0.63216881122843, 1e-8, "imputation");
    json_decref(root);
    run = DID(arena, "--estimator", "sun_abraham,twfe", "--format", "table");
    check_contains(run.out, "event time");
    check_contains(run.out, "0.4124 (0.0800)");
    run = DID(arena, "--estimator", "sun_abraham,twfe", "--format", "csv");
    check_contains(run.out, "twfe,overall,,");
    run = DID(arena, "--estimator", "twfe,twfe");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "named twice");
    run = DID(arena, "--estimator", "twfe,");
    assert_int_equal(run.status, 2);
}

static void every_estimator_draws_and_explains_itself(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const did[] = {"callaway_santanna", "sun_abraham", "imputation", "twfe",
                                      "chaisemartin",      "etwfe",       "bacon"},
                             *const survival[] = {"cox",  "kaplan_meier", "nelson_aalen", "aalen_johansen",
                                                  "rmst", "fine_gray"};
    const char *folder = check_folder(arena), *svg = hu_path_join(arena, folder, "a.svg");
    for (size_t e = 0; e < sizeof did / sizeof *did; e++) {
        check_run run = CHECK_HUELLA(arena, "did", "--explain", "--estimator", did[e]);
        assert_int_equal(run.status, 0);
        check_contains(run.out, "What is assumed");
        check_contains(run.out, "Source");
        bool clustered = strcmp(did[e], "bacon") != 0; /* which has no errors */
        run = CHECK_HUELLA(arena, "did", check_source(arena, "tests/oracles/own_panel.csv"), "--outcome", "y", "--unit",
                           "unit", "--time", "year", "--cohort", "cohort", "--estimator", did[e], "--plot", svg,
                           clustered ? "--cluster" : NULL, "cluster");
        assert_int_equal(run.status, 0);
        assert_true(hu_file_exists(svg));
        unlink(svg);
    }
    for (size_t e = 0; e < sizeof survival / sizeof *survival; e++) {
        bool curve = e > 0 && e < 5;
        check_run run = CHECK_HUELLA(arena, "survival", "--explain", "--estimator", survival[e], "--format", "json");
        assert_int_equal(run.status, 0);
        check_contains(run.out, "\"estimand\"");
        run = CHECK_HUELLA(arena, "survival", check_source(arena, "tests/oracles/own_cases.csv"), "--stop", "end_day",
                           "--event", "resolved", "--estimator", survival[e], curve ? "--strata" : "--covariates",
                           curve ? "trained" : "minor", "--plot", svg);
        assert_int_equal(run.status, 0);
        assert_true(hu_file_exists(svg));
        unlink(svg);
    }
    check_remove(folder);
}

static void a_plot_that_cannot_be_is_refused_before_the_work(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "did", "/nowhere.csv", "--plot", "effects.gif");
    assert_int_equal(run.status, 2);
    check_contains(run.err, ".svg, .pdf or .png");
    run = DID(arena, "--plot", "/nowhere/effects.svg");
    assert_int_equal(run.status, 3);
    assert_int_equal(strlen(run.out), 0); /* no result without its plot */
    run = CHECK_HUELLA(arena, "did", "--outcome", "y", "--unit", "unit", "--time", "year", "--cohort", "cohort");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "a study by --study");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimators_stand_side_by_side),
        cmocka_unit_test(every_estimator_draws_and_explains_itself),
        cmocka_unit_test(a_plot_that_cannot_be_is_refused_before_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
