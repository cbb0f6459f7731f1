/* Randomization tests of any estimator, by computing it anew under every assignment. */

#include "permute_draw.h"

#include <math.h>
#include <string.h>

typedef struct recomputation {
    const did_draw *draw;
    hu_table table; /* columns of numbers converted beforehand */
    size_t cohort;  /* which column */
    hu_reestimate *reestimate;
    const void *context;
    hu_progress *progress;
} recomputation;

/* One part's own table: the cohorts change, the other columns are shared and only read. */
typedef struct copy {
    const recomputation *of;
    hu_table table;
} copy;

static copy *copy_table(const recomputation *r, hu_arena *arena)
{
    copy *c = HU_NEW(arena, copy);
    c->of = r;
    c->table = r->table;
    c->table.arena = arena;
    c->table.columns = HU_NEW_ARRAY(arena, hu_column, r->table.n_columns);
    memcpy(c->table.columns, r->table.columns, r->table.n_columns * sizeof(hu_column));
    c->table.columns[r->cohort].numbers = HU_NEW_ARRAY(arena, double, r->table.rows);
    return c;
}

static void *start(const void *context, hu_arena *arena)
{
    return copy_table(context, arena);
}

static hu_error *estimate(copy *c, const uint32_t *label, double *statistic)
{
    const did_draw *draw = c->of->draw;
    double *cohort = c->table.columns[c->of->cohort].numbers;
    for (size_t row = 0; row < c->table.rows; row++) {
        uint32_t unit = draw->unit_of_row[row];
        cohort[row] = unit == UINT32_MAX ? NAN : draw->cohort[label[unit]];
    }
    HU_SCRATCH(scratch);
    hu_effect effect = {.estimate = NAN};
    *statistic = NAN;
    HU_TRY(c->of->reestimate(&c->table, c->of->context, scratch, &effect));
    *statistic = effect.estimate / effect.se;
    return NULL;
}

/* What cannot be estimated is not a number, which counts as extreme. */
static void evaluate(void *state, const hu_walk *walk, double *values)
{
    const copy *c = state;
    hu_error_free(estimate(state, walk->label, values));
    hu_progress_step(c->of->progress, 1);
}

/* Columns that estimators take as numbers, converted once: not by every thread again. */
static hu_error *convert(const hu_table *table, const hu_did_columns *columns, hu_arena *arena, recomputation *r)
{
    r->table = *table;
    r->table.columns = HU_NEW_ARRAY(arena, hu_column, table->n_columns);
    memcpy(r->table.columns, table->columns, table->n_columns * sizeof(hu_column));
    const char *names[] = {columns->outcome, columns->time, columns->cohort, columns->weights};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hu_column *column;
        if (!names[i])
            continue;
        HU_TRY(hu_table_numbers(table, names[i], &column));
        r->table.columns[hu_table_find(table, names[i]) - table->columns] = *column;
    }
    r->cohort = (size_t)(hu_table_find(table, columns->cohort) - table->columns);
    return NULL;
}

hu_error *hu_permute(const hu_table *table, const hu_did_columns *columns, const hu_permute_options *options,
                     hu_reestimate *reestimate, const void *context, hu_arena *arena, hu_permutation **result)
{
    HU_SCRATCH(scratch);
    did_draw draw;
    hu_assignments *all;
    HU_TRY(did_draw_build(table, columns, options, 0, scratch, &draw));
    HU_TRY(did_draw_assignments(&draw, table, columns, options, scratch, &all));
    recomputation r = {.draw = &draw, .reestimate = reestimate, .context = context, .progress = options->progress};
    HU_TRY(convert(table, columns, scratch, &r));
    double *values = HU_NEW_ARRAY(arena, double, all->count), observed;
    HU_TRY(estimate(copy_table(&r, scratch), draw.label, &observed));
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){&r, 1, start, evaluate}, options->threads, values));
    hu_permutation *p = HU_NEW(arena, hu_permutation);
    *p = (hu_permutation){hu_fisher_test(all, values, 1, observed), draw.units, hu_strdup(arena, draw.by), values};
    *result = p;
    return NULL;
}
