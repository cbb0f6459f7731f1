#ifndef HUELLA_BASE_TABLE_H
#define HUELLA_BASE_TABLE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Typed tables: named columns of equal length, each of numbers or of text.
 *
 * A missing number is NaN, a missing text has data NULL. A table knows the file it came from, so that an error about a
 * cell can name the place (hu_table_fail). Tables live in the arena they were made in.
 */
typedef enum hu_column_type { HU_NUMBER, HU_TEXT } hu_column_type;

/**
 * Numbers as whole numbers of one, two or four bytes over a power of ten: years, codes and 0.25 take an eighth to a
 * half of a double, and read back to the very double that was stored (a quotient is rounded as the decimal itself is).
 */
typedef struct hu_packed {
    void *cells;    /* rows; the least number of the width is a missing one. NULL: the column is not packed */
    int bytes;      /* 1, 2 or 4 */
    double divisor; /* 1, 10, … 1e6 */
} hu_packed;

typedef struct hu_column {
    const char *name;
    hu_column_type type;
    double *numbers;  /* rows, when type is HU_NUMBER and the column is not packed */
    hu_str *texts;    /* rows, when type is HU_TEXT */
    hu_packed packed; /* only of tables that were read to be packed (csv.h) */
} hu_column;

/** The number at a row of a column of numbers, packed or not. */
static inline double hu_packed_at(const hu_packed *packed, size_t row)
{
    const void *cells = packed->cells;
    int32_t cell = packed->bytes == 1   ? (int32_t)((const int8_t *)cells)[row]
                   : packed->bytes == 2 ? ((const int16_t *)cells)[row]
                                        : ((const int32_t *)cells)[row];
    int32_t missing = packed->bytes == 1 ? INT8_MIN : packed->bytes == 2 ? INT16_MIN : INT32_MIN;
    return cell == missing ? (double)NAN : (double)cell / packed->divisor;
}

static inline double hu_number_at(const hu_column *column, size_t row)
{
    return column->numbers ? column->numbers[row] : hu_packed_at(&column->packed, row);
}

typedef struct hu_table {
    const char *source; /* path, for messages */
    size_t rows, n_columns;
    hu_column *columns;
    const uint32_t *lines; /* line in the file of each row; NULL: row r stands on line r + first_line */
    long first_line;       /* of the first row; 0 when rows have no lines (.dta: rows are named, from 1, instead) */
    bool decimal_comma;    /* numbers in cells of text are written 1,5 */
    size_t room;           /* columns that fit into `columns` */
    hu_arena *arena;
} hu_table;

/** The column of that name, or NULL. */
hu_column *hu_table_find(const hu_table *table, const char *name);

/** The column of that name; HU_NOT_FOUND says which columns there are and which was probably meant. */
hu_error *hu_table_column(const hu_table *table, const char *name, hu_column **column);

/**
 * The same, as numbers. A column of text whose cells all read as numbers ("0012", which hu_csv_read keeps as text) is
 * converted into a column beside the table, which stays as it is. HU_BAD_INPUT names the first cell that is no number.
 */
hu_error *hu_table_numbers(const hu_table *table, const char *name, hu_column **column);

/** An error at a cell: file, line (or row), column; column NULL is left out. */
hu_error *hu_table_fail(const hu_table *table, hu_code code, size_t row, const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6), returns_nonnull));

/** Whether a cell is missing. */
bool hu_table_missing(const hu_column *column, size_t row);

/** The cell as text in `arena`: numbers as they read back; NULL when missing. */
const char *hu_table_text(const hu_table *table, const hu_column *column, size_t row, hu_arena *arena);

hu_table *hu_table_new(hu_arena *arena, const char *source, size_t rows);
/** New columns, numbers filled with NaN, texts with missing. The next one added may move the hu_column (not its cells).
 */
hu_column *hu_table_add_numbers(hu_table *table, hu_arena *arena, const char *name);
hu_column *hu_table_add_texts(hu_table *table, hu_arena *arena, const char *name);

/** A table of some rows of another, in the order given; texts are shared, and messages still name the rows' lines. */
hu_table *hu_table_rows(const hu_table *table, const uint32_t *rows, size_t n, hu_arena *arena);

/** Every column of a table that was read has a name and no two the same; `line` is the header's, 0 where there is none.
 */
hu_error *hu_table_check_names(const hu_table *table, long line);

/** Columns by name, as messages list them: "a", "b", "c" … and 12 more. */
const char *hu_table_names(const hu_table *table, hu_arena *arena);

#endif
