#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/table.h"

static void columns_keep_their_cells_while_others_are_added(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *t = hu_table_new(arena, "made", 3);
    for (int c = 0; c < 50; c++) {
        hu_column *column = hu_table_add_numbers(t, arena, hu_printf(arena, "x%d", c));
        assert_true(isnan(column->numbers[0]));
        column->numbers[2] = c;
    }
    hu_table_add_texts(t, arena, "name")->texts[1] = hu_str_of("Ana");
    assert_int_equal(t->n_columns, 51);
    for (int c = 0; c < 50; c++)
        assert_true(hu_table_find(t, hu_printf(arena, "x%d", c))->numbers[2] == c);
    assert_null(hu_table_find(t, "x50"));
    assert_null(hu_table_text(t, hu_table_find(t, "name"), 0, arena));
    assert_string_equal(hu_table_text(t, hu_table_find(t, "name"), 1, arena), "Ana");
    hu_table_find(t, "x7")->numbers[1] = 0.1;
    assert_string_equal(hu_table_text(t, hu_table_find(t, "x7"), 1, arena), "0.1");
}

static void errors_name_the_row_where_there_are_no_lines(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *t = hu_table_new(arena, "made.dta", 3);
    hu_table_add_texts(t, arena, "y")->texts[2] =
        hu_str_of("many\nand a very long text that goes on and on, beyond what a "
                  "message should show");
    hu_column *column;
    CHECK_FAILS(
        hu_table_numbers(t, "y", &column), HU_BAD_INPUT,
        "made.dta: row 3: column \"y\": \"many and a very long text that goes on and on, beyond what a…\" is not");
    CHECK_FAILS(hu_table_column(t, "why?", &column), HU_NOT_FOUND,
                "made.dta: no column \"why?\"; the columns are \"y\"");
}

static void names_stand_once(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *t = hu_table_new(arena, "made", 1);
    hu_table_add_numbers(t, arena, "b");
    hu_table_add_numbers(t, arena, "a");
    CHECK_OK(hu_table_check_names(t, 0));
    hu_table_add_numbers(t, arena, "b");
    CHECK_FAILS(hu_table_check_names(t, 1), HU_BAD_INPUT, "made:1: columns 1 and 3 are both named \"b\"");
}

static void note_ending(void *data)
{
    int **next = data;
    *(*next)++ = 1;
}

static void order_of_endings(void *data)
{
    int *order = data;
    order[0] = order[0] * 10 + order[1]++;
}

/* What an arena keeps open is closed once, when it ends, and not before. */
static void endings_run_when_the_arena_ends(void **state)
{
    (void)state;
    int calls[2] = {0}, *next = calls, order[2] = {0, 1};
    hu_arena *arena = hu_arena_new();
    hu_arena_at_end(arena, order_of_endings, order);
    hu_arena_at_end(arena, note_ending, &next);
    hu_arena_at_end(arena, order_of_endings, order);
    assert_int_equal(calls[0], 0);
    hu_arena_free(arena);
    assert_int_equal(calls[0], 1);
    assert_int_equal(calls[1], 0);
    assert_int_equal(order[0], 12);
}

/* Rows keep their cells and, in messages, the lines they stand on. */
static void some_rows_keep_their_lines(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] = "a,b\n1,x\n\n2,y\n3,\n";
    hu_table *all, *some;
    CHECK_OK(hu_csv_parse(csv, strlen(csv), "made.csv", NULL, arena, &all));
    static const uint32_t rows[] = {2, 1};
    some = hu_table_rows(all, rows, 2, arena);
    assert_int_equal(some->rows, 2);
    assert_true(hu_table_find(some, "a")->numbers[0] == 3 && hu_table_find(some, "a")->numbers[1] == 2);
    assert_null(hu_table_find(some, "b")->texts[0].data);
    assert_true(hu_str_is(hu_table_find(some, "b")->texts[1], "y"));
    CHECK_FAILS(hu_table_fail(some, HU_BAD_INPUT, 1, "b", "wrong"), HU_BAD_INPUT, "made.csv:4");
    some = hu_table_rows(some, rows + 1, 1, arena);
    CHECK_FAILS(hu_table_fail(some, HU_BAD_INPUT, 0, "b", "wrong"), HU_BAD_INPUT, "made.csv:4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_keep_their_cells_while_others_are_added),
        cmocka_unit_test(errors_name_the_row_where_there_are_no_lines),
        cmocka_unit_test(names_stand_once),
        cmocka_unit_test(endings_run_when_the_arena_ends),
        cmocka_unit_test(some_rows_keep_their_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
