/* Checks of huella sensitivity that estimate again: on fewer rows, on others, on another outcome. */

#include "sensitivity.h"

#include "huella/numerics/factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One estimate a row, beside the one on all data. */
typedef struct repeats {
    sensitivity *s;
    const char *check, *title, *what; /* --check; for people; heads the column of labels */
    hu_effect all;                    /* on all data; NaN estimate = there is none to show */
    const char *se_type;
    const char **labels;
    hu_effect *effects;
    double *holm;       /* adjusted p, or NULL */
    const char **notes; /* why a row has no estimate, or NULL */
    size_t n;
    size_t told; /* repetitions whose warnings are told: the later ones of a kind warn of the same */
} repeats;

/* ---- output ---- */

static void body(hu_json *json, const void *context)
{
    const repeats *r = context;
    hu_json_object(json);
    hu_json_put_text(json, "check", r->check);
    hu_json_put_text(json, "estimator", r->s->estimator);
    if (!isnan(r->all.estimate)) {
        hu_json_key(json, "all");
        hu_json_object(json);
        sensitivity_put_effect(json, &r->all);
        hu_json_object_end(json);
    }
    hu_json_key(json, "rows");
    hu_json_array(json);
    for (size_t i = 0; i < r->n; i++) {
        hu_json_object(json);
        hu_json_put_text(json, r->what, r->labels[i]);
        sensitivity_put_effect(json, &r->effects[i]);
        if (r->holm)
            hu_json_put_number(json, "p_holm", r->holm[i]);
        if (r->notes[i])
            hu_json_put_text(json, "note", r->notes[i]);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_put_notes(json, r->se_type, r->s->warnings, r->s->n_warnings);
    hu_json_object_end(json);
}

static void csv_row(FILE *out, const char *label, const hu_effect *e, double holm)
{
    const double values[] = {e->estimate, e->se, e->lower, e->upper, e->p, holm};
    hu_print_csv_text(out, label);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hu_print_csv_number(out, values[i]);
    fputc('\n', out);
}

static void csv(FILE *out, const repeats *r)
{
    fprintf(out, "%s,estimate,se,ci_lower,ci_upper,p,p_holm\n", r->what);
    if (!isnan(r->all.estimate))
        csv_row(out, "", &r->all, NAN);
    for (size_t i = 0; i < r->n; i++)
        csv_row(out, r->labels[i], &r->effects[i], r->holm ? r->holm[i] : NAN);
}

static void table(FILE *out, const repeats *r)
{
    char text[16];
    fprintf(out, "%s\n", r->title);
    hu_print_head(out, r->what, "effect");
    if (!isnan(r->all.estimate))
        hu_print_row(out, "(all data)", r->all.estimate, r->all.se, r->all.lower, r->all.upper, r->all.p);
    for (size_t i = 0; i < r->n; i++) {
        const hu_effect *e = &r->effects[i];
        hu_print_row(out, r->labels[i], e->estimate, e->se, e->lower, e->upper, e->p);
        if (r->notes[i])
            fprintf(out, "      %s\n", r->notes[i]);
        if (r->holm && !isnan(r->holm[i]))
            fprintf(out, "      with Holm's correction for %zu outcomes: p %s\n", r->n, hu_p_text(r->holm[i], text));
    }
    hu_print_notes(out, r->se_type, r->s->warnings, r->s->n_warnings);
}

static hu_error *print(const repeats *r)
{
    const hu_run *run = r->s->run;
    HU_TRY(hu_plot_forest(run, r->title, "Effect", r->labels, r->effects, r->n, r->all.estimate));
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, r);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, r);
    else
        hu_print_json(run, body, r);
    return NULL;
}

/* ---- estimating again ---- */

static repeats start(sensitivity *s, const char *check, const char *title, const char *what, size_t most)
{
    hu_arena *arena = s->run->arena;
    return (repeats){.s = s,
                     .check = check,
                     .title = title,
                     .what = what,
                     .all = {.estimate = NAN},
                     .labels = HU_NEW_ARRAY(arena, const char *, most + 1),
                     .effects = HU_NEW_ARRAY(arena, hu_effect, most + 1),
                     .notes = HU_NEW_ARRAY(arena, const char *, most + 1)};
}

/* The estimator's overall effect on a table. */
static hu_error *overall(const sensitivity *s, const hu_table *table, const hu_did_columns *columns,
                         const hu_did_options *options, did_comparison *c)
{
    HU_TRY(hu_did_estimate(s->run, s->estimator, table, columns, options, c));
    if (!c->overall_of)
        return hu_fail(HU_EMPTY, "there is no effect after treatment to average");
    return NULL;
}

