/* huella sensitivity: what an effect rests on. */

#include "sensitivity.h"

#include "huella/base/number.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"check", HU_OPT_CHOICE, "trends|power|leave_one_out|placebo_cohorts|placebo_outcomes|donut", "trends",
     "Trends that part; what a pretest can see; each cluster left out; treatment that never was; outcomes it cannot "
     "change; the first periods left out."},
    HU_DID_OPTIONS,
    {"estimator", HU_OPT_CHOICE, "callaway_santanna|sun_abraham|imputation|etwfe|chaisemartin|twfe",
     "callaway_santanna", "The estimator whose result is checked."},
    {"coefficients", HU_OPT_TEXT, "FILE", NULL,
     "In place of DATA: an event study, a CSV with columns event_time and estimate, or JSON with event_time, estimate, "
     "covariance."},
    {"covariance", HU_OPT_TEXT, "FILE", NULL,
     "With --coefficients as CSV: their covariance, a column and a row for each in the same order, under a header."},
    {"restriction", HU_OPT_CHOICE, "relative|relative_linear|smoothness", "relative",
     "Trends part after treatment at most M times as fast as before it; the same of deviations from a straight line; "
     "or "
     "their slope changes by at most M a period."},
    {"shape", HU_OPT_CHOICE, "any|positive|negative|increasing|decreasing", "any",
     "What is known besides: the sign of the difference in trends after treatment, or its direction throughout."},
    {"interval", HU_OPT_CHOICE, "default|flci|conditional|c-lf|c-flci", "default",
     "How confidence sets are made; default flci for smoothness, c-flci for that with a shape, else c-lf."},
    {"m", HU_OPT_LIST, "M,M", NULL,
     "Values of M; default 0, 0.5, 1, 1.5, 2, for smoothness ten up to what trends before treatment allow."},
    {"at", HU_OPT_NUMBER, "E", "0", "The effect at this event time is looked at."},
    {"average", HU_OPT_FLAG, NULL, NULL, "The average of the effects from event time 0 on instead."},
    {"event-times", HU_OPT_TEXT, "A:B", NULL, "Only event times from A to B."},
    {"powers", HU_OPT_LIST, "P,P", "0.5,0.8", "With --check power: find the trend that the pretest sees so often."},
    {"leave-out", HU_OPT_TEXT, "COLUMN", NULL, "With --check leave_one_out: in place of the cluster."},
    {"outcomes", HU_OPT_LIST, "A,B", NULL, "With --check placebo_outcomes: columns that treatment cannot change."},
    {"periods", HU_OPT_INTEGER, "K", "3",
     "With --check placebo_cohorts: treatment moved up by 1 to K periods; with donut: the first 1 to K left out."},
    HU_OPTION_PLOT,
    HU_OPTION_EXPLAIN,
    {0},
};

void sensitivity_warn(sensitivity *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    s->warnings = hu_regrow(s->run->arena, s->warnings, s->n_warnings, s->n_warnings + 1, sizeof *s->warnings);
    s->warnings[s->n_warnings++] = hu_vprintf(s->run->arena, format, args);
    va_end(args);
}

void sensitivity_put_effect(hu_json *json, const hu_effect *e)
{
    hu_json_put_number(json, "estimate", e->estimate);
    hu_json_put_number(json, "se", e->se);
    hu_json_put_interval(json, "ci", e->lower, e->upper);
    hu_json_put_number(json, "p", e->p);
}

static hu_error *parse_number(const char *option, const char *text, double *value)
{
    hu_number number = {0};
    if (!hu_number_parse(hu_str_of(text), '.', &number) || !isfinite(number.value))
        return hu_fail(HU_USAGE, "--%s: \"%s\" is not a number", option, text);
    *value = number.value;
    return NULL;
}

hu_error *sensitivity_numbers(const hu_run *run, const char *name, double **values, size_t *n)
{
    const char **items = hu_opt_list(run, name, n);
    *values = HU_NEW_ARRAY(run->arena, double, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        HU_TRY(parse_number(name, items[i], &(*values)[i]));
        if (i && (*values)[i] <= (*values)[i - 1])
            return hu_fail(HU_USAGE, "--%s: %s: expected ascending numbers", name, items[i]);
    }
    return NULL;
}

