/* huella scale as typed. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

#define SCALE(arena, ...) CHECK_HUELLA(arena, "scale", check_source(arena, "tests/oracles/own_items.csv"), __VA_ARGS__)

static void items_and_scores(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *scores = hu_path_join(arena, folder, "scores.csv");
    check_run run = SCALE(arena, "--items", "q1,q2,q3,q4,q5,q6,q7,q8,q9", "--model", "2pl", "--id", "person",
                          "--scores", scores, "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root;
    CHECK_OK(hu_json_parse(run.out, strlen(run.out), "out", &root));
    json_t *first = json_array_get(json_object_get(root, "items"), 0);
    check_close(json_number_value(json_object_get(first, "slope")), 0.511651, 1e-4, "slope");
    assert_int_equal(json_array_size(json_object_get(root, "items")), 9);
    json_decref(root);
    hu_file file;
    CHECK_OK(hu_file_open(scores, 0, &file));
    assert_int_equal(strncmp(file.data, "person,mean,score,score_se\nP001,", 32), 0);
    hu_file_close(&file);
    run = SCALE(arena, "--items", "v1,v2,v3,v4", "--reversed", "v2", "--format", "table");
    check_contains(run.out, "Cronbach's alpha: ");
    run = SCALE(arena, "--items", "v1,v2,v3,v4", "--format", "csv");
    check_contains(run.out, "item,n,mean");
    check_remove(folder);
}

static void raters_side_by_side_and_one_below_the_other(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *wide = hu_path_join(arena, folder, "wide.csv"),
               *ratings = hu_path_join(arena, folder, "long.csv");
    static const char a[] = "u,r1,r2\n1,1,1\n2,2,3\n3,3,3\n4,4,2\n5,1,\n",
                      b[] = "unit,who,score\n1,r1,1\n1,r2,1\n2,r1,2\n2,r2,3\n"
                            "3,r1,3\n3,r2,3\n4,r1,4\n4,r2,2\n5,r1,1\n5,r2,\n";
    CHECK_OK(hu_write_file(wide, a, sizeof a - 1));
    CHECK_OK(hu_write_file(ratings, b, sizeof b - 1));
    check_run one = CHECK_HUELLA(arena, "scale", wide, "--raters", "r1,r2", "--level", "interval", "--format", "json");
    check_run two = CHECK_HUELLA(arena, "scale", ratings, "--unit", "unit", "--rater", "who", "--value", "score",
                                 "--level", "interval", "--format", "json");
    assert_int_equal(one.status, 0);
    assert_string_equal(one.out, two.out);
    check_contains(one.out, "\"units\": 4");
    check_remove(folder);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const wrong[][5] = {{"--level", "nominal", "scale needs --items"},
                                           {"--items", "q1,q2", "is not among --items", "--reversed", "q7"},
                                           {"--unit", "person", "needs --rater"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_run run = wrong[i][3] ? SCALE(arena, wrong[i][0], wrong[i][1], wrong[i][3], wrong[i][4])
                                    : SCALE(arena, wrong[i][0], wrong[i][1]);
        assert_int_equal(run.status, 2);
        check_contains(run.err, wrong[i][2]);
    }
    check_run run = SCALE(arena, "--items", "v1,v2,v3", "--model", "2pl");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "is not 0 (wrong) or 1 (right)");
    run = SCALE(arena, "--unit", "v1", "--rater", "v2", "--value", "v3");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "has rated");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_and_scores),
        cmocka_unit_test(raters_side_by_side_and_one_below_the_other),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
