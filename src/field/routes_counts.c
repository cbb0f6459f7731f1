/* Encounters, screenings and refusals: the denominators. */

#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

static const shape count_shape[] = {
    {.name = "kind", .type = SHAPE_CHOICE, .required = true, .values = "encounter|screening|refusal"},
    {.name = "occurred_at", .type = SHAPE_INSTANT, .required = true},
    {.name = "number", .type = SHAPE_INTEGER, .least = 1, .limit = 1000, .help = "How many; 1 when left out."},
    {0},
};

static const char count_example[] =
    "{\"kind\":\"encounter\",\"occurred_at\":\"2026-03-05T14:30:00-05:00\",\"number\":1}";

/* A count is what it is: the same number again is the same count, and another under its number is refused. */
static hu_error *commit_put(call *c)
{
    int64_t number = json_integer_value(json_object_get(c->body, "number")), sequence;
    sqlite3_stmt *row;
    bool found, same = false;
    number = number ? number : 1;
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the record's name: expected a UUID in small letters");
    HU_TRY(hu_db_first(c->store, &row, &found,
                       "SELECT recorded_by = ?2 AND kind = ?3 AND number = ?4 AND occurred_at = ?5 FROM encounters "
                       "WHERE encounter_id = ?1",
                       "tttii", c->id, c->account.id, call_text(c, "kind"), number, call_instant(c, "occurred_at")));
    if (found)
        same = sqlite3_column_int(row, 0);
    hu_db_done(row);
    if (found && !same)
        return call_refuse(c, MHD_HTTP_CONFLICT, "another count stands under this number");
    if (!found) {
        HU_TRY(call_next_sequence(c, &sequence));
        HU_TRY(hu_db_run(c->store,
                         "INSERT INTO encounters (encounter_id, sequence, district, recorded_by, kind, number, "
                         "occurred_at, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         "tittt"
                         "iii",
                         c->id, sequence, c->account.district, c->account.id, call_text(c, "kind"), number,
                         call_instant(c, "occurred_at"), c->now));
    }
    c->exchange->status = found ? MHD_HTTP_OK : MHD_HTTP_CREATED;
    c->exchange->answer = hu_str_of(hu_printf(c->arena, "{\"id\":\"%s\"}", c->id));
    return NULL;
}

/* Sums within reach, by kind. */
static hu_error *get(call *c)
{
    HU_BUF(text);
    hu_json json;
    sqlite3_stmt *row;
    bool more = true, own = hu_permit_reach(HU_ACT_COUNT_READ, c->account.role) == HU_OWN;
    hu_error *error;
    HU_TRY(
        hu_db_bind(c->store, &row,
                   "SELECT kind, sum(number) FROM encounters WHERE district = ?1 AND (?2 IS NULL OR recorded_by = ?2) "
                   "GROUP BY kind ORDER BY kind",
                   "tt", c->account.district, own ? c->account.id : NULL));
    hu_json_start(&json, &text);
    hu_json_object(&json);
    while (!(error = hu_db_step(c->store, row, &more)) && more)
        hu_json_put_integer(&json, hu_db_text(row, 0, c->arena), sqlite3_column_int64(row, 1));
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return error;
}

const route routes_counts[] = {
    {"PUT", "/api/encounters/{uuid}", HU_ACT_COUNT_WRITE, NULL, commit_put, count_shape, count_example,
     .summary = "Count an encounter, a screening or a refusal."},
    {"GET", "/api/encounters", HU_ACT_COUNT_READ, get, .summary = "Sums within reach, by kind."},
    {0},
};
