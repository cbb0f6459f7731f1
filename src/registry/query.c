/* Rows of the store as tables: any SELECT, and the table that estimators take. */

#include "huella/registry/database.h"

#include "huella/base/json.h"

#include <math.h>
#include <string.h>

typedef struct cell {
    double number; /* NaN when the cell is of text or missing */
    hu_str text;   /* data NULL when it is a number or missing */
} cell;

typedef struct cells {
    cell *items; /* row after row */
    size_t count, capacity;
} cells;

static cell read_cell(sqlite3_stmt *statement, int column, hu_arena *arena)
{
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        return (cell){.number = sqlite3_column_double(statement, column)};
    return (cell){.number = NAN, .text = hu_str_of(hu_db_text(statement, column, arena))};
}

static hu_error *read_rows(hu_store *store, sqlite3_stmt *statement, hu_arena *arena, hu_arena *scratch, cells *all)
{
    int columns = sqlite3_column_count(statement);
    for (bool row;;) {
        HU_TRY(hu_db_step(store, statement, &row));
        if (!row)
            return NULL;
        if (all->count + (size_t)columns > all->capacity) {
            size_t capacity = all->capacity ? 2 * all->capacity : 64 + (size_t)columns;
            all->items = hu_regrow(scratch, all->items, all->count, capacity, sizeof(cell));
            all->capacity = capacity;
        }
        for (int i = 0; i < columns; i++)
            all->items[all->count++] = read_cell(statement, i, arena);
    }
}

/* A column is of text when a cell is, or when all are missing and it was declared as text. */
static bool column_is_text(sqlite3_stmt *statement, int column, const cells *all, size_t columns)
{
    bool any = false;
    for (size_t i = (size_t)column; i < all->count; i += columns) {
        if (all->items[i].text.data)
            return true;
        any = any || !isnan(all->items[i].number);
    }
    const char *declared = sqlite3_column_decltype(statement, column);
    return !any && declared && strcmp(declared, "TEXT") == 0;
}

static void fill_column(hu_table *table, hu_arena *arena, const char *name, bool is_text, const cells *all,
                        size_t index, size_t columns)
{
    hu_column *column = is_text ? hu_table_add_texts(table, arena, name) : hu_table_add_numbers(table, arena, name);
    for (size_t r = 0; r < table->rows && all->items; r++) {
        const cell *c = &all->items[r * columns + index];
        char digits[32];
        if (!is_text)
            column->numbers[r] = c->number;
        else if (isnan(c->number))
            column->texts[r] = c->text;
        else
            column->texts[r] = hu_str_of(hu_strdup(arena, hu_format_double(c->number, digits)));
    }
}

static hu_error *prepare_select(hu_store *store, const char *sql, size_t n_parameters, const char *const *parameters,
                                sqlite3_stmt **statement)
{
    const char *rest = "";
    if (sqlite3_prepare_v2(store->db, sql, -1, statement, &rest) != SQLITE_OK)
        return hu_wrap(hu_db_error(store), "%s", sql);
    if (!*statement || !sqlite3_stmt_readonly(*statement) || rest[strspn(rest, " \n\t;")])
        return hu_fail(HU_BUG, "expected one SELECT: %s", sql);
    if ((size_t)sqlite3_bind_parameter_count(*statement) != n_parameters)
        return hu_fail(HU_BUG, "%zu parameters for a statement that takes %d: %s", n_parameters,
                       sqlite3_bind_parameter_count(*statement), sql);
    for (size_t i = 0; i < n_parameters; i++)
        if (sqlite3_bind_text(*statement, (int)i + 1, parameters[i], -1, SQLITE_STATIC) != SQLITE_OK)
            return hu_db_error(store);
    return NULL;
}

static hu_error *select_table(hu_store *store, sqlite3_stmt *statement, hu_arena *arena, hu_table **table)
{
    HU_SCRATCH(scratch);
    cells all = {0};
    HU_TRY(read_rows(store, statement, arena, scratch, &all));
    size_t columns = (size_t)sqlite3_column_count(statement);
    *table = hu_table_new(arena, hu_strdup(arena, store->path), columns ? all.count / columns : 0);
    for (size_t i = 0; i < columns; i++)
        fill_column(*table, arena, hu_strdup(arena, sqlite3_column_name(statement, (int)i)),
                    column_is_text(statement, (int)i, &all, columns), &all, i, columns);
    return NULL;
}

