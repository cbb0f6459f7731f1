#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/file.h"
#include "huella/base/random.h"

#include <zlib.h>

/* Parses a literal; sizeof, not strlen, so that NUL bytes count. */
#define PARSE(text, options, table) hu_csv_parse((text), sizeof(text) - 1, "t.csv", (options), arena, (table))

static int set_up(void **state)
{
    *state = hu_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    hu_arena_free(*state);
    return 0;
}

static double number_at(const hu_table *table, const char *name, size_t row)
{
    hu_column *column;
    CHECK_OK(hu_table_column(table, name, &column));
    assert_int_equal(column->type, HU_NUMBER);
    return column->numbers[row];
}

static void check_text(const hu_table *table, const char *name, size_t row, const char *expected)
{
    hu_column *column;
    CHECK_OK(hu_table_column(table, name, &column));
    assert_int_equal(column->type, HU_TEXT);
    hu_str cell = column->texts[row];
    if (!expected ? cell.data != NULL : !cell.data || !hu_str_is(cell, expected))
        fail_msg("%s, row %zu: \"%.*s\", expected \"%s\"", name, row, HU_STR_ARG(cell),
                 expected ? expected : "(missing)");
}

static void types_are_found_by_column(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_OK(PARSE("id,y,name,empty\n1,2.5,Ana,\n2,-1e3,Luz,NA\n3,Inf,,.\n4,NaN,NA,\"\"\n", NULL, &t));
    assert_int_equal(t->rows, 4);
    assert_int_equal(t->n_columns, 4);
    assert_true(number_at(t, "id", 3) == 4);
    assert_true(number_at(t, "y", 1) == -1000);
    assert_true(number_at(t, "y", 2) == INFINITY);
    assert_true(isnan(number_at(t, "y", 3)));
    check_text(t, "name", 1, "Luz");
    check_text(t, "name", 2, NULL);
    check_text(t, "name", 3, NULL);
    for (size_t row = 0; row < 4; row++)
        assert_true(isnan(number_at(t, "empty", row)));
}

static void quotes_hold_separators_quotes_and_line_ends(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_OK(PARSE("a,\"b \"\"x\"\"\",c\r\n\"1,5\",\"two\r\nlines\",3\r\n\"\"\"\",\"NA\",4\r\nx,5\" pipe,\"6\"\r\n",
                   NULL, &t));
    assert_int_equal(t->rows, 3);
    check_text(t, "a", 0, "1,5");
    check_text(t, "a", 1, "\"");
    check_text(t, "b \"x\"", 0, "two\r\nlines");
    check_text(t, "b \"x\"", 1, "NA"); /* in quotes a word like any other */
    check_text(t, "b \"x\"", 2, "5\" pipe");
    assert_true(number_at(t, "c", 2) == 6); /* in quotes a number still */
}

/* Line ends in quotes and blank lines move rows off their line: errors must still name the right one. */
static void lines_are_counted_through_everything(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_OK(PARSE("\na,b\n1,\"x\ny\n\"\n\n\n2,z\r\n3,w\r4,v\n", NULL, &t));
    assert_int_equal(t->rows, 4);
    static const long lines[] = {3, 8, 9, 10};
    for (size_t row = 0; row < 4; row++) {
        char place[32];
        snprintf(place, sizeof place, "t.csv:%ld: column \"b\": no", lines[row]);
        CHECK_FAILS(hu_table_fail(t, HU_BAD_INPUT, row, "b", "no"), HU_BAD_INPUT, place);
    }
    CHECK_OK(PARSE("a,b\n1,2\n3,4\n", NULL, &t));
    assert_null(t->lines);
    CHECK_FAILS(hu_table_fail(t, HU_BAD_INPUT, 1, NULL, "no"), HU_BAD_INPUT, "t.csv:3: no");
}

static void line_ends_of_all_three_kinds(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (int kind = 0; kind < 3; kind++)
        for (int last = 0; last < 2; last++) {
            const char *e = ends[kind];
            const char *text = hu_printf(arena, "a,b%s1,x%s2,y%s", e, e, last ? e : "");
            CHECK_OK(hu_csv_parse(text, strlen(text), "t.csv", NULL, arena, &t));
            assert_int_equal(t->rows, 2);
            assert_true(number_at(t, "a", 1) == 2);
            check_text(t, "b", 1, "y");
        }
}

