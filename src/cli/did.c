/* huella did: effects of a staggered programme on an outcome. */

#include "did.h"
#include "hand.h"
#include "plot.h"
#include "study.h"

#include "huella/base/csv.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    HU_DID_OPTIONS,
    {"base", HU_OPT_CHOICE, "varying|universal", "varying",
     "Effects before treatment against the period before, or all against the last one before treatment."},
    {"inference", HU_OPT_CHOICE, "analytic|bootstrap", "analytic",
     "Errors from influence functions, or the multiplier bootstrap with uniform bands."},
    {"draws", HU_OPT_INTEGER, "N", "1000", "Draws of the bootstrap; of --wild 99999 unless given."},
    {"se", HU_OPT_CHOICE, "CR1|CR2|CR3", "CR1",
     "With --estimator twfe or sun_abraham: clustered errors as Stata's, or CR2 or CR3 with Satterthwaite's degrees of "
     "freedom, for few clusters."},
    {"wild", HU_OPT_CHOICE, "rademacher|webb", NULL,
     "With twfe or sun_abraham: also a wild cluster bootstrap, over all sign vectors where --draws allows."},
    {"restricted", HU_OPT_CHOICE, "yes|no", "yes", "With --wild: residuals of the fit under the null, or of the fit."},
    {"estimator", HU_OPT_CHOICES, "callaway_santanna|sun_abraham|imputation|etwfe|chaisemartin|twfe|bacon",
     "callaway_santanna",
     "Effects by cohort and period, an event study, imputation, extended two-way fixed effects, switching groups; "
     "two-way fixed effects as a diagnostic, and their decomposition. Several, separated by commas: their event "
     "studies side by side."},
    {"pretrends", HU_OPT_INTEGER, "K", "5",
     "With --estimator imputation: periods before treatment whose effects are estimated as a test; 0 = none."},
    HU_OPTION_PERMUTATIONS("Randomization test: cohorts are dealt out anew among clusters (or units), in every "
                           "possible way or N at random "
                           "(all where they are fewer)."),
    HU_OPTION_PLOT_PERMUTATIONS,
    HU_OPTIONS_HAND,
    {"redraw", HU_OPT_CHOICE, "all|treated", "all",
     "What permutations deal out: who and when, or only when among those who were treated."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL, "The rollout was drawn within these: so are permutations."},
    HU_OPTION_PLOT,
    HU_OPTION_EXPLAIN,
    {0},
};

hu_did_columns *hu_did_columns_of(const hu_run *run)
{
    hu_did_columns *columns = HU_NEW(run->arena, hu_did_columns);
    *columns = (hu_did_columns){.outcome = hu_opt_text(run, "outcome"),
                                .unit = hu_opt_text(run, "unit"),
                                .time = hu_opt_text(run, "time"),
                                .cohort = hu_opt_text(run, "cohort"),
                                .cluster = hu_opt_text(run, "cluster"),
                                .weights = hu_opt_text(run, "weights"),
                                .covariates = hu_opt_list(run, "covariates", NULL)};
    return columns;
}

/* A covariate that is the outcome, names the design, or stands twice says nothing and is a slip. */
static hu_error *check_covariates(const hu_did_columns *columns)
{
    const char *const taken[] = {columns->outcome, columns->unit, columns->time, columns->cohort};
    for (size_t j = 0; columns->covariates[j]; j++) {
        for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
            if (taken[i] && strcmp(columns->covariates[j], taken[i]) == 0)
                return hu_fail(HU_USAGE, "--covariates: \"%s\" is the outcome, unit, time or cohort; leave it out",
                               taken[i]);
        for (size_t i = 0; i < j; i++)
            if (strcmp(columns->covariates[j], columns->covariates[i]) == 0)
                return hu_fail(HU_USAGE, "--covariates: \"%s\" is named twice", columns->covariates[i]);
    }
    return NULL;
}

