/* huella did --estimator …: every estimator but Callaway & Sant'Anna's. */

#include "did.h"

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

static hu_error *run_twfe(const request *r)
{
    hu_regression *result;
    HU_TRY(hu_twfe(r->table, r->columns, 0, r->run->arena, &result));
    hu_print_regression(r->run, r->name, title(r, "Two-way fixed effects"), result);
    return NULL;
}

static hu_error *run_sun_abraham(const request *r)
{
    hu_regression *result;
    HU_TRY(hu_sun_abraham(r->table, r->columns, 0, r->run->arena, &result));
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

static const char *const not_of_regressions[] = {"control",   "method", "base",      "anticipation",
                                                 "inference", "draws",  "pretrends", NULL};
static const char *const not_of_imputation[] = {"control",   "method", "base", "anticipation",
                                                "inference", "draws",  NULL};

static const estimator estimators[] = {
    {"twfe", run_twfe, not_of_regressions},
    {"sun_abraham", run_sun_abraham, not_of_regressions},
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
