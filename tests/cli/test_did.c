/* huella did as typed: the contract's keys, every format, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static const char *panel(hu_arena *arena)
{
    return check_source(arena, "tests/oracles/own_panel.csv");
}

#define DID(arena, path, ...)                                                                                    \
    CHECK_HUELLA(arena, "did", path, "--outcome", "y", "--unit", "unit", "--time", "year", "--cohort", "cohort", \
                 __VA_ARGS__)

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    return root;
}

static void json_keeps_the_contract(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = DID(arena, panel(arena), "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *aggregate = json_object_get(root, "aggregate");
    assert_string_equal(json_string_value(json_object_get(root, "estimator")), "callaway_santanna");
    assert_int_equal(json_integer_value(json_object_get(root, "n")), 2400);
    assert_int_equal(json_integer_value(json_object_get(root, "units")), 300);
    assert_int_equal(json_integer_value(json_object_get(root, "clusters")), 300);
    assert_int_equal(json_integer_value(json_object_get(root, "dropped")), 0);
    json_t *cell = json_array_get(json_object_get(root, "att_gt"), 0);
    static const char *const keys[] = {"cohort", "time", "att", "se", "n"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_true(json_is_number(json_object_get(cell, keys[i])));
    json_t *simple = json_object_get(aggregate, "simple");
    check_close(json_number_value(json_object_get(simple, "att")), 0.620014449206349, 1e-8, "simple");
    assert_int_equal(json_array_size(json_object_get(simple, "ci")), 2);
    static const char *const families[][2] = {{"group", "cohort"}, {"dynamic", "event_time"}, {"calendar", "time"}};
    for (size_t f = 0; f < 3; f++) {
        json_t *family = json_object_get(aggregate, families[f][0]);
        assert_true(json_is_number(json_object_get(json_object_get(family, "overall"), "p")));
        json_t *first = json_array_get(json_object_get(family, "cells"), 0);
        assert_true(json_is_number(json_object_get(first, families[f][1])));
    }
    assert_true(json_is_number(json_object_get(json_object_get(root, "pretrend"), "df")));
    assert_true(json_is_string(json_object_get(root, "se_type")));
    json_decref(root);
}

static void other_formats_and_two_threads(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = DID(arena, panel(arena), "--format", "table", "--inference", "bootstrap", "--draws", "200");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "event time");
    check_contains(run.out, "uniform band");
    run = DID(arena, panel(arena), "--format", "csv");
    check_contains(run.out, "\nsimple,,,,0.62001444920634");
    run = DID(arena, panel(arena), "--format", "jsonl", "--covariates", "x", "--threads", "1");
    assert_ptr_equal(strchr(run.out, '\n'), run.out + strlen(run.out) - 1);
    check_run two = DID(arena, panel(arena), "--format", "jsonl", "--covariates", "x", "--threads", "2");
    assert_string_equal(run.out, two.out);
    run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "twfe", "--weights", "w", "--covariates",
              "x:year", "--cluster", "cluster");
    check_contains(run.out, "\"name\":\"x:year\"");
    run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "twfe");
    check_contains(run.out, "15.9 % of the weight compares those treated later with those treated already");
    run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "bacon");
    check_contains(run.out,
                   "{\"treated\":2018,\"control\":null,\"type\":\"Treated vs Untreated\",\"estimate\":0.63165716687");
    check_contains(run.out, "\"forbidden_weight\":0.15909090909");
    run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "sun_abraham", "--cluster", "cluster");
    check_contains(run.out, "{\"name\":\"event_time=-3\",\"estimate\":-0.019834744444");
    check_contains(run.out, "{\"name\":\"ATT\",\"estimate\":");
    run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "imputation", "--cluster", "cluster");
    check_contains(run.out, "\"static\":{\"estimate\":0.63216881122843");
    check_contains(run.out, "{\"event_time\":-5,\"estimate\":");
    check_contains(run.out, "{\"event_time\":0,\"estimate\":0.4702060312144");
    run = DID(arena, panel(arena), "--format", "csv", "--estimator", "imputation", "--pretrends", "0");
    check_contains(run.out, "\nstatic,,0.63216881122843");
    assert_null(strstr(run.out, "event_study,-"));
    run = DID(arena, panel(arena), "--pretrends", "3");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--pretrends needs --estimator imputation");
    run = CHECK_HUELLA(arena, "did", check_source(arena, "tests/oracles/own_cases.csv"), "--outcome", "convicted",
                       "--time", "half", "--cohort", "cohort", "--cluster", "region", "--cross-section", "--format",
                       "jsonl");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"clusters\":25");
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = DID(arena, panel(arena), "--estimator", "guess");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "callaway_santanna|sun_abraham");
    run = DID(arena, panel(arena), "--estimator", "twfe", "--control", "notyet");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--control");
    run = CHECK_HUELLA(arena, "did", panel(arena), "--outcome", "y", "--time", "year", "--cohort", "cohort");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--unit");
    run = DID(arena, panel(arena), "--cluster", "clster");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "did you mean \"cluster\"");
}

static void bad_files_exit_with_three(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"unit,year,cohort,y\n1,1,2,3\n1,2,0,4\n2,1,0,1\n2,2,0,2\n", ":3"},
        {"unit,year,cohort,y\n1,1,2,3\n1,2,2,many\n2,1,0,1\n2,2,0,2\n", ":3"},
        {"unit,year,cohort,y\n1,1,2,3\n1,1,2,4\n2,1,0,1\n2,2,0,2\n", "twice"},
        {"unit,year,cohort,y\n1,1,2,3\n1,2,2,4\n", "--control notyet"},
        {"unit,year,cohort,y\n1,1,2,3\n1,2,2\n", ":3"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        HU_SCRATCH(arena);
        const char *folder = check_folder(arena), *path = hu_printf(arena, "%s/data.csv", folder);
        const char *out = hu_printf(arena, "%s/out.json", folder);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(files[i][0], file);
        fclose(file);
        check_run run = DID(arena, path, "--out", out);
        assert_int_equal(run.status, 3);
        check_contains(run.err, "data.csv");
        check_contains(run.err, files[i][1]);
        assert_int_equal(access(out, F_OK), -1); /* nothing half-written */
        check_remove(folder);
    }
}

