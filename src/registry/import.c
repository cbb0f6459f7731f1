/*
 * Tables into the store: prosecutors, rollout, cases. A table is checked whole (check.c) before its rows replace those
 * imported before. docs/import.md describes the columns.
 */

#include "check.h"
#include "huella/registry/database.h"

#include "huella/base/csv.h"

#include <math.h>
#include <string.h>

/* What is being imported and against what. */
typedef struct import {
    hu_store *store;
    const hu_regions *regions;
    hu_arena *arena;
    hu_problems problems;
    bool skip_prosecutors; /* their own table was refused: do not check cases against the old one */
} import;

typedef struct table_kind {
    const hu_column_rule *rules;
    size_t n_rules;
    size_t region; /* index of the column that names a region */
    const char *delete_sql;
    const char *insert_sql;                                    /* parameters in order of the rules */
    hu_error *(*check)(import *im, const hu_checked *checked); /* what cells say together */
    hu_error *(*after)(import *im);                            /* what the store says together */
} table_kind;

/* --- cases --- */

enum {
    CASE_ID,
    EXPEDIENTE,
    CARPETA,
    CASE_REGION,
    DISTRICT,
    OPENED,
    CLOSED,
    PROSECUTOR,
    CHARGE,
    VICTIMS,
    MINORS,
    FOREIGN_VICTIMS,
    DEFENDANTS,
    CASE_COLUMNS
};

static const hu_column_rule case_rules[CASE_COLUMNS] = {
    [CASE_ID] = {"case_id", HU_CELL_TEXT, true},         [EXPEDIENTE] = {"expediente", HU_CELL_FILE_NUMBER, false},
    [CARPETA] = {"carpeta_fiscal", HU_CELL_TEXT, false}, [CASE_REGION] = {"region", HU_CELL_REGION, true},
    [DISTRICT] = {"district", HU_CELL_TEXT, false},      [OPENED] = {"opened", HU_CELL_DATE, true},
    [CLOSED] = {"closed", HU_CELL_DATE, false},          [PROSECUTOR] = {"prosecutor_id", HU_CELL_TEXT, false},
    [CHARGE] = {"charge", HU_CELL_TEXT, false},          [VICTIMS] = {"victims", HU_CELL_COUNT, false},
    [MINORS] = {"minors", HU_CELL_COUNT, false},         [FOREIGN_VICTIMS] = {"foreign_victims", HU_CELL_COUNT, false},
    [DEFENDANTS] = {"defendants", HU_CELL_COUNT, false},
};

static void check_case(import *im, const hu_checked *cases, size_t row)
{
    hu_str opened = hu_checked_at(cases, row, OPENED).text, closed = hu_checked_at(cases, row, CLOSED).text;
    double victims = hu_checked_at(cases, row, VICTIMS).number;
    if (opened.data && closed.data && strcmp(closed.data, opened.data) < 0)
        hu_problems_add(&im->problems, hu_table_fail(cases->table, HU_BAD_INPUT, row, "closed",
                                                     "%s is before the case was opened, %s", closed.data, opened.data));
    for (size_t i = MINORS; i <= FOREIGN_VICTIMS; i++)
        if (hu_checked_at(cases, row, i).number > victims)
            hu_problems_add(&im->problems, hu_table_fail(cases->table, HU_BAD_INPUT, row, case_rules[i].name,
                                                         "%.0f is more than the %.0f victims of the case",
                                                         hu_checked_at(cases, row, i).number, victims));
}

/* Whether a prosecutor is known; any is as long as no prosecutors were imported. */
static hu_error *check_prosecutor(import *im, const hu_checked *cases, size_t row)
{
    hu_str id = hu_checked_at(cases, row, PROSECUTOR).text;
    sqlite3_stmt *statement;
    bool unknown;
    if (!id.data)
        return NULL;
    HU_TRY(hu_db_bind(im->store, &statement,
                      "SELECT 1 WHERE EXISTS (SELECT 1 FROM prosecutors) "
                      "AND NOT EXISTS (SELECT 1 FROM prosecutors WHERE prosecutor_id = ?)",
                      "s", id));
    HU_TRY(hu_db_step(im->store, statement, &unknown));
    sqlite3_reset(statement);
    if (unknown)
        hu_problems_add(&im->problems, hu_table_fail(cases->table, HU_BAD_INPUT, row, "prosecutor_id",
                                                     "\"%.*s\" is not among the prosecutors: add a row for the person "
                                                     "to prosecutors, or mend the code here",
                                                     HU_STR_ARG(id)));
    return NULL;
}

static hu_error *check_cases(import *im, const hu_checked *cases)
{
    hu_check_unique(cases, CASE_ID, &im->problems);
    for (size_t r = 0; r < cases->table->rows; r++) {
        check_case(im, cases, r);
        if (!im->skip_prosecutors)
            HU_TRY(check_prosecutor(im, cases, r));
    }
    return NULL;
}

