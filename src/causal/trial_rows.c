/* From a table to the rows and units of a trial. */

#include "trial_parts.h"

#include <math.h>
#include <string.h>

static hu_error *find(const hu_table *table, const char *name, bool numbers, const hu_column **out)
{
    hu_column *column = NULL;
    if (name)
        HU_TRY(numbers ? hu_table_numbers(table, name, &column) : hu_table_column(table, name, &column));
    *out = column;
    return NULL;
}

static hu_error *find_columns(trial_rows *rows, hu_arena *arena)
{
    const hu_trial_columns *names = rows->names;
    if (!names->treatment || !names->outcomes || !names->outcomes[0])
        return hu_fail(HU_USAGE, "a trial needs the columns of outcome and treatment");
    HU_TRY(find(rows->table, names->treatment, true, &rows->arm));
    HU_TRY(find(rows->table, names->weights, true, &rows->weights));
    HU_TRY(find(rows->table, names->cluster, false, &rows->clusters));
    HU_TRY(find(rows->table, names->strata, false, &rows->strata));
    while (names->covariates && names->covariates[rows->k])
        rows->k++;
    rows->covariates = HU_NEW_ARRAY(arena, hu_column *, rows->k + 1);
    for (size_t j = 0; names->covariates && j < rows->k; j++)
        HU_TRY(hu_table_numbers(rows->table, names->covariates[j], &rows->covariates[j]));
    return NULL;
}

static bool present(const hu_column *column, size_t row)
{
    if (!column)
        return true;
    return column->type == HU_TEXT ? column->texts[row].data != NULL : !isnan(hu_number_at(column, row));
}

static bool complete(const trial_rows *rows, size_t row)
{
    for (size_t j = 0; j < rows->k; j++)
        if (isnan(hu_number_at(rows->covariates[j], row)))
            return false;
    return present(rows->arm, row) && present(rows->clusters, row) && present(rows->strata, row) &&
           present(rows->weights, row);
}

static hu_error *check_row(const trial_rows *rows, size_t row)
{
    double z = hu_number_at(rows->arm, row);
    if (z != 0 && z != 1)
        return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->arm->name,
                             "%g is no arm: expected 0 (control) or 1 (treatment); of several arms compare two at a "
                             "time, leaving out the rows of the others",
                             z);
    if (rows->weights && !(hu_number_at(rows->weights, row) >= 0 && isfinite(hu_number_at(rows->weights, row))))
        return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->weights->name,
                             "%g is no weight: expected a finite number, zero or more",
                             hu_number_at(rows->weights, row));
    for (size_t j = 0; j < rows->k; j++)
        if (isinf(hu_number_at(rows->covariates[j], row)))
            return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->covariates[j]->name,
                                 "the covariate is infinite: expected a finite number, or nothing where it is missing");
    return NULL;
}

static hu_error *select_rows(trial_rows *rows, hu_arena *arena)
{
    size_t count[2] = {0};
    rows->row = HU_NEW_ARRAY(arena, uint32_t, rows->table->rows + 1);
    for (size_t r = 0; r < rows->table->rows; r++) {
        if (!complete(rows, r)) {
            rows->dropped++;
            continue;
        }
        HU_TRY(check_row(rows, r));
        if (rows->weights && hu_number_at(rows->weights, r) == 0)
            continue;
        count[(int)hu_number_at(rows->arm, r)]++;
        rows->row[rows->n++] = (uint32_t)r;
    }
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no row is left: %zu of %zu have a missing value in a named column",
                       rows->table->source, rows->dropped, rows->table->rows);
    if (count[0] == 0 || count[1] == 0)
        return hu_fail(HU_EMPTY, "%s: column \"%s\": all %zu rows are %s: expected both arms, 0 and 1",
                       rows->table->source, rows->arm->name, rows->n, count[0] ? "0 (control)" : "1 (treatment)");
    return NULL;
}

static void copy_values(trial_rows *rows, hu_arena *arena)
{
    size_t n = rows->n;
    rows->z = HU_NEW_ARRAY(arena, uint8_t, n);
    rows->w = rows->weights ? HU_NEW_ARRAY(arena, double, n) : NULL;
    for (size_t i = 0; i < n; i++) {
        rows->z[i] = (uint8_t)hu_number_at(rows->arm, rows->row[i]);
        if (rows->w)
            rows->w[i] = hu_number_at(rows->weights, rows->row[i]);
    }
}

/* The clusters when the arm is the same in all rows of each; else each row. */
static void find_units(trial_rows *rows, hu_arena *arena)
{
    rows->by_cluster = rows->clusters != NULL;
    for (size_t i = 0; i < rows->n && rows->by_cluster; i++)
        rows->by_cluster = rows->z[i] == rows->z[rows->cluster.first[rows->cluster.code[i]]];
    if (rows->by_cluster) {
        rows->unit = rows->cluster;
        return;
    }
    rows->unit =
        (hu_factor){rows->n, rows->n, HU_NEW_ARRAY(arena, uint32_t, rows->n), HU_NEW_ARRAY(arena, uint32_t, rows->n)};
    for (size_t i = 0; i < rows->n; i++)
        rows->unit.code[i] = rows->unit.first[i] = (uint32_t)i;
}

static hu_error *deal(trial_rows *rows, hu_arena *arena)
{
    rows->unit_arm = HU_NEW_ARRAY(arena, uint32_t, rows->unit.levels);
    rows->unit_stratum = rows->strata ? HU_NEW_ARRAY(arena, uint32_t, rows->unit.levels) : NULL;
    for (size_t i = 0; i < rows->n; i++) {
        size_t unit = rows->unit.code[i], first = rows->unit.first[unit];
        rows->unit_arm[unit] = rows->z[i];
        if (!rows->strata)
            continue;
        if (rows->stratum.code[i] != rows->stratum.code[first])
            return hu_table_fail(
                rows->table, HU_BAD_INPUT, rows->row[i], rows->strata->name,
                "cluster %s is in stratum %s here and in %s before: expected one stratum for a cluster "
                "that was assigned as a whole",
                hu_table_text(rows->table, rows->clusters, rows->row[i], arena),
                hu_table_text(rows->table, rows->strata, rows->row[i], arena),
                hu_table_text(rows->table, rows->strata, rows->row[first], arena));
        rows->unit_stratum[unit] = rows->stratum.code[i];
    }
    return NULL;
}

hu_error *trial_rows_read(const hu_table *table, const hu_trial_columns *names, hu_arena *arena, trial_rows *rows)
{
    *rows = (trial_rows){.table = table, .names = names};
    if (table->rows >= UINT32_MAX)
        return hu_fail(HU_LIMIT, "%s: %zu rows: at most %u", table->source, table->rows, UINT32_MAX - 1);
    HU_TRY(find_columns(rows, arena));
    HU_TRY(select_rows(rows, arena));
    copy_values(rows, arena);
    if (rows->clusters)
        hu_factor_column(rows->clusters, rows->row, rows->n, arena, &rows->cluster);
    if (rows->strata)
        hu_factor_column(rows->strata, rows->row, rows->n, arena, &rows->stratum);
    find_units(rows, arena);
    return deal(rows, arena);
}

hu_error *trial_rows_values(const trial_rows *rows, const char *name, hu_arena *arena, double **values)
{
    hu_column *column;
    HU_TRY(hu_table_numbers(rows->table, name, &column));
    *values = HU_NEW_ARRAY(arena, double, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        (*values)[i] = hu_number_at(column, rows->row[i]);
        if (isinf((*values)[i]))
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], name,
                                 "the value is infinite: expected a finite number, or nothing where it is missing");
    }
    return NULL;
}
