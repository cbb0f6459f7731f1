#ifndef HUELLA_CLI_DID_H
#define HUELLA_CLI_DID_H

#include "command.h"

#include "huella/causal/twfe.h"

/* did_print.c: results of `huella did` in the format that was asked for. `title` says what was estimated, for people.
 */
void hu_print_did(const hu_run *run, const char *title, const hu_did_result *result);
void hu_print_twfe(const hu_run *run, const char *title, const hu_twfe_result *result);

#endif
