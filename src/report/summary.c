/* The closing table: what a plan found, a row an outcome. */

#include "huella/report/people.h"
#include "huella/report/results.h"

#include <math.h>
#include <string.h>

enum { MAX_COLUMNS = 8 };

/* Cells of a printed table; texts are aligned left, numbers right. */
typedef struct text_grid {
    const char *(*cells)[MAX_COLUMNS];
    size_t rows, columns, texts; /* the first columns hold texts, the others numbers */
} text_grid;

/* Pads by what the eye sees: code points, not bytes. */
static void print_cell(FILE *out, const char *text, size_t width, bool left)
{
    size_t length = hu_utf8_count(text, strlen(text)), pad = width > length ? width - length : 0;
    if (left)
        fprintf(out, "%s%*s", text, (int)pad, "");
    else
        fprintf(out, "%*s%s", (int)pad, "", text);
}

static void print_grid(const text_grid *grid, FILE *out)
{
    size_t width[MAX_COLUMNS] = {0};
    for (size_t r = 0; r < grid->rows; r++)
        for (size_t c = 0; c < grid->columns; c++) {
            size_t length = hu_utf8_count(grid->cells[r][c], strlen(grid->cells[r][c]));
            width[c] = length > width[c] ? length : width[c];
        }
    for (size_t r = 0; r < grid->rows; r++) {
        for (size_t c = 0; c < grid->columns; c++) {
            fputs(c ? "  " : "", out);
            print_cell(out, grid->cells[r][c], width[c], c < grid->texts);
        }
        fputc('\n', out);
    }
}

static bool any_planted(const hu_results *results)
{
    for (size_t i = 0; i < results->n_outcomes; i++)
        if (isfinite(results->outcomes[i].planted))
            return true;
    return false;
}

static size_t fill_header(const hu_results *results, bool all, bool planted, hu_arena *arena,
                          const char *cells[MAX_COLUMNS])
{
    size_t c = 0;
    cells[c++] = "outcome";
    if (all)
        cells[c++] = "estimator";
    cells[c++] = "effect";
    cells[c++] = hu_printf(arena, "%g %% interval", 100 * results->level);
    cells[c++] = "p";
    cells[c++] = "cases";
    if (planted)
        cells[c++] = "planted";
    return c;
}

static void fill_row(const hu_results *results, size_t outcome, size_t estimator, bool all, bool planted,
                     hu_arena *arena, const char *cells[MAX_COLUMNS])
{
    const hu_result_outcome *what = &results->outcomes[outcome];
    const hu_estimate *estimate = hu_results_at(results, outcome, estimator);
    hu_scale scale = hu_scale_of(what->share);
    size_t c = 0;
    cells[c++] = what->given_conviction ? hu_printf(arena, "%s *", what->label) : what->label;
    if (all)
        cells[c++] = results->estimators[estimator].name;
    cells[c++] = hu_people_effect(arena, scale, estimate->effect.estimate);
    cells[c++] = hu_people_interval(arena, scale, estimate->effect.lower, estimate->effect.upper);
    cells[c++] = hu_people_p(arena, estimate->effect.p);
    cells[c++] = hu_people_count(arena, estimate->n);
    if (planted)
        cells[c++] = hu_people_effect(arena, scale, what->planted);
}

/* Below the table: what the star means, and why an estimate is missing. */
static void print_notes(const hu_results *results, size_t n_estimators, FILE *out)
{
    for (size_t i = 0; i < results->n_outcomes; i++)
        if (results->outcomes[i].given_conviction) {
            fputs("* among the convicted only: a change in who is convicted shows up here too\n", out);
            break;
        }
    for (size_t o = 0; o < results->n_outcomes; o++)
        for (size_t e = 0; e < n_estimators; e++) {
            const hu_estimate *estimate = hu_results_at(results, o, e);
            if (estimate->failure)
                fprintf(out, "%s, %s: no estimate: %s\n", results->outcomes[o].label, results->estimators[e].name,
                        estimate->failure);
        }
}

/* What became of the plan since it was locked. */
static void print_lock(const hu_results *results, FILE *out)
{
    if (!results->locked)
        return;
    fprintf(out, "Plan locked %s%s", results->locked,
            results->locked_after_results ? ", after effects had been estimated" : "");
    fputs(results->n_deviations ? "; it deviates:\n" : "; it is as it was locked.\n", out);
    for (size_t i = 0; i < results->n_deviations; i++) {
        const hu_result_deviation *d = &results->deviations[i];
        fprintf(out, "  %s: %s, now %s (%s)\n", d->field, d->before ? d->before : "not there",
                d->after ? d->after : "not there", d->amended ? d->reason : "not amended");
    }
}

void hu_results_print_table(const hu_results *results, bool all_estimators, FILE *out)
{
    HU_SCRATCH(arena);
    size_t n_estimators = all_estimators ? results->n_estimators : 1;
    bool planted = any_planted(results);
    text_grid grid = {.rows = results->n_outcomes * n_estimators + 1, .texts = all_estimators ? 2 : 1};
    grid.cells = hu_alloc_array(arena, grid.rows, sizeof *grid.cells);
    grid.columns = fill_header(results, all_estimators, planted, arena, grid.cells[0]);
    for (size_t i = 1; i < grid.rows; i++)
        fill_row(results, (i - 1) / n_estimators, (i - 1) % n_estimators, all_estimators, planted, arena,
                 grid.cells[i]);
    print_grid(&grid, out);
    print_notes(results, n_estimators, out);
    print_lock(results, out);
}

static void print_number(FILE *out, double value)
{
    char text[32];
    fprintf(out, ",%s", isfinite(value) ? hu_format_double(value, text) : "");
}

void hu_results_print_csv(const hu_results *results, FILE *out)
{
    fputs("outcome,estimator,method,estimate,se,lower,upper,p,n,treated,clusters,planted\n", out);
    for (size_t o = 0; o < results->n_outcomes; o++)
        for (size_t e = 0; e < results->n_estimators; e++) {
            const hu_estimate *estimate = hu_results_at(results, o, e);
            const hu_effect *effect = &estimate->effect;
            const double numbers[] = {effect->estimate, effect->se, effect->lower, effect->upper, effect->p};
            fprintf(out, "%s,%s,%s", results->outcomes[o].name, results->estimators[e].name,
                    results->estimators[e].method);
            for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
                print_number(out, numbers[i]);
            fprintf(out, ",%zu,%zu,%zu", estimate->n, estimate->treated, estimate->clusters);
            print_number(out, results->outcomes[o].planted);
            fputc('\n', out);
        }
}
