#ifndef HUELLA_CLI_WILD_H
#define HUELLA_CLI_WILD_H

/* The wild cluster bootstrap on the command line: --wild, --restricted, --draws. */

#include "print.h"

#include "huella/numerics/wild.h"

hu_error *hu_wild_options_of(const hu_run *run, hu_wild_options *options);

/** "wild":{"p":…,"draws":…,"exact":…,"ci":[…,…],…} */
void hu_json_put_wild(hu_json *json, const hu_wild *wild);
/** "  LABEL   wild bootstrap   [lower, upper]   p" */
void hu_print_wild_head(FILE *out, const hu_run *run, const hu_wild *wild);
void hu_print_wild_row(FILE *out, const char *label, const hu_wild *wild);

#endif
