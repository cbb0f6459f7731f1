/* From a table to the rows that take part: columns by name, missing values, durations that cannot be. */

#include "survival_parts.h"

#include "huella/base/number.h"
#include "huella/numerics/factor.h"

#include <math.h>
#include <string.h>

void surv_warn(hu_arena *arena, const char ***warnings, size_t *count, const char *message)
{
    *warnings = hu_regrow(arena, *warnings, *count, *count + 1, sizeof **warnings);
    (*warnings)[(*count)++] = message;
}

double surv_covariate_value(const surv_covariate *covariate, size_t row)
{
    if (covariate->code)
        return covariate->code[row] == covariate->level;
    return hu_number_at(covariate->a, row) * (covariate->b ? hu_number_at(covariate->b, row) : 1);
}

static bool present(const hu_column *column, size_t row)
{
    if (!column)
        return true;
    return column->type == HU_TEXT ? column->texts[row].data != NULL : !isnan(hu_number_at(column, row));
}

static hu_error *find(const hu_table *table, const char *name, bool numbers, const hu_column **out)
{
    hu_column *column = NULL;
    if (name)
        HU_TRY(numbers ? hu_table_numbers(table, name, &column) : hu_table_column(table, name, &column));
    *out = column;
    return NULL;
}

static bool complete(const surv_rows *rows, size_t row)
{
    const hu_column *const named[] = {rows->start,  rows->stop,    rows->event, rows->cluster,
                                      rows->strata, rows->weights, rows->within};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (!present(named[i], row))
            return false;
    for (size_t j = 0; j < rows->n_covariates; j++)
        if (!present(rows->covariates[j].a, row) || !present(rows->covariates[j].b, row))
            return false;
    return true;
}

/* A column of texts as dummies of its levels but the first, over the rows where a text stands. */
static hu_error *add_dummies(surv_rows *rows, const hu_column *column, hu_arena *arena)
{
    size_t n = rows->table->rows, m = 0;
    uint32_t *where = HU_NEW_ARRAY(arena, uint32_t, n + 1), *code = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    for (size_t r = 0; r < n; r++)
        if (present(column, r))
            where[m++] = (uint32_t)r;
    hu_factor factor;
    hu_factor_column(column, where, m, arena, &factor);
    for (size_t i = 0; i < m; i++)
        code[where[i]] = factor.code[i];
    if (factor.levels < 2)
        return hu_fail(HU_SINGULAR, "%s: column \"%s\" holds one value only, so nothing can be compared by it",
                       rows->table->source, column->name);
    size_t had = rows->n_covariates, more = factor.levels - 1;
    rows->covariates = hu_regrow(arena, rows->covariates, had, had + more, sizeof *rows->covariates);
    for (size_t l = 1; l <= more; l++) {
        const char *level = hu_table_text(rows->table, column, where[factor.first[l]], arena);
        rows->covariates[rows->n_covariates++] = (surv_covariate){
            .name = hu_printf(arena, "%s%s", column->name, level), .a = column, .code = code, .level = (uint32_t)l};
    }
    return NULL;
}

static bool reads_as_text(const hu_table *table, const char *name)
{
    const hu_column *column = hu_table_find(table, name);
    hu_number number;
    if (!column || column->type != HU_TEXT)
        return false;
    for (size_t r = 0; r < table->rows; r++)
        if (column->texts[r].data && !hu_number_parse(column->texts[r], table->decimal_comma ? ',' : '.', &number))
            return true;
    return false;
}

static hu_error *add_covariate(surv_rows *rows, const char *name, hu_arena *arena)
{
    const hu_table *table = rows->table;
    surv_covariate covariate = {.name = name};
    const char *colon = strchr(name, ':');
    if (reads_as_text(table, name))
        return add_dummies(rows, hu_table_find(table, name), arena);
    if (colon && !hu_table_find(table, name)) {
        HU_TRY(find(table, hu_strndup(arena, name, (size_t)(colon - name)), true, &covariate.a));
        HU_TRY(find(table, colon + 1, true, &covariate.b));
    } else {
        HU_TRY(find(table, name, true, &covariate.a));
    }
    size_t had = rows->n_covariates++;
    rows->covariates = hu_regrow(arena, rows->covariates, had, had + 1, sizeof *rows->covariates);
    rows->covariates[had] = covariate;
    return NULL;
}

