#ifndef HUELLA_BASE_CSV_H
#define HUELLA_BASE_CSV_H

#include "huella/base/table.h"

#include <stdio.h>

/**
 * CSV after RFC 4180: quotes, doubled quotes, line breaks inside quotes, LF or CRLF, a byte-order mark.
 *
 * The separator (comma, semicolon, tab) is found from the header unless given. Text that is not UTF-8 is read as
 * Latin-1 / Windows-1252. A column is of numbers when every cell that is not empty ("" , NA, NaN and . count as empty)
 * reads as one; otherwise of text. Errors name file and line: HU_BAD_INPUT for a ragged row, an unclosed quote, a
 * repeated or empty column name, a NUL byte; HU_NOT_FOUND, HU_IO for the file.
 */
typedef struct hu_csv_options {
    char separator;             /* 0 = find it */
    bool decimal_comma;         /* 1.234,5 is not accepted: 1234,5 is */
    const char *const *columns; /* NULL-terminated: only these are kept (fast, small); NULL = all */
    const char *const *as_text; /* NULL-terminated: never turned into numbers (identifiers like "0012") */
} hu_csv_options;

hu_error *hu_csv_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table);

/** The same from memory, which must outlive the table; `source` is the name used in messages. */
hu_error *hu_csv_parse(const char *text, size_t length, const char *source, const hu_csv_options *options,
                       hu_arena *arena, hu_table **table);

/** Writes a header and all rows; numbers read back to the same double; quotes where needed. */
void hu_csv_write(FILE *file, const hu_table *table);

/** Reads .dta by ReadStat or CSV, by the file's ending. */
hu_error *hu_table_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table);

#endif
