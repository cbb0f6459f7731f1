/* huella interplay: what one programme does where another has arrived, and where not; and along the chain of justice.
 */

#include "fisher.h"

#include "huella/base/csv.h"
#include "huella/base/number.h"
#include "huella/causal/cascade.h"
#include "huella/causal/trial_groups.h"

#include <math.h>
#include <string.h>

static const hu_option options[] = {
    {"outcome", HU_OPT_LIST, "A,B", NULL, "Outcomes on which the two programmes may work together, numbers."},
    {"stages", HU_OPT_LIST, "A,B,C", NULL,
     "A chain in its order, columns of 1 (reached), 0 (not) or nothing (not known yet): identified, referred, "
     "convicted."},
    {"treatment", HU_OPT_TEXT, "COLUMN", NULL, "The arm that was assigned: 0 control, 1 treatment."},
    {"moderator", HU_OPT_TEXT, "COLUMN", NULL,
     "The other programme: 1 where it has arrived, 0 where not; or a column of groups."},
    {"cluster", HU_OPT_TEXT, "COLUMN", NULL, "Who was assigned as a whole: a district."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL, "Within what it was assigned: strata, or pairs."},
    {"covariates", HU_OPT_LIST, "A,B", NULL, "Columns of numbers measured before, for --adjust."},
    {"weights", HU_OPT_TEXT, "COLUMN", NULL, "Weights of rows."},
    {"adjust", HU_OPT_CHOICE, "none|ancova", "none", "Covariates in the regressions of --outcome, or not."},
    HU_OPTION_PERMUTATIONS(
        "Randomization tests over the trial's assignments: all (exact), or N drawn; unless given, all up "
        "to 10 million, else 10,000."),
    {"decimal-comma", HU_OPT_FLAG, NULL, NULL, "Decimals in the CSV are read with a comma: 1234,5."},
    {0},
};

/* A value of the moderator, and the chain there. */
typedef struct chain {
    const char *name; /* "trained=1", or "all" */
    hu_cascade cascade;
    const char *why_not; /* NULL = estimated */
} chain;

typedef struct cell { /* of the table of two by two: rows and mean of an outcome */
    size_t rows, arm;
    double mean;
} cell;

typedef struct interplay {
    const char *moderator;
    hu_trial_groups *groups; /* NULL without --outcome */
    cell *cells;             /* outcomes x groups x 2 arms */
    chain *chains;           /* all, then a value of the moderator each; NULL without --stages */
    size_t n_chains;
} interplay;

/* ---- estimating ---- */

static hu_error *read_table(const hu_run *run, hu_table **table)
{
    static const char *const single[] = {"treatment", "moderator", "cluster", "strata", "weights"};
    static const char *const lists[] = {"outcome", "stages", "covariates"};
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t count;
        const char **list = hu_opt_list(run, lists[i], &count);
        names = hu_regrow(run->arena, names, n, n + count + sizeof single / sizeof *single + 1, sizeof *names);
        memcpy(names + n, list, count * sizeof *names);
        n += count;
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (hu_opt_text(run, single[i]))
            names[n++] = hu_opt_text(run, single[i]);
    hu_csv_options csv = {.columns = names, .decimal_comma = hu_opt_flag(run, "decimal-comma")};
    return hu_table_read(run->files[0], &csv, run->arena, table);
}

/* The rows of one group, "column=value"; those without a value are in none. */
static const hu_table *rows_of_group(const hu_table *table, const hu_column *by, const char *group, hu_arena *arena)
{
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    const char *wanted = group + strlen(by->name) + 1;
    size_t n = 0;
    for (size_t i = 0; i < table->rows; i++) {
        HU_SCRATCH(scratch);
        const char *value = hu_table_text(table, by, i, scratch);
        if (value && strcmp(value, wanted) == 0)
            rows[n++] = (uint32_t)i;
    }
    return hu_table_rows(table, rows, n, arena);
}

/* Means of rows by arm, those of an outcome that are known. */
static hu_error *fill_cells(const hu_table *table, const hu_trial_columns *columns, const char *outcome, cell out[2])
{
    hu_column *y, *arm;
    HU_TRY(hu_table_numbers(table, outcome, &y));
    HU_TRY(hu_table_numbers(table, columns->treatment, &arm));
    double sum[2] = {0};
    for (size_t i = 0; i < table->rows; i++) {
        double z = hu_number_at(arm, i), value = hu_number_at(y, i);
        if (isnan(z) || isnan(value))
            continue;
        out[z > 0].rows++;
        sum[z > 0] += value;
    }
    for (size_t a = 0; a < 2; a++) {
        out[a].arm = a;
        out[a].mean = sum[a] / (double)out[a].rows;
    }
    return NULL;
}

