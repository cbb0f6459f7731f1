#include "huella/base/table.h"

#include "huella/base/json.h"
#include "huella/base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hu_column *hu_table_find(const hu_table *table, const char *name)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return &table->columns[c];
    return NULL;
}

const char *hu_table_names(const hu_table *table, hu_arena *arena)
{
    enum { MOST = 40 };
    HU_BUF(list);
    for (size_t c = 0; c < table->n_columns && c < MOST; c++)
        hu_buf_printf(&list, "%s\"%s\"", c ? ", " : "", table->columns[c].name);
    if (table->n_columns > MOST)
        hu_buf_printf(&list, " … and %zu more", table->n_columns - MOST);
    return hu_strndup(arena, list.data ? list.data : "", list.length);
}

hu_error *hu_table_column(const hu_table *table, const char *name, hu_column **column)
{
    *column = hu_table_find(table, name);
    if (*column)
        return NULL;
    HU_SCRATCH(scratch);
    const char **names = HU_NEW_ARRAY(scratch, const char *, table->n_columns + 1);
    for (size_t c = 0; c < table->n_columns; c++)
        names[c] = table->columns[c].name;
    const char *meant = hu_closest(name, names);
    return hu_fail_at(HU_NOT_FOUND, table->source, 0, NULL, "no column \"%s\"%s columns are %s", name,
                      meant ? hu_printf(scratch, ": did you mean \"%s\"? The", meant) : "; the",
                      hu_table_names(table, scratch));
}

static hu_error *not_a_number(const hu_table *table, size_t row, const hu_column *column)
{
    char shown[80];
    hu_str cell = column->texts[row];
    hu_number number;
    const char *remedy =
        hu_number_parse(cell, table->decimal_comma ? '.' : ',', &number)
            ? (table->decimal_comma ? " (decimals are read with a comma here)"
                                    : " (decimals with a comma: give --decimal-comma, or write points)")
            : "";
    return hu_table_fail(table, HU_BAD_INPUT, row, column->name,
                         "\"%s\" is not a number: expected digits like 1234%c5, or an empty cell where it is "
                         "missing%s",
                         hu_excerpt(cell, shown), table->decimal_comma ? ',' : '.', remedy);
}

hu_error *hu_table_numbers(const hu_table *table, const char *name, hu_column **column)
{
    hu_column *found;
    *column = NULL;
    HU_TRY(hu_table_column(table, name, &found));
    if (found->type == HU_TEXT) {
        double *numbers = HU_NEW_ARRAY(table->arena, double, table->rows);
        for (size_t row = 0; row < table->rows; row++) {
            hu_number number = {.value = NAN};
            if (found->texts[row].data && !hu_missing_word(found->texts[row]) &&
                !hu_number_parse(found->texts[row], table->decimal_comma ? ',' : '.', &number))
                return not_a_number(table, row, found);
            numbers[row] = number.value;
        }
        hu_column *converted = HU_NEW(table->arena, hu_column);
        *converted = (hu_column){.name = found->name, .type = HU_NUMBER, .numbers = numbers};
        found = converted;
    }
    *column = found;
    return NULL;
}

hu_error *hu_table_fail(const hu_table *table, hu_code code, size_t row, const char *column, const char *format, ...)
{
    HU_SCRATCH(scratch);
    va_list args;
    va_start(args, format);
    const char *message = hu_vprintf(scratch, format, args);
    va_end(args);
    if (table->lines || table->first_line)
        return hu_fail_at(code, table->source, table->lines ? (long)table->lines[row] : (long)row + table->first_line,
                          column, "%s", message);
    const char *place = hu_printf(scratch, "%s: row %zu", table->source, row + 1);
    return hu_fail_at(code, place, 0, column, "%s", message);
}

bool hu_table_missing(const hu_column *column, size_t row)
{
    return column->type == HU_TEXT ? !column->texts[row].data : isnan(hu_number_at(column, row));
}

