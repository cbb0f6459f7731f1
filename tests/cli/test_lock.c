/* huella lock and huella pilot as typed. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static void replace(hu_arena *arena, const char *path, const char *from, const char *to)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length), *at = strstr(text, from);
    hu_file_close(&file);
    assert_non_null(at);
    const char *changed = hu_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    CHECK_OK(hu_write_file(path, changed, strlen(changed)));
}

static void a_plan_is_locked_before_outcomes_open(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = hu_path_join(arena, check_folder(arena), "study");
    const char *plan = hu_path_join(arena, folder, "study.yaml"),
               *report = hu_path_join(arena, folder, "report/index.html");
    assert_int_equal(CHECK_HUELLA(arena, "new", folder).status, 0);
    replace(arena, plan, "\nunblinding: open", "\nunblinding: refuse");
    check_run run = CHECK_HUELLA(arena, "run", "--study", folder, "--no-progress");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "closed until the plan is locked");
    assert_false(hu_file_exists(report));
    run = CHECK_HUELLA(arena, "lock", "--study", folder, "--amend", "too early");
    assert_int_equal(run.status, 2);
    assert_int_equal(CHECK_HUELLA(arena, "lock", "--study", folder).status, 0);
    run = CHECK_HUELLA(arena, "run", "--study", folder, "--no-progress", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "it is as it was locked");
    /* An edit shows, closes outcomes, and is opened again by saying why. */
    replace(arena, plan, "\nlevel: 0.95", "\nlevel: 0.9");
    run = CHECK_HUELLA(arena, "lock", "--study", folder, "--format", "table");
    assert_int_equal(run.status, 1);
    check_contains(run.out, "deviates: level: 0.95 -> 0.9 (not amended)");
    run = CHECK_HUELLA(arena, "estimate", "--study", folder);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "in level (0.95, now 0.9)");
    assert_int_equal(CHECK_HUELLA(arena, "lock", "--study", folder, "--amend", "few clusters").status, 0);
    run = CHECK_HUELLA(arena, "run", "--study", folder, "--no-progress", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "level: 0.95, now 0.9 (few clusters)");
    hu_file file;
    CHECK_OK(hu_file_open(report, 0, &file));
    const char *page = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    check_contains(page, "Deviations from the locked plan");
    check_contains(page, "few clusters (amended");
    check_remove(folder);
}

static void a_pilot_decides_and_sizes_the_trial(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(rows);
    const char *folder = check_folder(arena), *data = hu_path_join(arena, folder, "pilot.csv");
    const char *page = hu_path_join(arena, folder, "page.html"), *json = hu_path_join(arena, folder, "pilot.json");
    const char *criteria = check_source(arena, "rules/templates/pilot.yaml");
    hu_buf_add_text(&rows, "district_id,completed,days\n");
    for (int d = 0; d < 10; d++)
        for (int i = 0; i < 24; i++)
            hu_buf_printf(&rows, "D%02d,%d,%d\n", d, i * 7 % 24 < 15 + d % 4, 8 + (i * 5 + d) % 9);
    CHECK_OK(hu_write_file(data, rows.data, rows.length));
    check_run run = CHECK_HUELLA(arena, "pilot", data, "--criteria", criteria, "--out", json, "--html", page);
    assert_int_equal(run.status, 0);
    json_t *root;
    CHECK_OK(hu_json_load(json, &root));
    assert_string_equal(json_string_value(json_object_get(root, "decision")), "go");
    const json_t *first = json_array_get(json_object_get(root, "indicators"), 0);
    assert_int_equal(json_integer_value(json_object_get(first, "clusters")), 10);
    double estimate = json_number_value(json_object_get(first, "estimate"));
    json_decref(root);
    hu_file file;
    CHECK_OK(hu_file_open(page, 0, &file));
    check_contains(hu_strndup(arena, file.data, file.length), "Decision: go");
    hu_file_close(&file);
    run = CHECK_HUELLA(arena, "power", "--pilot", json, "--indicator", "completed", "--effect", "0.1");
    assert_int_equal(run.status, 0);
    root = json_loads(run.out, 0, NULL);
    check_close(json_number_value(json_object_get(root, "mean")), estimate, 1e-12, "mean of the pilot");
    assert_int_equal(json_array_size(json_object_get(json_object_get(root, "mde"), "at_icc_interval")), 2);
    json_decref(root);
    run = CHECK_HUELLA(arena, "power", "--pilot", json, "--indicator", "trust");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "no indicator trust");
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_locked_before_outcomes_open),
        cmocka_unit_test(a_pilot_decides_and_sizes_the_trial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
