/* Forms, their expressions, exports of three systems, labels. */

#include "run.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/measures/survey.h"

static hu_table *csv(hu_arena *arena, const char *name, const char *text)
{
    hu_table *table = NULL;
    CHECK_OK(hu_csv_parse(text, strlen(text), name, NULL, arena, &table));
    return table;
}

static const char survey_sheet[] =
    "type,name,label,label::Quechua,required,constraint,relevant\n"
    "start,start,,,,,\nbegin group,person,,,,,\ninteger,age,Edad,Wata,yes,. >= 18,\n"
    "select_one yesno,knows,Conoce,,,,\nselect_multiple seen,seen,Vio,,,,${knows} = 1\nend group,,,,,,\n"
    "begin_repeat,child,,,,,\ninteger,child_age,Edad del hijo,,,,\nend_repeat,,,,,,\n"
    "note,,Gracias,,,,\n";
static const char choice_sheet[] =
    "list_name,name,label\nyesno,1,Sí\nyesno,0,No\nseen,patrol,Patrulla\nseen,camera,Cámara\n";

static hu_form *form_of(hu_arena *arena, const char *survey, const char *choices, const char *language)
{
    hu_form *form = NULL;
    CHECK_OK(
        hu_form_read(csv(arena, "survey.csv", survey), csv(arena, "choices.csv", choices), language, arena, &form));
    return form;
}

static void forms_are_read(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_form *form = form_of(arena, survey_sheet, choice_sheet, NULL);
    assert_int_equal(form->n, 5);
    assert_string_equal(form->fields[1].path, "person/age");
    assert_string_equal(form->fields[1].label, "Edad");
    assert_true(form->fields[1].required && form->fields[1].kind == HU_FIELD_NUMBER && form->fields[1].line == 4);
    assert_true(form->fields[2].list->whole && !form->fields[3].list->whole);
    assert_string_equal(form->fields[4].repeat, "child");
    assert_string_equal(form_of(arena, survey_sheet, choice_sheet, "Quechua")->fields[1].label, "Wata");
    check_close(hu_choice_code(form->fields[2].list, hu_choice_find(form->fields[2].list, hu_str_of("Sí"))), 1, 0,
                "by label");
    check_close(hu_choice_code(form->fields[3].list, 1), 2, 0, "camera");
}

static void forms_that_are_none_say_where(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const wrong[][2] = {
        {"type,name\nselect_one nolist,q\n", "survey.csv:2: column \"type\": no list \"nolist\""},
        {"type,name\nbegin group,g\ntext,a\n", "survey.csv:2: column \"type\": group \"g\" is never closed"},
        {"type,name\ntext,a\nend repeat,\n", "closes what is not open"},
        {"type,name\ntext,a\ninteger,a\n", "survey.csv:3: column \"name\": a stands twice"},
        {"type,name\ntext,\n", "a \"text\" without a name"},
    };
    hu_form *form;
    hu_table *choices = csv(arena, "choices.csv", choice_sheet);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_FAILS(hu_form_read(csv(arena, "survey.csv", wrong[i][0]), choices, NULL, arena, &form), HU_BAD_INPUT,
                    wrong[i][1]);
    CHECK_FAILS(hu_form_read(csv(arena, "s.csv", survey_sheet), choices, "Aymara", arena, &form), HU_NOT_FOUND,
                "label::Aymara");
    CHECK_FAILS(hu_form_read(choices, choices, NULL, arena, &form), HU_NOT_FOUND, "type");
}

static hu_str some_value(const void *context, const char *name, size_t length)
{
    (void)context;
    if (!name)
        return hu_str_of("25");
    if (length == 3 && memcmp(name, "day", 3) == 0)
        return hu_str_of("2025-03-02");
    if (length == 4 && memcmp(name, "seen", 4) == 0)
        return hu_str_of("patrol camera");
    return length == 4 && memcmp(name, "name", 4) == 0 ? hu_str_of("Ñusta 1") : (hu_str){0};
}

