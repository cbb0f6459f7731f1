/* huella survival as typed: the contract's keys, every format, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static const char *cases(hu_arena *arena)
{
    return check_source(arena, "tests/oracles/own_cases_counting.csv");
}

#define SURVIVAL(arena, ...) \
    CHECK_HUELLA(arena, "survival", cases(arena), "--start", "tstart", "--stop", "tstop", "--event", "ev", __VA_ARGS__)

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    return root;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        fail_msg("expected a number under \"%s\"", key);
    return json_number_value(value);
}

static void cox_keeps_the_contract(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = SURVIVAL(arena, "--covariates", "tr,minor", "--cluster", "region", "--strata", "region");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *first = json_array_get(json_object_get(root, "coefficients"), 0);
    assert_string_equal(json_string_value(json_object_get(root, "estimator")), "cox");
    assert_string_equal(json_string_value(json_object_get(first, "name")), "tr");
    check_close(number(first, "estimate"), 0.134788491069353, 1e-8, "estimate");
    check_close(number(first, "se"), 0.102377437534984, 1e-6, "se");
    check_close(number(first, "se_robust"), 0.0736395059025472, 1e-6, "se_robust");
    check_close(number(first, "p"), 0.0671927055282112, 1e-6, "p");
    assert_int_equal(json_array_size(json_object_get(root, "loglik")), 2);
    assert_int_equal((int)number(root, "dropped"), 0);
    assert_int_equal((int)number(root, "clusters"), 25);
    assert_int_equal(json_array_size(json_object_get(root, "proportional_hazards")), 3);
    assert_true(json_is_string(json_object_get(root, "se_type")));
    json_decref(root);
}

static void curves_keep_the_contract(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const estimators[] = {"kaplan_meier", "nelson_aalen", "aalen_johansen"};
    static const char *const keys[] = {"time", "at_risk", "events", "estimate", "se"};
    for (size_t e = 0; e < 3; e++) {
        check_run run = SURVIVAL(arena, "--estimator", estimators[e], "--strata", "minor");
        assert_int_equal(run.status, 0);
        json_t *root = parse(run.out), *point = json_array_get(json_object_get(root, "curves"), 0);
        assert_string_equal(json_string_value(json_object_get(point, "stratum")), "minor=0");
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            number(point, keys[k]);
        assert_int_equal(json_array_size(json_object_get(point, "ci")), 2);
        assert_int_equal(json_is_object(json_object_get(root, "logrank")), e < 2);
        json_decref(root);
    }
    check_run run = SURVIVAL(arena, "--estimator", "kaplan_meier");
    json_t *root = parse(run.out), *point = json_array_get(json_object_get(root, "curves"), 0);
    assert_true(json_is_null(json_object_get(point, "stratum")));
    json_decref(root);
}

static void other_estimators_print_their_parts(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run =
        SURVIVAL(arena, "--estimator", "rmst", "--until", "1000", "--strata", "minor", "--cluster", "region");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out);
    assert_int_equal(json_array_size(json_object_get(root, "means")), 2);
    number(json_array_get(json_object_get(root, "differences"), 0), "p");
    json_decref(root);
    run = CHECK_HUELLA(arena, "survival", cases(arena), "--stop", "tstop", "--event", "ev", "--estimator", "fine_gray",
                       "--covariates", "minor", "--ties", "breslow");
    assert_int_equal(run.status, 0);
    root = parse(run.out);
    number(json_array_get(json_object_get(root, "coefficients"), 0), "se_robust");
    json_decref(root);
}

static void other_formats_and_two_threads(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = SURVIVAL(arena, "--covariates", "tr", "--format", "table");
    check_contains(run.out, "Do hazard ratios stay the same over time?");
    run = SURVIVAL(arena, "--estimator", "kaplan_meier", "--strata", "minor", "--format", "table");
    check_contains(run.out, "minor=1");
    check_contains(run.out, "Log-rank");
    run = SURVIVAL(arena, "--estimator", "rmst", "--format", "table");
    check_contains(run.out, "mean time");
    run = SURVIVAL(arena, "--covariates", "tr", "--format", "csv");
    check_contains(run.out, "name,estimate,se,se_robust,ci_lower,ci_upper,p,hazard_ratio\ntr,0.");
    run = SURVIVAL(arena, "--estimator", "kaplan_meier", "--format", "csv");
    check_contains(run.out, "stratum,time,at_risk,events,estimate,se,ci_lower,ci_upper\n,");
    run = SURVIVAL(arena, "--estimator", "rmst", "--strata", "minor", "--format", "csv");
    check_contains(run.out, "\ndifference,minor=1,");
    check_run one = SURVIVAL(arena, "--covariates", "tr,minor", "--threads", "1");
    check_run two = SURVIVAL(arena, "--covariates", "tr,minor", "--threads", "2");
    assert_string_equal(one.out, two.out);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "survival", cases(arena), "--stop", "tstop");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--event");
    run = SURVIVAL(arena, "--strata", "minor");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--covariates");
    run = SURVIVAL(arena, "--estimator", "kaplan_meier", "--treated-at", "tr");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "what happens later");
    run = SURVIVAL(arena, "--estimator", "fine_gray", "--covariates", "minor");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--start");
    run = SURVIVAL(arena, "--estimator", "rmst", "--until", "-3");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--until");
    run = SURVIVAL(arena, "--covariates", "minr");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "did you mean \"minor\"");
    run = SURVIVAL(arena, "--covariates", "minor", "--cause", "4");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "4 never stands there");
}

static void bad_files_exit_with_three(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"tstart,tstop,ev,x\n0,5,1,1\n9,4,1,2\n", ":3: column \"tstop\": a negative duration"},
        {"tstart,tstop,ev,x\n0,5,0,1\n0,4,0,2\n", "no event"},
        {"tstart,tstop,ev,x\n0,5,1,1\n0,soon,0,2\n", ":3"},
        {"tstart,tstop,ev,x\n0,5,1,1\n0,4,1,1\n0,7,0,0\n0,8,0,0\n", "covariate \"x\""},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        HU_SCRATCH(arena);
        const char *folder = check_folder(arena), *path = hu_printf(arena, "%s/data.csv", folder);
        const char *out = hu_printf(arena, "%s/out.json", folder);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(files[i][0], file);
        fclose(file);
        check_run run = CHECK_HUELLA(arena, "survival", path, "--start", "tstart", "--stop", "tstop", "--event", "ev",
                                     "--covariates", "x", "--out", out);
        assert_int_equal(run.status, 3);
        check_contains(run.err, "data.csv");
        check_contains(run.err, files[i][1]);
        assert_int_equal(access(out, F_OK), -1); /* nothing half-written */
        check_remove(folder);
    }
}

