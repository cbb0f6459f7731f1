#ifndef HUELLA_CLI_DID_H
#define HUELLA_CLI_DID_H

#include "fisher.h"

#include "huella/causal/bacon.h"
#include "huella/causal/event_study.h"
#include "huella/causal/permute.h"

/* did_permute.c: --permutations, --redraw and --strata. `result` is NULL unless asked for. */
typedef struct did_permutation {
    const hu_permutation *result;
    const char *what;                      /* was tested */
    const struct hu_corrected *correction; /* of --hand, printed beside; NULL = not asked */
} did_permutation;
hu_error *hu_did_permute(const hu_run *run, const char *estimator, const hu_table *table, const hu_did_columns *columns,
                         const hu_did_options *did, const hu_regression_options *regression, did_permutation *out);
/** Puts the outcome corrected by --hand, for that estimator, into *table, and what was found into run->correction. */
hu_error *hu_did_correct(hu_run *run, const char *estimator, const hu_did_columns *columns, const hu_did_options *did,
                         const hu_table **table);
void hu_json_put_permutation(hu_json *json, const did_permutation *permutation); /* "fisher", "reading_errors" */
hu_effect hu_permutation_effect(const did_permutation *permutation); /* confidence set and p alone, for CSV */
void hu_print_permutation(const hu_run *run, const did_permutation *permutation);

/* Options of every command that estimates effects of a staggered programme from a table. */
#define HU_DID_OPTIONS                                                                                                 \
    {"outcome", HU_OPT_TEXT, "COLUMN", NULL, "The outcome, numbers."},                                                 \
        {"unit", HU_OPT_TEXT, "COLUMN", NULL,                                                                          \
         "Who is observed over time: a region, a person; not needed for cross-sections."},                             \
        {"time", HU_OPT_TEXT, "COLUMN", NULL, "The period, numbers: years, or half-years counted through."},           \
        {"cohort", HU_OPT_TEXT, "COLUMN", NULL,                                                                        \
         "First treated period of the unit; empty, 0 or Inf is never, after the last period is not within the data."}, \
        {"control", HU_OPT_CHOICE, "never|notyet", "never",                                                            \
         "Compare with those never treated, or with all not treated yet (anticipation counted)."},                     \
        {"method", HU_OPT_CHOICE, "dr|ipw|reg", "dr",                                                                  \
         "With covariates: doubly robust, inverse probability weighting, or outcome regression."},                     \
        {"covariates", HU_OPT_LIST, "A,B", NULL, "Columns of numbers that trends may depend on; A:B is a product."},   \
        {"cluster", HU_OPT_TEXT, "COLUMN", NULL, "Errors are clustered here; the unit of a panel unless given."},      \
        {"weights", HU_OPT_TEXT, "COLUMN", NULL, "Sampling weights."},                                                 \
        {"anticipation", HU_OPT_INTEGER, "K", "0", "Periods before treatment in which it may already work."},          \
        {"panel", HU_OPT_FLAG, NULL, NULL, "The same units in every period (as unless --cross-section is given)."},    \
        {"cross-section", HU_OPT_FLAG, NULL, NULL, "Other observations in every period: repeated cross-sections."},    \
        {"start", HU_OPT_TEXT, "COLUMN", NULL, "Durations as outcome: when a case starts; left out = 0."},             \
        {"stop", HU_OPT_TEXT, "COLUMN", NULL, "When it ends, or was last seen open."},                                 \
        {"event", HU_OPT_TEXT, "COLUMN", NULL, "1 it ended then, 0 it is still open."},                                \
        {"within", HU_OPT_NUMBER, "TIME", NULL,                                                                        \
         "With --stop and --event, in place of --outcome: the share that has ended this long after its start."},       \
        {"hazard", HU_OPT_FLAG, NULL, NULL,                                                                            \
         "With --start, --stop, --event, in place of --outcome and --time: the share of open cases that ends in each " \
         "period (--covariates may name age, the periods since a case was opened)."},                                  \
        {"censoring", HU_OPT_CHOICE, "pseudo|weights", "pseudo",                                                       \
         "With --within: cases still open by pseudo-values, whose errors count that censoring is estimated, or by "    \
         "inverse-probability weights."},                                                                              \
    {                                                                                                                  \
        "decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."                 \
    }

/* did_print.c: results of `huella did` in the format that was asked for. `title` says what was estimated, for people.
 */
void hu_print_did(const hu_run *run, const char *title, const hu_did_result *result,
                  const did_permutation *permutation);
/* What every estimator prints first: its name, rows, units, clusters, rows dropped. */
void hu_json_put_did_counts(hu_json *json, const char *estimator, size_t n, size_t units, size_t clusters,
                            size_t dropped);
void hu_print_did_counts(FILE *out, const char *title, size_t n, size_t units, size_t clusters, size_t dropped);

/* did.c: the named columns, their table (and columns `more`, NULL-terminated or NULL), the estimator's options. */
hu_did_columns *hu_did_columns_of(const hu_run *run);
hu_error *hu_did_read(hu_run *run, hu_did_columns *columns, const char *const *more, hu_table **table);
/** The columns that must be named are; a panel has units. */
hu_error *hu_did_require(const hu_run *run, const hu_did_options *options);

/* did_durations.c: durations as outcome, where --stop is given: another table, and its columns. */
hu_error *hu_did_durations(const hu_run *run, hu_did_columns *columns, hu_table **table);
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

/* did_estimators.c: the event study of any estimator; `options` are Callaway & Sant'Anna's. */
hu_error *hu_did_estimate(const hu_run *run, const char *estimator, const hu_table *table,
                          const hu_did_columns *columns, const hu_did_options *options, did_comparison *comparison);

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
/** Each comparison's estimate by its weight, when --plot is given. */
hu_error *hu_plot_bacon(const hu_run *run, const char *title, const char *y_label, const hu_bacon_result *result);

#endif
