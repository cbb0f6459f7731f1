/* Any bytes as a Stata file: a table or an error, every cell of it readable. */

#include "fuzz.h"

#include "huella/base/dta.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_SCRATCH(arena);
    hu_table *table;
    hu_error *error = hu_dta_parse(data, size, "input", NULL, arena, &table);
    MUST(!error == !!table);
    hu_error_free(error);
    for (size_t c = 0; table && c < table->n_columns; c++)
        for (size_t row = 0; row < table->rows; row++)
            hu_table_text(table, &table->columns[c], row, arena);
    return 0;
}
