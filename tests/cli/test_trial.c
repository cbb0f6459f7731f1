/* huella trial as typed: the contract's keys, every format, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#define TRIAL(arena, ...)                                                                                     \
    CHECK_HUELLA(arena, "trial", check_source(arena, "tests/oracles/twenty_districts.csv"), "--outcome", "y", \
                 "--treatment", "z", "--cluster", "district", __VA_ARGS__)

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
    if (!json_is_number(json_object_get(object, key)))
        fail_msg("no number %s", key);
    return json_number_value(json_object_get(object, key));
}

static void json_keeps_the_contract(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = TRIAL(arena, "--statistic", "cluster_means", "--permutations", "exact", "--wild", "rademacher",
                          "--draws", "4096", "--received", "z_pair", "--covariates", "base", "--adjust", "lin");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *fisher = json_object_get(root, "fisher"), *wild = json_object_get(root, "wild");
    check_close(number(root, "estimate"), 0.596578373806549, 1e-8, "estimate");
    check_close(number(root, "se"), 0.206811250383148, 1e-8, "se");
    check_close(number(root, "df"), 17.9382243863716, 1e-6, "df");
    assert_true(fabs(number(root, "p") - 0.00989159668487273) < 1e-8);
    assert_int_equal(json_array_size(json_object_get(root, "ci")), 2);
    assert_true(fabs(number(fisher, "p") - 0.0027603974972396) < 1e-12);
    assert_int_equal(number(fisher, "assignments"), 184756);
    assert_true(json_is_true(json_object_get(fisher, "exact")));
    assert_true(number(wild, "p") < 0.05 && json_is_false(json_object_get(wild, "exact")));
    assert_int_equal(number(wild, "draws"), 4096);
    assert_true(json_is_array(json_object_get(json_object_get(json_object_get(root, "late"), "anderson_rubin"), "ci")));
    assert_int_equal(json_array_size(json_object_get(root, "balance")), 1);
    assert_true(json_is_true(json_object_get(json_object_get(root, "joint_balance"), "exact")));
    check_contains(json_string_value(json_object_get(root, "se_type")), "CR2");
    json_decref(root);
}

static void a_family_is_a_list_or_a_name(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = TRIAL(arena, "--family", "y,base", "--permutations", "500");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *outcomes = json_object_get(root, "outcomes");
    assert_int_equal(json_array_size(outcomes), 2);
    json_t *first = json_array_get(outcomes, 0), *adjusted = json_object_get(root, "adjusted");
    assert_true(number(json_object_get(first, "adjusted"), "romano_wolf") <= 1);
    assert_true(number(json_object_get(first, "adjusted"), "holm") ==
                json_number_value(json_array_get(json_object_get(adjusted, "holm"), 0)));
    assert_true(json_is_false(json_object_get(json_object_get(root, "fisher"), "exact")));
    json_decref(root);
    run = CHECK_HUELLA(arena, "trial", check_source(arena, "tests/oracles/twenty_districts.csv"), "--outcome", "y,base",
                       "--treatment", "z", "--cluster", "district", "--family", "main", "--permutations", "500",
                       "--threads", "1");
    check_run two = CHECK_HUELLA(arena, "trial", check_source(arena, "tests/oracles/twenty_districts.csv"), "--outcome",
                                 "y,base", "--treatment", "z", "--cluster", "district", "--family", "main",
                                 "--permutations", "500", "--threads", "2");
    assert_string_equal(run.out, two.out);
    check_contains(run.out, "westfall_young");
}

static void tables_and_csv(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = TRIAL(arena, "--format", "table", "--family", "base", "--wild", "webb", "--draws", "999",
                          "--received", "z_pair");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "Randomization test: all 184756 assignments");
    check_contains(run.out, "Adjusted for 2 outcomes");
    check_contains(run.out, "Webb's weights, restricted, 999 draws");
    check_contains(run.out, "Anderson-Rubin");
    run = TRIAL(arena, "--format", "csv");
    check_contains(run.out, "outcome,n,control_mean,estimate");
    check_contains(run.out, "\ny,240,-0.2637211727477");
}

static void plots_and_explanations(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *one = hu_path_join(arena, folder, "one.svg"),
               *two = hu_path_join(arena, folder, "two.svg");
    hu_file file;
    assert_int_equal(TRIAL(arena, "--plot", one).status, 0);
    CHECK_OK(hu_file_open(one, 0, &file));
    assert_non_null(memmem(file.data, file.length, "Statistic under every assignment", 32));
    hu_file_close(&file);
    assert_int_equal(TRIAL(arena, "--plot", two, "--family", "base").status, 0);
    CHECK_OK(hu_file_open(two, 0, &file));
    assert_non_null(memmem(file.data, file.length, "base", 4));
    hu_file_close(&file);
    check_remove(folder);
    check_run run = TRIAL(arena, "--explain", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "intention to treat");
}

#define COUNTS(arena, ...)                                                                                             \
    CHECK_HUELLA(arena, "trial", check_source(arena, "tests/oracles/own_counts.csv"), "--treatment", "z", "--cluster", \
                 "district", __VA_ARGS__)

static void ratios_subgroups_indices_and_spillovers_when_asked(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *edges = hu_path_join(arena, folder, "edges.csv");
    static const char network[] = "a,b\nD01,D02\nD02,D03\nD05,D09\nD09,D11\nD11,D16\nD20,D04\nD07,D99\n";
    CHECK_OK(hu_write_file(edges, network, sizeof network - 1));
    check_run run = COUNTS(arena, "--outcome", "cases", "--model", "poisson", "--exposure", "months", "--index",
                           "overall=score,-base; twice=score,months,found", "--by", "sex", "--network", edges,
                           "--permutations", "400");
    assert_int_equal(run.status, 0);
    json_t *root = parse(run.out), *model = json_object_get(root, "model"), *by = json_object_get(root, "subgroups");
    json_t *first = json_array_get(json_object_get(model, "outcomes"), 0);
    check_close(number(first, "log_ratio"), 0.0107381685642103, 1e-7, "ratio");
    assert_int_equal(json_array_size(json_object_get(model, "outcomes")), 1); /* indices are no counts */
    assert_int_equal(json_array_size(json_object_get(root, "outcomes")), 3);
    assert_int_equal(json_array_size(json_object_get(root, "indices")), 2);
    assert_int_equal(json_array_size(json_object_get(by, "outcomes")), 3);
    json_t *spillovers = json_object_get(root, "spillovers");
    assert_int_equal(number(spillovers, "neighbours"), 6);
    assert_int_equal(number(spillovers, "unknown_pairs"), 1);
    assert_int_equal(number(spillovers, "without_neighbour"), 11);
    json_decref(root);
    run = COUNTS(arena, "--outcome", "found", "--model", "logit", "--index", "i=score,-base", "--by", "rank",
                 "--permutations", "100", "--format", "table");
    check_contains(run.out, "average marginal effect");
    check_contains(run.out, "-base");
    check_contains(run.out, "All effects equal: F(2, 19.0)");
    static const char *const wrong[][3] = {{"--index", "score", "NAME=A,B,-C"},
                                           {"--index", "i=score", "two or more"},
                                           {"--index", "z=score,base", "has a column"},
                                           {"--exposure", "months", "needs --model"},
                                           {"--coordinates", "base", "expected two columns"},
                                           {"--coordinates", "base,score", "needs --radius"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        run = COUNTS(arena, "--outcome", "cases", wrong[i][0], wrong[i][1]);
        assert_int_equal(run.status, 2);
        check_contains(run.err, wrong[i][2]);
    }
    check_remove(folder);
}