static hu_error *estimate_outcomes(const hu_run *run, const hu_table *table, const hu_trial_columns *columns,
                                   const hu_trial_options *o, interplay *out)
{
    hu_column *by;
    HU_TRY(hu_table_column(table, out->moderator, &by));
    HU_TRY(hu_trial_by(table, columns, out->moderator, o, run->arena, &out->groups));
    const hu_trial_groups *groups = out->groups;
    out->cells = HU_NEW_ARRAY(run->arena, cell, groups->n * groups->n_groups * 2);
    for (size_t g = 0; g < groups->n_groups; g++) {
        HU_SCRATCH(scratch);
        const hu_table *part = rows_of_group(table, by, groups->outcomes[0].groups[g].name, scratch);
        for (size_t k = 0; k < groups->n; k++)
            HU_TRY(fill_cells(part, columns, columns->outcomes[k], out->cells + (k * groups->n_groups + g) * 2));
    }
    return NULL;
}

/* The values of the moderator in the order of rows they first stand in; sorted as text. */
static size_t values_of(const hu_table *table, const hu_column *by, hu_arena *arena, const char **values, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < table->rows; i++) {
        const char *value = hu_table_text(table, by, i, arena);
        size_t at = 0;
        while (value && at < n && strcmp(values[at], value) < 0)
            at++;
        if (!value || (at < n && strcmp(values[at], value) == 0) || n == most)
            continue;
        memmove(values + at + 1, values + at, (n - at) * sizeof *values);
        values[at] = value;
        n++;
    }
    return n;
}

static hu_error *one_chain(const hu_run *run, const hu_table *table, const hu_trial_columns *columns,
                           const hu_trial_options *o, chain *out)
{
    hu_error *error = hu_cascade_estimate(table, columns, o, run->arena, &out->cascade);
    if (!error || (error->code != HU_EMPTY && error->code != HU_SINGULAR))
        return error;
    out->why_not = hu_strdup(run->arena, error->message);
    hu_error_free(error);
    return NULL;
}

static hu_error *estimate_chains(const hu_run *run, const hu_table *table, hu_trial_columns columns,
                                 const hu_trial_options *o, interplay *out)
{
    enum { MOST = 50 };
    const char *values[MOST + 1];
    hu_column *by;
    columns.outcomes = hu_opt_list(run, "stages", NULL);
    columns.covariates = NULL;
    HU_TRY(hu_table_column(table, out->moderator, &by));
    size_t n = values_of(table, by, run->arena, values, MOST);
    out->chains = HU_NEW_ARRAY(run->arena, chain, n + 1);
    out->n_chains = n + 1;
    out->chains[0].name = "all";
    HU_TRY(one_chain(run, table, &columns, o, &out->chains[0]));
    for (size_t v = 0; v < n; v++) {
        out->chains[v + 1].name = hu_printf(run->arena, "%s=%s", by->name, values[v]);
        const hu_table *part = rows_of_group(table, by, out->chains[v + 1].name, run->arena);
        HU_TRY(one_chain(run, part, &columns, o, &out->chains[v + 1]));
    }
    return NULL;
}

/* ---- as JSON ---- */

static void put_effect(hu_json *json, const hu_trial_group *group, const cell cells[2])
{
    hu_json_object(json);
    hu_json_put_text(json, "group", group->name);
    static const char *const arms[] = {"control", "treatment"};
    for (size_t a = 0; a < 2; a++) {
        hu_json_key(json, arms[a]);
        hu_json_object(json);
        hu_json_put_integer(json, "n", (int64_t)cells[a].rows);
        hu_json_put_number(json, "mean", cells[a].mean);
        hu_json_object_end(json);
    }
    if (group->effect) {
        hu_json_put_number(json, "estimate", group->effect->estimate);
        hu_json_put_number(json, "se", group->effect->se);
        hu_json_put_number(json, "df", group->effect->df);
        hu_json_put_interval(json, "ci", group->effect->lower, group->effect->upper);
        hu_json_put_number(json, "p", group->effect->p);
        if (group->effect->fisher)
            hu_json_put_fisher(json, "fisher", group->effect->fisher);
    } else {
        hu_json_put_text(json, "note", group->note);
    }
    hu_json_object_end(json);
}

