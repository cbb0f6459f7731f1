#ifndef HUELLA_CLI_DID_H
#define HUELLA_CLI_DID_H

#include "command.h"
#include "print.h"

#include "huella/causal/bacon.h"
#include "huella/causal/imputation.h"
#include "huella/causal/twfe.h"

/* did_print.c: results of `huella did` in the format that was asked for. `title` says what was estimated, for people.
 */
void hu_print_did(const hu_run *run, const char *title, const hu_did_result *result);
/* What every estimator prints first: its name, rows, units, clusters, rows dropped. */
void hu_json_put_did_counts(hu_json *json, const char *estimator, size_t n, size_t units, size_t clusters,
                            size_t dropped);
void hu_print_did_counts(FILE *out, const char *title, size_t n, size_t units, size_t clusters, size_t dropped);

/* did_estimators.c: every estimator but Callaway & Sant'Anna's. */
hu_error *hu_run_did_estimator(hu_run *run, const char *estimator, const hu_table *table,
                               const hu_did_columns *columns);

/* did_regression.c: coefficients. `estimator` is its name in the contract. */
void hu_print_regression(const hu_run *run, const char *estimator, const char *title, const hu_regression *result);

/* did_imputation.c */
void hu_print_imputation(const hu_run *run, const char *title, const hu_imputation_result *result);

/* did_bacon.c */
void hu_print_bacon(const hu_run *run, const char *title, const hu_bacon_result *result);

#endif