static void expressions_hold_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {". >= 18 and . <= 110", true},
        {". > 25 or . = 25", true},
        {". = '25'", true},
        {"not(. = 25)", false},
        {"${gone} = ''", true},
        {"${gone} > 3", false},
        {"${gone} != ''", false},
        {"selected(${seen}, 'camera')", true},
        {"selected(${seen}, 'cam')", false},
        {"count-selected(${seen}) = 2", true},
        {"regex(., '[0-9]{2}')", true},
        {"regex(., '[0-9]')", false},
        {"string-length(${name}) = 7", true},
        {". mod 2 = 1 and . div 5 = 5", true},
        {"2 + 3 * 4 - -1 = 15", true},
        {"(2 + 3) * 4 = 20", true},
        {"if(. > 20, 1, 0) = 1", true},
        {"coalesce(${gone}, 7) = 7", true},
        {"${day} > date('2025-03-01')", true},
        {"${day} <= '2025-03-01'", false},
        {"int(3.9) = 3 and round(2.45, 1) = 2.5", true},
        {".5 + .5 = 1", true},
        {"true() and not(false())", true},
        {"1 < 2 = true()", true},
        {"${name} = \"Ñusta 1\"", true},
        {"number('x') = 1", false},
        {". >= 18 and (${gone} = '' or 1 = 2)", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool holds;
        CHECK_OK(hu_form_holds(cases[i].text, some_value, NULL, &holds));
        if (holds != cases[i].holds)
            fail_msg("%s: %d", cases[i].text, holds);
    }
    static const char *const wrong[][2] = {{". >", "expected a value at character 4"},
                                           {"pulldata('a')", "not known here"},
                                           {"not(1, 2)", "does not fit"},
                                           {"'abc", "never closed"},
                                           {"1 = 1 )", "expected the end"},
                                           {"(1 = 1", "expected )"},
                                           {"${abc", "never closed"},
                                           {"regex(., '[')", "pattern"}};
    bool holds;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_FAILS(hu_form_holds(wrong[i][0], some_value, NULL, &holds), HU_BAD_INPUT, wrong[i][1]);
    HU_BUF(deep);
    for (int i = 0; i < 100000; i++)
        hu_buf_add_char(&deep, i % 2 ? '(' : '-');
    CHECK_FAILS(hu_form_holds(deep.data, some_value, NULL, &holds), HU_BAD_INPUT, "too deep");
}

/* The same answers as SurveyCTO, KoboToolbox and ODK Central export them. */
static void three_systems_say_the_same(void **state)
{
    (void)state;
    static const char surveycto[] = "KEY,age,knows,seen,seen_patrol,seen_camera,child_age_1,child_age_2\n"
                                    "k1,34,1,patrol,1,0,5,\nk2,17,0,,,,,\n";
    static const char kobo[] = "person/age,person/knows,person/seen,person/seen/patrol,person/seen/camera,_uuid\n"
                               "34,Sí,Patrulla,1,0,k1\n17,No,,,,k2\n";
    static const char odk[] = "KEY,person-age,person-knows,person-seen\nk1,34,1,patrol\nk2,17,0,\n";
    static const char *const exports[] = {surveycto, kobo, odk};
    for (size_t e = 0; e < 3; e++) {
        HU_SCRATCH(arena);
        hu_survey *survey;
        hu_survey_import clean;
        CHECK_OK(hu_survey_match(csv(arena, "export.csv", exports[e]), form_of(arena, survey_sheet, choice_sheet, NULL),
                                 arena, &survey));
        CHECK_OK(hu_survey_clean(survey, NULL, arena, &clean));
        const char *const names[] = {e ? "person_age" : "age", e ? "person_knows" : "knows",
                                     e ? "person_seen_patrol" : "seen_patrol",
                                     e ? "person_seen_camera" : "seen_camera"};
        const double expected[4][2] = {{34, 17}, {1, 0}, {1, NAN}, {0, NAN}};
        for (size_t c = 0; c < 4; c++) {
            const hu_column *column = hu_table_find(clean.table, names[c]);
            assert_non_null(column);
            for (size_t r = 0; r < 2; r++)
                if (isnan(expected[c][r]) ? !isnan(column->numbers[r]) : column->numbers[r] != expected[c][r])
                    fail_msg("export %zu, %s, row %zu: %g", e, names[c], r, column->numbers[r]);
        }
        assert_int_equal(clean.unlisted, 0);
        assert_non_null(survey->key);
        assert_int_equal(clean.codebook->rows, clean.table->n_columns);
        if (e == 0)
            assert_true(survey->columns[7].instance == 2 && survey->columns[7].field == &survey->form->fields[4]);
    }
}

