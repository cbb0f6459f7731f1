/* huella rollout: the efficient estimator and Fisher tests for a rollout whose timing was drawn at random. */

#include "rollout.h"

#include "hand.h"
#include "plot.h"
#include "study.h"

#include "huella/base/csv.h"
#include "huella/base/number.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"outcome", HU_OPT_TEXT, "COLUMN", NULL, "The outcome, numbers."},
    {"unit", HU_OPT_TEXT, "COLUMN", NULL, "Who was assigned a time of treatment, observed once in every period."},
    {"time", HU_OPT_TEXT, "COLUMN", NULL, "The period, numbers: years, or half-years counted through."},
    {"cohort", HU_OPT_TEXT, "COLUMN", NULL,
     "First treated period; empty, 0 or Inf is never, after the last period is not within the data."},
    {"estimand", HU_OPT_CHOICE, "simple|cohort|calendar|eventstudy", "simple",
     "Average over treated unit-periods, over cohorts, over periods, or by time since treatment."},
    {"beta", HU_OPT_TEXT, "efficient|did|NUMBER", "efficient",
     "How much of the difference before treatment is taken out: what makes the error least, all (1), or so much."},
    {"control", HU_OPT_CHOICE, "notyet|last", "notyet",
     "Compare with all cohorts treated later, or with the last cohort only."},
    {"event-times", HU_OPT_TEXT, "A:B", NULL, "With --estimand eventstudy: from A to B periods since treatment."},
    {"cluster", HU_OPT_TEXT, "COLUMN", NULL,
     "Clusters were assigned, not units: their rows, a panel or single cases, are summed up by period."},
    {"aggregate", HU_OPT_CHOICE, "total|mean", NULL,
     "With --cluster: totals, so that effects are for the average row, or means, for the average cluster; default "
     "total with --unit, else mean."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL, "The rollout was drawn within these: so are permutations."},
    {"redraw", HU_OPT_CHOICE, "all|treated", "all",
     "What permutations deal out anew: who and when, or only when among those who were treated."},
    HU_OPTION_PERMUTATIONS(
        "Fisher test over every possible rollout, or over N random ones (all where they are fewer)."),
    HU_OPTION_PLOT_PERMUTATIONS,
    HU_OPTIONS_HAND,
    {"decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."},
    HU_OPTION_PLOT,
    HU_OPTION_EXPLAIN,
    {0},
};

static bool parse_number(const char *text, double *value)
{
    hu_number number = {0};
    bool is = hu_number_parse(hu_str_of(text), '.', &number);
    *value = number.value;
    return is && isfinite(*value);
}

static hu_error *parse_beta(const hu_run *run, hu_rollout_options *o)
{
    o->beta = hu_opt_is(run, "beta", "did") ? HU_BETA_DID : HU_BETA_EFFICIENT;
    if (hu_opt_is(run, "beta", "did") || hu_opt_is(run, "beta", "efficient"))
        return NULL;
    o->beta = HU_BETA_NUMBER;
    if (!parse_number(hu_opt_text(run, "beta"), &o->beta_number))
        return hu_fail(HU_USAGE, "--beta: \"%s\" is not efficient, did or a number", hu_opt_text(run, "beta"));
    return NULL;
}

static hu_error *parse_event_times(const hu_run *run, hu_rollout_options *o)
{
    const char *text = hu_opt_text(run, "event-times");
    if (!text)
        return NULL;
    if (o->estimand != HU_ROLLOUT_EVENTSTUDY)
        return hu_fail(HU_USAGE, "--event-times needs --estimand eventstudy");
    const char *colon = strchr(text, ':');
    const char *from = colon ? hu_strndup(run->arena, text, (size_t)(colon - text)) : text;
    if (!parse_number(from, &o->event_from) || !parse_number(colon ? colon + 1 : text, &o->event_to) ||
        !(o->event_from <= o->event_to))
        return hu_fail(HU_USAGE, "--event-times: \"%s\" is no range: expected two numbers such as -3:8", text);
    o->event_given = true;
    return NULL;
}

