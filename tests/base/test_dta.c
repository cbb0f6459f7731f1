#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/dta.h"
#include "huella/base/file.h"
#include "huella/base/random.h"

typedef struct fixture {
    hu_arena *arena;
    char *path; /* of a file that is removed at the end */
} fixture;

static int set_up(void **state)
{
    fixture *f = hu_xcalloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->path = hu_strdup(f->arena, "/tmp/huella-test-XXXXXX.dta");
    int descriptor = mkstemps(f->path, 4);
    *state = f;
    return descriptor < 0 || close(descriptor) != 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    unlink(f->path);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

static hu_table *mixed_table(hu_arena *arena)
{
    enum { ROWS = 200 };
    hu_table *t = hu_table_new(arena, "memory", ROWS);
    double *y = hu_table_add_numbers(t, arena, "y")->numbers;
    hu_str *name = hu_table_add_texts(t, arena, "región")->texts;
    hu_str *judgment = hu_table_add_texts(t, arena, "text_of_the_judgment")->texts;
    double *empty = hu_table_add_numbers(t, arena, "_empty")->numbers;
    hu_random random = hu_random_start(5, 5);
    for (size_t row = 0; row < ROWS; row++) {
        y[row] = row % 7 ? (hu_random_uniform(&random) - 0.5) * pow(10, (double)(row % 600) - 300) : NAN;
        name[row] = hu_str_of(row % 3 ? hu_printf(arena, "Áncash %zu", row) : NULL);
        if (row % 5 == 2) { /* longer than Stata's str2045 */
            char *text = hu_alloc(arena, 3000 + row);
            memset(text, 'a' + (int)(row % 26), 3000 + row - 1);
            judgment[row] = hu_str_of(text);
        } else if (row % 5 == 3) {
            judgment[row] = hu_str_of("short");
        }
        empty[row] = NAN;
    }
    y[1] = 0x1.fffffffffffffp+1022;
    y[2] = -0x1.fffffffffffffp+1022;
    y[3] = 4.9e-324;
    return t;
}

static void check_same(const hu_table *a, const hu_table *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t c = 0; c < a->n_columns; c++) {
        const hu_column *x = &a->columns[c], *y = &b->columns[c];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->type, y->type);
        for (size_t row = 0; row < a->rows; row++) {
            if (x->type == HU_TEXT)
                assert_true(hu_str_equal(x->texts[row], y->texts[row]) && !x->texts[row].data == !y->texts[row].data);
            else
                assert_true(x->numbers[row] == y->numbers[row] || (isnan(x->numbers[row]) && isnan(y->numbers[row])));
        }
    }
}

static void what_is_written_reads_back(void **state)
{
    fixture *f = *state;
    hu_table *t = mixed_table(f->arena), *again;
    CHECK_OK(hu_dta_write(f->path, t));
    CHECK_OK(hu_table_read(f->path, NULL, f->arena, &again));
    check_same(t, again);
    CHECK_FAILS(hu_table_fail(again, HU_BAD_INPUT, 3, "y", "no"), HU_BAD_INPUT, ".dta: row 4: column \"y\": no");
}

static void only_the_columns_asked_for_are_kept(void **state)
{
    fixture *f = *state;
    hu_table *t = mixed_table(f->arena), *again;
    static const char *const columns[] = {"_empty", "región", NULL}, *const wrong[] = {"y", "regoin", NULL};
    CHECK_OK(hu_dta_write(f->path, t));
    CHECK_OK(hu_dta_read(f->path, columns, f->arena, &again));
    assert_int_equal(again->n_columns, 2);
    assert_true(hu_str_is(hu_table_find(again, "región")->texts[1], "Áncash 1"));
    CHECK_FAILS(hu_dta_read(f->path, wrong, f->arena, &again), HU_NOT_FOUND,
                "no column \"regoin\": did you mean \"región\"?");
}

static char *bytes_of(hu_arena *arena, const char *path, size_t *length)
{
    hu_file file;
    CHECK_OK(hu_file_open(path, 0, &file));
    *length = file.length;
    char *bytes = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    return bytes;
}

