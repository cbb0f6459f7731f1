/* huella power as typed. */

#include "run.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/base/json.h"

static double number(const json_t *object, const char *key)
{
    if (!json_is_number(json_object_get(object, key)))
        fail_msg("no number %s", key);
    return json_number_value(json_object_get(object, key));
}

static void formula_and_simulation_stand_side_by_side(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *plot = hu_path_join(arena, folder, "power.svg");
    check_run run = CHECK_HUELLA(arena, "power", "--clusters", "12", "--size", "12", "--icc", "0.1", "--effect",
                                 "0.4,0.8", "--simulate", "--trials", "300", "--plot", plot);
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL), *curve = json_object_get(root, "curve");
    assert_int_equal(json_array_size(curve), 2);
    const json_t *second = json_array_get(curve, 1);
    assert_true(fabs(number(second, "power") - number(second, "simulated")) < 4 * number(second, "mc_error") + 0.02);
    assert_int_equal(number(root, "assignments"), 924);
    assert_true(json_is_true(json_object_get(root, "exact")));
    assert_true(number(json_object_get(root, "null"), "rejected") < 0.1);
    check_close(number(json_object_get(root, "mde"), "simulated"), number(json_object_get(root, "mde"), "formula"),
                0.15, "detectable effect");
    json_decref(root);
    assert_true(hu_file_exists(plot));
    run = CHECK_HUELLA(arena, "power", "--clusters", "12", "--effect", "0.5", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "Minimum detectable effect at power 0.8");
    check_remove(folder);
}

static void one_thing_varies(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *plot = hu_path_join(arena, folder, "icc.svg");
    check_run run = CHECK_HUELLA(arena, "power", "--clusters", "20", "--size", "12", "--effect", "0.5", "--vary",
                                 "icc=0.02,0.1", "--plot", plot);
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL), *vary = json_object_get(root, "vary");
    assert_int_equal(json_array_size(vary), 2);
    const json_t *second = json_array_get(vary, 1);
    /* what R's power.t.test gives, see test_power.c */
    check_close(json_number_value(json_array_get(json_object_get(second, "power"), 0)), 0.714997980865, 1e-10,
                "icc 0.1");
    assert_true(number(json_array_get(vary, 0), "mde") < number(second, "mde"));
    json_decref(root);
    assert_true(hu_file_exists(plot));
    run = CHECK_HUELLA(arena, "power", "--pairs", "--vary", "clusters=10,30", "--format", "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "detectable");
    run = CHECK_HUELLA(arena, "power", "--vary", "iccc=0.1");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "did you mean \"icc\"");
    check_remove(folder);
}

static void a_rollout_is_simulated(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "power", "--design", "rollout", "--clusters", "12", "--periods", "8",
                                 "--cohorts", "4:3,6:3", "--effect", "0.5,1.5", "--trials", "40");
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL);
    assert_true(number(json_array_get(json_object_get(root, "curve"), 1), "simulated") > 0.7);
    json_decref(root);
}

/* Cases in the regions of the study's own rollout; every tenth is still open. */
static void a_study_is_simulated_in_its_own_shape(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(cases);
    const char *folder = hu_path_join(arena, check_folder(arena), "study");
    assert_int_equal(CHECK_HUELLA(arena, "new", folder).status, 0);
    hu_table *rollout;
    CHECK_OK(hu_table_read(hu_path_join(arena, folder, "rollout.csv"), &(hu_csv_options){0}, arena, &rollout));
    hu_buf_add_text(&cases,
                    "case_id,expediente,carpeta_fiscal,region,district,opened,closed,prosecutor_id,charge,victims,"
                    "minors,foreign_victims,defendants\n");
    for (int i = 0; i < 400; i++) {
        hu_str region = hu_table_find(rollout, "region")->texts[(size_t)i % rollout->rows];
        hu_buf_printf(&cases, "C%d,,,%.*s,,%d-0%d-10,", i, HU_STR_ARG(region), 2016 + i % 9, 1 + i * 5 % 9);
        if (i % 10)
            hu_buf_printf(&cases, "%d-0%d-11", 2017 + i % 9, 1 + i * i / 7 % 9);
        hu_buf_add_text(&cases, ",,,1,0,0,1\n");
    }
    CHECK_OK(hu_write_file(hu_path_join(arena, folder, "cases.csv"), cases.data, cases.length));
    assert_int_equal(CHECK_HUELLA(arena, "run", "--study", folder, "--no-progress").status, 0);
    check_run run = CHECK_HUELLA(arena, "power", "--study", folder, "--plan", "resolution_months", "--effect", "1,20",
                                 "--trials", "60");
    assert_int_equal(run.status, 0);
    json_t *root = json_loads(run.out, 0, NULL), *curve = json_object_get(root, "curve");
    assert_int_equal(number(root, "cases"), 360);
    assert_int_equal(number(root, "regions"), 25);
    assert_true(number(root, "sd") > 1 && number(root, "sd") < 10);
    assert_true(number(json_array_get(curve, 1), "simulated") > number(json_array_get(curve, 0), "simulated") + 0.3);
    json_decref(root);
    run = CHECK_HUELLA(arena, "power", "--study", folder, "--plan", "trust");
    assert_int_equal(run.status, 3);
    check_contains(run.err, "no outcome \"trust\"");
    check_remove(folder);
}

static void wrong_usage_says_what_was_meant(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const cases[][8] = {
        {"power", "--outcome", "binary", NULL},
        {"power", "--effect", "0.5,0.2", NULL},
        {"power", "--design", "rollout", "--cohorts", "1:3", NULL},
        {"power", "--pairs", "--strata", "4", NULL},
    };
    static const char *const says[] = {"needs --mean", "sizes that grow", "PERIOD:REGIONS", "strata of two"};
    for (size_t i = 0; i < 4; i++) {
        check_run run = check_huella(arena, cases[i]);
        assert_int_equal(run.status, 2);
        check_contains(run.err, says[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formula_and_simulation_stand_side_by_side),
        cmocka_unit_test(one_thing_varies),
        cmocka_unit_test(a_rollout_is_simulated),
        cmocka_unit_test(a_study_is_simulated_in_its_own_shape),
        cmocka_unit_test(wrong_usage_says_what_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
