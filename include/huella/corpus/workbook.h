#ifndef HUELLA_CORPUS_WORKBOOK_H
#define HUELLA_CORPUS_WORKBOOK_H

#include "huella/base/table.h"

/** A sheet of a workbook: its first row names the columns; cells are text as the file keeps them. */
typedef struct hu_sheet {
    const char *name;
    hu_table *table; /* source "FILE (sheet)", lines are the sheet's rows; columns without a name are left out */
} hu_sheet;

/**
 * Reads a workbook (.xlsx). It is taken apart by huella-pdf-worker in its sandbox, as any file that others wrote.
 * Formulas count by the value that was saved with them; rows without any cell are left out.
 *
 * wanted   names of sheets, in any case, NULL-terminated: the others are passed over; NULL = all
 *
 * Errors: HU_BAD_INPUT no workbook, broken, under a password, two columns of one name; HU_LIMIT too large; HU_NOT_FOUND
 * no such file; HU_IO the worker cannot be started.
 */
hu_error *hu_workbook_read(const char *worker, const char *path, const char *const *wanted, hu_arena *arena,
                           hu_sheet **sheets, size_t *count);

#endif