static void a_unit_has_one_cohort_for_every_estimator(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const estimators[] = {"callaway_santanna", "sun_abraham", "imputation", "etwfe",
                                             "chaisemartin",      "twfe",        "bacon"};
    const char *folder = check_folder(arena), *path = hu_printf(arena, "%s/data.csv", folder);
    FILE *file = fopen(path, "w");
    fputs("unit,year,cohort,y\n1,1,2,3\n1,2,2,5\n1,3,3,6\n2,1,0,1\n2,2,0,2\n2,3,0,2\n3,1,3,1\n3,2,3,2\n3,3,3,4\n",
          file);
    fclose(file);
    for (size_t e = 0; e < sizeof estimators / sizeof *estimators; e++) {
        check_run run = DID(arena, path, "--estimator", estimators[e]);
        assert_int_equal(run.status, 3);
        check_contains(run.err, "data.csv:4: column \"cohort\": unit 1: first treated at 3 here, at 2");
    }
    check_remove(folder);
}

static void a_covariate_that_names_the_design_is_a_slip(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = DID(arena, panel(arena), "--covariates", "y");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "\"y\" is the outcome, unit, time or cohort");
    run = DID(arena, panel(arena), "--covariates", "x,x");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "\"x\" is named twice");
}

static void a_decimal_comma_is_read_when_asked_for(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = hu_path_join(arena, folder, "comma.csv");
    HU_BUF(csv);
    hu_file file;
    CHECK_OK(hu_file_open(panel(arena), 0, &file));
    for (size_t i = 0; i < file.length; i++)
        hu_buf_add_char(&csv, file.data[i] == ',' ? ';' : file.data[i] == '.' ? ',' : file.data[i]);
    hu_file_close(&file);
    CHECK_OK(hu_write_file(path, csv.data, csv.length));
    check_run without = DID(arena, path, "--format", "json"),
              with = DID(arena, path, "--format", "json", "--decimal-comma");
    assert_int_equal(without.status, 3);
    check_contains(without.err, "give --decimal-comma");
    assert_int_equal(with.status, 0);
    assert_string_equal(with.out, DID(arena, panel(arena), "--format", "json").out);
    check_remove(folder);
}

static void errors_for_few_clusters_as_typed(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", "twfe", "--cluster", "cluster", "--se",
                        "CR2", "--wild", "webb", "--restricted", "no", "--draws", "999");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *row = json_array_get(json_object_get(root, "coefficients"), 0),
           *wild = json_object_get(row, "wild");
    check_contains(json_string_value(json_object_get(root, "se_type")), "CR2");
    assert_true(json_number_value(json_object_get(row, "df")) < 29);
    assert_int_equal(json_integer_value(json_object_get(wild, "draws")), 999);
    assert_true(json_is_false(json_object_get(wild, "exact")));
    assert_int_equal(json_array_size(json_object_get(wild, "ci")), 2);
    json_decref(root);
    run = DID(arena, panel(arena), "--format", "table", "--estimator", "twfe", "--cluster", "cluster", "--wild",
              "rademacher", "--draws", "999");
    check_contains(run.out, "Wild cluster bootstrap, Rademacher signs, restricted, 999 draws");
    run = DID(arena, panel(arena), "--estimator", "twfe", "--draws", "999");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--draws needs --wild");
    run = DID(arena, panel(arena), "--se", "CR2");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--se needs --estimator");
}

