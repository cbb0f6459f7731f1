#include "huella/base/csv.h"
#include "huella/base/dta.h"
#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/number.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/*
 * Text that would be read as something else without quotes: separators, quotes, control characters, words for missing;
 * and, at a file's beginning, a byte-order mark or the first bytes of a PDF.
 */
static bool needs_quotes(hu_str text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] < 0x20 || strchr(",;\"", text.data[i]))
            return true;
    return hu_missing_word(text) || text.data[0] == '%' ||
           (text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0);
}

static void write_text(FILE *file, hu_str text)
{
    if (!needs_quotes(text)) {
        fwrite(text.data, 1, text.length, file);
        return;
    }
    putc_unlocked('"', file);
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"')
            putc_unlocked('"', file);
        putc_unlocked(text.data[i], file);
    }
    putc_unlocked('"', file);
}

/* A whole number above 2^53 would be read as an identifier, unless it looks like a measurement: 12345678901234568.0 */
static void write_number(FILE *file, double value)
{
    char buffer[32];
    const char *text = hu_format_double(value, buffer);
    fputs(text, file);
    if (isfinite(value) && fabs(value) > 0x1p53 && !strpbrk(text, ".e"))
        fputs(".0", file);
}

static void write_cell(FILE *file, const hu_column *column, size_t row, bool alone)
{
    bool missing = column->type == HU_TEXT ? column->texts[row].length == 0 : isnan(hu_number_at(column, row));
    if (missing) {
        if (alone) /* an empty line would be skipped */
            fputs("\"\"", file);
    } else if (column->type == HU_TEXT) {
        write_text(file, column->texts[row]);
    } else {
        write_number(file, hu_number_at(column, row));
    }
}

void hu_csv_write(FILE *file, const hu_table *table)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        if (c)
            putc_unlocked(',', file);
        write_text(file, hu_str_of(table->columns[c].name));
    }
    putc_unlocked('\n', file);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            if (c)
                putc_unlocked(',', file);
            write_cell(file, &table->columns[c], row, table->n_columns == 1);
        }
        putc_unlocked('\n', file);
    }
}

hu_error *hu_table_write(const char *path, const hu_table *table)
{
    size_t length = strlen(path);
    if (length >= 4 && strcasecmp(path + length - 4, ".dta") == 0)
        return hu_dta_write(path, table);
    hu_write write;
    HU_TRY(hu_write_start(path, &write));
    hu_csv_write(write.file, table);
    return hu_write_commit(&write);
}