static void put_outcome(hu_json *json, const interplay *p, size_t k)
{
    const hu_trial_interaction *one = &p->groups->outcomes[k];
    hu_json_object(json);
    hu_json_put_text(json, "outcome", one->outcome);
    hu_json_key(json, "effects");
    hu_json_array(json);
    for (size_t g = 0; g < p->groups->n_groups; g++)
        put_effect(json, &one->groups[g], p->cells + (k * p->groups->n_groups + g) * 2);
    hu_json_array_end(json);
    hu_json_key(json, "interaction");
    hu_json_object(json);
    hu_json_put_number(json, "estimate", one->difference);
    hu_json_put_number(json, "se", one->se);
    hu_json_put_interval(json, "ci", one->lower, one->upper);
    hu_json_put_number(json, "p", one->p);
    if (one->fisher)
        hu_json_put_fisher(json, "fisher", one->fisher);
    hu_json_object_end(json);
    hu_json_object_end(json);
}

static void put_part(hu_json *json, const char *key, const hu_cascade_part *part)
{
    hu_json_key(json, key);
    hu_json_object(json);
    hu_json_put_number(json, "control", part->control);
    hu_json_put_number(json, "treatment", part->treatment);
    hu_json_put_number(json, "estimate", part->difference);
    hu_json_put_number(json, "se", part->se);
    hu_json_put_interval(json, "ci", part->lower, part->upper);
    hu_json_put_number(json, "p", part->p);
    if (part->fisher.assignments)
        hu_json_put_fisher(json, "fisher", &part->fisher);
    hu_json_object_end(json);
}

static void put_stage(hu_json *json, const hu_cascade_stage *stage)
{
    static const char *const arms[] = {"control", "treatment"};
    hu_json_object(json);
    hu_json_put_text(json, "stage", stage->name);
    for (size_t a = 0; a < 2; a++) {
        hu_json_key(json, arms[a]);
        hu_json_object(json);
        hu_json_put_integer(json, "at_risk", (int64_t)stage->at_risk[a]);
        hu_json_put_integer(json, "open", (int64_t)stage->open[a]);
        hu_json_put_integer(json, "reached", (int64_t)stage->reached[a]);
        hu_json_object_end(json);
    }
    put_part(json, "conditional", &stage->conditional);
    put_part(json, "unconditional", &stage->unconditional);
    hu_json_put_number(json, "contribution", stage->contribution);
    hu_json_put_number(json, "share", stage->share);
    hu_json_object_end(json);
}

