/* huella import --survey and huella check as typed. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static const char *const files[][2] = {
    {"survey.csv",
     "type,name,label,required,constraint\ntext,house,Hogar,yes,\ntext,district,Distrito,,\ntext,phone,Teléfono,,\n"
     "select_one agree,fair,Trato justo,,\nselect_one agree,listens,Escucha,,\nbegin repeat,child,,,\n"
     "integer,child_age,Edad,,. < 18\nend repeat,,,,\n"},
    {"choices.csv", "list_name,name,label\nagree,1,Nada\nagree,2,Poco\nagree,3,Mucho\n"},
    {"export.csv",
     "KEY,house,district,phone,fair,listens\nk1,H1,D01,999,3,2\nk2,H2,D02,888,1,\nk3,H3,D01,777,2,Mucho\n"},
    {"child.csv", "PARENT_KEY,child_age\nk1,4\nk1,9\nk3,30\n"},
    {"map.yaml",
     "columns:\n  respondent_id: KEY\n  district_id: district\n  t1: fair\n  t2: listens\nvalues:\n  wave: after\n"
     "drop: [phone]\n"},
};

static const char *fill(hu_arena *arena)
{
    const char *folder = check_folder(arena);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK_OK(hu_write_file(hu_path_join(arena, folder, files[i][0]), files[i][1], strlen(files[i][1])));
    return folder;
}

static const char *content(hu_arena *arena, const char *folder, const char *name)
{
    hu_file file;
    CHECK_OK(hu_file_open(hu_path_join(arena, folder, name), 0, &file));
    const char *text = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    return text;
}

static void an_export_becomes_a_table_of_the_study(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = fill(arena);
#define IN(name) hu_path_join(arena, folder, name)
    const char *form = hu_printf(arena, "%s,%s", IN("survey.csv"), IN("choices.csv"));
    check_run run =
        CHECK_HUELLA(arena, "import", "--survey", IN("export.csv"), "--form", form, "--mapping", IN("map.yaml"),
                     "--repeat", IN("child.csv"), "--to", IN("surveys.csv"), "--format", "json");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "\"repeat_rows\":3");
    assert_string_equal(content(arena, folder, "surveys.csv"),
                        "respondent_id,district_id,t1,t2,wave\nk1,D01,3,2,after\nk2,D02,1,,after\nk3,D01,2,3,after\n");
    check_contains(content(arena, folder, "surveys_codebook.csv"),
                   "t1,select_one,Trato justo,\"1 = Nada; 2 = Poco; 3 = Mucho\",3,0");
    assert_string_equal(content(arena, folder, "surveys_child.csv"), "PARENT_KEY,child_age\nk1,4\nk1,9\nk3,30\n");
    run = CHECK_HUELLA(arena, "import", "--survey", IN("export.csv"), "--form", form, "--to", IN("all.dta"), "--format",
                       "table");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "3 submissions with 6 columns");
    check_contains(content(arena, folder, "all_codebook.csv"), "fair,select_one,Trato justo");
    run = CHECK_HUELLA(arena, "import", "--survey", IN("export.csv"));
    assert_int_equal(run.status, 2);
    check_contains(run.err, "needs --form");
    check_remove(folder);
}

static void checks_in_every_format(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = fill(arena), *form = hu_printf(arena, "%s,%s", IN("survey.csv"), IN("choices.csv"));
    static const char bad[] = "KEY,house,district,fair\nk1,H1,D01,3\nk2,H1,D02,7\n",
                      again[] = "house,district,fair\nH3,D01,3\n";
    CHECK_OK(hu_write_file(IN("bad.csv"), bad, sizeof bad - 1));
    CHECK_OK(hu_write_file(IN("again.csv"), again, sizeof again - 1));
    check_run run = CHECK_HUELLA(arena, "check", IN("bad.csv"), "--form", form, "--id", "house", "--format", "csv");
    assert_int_equal(run.status, 1); /* done, and something must be corrected */
    check_contains(run.out, "severity,check,line,id,enumerator,column,what,expected\n1,choice,3,H1,,fair,");
    check_contains(run.out, "1,duplicate,3,H1,,house,");
    run = CHECK_HUELLA(arena, "check", IN("export.csv"), "--form", form, "--id", "house", "--enumerator", "district",
                       "--back-check", IN("again.csv"), "--format", "json");
    assert_int_equal(run.status, 0);
    json_t *root;
    CHECK_OK(hu_json_parse(run.out, strlen(run.out), "out", &root));
    const json_t *back = json_object_get(root, "back_check");
    assert_int_equal(json_integer_value(json_object_get(back, "pairs")), 1);
    assert_int_equal(json_array_size(json_object_get(back, "findings")), 1); /* fair was 2 */
    json_decref(root);
    run = CHECK_HUELLA(arena, "check", IN("child.csv"), "--form", form, "--format", "table");
    assert_int_equal(run.status, 1);
    check_contains(run.out, "correct  constraint  line 4, child_age: \"30\"; expected . < 18");
    run = CHECK_HUELLA(arena, "check", IN("export.csv"), "--form", IN("export.csv"));
    assert_int_equal(run.status, 3);
    check_contains(run.err, "type");
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_becomes_a_table_of_the_study),
        cmocka_unit_test(checks_in_every_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
