#ifndef HUELLA_BASE_CSV_H
#define HUELLA_BASE_CSV_H

#include "huella/base/table.h"

#include <stdio.h>

/**
 * CSV after RFC 4180: quotes, doubled quotes, line breaks inside quotes; lines end in LF, CRLF or CR; a byte-order
 * mark.
 *
 * Separator   comma, semicolon or tab: the one that stands most often in the header, unless given.
 * Encoding    UTF-8; a file that is not valid UTF-8 is read as Windows-1252 (the superset of Latin-1).
 * Header      the first line: names trimmed, none empty, none twice. Blank lines are skipped.
 * Missing     an empty cell, NA, NaN (nan) and a single point; in quotes NA and . are text, "" is missing.
 * Types       A column is of numbers when every cell that is not missing reads as a number, in quotes or not (number.h;
 *             inf and -inf too); otherwise the whole column is of text. Whole numbers that a double would not give
 * back, those with a leading zero ("0012") or above 2^53, are identifiers: they make a column one of text.
 *             hu_table_numbers still reads such a column as numbers when that is what is wanted.
 *
 * Packed      a file packed by gzip (.csv.gz) is unpacked on the way.
 *
 * Errors name file, line, what stood there and what was expected: HU_BAD_INPUT for a row with more or fewer cells than
 * the header, a quote never closed or followed by text, a NUL byte, UTF-16, a workbook or compressed file, a column
 * name that is empty or stands twice; HU_EMPTY for an empty file and for a header without rows; HU_NOT_FOUND for a
 * column that was asked for and is not there, HU_NOT_FOUND and HU_IO for the file itself.
 *
 * Cost: one pass over the file (a second over the rows before a column's first text, where that is not the first row).
 * Columns not asked for cost only the scan. Texts are views into the mapped file, which the arena keeps open.
 */
typedef struct hu_csv_options {
    char separator;             /* 0 = find it */
    bool decimal_comma;         /* 1.234,5 is not accepted: 1234,5 is */
    const char *const *columns; /* NULL-terminated: only these are kept, in the file's order; NULL = all */
    const char *const *as_text; /* NULL-terminated: never turned into numbers (identifiers); others are ignored */
    bool packed;                /* columns of numbers are packed where they can be: to be read by hu_number_at */
} hu_csv_options;

hu_error *hu_csv_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table);

/** The same from memory, which must outlive the table; `source` is the name used in messages. */
hu_error *hu_csv_parse(const char *text, size_t length, const char *source, const hu_csv_options *options,
                       hu_arena *arena, hu_table **table);

/**
 * Writes a header and all rows: commas, LF, UTF-8. Numbers read back to the same double, text is quoted where needed, a
 * missing cell is empty. An empty text is written as a missing one. A failed write shows in ferror(file).
 */
void hu_csv_write(FILE *file, const hu_table *table);

/** Writes the table to a file, whole or not at all: Stata's format where its name ends in .dta, else CSV. */
hu_error *hu_table_write(const char *path, const hu_table *table);

/** Reads .dta by ReadStat (dta.h), anything else as CSV, by the file's ending. */
hu_error *hu_table_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table);

#endif
