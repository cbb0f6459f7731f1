/* huella interplay as typed: every format, and what is refused. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

/* Eight districts in pairs, two of the pairs where prosecutors were trained; the outcome is moved by 1, there by 3. */
static const char *persons_file(const char *folder, hu_arena *arena)
{
    HU_BUF(text);
    hu_buf_add_text(&text, "district,pair,arm,prosecutors,y,referred,convicted\n");
    for (int i = 0; i < 80; i++) {
        int district = i % 8, pair = district / 2, arm = (district + pair) % 2, there = pair < 2;
        hu_buf_printf(&text, "%d,%d,%d,%d,%d,%d,%s\n", district, pair, arm, there, i / 8 % 3 + arm * (1 + 2 * there),
                      i % 3 > 0,
                      i % 3 == 0 ? ""
                      : i % 5    ? "1"
                                 : "0");
    }
    const char *path = hu_path_join(arena, folder, "persons.csv");
    CHECK_OK(hu_write_file(path, text.data, text.length));
    return path;
}

#define ASKED "--treatment", "arm", "--moderator", "prosecutors", "--cluster", "district", "--strata", "pair"

static void effects_and_their_difference(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = persons_file(folder, arena);
    check_run run = CHECK_HUELLA(arena, "interplay", path, "--outcome", "y", "--stages", "referred,convicted", ASKED);
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL), *one = json_array_get(json_object_get(root, "outcomes"), 0);
    json_t *effects = json_object_get(one, "effects");
    check_close(json_number_value(json_object_get(json_array_get(effects, 0), "estimate")), 1, 1e-9,
                "where they are not");
    check_close(json_number_value(json_object_get(json_array_get(effects, 1), "estimate")), 3, 1e-9, "where they are");
    check_close(json_number_value(json_object_get(json_object_get(one, "interaction"), "estimate")), 2, 1e-9,
                "difference");
    assert_int_equal(json_array_size(json_object_get(root, "cascade")), 3);
    json_decref(root);
    run = CHECK_HUELLA(arena, "interplay", path, "--outcome", "y", "--stages", "referred,convicted", ASKED, "--format",
                       "table");
    check_contains(run.out, "prosecutors=1");
    check_contains(run.out, "comes from: referred");
    run = CHECK_HUELLA(arena, "interplay", path, "--stages", "referred,convicted", ASKED, "--format", "csv");
    check_contains(run.out, "unconditional,convicted,prosecutors=0,");
    check_remove(folder);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = persons_file(folder, arena);
    check_run run = CHECK_HUELLA(arena, "interplay", path, ASKED);
    assert_int_equal(run.status, 2);
    check_contains(run.err, "--stages");
    run = CHECK_HUELLA(arena, "interplay", path, "--outcome", "y", "--treatment", "arm", "--moderator", "arm");
    assert_int_equal(run.status, 2);
    run = CHECK_HUELLA(arena, "interplay", path, "--stages", "convicted,referred", ASKED);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "give the stages in their order");
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effects_and_their_difference),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
