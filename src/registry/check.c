/* The data check: every cell of a table is looked at before anything is written, and every problem has a place. */

#include "check.h"

#include "expediente.h"
#include "regions.h"

#include "huella/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROBLEMS_SHOWN = 10,
    STATA_EPOCH = -3653, /* 1960-01-01, where Stata's %td dates begin, in days since 1970-01-01 */
};

void hu_problems_add(hu_problems *problems, hu_error *error)
{
    if (!error)
        return;
    if (problems->count++ < PROBLEMS_SHOWN)
        hu_buf_printf(&problems->text, "%s%s", problems->count > 1 ? "\n  " : "", error->message);
    hu_error_free(error);
}

hu_error *hu_problems_end(hu_problems *problems)
{
    hu_error *error = NULL;
    if (problems->count == 1)
        error = hu_fail(HU_BAD_INPUT, "%s", problems->text.data);
    else if (problems->count > PROBLEMS_SHOWN)
        error = hu_fail(HU_BAD_INPUT, "%zu problems, nothing was imported:\n  %s\n  … and %zu more", problems->count,
                        problems->text.data, problems->count - PROBLEMS_SHOWN);
    else if (problems->count)
        error =
            hu_fail(HU_BAD_INPUT, "%zu problems, nothing was imported:\n  %s", problems->count, problems->text.data);
    hu_buf_free(&problems->text);
    return error;
}

/* What a check of one cell needs: where it stands and what was given. */
typedef struct place {
    const hu_table *table;
    const hu_column *column;
    size_t row;
    const hu_column_rule *rule;
    const hu_regions *regions;
    hu_arena *arena;
    hu_problems *problems;
} place;

#define COMPLAIN(at, ...) \
    hu_problems_add((at)->problems, hu_table_fail((at)->table, HU_BAD_INPUT, (at)->row, (at)->rule->name, __VA_ARGS__))

static bool stands_for_missing(hu_str text, hu_cell_kind kind)
{
    bool words = kind == HU_CELL_TEXT || kind == HU_CELL_FILE_NUMBER || kind == HU_CELL_REGION;
    return !text.length || (!words && hu_missing_word(text));
}

static bool plausible(hu_date date)
{
    return hu_date_valid(date) && date.year >= 1900 && date.year <= 2100;
}

static hu_str date_text(const place *at, hu_date date)
{
    char iso[16];
    hu_date_format_iso(date, iso);
    return hu_str_of(hu_strdup(at->arena, iso));
}

static hu_checked_cell check_date(const place *at, hu_str text)
{
    hu_checked_cell cell = {.number = NAN};
    hu_date date;
    char shown[80];
    if (at->column->type == HU_NUMBER) { /* .dta: days since 1960 */
        double days = at->column->numbers[at->row];
        if (fabs(days) < 1e6 && days == floor(days)) {
            date = hu_date_from_days((int64_t)days + STATA_EPOCH);
            if (plausible(date))
                cell.text = date_text(at, date);
        }
        if (!cell.text.data)
            COMPLAIN(at, "%s is not a date: expected YYYY-MM-DD, or whole days since 1960-01-01 (Stata's %%td)",
                     hu_excerpt(text, shown));
    } else if (hu_date_parse_iso(text, &date) && plausible(date)) {
        cell.text = date_text(at, date);
    } else {
        COMPLAIN(at, "\"%s\" is not a date: expected YYYY-MM-DD, like 2023-04-05", hu_excerpt(text, shown));
    }
    return cell;
}

static hu_checked_cell check_number(const place *at, hu_str text)
{
    hu_number number;
    char shown[80];
    const char *digits = hu_excerpt(text, shown);
    if (!hu_number_parse(text, '.', &number) || !isfinite(number.value))
        COMPLAIN(at, "\"%s\" is not a number: expected digits like 12, or an empty cell where it is missing", digits);
    else if (number.value < 0)
        COMPLAIN(at, "%s is negative: expected a number from 0 up", digits);
    else if (at->rule->kind == HU_CELL_COUNT && (number.value != floor(number.value) || number.value > 1e6))
        COMPLAIN(at, "%s is not a count: expected a whole number up to 1000000", digits);
    else
        return (hu_checked_cell){.number = number.value};
    return (hu_checked_cell){.number = NAN};
}

static hu_checked_cell check_region(const place *at, hu_str text)
{
    hu_checked_cell cell = {.number = NAN, .text = text};
    if (!at->regions)
        return cell;
    const hu_region *region = hu_regions_find(at->regions, text);
    if (region) {
        cell.text = hu_str_of(region->name);
        return cell;
    }
    char shown[80];
    const char *close = hu_regions_closest(at->regions, text);
    if (close)
        COMPLAIN(at, "\"%s\" is no region; did you mean \"%s\"?", hu_excerpt(text, shown), close);
    else
        COMPLAIN(at, "\"%s\" is no region: expected one of the %zu in rules/regions.yaml", hu_excerpt(text, shown),
                 at->regions->count);
    return (hu_checked_cell){.number = NAN};
}

static hu_checked_cell check_text(const place *at, hu_str text)
{
    hu_expediente number;
    char shown[80];
    if (memchr(text.data, '\0', text.length) || !hu_utf8_valid(text.data, text.length)) {
        COMPLAIN(at, "the text is not valid UTF-8, or holds a NUL byte");
        return (hu_checked_cell){.number = NAN};
    }
    if (at->rule->kind == HU_CELL_FILE_NUMBER && !hu_expediente_parse(text, &number))
        COMPLAIN(at,
                 "\"%s\" is not a court file number: expected number-year-incident-court code, like "
                 "00412-2015-37-2701-JR-PE-02, or nothing when no court has the case",
                 hu_excerpt(text, shown));
    return (hu_checked_cell){.number = NAN, .text = text};
}