static hu_error *find_columns(surv_rows *rows, const hu_survival_columns *names, hu_arena *arena)
{
    const hu_table *table = rows->table;
    if (!names->stop || !names->event)
        return hu_fail(HU_USAGE, "durations need the columns of stop and event");
    HU_TRY(find(table, names->start, true, &rows->start));
    HU_TRY(find(table, names->stop, true, &rows->stop));
    HU_TRY(find(table, names->event, true, &rows->event));
    HU_TRY(find(table, names->treated_at, true, &rows->treated_at));
    HU_TRY(find(table, names->weights, true, &rows->weights));
    HU_TRY(find(table, names->cluster, false, &rows->cluster));
    HU_TRY(find(table, names->strata, false, &rows->strata));
    HU_TRY(find(table, names->within, false, &rows->within));
    for (size_t j = 0; names->covariates && names->covariates[j]; j++)
        HU_TRY(add_covariate(rows, names->covariates[j], arena));
    return NULL;
}

/* What stands in a complete row but cannot be is an error in the file, not a missing value. */
static hu_error *check_row(const surv_rows *rows, size_t r)
{
    const hu_table *table = rows->table;
    double stop = hu_number_at(rows->stop, r);
    if (!isfinite(stop))
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->stop->name,
                             "the time is infinite: expected when the row ends");
    if (rows->start && !isfinite(hu_number_at(rows->start, r)))
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->start->name,
                             "the time is infinite: expected when the row begins");
    if (rows->start && stop < hu_number_at(rows->start, r))
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->stop->name,
                             "a negative duration: ends at %g but starts at %g (column \"%s\")", stop,
                             hu_number_at(rows->start, r), rows->start->name);
    if (rows->start && stop == hu_number_at(rows->start, r))
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->stop->name,
                             "a duration of zero: starts and ends at %g, so it is never at risk; leave the row out, or "
                             "let it end later (half a day, say)",
                             stop);
    if (!rows->start && stop < 0)
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->stop->name, "a negative duration: %g", stop);
    if (rows->weights && !(hu_number_at(rows->weights, r) >= 0 && isfinite(hu_number_at(rows->weights, r))))
        return hu_table_fail(table, HU_BAD_INPUT, r, rows->weights->name,
                             "%g is no weight: expected a finite number, zero or more", hu_number_at(rows->weights, r));
    for (size_t j = 0; j < rows->n_covariates; j++)
        if (isinf(surv_covariate_value(&rows->covariates[j], r)))
            return hu_table_fail(table, HU_BAD_INPUT, r, rows->covariates[j].a->name, "the covariate is infinite");
    return NULL;
}

hu_error *surv_rows_select(const hu_table *table, const hu_survival_columns *columns, hu_arena *arena, surv_rows *rows)
{
    *rows = (surv_rows){.table = table};
    HU_TRY(find_columns(rows, columns, arena));
    if (table->rows >= UINT32_MAX / 2)
        return hu_fail(HU_LIMIT, "%s: %zu rows, more than can be followed at once (2,147,483,646)", table->source,
                       table->rows);
    rows->row = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    for (size_t r = 0; r < table->rows; r++) {
        if (!complete(rows, r)) {
            rows->dropped++;
            continue;
        }
        HU_TRY(check_row(rows, r));
        if (!rows->weights || hu_number_at(rows->weights, r) > 0) /* without weight a row says nothing */
            rows->row[rows->n++] = (uint32_t)r;
    }
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no row is left: %zu of %zu have a missing value in a named column%s",
                       table->source, rows->dropped, table->rows,
                       rows->dropped < table->rows ? ", the others no weight" : "");
    return NULL;
}