/* Only the named columns are read. A covariate "A:B" that is no column itself stands for its two. */
hu_error *hu_did_read(hu_run *run, hu_did_columns *columns, const char *const *more, hu_table **table)
{
    HU_TRY(check_covariates(columns));
    const char *fixed[] = {columns->outcome,
                           columns->unit,
                           columns->time,
                           columns->cohort,
                           columns->cluster,
                           columns->weights,
                           hu_opt_text(run, "strata"),
                           hu_opt_text(run, "start"),
                           hu_opt_text(run, "stop"),
                           hu_opt_text(run, "event")};
    enum { FIXED = sizeof fixed / sizeof *fixed };
    size_t n = 0, count, others = 0;
    const char **covariates = hu_opt_list(run, "covariates", &count);
    while (more && more[others])
        others++;
    const char **names = HU_NEW_ARRAY(run->arena, const char *, FIXED + 1 + 2 * count + others);
    for (size_t i = 0; i < others; i++)
        names[n++] = more[i];
    for (size_t i = 0; i < FIXED; i++)
        if (fixed[i])
            names[n++] = fixed[i];
    for (size_t j = 0; j < count; j++) {
        const char *colon = strchr(covariates[j], ':');
        if (strcmp(covariates[j], "age") == 0 && hu_opt_flag(run, "hazard"))
            continue; /* made from the durations */
        names[n++] = colon ? hu_strndup(run->arena, covariates[j], (size_t)(colon - covariates[j])) : covariates[j];
        if (colon)
            names[n++] = colon + 1;
    }
    hu_csv_options csv = {.columns = names, .decimal_comma = hu_opt_flag(run, "decimal-comma"), .packed = true};
    HU_TRY(study_or_data(run, &csv, table));
    return hu_did_durations(run, columns, table);
}

hu_error *hu_did_require(const hu_run *run, const hu_did_options *o)
{
    bool hazard = hu_opt_flag(run, "hazard"), durations = hu_opt_given(run, "stop");
    if (!durations &&
        (hazard || hu_opt_given(run, "within") || hu_opt_given(run, "event") || hu_opt_given(run, "start")))
        return hu_fail(HU_USAGE, "durations as outcome need --stop and --event, with --within or --hazard");
    if (durations && hazard == hu_opt_given(run, "within"))
        return hu_fail(HU_USAGE, "--stop: a duration becomes an outcome by either --within TIME or --hazard");
    if (durations && hu_opt_given(run, "outcome"))
        return hu_fail(HU_USAGE, "--outcome and --stop exclude each other: the duration is the outcome");
    if (hazard && hu_opt_given(run, "time"))
        return hu_fail(HU_USAGE, "--time and --hazard exclude each other: periods are counted from --start to --stop");
    if (hazard)
        return hu_opt_require(run, (const char *const[]){"start", "event", "cohort", NULL});
    HU_TRY(hu_opt_require(run, (const char *const[]){durations ? "event" : "outcome", "time", "cohort", NULL}));
    if (o->cross_section)
        return NULL;
    return hu_wrap(hu_opt_require(run, (const char *const[]){"unit", NULL}),
                   "a panel (cases observed once are repeated cross-sections: --cross-section)");
}

hu_error *hu_did_options_of(const hu_run *run, hu_did_options *out)
{
    int64_t draws = hu_opt_text(run, "draws") ? hu_opt_integer(run, "draws") : 1000,
            anticipation = hu_opt_integer(run, "anticipation");
    if (draws < 100 || draws > 10000000)
        return hu_fail(HU_USAGE, "--draws: %lld is not from 100 to 10,000,000; fewer draws give no error to rely on",
                       (long long)draws);
    if (anticipation < 0 || anticipation > 1000000)
        return hu_fail(HU_USAGE, "--anticipation: expected a number of periods, zero or more");
    if (hu_opt_flag(run, "panel") && hu_opt_flag(run, "cross-section"))
        return hu_fail(HU_USAGE, "--panel and --cross-section exclude each other");
    *out = (hu_did_options){.control = hu_opt_is(run, "control", "notyet") ? HU_NOT_YET_TREATED : HU_NEVER_TREATED,
                            .method = hu_opt_is(run, "method", "ipw")   ? HU_INVERSE_PROBABILITY
                                      : hu_opt_is(run, "method", "reg") ? HU_OUTCOME_REGRESSION
                                                                        : HU_DOUBLY_ROBUST,
                            .universal_base = hu_opt_is(run, "base", "universal"),
                            .cross_section = hu_opt_flag(run, "cross-section") || hu_opt_given(run, "stop"),
                            .anticipation = (int)anticipation,
                            .bootstrap = hu_opt_is(run, "inference", "bootstrap"),
                            .draws = (int)draws,
                            .seed = run->seed,
                            .threads = run->threads};
    return NULL;
}

