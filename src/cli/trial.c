/* huella trial: effects in a randomized trial, with exact tests over its design. */

#include "fisher.h"
#include "hand.h"
#include "plot.h"
#include "randomize.h"
#include "trial.h"
#include "trial_more.h"
#include "wild.h"

#include "huella/base/csv.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"outcome", HU_OPT_LIST, "A,B", NULL, "The outcome, numbers; several are estimated one by one and as a family."},
    {"treatment", HU_OPT_TEXT, "COLUMN", NULL, "The arm that was assigned: 0 control, 1 treatment."},
    {"cluster", HU_OPT_TEXT, "COLUMN", NULL, "Who was assigned as a whole, or within whom errors depend: a district."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL, "Within what it was assigned: strata, or pairs (strata of two)."},
    {"covariates", HU_OPT_LIST, "A,B", NULL, "Columns of numbers measured before: for balance and adjustment."},
    {"weights", HU_OPT_TEXT, "COLUMN", NULL, "Weights of rows."},
    {"adjust", HU_OPT_CHOICE, "none|ancova|lin", "none",
     "Covariates in the regression: none, as they are, or centred and times treatment (Lin 2013)."},
    {"se", HU_OPT_CHOICE, "CR0|CR1|CR2|HC2|HC3", NULL, "Errors; CR2 with clusters and HC2 without, unless given."},
    {"received", HU_OPT_TEXT, "COLUMN", NULL,
     "The treatment that was taken up: its effect too, by two-stage least squares, and Anderson & Rubin's set."},
    {"design", HU_OPT_TEXT, "LEDGER", NULL,
     "The ledger of `huella randomize`: the test is over the allocations that this very draw could have given."},
    HU_OPTION_PERMUTATIONS("The randomization test: over all assignments (exact), all if they are at most N and else N "
                           "drawn, or none; unless given, all up to 10 million, else 10,000."),
    {"statistic", HU_OPT_CHOICE, "studentised|regression|cluster_means", "studentised",
     "Of that test: the regression's t, its coefficient, or the difference of unweighted means of cluster means."},
    {"wild", HU_OPT_CHOICE, "rademacher|webb", NULL,
     "Also a wild cluster bootstrap, over all sign vectors where --draws allows."},
    {"restricted", HU_OPT_CHOICE, "yes|no", "yes", "With --wild: residuals of the fit under the null, or of the fit."},
    {"draws", HU_OPT_INTEGER, "N", "99999", "Draws of the wild bootstrap."},
    {"family", HU_OPT_LIST, "A,B", NULL,
     "Further outcomes of the family; or a name for the family of --outcome, where it is no column."},
    HU_OPTIONS_TRIAL_MORE,
    HU_OPTIONS_HAND,
    {"decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."},
    HU_OPTION_PLOT,
    HU_OPTION_EXPLAIN,
    {0},
};

static bool listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Outcomes of --outcome, then those of --family; one word that names no column is the family's own name. */
static hu_error *outcomes_of(const hu_run *run, const hu_table *table, const char *const **out)
{
    size_t n, m;
    const char **outcomes = hu_opt_list(run, "outcome", &n), **family = hu_opt_list(run, "family", &m);
    const char **all = HU_NEW_ARRAY(run->arena, const char *, n + m + 1);
    size_t count = 0;
    for (size_t j = 0; j < n; j++) {
        if (listed(all, outcomes[j]))
            return hu_fail(HU_USAGE, "--outcome: \"%s\" is named twice", outcomes[j]);
        all[count++] = outcomes[j];
    }
    for (size_t j = 0; j < m; j++)
        if (!listed(all, family[j]) && (m > 1 || hu_table_find(table, family[j])))
            all[count++] = family[j];
    *out = all;
    return NULL;
}

/* Reads what is named. A name in --family that is no column is told apart by the header, so all columns are read then,
 * and with --design, whose ledger names a column of its own. */
static hu_error *read_table(const hu_run *run, hu_table **table)
{
    static const char *const single[] = {"treatment", "cluster", "strata",     "weights",
                                         "received",  "hand",    "probability"};
    static const char *const lists[] = {"outcome", "covariates", "predictors"};
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t count;
        const char **list = hu_opt_list(run, lists[i], &count);
        names = hu_regrow(run->arena, names, n, n + count + 8, sizeof *names); /* and room for the single ones */
        memcpy(names + n, list, count * sizeof *names);
        n += count;
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (hu_opt_text(run, single[i]))
            names[n++] = hu_opt_text(run, single[i]);
    bool all = hu_opt_given(run, "family") || hu_opt_given(run, "design") || trial_more_asked(run);
    hu_csv_options csv = {
        .columns = all ? NULL : names, .decimal_comma = hu_opt_flag(run, "decimal-comma"), .packed = !all};
    return hu_table_read(run->files[0], &csv, run->arena, table);
}

