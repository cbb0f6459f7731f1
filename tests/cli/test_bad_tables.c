/* Bad tables, given to a command as a user would: exit status 3, a message that names the place, and nothing written.
 */

#include "run.h"

#include "huella/base/file.h"

enum { UNITS = 12, PERIODS = 4 };

typedef struct fixture {
    hu_arena *arena;
    const char *folder, *data, *result;
} fixture;

static int set_up(void **state)
{
    fixture *f = hu_xcalloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->folder = check_folder(f->arena);
    f->data = hu_path_join(f->arena, f->folder, "data.csv");
    f->result = hu_path_join(f->arena, f->folder, "result.json");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    check_remove(f->folder);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

/*
 * A panel that estimates well: unit, time, cohort, y, region, country. Line 1 is the header, unit u in period t (from
 * 0) stands on line 2 + u * PERIODS + t. The line `changed` is replaced by `by` (0 = none).
 */
static void write_panel(const fixture *f, long changed, const char *by)
{
    HU_BUF(text);
    hu_buf_add_text(&text, changed == 1 ? by : "unit,time,cohort,y,region,country");
    hu_buf_add_char(&text, '\n');
    for (int u = 0; u < UNITS; u++)
        for (int t = 0; t < PERIODS; t++) {
            if (changed == 2 + u * PERIODS + t)
                hu_buf_add_text(&text, by);
            else
                hu_buf_printf(&text, "%d,%d,%d,%d.%d,R%d,Peru", u, 2001 + t, u % 3 ? 2003 : 0, u * t % 7, u * u % 10,
                              u % 5);
            hu_buf_add_char(&text, '\n');
        }
    CHECK_OK(hu_write_file(f->data, text.data, text.length));
}

#define ESTIMATE(f, file, ...)                                                                                    \
    CHECK_HUELLA((f)->arena, "did", (file), "--unit", "unit", "--time", "time", "--cohort", "cohort", "--format", \
                 "json", "--out", (f)->result, __VA_ARGS__)

/* Refused with these words, NULL-terminated, and the folder holds what it held before. */
static void check_refused(const fixture *f, check_run run, const char *const *words)
{
    if (run.status != 3)
        fail_msg("exit status %d, expected 3; the message: %s", run.status, run.err);
    for (; *words; words++)
        check_contains(run.err, *words);
    assert_string_equal(run.out, "");
    char **files;
    size_t count;
    CHECK_OK(hu_list_files(f->folder, NULL, f->arena, &files, &count));
    for (size_t i = 0; i < count; i++)
        assert_string_equal(files[i], f->data);
}

#define CHECK_REFUSED(f, run, ...) check_refused((f), (run), (const char *const[]){__VA_ARGS__, NULL})

/* Without this the others could pass by refusing everything. */
static void the_panel_as_it_is_gives_a_result(void **state)
{
    fixture *f = *state;
    write_panel(f, 0, NULL);
    check_run run = ESTIMATE(f, f->data, "--outcome", "y", "--cluster", "region");
    if (run.status != 0)
        fail_msg("%s", run.err);
    assert_true(hu_file_exists(f->result));
}

static void rows_with_too_few_or_too_many_cells(void **state)
{
    fixture *f = *state;
    write_panel(f, 9, "1,2004,2003");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:9: 3 cells stand here (1,2004,2003), expected 6",
                  "add the missing cells");
    write_panel(f, 9, "1,2004,2003,1,5,R1,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"),
                  "data.csv:9: 7 cells stand here (1,2004,2003,1,5,R1,Peru), ", "expected 6", "into quotes");
}

static void quotes_that_do_not_close(void **state)
{
    fixture *f = *state;
    write_panel(f, 12, "2,2003,2003,1,\"R2,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"),
                  "data.csv:12: column \"region\": the quote that opens here", "R2,Peru", "closing quote");
}

static void columns_that_are_not_there_or_not_told_apart(void **state)
{
    fixture *f = *state;
    write_panel(f, 0, NULL);
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y", "--cluster", "regoin"),
                  "data.csv: no column \"regoin\": did you mean \"region\"?", "\"unit\", \"time\", \"cohort\"");
    write_panel(f, 1, "unit,time,cohort,y,region,y");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:1: columns 4 and 6 are both named \"y\"",
                  "rename");
    write_panel(f, 1, "unit,time,cohort,y,,country");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:1: column 5 of 6 has no name");
}

static void text_where_numbers_are_expected(void **state)
{
    fixture *f = *state;
    write_panel(f, 49, "11,2004,2003,high,R1,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:49: column \"y\": \"high\" is not a number",
                  "expected digits", "empty cell where it is missing");
    write_panel(f, 5, "0,2004,0,\"1,5\",R0,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:5: column \"y\": \"1,5\" is not a number",
                  "--decimal-comma");
    write_panel(f, 7, "1,2022-H1,2003,1,R0,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"),
                  "data.csv:7: column \"time\": \"2022-H1\" is not a number");
}