hu_error *hu_store_query(hu_store *store, hu_arena *arena, hu_table **table, const char *sql, size_t n_parameters,
                         const char *const *parameters)
{
    sqlite3_stmt *statement = NULL;
    hu_error *error = prepare_select(store, sql, n_parameters, parameters, &statement);
    if (!error)
        error = select_table(store, statement, arena, table);
    sqlite3_finalize(statement);
    return error;
}

/* region_code: the geographic code, or the place in the alphabet where a region has none. */
static const char analysis_sql[] =
    "WITH codes AS (SELECT region, CASE WHEN (SELECT count(*) = count(ubigeo) FROM regions) "
    "    THEN CAST(ubigeo AS INTEGER) ELSE row_number() OVER (ORDER BY region) END AS region_code FROM regions), "
    "wide AS (SELECT case_id, "
    "    max(CASE WHEN outcome = 'conviction' THEN value END) AS conviction, "
    "    max(CASE WHEN outcome = 'resolution_months' THEN value END) AS resolution_months, "
    "    max(CASE WHEN outcome = 'prison_months' THEN value END) AS prison_months, "
    "    max(CASE WHEN outcome = 'charge_severity' THEN value END) AS charge_severity, "
    "    max(CASE WHEN outcome = 'victim_centred' THEN value END) AS victim_centred, "
    "    max(CASE WHEN outcome = 'collaboration' THEN value END) AS collaboration "
    "    FROM outcomes GROUP BY case_id) "
    "SELECT c.case_id, c.region, k.region_code, c.opened, r.trained_on, c.victims, c.minors, c.foreign_victims, "
    "    c.defendants, w.conviction, w.resolution_months, w.prison_months, w.charge_severity, w.victim_centred, "
    "    w.collaboration, r.region AS in_rollout "
    "FROM cases c JOIN codes k ON k.region = c.region LEFT JOIN rollout r ON r.region = c.region "
    "LEFT JOIN wide w ON w.case_id = c.case_id ORDER BY c.case_id";

static double period_of(hu_str date, hu_period_unit unit)
{
    hu_date parsed;
    return date.data && hu_date_parse_iso(date, &parsed) ? hu_period_of(parsed, unit) : NAN;
}

static hu_error *check_analysis(const hu_table *found)
{
    if (!found->rows)
        return hu_fail(HU_EMPTY, "%s holds no cases: import them first (huella import)", found->source);
    const hu_column *region = hu_table_find(found, "region"), *in_rollout = hu_table_find(found, "in_rollout");
    for (size_t r = 0; r < found->rows; r++)
        if (in_rollout->type == HU_NUMBER || !in_rollout->texts[r].data)
            return hu_fail(HU_EMPTY,
                           "%s: the rollout has no row for %.*s, so its cohort is not known: import a rollout that "
                           "names every region (huella import)",
                           found->source, HU_STR_ARG(region->texts[r]));
    return NULL;
}

/* The column of periods that dates fall in; one of no dates at all may have come as numbers. */
static void add_periods(hu_table *table, hu_arena *arena, const char *name, const hu_column *dates, hu_period_unit unit)
{
    hu_column *column = hu_table_add_numbers(table, arena, name);
    for (size_t r = 0; r < table->rows && dates->type == HU_TEXT; r++)
        column->numbers[r] = period_of(dates->texts[r], unit);
}

static void copy_column(hu_table *table, hu_arena *arena, const hu_column *from)
{
    hu_column *column = from->type == HU_TEXT ? hu_table_add_texts(table, arena, from->name)
                                              : hu_table_add_numbers(table, arena, from->name);
    if (from->type == HU_TEXT)
        memcpy(column->texts, from->texts, table->rows * sizeof *from->texts);
    else
        memcpy(column->numbers, from->numbers, table->rows * sizeof *from->numbers);
}

hu_error *hu_store_analysis_table(hu_store *store, hu_period_unit unit, hu_arena *arena, hu_table **table)
{
    hu_table *found;
    HU_TRY(hu_store_query(store, arena, &found, analysis_sql, 0, NULL));
    HU_TRY(check_analysis(found));
    *table = hu_table_new(arena, found->source, found->rows);
    for (size_t i = 0; i < found->n_columns; i++) {
        const hu_column *column = &found->columns[i];
        if (strcmp(column->name, "opened") == 0)
            add_periods(*table, arena, "period", column, unit);
        else if (strcmp(column->name, "trained_on") == 0)
            add_periods(*table, arena, "cohort", column, unit);
        else if (strcmp(column->name, "in_rollout") != 0)
            copy_column(*table, arena, column);
    }
    return NULL;
}
