#ifndef HUELLA_CLI_PRINT_H
#define HUELLA_CLI_PRINT_H

/* How estimates look, the same from every command: rows of a table for people, cells of CSV, pieces of JSON. */

#include "command.h"

#include "huella/base/json.h"

/** p as people write it: never 0.000; empty when NaN. */
const char *hu_p_text(double p, char text[16]);

/** A blank line and the heads of the columns of hu_print_row; `label` and `estimate` head the first two. */
void hu_print_head(FILE *out, const char *label, const char *estimate);
/** "  label   0.0123   0.0045   [ 0.0034,  0.0212]   0.006"; NaN = not estimated. */
void hu_print_row(FILE *out, const char *label, double estimate, double se, double lower, double upper, double p);
/** "Errors: …." and a line for each note. */
void hu_print_notes(FILE *out, const char *se_type, const char *const *warnings, size_t n_warnings);

/** A comma and the number, which reads back to the same double; nothing after the comma when NaN. */
void hu_print_csv_number(FILE *out, double value);
/** The text as the first cell of a line, quoted where needed; NULL = empty. */
void hu_print_csv_text(FILE *out, const char *text);

/** "key":[lower,upper] */
void hu_json_put_interval(hu_json *json, const char *key, double lower, double upper);
/** "se_type" and "warnings". */
void hu_json_put_notes(hu_json *json, const char *se_type, const char *const *warnings, size_t n_warnings);

/** Prints what `body` writes as JSON, on one line for jsonl. */
void hu_print_json(const hu_run *run, void (*body)(hu_json *json, const void *context), const void *context);

#endif
