/* huella survival: how long cases take, and what makes them faster. */

#include "plot.h"
#include "print.h"
#include "survival.h"

#include "huella/base/csv.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"start", HU_OPT_TEXT, "COLUMN", NULL,
     "When a row comes under observation, on the clock of --stop; left out, everybody from 0 on."},
    {"stop", HU_OPT_TEXT, "COLUMN", NULL, "When it ends."},
    {"event", HU_OPT_TEXT, "COLUMN", NULL,
     "What happened then: 1 the event, 0 nothing (still open); 1, 2, … where there are several causes."},
    {"treated-at", HU_OPT_TEXT, "COLUMN", NULL,
     "When treatment reaches the case, on the same clock (empty = never): it counts from then on. For cox."},
    {"covariates", HU_OPT_LIST, "A,B", NULL,
     "Columns of numbers, or of texts (a dummy for each value but the first); A:B is a product."},
    {"cluster", HU_OPT_TEXT, "COLUMN", NULL, "Errors are clustered here."},
    {"ties", HU_OPT_CHOICE, "efron|breslow", "efron", "How events at the same time share the risk set."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL,
     "A baseline hazard for each value (cox, fine_gray), or a curve for each value and their comparison."},
    {"decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."},
    {"estimator", HU_OPT_CHOICE, "cox|kaplan_meier|nelson_aalen|aalen_johansen|fine_gray|rmst", "cox",
     "Hazard ratios, curves without an event, cumulative hazards, incidences of causes, ratios of subdistribution "
     "hazards, restricted mean times."},
    {"cause", HU_OPT_NUMBER, "K", NULL,
     "The value of --event that counts; the others censor (cox, kaplan_meier, nelson_aalen, rmst) or compete "
     "(aalen_johansen, fine_gray)."},
    {"weights", HU_OPT_TEXT, "COLUMN", NULL, "Sampling weights."},
    {"within", HU_OPT_TEXT, "COLUMN", NULL, "The log-rank test compares strata within each value of this column."},
    {"until", HU_OPT_NUMBER, "TIME", NULL,
     "Horizon of rmst; the last time up to which every stratum is observed unless given."},
    HU_OPTION_PLOT,
    HU_OPTION_EXPLAIN,
    {0},
};

static bool is(const hu_run *run, const char *estimator)
{
    return hu_opt_is(run, "estimator", estimator);
}

static bool competing(const hu_run *run)
{
    return is(run, "aalen_johansen") || is(run, "fine_gray");
}

static bool regression(const hu_run *run)
{
    return is(run, "cox") || is(run, "fine_gray");
}

/* Options without a meaning for the estimator must not be taken in silence. */
static hu_error *check_options(const hu_run *run)
{
    const struct {
        const char *option, *why;
        bool fine;
    } rules[] = {
        {"treated-at",
         "a curve cannot be drawn by what happens later (cases must live long enough to be treated): --estimator cox "
         "counts treatment from the moment it is there",
         is(run, "cox")},
        {"covariates", "curves are compared by --strata, adjusted by --estimator cox or fine_gray", regression(run)},
        {"ties", "it belongs to --estimator cox and fine_gray", regression(run)},
        {"within", "the log-rank test comes with --estimator kaplan_meier or nelson_aalen",
         is(run, "kaplan_meier") || is(run, "nelson_aalen")},
        {"until", "it is the horizon of --estimator rmst", is(run, "rmst")},
        {"start",
         "the weights of Fine and Gray's model would have to count late entry too; take --estimator cox with --cause",
         !is(run, "fine_gray")},
        {"weights", "Fine and Gray's model takes no sampling weights; take --estimator cox with --cause",
         !is(run, "fine_gray")},
    };
    HU_TRY(hu_opt_require(run, (const char *const[]){"stop", "event", NULL}));
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (hu_opt_given(run, rules[i].option) && !rules[i].fine)
            return hu_fail(HU_USAGE, "--%s has no meaning for --estimator %s: %s", rules[i].option,
                           hu_opt_text(run, "estimator"), rules[i].why);
    if (regression(run) && !hu_opt_given(run, "covariates") && !hu_opt_given(run, "treated-at"))
        return hu_fail(HU_USAGE, "--estimator %s needs --covariates%s; for curves: --estimator kaplan_meier",
                       hu_opt_text(run, "estimator"), is(run, "cox") ? " or --treated-at" : "");
    if (hu_opt_given(run, "within") && hu_opt_given(run, "weights"))
        return hu_fail(HU_USAGE, "--within is for the log-rank test, which takes no --weights; leave one out");
    if (hu_opt_given(run, "within") && !hu_opt_given(run, "strata"))
        return hu_fail(HU_USAGE, "--within compares strata within its values: name them with --strata");
    return NULL;
}

