/* From a plan and the store's analysis table to results: every outcome by every estimator. */

#include "plan_lock.h"
#include "study.h"

#include "huella/base/file.h"
#include "huella/causal/did.h"
#include "huella/causal/twfe.h"
#include "huella/version.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the rows that the plan uses --- */

static hu_error *check_excluded(const open_study *study, const hu_table *table)
{
    const hu_column *region = hu_table_find(table, "region");
    for (const char **name = study->plan->excluded; *name; name++) {
        bool found = false;
        for (size_t i = 0; i < table->rows && !found; i++)
            found = hu_str_is(region->texts[i], *name);
        if (!found)
            return hu_fail(
                HU_BAD_INPUT,
                "%s: \"exclude\" names the region \"%s\", in which there is no case; write it as the table of "
                "cases does, or remove it",
                study->plan->source, *name);
    }
    return NULL;
}

static bool is_used(const hu_plan *plan, const hu_table *table, size_t row)
{
    hu_str region = hu_table_find(table, "region")->texts[row];
    double period = hu_table_find(table, "period")->numbers[row];
    for (const char **name = plan->excluded; *name; name++)
        if (hu_str_is(region, *name))
            return false;
    return period >= plan->from && period <= plan->to;
}

hu_table *study_used_rows(const hu_plan *plan, const hu_table *table, hu_arena *arena)
{
    size_t *rows = HU_NEW_ARRAY(arena, size_t, table->rows), n = 0;
    for (size_t i = 0; i < table->rows; i++)
        if (is_used(plan, table, i))
            rows[n++] = i;
    hu_table *used = hu_table_new(arena, "the analysis table", n);
    for (size_t c = 0; c < table->n_columns; c++) {
        const hu_column *from = &table->columns[c];
        hu_column *to = from->type == HU_NUMBER ? hu_table_add_numbers(used, arena, from->name)
                                                : hu_table_add_texts(used, arena, from->name);
        for (size_t i = 0; i < n; i++)
            if (from->type == HU_NUMBER)
                to->numbers[i] = from->numbers[rows[i]];
            else
                to->texts[i] = from->texts[rows[i]];
    }
    hu_column *cohort = hu_table_find(used, "cohort");
    for (size_t i = 0; i < n; i++)
        cohort->numbers[i] += plan->delay;
    return used;
}

/* --- one estimate --- */

typedef struct estimation {
    const open_study *study;
    const hu_table *table;
    hu_arena *arena;
} estimation;

static hu_did_method method_of(const char *adjustment)
{
    return strcmp(adjustment, "ipw") == 0   ? HU_INVERSE_PROBABILITY
           : strcmp(adjustment, "reg") == 0 ? HU_OUTCOME_REGRESSION
                                            : HU_DOUBLY_ROBUST;
}

static hu_effect overall(const hu_did_result *did, hu_plan_aggregate aggregate)
{
    return (const hu_effect[]){[HU_SIMPLE] = did->simple.overall,
                               [HU_GROUP] = did->group.overall,
                               [HU_DYNAMIC] = did->dynamic.overall,
                               [HU_CALENDAR] = did->calendar.overall}[aggregate];
}

/* The estimators know periods as numbers (4044); people know them by name (2022-H1). */
static const char *with_period_names(const hu_plan *plan, const char *text, hu_arena *arena)
{
    HU_BUF(out);
    while (text && *text) {
        size_t digits = strspn(text, "0123456789");
        long number = digits > 0 && digits < 9 ? strtol(text, NULL, 10) : 0;
        if (plan->period != HU_YEAR && number >= plan->from && number <= plan->to) {
            char name[16];
            hu_period_format((int)number, plan->period, name);
            hu_buf_add_text(&out, name);
        } else {
            hu_buf_add(&out, text, digits ? digits : 1);
        }
        text += digits ? digits : 1;
    }
    return out.data ? hu_strdup(arena, out.data) : NULL;
}

static void name_periods(const hu_plan *plan, hu_did_result *did, hu_arena *arena)
{
    for (size_t i = 0; i < did->n_att_gt; i++)
        did->att_gt[i].note = with_period_names(plan, did->att_gt[i].note, arena);
    for (size_t i = 0; i < did->n_warnings; i++)
        did->warnings[i] = with_period_names(plan, did->warnings[i], arena);
}

