/* huella did --estimator …: every estimator, alone or beside others. */

#include "did.h"
#include "wild.h"

#include "huella/causal/chaisemartin.h"
#include "huella/causal/etwfe.h"
#include "huella/causal/sun_abraham.h"

#include <math.h>
#include <string.h>

typedef struct request {
    const hu_run *run;
    const char *name;
    const hu_table *table;
    const hu_did_columns *columns;
    const hu_did_options *options; /* of Callaway & Sant'Anna */
} request;

/* An estimator, and which options it does not know: those must not be taken in silence. */
typedef struct estimator {
    const char *name, *label;                 /* as --estimator names it; for people */
    hu_error *(*run)(const request *request); /* estimates and prints; NULL: did.c does */
    hu_error *(*study)(const request *request, did_comparison *out);
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
static hu_error *regression_options(const hu_run *run, bool alone, hu_regression_options *out)
{
    *out = (hu_regression_options){.correction = hu_opt_is(run, "se", "CR2")   ? HU_CR2
                                                 : hu_opt_is(run, "se", "CR3") ? HU_CR3
                                                                               : HU_CR1S,
                                   .plain = hu_opt_given(run, "se"),
                                   .wild = hu_opt_given(run, "wild")};
    if (alone && !out->wild && (hu_opt_given(run, "restricted") || hu_opt_given(run, "draws")))
        return hu_fail(HU_USAGE, "--%s needs --wild", hu_opt_given(run, "draws") ? "draws" : "restricted");
    return hu_wild_options_of(run, &out->bootstrap);
}

/* ---- one alone ---- */

static hu_error *print_regression(const request *r, const char *heading, const hu_regression_options *options,
                                  const hu_regression *result, const hu_regression *drawn)
{
    did_permutation permutation;
    HU_TRY(hu_did_permute(r->run, r->name, r->table, r->columns, NULL, options, &permutation));
    hu_event_study study;
    if (hu_opt_given(r->run, "plot")) {
        hu_event_study_of_regression(drawn, r->run->arena, &study);
        HU_TRY(hu_did_plot(r->run, heading, r->columns->outcome, &study));
    }
    hu_print_regression(r->run, r->name, heading, result, &permutation);
    return NULL;
}

static hu_error *run_twfe(const request *r)
{
    hu_regression *result, *by_event = NULL;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, true, &options));
    HU_TRY(hu_twfe(r->table, r->columns, &options, r->run->arena, &result));
    warn_of_forbidden(r, result);
    if (hu_opt_given(r->run, "plot"))
        HU_TRY(hu_twfe_event_study(r->table, r->columns, &options, r->run->arena, &by_event));
    return print_regression(r, title(r, "Two-way fixed effects"), &options, result, by_event);
}

static hu_error *run_sun_abraham(const request *r)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, true, &options));
    HU_TRY(hu_sun_abraham(r->table, r->columns, &options, r->run->arena, &result));
    return print_regression(r, title(r, "Event study (Sun & Abraham), against one period before treatment,"), &options,
                            result, result);
}

static hu_error *run_etwfe(const request *r)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, true, &options));
    HU_TRY(hu_etwfe(r->table, r->columns, &options, r->run->arena, &result));
    return print_regression(r, title(r, "Extended two-way fixed effects (Wooldridge)"), &options, result, result);
}

static hu_error *run_chaisemartin(const request *r)
{
    hu_regression *result;
    HU_TRY(hu_chaisemartin(r->table, r->columns, &(hu_chaisemartin_options){0}, r->run->arena, &result));
    return print_regression(r, title(r, "de Chaisemartin & D'Haultfoeuille, against the period before treatment,"),
                            NULL, result, result);
}

static hu_error *impute(const request *r, hu_imputation_result **result)
{
    int64_t leads = hu_opt_integer(r->run, "pretrends");
    *result = HU_NEW(r->run->arena, hu_imputation_result);
    if (leads < 0 || leads > 1000)
        return hu_fail(HU_USAGE, "--pretrends: expected a number of periods from 0 to 1,000");
    hu_imputation_options options = {.pretrends = leads ? (int)leads : -1};
    return hu_imputation(r->table, r->columns, &options, r->run->arena, result);
}

