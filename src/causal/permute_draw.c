/* Who was assigned which cohort, and within which strata. */

#include "permute_draw.h"

#include <math.h>

hu_error *did_draw_strata(const hu_table *table, const char *name, const uint32_t *row, size_t units, const bool *never,
                          hu_arena *arena, uint32_t *stratum)
{
    for (size_t u = 0; u < units; u++)
        stratum[u] = never && never[u];
    if (!name)
        return NULL;
    hu_column *column;
    hu_factor levels;
    HU_TRY(hu_table_column(table, name, &column));
    for (size_t u = 0; u < units; u++)
        if (column->type == HU_TEXT ? !column->texts[row[u]].data : isnan(hu_number_at(column, row[u])))
            return hu_table_fail(table, HU_BAD_INPUT, row[u], column->name,
                                 "the stratum of the draw is missing here: expected one for each unit");
    hu_factor_column(column, row, units, arena, &levels);
    for (size_t u = 0; u < units; u++)
        stratum[u] += 2 * levels.code[u];
    return NULL;
}

static bool same(const hu_column *column, size_t a, size_t b)
{
    return column->type == HU_TEXT ? hu_str_equal(column->texts[a], column->texts[b])
                                   : hu_number_at(column, a) == hu_number_at(column, b);
}

/* One cohort and one stratum for all rows of a unit. */
static hu_error *check_units(const did_rows *rows, const hu_factor *unit, const char *strata, hu_arena *arena)
{
    hu_column *column = NULL;
    if (strata)
        HU_TRY(hu_table_column(rows->table, strata, &column));
    for (size_t i = 0; i < rows->n; i++) {
        size_t first = unit->first[unit->code[i]];
        if (did_rows_cohort(rows, i) != did_rows_cohort(rows, first))
            return did_rows_fail(rows, i, rows->cohort->name,
                                 "rows of one cluster were first treated in different periods: expected one cohort for "
                                 "each cluster, as the rollout assigned it",
                                 arena);
        if (column && !same(column, rows->row[i], rows->row[first]))
            return did_rows_fail(rows, i, column->name,
                                 "the stratum differs from that of an earlier row: expected one for each unit that was "
                                 "assigned",
                                 arena);
    }
    return NULL;
}

static double extreme_period(const did_rows *rows, double sign)
{
    double end = -INFINITY;
    for (size_t i = 0; i < rows->n; i++)
        end = fmax(end, sign * hu_number_at(rows->time, rows->row[i]));
    return sign * end;
}

/* Labels and strata of units; those treated from the first period on are a stratum of their own. */
static hu_error *deal(const did_rows *rows, const hu_factor *unit, const hu_permute_options *options, double start,
                      hu_arena *arena, did_draw *draw)
{
    double *cohort = HU_NEW_ARRAY(arena, double, draw->units);
    bool *apart = HU_NEW_ARRAY(arena, bool, draw->units);
    uint32_t *row = HU_NEW_ARRAY(arena, uint32_t, draw->units);
    for (size_t u = 0; u < draw->units; u++) {
        cohort[u] = did_rows_cohort(rows, unit->first[u]);
        apart[u] = options->treated_only && isinf(cohort[u]);
        row[u] = rows->row[unit->first[u]];
    }
    hu_factor levels;
    hu_factor_numbers(cohort, draw->units, arena, &levels);
    draw->label = levels.code;
    draw->cohorts = levels.levels;
    draw->cohort = HU_NEW_ARRAY(arena, double, levels.levels);
    for (size_t g = 0; g < levels.levels; g++)
        draw->cohort[g] = cohort[levels.first[g]];
    draw->stratum = HU_NEW_ARRAY(arena, uint32_t, draw->units);
    HU_TRY(did_draw_strata(rows->table, options->strata, row, draw->units, apart, arena, draw->stratum));
    for (size_t u = 0; u < draw->units; u++)
        draw->stratum[u] = 2 * draw->stratum[u] + (cohort[u] <= start);
    return NULL;
}

hu_error *did_draw_build(const hu_table *table, const hu_did_columns *columns, const hu_permute_options *options,
                         double anticipation, hu_arena *arena, did_draw *draw)
{
    did_rows rows;
    hu_factor unit;
    HU_TRY(did_rows_complete(table, columns, arena, &rows));
    const hu_column *by = rows.cluster ? rows.cluster : rows.unit;
    if (!by)
        return hu_fail(HU_USAGE, "a randomization test must know who was assigned a time of treatment: name the column "
                                 "of the clusters (--cluster) or units (--unit)");
    rows.never_from = nextafter(extreme_period(&rows, 1) + anticipation, INFINITY);
    hu_factor_column(by, rows.row, rows.n, arena, &unit);
    HU_TRY(check_units(&rows, &unit, options->strata, arena));
    *draw = (did_draw){.units = unit.levels, .by = by->name};
    draw->unit_of_row = HU_NEW_ARRAY(arena, uint32_t, table->rows);
    for (size_t r = 0; r < table->rows; r++)
        draw->unit_of_row[r] = UINT32_MAX;
    for (size_t i = 0; i < rows.n; i++)
        draw->unit_of_row[rows.row[i]] = unit.code[i];
    return deal(&rows, &unit, options, extreme_period(&rows, -1) + anticipation, arena, draw);
}

hu_error *did_draw_assignments(const did_draw *draw, const hu_table *table, const hu_did_columns *columns,
                               const hu_permute_options *options, hu_arena *arena, hu_assignments **assignments)
{
    hu_assignment_design design = {draw->units, draw->label, draw->stratum};
    return hu_wrap(hu_assignments_plan(&design, &options->assignments, arena, assignments), "%s: column \"%s\"",
                   table->source, columns->cohort);
}
