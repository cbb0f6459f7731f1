/* --hand as typed: did, rollout and trial on an outcome that a machine read, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/random.h"

/* Cases of 12 regions over 8 half-years: the truth, its reading, labels of half of the rows. */
static const char *cases_file(const char *folder, hu_arena *arena)
{
    HU_BUF(text);
    hu_random random = hu_random_start(3, 4);
    hu_buf_add_text(&text, "region,half,cohort,trained,truth,read,hand,pi\n");
    for (int r = 0; r < 12; r++)
        for (int i = 0; i < 48; i++) {
            int half = 1 + i % 8, cohort = r < 6 ? 4 + r % 2 : 0, trained = cohort && half >= cohort;
            bool truth = hu_random_uniform(&random) < 0.4 + 0.2 * trained;
            bool read = hu_random_uniform(&random) < (truth ? trained ? 0.95 : 0.6 : 0.1);
            bool labelled = hu_random_uniform(&random) < 0.5;
            hu_buf_printf(&text, "%d,%d,%d,%d,%d,%d,%s,%s\n", r, half, cohort, trained, truth, read,
                          !labelled ? ""
                          : truth   ? "1"
                                    : "0",
                          labelled ? "0.5" : "");
        }
    const char *path = hu_path_join(arena, folder, "cases.csv");
    CHECK_OK(hu_write_file(path, text.data, text.length));
    return path;
}

static json_t *parse(const check_run *run)
{
    if (run->status)
        fail_msg("%s", run->err);
    json_error_t error;
    json_t *root = json_loads(run->out, 0, &error);
    assert_non_null(root);
    return root;
}

static double at(const json_t *object, const char *first, const char *second, const char *third)
{
    const json_t *value = json_object_get(json_object_get(object, first), second);
    value = third ? json_object_get(value, third) : value;
    assert_true(json_is_number(value));
    return json_number_value(value);
}

#define DID "--time", "half", "--cohort", "cohort", "--cluster", "region", "--cross-section"

/* The effect that is printed is the corrected one; as read it is what the command gives without --hand. */
static void the_effect_is_the_corrected_one(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = cases_file(folder, arena);
    check_run plain = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID);
    check_run run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--hand", "hand", "--probability", "pi");
    json_t *before = parse(&plain), *after = parse(&run);
    check_close(at(after, "reading_errors", "naive", "estimate"), at(before, "aggregate", "simple", "att"), 1e-12,
                "naive");
    check_close(at(after, "reading_errors", "corrected", "estimate"), at(after, "aggregate", "simple", "att"), 1e-12,
                "att");
    check_close(at(after, "reading_errors", "corrected", "se"), at(after, "aggregate", "simple", "se"), 1e-12, "se");
    assert_true(at(after, "reading_errors", "labelled", NULL) > 200);
    assert_true(at(after, "reading_errors", "label_variance", NULL) > 0);
    json_decref(before);
    json_decref(after);
    run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--hand", "hand", "--probability", "pi",
                       "--format", "table", "--estimator", "twfe", "--unit", "region", "--correction", "ppi");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "rows have a hand label");
    check_contains(run.out, "corrected (PPI)");
    check_remove(folder);
}

static void rollouts_and_trials_take_hand_labels(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = cases_file(folder, arena);
    check_run run = CHECK_HUELLA(arena, "trial", path, "--outcome", "read", "--treatment", "trained", "--hand", "hand",
                                 "--probability", "pi", "--predictors", "half");
    json_t *root = parse(&run);
    check_close(at(root, "reading_errors", "corrected", "estimate"),
                json_number_value(json_object_get(root, "estimate")), 1e-12, "trial");
    json_decref(root);
    run = CHECK_HUELLA(arena, "rollout", path, "--outcome", "read", "--time", "half", "--cohort", "cohort", "--cluster",
                       "region", "--hand", "hand", "--probability", "pi");
    root = parse(&run);
    check_close(at(root, "reading_errors", "corrected", "estimate"),
                json_number_value(json_object_get(root, "estimate")), 1e-12, "rollout");
    json_decref(root);
    check_remove(folder);
}

static void what_cannot_be_corrected_is_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = cases_file(folder, arena);
    check_run run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--hand", "hand");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--probability");
    run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--probability", "pi");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "needs --hand");
    run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--hand", "hand", "--probability", "half");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "is no probability");
    run = CHECK_HUELLA(arena, "did", path, "--outcome", "read", DID, "--hand", "hand", "--probability", "pi",
                       "--estimator", "twfe,imputation", "--unit", "region");
    assert_int_equal(run.status, 2);
    run = CHECK_HUELLA(arena, "trial", path, "--outcome", "read,truth", "--treatment", "trained", "--hand", "hand",
                       "--probability", "pi");
    assert_int_equal(run.status, 2);
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_effect_is_the_corrected_one),
        cmocka_unit_test(rollouts_and_trials_take_hand_labels),
        cmocka_unit_test(what_cannot_be_corrected_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