hu_error *sensitivity_trends_of(sensitivity *s, hu_trends *trends, const char **effect)
{
    const hu_run *run = s->run;
    const char *text = hu_opt_text(run, "event-times"), *colon = text ? strchr(text, ':') : NULL;
    double from = -INFINITY, to = INFINITY, at = hu_opt_number(run, "at");
    bool average = hu_opt_flag(run, "average");
    if (text && !colon)
        return hu_fail(HU_USAGE, "--event-times: \"%s\" is no range: expected two numbers such as -3:8", text);
    if (text) {
        HU_TRY(parse_number("event-times", hu_strndup(run->arena, text, (size_t)(colon - text)), &from));
        HU_TRY(parse_number("event-times", colon + 1, &to));
    }
    HU_TRY(hu_trends_of(&s->study, from, to, at, average, run->arena, trends));
    *effect = average ? "average from event time 0 on" : hu_printf(run->arena, "event time %g", at);
    size_t n = trends->pre + trends->post;
    if (s->clusters && n >= s->clusters)
        sensitivity_warn(s, "%zu effects from %zu clusters: their covariance is singular; restrict --event-times", n,
                         s->clusters);
    if (s->clusters && s->clusters < 40)
        sensitivity_warn(s, "%zu clusters: the estimates are taken as normal with known covariance, which needs many",
                         s->clusters);
    return NULL;
}

/* Columns that a check needs beside the estimator's. */
static const char *const *more_columns(const hu_run *run)
{
    size_t n;
    const char **more = hu_opt_list(run, "outcomes", &n);
    const char **all = HU_NEW_ARRAY(run->arena, const char *, n + 2);
    memcpy(all, more, n * sizeof *all);
    if (hu_opt_given(run, "leave-out"))
        all[n] = hu_opt_text(run, "leave-out");
    return all;
}

static hu_error *estimate(sensitivity *s)
{
    hu_run *run = s->run;
    did_comparison c;
    HU_TRY(hu_did_options_of(run, &s->options));
    HU_TRY(hu_did_require(run, &s->options));
    s->options.universal_base = true;
    s->estimator = hu_opt_text(run, "estimator");
    hu_did_columns *columns = hu_did_columns_of(run);
    HU_TRY(hu_did_read(run, columns, more_columns(run), &s->table));
    s->columns = columns;
    bool by_event = hu_opt_is(run, "check", "trends") || hu_opt_is(run, "check", "power");
    if (!by_event)
        return NULL;
    if (hu_opt_is(run, "estimator", "imputation"))
        return hu_fail(HU_USAGE, "--estimator imputation: its effects before and after treatment are relative to other "
                                 "references, so that trends cannot be read off them (Roth 2024); take "
                                 "callaway_santanna, sun_abraham or twfe");
    HU_TRY(hu_did_estimate(run, s->estimator, s->table, s->columns, &s->options, &c));
    s->study = c.study;
    s->clusters = c.clusters;
    for (size_t i = 0; i < c.n_warnings; i++)
        sensitivity_warn(s, "%s", c.warnings[i]);
    return NULL;
}

