/* huella rollout as typed: the contract's keys, every format, and what is refused. */

#include "run.h"

#include "huella/base/json.h"

#define ROLLOUT(arena, ...)                                                                                        \
    CHECK_HUELLA(arena, "rollout", check_source(arena, "tests/oracles/own_panel.csv"), "--outcome", "y", "--unit", \
                 "unit", "--time", "year", "--cohort", "cohort", __VA_ARGS__)

static void json_keeps_the_contract(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = ROLLOUT(arena, "--format", "json", "--permutations", "200");
    assert_int_equal(run.status, 0);
    json_error_t error;
    json_t *root = json_loads(run.out, 0, &error);
    assert_non_null(root);
    check_close(json_number_value(json_object_get(root, "estimate")), 0.660958904244728, 1e-8, "estimate");
    check_close(json_number_value(json_object_get(root, "se")), 0.0738764701718517, 1e-6, "se");
    check_close(json_number_value(json_object_get(root, "se_neyman")), 0.0740603294673066, 1e-6, "se_neyman");
    json_t *fisher = json_object_get(root, "fisher");
    check_close(json_number_value(json_object_get(fisher, "p")), 1.0 / 201, 1e-12, "p");
    assert_int_equal(json_integer_value(json_object_get(fisher, "assignments")), 200);
    assert_true(json_is_false(json_object_get(fisher, "exact")));
    assert_int_equal(json_array_size(json_object_get(fisher, "ci")), 2);
    json_decref(root);
}

static void other_formats_and_two_threads(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = ROLLOUT(arena, "--format", "jsonl", "--estimand", "eventstudy", "--event-times", "-2:1");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"eventstudy\":[{\"event_time\":-2,\"estimate\":");
    check_contains(run.out, "{\"event_time\":-1,\"estimate\":0,\"se\":null");
    run = ROLLOUT(arena, "--format", "table", "--beta", "did", "--control", "last", "--permutations", "50");
    check_contains(run.out, "0.6200");
    check_contains(run.out, "50 assignments drawn at random");
    run = ROLLOUT(arena, "--format", "csv", "--beta", "0.5");
    check_contains(run.out, "\nsimple,,0.72475654071946");
    run = ROLLOUT(arena, "--format", "jsonl", "--permutations", "300", "--threads", "1");
    check_run two = ROLLOUT(arena, "--format", "jsonl", "--permutations", "300", "--threads", "2");
    assert_string_equal(run.out, two.out);
    run = CHECK_HUELLA(arena, "rollout", check_source(arena, "tests/oracles/own_cases.csv"), "--outcome", "convicted",
                       "--time", "half", "--cohort", "cohort", "--cluster", "region", "--aggregate", "total",
                       "--redraw", "treated", "--permutations", "400", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "1240 rows, 25 units of assignment");
}

static void what_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = ROLLOUT(arena, "--permutations", "some");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "neither \"exact\"");
    run = ROLLOUT(arena, "--permutations", "exact");
    check_contains(run.err, "possible assignments, more than the 10000000");
    run = ROLLOUT(arena, "--beta", "best");
    assert_int_equal(run.status, 2);
    run = ROLLOUT(arena, "--event-times", "1:2");
    check_contains(run.err, "--estimand eventstudy");
    run = ROLLOUT(arena, "--estimand", "eventstudy", "--event-times", "3:1");
    check_contains(run.err, "no range");
    run = ROLLOUT(arena, "--redraw", "treated");
    check_contains(run.err, "need --permutations");
    run = ROLLOUT(arena, "--plot", "/tmp/x.svg");
    check_contains(run.err, "--estimand eventstudy");
    run = ROLLOUT(arena, "--plot-permutations", "/tmp/x.svg");
    check_contains(run.err, "needs --permutations");
    run = ROLLOUT(arena, "--plot-permutations", "/tmp/x.txt", "--permutations", "9");
    assert_int_equal(run.status, 2);
    run = ROLLOUT(arena, "--aggregate", "mean");
    check_contains(run.err, "needs --cluster");
    run = CHECK_HUELLA(arena, "rollout", check_source(arena, "tests/oracles/own_panel.csv"), "--outcome", "y", "--time",
                       "year", "--cohort", "cohort");
    check_contains(run.err, "--unit is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_keeps_the_contract),
        cmocka_unit_test(other_formats_and_two_threads),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
