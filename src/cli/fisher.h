#ifndef HUELLA_CLI_FISHER_H
#define HUELLA_CLI_FISHER_H

/* Randomization tests as every command takes and prints them. */

#include "print.h"

#include "huella/numerics/fisher.h"

/* The option; `help` says what is dealt out anew. */
#define HU_OPTION_PERMUTATIONS(help)                       \
    {                                                      \
        "permutations", HU_OPT_TEXT, "exact|N", NULL, help \
    }

#define HU_OPTION_PLOT_PERMUTATIONS                                                                    \
    {                                                                                                  \
        "plot-permutations", HU_OPT_TEXT, "FILE", NULL,                                                \
            "Draw the statistic under all those assignments as well: FILE ends in .svg, .pdf or .png." \
    }

/** --permutations of the command: exact, or N. Whether it was given is in *asked; the seed is the run's. Says when
 *  --plot-permutations stands without it, or names no kind of figure. */
hu_error *hu_opt_permutations(const hu_run *run, hu_assignment_options *options, bool *asked);

/** "key":{"p":…,"assignments":…,"exact":…,"mc_error":…,"statistic":…,"ci":[…,…]}; ci only where there is a set. */
void hu_json_put_fisher(hu_json *json, const char *key, const hu_fisher *fisher);

/** A sentence: "Fisher test of …: p 0.012 over all 369,600 assignments". */
void hu_print_fisher(FILE *out, const char *what, const hu_fisher *fisher);

/** The statistics under all assignments, and the observed one, where --plot-permutations says. */
hu_error *hu_plot_fisher(const hu_run *run, const char *title, const double *draws, const hu_fisher *fisher);

#endif