/* Options that only one check knows must not be taken in silence by another. */
static hu_error *check_options(const hu_run *run)
{
    static const struct {
        const char *option, *check;
    } only[] = {{"restriction", "trends"},
                {"shape", "trends"},
                {"interval", "trends"},
                {"m", "trends"},
                {"powers", "power"},
                {"leave-out", "leave_one_out"},
                {"outcomes", "placebo_outcomes"}};
    for (size_t i = 0; i < sizeof only / sizeof *only; i++)
        if (hu_opt_given(run, only[i].option) && !hu_opt_is(run, "check", only[i].check))
            return hu_fail(HU_USAGE, "--%s belongs to --check %s", only[i].option, only[i].check);
    bool files = hu_opt_given(run, "coefficients");
    if (files && run->n_files)
        return hu_fail(HU_USAGE, "--coefficients stands in place of DATA; \"%s\" is one too many", run->files[0]);
    if (!files && !run->n_files && !hu_opt_given(run, "study") && !hu_opt_given(run, "store"))
        return hu_fail(HU_USAGE,
                       "nothing to check: name DATA, a study by --study, or --coefficients with --covariance; usage: "
                       "huella %s %s",
                       run->command->name, run->command->usage);
    if (hu_opt_given(run, "covariance") && !files)
        return hu_fail(HU_USAGE, "--covariance needs --coefficients");
    if (files && !hu_opt_is(run, "check", "trends") && !hu_opt_is(run, "check", "power"))
        return hu_fail(HU_USAGE, "--check %s estimates again and needs DATA", hu_opt_text(run, "check"));
    return NULL;
}

static hu_error *run_sensitivity(hu_run *run)
{
    static const struct {
        const char *name;
        hu_error *(*run)(sensitivity *s);
    } checks[] = {
        {"trends", sensitivity_trends},
        {"power", sensitivity_power},
        {"leave_one_out", sensitivity_leave_one_out},
        {"placebo_cohorts", sensitivity_placebo_cohorts},
        {"placebo_outcomes", sensitivity_placebo_outcomes},
        {"donut", sensitivity_donut},
    };
    sensitivity s = {.run = run};
    bool plot;
    if (hu_opt_flag(run, "explain"))
        return hu_explain(
            run, (const char *const[]){hu_printf(run->arena, "sensitivity_%s", hu_opt_text(run, "check")), NULL});
    HU_TRY(hu_plot_asked(run, &plot));
    HU_TRY(check_options(run));
    HU_TRY(hu_opt_given(run, "coefficients") ? sensitivity_read_files(&s) : estimate(&s));
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (hu_opt_is(run, "check", checks[i].name))
            HU_TRY(checks[i].run(&s));
    for (size_t i = 0; i < s.n_warnings && run->format != HU_FORMAT_TABLE; i++)
        hu_say(run, "huella: note: %s", s.warnings[i]);
    return NULL;
}

const hu_command hu_command_sensitivity = {
    .name = "sensitivity",
    .summary = "what an effect rests on: trends that part, pretests, placebos, single regions",
    .usage = "[DATA.csv | --study DIR] --outcome Y --unit ID --time T --cohort G [--check …] [options]",
    .description =
        "Checks of an effect of a staggered programme, with the options of huella did.\n\n"
        "--check trends (the default): confidence sets for the effect that hold even when trends are not parallel, as "
        "long as they part by no more than M (Rambachan & Roth 2023): at most M times as fast after treatment as at "
        "their fastest before it (--restriction relative), or with a slope that changes by at most M from period to "
        "period (smoothness). The breakdown value is the largest M at which zero is still excluded. Effects before "
        "treatment are against the last period before it (a universal base). An event study of any other program "
        "comes in by --coefficients and --covariance.\n\n"
        "--check power: the straight trend that a test of the effects before treatment finds with probability "
        "--powers, the bias it would make after treatment, and the bias that is left in those samples that pass the "
        "test (Roth 2022).\n\n"
        "--check leave_one_out: the effect without each cluster (or each value of --leave-out) in turn. "
        "placebo_cohorts: rows before treatment only, as if treatment had come 1 to --periods periods earlier: there "
        "should be no effect. placebo_outcomes: effects on --outcomes that it cannot change, with Holm's correction. "
        "donut: the effect without the first 1 to --periods periods after treatment began.",
    .example = "  huella sensitivity cases.csv --outcome convicted --time half --cohort trained --cluster region "
               "--cross-section --event-times -4:3\n"
               "  huella sensitivity --coefficients study.csv --covariance covariance.csv --restriction smoothness "
               "--plot trends.pdf\n"
               "  huella sensitivity cases.csv --outcome convicted --time half --cohort trained --cluster region "
               "--cross-section --check leave_one_out",
    .options = options,
    .min_files = 0,
    .max_files = 1,
    .run = run_sensitivity,
};