static const table_kind case_kind = {
    case_rules,
    CASE_COLUMNS,
    CASE_REGION,
    "DELETE FROM cases",
    "INSERT INTO cases (case_id, expediente, carpeta_fiscal, region, district, opened, closed, prosecutor_id, charge, "
    "victims, minors, foreign_victims, defendants) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    check_cases,
    NULL,
};

/* --- prosecutors --- */

static const hu_column_rule prosecutor_rules[] = {
    {"prosecutor_id", HU_CELL_TEXT, true},  {"region", HU_CELL_REGION, true}, {"office", HU_CELL_TEXT, false},
    {"trained_on", HU_CELL_DATE, false},    {"hours", HU_CELL_AMOUNT, false}, {"score_before", HU_CELL_AMOUNT, false},
    {"score_after", HU_CELL_AMOUNT, false},
};

static hu_error *check_prosecutors(import *im, const hu_checked *prosecutors)
{
    hu_check_unique(prosecutors, 0, &im->problems);
    return NULL;
}

/* Cases imported before may name a person who is no longer there. */
static hu_error *check_cases_before(import *im)
{
    sqlite3_stmt *statement;
    bool row;
    HU_TRY(hu_db_bind(im->store, &statement,
                      "SELECT case_id, prosecutor_id FROM cases WHERE prosecutor_id NOT IN "
                      "(SELECT prosecutor_id FROM prosecutors) ORDER BY case_id LIMIT 1",
                      ""));
    HU_TRY(hu_db_step(im->store, statement, &row));
    if (row)
        hu_problems_add(&im->problems,
                        hu_fail(HU_BAD_INPUT,
                                "the case %s in the store names the prosecutor %s, who is no longer among the "
                                "prosecutors: import cases and prosecutors together",
                                sqlite3_column_text(statement, 0), sqlite3_column_text(statement, 1)));
    sqlite3_reset(statement);
    return NULL;
}

static const table_kind prosecutor_kind = {
    prosecutor_rules,
    sizeof prosecutor_rules / sizeof *prosecutor_rules,
    1,
    "DELETE FROM prosecutors",
    "INSERT INTO prosecutors (prosecutor_id, region, office, trained_on, hours, score_before, score_after) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)",
    check_prosecutors,
    check_cases_before,
};

/* --- rollout --- */

static const hu_column_rule rollout_rules[] = {{"region", HU_CELL_REGION, true}, {"trained_on", HU_CELL_DATE, false}};

static hu_error *check_rollout(import *im, const hu_checked *rollout)
{
    hu_check_unique(rollout, 0, &im->problems);
    for (size_t i = 0; im->regions && i < im->regions->count; i++) {
        bool there = false;
        for (size_t r = 0; r < rollout->table->rows && !there; r++)
            there = hu_str_is(hu_checked_at(rollout, r, 0).text, im->regions->items[i].name);
        if (!there)
            hu_problems_add(&im->problems,
                            hu_fail_at(HU_BAD_INPUT, rollout->table->source, 0, "region",
                                       "there is no row for %s: every region needs one, with trained_on left empty "
                                       "when it was not trained",
                                       im->regions->items[i].name));
    }
    return NULL;
}

static const table_kind rollout_kind = {
    rollout_rules,
    sizeof rollout_rules / sizeof *rollout_rules,
    0,
    "DELETE FROM rollout",
    "INSERT INTO rollout (region, trained_on) VALUES (?, ?)",
    check_rollout,
    NULL,
};

/* --- writing --- */

static hu_error *put_region(hu_store *store, hu_str region, const char *ubigeo)
{
    if (ubigeo)
        HU_TRY(hu_db_run(store, "UPDATE regions SET ubigeo = NULL WHERE ubigeo = ? AND region <> ?", "ts", ubigeo,
                         region));
    return hu_db_run(store,
                     "INSERT INTO regions (region, ubigeo) VALUES (?, ?) "
                     "ON CONFLICT (region) DO UPDATE SET ubigeo = coalesce(excluded.ubigeo, regions.ubigeo)",
                     "st", region, ubigeo);
}

static hu_error *put_regions(import *im, const hu_checked *checked, size_t column)
{
    for (size_t i = 0; im->regions && i < im->regions->count; i++)
        HU_TRY(put_region(im->store, hu_str_of(im->regions->items[i].name), im->regions->items[i].ubigeo));
    for (size_t r = 0; !im->regions && r < checked->table->rows; r++)
        HU_TRY(put_region(im->store, hu_checked_at(checked, r, column).text, NULL));
    return NULL;
}

/* Regions of an earlier list that nothing names any more. */
static hu_error *drop_unused_regions(hu_store *store)
{
    return hu_db_run(store,
                     "DELETE FROM regions WHERE ubigeo IS NULL AND region NOT IN (SELECT region FROM cases UNION "
                     "SELECT region FROM prosecutors UNION SELECT region FROM rollout)",
                     "");
}

