#ifndef HUELLA_CLI_SURVIVAL_H
#define HUELLA_CLI_SURVIVAL_H

#include "command.h"

#include "huella/base/json.h"
#include "huella/causal/survival.h"

/** What `huella survival` estimated; the parts that were not are NULL. */
typedef struct survival_output {
    const char *estimator; /* as --estimator names it */
    const char *title;     /* for people */
    hu_ties ties;
    uint32_t cause; /* code of the one cause whose curve is printed; 0 = all */
    const hu_survival *data;
    const hu_cox_result *cox;
    const hu_curves *curves;
    const hu_logrank *logrank;
    const hu_rmst *rmst;
    const char *test_note; /* what a reader must know of the log-rank test, or why there is none */
    const char *se_type;
    const char **warnings; /* of the data and of the estimator */
    size_t n_warnings;
} survival_output;

/* survival_print.c, survival_json.c */
void hu_print_survival(const hu_run *run, const survival_output *output);
void hu_survival_json(hu_json *json, const void *output);
/* survival_plot.c: --plot. */
hu_error *hu_plot_survival(const hu_run *run, const survival_output *output);

#endif