static hu_error *columns_of(const hu_run *run, hu_table *table, hu_trial_columns *columns, trial_more *more)
{
    *columns = (hu_trial_columns){.treatment = hu_opt_text(run, "treatment"),
                                  .cluster = hu_opt_text(run, "cluster"),
                                  .strata = hu_opt_text(run, "strata"),
                                  .weights = hu_opt_text(run, "weights"),
                                  .received = hu_opt_text(run, "received"),
                                  .covariates = hu_opt_list(run, "covariates", NULL)};
    HU_TRY(trial_more_indices(run, table, columns->treatment, more));
    HU_TRY(outcomes_of(run, table, &columns->outcomes));
    columns->outcomes = trial_more_outcomes(run, columns->outcomes, more);
    if (listed(columns->outcomes, columns->treatment))
        return hu_fail(HU_USAGE, "--outcome: \"%s\" is the treatment", columns->treatment);
    for (size_t j = 0; columns->covariates[j]; j++) {
        const char *name = columns->covariates[j];
        if (strcmp(name, columns->treatment) == 0 || listed(columns->outcomes, name))
            return hu_fail(HU_USAGE, "--covariates: \"%s\" is the treatment or an outcome; leave it out", name);
        if (listed(columns->covariates + j + 1, name))
            return hu_fail(HU_USAGE, "--covariates: \"%s\" is named twice", name);
    }
    return NULL;
}

/* "none" beside what every command takes. */
static hu_error *permutations_of(const hu_run *run, hu_trial_options *o)
{
    o->no_permutations = hu_opt_is(run, "permutations", "none");
    return o->no_permutations ? NULL : hu_opt_permutations(run, &o->permutations, &o->permutations_asked);
}

static hu_error *trial_options(const hu_run *run, hu_trial_options *o)
{
    static const struct {
        const char *name;
        hu_trial_se se;
    } errors[] = {{"CR0", HU_TRIAL_CR0},
                  {"CR1", HU_TRIAL_CR1},
                  {"CR2", HU_TRIAL_CR2},
                  {"HC2", HU_TRIAL_HC2},
                  {"HC3", HU_TRIAL_HC3}};
    *o = (hu_trial_options){.adjust = hu_opt_is(run, "adjust", "ancova") ? HU_ANCOVA
                                      : hu_opt_is(run, "adjust", "lin")  ? HU_LIN
                                                                         : HU_UNADJUSTED,
                            .statistic = hu_opt_is(run, "statistic", "regression")      ? HU_COEFFICIENT
                                         : hu_opt_is(run, "statistic", "cluster_means") ? HU_CLUSTER_MEANS
                                                                                        : HU_STUDENTISED,
                            .wild = hu_opt_given(run, "wild"),
                            .seed = run->seed,
                            .threads = run->threads};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (hu_opt_is(run, "se", errors[i].name))
            o->se = errors[i].se;
    if (!o->wild && (hu_opt_given(run, "restricted") || hu_opt_given(run, "draws")))
        return hu_fail(HU_USAGE, "--%s needs --wild", hu_opt_given(run, "draws") ? "draws" : "restricted");
    HU_TRY(permutations_of(run, o));
    return hu_wild_options_of(run, &o->bootstrap);
}

static const char *title_of(const hu_run *run, const hu_trial *trial, const hu_trial_options *o)
{
    static const char *const how[] = {"difference between arms", "adjusted for covariates (ANCOVA)",
                                      "adjusted for covariates (Lin)"};
    return hu_printf(run->arena, "Effect of assignment on %s%s: %s%s", trial->effects[0].outcome,
                     trial->n_effects > 1 ? " and others" : "", how[o->adjust],
                     trial->strata ? ", effects of strata" : "");
}

typedef struct request {
    const hu_trial_columns *columns;
    hu_trial_options options;
} request;

static hu_error *reestimate(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_trial *trial;
    HU_TRY(hu_trial_estimate(table, r->columns, &r->options, arena, &trial));
    const hu_trial_effect *e = trial->effects;
    *effect = (hu_effect){e->estimate, e->se, e->lower, e->upper, e->p, NAN, NAN};
    return NULL;
}

static hu_error *correct(hu_run *run, const hu_trial_columns *columns, const hu_trial_options *o,
                         const hu_table **table)
{
    const char *const *hand;
    HU_TRY(hu_hand_columns_of(run, &hand));
    if (*hand && columns->outcomes[1])
        return hu_fail(HU_USAGE, "--hand corrects one outcome: name one in --outcome, and no --family");
    request r = {columns, *o};
    r.options.no_permutations = true;
    r.options.wild = false;
    return hu_correct_by_hand(run, columns->outcomes[0], reestimate, &r, table, &run->correction);
}