static hu_error *put_row(hu_store *store, const char *sql, const hu_checked *checked, size_t row)
{
    sqlite3_stmt *statement;
    bool more;
    HU_TRY(hu_db_bind(store, &statement, sql, ""));
    for (size_t i = 0; i < checked->n_rules; i++) {
        hu_checked_cell cell = hu_checked_at(checked, row, i);
        int code = SQLITE_OK, index = (int)i + 1;
        if (cell.text.data)
            code = sqlite3_bind_text64(statement, index, cell.text.data, cell.text.length, SQLITE_STATIC, SQLITE_UTF8);
        else if (!isnan(cell.number))
            code = sqlite3_bind_double(statement, index, cell.number);
        if (code != SQLITE_OK)
            return hu_db_error(store);
    }
    HU_TRY(hu_db_step(store, statement, &more));
    sqlite3_clear_bindings(statement);
    return NULL;
}

/* Checks the table and, when nothing is wrong with it, puts it in the place of the old one. */
static hu_error *replace_table(import *im, const table_kind *kind, const hu_table *table, size_t *rows)
{
    hu_checked checked;
    size_t before = im->problems.count;
    hu_check_table(table, kind->rules, kind->n_rules, im->regions, im->arena, &im->problems, &checked);
    HU_TRY(kind->check(im, &checked));
    if (im->problems.count > before)
        return NULL;
    HU_TRY(put_regions(im, &checked, kind->region));
    HU_TRY(hu_db_run(im->store, kind->delete_sql, ""));
    for (size_t r = 0; r < table->rows; r++)
        HU_TRY(put_row(im->store, kind->insert_sql, &checked, r));
    HU_TRY(drop_unused_regions(im->store));
    if (rows)
        *rows = table->rows;
    return kind->after ? kind->after(im) : NULL;
}

static hu_error *import_one(hu_store *store, const table_kind *kind, const hu_table *table, const hu_regions *regions,
                            size_t *rows)
{
    HU_SCRATCH(arena);
import im = {.store = store, .regions = regions, .arena = arena };
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    hu_error *error = replace_table(&im, kind, table, rows);
    hu_error *problems = hu_problems_end(&im.problems);
    if (error)
        hu_error_free(problems);
    return hu_db_end(store, nested, error ? error : problems);
}

hu_error *hu_import_prosecutors(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows)
{
    return import_one(store, &prosecutor_kind, table, regions, rows);
}

hu_error *hu_import_rollout(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows)
{
    return import_one(store, &rollout_kind, table, regions, rows);
}

hu_error *hu_import_cases(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows)
{
    return import_one(store, &case_kind, table, regions, rows);
}

/* --- files --- */

hu_error *hu_import_read(const char *path, hu_arena *arena, hu_table **table)
{
    const table_kind *kinds[] = {&case_kind, &prosecutor_kind, &rollout_kind};
    const char *as_text[CASE_COLUMNS + 16] = {0};
    size_t n = 0;
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < kinds[k]->n_rules; i++)
            if (kinds[k]->rules[i].kind != HU_CELL_COUNT && kinds[k]->rules[i].kind != HU_CELL_AMOUNT)
                as_text[n++] = kinds[k]->rules[i].name;
    hu_csv_options options = {.as_text = as_text};
    return hu_table_read(path, &options, arena, table);
}

static hu_error *import_file(import *im, const table_kind *kind, const char *path, size_t *rows)
{
    hu_table *table;
    if (!path)
        return NULL;
    hu_error *error = hu_import_read(path, im->arena, &table);
    if (error && (error->code == HU_BAD_INPUT ||
                  error->code == HU_EMPTY)) { /* one more problem, beside those of the other files */
        hu_problems_add(&im->problems, error);
        return NULL;
    }
    return error ? error : replace_table(im, kind, table, rows);
}

static hu_error *import_files(import *im, const hu_import_files *files, hu_import_counts *counts)
{
    if (files->cases) /* so that old cases do not hold on to old prosecutors */
        HU_TRY(hu_db_run(im->store, case_kind.delete_sql, ""));
    HU_TRY(import_file(im, &prosecutor_kind, files->prosecutors, &counts->prosecutors));
    im->skip_prosecutors = im->problems.count > 0;
    HU_TRY(import_file(im, &rollout_kind, files->rollout, &counts->rollout));
    return import_file(im, &case_kind, files->cases, &counts->cases);
}

hu_error *hu_import_study(hu_store *store, const hu_import_files *files, const hu_regions *regions,
                          hu_import_counts *counts)
{
    HU_SCRATCH(arena);
import im = {.store = store, .regions = regions, .arena = arena };
    bool nested;
    *counts = (hu_import_counts){0};
    HU_TRY(hu_db_begin(store, &nested));
    hu_error *error = import_files(&im, files, counts);
    hu_error *problems = hu_problems_end(&im.problems);
    if (error)
        hu_error_free(problems);
    return hu_db_end(store, nested, error ? error : problems);
}
