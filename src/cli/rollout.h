#ifndef HUELLA_CLI_ROLLOUT_H
#define HUELLA_CLI_ROLLOUT_H

#include "fisher.h"

#include "huella/causal/rollout.h"

/* rollout_print.c: the result in the format that was asked for. */
void hu_print_rollout(const hu_run *run, const char *outcome, const hu_rollout_options *options,
                      const hu_rollout_result *result);

#endif
