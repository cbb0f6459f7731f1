/* huella did --estimator …: every estimator but Callaway & Sant'Anna's. */

#include "did.h"
#include "wild.h"

#include "huella/causal/sun_abraham.h"

#include <string.h>

typedef struct request {
    hu_run *run;
    const char *name;
    const hu_table *table;
    const hu_did_columns *columns;
} request;

/* An estimator, and which options it does not know: those must not be taken in silence. */
typedef struct estimator {
    const char *name;
    hu_error *(*run)(const request *request);
    const char *const *foreign;
} estimator;

static const char *title(const request *r, const char *what)
{
    return hu_printf(r->run->arena, "%s on %s", what, r->columns->outcome);
}

/*
 * What a referee would ask: how much of the estimate compares those treated later with those treated already. Known
 * where the decomposition is of this very regression: a balanced panel without covariates and weights.
 */
static void warn_of_forbidden(const request *r, hu_regression *result)
{
    hu_bacon_result *bacon;
    if (!r->columns->unit || r->columns->weights || r->columns->covariates[0])
        return;
    hu_error *error = hu_bacon(r->table, r->columns, r->run->arena, &bacon);
    if (!error && bacon->n == result->n && bacon->forbidden > 0) {
        const char *note = hu_printf(r->run->arena,
                                     "%.1f %% of the weight compares those treated later with those treated already, "
                                     "which biases the estimate where effects change over time; without these "
                                     "comparisons it is %.4g (--estimator bacon shows all)",
                                     100 * bacon->forbidden, bacon->without_forbidden);
        result->warnings = hu_regrow(r->run->arena, result->warnings, result->n_warnings, result->n_warnings + 1,
                                     sizeof *result->warnings);
        result->warnings[result->n_warnings++] = note;
    }
    hu_error_free(error);
}

/* Errors and the bootstrap that regressions take. */
static hu_error *regression_options(const hu_run *run, hu_regression_options *out)
{
    *out = (hu_regression_options){.correction = hu_opt_is(run, "se", "CR2")   ? HU_CR2
                                                 : hu_opt_is(run, "se", "CR3") ? HU_CR3
                                                                               : HU_CR1S,
                                   .wild = hu_opt_given(run, "wild")};
    if (!out->wild && (hu_opt_given(run, "restricted") || hu_opt_given(run, "draws")))
        return hu_fail(HU_USAGE, "--%s needs --wild", hu_opt_given(run, "draws") ? "draws" : "restricted");
    return hu_wild_options_of(run, &out->bootstrap);
}

static hu_error *run_twfe(const request *r)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, &options));
    HU_TRY(hu_twfe(r->table, r->columns, &options, r->run->arena, &result));
    warn_of_forbidden(r, result);
    hu_print_regression(r->run, r->name, title(r, "Two-way fixed effects"), result);
    return NULL;
}

static hu_error *run_sun_abraham(const request *r)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, &options));
    HU_TRY(hu_sun_abraham(r->table, r->columns, &options, r->run->arena, &result));
    hu_print_regression(r->run, r->name, title(r, "Event study (Sun & Abraham), against one period before treatment,"),
                        result);
    return NULL;
}

static hu_error *run_imputation(const request *r)
{
    int64_t leads = hu_opt_integer(r->run, "pretrends");
    if (leads < 0 || leads > 1000)
        return hu_fail(HU_USAGE, "--pretrends: expected a number of periods from 0 to 1,000");
    hu_imputation_options options = {.pretrends = leads ? (int)leads : -1};
    hu_imputation_result *result;
    HU_TRY(hu_imputation(r->table, r->columns, &options, r->run->arena, &result));
    hu_print_imputation(r->run, title(r, "Imputation (Borusyak, Jaravel & Spiess)"), result);
    return NULL;
}

static hu_error *run_bacon(const request *r)
{
    hu_bacon_result *result;
    HU_TRY(hu_bacon(r->table, r->columns, r->run->arena, &result));
    hu_print_bacon(r->run, title(r, "Goodman-Bacon decomposition of two-way fixed effects"), result);
    return NULL;
}

static const char *const not_of_regressions[] = {"control",   "method",    "base", "anticipation",
                                                 "inference", "pretrends", NULL};
static const char *const not_of_imputation[] = {"control", "method", "base", "anticipation", "inference",
                                                "draws",   "se",     "wild", "restricted",   NULL};

static const char *const not_of_bacon[] = {"control", "method",    "base",  "anticipation", "covariates",
                                           "weights", "inference", "draws", "pretrends",    "cross-section",
                                           "cluster", "se",        "wild",  "restricted",   NULL};

static const estimator estimators[] = {
    {"twfe", run_twfe, not_of_regressions},
    {"sun_abraham", run_sun_abraham, not_of_regressions},
    {"bacon", run_bacon, not_of_bacon},
    {"imputation", run_imputation, not_of_imputation},
};

hu_error *hu_run_did_estimator(hu_run *run, const char *name, const hu_table *table, const hu_did_columns *columns)
{
    for (size_t e = 0; e < sizeof estimators / sizeof *estimators; e++) {
        if (strcmp(estimators[e].name, name) != 0)
            continue;
        for (const char *const *option = estimators[e].foreign; *option; option++)
            if (hu_opt_given(run, *option))
                return hu_fail(HU_USAGE, "--%s has no meaning for --estimator %s; leave it out", *option, name);
        return estimators[e].run(&(request){run, name, table, columns});
    }
    return hu_fail(HU_BUG, "no estimator %s", name);
}