/* Line numbers must hold after line breaks in quotes and blank lines. */
static void lines_are_those_that_an_editor_shows(void **state)
{
    fixture *f = *state;
    HU_BUF(text);
    hu_buf_add_text(&text, "unit,time,cohort,y\r\n\r\n\"1\",2001,0,\"2\"\r\n\"1\n\n\",2002,0,3\r\n1,2003,0,many\r\n");
    CHECK_OK(hu_write_file(f->data, text.data, text.length));
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:7: column \"y\": \"many\" is not a number");
}

static void cohorts_that_do_not_identify_an_effect(void **state)
{
    fixture *f = *state;
    write_panel(f, 8, "1,2003,2004,1,R1,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:8: column \"cohort\": unit 1: ", "2004", "2003",
                  "expected one first treated period");
    HU_BUF(treated);
    hu_buf_add_text(&treated, "unit,time,cohort,y\n");
    for (int u = 0; u < UNITS; u++)
        for (int t = 0; t < PERIODS; t++)
            hu_buf_printf(&treated, "%d,%d,2003,%d\n", u, 2001 + t, u * t % 7);
    CHECK_OK(hu_write_file(f->data, treated.data, treated.length));
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv: column \"cohort\": everybody is treated");
}

static void one_cluster(void **state)
{
    fixture *f = *state;
    write_panel(f, 0, NULL);
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y", "--cluster", "country"),
                  "data.csv: column \"country\" holds one cluster only", "leave --cluster out");
}

static void what_is_no_table_at_all(void **state)
{
    fixture *f = *state;
#define BYTES(text) (text), sizeof(text) - 1 /* NUL bytes count */
    static const struct {
        const char *bytes;
        size_t length;
        const char *place, *remedy;
    } files[] = {
        {BYTES(""), "data.csv: the file is empty", "expected a line of column names"},
        {BYTES("unit,time,cohort,y\n"), "data.csv:1: no rows below the column names", "expected at least one"},
        {BYTES("unit,time,cohort,y\n1,2001,0,1\n1,\0002,0,1\n"), "data.csv:3: a NUL byte", "export it again"},
        {BYTES("PK\003\004\024\0\006\0"), "data.csv: not CSV but a workbook", "save the sheet as \"CSV UTF-8\""},
        {BYTES("\377\376u\0n\0"), "data.csv: not CSV but UTF-16", "save it as \"CSV UTF-8\""},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        CHECK_OK(hu_write_file(f->data, files[i].bytes, files[i].length));
        CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), files[i].place, files[i].remedy);
    }
    CHECK_REFUSED(f, ESTIMATE(f, f->folder, "--outcome", "y"), f->folder, "is a folder");
    const char *absent = hu_path_join(f->arena, f->folder, "absent.csv");
    CHECK_REFUSED(f, ESTIMATE(f, absent, "--outcome", "y"), "absent.csv: No such file");
}

static void a_broken_stata_file(void **state)
{
    fixture *f = *state;
    f->data = hu_path_join(f->arena, f->folder, "data.dta");
    CHECK_OK(hu_write_file(f->data, "<stata_dta><header><release>118</release>", 41));
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.dta: not a whole Stata file", "version 104 to 119");
}

/* Latin-1 is read, and shown as UTF-8 in messages. */
static void latin_1_is_no_obstacle(void **state)
{
    fixture *f = *state;
    write_panel(f, 1, "unit,time,cohort,y,regi\xF3n,country");
    check_run run = ESTIMATE(f, f->data, "--outcome", "y", "--cluster", "región");
    if (run.status != 0)
        fail_msg("%s", run.err);
    unlink(f->result);
    write_panel(f, 3, "0,2002,0,Jun\xEDn,R0,Peru");
    CHECK_REFUSED(f, ESTIMATE(f, f->data, "--outcome", "y"), "data.csv:3: column \"y\": \"Junín\" is not a number");
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_panel_as_it_is_gives_a_result),
        WITH_FOLDER(rows_with_too_few_or_too_many_cells),
        WITH_FOLDER(quotes_that_do_not_close),
        WITH_FOLDER(columns_that_are_not_there_or_not_told_apart),
        WITH_FOLDER(text_where_numbers_are_expected),
        WITH_FOLDER(lines_are_those_that_an_editor_shows),
        WITH_FOLDER(cohorts_that_do_not_identify_an_effect),
        WITH_FOLDER(one_cluster),
        WITH_FOLDER(what_is_no_table_at_all),
        WITH_FOLDER(a_broken_stata_file),
        WITH_FOLDER(latin_1_is_no_obstacle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