/* The key "fisher", the same on any number of threads, for every estimator; and what makes no sense. */
static void permutations_of_every_estimator(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const names[] = {"callaway_santanna", "sun_abraham", "imputation", "twfe"};
    for (size_t e = 0; e < 4; e++) {
        check_run run = DID(arena, panel(arena), "--format", "jsonl", "--estimator", names[e], "--permutations", "19",
                            "--threads", "1");
        assert_int_equal(run.status, 0);
        check_contains(run.out, "\"fisher\":{\"p\":0.05,\"p_upper\":0.05,");
        check_contains(run.out, "\"assignments\":19,\"exact\":false,");
        check_run two = DID(arena, panel(arena), "--format", "jsonl", "--estimator", names[e], "--permutations", "19",
                            "--threads", "2");
        assert_string_equal(run.out, two.out);
        run = DID(arena, panel(arena), "--format", "csv", "--estimator", names[e], "--permutations", "19");
        check_contains(run.out, "\nfisher,");
    }
    check_run run = CHECK_HUELLA(arena, "did", check_source(arena, "tests/oracles/own_cases.csv"), "--outcome",
                                 "convicted", "--time", "half", "--cohort", "cohort", "--cross-section", "--cluster",
                                 "region", "--permutations", "200", "--redraw", "treated", "--format", "table");
    check_contains(run.out, "among 25 units of assignment (region)");
    check_contains(run.out, "Constant effects that it does not reject");
    run = DID(arena, panel(arena), "--redraw", "treated");
    check_contains(run.err, "need --permutations");
    run = DID(arena, panel(arena), "--estimator", "twfe,imputation", "--permutations", "19");
    check_contains(run.err, "tests one estimator");
    run = DID(arena, panel(arena), "--estimator", "bacon", "--permutations", "19");
    check_contains(run.err, "no meaning");
}

static void durations_are_outcomes(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *cases = check_source(arena, "tests/oracles/own_cases.csv");
    check_run run = CHECK_HUELLA(arena, "did", cases, "--start", "start_day", "--stop", "end_day", "--event",
                                 "resolved", "--within", "365", "--time", "half", "--cohort", "cohort", "--cluster",
                                 "region", "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"n\": 1090");
    check_contains(run.err, "150 cases are left out");
    check_run weights = CHECK_HUELLA(arena, "did", cases, "--start", "start_day", "--stop", "end_day", "--event",
                                     "resolved", "--within", "365", "--time", "half", "--cohort", "cohort", "--cluster",
                                     "region", "--format", "csv", "--censoring", "weights");
    json_t *root = parse(run.out), *simple = json_object_get(json_object_get(root, "aggregate"), "simple");
    const char *row = strstr(weights.out, "\nsimple,,,,");
    assert_non_null(row); /* the same estimate: within a cell the weighted mean is Kaplan and Meier's */
    check_close(strtod(row + strlen("\nsimple,,,,"), NULL), json_number_value(json_object_get(simple, "att")), 1e-9,
                "weights");
    json_decref(root);
    run = CHECK_HUELLA(arena, "did", cases, "--stop", "end_day", "--event", "resolved", "--time", "half", "--cohort",
                       "cohort");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "either --within TIME or --hazard");
    run = CHECK_HUELLA(arena, "did", cases, "--start", "half", "--stop", "half", "--event", "resolved", "--hazard",
                       "--cohort", "cohort", "--cluster", "region", "--covariates", "age", "--format", "json");
    assert_int_equal(run.status, 3); /* age is zero for all: nothing to adjust by */
    run = CHECK_HUELLA(arena, "did", cases, "--start", "half", "--stop", "half", "--event", "resolved", "--hazard",
                       "--cohort", "cohort", "--cluster", "region", "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"n\": 1240");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_keeps_the_contract),
        cmocka_unit_test(other_formats_and_two_threads),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(errors_for_few_clusters_as_typed),
        cmocka_unit_test(bad_files_exit_with_three),
        cmocka_unit_test(a_unit_has_one_cohort_for_every_estimator),
        cmocka_unit_test(a_covariate_that_names_the_design_is_a_slip),
        cmocka_unit_test(a_decimal_comma_is_read_when_asked_for),
        cmocka_unit_test(durations_are_outcomes),
        cmocka_unit_test(permutations_of_every_estimator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
