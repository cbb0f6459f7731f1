#ifndef HUELLA_CLI_TRIAL_MORE_H
#define HUELLA_CLI_TRIAL_MORE_H

/* What `huella trial` estimates beside effects on means when asked: ratios, subgroups, spillovers, summary indices. */

#include "print.h"

#include "huella/causal/spillover.h"
#include "huella/causal/trial_groups.h"
#include "huella/causal/trial_model.h"
#include "huella/measures/index.h"

/* Rows of the command's table of options. */
#define HU_OPTIONS_TRIAL_MORE                                                                                       \
    {"index", HU_OPT_TEXT, "NAME=A,B,-C", NULL,                                                                     \
     "A summary index as a further outcome: its columns, with - where less is better; several parted by \";\"."},   \
        {"index-method", HU_OPT_CHOICE, "anderson|klk", "anderson",                                                 \
         "Weights by inverse covariances (Anderson 2008), or alike (Kling, Liebman & Katz 2007)."},                 \
        {"index-reference", HU_OPT_CHOICE, "control|all", "control",                                                \
         "Whose mean and standard deviation components are measured by; with all the index does not depend on who " \
         "was treated, and its randomization test is exact to the last digit."},                                    \
        {"model", HU_OPT_CHOICE, "poisson|negbin|logit", NULL,                                                      \
         "Also ratios: of rates of counts, with an exact test and set, or of odds, with marginal effects."},        \
        {"exposure", HU_OPT_TEXT, "COLUMN", NULL, "What counts are for one of: officer-months, inhabitants."},      \
        {"by", HU_OPT_TEXT, "COLUMN", NULL, "Also the effect in each subgroup, and whether these differ."},         \
        {"network", HU_OPT_TEXT, "EDGES.csv", NULL,                                                                 \
         "Also spillovers: a row a pair of neighbouring clusters, in the first two columns."},                      \
        {"coordinates", HU_OPT_LIST, "LAT,LON", NULL, "The same by distance: columns of degrees; with --radius."},  \
    {                                                                                                               \
        "radius", HU_OPT_NUMBER, "KM", NULL, "Clusters nearer than this are neighbours."                            \
    }

typedef struct trial_index {
    const char *name, **columns;
    double *sign;
    size_t k;
    hu_summary_index made;
} trial_index;

typedef struct trial_more {
    trial_index *indices; /* NULL without */
    size_t n_indices;
    const char *method, *reference;
    hu_trial_ratios *ratios;
    hu_trial_groups *groups;
    hu_spillovers *spillovers;
} trial_more;

/** Whether any of these options is given, so that all columns of the table are to be read. */
bool trial_more_asked(const hu_run *run);

/** Adds the indices that are asked for as columns of the table. */
hu_error *trial_more_indices(const hu_run *run, hu_table *table, const char *treatment, trial_more *more);

/** The names of outcomes, and after them those of indices that are not among them. */
const char *const *trial_more_outcomes(const hu_run *run, const char *const *outcomes, const trial_more *more);

/** Estimates what is asked for. */
hu_error *trial_more_estimate(const hu_run *run, const hu_table *table, const hu_trial_columns *columns,
                              const hu_trial_options *options, trial_more *more);

/* trial_more_print.c, trial_more_json.c: nothing where nothing was asked for */
void trial_more_print(FILE *out, const trial_more *more);
void trial_more_json(hu_json *json, const trial_more *more);

#endif