static hu_error *on_all(repeats *r, const hu_did_options *options)
{
    did_comparison c;
    HU_TRY(overall(r->s, r->s->table, r->s->columns, options, &c));
    r->all = c.overall;
    r->se_type = c.study.se_type;
    for (size_t i = 0; i < c.n_warnings; i++)
        sensitivity_warn(r->s, "%s", c.warnings[i]);
    return NULL;
}

/* Adds a row; a failure to estimate is its note. */
static void add(repeats *r, const char *label, const hu_table *table, const hu_did_columns *columns,
                const hu_did_options *options)
{
    did_comparison c;
    hu_error *error = overall(r->s, table, columns, options, &c);
    r->labels[r->n] = label;
    r->effects[r->n] = error ? (hu_effect){NAN, NAN, NAN, NAN, NAN, NAN, NAN} : c.overall;
    if (error)
        r->notes[r->n] = hu_strdup(r->s->run->arena, error->message);
    else if (!r->se_type)
        r->se_type = c.study.se_type;
    for (size_t i = 0; !error && r->n < r->told && i < c.n_warnings; i++)
        sensitivity_warn(r->s, "%s %s: %s", r->what, label, c.warnings[i]);
    r->n++;
    hu_error_free(error);
}

static double cohort_of(const hu_column *cohort, size_t row)
{
    double g = hu_number_at(cohort, row);
    return isnan(g) || g == 0 ? INFINITY : g;
}

/* ---- each cluster left out ---- */

hu_error *sensitivity_leave_one_out(sensitivity *s)
{
    hu_arena *arena = s->run->arena;
    const char *name = hu_opt_text(s->run, "leave-out");
    name = name ? name : s->columns->cluster ? s->columns->cluster : s->columns->unit;
    if (!name)
        return hu_fail(HU_USAGE, "--check leave_one_out: name what is left out by --cluster or --leave-out");
    hu_column *column;
    hu_factor levels;
    HU_TRY(hu_table_column(s->table, name, &column));
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, s->table->rows + 1);
    size_t n = 0;
    for (size_t r = 0; r < s->table->rows; r++)
        if (column->type == HU_TEXT ? column->texts[r].data != NULL : !isnan(hu_number_at(column, r)))
            rows[n++] = (uint32_t)r;
    hu_factor_column(column, rows, n, arena, &levels);
    if (levels.levels > 1000)
        return hu_fail(HU_LIMIT,
                       "--check leave_one_out: column \"%s\" has %zu values: at most 1,000; name a coarser one "
                       "by --leave-out",
                       name, levels.levels);
    repeats r = start(s, "leave_one_out", hu_printf(arena, "Effect on %s without each %s", s->columns->outcome, name),
                      name, levels.levels);
    HU_TRY(on_all(&r, &s->options));
    for (size_t l = 0; l < levels.levels; l++) {
        HU_SCRATCH(scratch);
        uint32_t *kept = HU_NEW_ARRAY(scratch, uint32_t, n + 1);
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            if (levels.code[i] != l)
                kept[count++] = rows[i];
        add(&r, hu_table_text(s->table, column, rows[levels.first[l]], arena),
            hu_table_rows(s->table, kept, count, scratch), s->columns, &s->options);
    }
    return print(&r);
}

/* ---- treatment that never was ---- */

/* Rows before treatment, with treatment moved up by `shift` periods. */
static hu_table *before_treatment(const sensitivity *s, const hu_column *time, const hu_column *cohort, double shift,
                                  hu_arena *arena)
{
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, s->table->rows + 1);
    size_t n = 0;
    for (size_t r = 0; r < s->table->rows; r++)
        if (hu_number_at(time, r) < cohort_of(cohort, r))
            rows[n++] = (uint32_t)r;
    hu_table *table = hu_table_rows(s->table, rows, n, arena);
    hu_column *moved = hu_table_find(table, s->columns->cohort);
    if (moved->type == HU_TEXT) /* read as numbers: put them there */
        *moved = (hu_column){.name = moved->name, .type = HU_NUMBER, .numbers = HU_NEW_ARRAY(arena, double, n + 1)};
    for (size_t i = 0; i < n; i++) {
        double g = cohort_of(cohort, rows[i]);
        moved->numbers[i] = isinf(g) ? NAN : g - shift;
    }
    return table;
}

