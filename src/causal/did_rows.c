/* From a table to the rows that take part: columns by name, missing values, who is never treated. */

#include "did_rows.h"

#include <math.h>
#include <string.h>

hu_error *did_covariate_find(const hu_table *table, const char *name, hu_arena *arena, did_covariate *covariate)
{
    *covariate = (did_covariate){0};
    hu_column *column;
    const char *colon = strchr(name, ':');
    if (colon && !hu_table_find(table, name)) {
        HU_TRY(hu_table_numbers(table, hu_strndup(arena, name, (size_t)(colon - name)), &column));
        covariate->a = column;
        HU_TRY(hu_table_numbers(table, colon + 1, &column));
        covariate->b = column;
        return NULL;
    }
    HU_TRY(hu_table_numbers(table, name, &column));
    covariate->a = column;
    return NULL;
}

double did_covariate_value(const did_covariate *covariate, size_t row)
{
    return hu_number_at(covariate->a, row) * (covariate->b ? hu_number_at(covariate->b, row) : 1);
}

static hu_error *find_any(const hu_table *table, const char *name, const hu_column **out)
{
    hu_column *column = NULL;
    if (name)
        HU_TRY(hu_table_column(table, name, &column));
    *out = column;
    return NULL;
}

static hu_error *find_numbers(const hu_table *table, const char *name, const hu_column **out)
{
    hu_column *column = NULL;
    if (name)
        HU_TRY(hu_table_numbers(table, name, &column));
    *out = column;
    return NULL;
}

static hu_error *find_columns(did_rows *rows, hu_arena *arena)
{
    const hu_table *table = rows->table;
    const hu_did_columns *names = rows->names;
    if (!names->outcome || !names->time || !names->cohort)
        return hu_fail(HU_USAGE, "difference-in-differences needs the columns of outcome, time and cohort");
    HU_TRY(find_numbers(table, names->outcome, &rows->outcome));
    HU_TRY(find_numbers(table, names->time, &rows->time));
    HU_TRY(find_numbers(table, names->cohort, &rows->cohort));
    HU_TRY(find_numbers(table, names->weights, &rows->weights));
    HU_TRY(find_any(table, names->unit, &rows->unit));
    HU_TRY(find_any(table, names->cluster, &rows->cluster));
    rows->n_covariates = 0;
    while (names->covariates && names->covariates[rows->n_covariates])
        rows->n_covariates++;
    rows->covariates = HU_NEW_ARRAY(arena, did_covariate, rows->n_covariates + 1);
    for (size_t j = 0; j < rows->n_covariates; j++)
        HU_TRY(did_covariate_find(table, names->covariates[j], arena, &rows->covariates[j]));
    return NULL;
}

static bool present(const hu_column *column, size_t row)
{
    if (!column)
        return true;
    return column->type == HU_TEXT ? column->texts[row].data != NULL : !isnan(hu_number_at(column, row));
}

static bool complete(const did_rows *rows, size_t row)
{
    if (!present(rows->outcome, row) || !present(rows->time, row) || !present(rows->unit, row) ||
        !present(rows->cluster, row) || !present(rows->weights, row))
        return false;
    for (size_t j = 0; j < rows->n_covariates; j++)
        if (isnan(did_covariate_value(&rows->covariates[j], row)))
            return false;
    return true;
}

/* An infinite value or a negative weight is an error in the file, not a missing value. */
static hu_error *check_row(const did_rows *rows, size_t row)
{
    if (isinf(hu_number_at(rows->outcome, row)))
        return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->outcome->name, "the outcome is infinite");
    if (isinf(hu_number_at(rows->time, row)))
        return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->time->name, "the period is infinite");
    if (rows->weights && !(hu_number_at(rows->weights, row) >= 0 && isfinite(hu_number_at(rows->weights, row))))
        return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->weights->name,
                             "%g is no weight: expected a finite number, zero or more",
                             hu_number_at(rows->weights, row));
    for (size_t j = 0; j < rows->n_covariates; j++)
        if (isinf(did_covariate_value(&rows->covariates[j], row)))
            return hu_table_fail(rows->table, HU_BAD_INPUT, row, rows->covariates[j].a->name,
                                 "the covariate is infinite");
    return NULL;
}

