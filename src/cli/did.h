#ifndef HUELLA_CLI_DID_H
#define HUELLA_CLI_DID_H

#include "fisher.h"

#include "huella/causal/bacon.h"
#include "huella/causal/event_study.h"
#include "huella/causal/permute.h"

/* did_permute.c: --permutations, --redraw and --strata. `result` is NULL unless asked for. */
typedef struct did_permutation {
    const hu_permutation *result;
    const char *what; /* was tested */
} did_permutation;
hu_error *hu_did_permute(const hu_run *run, const char *estimator, const hu_table *table, const hu_did_columns *columns,
                         const hu_did_options *did, const hu_regression_options *regression, did_permutation *out);
void hu_json_put_permutation(hu_json *json, const did_permutation *permutation); /* "fisher" */
hu_effect hu_permutation_effect(const did_permutation *permutation); /* confidence set and p alone, for CSV */
void hu_print_permutation(const hu_run *run, const did_permutation *permutation);

/* did_print.c: results of `huella did` in the format that was asked for. `title` says what was estimated, for people.
 */
void hu_print_did(const hu_run *run, const char *title, const hu_did_result *result,
                  const did_permutation *permutation);
/* What every estimator prints first: its name, rows, units, clusters, rows dropped. */
void hu_json_put_did_counts(hu_json *json, const char *estimator, size_t n, size_t units, size_t clusters,
                            size_t dropped);
void hu_print_did_counts(FILE *out, const char *title, size_t n, size_t units, size_t clusters, size_t dropped);

/* did.c: options of Callaway & Sant'Anna's estimator. */
hu_error *hu_did_options_of(const hu_run *run, hu_did_options *options);

/* did_compare.c: event studies of several estimators side by side; and --plot of one, with uniform bands. */
typedef struct did_comparison {
    const char *estimator, *label; /* as --estimator names it; for people */
    hu_event_study study;
    hu_effect overall;         /* over treated rows, or event times from 0; the estimator's own */
    const char *overall_of;    /* what it averages; NULL = no such effect */
    size_t n, units, clusters; /* rows, units, clusters */
    const char *const *warnings;
    size_t n_warnings;
} did_comparison;
hu_error *hu_compare_estimators(hu_run *run, const char *const *names, size_t n, const hu_table *table,
                                const hu_did_columns *columns);
hu_error *hu_did_plot(const hu_run *run, const char *title, const char *outcome, hu_event_study *study);

/* did_estimators.c: the event study of any estimator. */
hu_error *hu_did_estimate(const hu_run *run, const char *estimator, const hu_table *table,
                          const hu_did_columns *columns, did_comparison *comparison);

/* did_estimators.c: every estimator but Callaway & Sant'Anna's. */
hu_error *hu_run_did_estimator(hu_run *run, const char *estimator, const hu_table *table,
                               const hu_did_columns *columns);

/* did_regression.c: coefficients. `estimator` is its name in the contract. */
void hu_print_regression(const hu_run *run, const char *estimator, const char *title, const hu_regression *result,
                         const did_permutation *permutation);

/* did_imputation.c */
void hu_print_imputation(const hu_run *run, const char *title, const hu_imputation_result *result,
                         const did_permutation *permutation);

/* did_bacon.c */
void hu_print_bacon(const hu_run *run, const char *title, const hu_bacon_result *result);

#endif
