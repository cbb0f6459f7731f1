/* Wooldridge's extended two-way fixed effects: treated cells saturated. */

#include "huella/causal/etwfe.h"

#include "saturated.h"

#include <math.h>

static bool treated(const did_rows *rows, size_t i)
{
    return hu_number_at(rows->time, rows->row[i]) >= did_rows_cohort(rows, i);
}

/* Cells: a level for each period of untreated rows, then one for each cohort and period of treated rows. */
static void code_cells(saturated *d, hu_arena *scratch)
{
    size_t n = d->rows.n, periods = d->effects[1].levels;
    double *g = HU_NEW_ARRAY(scratch, double, n + 1), *cell = HU_NEW_ARRAY(scratch, double, n + 1);
    for (size_t i = 0; i < n; i++)
        g[i] = did_rows_cohort(&d->rows, i);
    hu_factor_numbers(g, n, scratch, &d->cohort);
    for (size_t i = 0; i < n; i++)
        cell[i] =
            (double)(d->effects[1].code[i] + (treated(&d->rows, i) ? periods * (1 + (size_t)d->cohort.code[i]) : 0));
    hu_factor_numbers(cell, n, scratch, &d->cell);
}

/* Each treated cell against the untreated rows of its period, where units connect them. */
static hu_error *list_effects(saturated *d, hu_arena *scratch, hu_arena *arena, hu_regression *result)
{
    size_t missing = 0, periods = d->effects[1].levels;
    uint32_t *untreated = HU_NEW_ARRAY(scratch, uint32_t, periods); /* cell + 1 of each period */
    d->effect = HU_NEW_ARRAY(scratch, saturated_effect, d->cell.levels);
    for (size_t c = 0; c < d->cell.levels; c++)
        if (!treated(&d->rows, d->cell.first[c]))
            untreated[d->effects[1].code[d->cell.first[c]]] = (uint32_t)c + 1;
    for (uint32_t c = 0; c < d->cell.levels; c++) {
        size_t i = d->cell.first[c];
        uint32_t other = untreated[d->effects[1].code[i]];
        if (!treated(&d->rows, i))
            continue;
        if (!other || d->on.fit->component[c] != d->on.fit->component[other - 1]) {
            missing++;
            continue;
        }
        double since = did_periods_since(hu_number_at(d->rows.time, d->rows.row[i]), did_rows_cohort(&d->rows, i));
        d->effect[d->n_effects++] =
            (saturated_effect){c, other - 1, other - 1, other - 1, since, d->on.fit->weight_few[c]};
    }
    if (missing)
        saturated_note(result, arena,
                       hu_printf(arena,
                                 "%zu effects by cohort and period are not identified (nobody untreated in the period, "
                                 "or units never observed untreated) and are left out",
                                 missing));
    if (d->n_effects == 0)
        return hu_fail(
            HU_SINGULAR,
            "%s: no effect is identified: somebody must be untreated in a period in which others are treated, "
            "and these be observed before",
            d->rows.table->source);
    saturated_events(d, scratch);
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
    result->singletons =
        did_rows_drop_singletons(rows, scratch, d->effects, arena, &result->warnings, &result->n_warnings);
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no unit is observed in two periods with a positive weight", table->source);
    HU_TRY(did_rows_one_cohort(rows, &d->effects[0], scratch));
    bool any = false;
    for (size_t i = 0; i < rows->n; i++)
        any |= treated(rows, i);
    return any ? NULL : did_rows_nobody_treated(rows);
}

hu_error *hu_etwfe(const hu_table *table, const hu_did_columns *columns, const hu_regression_options *asked,
                   hu_arena *arena, hu_regression **out)
{
    static const saturated_kind kind = {select_rows, code_cells, list_effects};
    return saturated_fit(&kind, table, columns, asked, arena, out);
}
