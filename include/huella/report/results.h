#ifndef HUELLA_REPORT_RESULTS_H
#define HUELLA_REPORT_RESULTS_H

#include "huella/base/date.h"
#include "huella/base/json.h"
#include "huella/causal/did.h"

#include <stdio.h>

/** What a plan's estimators found: one estimate for every outcome and estimator, with all that a report shows of it. */
typedef struct hu_result_outcome {
    const char *name, *label, *unit; /* as the plan names them */
    bool share, given_conviction, primary;
    double planted; /* true effect of a simulated study; NaN where it is not known */
} hu_result_outcome;

typedef struct hu_result_estimator {
    const char *name, *method;
    const char *description; /* in words: "not-yet-trained regions as comparison, varying base, …" */
    /* what a cell of cohort and period compares; see hu_did_options */
    bool never_treated_only, universal_base;
    int anticipation;
} hu_result_estimator;

typedef struct hu_estimate {
    hu_effect effect; /* the estimator's answer; NaN when there is none */
    size_t n, treated, clusters,
        dropped; /* cases used, of them trained when opened; clusters; cases without the outcome */
    const char *se_type;
    const char *failure;      /* why there is no estimate; NULL = there is one */
    const hu_did_result *did; /* cells and aggregates of group-time effects; NULL for regressions */
} hu_estimate;

/** A field of the plan that is not as it was locked. */
typedef struct hu_result_deviation {
    const char *field, *before, *after; /* NULL = was or is not there */
    const char *amended, *reason;       /* when and why the lock was amended to it; NULL = it was not */
} hu_result_deviation;

typedef struct hu_results {
    const char *title, *version;
    uint64_t seed;
    double level;
    hu_period_unit period;
    int from, to, delay;
    const char *const *excluded; /* regions left out, NULL-terminated */
    hu_result_outcome *outcomes;
    size_t n_outcomes;
    hu_result_estimator *estimators;
    size_t n_estimators;
    hu_estimate *estimates;         /* n_outcomes x n_estimators, by outcome */
    const char *locked, *lock_hash; /* when the plan was locked, and its hash then; NULL = it is not locked */
    bool locked_after_results;      /* effects had been estimated before */
    hu_result_deviation *deviations;
    size_t n_deviations;
} hu_results;

/** The estimate of an outcome by an estimator. */
const hu_estimate *hu_results_at(const hu_results *results, size_t outcome, size_t estimator);

/** One JSON object that hu_results_parse reads back; also what `huella estimate --format json` prints. */
void hu_results_write_json(const hu_results *results, hu_buf *out);
/** HU_BAD_INPUT when the text is not what hu_results_write_json wrote. */
hu_error *hu_results_parse(const char *json, hu_arena *arena, hu_results **results);

/**
 * The closing table: a row an outcome, effect, interval and p of the first estimator (of all with `all_estimators`),
 * and the planted effect beside it where one is known. For people: rounded, shares in percentage points.
 */
void hu_results_print_table(const hu_results *results, bool all_estimators, FILE *out);
/** The same for programs: a row an outcome and estimator, numbers that read back. */
void hu_results_print_csv(const hu_results *results, FILE *out);

#endif
