/* huella did --permutations: which estimate is tested over reassigned cohorts, and how the test is printed. */

#include "did.h"
#include "hand.h"

#include "huella/causal/chaisemartin.h"
#include "huella/causal/etwfe.h"
#include "huella/causal/sun_abraham.h"

#include <math.h>
#include <string.h>

typedef struct request {
    const hu_did_columns *columns;
    hu_regression_options options;
    hu_did_options did;
} request;

static hu_effect effect_of(const hu_coefficient *c)
{
    return (hu_effect){c->estimate, c->se, c->lower, c->upper, c->p, NAN, NAN};
}

static hu_error *callaway_santanna(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_did_result *result;
    HU_TRY(hu_did(table, r->columns, &r->did, arena, &result));
    *effect = result->simple.overall;
    return NULL;
}

static hu_error *twfe(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_regression *result;
    HU_TRY(hu_twfe(table, r->columns, &r->options, arena, &result));
    *effect = effect_of(&result->coefficients[0]);
    return NULL;
}

/* The average from treatment on, which stands last. */
static hu_error *sun_abraham(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_regression *result;
    HU_TRY(hu_sun_abraham(table, r->columns, &r->options, arena, &result));
    const hu_coefficient *last = &result->coefficients[result->n_coefficients - 1];
    if (strcmp(last->name, "ATT") == 0)
        *effect = effect_of(last);
    return NULL;
}

static hu_error *etwfe(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_regression *result;
    HU_TRY(hu_etwfe(table, r->columns, &r->options, arena, &result));
    *effect = effect_of(&result->coefficients[result->n_coefficients - 1]);
    return NULL;
}

static hu_error *chaisemartin(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_regression *result;
    HU_TRY(hu_chaisemartin(table, r->columns, &(hu_chaisemartin_options){.placebos = -1}, arena, &result));
    *effect = effect_of(&result->coefficients[result->n_coefficients - 1]);
    return NULL;
}

static hu_error *imputation(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_imputation_result *result;
    HU_TRY(hu_imputation(table, r->columns, &(hu_imputation_options){.pretrends = -1}, arena, &result));
    *effect = result->overall;
    return NULL;
}

static const struct {
    const char *name, *what;
    hu_reestimate *reestimate;
} estimators[] = {
    {"callaway_santanna", "the simple average", callaway_santanna},
    {"sun_abraham", "the average from treatment on (ATT)", sun_abraham},
    {"imputation", "the average over treated rows", imputation},
    {"etwfe", "the average over treated rows (ATT)", etwfe},
    {"chaisemartin", "the average total effect (ATT)", chaisemartin},
    {"twfe", "the coefficient of treated", twfe},
};

/* The estimator once an assignment, which may take long: a bar says how far it is. */
static hu_error *anew(const hu_run *run, const hu_table *table, hu_permute_options *options, hu_reestimate *reestimate,
                      const request *r, hu_permutation **result)
{
    size_t draws = options->assignments.exact ? 0 : (size_t)options->assignments.draws;
    options->progress = hu_progress_start(hu_run_terminal(run), "permutations", draws);
    hu_error *error = hu_permute(table, r->columns, options, reestimate, r, run->arena, result);
    hu_progress_end(options->progress);
    options->progress = NULL;
    return error;
}

hu_error *hu_did_permute(const hu_run *run, const char *estimator, const hu_table *table, const hu_did_columns *columns,
                         const hu_did_options *did, const hu_regression_options *regression, did_permutation *out)
{
    hu_permute_options options = {.treated_only = hu_opt_is(run, "redraw", "treated"),
                                  .strata = hu_opt_text(run, "strata"),
                                  .threads = run->threads};
    bool asked;
    *out = (did_permutation){.correction = run->correction};
    HU_TRY(hu_opt_permutations(run, &options.assignments, &asked));
    if (!asked && (hu_opt_given(run, "redraw") || options.strata))
        return hu_fail(HU_USAGE, "--redraw and --strata say what permutations deal out: they need --permutations");
    if (!asked)
        return NULL;
    request r = {.columns = columns, .options = regression ? *regression : (hu_regression_options){0}};
    r.options.wild = false;
    r.options.plain = true; /* assignments are compared by estimate and error */
    for (size_t e = 0; e < sizeof estimators / sizeof *estimators; e++) {
        hu_permutation *result;
        if (strcmp(estimators[e].name, estimator) != 0)
            continue;
        if (estimators[e].reestimate != callaway_santanna)
            HU_TRY(anew(run, table, &options, estimators[e].reestimate, &r, &result));
        else
            HU_TRY(hu_permute_did(table, columns, did, &options, run->arena, &result));
        out->result = result;
        out->what = estimators[e].what;
        HU_TRY(hu_plot_fisher(run, hu_printf(run->arena, "No effect on %s", columns->outcome), result->draws,
                              &result->fisher));
    }
    return NULL;
}

hu_error *hu_did_correct(hu_run *run, const char *estimator, const hu_did_columns *columns, const hu_did_options *did,
                         const hu_table **table)
{
    const request r = {.columns = columns, .did = *did};
    if (!hu_opt_given(run, "hand"))
        return NULL;
    for (size_t e = 0; e < sizeof estimators / sizeof *estimators; e++)
        if (strcmp(estimators[e].name, estimator) == 0)
            return hu_correct_by_hand(run, columns->outcome, estimators[e].reestimate, &r, table, &run->correction);
    return hu_fail(HU_USAGE, "--hand corrects an effect; --estimator %s gives none", estimator);
}

void hu_json_put_permutation(hu_json *json, const did_permutation *p)
{
    if (p->result)
        hu_json_put_fisher(json, "fisher", &p->result->fisher);
    hu_json_put_correction(json, p->correction);
}

hu_effect hu_permutation_effect(const did_permutation *p)
{
    const hu_fisher *f = &p->result->fisher;
    return (hu_effect){NAN, NAN, f->lower, f->upper, f->p, NAN, NAN};
}

void hu_print_permutation(const hu_run *run, const did_permutation *p)
{
    hu_print_correction(run->out, p->correction);
    if (p->result)
        hu_print_fisher(
            run->out,
            hu_printf(run->arena,
                      "no effect on anybody, by %s, cohorts dealt out anew among %zu units of assignment (%s)", p->what,
                      p->result->units, p->result->by),
            &p->result->fisher);
}
