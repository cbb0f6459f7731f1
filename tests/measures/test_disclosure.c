/* k-anonymity and l-diversity: what is released holds, by counting; what does not hold is found. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/random.h"
#include "huella/measures/disclosure.h"

static const char *const quasi[] = {"district", "date", "age", "sex", NULL};
static const char *const sensitive[] = {"kind", NULL};
static const char *const as_text[] = {"district", "date", "age", "sex", "kind", NULL};

static hu_table *parse(hu_arena *arena, const char *text)
{
    hu_table *table;
    hu_csv_options options = {.as_text = as_text};
    CHECK_OK(hu_csv_parse(text, strlen(text), "t.csv", &options, arena, &table));
    return table;
}

static unsigned below(hu_random *random, unsigned bound)
{
    return (unsigned)hu_random_below(random, bound);
}

static hu_table *drawn(hu_arena *arena, size_t rows, uint64_t seed)
{
    HU_BUF(text);
    hu_random random = hu_random_start(seed, 0);
    hu_buf_add_text(&text, "name,district,date,age,sex,kind,note\n");
    for (size_t i = 0; i < rows; i++) {
        static const char *const kinds[] = {"sexual", "labour", ""};
        hu_buf_printf(&text, "N%zu,%02u0%u0%u,2025-%02u-%02u,%u,%c,%s,=1+1\n", i, 1 + 7 * below(&random, 3),
                      1 + below(&random, 3), 1 + below(&random, 9), 1 + below(&random, 12), 1 + below(&random, 28),
                      12 + below(&random, 50), below(&random, 2) ? 'f' : 'm', kinds[below(&random, 3)]);
    }
    return parse(arena, hu_strdup(arena, text.data));
}

/* Rows that share row i's quasi-identifiers, one by one. */
static size_t like(const hu_table *table, size_t i)
{
    size_t n = 0;
    for (size_t r = 0; r < table->rows; r++) {
        bool same = true;
        for (size_t j = 0; quasi[j] && same; j++) {
            const hu_column *column = hu_table_find(table, quasi[j]);
            same = hu_str_equal(column->texts[r], column->texts[i]);
        }
        n += same;
    }
    return n;
}

static void what_is_released_holds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        HU_SCRATCH(arena);
        hu_table *table = drawn(arena, 400 + 100 * seed, seed);
        hu_disclosure_options options = {
            .quasi = quasi, .sensitive = sensitive, .k = 5, .drop = (const char *const[]){"name", NULL}};
        hu_disclosed out;
        hu_disclosure_check found;
        CHECK_OK(hu_disclose(table, &options, arena, &out));
        assert_int_equal(out.table->rows + out.suppressed, table->rows);
        assert_true(out.table->rows > table->rows * 9 / 10);
        assert_null(hu_table_find(out.table, "name"));
        assert_true(hu_str_is(hu_table_find(out.table, "note")->texts[0], "'=1+1"));
        size_t smallest = table->rows;
        for (size_t i = 0; i < out.table->rows; i++)
            smallest = like(out.table, i) < smallest ? like(out.table, i) : smallest;
        assert_true(smallest >= 5);
        assert_int_equal(smallest, out.smallest);
        CHECK_OK(hu_disclosure_verify(out.table, &options, &found));
        assert_true(found.holds);
        assert_int_equal(found.smallest, smallest);
        assert_int_equal(found.classes, out.classes);
    }
}

static void steps_of_the_ladders(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table = parse(arena, "district,date,age,sex,kind\n010101,2025-01-05,-3,f,a\n010102,2025-01-09,-7,f,b\n"
                                   "010101,2025-01-05,,f,a\n010102,2025-01-09,,f,b\n");
    hu_disclosure_options options = {.quasi = quasi, .k = 2, .most_suppressed = 0.1};
    hu_disclosed out;
    CHECK_OK(hu_disclose(table, &options, arena, &out));
    assert_int_equal(out.table->rows, 4);
    /* a spreadsheet would calculate what begins with a minus */
    assert_true(hu_str_is(hu_table_find(out.table, "age")->texts[0], "'-10 to -1"));
    assert_null(hu_table_find(out.table, "age")->texts[2].data);
    assert_true(hu_str_is(hu_table_find(out.table, "district")->texts[0], "0101"));
    assert_true(hu_str_is(hu_table_find(out.table, "sex")->texts[0], "f"));
}

static void what_does_not_hold_is_found(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *const one[] = {"district", NULL};
    hu_table *table = parse(
        arena, "district,date,age,sex,kind\na,,,f,x\na,,,f,x\na,,,m,x\nb,,,f,x\nb,,,f,y\nc,,,f,y\n,,,f,y\n,,,f,x\n");
    hu_disclosure_options options = {.quasi = one, .sensitive = sensitive, .k = 2};
    hu_disclosure_check found;
    CHECK_OK(hu_disclosure_verify(table, &options, &found));
    assert_false(found.holds);
    assert_int_equal(found.classes, 4); /* the missing value is a class */
    assert_int_equal(found.rows_below_k, 1);
    assert_int_equal(found.classes_below_l, 2); /* a shows x alone, c y alone */
    options.quasi = (const char *const[]){"nowhere", NULL};
    CHECK_FAILS(hu_disclosure_verify(table, &options, &found), HU_NOT_FOUND, "nowhere");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_released_holds),
        cmocka_unit_test(steps_of_the_ladders),
        cmocka_unit_test(what_does_not_hold_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