static hu_error *run_imputation(const request *r)
{
    hu_imputation_result *result;
    hu_event_study study;
    did_permutation permutation;
    const char *heading = title(r, "Imputation (Borusyak, Jaravel & Spiess)");
    HU_TRY(impute(r, &result));
    hu_event_study_of_imputation(result, r->run->arena, &study);
    HU_TRY(hu_did_plot(r->run, heading, r->columns->outcome, &study));
    HU_TRY(hu_did_permute(r->run, r->name, r->table, r->columns, NULL, NULL, &permutation));
    hu_print_imputation(r->run, heading, result, &permutation);
    return NULL;
}

/* ---- beside others ---- */

static void put_notes(did_comparison *out, const char **warnings, size_t n)
{
    out->warnings = (const char *const *)warnings;
    out->n_warnings = n;
}

static hu_error *study_did(const request *r, did_comparison *out)
{
    hu_did_result *result;
    HU_TRY(hu_did(r->table, r->columns, r->options, r->run->arena, &result));
    hu_event_study_of_did(result, r->run->arena, &out->study);
    bool some_times = r->options->event_from || r->options->event_to;
    out->overall = some_times ? result->dynamic.overall : result->simple.overall;
    out->overall_of = some_times ? "the event times asked for" : "treated cohorts and periods";
    out->n = result->n;
    out->units = result->units;
    out->clusters = result->clusters;
    put_notes(out, result->warnings, result->n_warnings);
    return NULL;
}

static void study_regression(const request *r, const hu_regression *result, did_comparison *out)
{
    hu_event_study_of_regression(result, r->run->arena, &out->study);
    out->n = result->n;
    out->units = result->units;
    out->clusters = result->clusters;
    put_notes(out, result->warnings, result->n_warnings);
}

static hu_effect effect_of(const hu_coefficient *c)
{
    return (hu_effect){c->estimate, c->se, c->lower, c->upper, c->p, NAN, NAN};
}

/* A regression whose last coefficient is the average over treated rows. */
static void study_with_att(const request *r, const hu_regression *result, did_comparison *out)
{
    study_regression(r, result, out);
    const hu_coefficient *last = &result->coefficients[result->n_coefficients - 1];
    if (strcmp(last->name, "ATT") != 0)
        return;
    out->overall = effect_of(last);
    out->overall_of = "treated rows";
}

static hu_error *study_sun_abraham(const request *r, did_comparison *out)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, false, &options));
    HU_TRY(hu_sun_abraham(r->table, r->columns, &options, r->run->arena, &result));
    study_with_att(r, result, out);
    return NULL;
}

static hu_error *study_etwfe(const request *r, did_comparison *out)
{
    hu_regression *result;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, false, &options));
    HU_TRY(hu_etwfe(r->table, r->columns, &options, r->run->arena, &result));
    study_with_att(r, result, out);
    return NULL;
}

static hu_error *study_chaisemartin(const request *r, did_comparison *out)
{
    hu_regression *result;
    HU_TRY(hu_chaisemartin(r->table, r->columns, &(hu_chaisemartin_options){0}, r->run->arena, &result));
    study_with_att(r, result, out);
    return NULL;
}

static hu_error *study_twfe(const request *r, did_comparison *out)
{
    hu_regression *result, *alone;
    hu_regression_options options;
    HU_TRY(regression_options(r->run, false, &options));
    HU_TRY(hu_twfe_event_study(r->table, r->columns, &options, r->run->arena, &result));
    HU_TRY(hu_twfe(r->table, r->columns, &options, r->run->arena, &alone));
    study_regression(r, result, out);
    out->overall = effect_of(&alone->coefficients[0]);
    out->overall_of = "one coefficient";
    return NULL;
}