/* A stratum that is never at risk when events come: no test, but the curves; clusters and weights are spoken of. */
static void curves_stand_without_their_test(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = hu_path_join(arena, folder, "data.csv");
    static const char text[] = "t,e,g,w,c\n1,1,1,1,1\n2,1,1,2,2\n3,0,1,1,1\n0.5,0,2,1,2\n0.6,0,2,1,1\n";
    CHECK_OK(hu_write_file(path, text, sizeof text - 1));
#define CURVES(...)                                                                                                 \
    CHECK_HUELLA(arena, "survival", path, "--stop", "t", "--event", "e", "--estimator", "kaplan_meier", "--strata", \
                 "g", __VA_ARGS__)
    check_run run = CURVES("--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"curves\"");
    check_contains(run.out, "no log-rank test");
    run = CURVES("--weights", "w", "--format", "json");
    check_contains(run.out, "it takes no weights");
    run = CURVES("--weights", "w", "--within", "c");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "leave one out");
#undef CURVES
    check_remove(folder);
    run =
        SURVIVAL(arena, "--estimator", "kaplan_meier", "--strata", "minor", "--cluster", "region", "--format", "json");
    check_contains(run.out, "the log-rank test takes rows for independent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cox_keeps_the_contract),
        cmocka_unit_test(curves_keep_the_contract),
        cmocka_unit_test(other_estimators_print_their_parts),
        cmocka_unit_test(other_formats_and_two_threads),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(curves_stand_without_their_test),
        cmocka_unit_test(bad_files_exit_with_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
