#ifndef HUELLA_BASE_DTA_H
#define HUELLA_BASE_DTA_H

#include "huella/base/table.h"

/**
 * Stata .dta, versions 104 to 119, by ReadStat.
 *
 * Strings of either kind (str#, strL) are texts, everything else numbers; text before version 118 is Windows-1252.
 * System and extended missing values (. to .z) and empty strings are missing. Value labels are read as their codes,
 * dates as Stata keeps them (%td: days since 1960-01-01). Rows have no lines: errors name the row, from 1.
 *
 * columns  NULL-terminated: only these are kept; NULL = all
 *
 * Errors: HU_BAD_INPUT for a file that is no Stata file, broken or cut short; HU_EMPTY for one without rows or columns;
 * HU_NOT_FOUND for a column that is not there, HU_NOT_FOUND and HU_IO for the file.
 */
hu_error *hu_dta_read(const char *path, const char *const *columns, hu_arena *arena, hu_table **table);

/** The same from memory, which need not outlive the table. */
hu_error *hu_dta_parse(const void *bytes, size_t length, const char *source, const char *const *columns,
                       hu_arena *arena, hu_table **table);

/**
 * Writes Stata 118 (UTF-8), whole or not at all; the same table gives the same bytes. Numbers become doubles, texts
 * str#, longer than 2045 bytes strL. HU_BAD_INPUT says which column name Stata refuses (32 letters, digits and _, not a
 * digit first, none of its reserved words), and in which row stands a number beyond Stata's largest, 8.98e307, or an
 * infinity.
 */
hu_error *hu_dta_write(const char *path, const hu_table *table);

/** What stands for codes and columns in Stata: by column of the table. */
typedef struct hu_dta_column_labels {
    const char *label; /* of the column; NULL = none; cut at 80 characters */
    size_t n;          /* of values; only of columns of numbers */
    int32_t *codes;
    const char **texts;
} hu_dta_column_labels;

typedef struct hu_dta_labels {
    hu_dta_column_labels *column; /* n_columns; NULL = no labels at all */
} hu_dta_labels;

/** The same with labels of columns and values. */
hu_error *hu_dta_write_labelled(const char *path, const hu_table *table, const hu_dta_labels *labels);

#endif