static hu_error *group_time(const estimation *work, const hu_plan_estimator *plan, const char *outcome,
                            hu_estimate *estimate)
{
    hu_did_columns columns = {.outcome = outcome,
                              .time = "period",
                              .cohort = "cohort",
                              .cluster = plan->cluster,
                              .covariates = plan->covariates[0] ? plan->covariates : NULL};
    hu_did_options options = {.control = plan->not_yet_treated ? HU_NOT_YET_TREATED : HU_NEVER_TREATED,
                              .method = method_of(plan->adjustment),
                              .universal_base = plan->universal_base,
                              .cross_section = true,
                              .anticipation = plan->anticipation,
                              .bootstrap = plan->bootstrap,
                              .draws = plan->draws,
                              .level = work->study->plan->level,
                              .seed = work->study->seed,
                              .threads = work->study->run->threads};
    hu_did_result *did = NULL;
    HU_TRY(hu_did(work->table, &columns, &options, work->arena, &did));
    name_periods(work->study->plan, did, work->arena);
    *estimate = (hu_estimate){.effect = overall(did, plan->aggregate),
                              .n = did->n,
                              .clusters = did->clusters,
                              .dropped = did->dropped,
                              .se_type = did->se_type,
                              .did = did};
    return NULL;
}

static hu_error *regression(const estimation *work, const hu_plan_estimator *plan, const char *outcome,
                            hu_estimate *estimate)
{
    hu_did_columns columns = {.outcome = outcome,
                              .unit = "region",
                              .time = "period",
                              .cohort = "cohort",
                              .cluster = plan->cluster,
                              .covariates = plan->covariates[0] ? plan->covariates : NULL};
    hu_regression *twfe = NULL;
    HU_TRY(hu_twfe(work->table, &columns, &(hu_regression_options){.level = work->study->plan->level}, work->arena,
                   &twfe));
    const hu_coefficient *treated = &twfe->coefficients[0];
    *estimate = (hu_estimate){.effect = {.estimate = treated->estimate,
                                         .se = treated->se,
                                         .lower = treated->lower,
                                         .upper = treated->upper,
                                         .p = treated->p,
                                         .band_lower = NAN,
                                         .band_upper = NAN},
                              .n = twfe->n,
                              .clusters = twfe->clusters,
                              .dropped = twfe->dropped,
                              .se_type = twfe->se_type};
    return NULL;
}

static size_t count_known(const hu_table *table, const char *outcome)
{
    const hu_column *value = hu_table_find(table, outcome);
    size_t count = 0;
    for (size_t i = 0; i < table->rows; i++)
        count += isfinite(value->numbers[i]);
    return count;
}

static size_t count_treated(const hu_table *table, const char *outcome)
{
    const hu_column *value = hu_table_find(table, outcome), *period = hu_table_find(table, "period");
    const hu_column *cohort = hu_table_find(table, "cohort");
    size_t count = 0;
    for (size_t i = 0; i < table->rows; i++)
        count += isfinite(value->numbers[i]) && period->numbers[i] >= cohort->numbers[i];
    return count;
}

/* An outcome that the data cannot answer is no reason to withhold the others: it says why. */
static bool says_nothing(const hu_error *error)
{
    return error->code == HU_EMPTY || error->code == HU_NO_CONTROLS || error->code == HU_SINGULAR;
}

static hu_error *no_case_knows(const hu_table *table)
{
    return hu_fail(HU_EMPTY, "known of none of the %zu cases in the window", table->rows);
}

static hu_error *estimate_one(const estimation *work, const hu_plan_estimator *plan, const char *outcome,
                              hu_estimate *estimate)
{
    bool twfe = strcmp(plan->method, "twfe") == 0;
    hu_error *error = !count_known(work->table, outcome) ? no_case_knows(work->table)
                      : twfe                             ? regression(work, plan, outcome, estimate)
                                                         : group_time(work, plan, outcome, estimate);
    if (error && !says_nothing(error))
        return hu_wrap(error, "estimator \"%s\", outcome \"%s\"", plan->name, outcome);
    if (error) {
        *estimate = (hu_estimate){.effect = {NAN, NAN, NAN, NAN, NAN, NAN, NAN},
                                  .failure = with_period_names(work->study->plan, error->message, work->arena)};
        hu_error_free(error);
    }
    estimate->treated = count_treated(work->table, outcome);
    return NULL;
}

/* --- what stands beside the estimates --- */