/* The complete rows before rows->time_limit. */
static hu_error *select_rows(did_rows *rows)
{
    const hu_table *table = rows->table;
    rows->n = rows->dropped = 0;
    for (size_t r = 0; r < table->rows; r++) {
        if (!complete(rows, r)) {
            rows->dropped++;
            continue;
        }
        HU_TRY(check_row(rows, r));
        if (hu_number_at(rows->time, r) < rows->time_limit)
            rows->row[rows->n++] = (uint32_t)r;
    }
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no row is left: %zu of %zu have a missing value in a named column", table->source,
                       rows->dropped, table->rows);
    return NULL;
}

hu_error *did_rows_complete(const hu_table *table, const hu_did_columns *names, hu_arena *arena, did_rows *rows)
{
    *rows = (did_rows){.table = table, .names = names, .never_from = INFINITY, .time_limit = INFINITY};
    if (table->rows >= UINT32_MAX)
        return hu_fail(HU_LIMIT, "%s: %zu rows: at most %u", table->source, table->rows, UINT32_MAX - 1);
    HU_TRY(find_columns(rows, arena));
    rows->row = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    return select_rows(rows);
}

void did_rows_close(did_rows *rows)
{
    double end = -INFINITY;
    for (size_t i = 0; i < rows->n; i++)
        end = fmax(end, hu_number_at(rows->time, rows->row[i]));
    rows->never_from = nextafter(end, INFINITY);
}

double did_rows_cohort(const did_rows *rows, size_t i)
{
    double g = hu_number_at(rows->cohort, rows->row[i]);
    return isnan(g) || g == 0 || g >= rows->never_from ? INFINITY : g;
}

double did_rows_covariate(const did_rows *rows, size_t j, size_t i)
{
    return did_covariate_value(&rows->covariates[j], rows->row[i]);
}

hu_error *did_rows_fail(const did_rows *rows, size_t i, const char *column, const char *message, hu_arena *arena)
{
    if (!rows->unit)
        return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], column, "%s", message);
    const char *unit = hu_table_text(rows->table, rows->unit, rows->row[i], arena);
    return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], column, "unit %s: %s", unit, message);
}

static const char *as_text(double cohort, hu_arena *arena)
{
    return isinf(cohort) ? "never" : hu_printf(arena, "%g", cohort);
}

hu_error *did_rows_same_cohort(const did_rows *rows, size_t i, size_t first, hu_arena *arena)
{
    double g = did_rows_cohort(rows, i), g0 = did_rows_cohort(rows, first);
    if (g == g0)
        return NULL;
    return did_rows_fail(rows, i, rows->cohort->name,
                         hu_printf(arena,
                                   "first treated at %s here, at %s in an earlier row: expected one first treated "
                                   "period for each unit",
                                   as_text(g, arena), as_text(g0, arena)),
                         arena);
}

hu_error *did_rows_one_cohort(const did_rows *rows, const hu_factor *unit, hu_arena *arena)
{
    for (size_t i = 0; i < rows->n; i++)
        HU_TRY(did_rows_same_cohort(rows, i, unit->first[unit->code[i]], arena));
    return NULL;
}

hu_error *did_rows_place(const did_rows *rows, const hu_factor *cluster, uint32_t *slot, hu_arena *arena)
{
    size_t periods = rows->period_of.levels;
    for (size_t i = 0; i < rows->n; i++) {
        size_t unit = rows->unit_of.code[i], first = rows->unit_of.first[unit];
        uint32_t *here = &slot[unit * periods + rows->period_of.code[i]];
        if (*here)
            return did_rows_fail(rows, i, rows->unit->name,
                                 hu_printf(arena,
                                           "stands twice in period %g: a panel has one row for each unit and period; "
                                           "huella did --cross-section takes rows as they come",
                                           hu_number_at(rows->time, rows->row[i])),
                                 arena);
        *here = (uint32_t)i + 1;
        HU_TRY(did_rows_same_cohort(rows, i, first, arena));
        if (cluster && cluster->code[i] != cluster->code[first])
            return did_rows_fail(rows, i, rows->cluster->name,
                                 "is in two clusters: expected a cluster that does not change over time", arena);
    }
    return NULL;
}

