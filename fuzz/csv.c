/* Any bytes as CSV: a table or an error; and a table, written and read again, is the same table. */

#include "fuzz.h"

#include "huella/base/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool same_cell(const hu_column *a, const hu_column *b, size_t row)
{
    if (a->type != b->type)
        return false;
    if (a->type == HU_TEXT)
        return hu_str_equal(a->texts[row], b->texts[row]) && !a->texts[row].data == !b->texts[row].data;
    return a->numbers[row] == b->numbers[row] || (isnan(a->numbers[row]) && isnan(b->numbers[row]));
}

static void check_round_trip(const hu_table *table, hu_arena *arena)
{
    const char **as_text = HU_NEW_ARRAY(arena, const char *, table->n_columns + 1);
    for (size_t c = 0, n = 0; c < table->n_columns; c++)
        if (table->columns[c].type == HU_TEXT)
            as_text[n++] = table->columns[c].name;
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    hu_csv_write(file, table);
    fclose(file);
    hu_table *again;
    hu_error *error = hu_csv_parse(text, length, "again", &(hu_csv_options){.as_text = as_text}, arena, &again);
    MUST(!error);
    MUST(again->rows == table->rows && again->n_columns == table->n_columns);
    for (size_t c = 0; c < table->n_columns; c++)
        for (size_t row = 0; row < table->rows; row++)
            MUST(same_cell(&table->columns[c], &again->columns[c], row));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const one_column[] = {"a", NULL};
    if (!size)
        return 0;
    hu_csv_options options = {.separator = ",;\t|:\0\0\0"[data[0] & 7],
                              .decimal_comma = data[0] & 8,
                              .columns = data[0] & 16 ? one_column : NULL,
                              .as_text = data[0] & 32 ? one_column : NULL};
    HU_SCRATCH(arena);
    hu_table *table;
    hu_error *error = hu_csv_parse((const char *)data + 1, size - 1, "input", &options, arena, &table);
    MUST(!error == !!table);
    hu_error_free(error);
    if (table) {
        hu_column *numbers;
        for (size_t c = 0; c < table->n_columns; c++)
            hu_error_free(hu_table_numbers(table, table->columns[c].name, &numbers));
        check_round_trip(table, arena);
    }
    return 0;
}