static void separators_are_found_in_the_header(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_OK(PARSE("a;\"b,c,d\";e\n1;2;3\n", NULL, &t));
    assert_int_equal(t->n_columns, 3);
    CHECK_OK(PARSE("a\tb, c\td\n1\t2\t3\n", NULL, &t));
    assert_int_equal(t->n_columns, 3);
    CHECK_OK(PARSE("a|b\n1|2\n", &(hu_csv_options){.separator = '|'}, &t));
    assert_true(number_at(t, "b", 0) == 2);
    CHECK_OK(PARSE("one\n1\n\n\"\"\n3\n", NULL, &t));
    assert_int_equal(t->rows, 3);
    assert_true(isnan(number_at(t, "one", 1)));
    CHECK_FAILS(PARSE("a,b\n1,2\n", &(hu_csv_options){.separator = '"'}, &t), HU_USAGE, "cannot separate");
}

static void decimal_commas_on_request(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    hu_column *column;
    CHECK_OK(PARSE("a;b\n1,5;x\n-2,25;y\n", &(hu_csv_options){.decimal_comma = true}, &t));
    assert_true(number_at(t, "a", 1) == -2.25);
    CHECK_OK(PARSE("a,b\n\"1,5\",7\n2,8\n", &(hu_csv_options){.decimal_comma = true}, &t));
    assert_true(number_at(t, "a", 0) == 1.5 && number_at(t, "b", 1) == 8);
    CHECK_OK(PARSE("a,b\n\"1,5\",1.5\n2,8\n", &(hu_csv_options){.decimal_comma = true}, &t));
    check_text(t, "b", 0, "1.5"); /* a point is no decimal comma */
    CHECK_OK(PARSE("a;b\n1;2\n1,5;3\n", NULL, &t));
    CHECK_FAILS(hu_table_numbers(t, "a", &column), HU_BAD_INPUT, "t.csv:3: column \"a\": \"1,5\" is not a number");
}

static void windows_1252_and_marks_are_read_as_utf8(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_OK(PARSE("regi\xF3n,\x80\n\xC1ncash,1\nJun\xEDn,2", NULL, &t));
    check_text(t, "región", 0, "Áncash");
    check_text(t, "región", 1, "Junín");
    assert_true(number_at(t, "€", 1) == 2);
    CHECK_OK(PARSE("\xEF\xBB\xBFregión,b\nÁncash,1\n", NULL, &t));
    check_text(t, "región", 0, "Áncash");
}

/* A text in the last row makes the whole column text, with the rows above as they stood. */
static void a_late_text_turns_the_whole_column(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    hu_column *column;
    HU_BUF(text);
    hu_buf_add_text(&text, "id,y,z\n");
    for (int row = 0; row < 20000; row++)
        hu_buf_printf(&text, "%d,%d.50,\"q\"\"%d\"\n", row, row, row);
    hu_buf_add_text(&text, "20000,unknown,w\n20001,,v\n");
    CHECK_OK(hu_csv_parse(text.data, text.length, "t.csv", NULL, arena, &t));
    assert_int_equal(t->rows, 20002);
    assert_true(number_at(t, "id", 20001) == 20001);
    check_text(t, "y", 0, "0.50");
    check_text(t, "y", 19999, "19999.50");
    check_text(t, "y", 20000, "unknown");
    check_text(t, "y", 20001, NULL);
    check_text(t, "z", 19999, "q\"19999");
    CHECK_FAILS(hu_table_numbers(t, "y", &column), HU_BAD_INPUT,
                "t.csv:20002: column \"y\": \"unknown\" is not a number: expected");
}

static void identifiers_stay_text(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    hu_column *column;
    CHECK_OK(PARSE("district,long,amount,code\n1501,12345678901234567890,0.5,7\n0012,2,0,8\n", NULL, &t));
    check_text(t, "district", 0, "1501");
    check_text(t, "district", 1, "0012");
    check_text(t, "long", 0, "12345678901234567890");
    assert_true(number_at(t, "amount", 1) == 0);
    CHECK_OK(hu_table_numbers(t, "district", &column));
    assert_int_equal(column->type, HU_NUMBER);
    assert_true(column->numbers[1] == 12);
    check_text(t, "district", 1, "0012"); /* the table's own is left alone */
    static const char *const as_text[] = {"code", "not there", NULL};
    CHECK_OK(PARSE("district,code\n1,7\n", &(hu_csv_options){.as_text = as_text}, &t));
    check_text(t, "code", 0, "7");
}

