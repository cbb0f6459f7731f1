/* Sun & Abraham's event study: effects of cohort and period, saturated, then averaged by event time. */

#include "huella/causal/sun_abraham.h"

#include "saturated.h"

#include <math.h>

/* Without anybody never treated the last cohort is the reference, until it is treated itself. */
static hu_error *find_reference(did_rows *rows, hu_arena *arena, hu_regression *result)
{
    double last = -INFINITY, first = INFINITY;
    bool never = false;
    for (size_t i = 0; i < rows->n; i++) {
        double g = did_rows_cohort(rows, i);
        never |= isinf(g);
        if (!isinf(g)) {
            last = fmax(last, g);
            first = fmin(first, g);
        }
    }
    if (isinf(last))
        return did_rows_nobody_treated(rows);
    if (never)
        return NULL;
    if (first == last)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: column \"%s\": everybody is treated in the same period (%g): there is nobody to compare "
                       "with at any time",
                       rows->table->source, rows->names->cohort, last);
    HU_SCRATCH(scratch);
    bool *keep = HU_NEW_ARRAY(scratch, bool, rows->n + 1);
    size_t before = rows->n;
    for (size_t i = 0; i < rows->n; i++)
        keep[i] = hu_number_at(rows->time, rows->row[i]) < last;
    did_rows_keep(rows, keep);
    rows->never_from = last;
    saturated_note(
        result, arena,
        hu_printf(arena,
                  "nobody is never treated: those first treated at %g are the reference, and %zu rows from then on "
                  "are left out",
                  last, before - rows->n));
    return NULL;
}

static hu_error *select_rows(const hu_table *table, const hu_did_columns *columns, hu_arena *scratch, hu_arena *arena,
                             saturated *d, hu_regression *result)
{
    did_rows *rows = &d->rows;
    HU_TRY(did_rows_complete(table, columns, scratch, rows));
    result->dropped = rows->dropped;
    did_rows_weighted(rows);
    did_rows_close(rows);
    saturated_drop_always_treated(rows, arena, result);
    HU_TRY(find_reference(rows, arena, result));
    result->singletons =
        did_rows_drop_singletons(rows, scratch, d->effects, arena, &result->warnings, &result->n_warnings);
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no unit is observed in two periods with a positive weight", table->source);
    return did_rows_one_cohort(rows, &d->effects[0], scratch);
}

static double time_of(const saturated *d, size_t period)
{
    return hu_number_at(d->rows.time, d->rows.row[d->effects[1].first[period]]);
}

/* Cohorts as levels, the reference last: it stands for a number above all others, so that all are whole if they were.
 */
static void code_cells(saturated *d, hu_arena *scratch)
{
    size_t n = d->rows.n;
    double *g = HU_NEW_ARRAY(scratch, double, n), highest = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        g[i] = did_rows_cohort(&d->rows, i);
        if (!isinf(g[i]))
            highest = fmax(highest, g[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (isinf(g[i]))
            g[i] = isinf(highest) ? 0 : highest + 1;
    hu_factor_numbers(g, n, scratch, &d->cohort);
    hu_factor_cross(&d->cohort, &d->effects[1], scratch, &d->cell);
}

/* The cell of a cohort and period + 1; 0 = nobody there. */
static uint32_t *cell_table(const saturated *d, hu_arena *scratch)
{
    size_t periods = d->effects[1].levels;
    uint32_t *at = HU_NEW_ARRAY(scratch, uint32_t, d->cohort.levels * periods);
    for (size_t c = 0; c < d->cell.levels; c++) {
        size_t i = d->cell.first[c];
        at[d->cohort.code[i] * periods + d->effects[1].code[i]] = (uint32_t)c + 1;
    }
    return at;
}

/* Differences of cells are identified within a component of the two-way regression. */
static bool identified(const saturated *d, const uint32_t *row, const uint32_t *reference, size_t t, size_t base)
{
    const uint32_t *component = d->on.fit->component;
    return row[t] && row[base] && reference[t] && reference[base] &&
           component[row[t] - 1] == component[row[base] - 1] &&
           component[reference[t] - 1] == component[reference[base] - 1];
}

/* The effects of one cohort. Returns how many of its cells have none. */
static size_t cohort_effects(saturated *d, const uint32_t *row, const uint32_t *reference, double g)
{
    size_t periods = d->effects[1].levels, base = periods, missing = 0;
    for (size_t t = 0; t < periods; t++)
        if (did_periods_since(time_of(d, t), g) == -1)
            base = t;
    for (size_t t = 0; t < periods; t++) {
        if (t == base || !row[t])
            continue;
        if (base == periods || !identified(d, row, reference, t, base)) {
            missing++;
            continue;
        }
        d->effect[d->n_effects++] = (saturated_effect){row[t] - 1,
                                                       row[base] - 1,
                                                       reference[t] - 1,
                                                       reference[base] - 1,
                                                       did_periods_since(time_of(d, t), g),
                                                       d->on.fit->weight_few[row[t] - 1]};
    }
    return missing;
}

static hu_error *list_effects(saturated *d, hu_arena *scratch, hu_arena *arena, hu_regression *result)
{
    size_t periods = d->effects[1].levels, treated = d->cohort.levels - 1;
    const uint32_t *at = cell_table(d, scratch), *reference = at + treated * periods;
    d->effect = HU_NEW_ARRAY(scratch, saturated_effect, d->cell.levels);
    for (size_t c = 0; c < treated; c++) {
        double g = did_rows_cohort(&d->rows, d->cohort.first[c]);
        size_t missing = cohort_effects(d, at + c * periods, reference, g);
        if (missing)
            saturated_note(
                result, arena,
                hu_printf(arena,
                          "cohort %g: %zu effects cannot be told from those of units and periods (it, or the "
                          "reference, is not observed then, or not in period %g before treatment) and are left out",
                          g, missing, g - 1));
    }
    if (d->n_effects == 0)
        return hu_fail(HU_SINGULAR,
                       "%s: no effect is identified: some cohort and the reference must be observed in the period "
                       "before its treatment and in another one",
                       d->rows.table->source);
    saturated_events(d, scratch);
    return NULL;
}

hu_error *hu_sun_abraham(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *asked,
                         hu_arena *arena, hu_regression **out)
{
    static const saturated_kind kind = {select_rows, code_cells, list_effects};
    return saturated_fit(&kind, table, columns, asked, arena, out);
}
