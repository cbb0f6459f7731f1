/* Imports: what is right comes back, what is wrong is named with its place and changes nothing. */

#include "fixture.h"

#include "huella/base/csv.h"

#define CASES "case_id,expediente,region,opened,closed,prosecutor_id,victims,minors,foreign_victims\n"
#define PROSECUTORS "prosecutor_id,region,trained_on,hours,score_before,score_after\n"

static hu_regions *three_regions(hu_arena *arena)
{
    static const hu_region items[] = {{"Áncash", "02"}, {"Cusco", "08"}, {"Madre de Dios", "17"}};
    hu_regions *regions = HU_NEW(arena, hu_regions);
    *regions = (hu_regions){items, 3};
    return regions;
}

static hu_error *import_cases(hu_store *store, hu_arena *arena, const char *content)
{
    hu_table *table;
    CHECK_OK(hu_import_read(fixture_file(arena, "cases.csv", content), arena, &table));
    return hu_import_cases(store, table, three_regions(arena), NULL);
}

static hu_error *import_prosecutors(hu_store *store, hu_arena *arena, const char *content)
{
    hu_table *table;
    CHECK_OK(hu_import_read(fixture_file(arena, "prosecutors.csv", content), arena, &table));
    return hu_import_prosecutors(store, table, three_regions(arena), NULL);
}

static hu_error *import_rollout(hu_store *store, hu_arena *arena, const char *content)
{
    hu_table *table;
    CHECK_OK(hu_import_read(fixture_file(arena, "rollout.csv", content), arena, &table));
    return hu_import_rollout(store, table, three_regions(arena), NULL);
}

static void what_was_imported_comes_back(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "round.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(import_prosecutors(store, arena, PROSECUTORS "P1,CUSCO,2022-05-01,40,50,70.5\nP2,ancash,,,,\n"));
    CHECK_OK(import_rollout(store, arena, "region,trained_on\nCusco,2022-05-01\nmadre  de dios,\nANCASH,NA\n"));
    CHECK_OK(import_cases(store, arena,
                          CASES "0012,00412-2015-37-2701-JR-PE-02,MADRE DE DIOS,2015-03-01,2017-01-15,P2,3,1,0\n"
                                "0013,,Áncash,2016-01-01,,,,,\n"));
    hu_table *table;
    CHECK_OK(hu_store_query(store, arena, &table, "SELECT * FROM cases ORDER BY case_id", 0, NULL));
    assert_int_equal(table->rows, 2);
    assert_true(hu_str_is(hu_table_find(table, "case_id")->texts[0], "0012"));
    assert_true(hu_str_is(hu_table_find(table, "region")->texts[0], "Madre de Dios"));
    assert_true(hu_str_is(hu_table_find(table, "closed")->texts[0], "2017-01-15"));
    assert_null(hu_table_find(table, "closed")->texts[1].data);
    assert_true(hu_table_find(table, "victims")->numbers[0] == 3 && isnan(hu_table_find(table, "victims")->numbers[1]));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM rollout WHERE trained_on IS NULL"), 2);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM prosecutors WHERE score_after = 70.5 AND hours = 40"),
                     1);
    CHECK_OK(import_cases(store, arena, CASES "9,,Cusco,2015-03-01,,,,,\n")); /* again replaces */
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases WHERE case_id = '9'"), 1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases"), 1);
    assert_true(fixture_is_sound(path));
    hu_store_close(store);
}

