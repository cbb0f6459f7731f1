#ifndef HUELLA_CLI_TRIAL_H
#define HUELLA_CLI_TRIAL_H

#include "print.h"
#include "trial_more.h"

#include "huella/causal/trial.h"

/* trial_print.c: results of `huella trial`; `title` says what was estimated, for people. */
void hu_print_trial(const hu_run *run, const char *title, const hu_trial *trial, const trial_more *more);

/* trial_plot.c: --plot. */
hu_error *hu_plot_trial(const hu_run *run, const char *title, const hu_trial *trial);

/* trial_json.c */
typedef struct trial_printed {
    const hu_trial *trial;
    const trial_more *more;
    const struct hu_corrected *correction; /* of --hand; NULL = not asked */
} trial_printed;
void hu_json_put_trial(hu_json *json, const void *printed);

#endif