static hu_error *rollout_options(const hu_run *run, hu_rollout_options *o)
{
    *o = (hu_rollout_options){.estimand = hu_opt_is(run, "estimand", "cohort")       ? HU_ROLLOUT_COHORT
                                          : hu_opt_is(run, "estimand", "calendar")   ? HU_ROLLOUT_CALENDAR
                                          : hu_opt_is(run, "estimand", "eventstudy") ? HU_ROLLOUT_EVENTSTUDY
                                                                                     : HU_ROLLOUT_SIMPLE,
                              .last_control = hu_opt_is(run, "control", "last"),
                              .totals = hu_opt_given(run, "aggregate") ? hu_opt_is(run, "aggregate", "total")
                                                                       : hu_opt_given(run, "unit"),
                              .treated_only = hu_opt_is(run, "redraw", "treated"),
                              .strata = hu_opt_text(run, "strata"),
                              .threads = run->threads};
    HU_TRY(parse_beta(run, o));
    HU_TRY(parse_event_times(run, o));
    HU_TRY(hu_opt_permutations(run, &o->permutations, &o->permute));
    if (!o->permute && (hu_opt_given(run, "redraw") || o->strata))
        return hu_fail(HU_USAGE, "--redraw and --strata say what permutations deal out: they need --permutations");
    if (hu_opt_given(run, "aggregate") && !hu_opt_given(run, "cluster"))
        return hu_fail(HU_USAGE, "--aggregate says how rows of a cluster are summed up: it needs --cluster");
    return NULL;
}

static hu_error *read_table(hu_run *run, const hu_did_columns *c, const char *strata, hu_table **table)
{
    const char *named[] = {c->outcome, c->unit, c->time, c->cohort, c->cluster, strata}, *const * hand;
    enum { NAMED = sizeof named / sizeof *named };
    size_t n = 0, of_hand = 0;
    HU_TRY(hu_hand_columns_of(run, &hand));
    while (hand[of_hand])
        of_hand++;
    const char **names = HU_NEW_ARRAY(run->arena, const char *, NAMED + of_hand + 1);
    for (size_t i = 0; i < NAMED; i++)
        if (named[i])
            names[n++] = named[i];
    for (size_t i = 0; i < of_hand; i++)
        names[n++] = hand[i];
    hu_csv_options csv = {.columns = names, .decimal_comma = hu_opt_flag(run, "decimal-comma"), .packed = true};
    return study_or_data(run, &csv, table);
}

typedef struct fixed_beta {
    const hu_did_columns *columns;
    hu_rollout_options options;
} fixed_beta;

static hu_error *reestimate(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const fixed_beta *f = context;
    hu_rollout_result *result;
    HU_TRY(hu_rollout(table, f->columns, &f->options, arena, &result));
    *effect = result->estimates->effect;
    return NULL;
}

/* The estimate is linear in the outcome under a beta that does not depend on labels: that of the outcome as read. */
static hu_error *correct(hu_run *run, const hu_did_columns *columns, hu_rollout_options *o, const hu_table **table)
{
    if (!hu_opt_given(run, "hand"))
        return NULL;
    if (o->estimand == HU_ROLLOUT_EVENTSTUDY)
        return hu_fail(HU_USAGE, "--hand corrects one effect: --estimand simple, cohort or calendar");
    fixed_beta fixed = {columns, *o};
    fixed.options.permute = false;
    hu_rollout_result *naive;
    HU_TRY(hu_rollout(*table, columns, &fixed.options, run->arena, &naive));
    fixed.options.beta = o->beta = HU_BETA_NUMBER;
    fixed.options.beta_number = o->beta_number = naive->estimates->beta;
    return hu_correct_by_hand(run, columns->outcome, reestimate, &fixed, table, &run->correction);
}

/* The event study with --plot; what permutations gave with --plot-permutations, of an event study the joint test. */
static hu_error *draw(const hu_run *run, const char *outcome, const hu_rollout_result *result)
{
    hu_event_study study = {.n = result->n_estimates, .df = INFINITY, .critical = NAN};
    study.cells = HU_NEW_ARRAY(run->arena, hu_did_cell, study.n);
    for (size_t k = 0; k < study.n; k++)
        study.cells[k] = (hu_did_cell){result->estimates[k].at, result->estimates[k].effect};
    const char *effect = hu_printf(run->arena, "Effect on %s", outcome);
    HU_TRY(hu_plot_event_studies(run, effect, effect, NULL, &study, 1));
    if (!result->draws)
        return NULL;
    bool joint = result->joint.assignments > 0;
    return hu_plot_fisher(run, hu_printf(run->arena, "No effect on %s", outcome),
                          joint ? result->joint_draws : result->draws,
                          joint ? &result->joint : &result->estimates[0].fisher);
}

