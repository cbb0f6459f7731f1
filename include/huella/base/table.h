#ifndef HUELLA_BASE_TABLE_H
#define HUELLA_BASE_TABLE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

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

typedef struct hu_column {
    const char *name;
    hu_column_type type;
    double *numbers; /* rows, when type is HU_NUMBER */
    hu_str *texts;   /* rows, when type is HU_TEXT */
} hu_column;

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