static const char *describe(const hu_plan_estimator *plan, hu_arena *arena)
{
    static const char *const averages[] = {"all cells after training, weighted by the size of their cohort",
                                           "effects by cohort", "effects by time since training", "effects by period"};
    const char *with = "";
    for (size_t i = 0; plan->covariates[i]; i++)
        with = hu_printf(arena, "%s%s%s", with, i ? ", " : "; adjusted for ", plan->covariates[i]);
    if (strcmp(plan->method, "twfe") == 0)
        return hu_printf(
            arena,
            "Two-way fixed effects regression on region and period, as a benchmark: biased where effects differ "
            "between cohorts or grow with time%s. Errors clustered by %s.",
            with, plan->cluster);
    return hu_printf(
        arena,
        "Group-time effects (Callaway & Sant'Anna 2021) for repeated cross-sections of cases, against regions %s; "
        "%s base period%s; average over %s%s. Errors clustered by %s, %s.",
        plan->not_yet_treated ? "not yet trained" : "never trained", plan->universal_base ? "universal" : "varying",
        plan->anticipation ? hu_printf(arena, ", %d periods of anticipation", plan->anticipation) : "",
        averages[plan->aggregate], with, plan->cluster,
        plan->bootstrap ? hu_printf(arena, "%d draws of the multiplier bootstrap", plan->draws)
                        : "from the influence function");
}

/* The effects planted in a simulated study; NaN where the file does not say. */
static hu_error *add_planted(const open_study *study, hu_results *results)
{
    json_t *truth = NULL;
    for (size_t i = 0; i < results->n_outcomes; i++)
        results->outcomes[i].planted = NAN;
    if (!study->plan->truth)
        return NULL;
    HU_TRY(hu_json_load(study_path(study, study->plan->truth), &truth));
    const json_t *effects = json_object_get(truth, "effects");
    for (size_t i = 0; i < results->n_outcomes; i++) {
        const json_t *att = json_object_get(json_object_get(effects, results->outcomes[i].name), "att");
        if (json_is_number(att))
            results->outcomes[i].planted = json_number_value(att);
    }
    json_decref(truth);
    return NULL;
}

static hu_results *empty_results(const open_study *study, hu_arena *arena)
{
    const hu_plan *plan = study->plan;
    hu_results *results = HU_NEW(arena, hu_results);
    *results = (hu_results){.title = plan->title,
                            .version = hu_version(),
                            .seed = study->seed,
                            .level = plan->level,
                            .period = plan->period,
                            .from = plan->from,
                            .to = plan->to,
                            .delay = plan->delay,
                            .excluded = plan->excluded,
                            .n_outcomes = plan->n_outcomes,
                            .n_estimators = plan->n_estimators};
    results->outcomes = HU_NEW_ARRAY(arena, hu_result_outcome, plan->n_outcomes);
    for (size_t i = 0; i < plan->n_outcomes; i++)
        results->outcomes[i] = (hu_result_outcome){.name = plan->outcomes[i].name,
                                                   .label = plan->outcomes[i].label,
                                                   .unit = plan->outcomes[i].unit,
                                                   .share = plan->outcomes[i].share,
                                                   .given_conviction = plan->outcomes[i].given_conviction,
                                                   .primary = plan->outcomes[i].role == HU_PRIMARY};
    results->estimators = HU_NEW_ARRAY(arena, hu_result_estimator, plan->n_estimators);
    for (size_t i = 0; i < plan->n_estimators; i++)
        results->estimators[i] = (hu_result_estimator){.name = plan->estimators[i].name,
                                                       .method = plan->estimators[i].method,
                                                       .description = describe(&plan->estimators[i], arena),
                                                       .never_treated_only = !plan->estimators[i].not_yet_treated,
                                                       .universal_base = plan->estimators[i].universal_base,
                                                       .anticipation = plan->estimators[i].anticipation};
    results->estimates = HU_NEW_ARRAY(arena, hu_estimate, plan->n_outcomes * plan->n_estimators);
    return results;
}

hu_error *study_estimate(const open_study *study, hu_arena *arena, hu_results **results_out)
{
    const hu_plan *plan = study->plan;
    hu_table *table = NULL;
    HU_TRY(plan_lock_permits(study));
    HU_TRY(hu_store_analysis_table(study->store, plan->period, arena, &table));
    HU_TRY(check_excluded(study, table));
    estimation work = {.study = study, .table = study_used_rows(plan, table, arena), .arena = arena};
    if (!work.table->rows)
        return hu_fail(HU_EMPTY, "%s: no case was opened within the plan's window; widen \"window\"", plan->source);
    hu_results *results = empty_results(study, arena);
    HU_TRY(add_planted(study, results));
    HU_TRY(plan_lock_results(study, arena, results));
    for (size_t o = 0; o < plan->n_outcomes; o++)
        for (size_t e = 0; e < plan->n_estimators; e++)
            HU_TRY(estimate_one(&work, &plan->estimators[e], plan->outcomes[o].name,
                                &results->estimates[o * plan->n_estimators + e]));
    *results_out = results;
    return NULL;
}
