/* huella outcomes on a simulated study: the planted effects are found. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static json_t *parse(const char *text)
{
    json_t *root;
    CHECK_OK(hu_json_parse(text, strlen(text), "out", &root));
    return root;
}

static const json_t *outcome(const json_t *root, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(root, "outcomes"), i, one)
        if (strcmp(json_string_value(json_object_get(one, "outcome")), name) == 0)
            return one;
    fail_msg("no outcome %s", name);
    return NULL;
}

static void covers(const json_t *object, double truth, const char *what)
{
    const json_t *ci = json_object_get(object, "ci");
    double lower = json_number_value(json_array_get(ci, 0)), upper = json_number_value(json_array_get(ci, 1));
    if (!(lower <= truth && truth <= upper))
        fail_msg("%s: %g to %g do not hold %g", what, lower, upper, truth);
}

static void planted_effects_are_found(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const struct {
        const char *outcome, *planted;
    } pairs[] = {{"documentation", "documentation"},
                 {"knowledge", "knowledge"},
                 {"trust", "trust"},
                 {"referral_completed", "referral_completed"},
                 {"false_positive", "referral_false"}};
    const char *folder = check_folder(arena), *study = hu_path_join(arena, folder, "study");
    check_run run = CHECK_HUELLA(arena, "simulate", study, "--cases", "60", "--judgments", "160", "--quiet");
    assert_int_equal(run.status, 0);
    json_t *truth, *planted, *root;
    CHECK_OK(hu_json_load(hu_path_join(arena, study, "truth.json"), &truth));
    planted = json_object_get(truth, "field");
    run = CHECK_HUELLA(arena, "outcomes", "--study", study, "--effects", "--format", "json");
    assert_int_equal(run.status, 0);
    root = parse(run.out);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const json_t *effect = json_object_get(outcome(root, pairs[i].outcome), "effect");
        double value = json_number_value(json_object_get(planted, pairs[i].planted));
        covers(effect, value, pairs[i].outcome);
        covers(json_object_get(effect, "fisher"), value, pairs[i].outcome);
    }
    const json_t *ratio = json_array_get(json_object_get(root, "ratios"), 1);
    covers(ratio, json_number_value(json_object_get(planted, "identification_ratio")), "ratio");
    covers(json_object_get(ratio, "fisher"), json_number_value(json_object_get(planted, "identification_ratio")),
           "ratio");
    check_contains(json_string_value(json_object_get(outcome(root, "prosecutor_knowledge"), "refused")),
                   "trained arm only");
    /* what was written is a table that huella trial takes */
    run = CHECK_HUELLA(arena, "trial", hu_path_join(arena, study, "outcomes/districts.csv"), "--outcome",
                       "trust,knowledge", "--treatment", "trained", "--strata", "pair", "--format", "csv");
    assert_int_equal(run.status, 0);
    run = CHECK_HUELLA(arena, "outcomes", "--study", study, "--format", "csv", "--within", "14", "--folder",
                       hu_path_join(arena, folder, "other"));
    check_contains(run.out, "outcome,control,trained");
    json_decref(truth);
    json_decref(root);
    check_remove(folder);
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena);
    check_run run = CHECK_HUELLA(arena, "outcomes", "--study", folder);
    assert_int_equal(run.status, 2);
    check_contains(run.err, "there is no districts.csv");
    static const char districts[] = "district_id,trained,trained_on\nA,1,2025-01-01\nB,0,\n";
    CHECK_OK(hu_write_file(hu_path_join(arena, folder, "districts.csv"), districts, sizeof districts - 1));
    run = CHECK_HUELLA(arena, "outcomes", "--study", folder);
    assert_int_equal(run.status, 2);
    check_contains(run.err, "nothing to measure");
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_effects_are_found),
        cmocka_unit_test(what_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