static const char *title_of(const hu_run *run, const hu_did_columns *columns, const hu_did_options *o)
{
    static const char *const methods[] = {"doubly robust", "inverse probability weighting", "outcome regression"};
    return hu_printf(run->arena, "Effect on %s: Callaway & Sant'Anna%s%s, against %s, %s base", columns->outcome,
                     columns->covariates[0] ? ", " : "", columns->covariates[0] ? methods[o->method] : "",
                     o->control == HU_NEVER_TREATED ? "those never treated" : "those not treated yet",
                     o->universal_base ? "universal" : "varying");
}

static hu_error *run_callaway_santanna(hu_run *run, const hu_table *table, const hu_did_columns *columns,
                                       const hu_did_options *o)
{
    if (hu_opt_given(run, "pretrends"))
        return hu_fail(HU_USAGE, "--pretrends needs --estimator imputation; others estimate all periods");
    static const char *const of_regressions[] = {"se", "wild", "restricted"};
    for (size_t i = 0; i < sizeof of_regressions / sizeof *of_regressions; i++)
        if (hu_opt_given(run, of_regressions[i]))
            return hu_fail(HU_USAGE, "--%s needs --estimator twfe or sun_abraham", of_regressions[i]);
    hu_did_result *result;
    hu_event_study study;
    did_permutation permutation;
    const char *title = title_of(run, columns, o);
    HU_TRY(hu_did(table, columns, o, run->arena, &result));
    for (size_t i = 0; i < result->n_warnings && run->format != HU_FORMAT_TABLE; i++)
        hu_say(run, "huella: note: %s", result->warnings[i]);
    hu_event_study_of_did(result, run->arena, &study);
    HU_TRY(hu_did_plot(run, title, columns->outcome, &study));
    HU_TRY(hu_did_permute(run, "callaway_santanna", table, columns, o, NULL, &permutation));
    hu_print_did(run, title, result, &permutation);
    return NULL;
}

static hu_error *run_did(hu_run *run)
{
    size_t n_estimators;
    bool plot;
    const char *const *estimators = hu_opt_list(run, "estimator", &n_estimators);
    if (hu_opt_flag(run, "explain"))
        return hu_explain(run, estimators);
    HU_TRY(hu_plot_asked(run, &plot));
    hu_did_options o = {0};
    HU_TRY(hu_did_options_of(run, &o));
    HU_TRY(hu_did_require(run, &o));
    hu_did_columns *columns = hu_did_columns_of(run);
    const char *const *hand;
    hu_table *read;
    HU_TRY(hu_hand_columns_of(run, &hand));
    if (*hand && (n_estimators > 1 || hu_opt_given(run, "stop")))
        return hu_fail(HU_USAGE,
                       "--hand corrects one estimator's effect on --outcome: name one estimator, and no --stop");
    HU_TRY(hu_did_read(run, columns, hand, &read));
    const hu_table *table = read;
    HU_TRY(hu_did_correct(run, estimators[0], columns, &o, &table));
    if (n_estimators > 1 && hu_opt_given(run, "permutations"))
        return hu_fail(HU_USAGE, "--permutations tests one estimator: name one, or leave it out");
    if (n_estimators > 1)
        return hu_compare_estimators(run, estimators, n_estimators, table, columns);
    if (strcmp(estimators[0], "callaway_santanna") != 0)
        return hu_run_did_estimator(run, estimators[0], table, columns);
    return run_callaway_santanna(run, table, columns, &o);
}