/* The day and the time zone of writing must not show. */
static void the_same_table_gives_the_same_bytes(void **state)
{
    fixture *f = *state;
    hu_table *t = mixed_table(f->arena);
    size_t length, length_again;
    static const char *const zones[] = {"America/Lima", "Asia/Tokyo"};
    char *bytes[2];
    for (int i = 0; i < 2; i++) {
        setenv("TZ", zones[i], 1);
        CHECK_OK(hu_dta_write(f->path, t));
        bytes[i] = bytes_of(f->arena, f->path, i ? &length_again : &length);
    }
    unsetenv("TZ");
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes[0], bytes[1], length);
    assert_memory_equal(bytes[0], "<stata_dta><header><release>118</release>", 41);
}

static void what_stata_cannot_hold_is_refused_and_nothing_written(void **state)
{
    fixture *f = *state;
    hu_arena *arena = f->arena;
    unlink(f->path);
    static const struct {
        const char *name, *why;
    } names[] = {{"1st", "begin with a letter"}, {"a b", "other than letters"},
                 {"a.b", "other than letters"},  {"double", "reserved word"},
                 {"str12", "reserved word"},     {"", "empty"},
                 {"_n", "reserved word"},        {"a23456789012345678901234567890123", "longer than 32"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hu_table *t = hu_table_new(arena, "memory", 1);
        hu_table_add_numbers(t, arena, names[i].name);
        CHECK_FAILS(hu_dta_write(f->path, t), HU_BAD_INPUT, names[i].why);
    }
    hu_table *t = hu_table_new(arena, "memory", 3);
    hu_table_add_numbers(t, arena, "y")->numbers[1] = -INFINITY;
    CHECK_FAILS(hu_dta_write(f->path, t), HU_BAD_INPUT, "memory: row 2: column \"y\": -inf cannot be kept by Stata");
    hu_table_find(t, "y")->numbers[1] = 1e308;
    CHECK_FAILS(hu_dta_write(f->path, t), HU_BAD_INPUT, "1e+308 cannot be kept");
    hu_table_find(t, "y")->numbers[1] = 1;
    hu_table_add_texts(t, arena, "strict"); /* begins with str, is no type */
    hu_table_add_numbers(t, arena, "y");
    CHECK_FAILS(hu_dta_write(f->path, t), HU_BAD_INPUT, "columns 1 and 3 are both named \"y\"");
    CHECK_FAILS(hu_dta_write(f->path, hu_table_new(arena, "memory", 1)), HU_LIMIT, "0 columns");
    CHECK_FAILS(hu_dta_write("/nowhere/x.dta", mixed_table(arena)), HU_NOT_FOUND, "/nowhere/x.dta");
    assert_false(hu_file_exists(f->path));
}

/* Cut anywhere, a file gives an error, never a shorter table. */
static void files_cut_short_are_refused(void **state)
{
    fixture *f = *state;
    CHECK_OK(hu_dta_write(f->path, mixed_table(f->arena)));
    size_t length;
    char *bytes = bytes_of(f->arena, f->path, &length);
    hu_table *t;
    CHECK_FAILS(hu_dta_parse(bytes, 0, "t.dta", NULL, f->arena, &t), HU_EMPTY, "t.dta: the file is empty");
    CHECK_FAILS(hu_dta_parse("a,b\n1,2\n", 8, "t.dta", NULL, f->arena, &t), HU_BAD_INPUT,
                "t.dta: not a whole Stata file");
    CHECK_FAILS(hu_dta_parse(bytes, length / 2, "t.dta", NULL, f->arena, &t), HU_BAD_INPUT, "t.dta: ");
    const size_t texts_end = (size_t)((char *)memmem(bytes, length, "</strls>", 8) - bytes);
    for (size_t cut = 1; cut < texts_end; cut += 397) {
        HU_SCRATCH(scratch);
        hu_error *error = hu_dta_parse(bytes, cut, "t.dta", NULL, scratch, &t);
        if (!error)
            fail_msg("cut at %zu of %zu: read", cut, length);
        hu_error_free(error);
        assert_null(t);
    }
}

/* ReadStat itself does not look at either. */
static void names_and_long_texts_are_checked(void **state)
{
    fixture *f = *state;
    CHECK_OK(hu_dta_write(f->path, mixed_table(f->arena)));
    size_t length;
    char *bytes = bytes_of(f->arena, f->path, &length);
    hu_table *t;
    char *name = (char *)memmem(bytes, length, "<varnames>", 10) + 10;
    name[0] = '\0';
    CHECK_FAILS(hu_dta_parse(bytes, length, "t.dta", NULL, f->arena, &t), HU_BAD_INPUT, "column 1 of 4 has no name");
    name[0] = 'y';
    CHECK_OK(hu_dta_parse(bytes, length, "t.dta", NULL, f->arena, &t));
    char *last_text_end = (char *)memmem(bytes, length, "</strls>", 8) - 1;
    *last_text_end = 'x';
    CHECK_FAILS(hu_dta_parse(bytes, length, "t.dta", NULL, f->arena, &t), HU_BAD_INPUT,
                "t.dta: not a whole Stata file");
}

/* Byte by byte as the format's description has it (dta 114): bytes, integers and floats with their missing codes. */
static void old_versions_and_missing_codes(void **state)
{
    fixture *f = *state;
    enum { VARIABLES = 5, ROWS = 3 };
    HU_BUF(file);
    static const char header[] = {114, 2, 1, 0, VARIABLES, 0, ROWS, 0, 0, 0};
    static const char types[] = {(char)251, (char)252, (char)253, (char)254, 4};
    static const char *const names[] = {"b", "i", "l", "f", "s"};
    static const char zeros[1024];
    hu_buf_add(&file, header, sizeof header);
    hu_buf_add(&file, zeros, 81 + 18);
    hu_buf_add(&file, types, sizeof types);
    for (int v = 0; v < VARIABLES; v++) {
        hu_buf_add(&file, names[v], 1);
        hu_buf_add(&file, zeros, 32);
    }
    hu_buf_add(&file, zeros, 2 * (VARIABLES + 1));
    for (int v = 0; v < VARIABLES; v++) {
        hu_buf_add(&file, "%9.0g", 5);
        hu_buf_add(&file, zeros, 49 - 5);
    }
    hu_buf_add(&file, zeros, VARIABLES * 33 + VARIABLES * 81 + 5);
    static const struct __attribute__((packed)) row {
        int8_t b;
        int16_t i;
        int32_t l;
        uint32_t f;
        char s[4];
    } rows[ROWS] = {{-5, 300, -70000, 0x3dcccccd, {'J', 'u', (char)0xED, 0}},    /* 0.1f; "Juí" in Windows-1252 */
                    {101, 32741, 2147483621, 0x7f000000, {0}},                   /* system missing */
                    {102, 32742, 2147483622, 0x7f000800, {'a', 'b', 'c', 'd'}}}; /* .a */
    hu_buf_add(&file, rows, sizeof rows);
    hu_table *t;
    CHECK_OK(hu_dta_parse(file.data, file.length, "old.dta", NULL, f->arena, &t));
    assert_int_equal(t->rows, ROWS);
    static const double first[] = {-5, 300, -70000, 0x1.99999ap-4};
    for (int v = 0; v < 4; v++) {
        assert_true(t->columns[v].numbers[0] == first[v]);
        assert_true(isnan(t->columns[v].numbers[1]) && isnan(t->columns[v].numbers[2]));
    }
    assert_true(hu_str_is(t->columns[4].texts[0], "Juí"));
    assert_null(t->columns[4].texts[1].data);
    assert_true(hu_str_is(t->columns[4].texts[2], "abcd"));
}

/* A header that claims more rows than the file has bytes must not cost memory. */
static void claims_are_checked_against_the_file(void **state)
{
    fixture *f = *state;
    hu_table *t = hu_table_new(f->arena, "memory", 1);
    hu_table_add_numbers(t, f->arena, "y");
    CHECK_OK(hu_dta_write(f->path, t));
    size_t length;
    char *bytes = bytes_of(f->arena, f->path, &length);
    char *rows = memmem(bytes, length, "<N>", 3);
    rows[3 + 3] = 0x7f;
    CHECK_FAILS(hu_dta_parse(bytes, length, "t.dta", NULL, f->arena, &t), HU_BAD_INPUT,
                "rows of 1 columns are announced");
}

int main(void)
{
#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_FILE(what_is_written_reads_back),
        WITH_FILE(only_the_columns_asked_for_are_kept),
        WITH_FILE(the_same_table_gives_the_same_bytes),
        WITH_FILE(what_stata_cannot_hold_is_refused_and_nothing_written),
        WITH_FILE(files_cut_short_are_refused),
        WITH_FILE(names_and_long_texts_are_checked),
        WITH_FILE(old_versions_and_missing_codes),
        WITH_FILE(claims_are_checked_against_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