static void only_the_columns_asked_for_are_kept(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    static const char *const columns[] = {"y", "a", "y", NULL};
    static const char *const wrong[] = {"cohrt", NULL};
    CHECK_OK(PARSE("a,b,y\n1,x,2\n3,\"q,\n\",4\n", &(hu_csv_options){.columns = columns}, &t));
    assert_int_equal(t->n_columns, 2);
    assert_string_equal(t->columns[0].name, "a");
    assert_true(number_at(t, "y", 1) == 4);
    CHECK_FAILS(PARSE("unit,cohort\n1,2\n", &(hu_csv_options){.columns = wrong}, &t), HU_NOT_FOUND,
                "t.csv: no column \"cohrt\": did you mean \"cohort\"? The columns are \"unit\", \"cohort\"");
}

static void broken_files_are_told_by_line(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_FAILS(PARSE("a,b,c\n1,2,3\n4,5\n", NULL, &t), HU_BAD_INPUT, "t.csv:3: 2 cells stand here (4,5), expected 3");
    CHECK_FAILS(PARSE("a,b\n1,2\n\n4,5,6,7\n", NULL, &t), HU_BAD_INPUT,
                "t.csv:4: 4 cells stand here (4,5,6,7), expected 2");
    CHECK_FAILS(PARSE("a,b\n1\n", NULL, &t), HU_BAD_INPUT, "t.csv:2: 1 cell stands here (1), expected 2");
    CHECK_FAILS(PARSE("a,b\n1,\"x\n2,y\n", NULL, &t), HU_BAD_INPUT, "t.csv:2: column \"b\": the quote that opens here");
    CHECK_FAILS(PARSE("a,b\n1,\"x\"y\n", NULL, &t), HU_BAD_INPUT,
                "t.csv:2: column \"b\": \"x\" in quotes is followed by y");
    CHECK_FAILS(PARSE("a,\"b\n", NULL, &t), HU_BAD_INPUT, "t.csv:1: the quote that opens here");
    CHECK_FAILS(PARSE("a,b\n1,2\n3,\0\n", NULL, &t), HU_BAD_INPUT, "t.csv:3: a NUL byte");
    CHECK_FAILS(PARSE("a,,c\n1,2,3\n", NULL, &t), HU_BAD_INPUT, "t.csv:1: column 2 of 3 has no name");
    CHECK_FAILS(PARSE("a,b, a \n1,2,3\n", NULL, &t), HU_BAD_INPUT, "t.csv:1: columns 1 and 3 are both named \"a\"");
    CHECK_FAILS(PARSE("", NULL, &t), HU_EMPTY, "t.csv: the file is empty");
    CHECK_FAILS(PARSE("\xEF\xBB\xBF", NULL, &t), HU_EMPTY, "the file is empty");
    CHECK_FAILS(PARSE("\n\r\n\n", NULL, &t), HU_EMPTY, "nothing but blank lines");
    CHECK_FAILS(PARSE("a,b\n", NULL, &t), HU_EMPTY, "t.csv:1: no rows below the column names");
    CHECK_FAILS(PARSE("a,b", NULL, &t), HU_EMPTY, "no rows");
    CHECK_FAILS(PARSE("\xFF\xFE\x61\0,\0", NULL, &t), HU_BAD_INPUT, "UTF-16");
    CHECK_FAILS(PARSE("PK\x03\x04\x14\0", NULL, &t), HU_BAD_INPUT, "workbook");
    assert_null(t);
}

/* The first wrong line is named also when a column has turned to text before it. */
static void an_error_after_a_turned_column_names_its_line(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_FAILS(PARSE("a,b\n1,2\nx,\"3\n\"\n4\n", NULL, &t), HU_BAD_INPUT, "t.csv:5: 1 cell stands here");
}

static void write_and_read(hu_arena *arena, const hu_table *table, const hu_csv_options *options, hu_table **again)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    hu_csv_write(file, table);
    fclose(file);
    char *kept = hu_strndup(arena, text, length);
    free(text);
    CHECK_OK(hu_csv_parse(kept, length, "again.csv", options, arena, again));
}

