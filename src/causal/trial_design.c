/* A trial tested over the draw that was made: from the ledger's units and arms to the trial's. */

#include "trial_parts.h"

#include <stdlib.h>
#include <string.h>

typedef struct named {
    const char *name;
    uint32_t place;
} named;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

/* The draw's units in order of their names. */
static named *sorted_units(const hu_draw *draw, hu_arena *scratch)
{
    named *units = HU_NEW_ARRAY(scratch, named, draw->units);
    for (size_t i = 0; i < draw->units; i++)
        units[i] = (named){draw->unit[i], (uint32_t)i};
    qsort(units, draw->units, sizeof *units, by_name);
    return units;
}

static hu_error *unit_column(const trial_rows *rows, const hu_draw *draw, const hu_column **column)
{
    hu_column *named_so = hu_table_find(rows->table, draw->setup.unit);
    *column = rows->by_cluster ? rows->clusters : named_so;
    if (*column)
        return NULL;
    return hu_fail(HU_NOT_FOUND,
                   "%s: no column \"%s\": the ledger names units by it; expected it in the data, or the column of "
                   "clusters that were assigned",
                   rows->table->source, draw->setup.unit);
}

/* Which of the trial's arms each of the draw's is: two of them, whatever they are called. */
static hu_error *match_arms(const trial_rows *rows, const hu_draw *draw, const uint32_t *place, const hu_column *column,
                            hu_arena *scratch, uint32_t *label)
{
    int64_t is[2] = {-1, -1};
    for (size_t c = 0; c < rows->unit.levels; c++) {
        uint32_t arm = draw->arm[place[c]], z = rows->unit_arm[c];
        if (is[z] < 0 && is[!z] != arm && (draw->arms > 2 || arm == z))
            is[z] = arm;
        if (is[z] != arm)
            return hu_table_fail(
                rows->table, HU_BAD_INPUT, rows->row[rows->unit.first[c]], rows->arm->name,
                "%s %s is in arm %u here, and was drawn into %s: expected the arms of the ledger", column->name,
                hu_table_text(rows->table, column, rows->row[rows->unit.first[c]], scratch), z, draw->setup.arms[arm]);
    }
    for (size_t a = 0; a < draw->arms; a++)
        label[a] = is[1] == (int64_t)a;
    return NULL;
}

hu_error *trial_draw_assignments(const trial_rows *rows, const hu_draw *draw, const hu_assignment_options *options,
                                 int threads, hu_arena *arena, hu_assignments **all)
{
    HU_SCRATCH(scratch);
    const hu_column *column;
    HU_TRY(unit_column(rows, draw, &column));
    const named *units = sorted_units(draw, scratch);
    uint32_t *place = HU_NEW_ARRAY(scratch, uint32_t, rows->unit.levels), label[HU_DRAW_ARMS] = {0};
    bool *seen = HU_NEW_ARRAY(scratch, bool, draw->units);
    for (size_t c = 0; c < rows->unit.levels; c++) {
        size_t row = rows->row[rows->unit.first[c]];
        named key = {hu_table_text(rows->table, column, row, scratch), 0};
        const named *found = key.name ? bsearch(&key, units, draw->units, sizeof *units, by_name) : NULL;
        if (!found)
            return hu_table_fail(rows->table, HU_BAD_INPUT, row, column->name,
                                 "%s is no unit of the draw: expected one of the ledger's",
                                 key.name ? key.name : "nothing");
        place[c] = found->place;
        if (seen[found->place])
            return hu_table_fail(rows->table, HU_BAD_INPUT, row, column->name,
                                 "%s was drawn as one unit and stands in several rows: name it as the cluster",
                                 key.name);
        seen[found->place] = true;
    }
    HU_TRY(match_arms(rows, draw, place, column, scratch, label));
    return hu_draw_assignments(draw, place, rows->unit.levels, label, options, threads, arena, all);
}