/* Only the named columns are read. A covariate "A:B" that is no column itself stands for its two. */
static hu_error *read_table(const hu_run *run, hu_arena *arena, hu_table **table)
{
    static const char *const named[] = {"start",   "stop",   "event",   "treated-at",
                                        "cluster", "strata", "weights", "within"};
    enum { NAMED = sizeof named / sizeof *named };
    size_t n = 0, count;
    const char **covariates = hu_opt_list(run, "covariates", &count);
    const char **names = HU_NEW_ARRAY(run->arena, const char *, NAMED + 2 * count + 1);
    for (size_t i = 0; i < NAMED; i++)
        if (hu_opt_text(run, named[i]))
            names[n++] = hu_opt_text(run, named[i]);
    for (size_t j = 0; j < count; j++) {
        const char *colon = strchr(covariates[j], ':');
        names[n++] = colon ? hu_strndup(run->arena, covariates[j], (size_t)(colon - covariates[j])) : covariates[j];
        if (colon)
            names[n++] = colon + 1;
    }
    hu_csv_options csv = {.columns = names, .decimal_comma = hu_opt_flag(run, "decimal-comma"), .packed = true};
    return hu_table_read(run->files[0], &csv, arena, table);
}

static hu_error *read_durations(const hu_run *run, hu_survival **data)
{
    HU_SCRATCH(scratch); /* durations are all that estimators look at: the table need not stay */
    hu_table *table;
    HU_TRY(read_table(run, scratch, &table));
    hu_survival_columns columns = {.start = hu_opt_text(run, "start"),
                                   .stop = hu_opt_text(run, "stop"),
                                   .event = hu_opt_text(run, "event"),
                                   .treated_at = hu_opt_text(run, "treated-at"),
                                   .cluster = hu_opt_text(run, "cluster"),
                                   .strata = hu_opt_text(run, "strata"),
                                   .weights = hu_opt_text(run, "weights"),
                                   .within = hu_opt_text(run, "within"),
                                   .covariates = hu_opt_list(run, "covariates", NULL)};
    hu_event_rule rule = competing(run) ? HU_ALL_CAUSES : hu_opt_given(run, "cause") ? HU_THIS_CAUSE : HU_ONE_EVENT;
    return hu_survival_read(table, &columns, rule, hu_opt_number(run, "cause"), run->arena, data);
}

/* The code of --cause among the causes; Fine and Gray's model must know which. */
static hu_error *find_cause(const hu_run *run, const hu_survival *data, uint32_t *code)
{
    char text[32];
    HU_BUF(known);
    *code = 0;
    for (size_t c = 1; c <= data->causes; c++) {
        hu_buf_printf(&known, "%s%s", c > 1 ? ", " : "", hu_format_double(data->cause[c], text));
        if (hu_opt_given(run, "cause") && data->cause[c] == hu_opt_number(run, "cause"))
            *code = (uint32_t)c;
    }
    if (hu_opt_given(run, "cause") && *code == 0)
        return hu_fail(HU_NOT_FOUND, "--cause %s: no such event in column \"%s\" of %s, where %s stand",
                       hu_format_double(hu_opt_number(run, "cause"), text), hu_opt_text(run, "event"), data->source,
                       known.data);
    if (is(run, "fine_gray") && *code == 0 && data->causes > 1)
        return hu_fail(HU_USAGE, "--estimator fine_gray is about one cause of several: name it with --cause (%s)",
                       known.data);
    return NULL;
}

/* The log-rank test beside the curves. Where there is none the curves stand, and a note says why. */
static void compare_curves(const hu_run *run, survival_output *o)
{
    hu_logrank *test = HU_NEW(run->arena, hu_logrank);
    if (o->data->weight) {
        o->test_note = "no log-rank test: it takes no weights; --estimator cox with the groups as covariates does";
        return;
    }
    hu_error *error = hu_logrank_test(o->data, run->arena, test);
    if (error)
        o->test_note = hu_printf(run->arena, "no log-rank test: %s", error->message);
    else
        o->logrank = test;
    if (!error && o->data->clustered)
        o->test_note = "the log-rank test takes rows for independent: it does not count clusters; --estimator cox with "
                       "the groups as covariates does";
    hu_error_free(error);
}

static hu_error *estimate_curves(const hu_run *run, survival_output *o)
{
    hu_curves *curves;
    if (is(run, "aalen_johansen"))
        HU_TRY(hu_aalen_johansen(o->data, 0, run->arena, &curves));
    else
        HU_TRY(hu_kaplan_meier(o->data, is(run, "nelson_aalen") ? HU_CUMULATIVE_HAZARD : HU_SURVIVAL_CURVE, 0,
                               run->arena, &curves));
    o->curves = curves;
    if (!is(run, "aalen_johansen") && o->data->strata > 1)
        compare_curves(run, o);
    return NULL;
}