static void wrong_calls_and_files_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const wrong[][3] = {
        {"--permutations", "few", "neither \"exact\""},   {"--draws", "999", "--draws needs --wild"},
        {"--adjust", "lin", "need covariates"},           {"--se", "CR9", "not one of"},
        {"--covariates", "y", "treatment or an outcome"}, {"--permutations", "-5", "neither \"exact\""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_run run = TRIAL(arena, wrong[i][0], wrong[i][1]);
        assert_int_equal(run.status, 2);
        check_contains(run.err, wrong[i][2]);
    }
    check_run run = TRIAL(arena, "--strata", "nowhere");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "nowhere");
    run = TRIAL(arena, "--strata", "officer"); /* within districts */
    assert_int_equal(run.status, 3);
    check_contains(run.err, "expected one stratum for a cluster");
    run = CHECK_HUELLA(arena, "trial", check_source(arena, "tests/oracles/twenty_districts.csv"), "--outcome", "y",
                       "--treatment", "pair");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "column \"pair\": 2 is no arm: expected 0 (control) or 1 (treatment)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_keeps_the_contract),
        cmocka_unit_test(a_family_is_a_list_or_a_name),
        cmocka_unit_test(tables_and_csv),
        cmocka_unit_test(plots_and_explanations),
        cmocka_unit_test(ratios_subgroups_indices_and_spillovers_when_asked),
        cmocka_unit_test(wrong_calls_and_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