/* One wrong cell each, with the place and what is expected. */
static void each_wrong_cell_of_a_case_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *row, *message;
    } wrong[] = {
        {",,Cusco,2015-03-01,,,,,", "cases.csv:3: column \"case_id\": the cell is empty"},
        {"B,,,2015-03-01,,,,,", "cases.csv:3: column \"region\": the cell is empty"},
        {"B,,Cusco,,,,,,", "cases.csv:3: column \"opened\": the cell is empty"},
        {"B,,Cuzco,2015-03-01,,,,,", "column \"region\": \"Cuzco\" is no region; did you mean \"Cusco\"?"},
        {"B,,Antofagasta,2015-03-01,,,,,", "\"Antofagasta\" is no region: expected one of the 3"},
        {"B,,Cusco,2015-02-29,,,,,", "column \"opened\": \"2015-02-29\" is not a date: expected YYYY-MM-DD"},
        {"B,,Cusco,01/03/2015,,,,,", "column \"opened\": \"01/03/2015\" is not a date"},
        {"B,,Cusco,1015-03-01,,,,,", "column \"opened\": \"1015-03-01\" is not a date"},
        {"B,,Cusco,2015-03-01,20150401,,,,", "column \"closed\": \"20150401\" is not a date"},
        {"B,,Cusco,2015-03-01,2015-02-01,,,,",
         "column \"closed\": 2015-02-01 is before the case was opened, 2015-03-01"},
        {"A,,Cusco,2015-03-01,,,,,", "column \"case_id\": \"A\" stands twice: first in line 2"},
        {"B,,Cusco,2015-03-01,,,two,,", "column \"victims\": \"two\" is not a number"},
        {"B,,Cusco,2015-03-01,,,-1,,", "column \"victims\": -1 is negative"},
        {"B,,Cusco,2015-03-01,,,1.5,,", "column \"victims\": 1.5 is not a count"},
        {"B,,Cusco,2015-03-01,,,inf,,", "column \"victims\": \"inf\" is not a number"},
        {"B,,Cusco,2015-03-01,,,2,3,", "column \"minors\": 3 is more than the 2 victims of the case"},
        {"B,,Cusco,2015-03-01,,,2,0,4", "column \"foreign_victims\": 4 is more than the 2 victims"},
        {"B,,Cusco,2015-03-01,,P9,,,", "column \"prosecutor_id\": \"P9\" is not among the prosecutors"},
        {"B,en trámite,Cusco,2015-03-01,,,,,", "column \"expediente\": \"en trámite\" is not a court file number"},
    };
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "wrong.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(import_prosecutors(store, arena, PROSECUTORS "P1,Cusco,,,,\n"));
    CHECK_OK(import_cases(store, arena, CASES "old,,Cusco,2014-01-01,,P1,,,\n"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *content = hu_printf(arena, CASES "A,,Cusco,2015-03-01,,P1,1,1,1\n%s\n", wrong[i].row);
        CHECK_FAILS(import_cases(store, arena, content), HU_BAD_INPUT, wrong[i].message);
        assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases WHERE case_id = 'old'"), 1);
    }
    hu_store_close(store);
}

static void wrong_tables_are_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "tables.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_FAILS(import_cases(store, arena, "case_id,regoin,opened\nA,Cusco,2015-01-01\n"), HU_BAD_INPUT,
                "no column \"region\": did you mean \"regoin\"?");
    CHECK_FAILS(import_cases(store, arena, "case_id,region,opened,minor\nA,Cusco,2015-01-01,1\n"), HU_BAD_INPUT,
                "column \"minor\": there is no such column; did you mean \"minors\"?");
    CHECK_OK(import_cases(store, arena, "case_id,region,opened,remarks\nA,Cusco,2015-01-01,x\n"));
    hu_table *empty = hu_table_new(arena, "cases.dta", 0);
    hu_table_add_texts(empty, arena, "case_id");
    CHECK_FAILS(hu_import_cases(store, empty, NULL, NULL), HU_BAD_INPUT, "cases.dta: there are no rows");
    CHECK_FAILS(import_rollout(store, arena, "region,trained_on\nCusco,\nAncash,\n"), HU_BAD_INPUT,
                "there is no row for Madre de Dios");
    CHECK_FAILS(import_rollout(store, arena, "region,trained_on\nCusco,\nAncash,\ncusco,\nMadre de Dios,\n"),
                HU_BAD_INPUT, "rollout.csv:4: column \"region\": \"Cusco\" stands twice: first in line 2");
    CHECK_FAILS(import_prosecutors(store, arena, PROSECUTORS "P1,Cusco,,-3,,\n"), HU_BAD_INPUT,
                "prosecutors.csv:2: column \"hours\": -3 is negative");
    CHECK_FAILS(import_prosecutors(store, arena, PROSECUTORS "P1,Cusco,,,,\nP1,Cusco,,,,\n"), HU_BAD_INPUT,
                "\"P1\" stands twice: first in line 2");
    assert_int_equal(fixture_number(path, "SELECT (SELECT count(*) FROM rollout) + (SELECT count(*) FROM prosecutors)"),
                     0);
    hu_store_close(store);
}