static hu_error *estimate(const hu_run *run, survival_output *o)
{
    hu_cox_options cox = {.ties = o->ties, .cause = o->cause};
    hu_cox_result *fit;
    hu_rmst *rmst;
    if (regression(run)) {
        HU_TRY(is(run, "cox") ? hu_cox(o->data, &cox, run->arena, &fit)
                              : hu_fine_gray(o->data, &cox, run->arena, &fit));
        o->cox = fit;
    } else if (is(run, "rmst")) {
        double until = hu_opt_number(run, "until");
        if (hu_opt_given(run, "until") && !(until > 0))
            return hu_fail(HU_USAGE, "--until: expected a time after 0");
        HU_TRY(hu_restricted_mean(o->data, isnan(until) ? 0 : until, 0, run->arena, &rmst));
        o->rmst = rmst;
    } else {
        HU_TRY(estimate_curves(run, o));
    }
    return NULL;
}

/* How errors were made, and what a referee would ask, of the data and of the fit. */
static void gather_notes(const hu_run *run, survival_output *o)
{
    size_t of_fit = o->cox ? o->cox->n_warnings : 0;
    o->se_type = o->cox ? o->cox->se_type : o->curves ? o->curves->se_type : o->rmst ? o->rmst->se_type : NULL;
    o->warnings = HU_NEW_ARRAY(run->arena, const char *, o->data->n_warnings + of_fit + 2);
    for (size_t i = 0; i < o->data->n_warnings; i++)
        o->warnings[o->n_warnings++] = o->data->warnings[i];
    for (size_t i = 0; i < of_fit; i++)
        o->warnings[o->n_warnings++] = o->cox->warnings[i];
    if (o->test_note)
        o->warnings[o->n_warnings++] = o->test_note;
}

static const char *title_of(const hu_run *run)
{
    static const char *const titles[][2] = {
        {"cox", "Cox regression: log hazard ratios"},
        {"kaplan_meier", "Kaplan-Meier: share without the event"},
        {"nelson_aalen", "Nelson-Aalen: cumulative hazard"},
        {"aalen_johansen", "Aalen-Johansen: share that ended by each cause"},
        {"fine_gray", "Fine & Gray: log ratios of subdistribution hazards"},
        {"rmst", "Restricted mean time without the event"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (is(run, titles[i][0]))
            return titles[i][1];
    return "";
}

static hu_error *run_survival(hu_run *run)
{
    bool plot;
    if (hu_opt_flag(run, "explain"))
        return hu_explain(run, (const char *const[]){hu_opt_text(run, "estimator"), NULL});
    HU_TRY(hu_plot_asked(run, &plot));
    HU_TRY(check_options(run));
    hu_survival *data;
    survival_output o = {.estimator = hu_opt_text(run, "estimator"),
                         .title = title_of(run),
                         .ties = hu_opt_is(run, "ties", "breslow") ? HU_BRESLOW : HU_EFRON};
    HU_TRY(read_durations(run, &data));
    o.data = data;
    if (competing(run))
        HU_TRY(find_cause(run, data, &o.cause));
    HU_TRY(estimate(run, &o));
    gather_notes(run, &o);
    for (size_t i = 0; i < o.n_warnings && run->format != HU_FORMAT_TABLE; i++)
        hu_say(run, "huella: note: %s", o.warnings[i]);
    if (plot)
        HU_TRY(hu_plot_survival(run, &o));
    hu_print_survival(run, &o);
    return NULL;
}

const hu_command hu_command_survival = {
    .name = "survival",
    .summary = "how long cases take: curves, hazard ratios, competing outcomes",
    .usage = "DATA.csv --stop T --event E [options]",
    .description =
        "Durations with cases that are still open (censored). The estimators:\n\n"
        "cox: hazard ratios (Cox 1972) with --covariates, and with --treated-at a treatment that reaches a running "
        "case: "
        "its row is split there, so that it counts as untreated until then. Covariates may vary over time: one row for "
        "each stretch, from --start to --stop. The result has the likelihood-ratio, score and Wald tests and the test "
        "of "
        "proportional hazards (Grambsch & Therneau 1994).\n\n"
        "kaplan_meier, nelson_aalen: a curve for each of --strata, with Greenwood's errors, intervals on the log "
        "scale, "
        "and the log-rank test. rmst: the area under these curves up to --until, and its differences.\n\n"
        "aalen_johansen: where a case may end in several ways, the share that has ended in each by each time. "
        "fine_gray: "
        "what moves the share of one --cause (Fine & Gray 1999); --ties breslow gives the numbers of R's cmprsk, efron "
        "those of survival.\n\n"
        "DATA is CSV (.csv, .csv.gz) or Stata (.dta). Rows with a missing value in a named column are left out and "
        "counted. With "
        "--cluster, errors are robust and summed by cluster.",
    .example = "  huella survival cases.csv --stop days --event resolved --treated-at trained_day --covariates minor "
               "--strata region --cluster region\n"
               "  huella survival cases.csv --stop days --event resolved --estimator kaplan_meier --strata trained\n"
               "  huella survival cases.csv --stop days --event outcome --estimator fine_gray --cause 1 --covariates "
               "minor",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_survival,
};