static void what_is_written_reads_back(void **state)
{
    hu_arena *arena = *state;
    static const char *const texts[] = {"plain", "comma,", "quote\"", "line\nend", "cr\r", "NA",  ".",   "NaN",  "",
                                        NULL,    "ñandú",  " space ", "semi;",     "\"",   "007", "1e5", "tab\t"};
    static const char *const as_text[] = {"text", NULL};
    enum { ROWS = sizeof texts / sizeof *texts };
    hu_table *table = hu_table_new(arena, "memory", ROWS), *again;
    hu_table_add_texts(table, arena, "text");
    hu_column *number = hu_table_add_numbers(table, arena, "a \"number\", quoted");
    hu_column *text = hu_table_find(table, "text");
    hu_random random = hu_random_start(3, 3);
    for (size_t row = 0; row < ROWS; row++) {
        text->texts[row] = hu_str_of(texts[row]);
        uint64_t any = hu_random_u64(&random);
        memcpy(&number->numbers[row], &any, sizeof any);
    }
    number->numbers[3] = INFINITY;
    number->numbers[4] = -INFINITY;
    number->numbers[5] = NAN;
    number->numbers[6] = -0.0;
    number->numbers[7] = 12345678901234568; /* prints without point or exponent, yet is no identifier */
    number->numbers[8] = -90071992547409936;
    write_and_read(arena, table, &(hu_csv_options){.as_text = as_text}, &again);
    assert_int_equal(again->rows, ROWS);
    for (size_t row = 0; row < ROWS; row++) {
        check_text(again, "text", row, texts[row] && *texts[row] ? texts[row] : NULL);
        double was = number->numbers[row], is = number_at(again, number->name, row);
        if (isnan(was) ? !isnan(is) : was != is || signbit(was) != signbit(is))
            fail_msg("row %zu: %.17g, was %.17g", row, is, was);
    }
}

static void a_missing_cell_alone_in_its_row_survives(void **state)
{
    hu_arena *arena = *state;
    hu_table *table = hu_table_new(arena, "memory", 3), *again;
    hu_table_add_numbers(table, arena, "x")->numbers[1] = 5;
    write_and_read(arena, table, NULL, &again);
    assert_int_equal(again->rows, 3);
    assert_true(number_at(again, "x", 1) == 5);
}