static hu_error *run_trial(hu_run *run)
{
    bool plot;
    if (hu_opt_flag(run, "explain"))
        return hu_explain(run, (const char *const[]){"trial", NULL});
    HU_TRY(hu_plot_asked(run, &plot));
    HU_TRY(hu_opt_require(run,
                          (const char *const[]){hu_opt_given(run, "index") ? "index" : "outcome", "treatment", NULL}));
    hu_trial_options o;
    hu_trial_columns columns;
    hu_table *read;
    hu_trial *trial;
    trial_more more = {0};
    hu_draw *draw;
    HU_TRY(trial_options(run, &o));
    if (hu_opt_given(run, "design")) {
        HU_TRY(ledger_draw_verified(run, hu_opt_text(run, "design"), &draw));
        o.draw = draw;
    }
    o.keep_distribution = plot;
    HU_TRY(read_table(run, &read));
    HU_TRY(columns_of(run, read, &columns, &more));
    const hu_table *table = read;
    HU_TRY(correct(run, &columns, &o, &table));
    HU_TRY(hu_trial_estimate(table, &columns, &o, run->arena, &trial));
    HU_TRY(trial_more_estimate(run, table, &columns, &o, &more));
    for (size_t i = 0; i < trial->n_warnings && run->format != HU_FORMAT_TABLE; i++)
        hu_say(run, "huella: note: %s", trial->warnings[i]);
    if (plot)
        HU_TRY(hu_plot_trial(run, title_of(run, trial, &o), trial));
    hu_print_trial(run, title_of(run, trial, &o), trial, &more);
    return NULL;
}

const hu_command hu_command_trial = {
    .name = "trial",
    .summary = "effects in a randomized trial, with exact tests over its design",
    .usage = "DATA.csv --outcome Y --treatment Z [--cluster C] [--strata S] [options]",
    .description =
        "The effect of being assigned to treatment: the difference between arms, or the coefficient of treatment "
        "beside "
        "covariates and strata. Errors are clustered by --cluster with the bias-reduced formula CR2 and "
        "Satterthwaite's "
        "degrees of freedom, which hold where clusters are few; without clusters HC2.\n\n"
        "Beside it stands the randomization test: the statistic under every assignment that the design could have "
        "drawn, with the confidence set of effects that it does not reject. Clusters are dealt out as wholes when "
        "every "
        "row of a cluster has one arm; else rows are. With --strata they are dealt out within strata, each keeping its "
        "number of treated; strata of two clusters are matched pairs. With --design the ledger of `huella randomize` "
        "is "
        "verified first, and the test is over the allocations that this draw could have given: only the accepted ones "
        "of a re-randomization, replays of the procedure for minimisation. Units without data, and other arms, are "
        "held as they were drawn; JSON says which (\"design\").\n\n"
        "Several outcomes are adjusted as a family: Holm, Hochberg, Bonferroni, Benjamini & Hochberg, Benjamini & "
        "Yekutieli on the p-values of the regression; Romano & Wolf and Westfall & Young step-down over the "
        "assignments, which use how the outcomes depend on each other.\n\n"
        "Where outcomes are missing, attrition by arm is tested and Lee's bounds are given. With --covariates a "
        "balance "
        "table with normalised differences and one randomization test of them all.\n\n"
        "More when asked: --model gives ratios of rates (per --exposure) or odds, clustered, and for counts the exact "
        "test and set of Mantel and Haenszel's ratio; --by the effect in subgroups, with an exact test that it is one "
        "constant; --index adds a summary index as an outcome; --network or --coordinates with --radius estimates "
        "spillovers onto neighbours of treated clusters, weighting by how probable the design makes each exposure, "
        "with "
        "an exact test that there is none. They stand in the table and in JSON, not in CSV.\n\n"
        "JSON: beside the effect \"model\" (\"outcomes\": ratio, ci, log_ratio, se, df, p, rates or shares, "
        "dispersion or alpha, marginal_effect, fisher), \"subgroups\" (\"outcomes\": groups, interaction with "
        "difference, f, p, fisher, fisher_p_at_estimate), \"indices\" (components with weight, mean, sd) and "
        "\"spillovers\" (conditions, \"outcomes\": effects with hajek and horvitz_thompson, no_spillover).\n\n"
        "--plot draws the statistic under all assignments beside the real one, or, of several outcomes, their "
        "effects.\n\n"
        "--hand and --probability correct an outcome that a machine read by hand labels of a random sample (see huella "
        "did).\n\n"
        "DATA is CSV (.csv, .csv.gz) or Stata (.dta). Rows with a missing value in a named column are left out and "
        "counted.",
    .example = "  huella trial officers.csv --outcome score --treatment trained --cluster district --strata pair\n"
               "  huella trial officers.csv --outcome score,referrals,trust --treatment trained --cluster district "
               "--covariates score_before --adjust ancova --wild rademacher\n"
               "  huella trial districts.csv --outcome identified --treatment trained --cluster district --strata pair "
               "--model poisson --exposure officer_months\n"
               "  huella trial officers.csv --index 'trust=fair,listens,-fear' --treatment trained --cluster district "
               "--by sex --coordinates lat,lon --radius 5",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_trial,
};