void did_vnote(hu_arena *arena, const char ***notes, size_t *count, const char *format, va_list args)
{
    *notes = hu_regrow(arena, *notes, *count, *count + 1, sizeof **notes);
    (*notes)[(*count)++] = hu_vprintf(arena, format, args);
}

void did_note(hu_arena *arena, const char ***notes, size_t *count, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    did_vnote(arena, notes, count, format, args);
    va_end(args);
}

/* Who there is: somebody treated, somebody never treated, the last cohort. */
typedef struct presence {
    bool never, treated;
    double last;
} presence;

static presence look(const did_rows *rows)
{
    presence p = {false, false, -INFINITY};
    for (size_t i = 0; i < rows->n; i++) {
        double g = did_rows_cohort(rows, i);
        if (isinf(g))
            p.never = true;
        else
            p.treated = true;
        if (!isinf(g) && g > p.last)
            p.last = g;
    }
    return p;
}

hu_error *did_rows_nobody_treated(const did_rows *rows)
{
    return hu_fail(HU_EMPTY,
                   "%s: column \"%s\": nobody is treated within the data: expected the first treated period (in "
                   "the units of \"%s\") for those who are treated, and nothing or 0 for those who never are",
                   rows->table->source, rows->names->cohort, rows->names->time);
}

/*
 * Without anybody never treated, the last cohort is the comparison until it is treated itself (or anticipates it), and
 * later periods are left out; Callaway & Sant'Anna (2021), section 2.1.
 */
static hu_error *last_cohort_compares(did_run *run, did_rows *rows, double last)
{
    if (run->options->control == HU_NEVER_TREATED)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: column \"%s\": everybody is treated in the end, so there is nobody never treated to "
                       "compare with; --control notyet compares with those not treated yet",
                       rows->table->source, rows->names->cohort);
    rows->never_from = last;
    rows->time_limit = last - run->options->anticipation;
    size_t before = rows->n;
    HU_TRY(select_rows(rows));
    presence now = look(rows);
    if (!now.treated)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: column \"%s\": everybody is treated in the same period (%g): there is nobody to compare "
                       "with at any time",
                       rows->table->source, rows->names->cohort, last);
    did_warn(run,
             "nobody is never treated: those first treated at %g serve as the comparison, and %zu rows from period %g "
             "on are left out",
             last, before - rows->n, rows->time_limit);
    return NULL;
}

hu_error *did_rows_select(did_run *run, const hu_table *table, const hu_did_columns *names, did_rows *rows)
{
    if (!names->unit && !run->options->cross_section)
        return hu_fail(HU_USAGE, "a panel needs the column of its units (--unit); cases that are observed once are "
                                 "repeated cross-sections (--cross-section)");
    HU_TRY(did_rows_complete(table, names, run->scratch, rows));
    run->result->dropped = rows->dropped;
    double end = -INFINITY;
    for (size_t i = 0; i < rows->n; i++)
        end = fmax(end, hu_number_at(rows->time, rows->row[i]));
    /* Those treated after the data end, but anticipating within them, are no clean comparison. */
    rows->never_from = nextafter(end + run->options->anticipation, INFINITY);
    presence all = look(rows);
    if (!all.treated)
        return did_rows_nobody_treated(rows);
    if (!all.never)
        HU_TRY(last_cohort_compares(run, rows, all.last));
    hu_factor_column(rows->time, rows->row, rows->n, run->scratch, &rows->period_of);
    if (rows->unit)
        hu_factor_column(rows->unit, rows->row, rows->n, run->scratch, &rows->unit_of);
    return NULL;
}
