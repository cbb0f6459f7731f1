#ifndef HUELLA_SRC_CLI_ROWS_H
#define HUELLA_SRC_CLI_ROWS_H

#include "command.h"

#include "huella/base/json.h"
#include "huella/base/table.h"

/** Prints a table as aligned columns, at most `limit` rows (0 = all); says how many were left out. */
void hu_print_rows(FILE *out, const hu_table *table, size_t limit);

/** The cells of a row as the members of the object that `json` stands in; missing ones are null. */
void hu_json_row(hu_json *json, const hu_table *table, size_t row);

/** "key": every row as an object in a list. */
void hu_json_put_rows(hu_json *json, const char *key, const hu_table *table);

/** One JSON object a line. */
void hu_print_json_lines(FILE *out, const hu_table *table);

#endif