static void answers_off_the_list_are_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_survey *survey;
    hu_survey_import clean;
    hu_form *form = form_of(arena, survey_sheet, choice_sheet, NULL);
    CHECK_OK(hu_survey_match(csv(arena, "export.csv", "KEY,knows,age,phone\nk1,7,x,999\nk2,1,20,888\n"), form, arena,
                             &survey));
    CHECK_OK(hu_survey_clean(survey, (const char *const[]){"phone", NULL}, arena, &clean));
    assert_int_equal(clean.unlisted, 1);
    assert_non_null(strstr(clean.notes[0], "export.csv:2: column \"knows\": \"7\" is no choice"));
    assert_null(hu_table_find(clean.table, "phone"));
    assert_true(hu_table_find(clean.table, "age")->type == HU_TEXT); /* kept as it was written */
    CHECK_FAILS(hu_survey_clean(survey, (const char *const[]){"fone", NULL}, arena, &clean), HU_NOT_FOUND, "phone");
    CHECK_FAILS(hu_survey_match(csv(arena, "other.csv", "a,b\n1,2\n"), form, arena, &survey), HU_BAD_INPUT,
                "no column belongs");
}

static void repeats_belong_to_submissions(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_form *form = form_of(arena, survey_sheet, choice_sheet, NULL);
    hu_survey *survey, *repeat;
    CHECK_OK(hu_survey_match(csv(arena, "export.csv", "KEY,age\nk1,34\nk2,40\n"), form, arena, &survey));
    CHECK_OK(
        hu_survey_match(csv(arena, "child.csv", "PARENT_KEY,child_age\nk1,3\nk1,5\nk2,1\n"), form, arena, &repeat));
    CHECK_OK(hu_survey_check_parents(survey, repeat));
    CHECK_OK(hu_survey_match(csv(arena, "child.csv", "PARENT_KEY,child_age\nk1,3\nk3,5\n"), form, arena, &repeat));
    CHECK_FAILS(hu_survey_check_parents(survey, repeat), HU_BAD_INPUT,
                "child.csv:3: column \"PARENT_KEY\": \"k3\" is no submission");
}

/* Labels of columns and values stand in the file, and the numbers are what they were. */
static void stata_files_carry_labels(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *folder = check_folder(arena), *path = hu_path_join(arena, folder, "out.dta");
    hu_survey *survey;
    hu_survey_import clean;
    hu_table *back;
    hu_file file;
    CHECK_OK(hu_survey_match(csv(arena, "export.csv", "KEY,knows,seen\nk1,1,camera\nk2,0,patrol\n"),
                             form_of(arena, survey_sheet, choice_sheet, NULL), arena, &survey));
    CHECK_OK(hu_survey_clean(survey, NULL, arena, &clean));
    CHECK_OK(hu_dta_write_labelled(path, clean.table, &clean.labels));
    CHECK_OK(hu_dta_read(path, NULL, arena, &back));
    assert_true(back->rows == 2 && hu_table_find(back, "knows")->numbers[0] == 1 &&
                hu_table_find(back, "seen_patrol")->numbers[1] == 1);
    CHECK_OK(hu_file_open(path, 0, &file));
    assert_non_null(memmem(file.data, file.length, "Conoce", 6));
    assert_non_null(memmem(file.data, file.length, "Sí", 3));
    assert_non_null(memmem(file.data, file.length, "Vio: Cámara", 12));
    hu_file_close(&file);
    check_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_read),
        cmocka_unit_test(forms_that_are_none_say_where),
        cmocka_unit_test(expressions_hold_or_not),
        cmocka_unit_test(three_systems_say_the_same),
        cmocka_unit_test(answers_off_the_list_are_said),
        cmocka_unit_test(repeats_belong_to_submissions),
        cmocka_unit_test(stata_files_carry_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
