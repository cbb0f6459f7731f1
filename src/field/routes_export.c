/* De-identified data for researchers: tables in which nobody stands alone. */

#include "incident.h"
#include "inside.h"
#include "routes.h"

#include "huella/base/date.h"
#include "huella/measures/disclosure.h"

#include <microhttpd.h>
#include <string.h>

enum { MOST_COLUMNS = 8 };

/* Every column is taken as one by which somebody could be recognised. */
static const char *const of_incidents[] = {"district", "date", "origin", "profile", "persons", NULL};
static const char *const of_persons[] = {"district",  "date", "origin",      "profile",
                                         "age_group", "sex",  "nationality", NULL};

typedef struct rows {
    hu_arena *arena;
    size_t n, capacity, n_columns;
    const char *(*cells)[MOST_COLUMNS];
} rows;

static const char **add_row(rows *r)
{
    if (r->n == r->capacity) {
        size_t larger = r->capacity ? 2 * r->capacity : 256;
        r->cells = hu_regrow(r->arena, r->cells, r->capacity, larger, sizeof *r->cells);
        r->capacity = larger;
    }
    return r->cells[r->n++];
}

static const char *member(const rows *r, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? hu_strdup(r->arena, text) : NULL;
}

/* Names follow of_incidents and of_persons. */
static void add_incident(rows *r, const incident *one, bool by_person)
{
    json_t *record = json_loadb(one->text.data, one->text.length, 0, NULL), *person;
    const json_t *persons = json_object_get(record, "persons");
    if (json_object_get(record, "erased")) {
        json_decref(record);
        return;
    }
    char date[16];
    hu_date_format_iso(hu_date_from_days(one->occurred_at / 86400), date);
    size_t n = json_array_size(persons), i;
    const char *shared[] = {one->district, hu_strdup(r->arena, date), member(r, record, "origin"),
                            member(r, record, "profile")};
    if (!by_person) {
        const char **row = add_row(r);
        memcpy(row, shared, sizeof shared);
        row[4] = hu_printf(r->arena, "%zu", n);
    }
    json_array_foreach(persons, i, person) {
        if (!by_person)
            break;
        const char **row = add_row(r);
        memcpy(row, shared, sizeof shared);
        row[4] = member(r, person, "age_group");
        row[5] = member(r, person, "sex");
        row[6] = member(r, person, "nationality");
    }
    json_decref(record);
}

/* All incidents, from the newest, some at a time. */
static hu_error *collect(call *c, bool by_person, rows *r)
{
    int64_t cursor = 0;
    for (size_t n = 1; n > 0;) {
        incident *list;
        HU_TRY(incident_list_all(c, cursor, 200, &list, &n));
        for (size_t i = 0; i < n; i++)
            add_incident(r, &list[i], by_person);
        cursor = n ? list[n - 1].sequence : 0;
    }
    return NULL;
}

static hu_table *as_table(const rows *r, const char *const *names)
{
    hu_table *table = hu_table_new(r->arena, "the records", r->n);
    for (size_t j = 0; names[j]; j++) {
        hu_column *column = hu_table_add_texts(table, r->arena, names[j]);
        for (size_t i = 0; i < r->n; i++)
            column->texts[i] = r->cells[i][j] ? hu_str_of(r->cells[i][j]) : (hu_str){0};
    }
    return table;
}

static void print_release(hu_json *json, const hu_disclosed *out, const char *const *names, hu_arena *arena)
{
    hu_json_key(json, "coarser");
    hu_json_object(json);
    for (size_t j = 0; j < out->n_quasi; j++)
        hu_json_put_text(json, names[j], out->coarser[j]);
    hu_json_object_end(json);
    hu_json_key(json, "rows");
    hu_json_array(json);
    for (size_t i = 0; out->table && i < out->table->rows; i++) {
        hu_json_object(json);
        for (size_t c = 0; c < out->table->n_columns; c++)
            hu_json_put_text(json, out->table->columns[c].name,
                             hu_table_text(out->table, &out->table->columns[c], i, arena));
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

static hu_error *answer(call *c, const rows *r, const char *const *names)
{
    HU_BUF(text);
    hu_json json;
    hu_disclosed out = {.suppressed = r->n};
    hu_disclosure_check found = {.holds = true};
    hu_disclosure_options options = {.quasi = names, .k = HU_DISCLOSURE_K};
    if (r->n >= HU_DISCLOSURE_K) {
        HU_TRY(hu_disclose(as_table(r, names), &options, c->arena, &out));
        HU_TRY(hu_disclosure_verify(out.table, &options, &found));
    }
    if (!found.holds)
        return hu_fail(HU_BUG, "a release of %zu rows does not hold", out.table->rows);
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_integer(&json, "k", HU_DISCLOSURE_K);
    hu_json_put_integer(&json, "left_out", (int64_t)out.suppressed);
    hu_json_put_integer(&json, "smallest_class", (int64_t)out.smallest);
    print_release(&json, &out, names, c->arena);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

static hu_error *prepare_incidents(call *c)
{
    rows r = {.arena = c->arena};
    HU_TRY(collect(c, false, &r));
    return answer(c, &r, of_incidents);
}

static hu_error *prepare_persons(call *c)
{
    rows r = {.arena = c->arena};
    HU_TRY(collect(c, true, &r));
    return answer(c, &r, of_persons);
}

static hu_error *commit(call *c)
{
    return call_audit(c, "export.read", c->route->path, NULL);
}

const route routes_export[] = {
    {"GET", "/api/export/incidents", HU_ACT_RESEARCH, prepare_incidents, commit, .slow = true,
     .summary = "Incidents, coarsened until every row is like ten others; what still stands apart is left out."},
    {"GET", "/api/export/persons", HU_ACT_RESEARCH, prepare_persons, commit, .slow = true,
     .summary = "Persons met, coarsened until every row is like ten others; what still stands apart is left out."},
    {0},
};