static void ten_problems_are_shown_and_the_rest_counted(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store = fixture_open(arena, fixture_path(arena, "many.db"));
    HU_BUF(content);
    hu_buf_add_text(&content, CASES);
    for (int i = 0; i < 47; i++)
        hu_buf_printf(&content, "C%d,,Cusco,never,,,,,\n", i);
    hu_error *error = import_cases(store, arena, content.data);
    assert_non_null(error);
    assert_non_null(strstr(error->message, "47 problems, nothing was imported:\n  "));
    assert_non_null(strstr(error->message, "cases.csv:11: "));
    assert_null(strstr(error->message, "cases.csv:12: "));
    assert_non_null(strstr(error->message, "\n  … and 37 more"));
    hu_error_free(error);
    hu_store_close(store);
}

static void text_that_is_no_text_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store = fixture_open(arena, fixture_path(arena, "bytes.db"));
    static const hu_str bad[] = {{"A\0B", 3}, {"\xff\xfe", 2}, {"\xed\xa0\x80", 3}};
    for (size_t i = 0; i < 3; i++) {
        hu_table *table = hu_table_new(arena, "memory", 1);
        hu_table_add_texts(table, arena, "case_id")->texts[0] = bad[i];
        hu_table_add_texts(table, arena, "region")->texts[0] = hu_str_of("Cusco");
        hu_table_add_texts(table, arena, "opened")->texts[0] = hu_str_of("2015-01-01");
        CHECK_FAILS(hu_import_cases(store, table, NULL, NULL), HU_BAD_INPUT,
                    "memory: row 1: column \"case_id\": the text");
    }
    hu_store_close(store);
}

static void stata_dates_are_days_since_1960(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "stata.db");
    hu_store *store = fixture_open(arena, path);
    hu_table *table = hu_table_new(arena, "cases.dta", 1);
    hu_table_add_numbers(table, arena, "case_id")->numbers[0] = 12;
    hu_table_add_texts(table, arena, "region")->texts[0] = hu_str_of("Cusco");
    hu_column *opened = hu_table_add_numbers(table, arena, "opened");
    opened->numbers[0] = 21915; /* display %td 21915: 01jan2020 */
    CHECK_OK(hu_import_cases(store, table, NULL, NULL));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases WHERE opened = '2020-01-01' AND case_id = '12'"),
                     1);
    opened->numbers[0] = 21915.5;
    CHECK_FAILS(hu_import_cases(store, table, NULL, NULL), HU_BAD_INPUT, "21915.5 is not a date");
    opened->numbers[0] = 1e300;
    CHECK_FAILS(hu_import_cases(store, table, NULL, NULL), HU_BAD_INPUT, "is not a date");
    hu_store_close(store);
}

