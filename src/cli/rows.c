/* Tables as commands print them. */

#include "rows.h"

#include <string.h>

static const char *cell(const hu_table *table, size_t column, size_t row, hu_arena *arena)
{
    const char *text = hu_table_text(table, &table->columns[column], row, arena);
    return text ? text : "";
}

static size_t width_of(const char *text)
{
    return hu_utf8_count(text, strlen(text));
}

static void print_cell(FILE *out, const char *text, size_t width, bool right, bool last)
{
    size_t blanks = width > width_of(text) ? width - width_of(text) : 0;
    if (right)
        fprintf(out, "%*s%s", (int)blanks, "", text);
    else
        fprintf(out, "%s%*s", text, last ? 0 : (int)blanks, "");
    fputs(last ? "\n" : "  ", out);
}

void hu_print_rows(FILE *out, const hu_table *table, size_t limit)
{
    HU_SCRATCH(scratch);
    size_t rows = limit && table->rows > limit ? limit : table->rows, columns = table->n_columns;
    size_t *widths = HU_NEW_ARRAY(scratch, size_t, columns);
    for (size_t c = 0; c < columns; c++) {
        widths[c] = width_of(table->columns[c].name);
        for (size_t r = 0; r < rows; r++) {
            size_t width = width_of(cell(table, c, r, scratch));
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    for (size_t c = 0; c < columns; c++)
        print_cell(out, table->columns[c].name, widths[c], table->columns[c].type == HU_NUMBER, c + 1 == columns);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            print_cell(out, cell(table, c, r, scratch), widths[c], table->columns[c].type == HU_NUMBER,
                       c + 1 == columns);
    if (rows < table->rows)
        fprintf(out, "… and %zu more: --format csv prints all\n", table->rows - rows);
}

void hu_json_row(hu_json *json, const hu_table *table, size_t row)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        const hu_column *column = &table->columns[c];
        hu_json_key(json, column->name);
        if (column->type == HU_NUMBER)
            hu_json_number(json, column->numbers[row]);
        else if (column->texts[row].data)
            hu_json_str(json, column->texts[row]);
        else
            hu_json_null(json);
    }
}

void hu_print_json_lines(FILE *out, const hu_table *table)
{
    HU_BUF(text);
    for (size_t r = 0; r < table->rows; r++) {
        hu_json json;
        text.length = 0;
        hu_json_start(&json, &text);
        hu_json_object(&json);
        hu_json_row(&json, table, r);
        hu_json_object_end(&json);
        fprintf(out, "%s\n", text.data);
    }
}

void hu_json_put_rows(hu_json *json, const char *key, const hu_table *table)
{
    hu_json_key(json, key);
    hu_json_array(json);
    for (size_t r = 0; r < table->rows; r++) {
        hu_json_object(json);
        hu_json_row(json, table, r);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}