const char *hu_table_text(const hu_table *table, const hu_column *column, size_t row, hu_arena *arena)
{
    (void)table;
    if (column->type == HU_TEXT) {
        hu_str cell = column->texts[row];
        return cell.data ? hu_strndup(arena, cell.data, cell.length) : NULL;
    }
    double number = hu_number_at(column, row);
    if (isnan(number))
        return NULL;
    char buffer[32];
    return hu_strdup(arena, hu_format_double(number, buffer));
}

hu_table *hu_table_new(hu_arena *arena, const char *source, size_t rows)
{
    hu_table *table = HU_NEW(arena, hu_table);
    *table = (hu_table){.source = hu_strdup(arena, source), .rows = rows, .arena = arena};
    return table;
}

static hu_column *add_column(hu_table *table, hu_arena *arena, const char *name)
{
    if (table->n_columns == table->room) {
        size_t room = table->room ? table->room * 2 : 8;
        table->columns = hu_regrow(arena, table->columns, table->n_columns, room, sizeof *table->columns);
        table->room = room;
    }
    hu_column *column = &table->columns[table->n_columns++];
    column->name = hu_strdup(arena, name);
    return column;
}

hu_column *hu_table_add_numbers(hu_table *table, hu_arena *arena, const char *name)
{
    hu_column *column = add_column(table, arena, name);
    column->type = HU_NUMBER;
    column->numbers = HU_NEW_ARRAY(arena, double, table->rows);
    for (size_t row = 0; row < table->rows; row++)
        column->numbers[row] = NAN;
    return column;
}

hu_column *hu_table_add_texts(hu_table *table, hu_arena *arena, const char *name)
{
    hu_column *column = add_column(table, arena, name);
    column->type = HU_TEXT;
    column->texts = HU_NEW_ARRAY(arena, hu_str, table->rows);
    return column;
}

typedef struct place {
    const char *name;
    size_t column;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->column > y->column) - (x->column < y->column);
}

hu_error *hu_table_check_names(const hu_table *table, long line)
{
    HU_SCRATCH(scratch);
    place *places = HU_NEW_ARRAY(scratch, place, table->n_columns);
    for (size_t c = 0; c < table->n_columns; c++) {
        places[c] = (place){table->columns[c].name, c};
        if (!places[c].name[0])
            return hu_fail_at(HU_BAD_INPUT, table->source, line, NULL,
                              "column %zu of %zu has no name: expected one for every column (row names are left out by "
                              "row.names = FALSE in R, index=False in pandas)",
                              c + 1, table->n_columns);
    }
    qsort(places, table->n_columns, sizeof *places, compare_places); /* not pairwise: there may be a million */
    for (size_t c = 1; c < table->n_columns; c++)
        if (strcmp(places[c - 1].name, places[c].name) == 0)
            return hu_fail_at(HU_BAD_INPUT, table->source, line, NULL,
                              "columns %zu and %zu are both named \"%s\": expected every name once; rename one",
                              places[c - 1].column + 1, places[c].column + 1, places[c].name);
    return NULL;
}

hu_table *hu_table_rows(const hu_table *table, const uint32_t *rows, size_t n, hu_arena *arena)
{
    hu_table *some = hu_table_new(arena, table->source, n);
    some->decimal_comma = table->decimal_comma;
    some->first_line = table->first_line;
    if (table->lines || table->first_line) {
        uint32_t *lines = HU_NEW_ARRAY(arena, uint32_t, n + 1);
        for (size_t i = 0; i < n; i++)
            lines[i] = table->lines ? table->lines[rows[i]] : rows[i] + (uint32_t)table->first_line;
        some->lines = lines;
    }
    for (size_t c = 0; c < table->n_columns; c++) {
        const hu_column *from = &table->columns[c];
        hu_column *to = from->type == HU_NUMBER ? hu_table_add_numbers(some, arena, from->name)
                                                : hu_table_add_texts(some, arena, from->name);
        for (size_t i = 0; i < n; i++)
            if (from->type == HU_NUMBER)
                to->numbers[i] = hu_number_at(from, rows[i]);
            else
                to->texts[i] = from->texts[rows[i]];
    }
    return some;
}