static void a_study_is_imported_together_or_not_at_all(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "study.db");
    hu_store *store = fixture_open(arena, path);
    hu_import_files files = {
        .prosecutors = fixture_file(arena, "p.csv", PROSECUTORS "P1,Cusco,,,,\n"),
        .rollout = fixture_file(arena, "r.csv", "region,trained_on\nCusco,2022-01-01\nAncash,\nMadre de Dios,\n"),
        .cases = fixture_file(arena, "c.csv", CASES "A,,Cusco,2015-01-01,,P1,,,\n"),
    };
    hu_import_counts counts;
    CHECK_OK(hu_import_study(store, &files, three_regions(arena), &counts));
    assert_true(counts.prosecutors == 1 && counts.rollout == 3 && counts.cases == 1);
    hu_table *table;
    CHECK_OK(hu_import_read(fixture_file(arena, "p2.csv", PROSECUTORS "P2,Cusco,,,,\n"), arena, &table));
    CHECK_FAILS(hu_import_prosecutors(store, table, NULL, NULL), HU_BAD_INPUT,
                "the case A in the store names the prosecutor P1");
    /* both change at once: the old case must not hold on to the old prosecutor */
    files.prosecutors = fixture_path(arena, "p2.csv");
    files.cases = fixture_file(arena, "c2.csv", CASES "B,,Cusco,2015-01-01,,P2,,,\n");
    CHECK_OK(hu_import_study(store, &files, three_regions(arena), &counts));
    /* problems of all files stand together, and nothing changes */
    files.prosecutors = fixture_file(arena, "p3.csv", PROSECUTORS "P3,Lima,,,,\n");
    files.cases = fixture_file(arena, "c3.csv", CASES "C,,Cusco,yesterday,,P3,,,\n");
    hu_error *error = hu_import_study(store, &files, three_regions(arena), &counts);
    assert_non_null(error);
    assert_non_null(strstr(error->message, "2 problems"));
    assert_non_null(strstr(error->message, "p3.csv:2"));
    assert_non_null(strstr(error->message, "c3.csv:2"));
    hu_error_free(error);
    files.cases = fixture_file(arena, "c4.csv", "case_id,region,opened\nA,Cusco\n");
    CHECK_FAILS(hu_import_study(store, &files, three_regions(arena), &counts), HU_BAD_INPUT, "c4.csv:2");
    files.cases = "/no/such/cases.csv";
    CHECK_FAILS(hu_import_study(store, &files, three_regions(arena), &counts), HU_NOT_FOUND, "cases.csv");
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM cases WHERE case_id = 'B'"), 1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM prosecutors WHERE prosecutor_id = 'P2'"), 1);
    hu_store_close(store);
}