hu_error *sensitivity_placebo_cohorts(sensitivity *s)
{
    hu_arena *arena = s->run->arena;
    int64_t most = hu_opt_integer(s->run, "periods");
    if (most < 1 || most > 100)
        return hu_fail(HU_USAGE, "--periods: expected a number from 1 to 100");
    hu_column *time, *cohort;
    HU_TRY(hu_table_numbers(s->table, s->columns->time, &time));
    HU_TRY(hu_table_numbers(s->table, s->columns->cohort, &cohort));
    repeats r = start(s, "placebo_cohorts",
                      hu_printf(arena, "Effect on %s before treatment, as if it had come earlier: there should be none",
                                s->columns->outcome),
                      "periods_earlier", (size_t)most);
    r.told = 1;
    /* A unit treated in time leaves the panel then, so that panels are no longer balanced: rows as they come. */
    hu_did_options options = s->options;
    hu_did_columns columns = *s->columns;
    options.cross_section = true;
    if (!columns.cluster)
        columns.cluster = columns.unit;
    for (int64_t shift = 1; shift <= most; shift++)
        add(&r, hu_printf(arena, "%lld", (long long)shift), before_treatment(s, time, cohort, (double)shift, arena),
            &columns, &options);
    return print(&r);
}

/* ---- outcomes that treatment cannot change ---- */

static int by_p(const void *a, const void *b, void *p)
{
    double x = ((const double *)p)[*(const size_t *)a], y = ((const double *)p)[*(const size_t *)b];
    return (x > y) - (x < y);
}

/* Holm (1979): the k-th smallest p times the tests left, never below the one before. */
static void holm(repeats *r)
{
    hu_arena *arena = r->s->run->arena;
    size_t n = 0, *order = HU_NEW_ARRAY(arena, size_t, r->n + 1);
    double *p = HU_NEW_ARRAY(arena, double, r->n + 1), last = 0;
    r->holm = HU_NEW_ARRAY(arena, double, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        p[i] = r->effects[i].p;
        r->holm[i] = NAN;
        if (!isnan(p[i]))
            order[n++] = i;
    }
    qsort_r(order, n, sizeof *order, by_p, p);
    for (size_t k = 0; k < n; k++)
        r->holm[order[k]] = last = fmax(last, fmin(1, p[order[k]] * (double)(n - k)));
}

hu_error *sensitivity_placebo_outcomes(sensitivity *s)
{
    size_t n;
    const char **outcomes = hu_opt_list(s->run, "outcomes", &n);
    if (n == 0)
        return hu_fail(HU_USAGE, "--check placebo_outcomes: name columns that treatment cannot change by --outcomes");
    repeats r = start(s, "placebo_outcomes", "Effects on outcomes that treatment cannot change: there should be none",
                      "outcome", n);
    r.told = n;
    for (size_t i = 0; i < n; i++) {
        hu_did_columns columns = *s->columns;
        columns.outcome = outcomes[i];
        add(&r, outcomes[i], s->table, &columns, &s->options);
    }
    holm(&r);
    return print(&r);
}

/* ---- without the first periods after treatment ---- */

hu_error *sensitivity_donut(sensitivity *s)
{
    hu_arena *arena = s->run->arena;
    int64_t most = hu_opt_integer(s->run, "periods");
    if (most < 1 || most > 100)
        return hu_fail(HU_USAGE, "--periods: expected a number from 1 to 100");
    hu_column *time, *cohort;
    HU_TRY(hu_table_numbers(s->table, s->columns->time, &time));
    HU_TRY(hu_table_numbers(s->table, s->columns->cohort, &cohort));
    repeats r = start(s, "donut",
                      hu_printf(arena, "Effect on %s without the first periods after treatment", s->columns->outcome),
                      "periods_left_out", (size_t)most);
    HU_TRY(on_all(&r, &s->options));
    bool by_event = strcmp(s->estimator, "callaway_santanna") == 0;
    for (int64_t width = 1; width <= most; width++) {
        hu_did_options options = s->options;
        hu_table *table = s->table;
        if (by_event) { /* leaves every comparison as it is and averages later ones */
            options.event_from = (int)width;
            options.event_to = 1000000;
        } else {
            uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, s->table->rows + 1);
            size_t n = 0;
            for (size_t i = 0; i < s->table->rows; i++) {
                double e = hu_number_at(time, i) - cohort_of(cohort, i);
                if (!(e >= 0 && e < (double)width))
                    rows[n++] = (uint32_t)i;
            }
            table = hu_table_rows(s->table, rows, n, arena);
        }
        add(&r, hu_printf(arena, "%lld", (long long)width), table, s->columns, &options);
    }
    return print(&r);
}