static void put_chain(hu_json *json, const chain *c)
{
    hu_json_object(json);
    hu_json_put_text(json, "group", c->name);
    if (c->why_not)
        hu_json_put_text(json, "note", c->why_not);
    hu_json_put_integer(json, "n", (int64_t)c->cascade.rows);
    hu_json_put_integer(json, "units", (int64_t)c->cascade.units);
    hu_json_put_integer(json, "dropped", (int64_t)c->cascade.dropped);
    hu_json_key(json, "stages");
    hu_json_array(json);
    for (size_t k = 0; k < c->cascade.n && !c->why_not; k++)
        put_stage(json, &c->cascade.stages[k]);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void body(hu_json *json, const void *context)
{
    const interplay *p = context;
    hu_json_object(json);
    hu_json_put_text(json, "estimator", "interplay");
    hu_json_put_text(json, "moderator", p->moderator);
    if (p->groups) {
        hu_json_key(json, "outcomes");
        hu_json_array(json);
        for (size_t k = 0; k < p->groups->n; k++)
            put_outcome(json, p, k);
        hu_json_array_end(json);
        hu_json_put_text(json, "se_type", p->groups->se_type);
    }
    if (p->chains) {
        hu_json_key(json, "cascade");
        hu_json_array(json);
        for (size_t c = 0; c < p->n_chains; c++)
            put_chain(json, &p->chains[c]);
        hu_json_array_end(json);
    }
    hu_json_object_end(json);
}

/* ---- as tables ---- */

static void print_outcome(FILE *out, const interplay *p, size_t k)
{
    const hu_trial_interaction *one = &p->groups->outcomes[k];
    fprintf(out, "\n%s\n", one->outcome);
    for (size_t g = 0; g < p->groups->n_groups; g++) {
        const cell *cells = p->cells + (k * p->groups->n_groups + g) * 2;
        fprintf(out, "  %-24s control %.4g (%zu rows), treatment %.4g (%zu rows)\n", one->groups[g].name, cells[0].mean,
                cells[0].rows, cells[1].mean, cells[1].rows);
    }
    hu_print_head(out, "effect where", "effect");
    for (size_t g = 0; g < p->groups->n_groups; g++) {
        const hu_trial_effect *e = one->groups[g].effect;
        if (e)
            hu_print_row(out, one->groups[g].name, e->estimate, e->se, e->lower, e->upper, e->p);
        else
            fprintf(out, "  %s: %s\n", one->groups[g].name, one->groups[g].note);
    }
    if (p->groups->n_groups == 2)
        hu_print_row(out, "difference", one->difference, one->se, one->lower, one->upper, one->p);
    if (one->fisher)
        hu_print_fisher(out, "one effect for everybody", one->fisher);
}

static void print_part(FILE *out, const char *name, const hu_cascade_part *part)
{
    char p[16], exact[16] = "";
    if (part->fisher.assignments)
        hu_p_text(part->fisher.p, exact);
    fprintf(out, "  %-22s %7.3f %9.3f %9.3f   [%7.3f, %7.3f] %8s %8s\n", name, part->control, part->treatment,
            part->difference, part->lower, part->upper, hu_p_text(part->p, p), exact);
}

static void print_chain(FILE *out, const chain *c)
{
    fprintf(out, "\nChain, %s: ", c->name);
    if (c->why_not) {
        fprintf(out, "%s\n", c->why_not);
        return;
    }
    fprintf(out, "%zu rows, %zu units assigned; %zu rows left out\n\n  %-22s %7s %9s %9s   %-18s %8s %8s\n",
            c->cascade.rows, c->cascade.units, c->cascade.dropped, "of those before", "control", "treatment", "effect",
            "95 % interval", "p", "exact p");
    for (size_t k = 0; k < c->cascade.n; k++)
        print_part(out, c->cascade.stages[k].name, &c->cascade.stages[k].conditional);
    fputs("  of all\n", out);
    for (size_t k = 0; k < c->cascade.n; k++)
        print_part(out, c->cascade.stages[k].name, &c->cascade.stages[k].unconditional);
    fprintf(out, "  of the effect on %s comes from:", c->cascade.stages[c->cascade.n - 1].name);
    for (size_t k = 0; k < c->cascade.n; k++)
        fprintf(out, "%s %s %.3f", k ? "," : "", c->cascade.stages[k].name, c->cascade.stages[k].contribution);
    fputc('\n', out);
}

static void print_table(FILE *out, const interplay *p)
{
    fprintf(out, "Effects of the assignment by %s\n", p->moderator);
    for (size_t k = 0; p->groups && k < p->groups->n; k++)
        print_outcome(out, p, k);
    for (size_t c = 0; c < p->n_chains; c++)
        print_chain(out, &p->chains[c]);
    if (p->groups)
        hu_print_notes(out, p->groups->se_type, NULL, 0);
    fprintf(out,
            "Note: the assignment was drawn, %s was not: a difference between its values tells where the assignment "
            "worked, "
            "not what %s would change.\n",
            p->moderator, p->moderator);
}

static void csv_row(FILE *out, const char *kind, const char *name, const char *group, const double *values, size_t n)
{
    hu_print_csv_text(out, kind);
    fputc(',', out);
    hu_print_csv_text(out, name);
    fputc(',', out);
    hu_print_csv_text(out, group);
    for (size_t i = 0; i < n; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void csv_part(FILE *out, const char *kind, const char *name, const char *group, const hu_cascade_part *part)
{
    double exact = part->fisher.assignments ? part->fisher.p : NAN;
    const double values[] = {part->control, part->treatment, part->difference, part->se,
                             part->lower,   part->upper,     part->p,          exact};
    csv_row(out, kind, name, group, values, sizeof values / sizeof *values);
}

static void print_csv(FILE *out, const interplay *p)
{
    fputs("kind,name,group,control,treatment,estimate,se,ci_lower,ci_upper,p,fisher_p\n", out);
    for (size_t k = 0; p->groups && k < p->groups->n; k++) {
        const hu_trial_interaction *one = &p->groups->outcomes[k];
        for (size_t g = 0; g < p->groups->n_groups; g++) {
            const cell *cells = p->cells + (k * p->groups->n_groups + g) * 2;
            const hu_trial_effect *e = one->groups[g].effect;
            const hu_cascade_part part = {
                cells[0].mean,      cells[1].mean,   e ? e->estimate : NAN,
                e ? e->se : NAN,    e ? e->df : NAN, e ? e->lower : NAN,
                e ? e->upper : NAN, e ? e->p : NAN,  e && e->fisher ? *e->fisher : (hu_fisher){0}};
            csv_part(out, "effect", one->outcome, one->groups[g].name, &part);
        }
        const hu_cascade_part part = {NAN,        NAN,    one->difference,
                                      one->se,    NAN,    one->lower,
                                      one->upper, one->p, one->fisher ? *one->fisher : (hu_fisher){0}};
        csv_part(out, "interaction", one->outcome, "difference", &part);
    }
    for (size_t c = 0; c < p->n_chains; c++)
        for (size_t k = 0; !p->chains[c].why_not && k < p->chains[c].cascade.n; k++) {
            const hu_cascade_stage *stage = &p->chains[c].cascade.stages[k];
            csv_part(out, "conditional", stage->name, p->chains[c].name, &stage->conditional);
            csv_part(out, "unconditional", stage->name, p->chains[c].name, &stage->unconditional);
        }
}

/* ---- the command ---- */

static hu_error *check_named(const hu_run *run)
{
    size_t outcomes, stages;
    hu_opt_list(run, "outcome", &outcomes);
    hu_opt_list(run, "stages", &stages);
    HU_TRY(hu_opt_require(run, (const char *const[]){"treatment", "moderator", NULL}));
    if (!outcomes && !stages)
        return hu_fail(HU_USAGE, "name what the programmes may change together: --outcome, or the chain by --stages");
    if (strcmp(hu_opt_text(run, "treatment"), hu_opt_text(run, "moderator")) == 0)
        return hu_fail(HU_USAGE, "--moderator: \"%s\" is the treatment; name the other programme",
                       hu_opt_text(run, "moderator"));
    return NULL;
}

static hu_error *run_interplay(hu_run *run)
{
    size_t outcomes, stages;
    hu_table *table;
    interplay p = {.moderator = hu_opt_text(run, "moderator")};
    HU_TRY(check_named(run));
    hu_trial_columns columns = {.outcomes = hu_opt_list(run, "outcome", &outcomes),
                                .treatment = hu_opt_text(run, "treatment"),
                                .cluster = hu_opt_text(run, "cluster"),
                                .strata = hu_opt_text(run, "strata"),
                                .weights = hu_opt_text(run, "weights"),
                                .covariates = hu_opt_list(run, "covariates", NULL)};
    hu_trial_options o = {.adjust = hu_opt_is(run, "adjust", "ancova") ? HU_ANCOVA : HU_UNADJUSTED,
                          .seed = run->seed,
                          .threads = run->threads};
    HU_TRY(hu_opt_permutations(run, &o.permutations, &o.permutations_asked));
    HU_TRY(read_table(run, &table));
    if (outcomes)
        HU_TRY(estimate_outcomes(run, table, &columns, &o, &p));
    hu_opt_list(run, "stages", &stages);
    if (stages)
        HU_TRY(estimate_chains(run, table, columns, &o, &p));
    if (run->format == HU_FORMAT_TABLE)
        print_table(run->out, &p);
    else if (run->format == HU_FORMAT_CSV)
        print_csv(run->out, &p);
    else
        hu_print_json(run, body, &p);
    return NULL;
}

const hu_command hu_command_interplay = {
    .name = "interplay",
    .summary = "what a trial does where another programme has arrived, and along the chain of justice",
    .usage = "DATA.csv --outcome Y --treatment Z --moderator A [--stages S1,S2,…] [options]",
    .description =
        "Two programmes at once: districts were drawn for one (--treatment), the other (--moderator) has reached some "
        "of "
        "them. For each outcome the four means, the effect of the assignment where the other programme is and where it "
        "is "
        "not, and their difference: errors clustered by --cluster (CR2), and an exact test that the effect is one "
        "number "
        "for everybody, over all assignments that the design could have drawn.\n\n"
        "--stages follows a chain, each row a person or an incident: identified, referred, investigated, accused, "
        "judged, "
        "convicted. For each stage the share among those who reached the one before, and among all, by arm, with the "
        "difference, its jackknife interval over units (over pairs in a matched design) and its exact test; then how "
        "much "
        "each stage contributes to the effect on the last (Shapley's value). A stage that is not known yet is left "
        "empty: "
        "such rows count as the others do. All of it over all rows, and by each value of --moderator.\n\n"
        "DATA is CSV or Stata (.dta), a row a unit of observation, both programmes in columns.",
    .example =
        "  huella interplay incidents.csv --outcome referred --treatment trained --moderator prosecutors_trained "
        "--cluster district --strata pair\n"
        "  huella interplay persons.csv --stages identified,referred,investigated,convicted --treatment trained "
        "--moderator prosecutors_trained --cluster district --strata pair",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_interplay,
};