static hu_error *study_imputation(const request *r, did_comparison *out)
{
    hu_imputation_result *result;
    HU_TRY(impute(r, &result));
    hu_event_study_of_imputation(result, r->run->arena, &out->study);
    out->overall = result->overall;
    out->overall_of = "treated rows";
    out->n = result->n;
    out->units = result->units;
    out->clusters = result->clusters;
    put_notes(out, result->warnings, result->n_warnings);
    return NULL;
}

static hu_error *run_bacon(const request *r)
{
    hu_bacon_result *result;
    HU_TRY(hu_bacon(r->table, r->columns, r->run->arena, &result));
    const char *of = title(r, "Goodman-Bacon decomposition of two-way fixed effects");
    HU_TRY(hu_plot_bacon(r->run, of, hu_printf(r->run->arena, "Effect on %s", r->columns->outcome), result));
    hu_print_bacon(r->run, of, result);
    return NULL;
}

static const char *const not_of_regressions[] = {"control",   "method",    "base", "anticipation",
                                                 "inference", "pretrends", NULL};
static const char *const not_of_imputation[] = {"control", "method", "base", "anticipation", "inference",
                                                "draws",   "se",     "wild", "restricted",   NULL};

static const char *const not_of_bacon[] = {"control", "method",    "base",  "anticipation", "covariates",
                                           "weights", "inference", "draws", "pretrends",    "cross-section",
                                           "cluster", "se",        "wild",  "restricted",   "permutations",
                                           "redraw",  "strata",    NULL};
static const char *const not_of_chaisemartin[] = {"control",    "method", "base",       "anticipation",
                                                  "covariates", "draws",  "inference",  "pretrends",
                                                  "se",         "wild",   "restricted", NULL};
static const char *const not_of_did[] = {"pretrends", NULL};

static const estimator estimators[] = {
    {"callaway_santanna", "Callaway & Sant'Anna", NULL, study_did, not_of_did},
    {"twfe", "Two-way fixed effects", run_twfe, study_twfe, not_of_regressions},
    {"sun_abraham", "Sun & Abraham", run_sun_abraham, study_sun_abraham, not_of_regressions},
    {"etwfe", "Extended two-way fixed effects", run_etwfe, study_etwfe, not_of_regressions},
    {"chaisemartin", "de Chaisemartin & D'Haultfoeuille", run_chaisemartin, study_chaisemartin, not_of_chaisemartin},
    {"bacon", "Bacon decomposition", run_bacon, NULL, not_of_bacon},
    {"imputation", "Imputation", run_imputation, study_imputation, not_of_imputation},
};

static const estimator *find(const char *name)
{
    for (size_t e = 0; e < sizeof estimators / sizeof *estimators; e++)
        if (strcmp(estimators[e].name, name) == 0)
            return &estimators[e];
    return NULL;
}

hu_error *hu_run_did_estimator(hu_run *run, const char *name, const hu_table *table, const hu_did_columns *columns)
{
    const estimator *e = find(name);
    if (!e || !e->run)
        return hu_fail(HU_BUG, "no estimator %s", name);
    for (const char *const *option = e->foreign; *option; option++)
        if (hu_opt_given(run, *option))
            return hu_fail(HU_USAGE, "--%s has no meaning for --estimator %s; leave it out", *option, name);
    return e->run(&(request){run, name, table, columns, NULL});
}

hu_error *hu_did_estimate(const hu_run *run, const char *name, const hu_table *table, const hu_did_columns *columns,
                          const hu_did_options *options, did_comparison *comparison)
{
    const estimator *e = find(name);
    if (!e)
        return hu_fail(HU_BUG, "no estimator %s", name);
    if (!e->study)
        return hu_fail(HU_USAGE, "--estimator %s has no effects by time since treatment; ask for it alone", name);
    *comparison = (did_comparison){.estimator = name, .label = e->label};
    HU_TRY(hu_wrap(e->study(&(request){run, name, table, columns, options}, comparison), "%s", name));
    hu_event_study_bands(&comparison->study, 0, run->seed);
    return NULL;
}