static hu_checked_cell check_cell(const place *at)
{
    hu_str text = hu_str_trim(hu_str_of(hu_table_text(at->table, at->column, at->row, at->arena)));
    if (at->column->type == HU_TEXT && at->column->texts[at->row].data)
        text = hu_str_trim(at->column->texts[at->row]); /* as it is, NUL bytes and all */
    if (stands_for_missing(text, at->rule->kind)) {
        if (at->rule->needed)
            COMPLAIN(at, "the cell is empty: every row needs a value");
        return (hu_checked_cell){.number = NAN};
    }
    switch (at->rule->kind) {
    case HU_CELL_DATE:
        return check_date(at, text);
    case HU_CELL_REGION:
        return check_region(at, text);
    case HU_CELL_COUNT:
    case HU_CELL_AMOUNT:
        return check_number(at, text);
    case HU_CELL_TEXT:
    case HU_CELL_FILE_NUMBER:
        break;
    }
    return check_text(at, text);
}

/* A column that nobody asked for is left alone, unless it looks like one that is missing, mistyped. */
static void check_strange_columns(const place *at, const hu_checked *checked)
{
    const char **absent = HU_NEW_ARRAY(at->arena, const char *, checked->n_rules + 1);
    size_t n = 0;
    for (size_t i = 0; i < checked->n_rules; i++)
        if (!checked->rules[i].needed && !hu_table_find(at->table, checked->rules[i].name))
            absent[n++] = checked->rules[i].name;
    for (size_t c = 0; c < at->table->n_columns; c++) {
        const char *name = at->table->columns[c].name;
        bool known = false;
        for (size_t i = 0; i < checked->n_rules; i++)
            known = known || strcmp(name, checked->rules[i].name) == 0;
        const char *close = known ? NULL : hu_closest(name, absent);
        if (close)
            hu_problems_add(at->problems, hu_fail_at(HU_BAD_INPUT, at->table->source, 0, name,
                                                     "there is no such column; did you mean \"%s\"?", close));
    }
}

void hu_check_table(const hu_table *table, const hu_column_rule *rules, size_t n_rules, const hu_regions *regions,
                    hu_arena *arena, hu_problems *problems, hu_checked *checked)
{
    place at = {.table = table, .regions = regions, .arena = arena, .problems = problems};
    *checked = (hu_checked){table, rules, n_rules, NULL};
    checked->cells = hu_alloc_array(arena, table->rows, n_rules * sizeof *checked->cells);
    if (!table->rows)
        hu_problems_add(problems, hu_fail_at(HU_EMPTY, table->source, 0, NULL, "there are no rows"));
    check_strange_columns(&at, checked);
    const hu_column **columns = HU_NEW_ARRAY(arena, const hu_column *, n_rules);
    for (size_t i = 0; i < n_rules; i++) {
        columns[i] = hu_table_find(table, rules[i].name);
        hu_column *missing;
        if (!columns[i] && rules[i].needed)
            hu_problems_add(problems, hu_table_column(table, rules[i].name, &missing));
    }
    for (at.row = 0; at.row < table->rows; at.row++)
        for (size_t i = 0; i < n_rules; i++) {
            at.column = columns[i];
            at.rule = &rules[i];
            checked->cells[at.row * n_rules + i] = columns[i] ? check_cell(&at) : (hu_checked_cell){.number = NAN};
        }
}

hu_checked_cell hu_checked_at(const hu_checked *checked, size_t row, size_t rule)
{
    return checked->cells[row * checked->n_rules + rule];
}

typedef struct keyed_row {
    hu_str key;
    size_t row;
} keyed_row;

static int by_key_then_row(const void *a, const void *b)
{
    const keyed_row *x = a, *y = b;
    int order = hu_str_compare(&x->key, &y->key);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Line of a row in its file, or the row's number where rows have no lines. */
static size_t place_of_row(const hu_table *table, size_t row, const char **what)
{
    *what = table->lines || table->first_line ? "line" : "row";
    if (table->lines)
        return table->lines[row];
    return row + (table->first_line ? (size_t)table->first_line : 1);
}

void hu_check_unique(const hu_checked *checked, size_t rule, hu_problems *problems)
{
    HU_SCRATCH(scratch);
    size_t n = 0;
    keyed_row *rows = HU_NEW_ARRAY(scratch, keyed_row, checked->table->rows);
    size_t *first = HU_NEW_ARRAY(scratch, size_t, checked->table->rows);
    for (size_t r = 0; r < checked->table->rows; r++) {
        first[r] = r;
        if (hu_checked_at(checked, r, rule).text.data)
            rows[n++] = (keyed_row){hu_checked_at(checked, r, rule).text, r};
    }
    qsort(rows, n, sizeof *rows, by_key_then_row);
    for (size_t i = 1; i < n; i++)
        if (hu_str_equal(rows[i].key, rows[i - 1].key))
            first[rows[i].row] = first[rows[i - 1].row];
    for (size_t r = 0; r < checked->table->rows; r++) {
        char shown[80];
        const char *what;
        size_t at = place_of_row(checked->table, first[r], &what);
        if (first[r] != r)
            hu_problems_add(problems, hu_table_fail(checked->table, HU_BAD_INPUT, r, checked->rules[rule].name,
                                                    "\"%s\" stands twice: first in %s %zu",
                                                    hu_excerpt(hu_checked_at(checked, r, rule).text, shown), what, at));
    }
}