static void the_list_of_regions_is_whole(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_regions *regions;
    CHECK_OK(hu_regions_load(check_source(arena, "rules/regions.yaml"), arena, &regions));
    assert_int_equal(regions->count, 25);
    for (size_t i = 0; i < 25; i++)
        assert_string_equal(regions->items[i].ubigeo, hu_printf(arena, "%02zu", i + 1));
    assert_string_equal(hu_regions_find(regions, hu_str_of(" MADRE DE  DIOS"))->ubigeo, "17");
    assert_string_equal(hu_regions_find(regions, hu_str_of("apurimac"))->ubigeo, "03");
    assert_null(hu_regions_find(regions, hu_str_of("Tarapacá")));
    static const struct {
        const char *yaml, *message;
    } wrong[] = {
        {"regions: []\n", "expected a list named \"regions\""},
        {"areas:\n  - {name: A}\n", "expected a list named \"regions\""},
        {"regions:\n  - {name: A}\n", "r.yaml:2: a region needs a name and an ubigeo"},
        {"regions:\n  - {name: A, ubigeo: 5}\n", "\"5\" is not a geographic code"},
        {"regions:\n  - {name: A, ubigeo: '05'}\n  - {name: á, ubigeo: '06'}\n", "r.yaml:3: the region á stands twice"},
        {"regions:\n  - {name: A, ubigeo: '05'}\n  - {name: B, ubigeo: '05'}\n",
         "the code 05 stands twice: also for A"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_FAILS(hu_regions_load(fixture_file(arena, "r.yaml", wrong[i].yaml), arena, &regions), HU_BAD_INPUT,
                    wrong[i].message);
}

static void any_select_is_a_table(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store = fixture_open(arena, fixture_path(arena, "query.db"));
    hu_table *table;
    const char *parameters[] = {"ñandú", NULL};
    CHECK_OK(hu_store_query(
        store, arena, &table,
        "SELECT ? AS word, ? AS missing, 0.1 AS number, 3 AS mixed UNION ALL SELECT 'b', NULL, NULL, 'x' "
        "ORDER BY 1 DESC",
        2, parameters));
    assert_int_equal(table->rows, 2);
    assert_true(hu_str_is(hu_table_find(table, "word")->texts[0], "ñandú"));
    assert_true(isnan(hu_table_find(table, "missing")->numbers[1]));
    assert_true(hu_table_find(table, "number")->numbers[0] == 0.1 && isnan(hu_table_find(table, "number")->numbers[1]));
    assert_true(hu_str_is(hu_table_find(table, "mixed")->texts[0], "3"));
    CHECK_OK(hu_store_query(store, arena, &table, "SELECT case_id, victims FROM cases", 0, NULL));
    assert_int_equal(table->rows, 0);
    assert_int_equal(hu_table_find(table, "case_id")->type, HU_TEXT);
    assert_int_equal(hu_table_find(table, "victims")->type, HU_NUMBER);
    CHECK_FAILS(hu_store_query(store, arena, &table, "SELECT nothing FROM nowhere", 0, NULL), HU_STORE, "nowhere");
    CHECK_FAILS(hu_store_query(store, arena, &table, "DELETE FROM cases", 0, NULL), HU_BUG, "expected one SELECT");
    CHECK_FAILS(hu_store_query(store, arena, &table, "SELECT 1; DELETE FROM cases", 0, NULL), HU_BUG, "one SELECT");
    CHECK_FAILS(hu_store_query(store, arena, &table, "SELECT ?", 0, NULL), HU_BUG, "0 parameters");
    hu_store_close(store);
}

static void the_analysis_table_has_a_row_a_case(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store = fixture_open(arena, fixture_path(arena, "analysis.db"));
    hu_table *table;
    CHECK_FAILS(hu_store_analysis_table(store, HU_HALF_YEAR, arena, &table), HU_EMPTY, "holds no cases");
    CHECK_OK(import_cases(store, arena, CASES "B,,Cusco,2021-07-01,,,4,1,2\nA,,Ancash,2020-06-30,,,,,\n"));
    CHECK_FAILS(hu_store_analysis_table(store, HU_HALF_YEAR, arena, &table), HU_EMPTY, "no row for");
    CHECK_OK(import_rollout(store, arena, "region,trained_on\nCusco,2022-05-01\nAncash,\nMadre de Dios,\n"));
    CHECK_OK(hu_store_analysis_table(store, HU_HALF_YEAR, arena, &table));
    assert_int_equal(table->rows, 2);
    assert_true(hu_str_is(hu_table_find(table, "case_id")->texts[0], "A"));
    assert_true(hu_table_find(table, "region_code")->numbers[0] == 2);
    assert_true(hu_table_find(table, "region_code")->numbers[1] == 8);
    assert_true(hu_table_find(table, "period")->numbers[0] == 2020 * 2);
    assert_true(hu_table_find(table, "period")->numbers[1] == 2021 * 2 + 1);
    assert_true(isnan(hu_table_find(table, "cohort")->numbers[0]));
    assert_true(hu_table_find(table, "cohort")->numbers[1] == 2022 * 2);
    assert_true(hu_table_find(table, "foreign_victims")->numbers[1] == 2);
    static const char *outcomes[] = {"conviction",      "resolution_months", "prison_months",
                                     "charge_severity", "victim_centred",    "collaboration"};
    for (size_t i = 0; i < 6; i++)
        assert_true(isnan(hu_table_find(table, outcomes[i])->numbers[0]));
    assert_null(hu_table_find(table, "in_rollout"));
    hu_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_imported_comes_back),
        cmocka_unit_test(each_wrong_cell_of_a_case_is_named),
        cmocka_unit_test(wrong_tables_are_named),
        cmocka_unit_test(ten_problems_are_shown_and_the_rest_counted),
        cmocka_unit_test(text_that_is_no_text_is_refused),
        cmocka_unit_test(stata_dates_are_days_since_1960),
        cmocka_unit_test(a_study_is_imported_together_or_not_at_all),
        cmocka_unit_test(the_list_of_regions_is_whole),
        cmocka_unit_test(any_select_is_a_table),
        cmocka_unit_test(the_analysis_table_has_a_row_a_case),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