static hu_error *run_rollout(hu_run *run)
{
    bool plot;
    if (hu_opt_flag(run, "explain"))
        return hu_explain(run, (const char *const[]){"rollout", NULL});
    HU_TRY(hu_plot_asked(run, &plot));
    if (plot && !hu_opt_is(run, "estimand", "eventstudy"))
        return hu_fail(HU_USAGE, "--plot draws effects by time since treatment: it needs --estimand eventstudy "
                                 "(--plot-permutations draws a Fisher test)");
    HU_TRY(hu_opt_require(run, (const char *const[]){"outcome", "time", "cohort", NULL}));
    if (!hu_opt_given(run, "unit") && !hu_opt_given(run, "cluster"))
        return hu_fail(HU_USAGE,
                       "--unit is missing: who was assigned a time of treatment? (or --cluster, when rows are "
                       "cases of the regions that were)");
    hu_rollout_options o;
    HU_TRY(rollout_options(run, &o));
    const hu_did_columns columns = {.outcome = hu_opt_text(run, "outcome"),
                                    .unit = hu_opt_text(run, "unit"),
                                    .time = hu_opt_text(run, "time"),
                                    .cohort = hu_opt_text(run, "cohort"),
                                    .cluster = hu_opt_text(run, "cluster")};
    hu_table *read;
    HU_TRY(read_table(run, &columns, o.strata, &read));
    const hu_table *table = read;
    HU_TRY(correct(run, &columns, &o, &table));
    hu_rollout_result *result;
    HU_TRY(hu_rollout(table, &columns, &o, run->arena, &result));
    for (size_t i = 0; i < result->n_warnings && run->format != HU_FORMAT_TABLE; i++)
        hu_say(run, "huella: note: %s", result->warnings[i]);
    HU_TRY(draw(run, columns.outcome, result));
    hu_print_rollout(run, columns.outcome, &o, result);
    return NULL;
}

const hu_command hu_command_rollout = {
    .name = "rollout",
    .summary = "effects of a rollout whose timing was drawn at random",
    .usage = "[DATA.csv | --study DIR] --outcome Y --unit ID --time T --cohort G [options]",
    .description =
        "The efficient estimator for staggered treatment at random times (Roth & Sant'Anna 2023): the difference "
        "between "
        "those treated and those treated later, less beta times the same difference in the period before treatment. "
        "Random timing makes every beta unbiased; the efficient one makes the error least. --beta did is differences "
        "in "
        "differences (Callaway & Sant'Anna; with --control last, Sun & Abraham), --beta 0 compares means.\n\n"
        "Random timing is an assumption about how the rollout was decided. Where it does not hold, only what parallel "
        "trends give is left: see huella did.\n\n"
        "Errors follow from the draw alone, not from a model of outcomes: \"se_neyman\" is conservative, \"se\" is "
        "refined "
        "by what outcomes before treatment tell. A cohort of one unit borrows the variance of the cohort under which "
        "its "
        "part of the error is largest.\n\n"
        "--permutations tests that nobody's outcome was moved, by dealing the cohorts out anew: over every possible "
        "rollout (exact: up to 10 million), or over N random ones. Its confidence set holds the constant effects that "
        "are not rejected. An event study is tested at each event time and jointly.\n\n"
        "With --cluster the clusters are the units: a region's cases are summed up by period, a region counts once.\n\n"
        "--hand and --probability correct an outcome that a machine read by hand labels of a random sample (see huella "
        "did); beta is then that of the outcome as read.",
    .example =
        "  huella rollout panel.csv --outcome y --unit region --time half --cohort trained --permutations exact\n"
        "  huella rollout cases.csv --outcome convicted --time half --cohort trained --cluster region "
        "--permutations 10000",
    .options = options,
    .max_files = 1,
    .run = run_rollout,
};