static char *temporary_file(hu_arena *arena, const char *text, size_t length)
{
    char *path = hu_strdup(arena, "/tmp/huella-test-csv-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, length), (ssize_t)length);
    close(descriptor);
    return path;
}

/* Texts are views into the file: they must live as long as the arena, also when the file is gone. */
static void texts_outlive_the_file(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    HU_BUF(text);
    hu_buf_add_text(&text, "id,name\n");
    for (int row = 0; row < 60000; row++) /* large enough to be mapped */
        hu_buf_printf(&text, "%d,name %d\n", row, row);
    char *path = temporary_file(arena, text.data, text.length);
    CHECK_OK(hu_csv_read(path, NULL, arena, &t));
    unlink(path);
    assert_int_equal(t->rows, 60000);
    check_text(t, "name", 59999, "name 59999");
    assert_true(number_at(t, "id", 59999) == 59999);
}

static void files_that_are_not_there(void **state)
{
    hu_arena *arena = *state;
    hu_table *t;
    CHECK_FAILS(hu_csv_read("/nowhere/x.csv", NULL, arena, &t), HU_NOT_FOUND, "/nowhere/x.csv");
    CHECK_FAILS(hu_table_read("/tmp", NULL, arena, &t), HU_NOT_FOUND, "folder");
    char *path = temporary_file(arena, "", 0);
    CHECK_FAILS(hu_table_read(path, NULL, arena, &t), HU_EMPTY, "the file is empty");
    unlink(path);
}

/* Any bytes give a table or an error, and a table that was read is rectangular. */
static void any_bytes_are_read_or_refused(void **state)
{
    (void)state;
    static const char alphabet[] = "a1,;\t\"\"\n\r.-eNA0 \xE1\xC3";
    hu_random random = hu_random_start(11, 2);
    char text[48];
    int tables = 0;
    for (int i = 0; i < 60000; i++) {
        HU_SCRATCH(arena);
        size_t length = hu_random_below(&random, sizeof text);
        for (size_t j = 0; j < length; j++)
            text[j] = alphabet[hu_random_below(&random, sizeof alphabet - 1)];
        hu_table *t;
        hu_error *error = hu_csv_parse(text, length, "t.csv", NULL, arena, &t);
        assert_true(!error == !!t);
        hu_error_free(error);
        tables += t != NULL;
        for (size_t c = 0; t && c < t->n_columns; c++)
            for (size_t row = 0; row < t->rows; row++)
                hu_table_text(t, &t->columns[c], row, arena);
    }
    assert_true(tables > 1000);
}

/* Every number that is packed reads back to the same double, whatever came before or after it in its column. */
static void test_packed_columns_read_back(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char text[] = "small,years,money,wide,never,zero,late,text\n"
                               "1,2001,0.25,1,0.1234567,0,5,7\n"
                               "-127,1999,,70000,1,-0,NA,8\n"
                               "127,2026,1234.5,-2147483647,1e300,0,0.1,x\n"
                               "NA,.,-0.000001,2147483647,inf,1,12345678.25,9\n";
    hu_csv_options packed = {.packed = true};
    hu_table *plain, *small;
    CHECK_OK(hu_csv_parse(text, sizeof text - 1, "t.csv", NULL, arena, &plain));
    CHECK_OK(hu_csv_parse(text, sizeof text - 1, "t.csv", &packed, arena, &small));
    assert_int_equal(small->n_columns, plain->n_columns);
    for (size_t c = 0; c + 1 < plain->n_columns; c++) {
        assert_int_equal(small->columns[c].type, HU_NUMBER);
        for (size_t r = 0; r < plain->rows; r++) {
            double a = plain->columns[c].numbers[r], b = hu_number_at(&small->columns[c], r);
            if (isnan(a) ? !isnan(b) : a != b || signbit(a) != signbit(b))
                fail_msg("column %s, row %zu: %.17g became %.17g", plain->columns[c].name, r, a, b);
        }
    }
    const int bytes[] = {1, 2, 4, 4};
    for (size_t c = 0; c < 4; c++)
        assert_int_equal(small->columns[c].packed.bytes, bytes[c]);
    assert_null(small->columns[4].packed.cells); /* seven decimals */
    assert_null(small->columns[5].packed.cells); /* a negative zero */
    assert_int_equal(small->columns[7].type, HU_TEXT);
    assert_true(hu_str_is(small->columns[7].texts[0], "7"));
}

static const char *write_packed(hu_arena *arena, const char *name, const char *data, size_t length)
{
    const char *path =
        hu_printf(arena, "%s/huella-test-%d-%s", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid(), name);
    CHECK_OK(hu_write_file(path, data, length));
    return path;
}

/* Packed by gzip a table is the same, and what is cut short or damaged is said to be, with its place. */
static void test_gzip(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(text);
    hu_buf_printf(&text, "a,name\n");
    for (int i = 0; i < 50000; i++)
        hu_buf_printf(&text, "%d,row %d of many\n", i * 7919 % 10007, i);
    const char *path = write_packed(arena, "packed.csv.gz", "", 0);
    gzFile packed = gzopen(path, "wb");
    assert_int_equal(gzwrite(packed, text.data, (unsigned)text.length), text.length);
    gzclose(packed);
    hu_table *plain, *table;
    CHECK_OK(hu_csv_parse(text.data, text.length, "t.csv", NULL, arena, &plain));
    CHECK_OK(hu_csv_read(path, NULL, arena, &table));
    assert_int_equal(table->rows, plain->rows);
    assert_memory_equal(table->columns[0].numbers, plain->columns[0].numbers, plain->rows * sizeof(double));
    for (size_t r = 0; r < plain->rows; r++)
        assert_true(hu_str_equal(table->columns[1].texts[r], plain->columns[1].texts[r]));
    hu_file whole;
    CHECK_OK(hu_file_open(path, 0, &whole));
    char *bytes = hu_strndup(arena, whole.data, whole.length);
    size_t length = whole.length;
    hu_file_close(&whole);
    const char *cut = write_packed(arena, "cut.csv.gz", bytes, length / 2);
    CHECK_FAILS(hu_csv_read(cut, NULL, arena, &table), HU_BAD_INPUT, "cut short after");
    bytes[length / 2] ^= 0x55;
    const char *damaged = write_packed(arena, "damaged.csv.gz", bytes, length);
    CHECK_FAILS(hu_csv_read(damaged, NULL, arena, &table), HU_BAD_INPUT, "damaged after");
    unlink(path);
    unlink(cut);
    unlink(damaged);
}

int main(void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(types_are_found_by_column),
        WITH_ARENA(quotes_hold_separators_quotes_and_line_ends),
        WITH_ARENA(lines_are_counted_through_everything),
        WITH_ARENA(line_ends_of_all_three_kinds),
        WITH_ARENA(separators_are_found_in_the_header),
        WITH_ARENA(decimal_commas_on_request),
        WITH_ARENA(windows_1252_and_marks_are_read_as_utf8),
        WITH_ARENA(a_late_text_turns_the_whole_column),
        WITH_ARENA(identifiers_stay_text),
        WITH_ARENA(only_the_columns_asked_for_are_kept),
        WITH_ARENA(broken_files_are_told_by_line),
        WITH_ARENA(an_error_after_a_turned_column_names_its_line),
        WITH_ARENA(what_is_written_reads_back),
        WITH_ARENA(a_missing_cell_alone_in_its_row_survives),
        WITH_ARENA(texts_outlive_the_file),
        WITH_ARENA(files_that_are_not_there),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_packed_columns_read_back),
        cmocka_unit_test(any_bytes_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