const hu_command hu_command_did = {
    .name = "did",
    .summary = "effects of a staggered programme on an outcome",
    .usage = "[DATA.csv | --study DIR] --outcome Y --unit ID --time T --cohort G [options]",
    .description =
        "Difference-in-differences where units start treatment at different times (Callaway & Sant'Anna 2021): the "
        "effect on each cohort in each period, ATT(g,t), then their averages: over all (simple), by cohort (group), by "
        "time since treatment (dynamic) and by period (calendar); and a test of the effects before treatment.\n\n"
        "DATA is CSV (.csv, .csv.gz) or Stata (.dta); without it, --study names a study whose analysis table is taken: "
        "a "
        "row a case, with period, cohort, region, the outcomes of docs/outcomes.md and the rows that the plan uses. "
        "Rows with a missing value in a named column are left out and "
        "counted; an empty "
        "cohort is never treated. In a panel, units that are not observed in every period are left out; units treated "
        "from the first period on have nothing before to compare with and are left out.\n\n"
        "Without covariates the three methods agree. Errors come from influence functions, clustered by the unit or by "
        "--cluster. With few clusters they are too small: below 40 the interval and p allow for it by an enlarged "
        "error (se_small_sample) and t in place of the normal, and ci_type says how. --permutations tests, without any "
        "approximation, that the rollout moved nobody's outcome, by dealing the cohorts out anew among regions.\n\n"
        "--estimator sun_abraham fits all effects by cohort and period in one regression with fixed effects of units "
        "and periods, against the period before treatment and those never treated, and averages them by time since "
        "treatment (Sun & Abraham 2021); ATT is their average from treatment on.\n\n"
        "--estimator imputation fits effects of units and periods to untreated rows, takes what they predict from "
        "treated rows, and averages the rest: over all, and by time since treatment (Borusyak, Jaravel & Spiess 2024). "
        "Effects before treatment are estimated apart, among untreated rows.\n\n"
        "--estimator etwfe gives every treated cohort and period a coefficient of its own in two-way fixed effects, "
        "and "
        "averages them (Wooldridge 2021); in a balanced panel without covariates these are imputation's estimates. "
        "--estimator chaisemartin compares each group (--unit, or --cluster) that is treated from a period on with the "
        "groups not treated yet, and averages over groups (de Chaisemartin & D'Haultfoeuille 2020, 2024).\n\n"
        "--estimator twfe fits one effect by two-way fixed effects. Where effects differ between cohorts or over time "
        "it mixes them with weights that may be negative: take it as a diagnostic. --estimator bacon takes it apart: "
        "every comparison of two cohorts with its estimate and "
        "weight, those with cohorts that are treated already among them (Goodman-Bacon 2021).\n\n"
        "Durations as outcome, cases still open: --stop, --event and --within TIME estimate effects on the share that "
        "has ended within a time of its start; cases last seen open before count by what is known of others of their "
        "period and cohort. --hazard with --start, --stop and --event, all in periods, makes a row for each period in "
        "which a case is open: effects on the share of open cases that ends in a period, where treatment counts from "
        "the period in which it reaches a running case.\n\n"
        "An outcome that a machine read from documents carries its errors into the effect, above all where they depend "
        "on "
        "treatment. --hand names the outcome as people read it in a random sample (empty elsewhere), --probability "
        "with "
        "which probability a row came into that sample: effects are then estimated on the corrected outcome, whatever "
        "the "
        "reader's errors (Egami, Hinck, Stewart & Wei 2023; Angelopoulos, Duchi & Zrnic 2024), and stand beside the "
        "one "
        "as read and the one by hand labels alone, with how many labels more would halve the interval.\n\n"
        "Several estimators at once are compared by time since treatment, twfe then by its event study; an option that "
        "only some of them know applies to those.",
    .example = "  huella did panel.csv --outcome y --unit region --time half --cohort trained --control notyet\n"
               "  huella did cases.csv --outcome convicted --time half --cohort trained --cluster region "
               "--cross-section\n"
               "  huella did cases.csv --outcome convicted --time half --cohort trained --cluster region "
               "--cross-section --estimator callaway_santanna,sun_abraham,imputation --plot effects.pdf",
    .options = options,
    .max_files = 1,
    .run = run_did,
};
