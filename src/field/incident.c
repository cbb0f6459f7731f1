/* Incidents in the store: see incident.h. */

#include "incident.h"

#include "records.h"

#include <string.h>

static hu_error *open_sealed(call *c, sqlite3_stmt *row, int column, incident *one)
{
    hu_str sealed = hu_db_bytes(row, column, c->arena);
    return hu_vault_unseal(call_vault(c), c->store, one->id, one->revision, sealed, c->arena, &one->text);
}

static void read_columns(call *c, sqlite3_stmt *row, incident *one)
{
    *one = (incident){.id = hu_db_text(row, 0, c->arena),
                      .revision = sqlite3_column_int64(row, 1),
                      .sequence = sqlite3_column_int64(row, 2),
                      .district = hu_db_text(row, 3, c->arena),
                      .recorded_by = hu_db_text(row, 4, c->arena),
                      .occurred_at = sqlite3_column_int64(row, 5),
                      .received_at = sqlite3_column_int64(row, 6),
                      .changed_at = sqlite3_column_int64(row, 7)};
}

#define COLUMNS "incident_id, revision, sequence, district, recorded_by, occurred_at, received_at, changed_at, sealed"

hu_error *incident_find(call *c, const char *id, incident *one, bool *found)
{
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(c->store, &row, found, "SELECT " COLUMNS " FROM incidents WHERE incident_id = ?", "t", id));
    if (!*found)
        return NULL;
    read_columns(c, row, one);
    hu_error *error = open_sealed(c, row, 8, one);
    hu_db_done(row);
    return error;
}

/* The account's own office, when a referral of this incident is addressed to it; else nobody's. */
static hu_error *addressed_to(call *c, const char *id, const char **institution)
{
    sqlite3_stmt *row;
    bool found;
    *institution = NULL;
    if (!c->account.institution)
        return NULL;
    HU_TRY(hu_db_first(c->store, &row, &found,
                       "SELECT 1 FROM referrals WHERE incident_id = ? AND institution_id = ? AND state <> 'drafted'",
                       "tt", id, c->account.institution));
    if (found)
        *institution = c->account.institution;
    hu_db_done(row);
    return NULL;
}

hu_error *incident_require(call *c, hu_act act, const char *id, incident *one)
{
    bool found = false;
    const char *institution = NULL;
    if (hu_uuid_valid(id))
        HU_TRY(incident_find(c, id, one, &found));
    if (!found)
        return call_missing(c);
    HU_TRY(addressed_to(c, id, &institution));
    hu_belongs whose = {one->recorded_by, one->district, institution};
    return hu_permit_record(act, &c->account, &whose) ? NULL : call_missing(c);
}

hu_error *incident_insert(call *c, const incident *one)
{
    hu_str sealed;
    int64_t sequence;
    HU_TRY(hu_vault_seal(call_vault(c), c->store, one->id, one->revision, one->text, c->arena, &sealed));
    HU_TRY(call_next_sequence(c, &sequence));
    return hu_db_run(c->store, "INSERT INTO incidents (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", "tiittiiib",
                     one->id, one->revision, sequence, one->district, one->recorded_by, one->occurred_at,
                     one->received_at, one->changed_at, sealed);
}

hu_error *incident_replace(call *c, const incident *stored, const incident *next)
{
    hu_str sealed;
    int64_t sequence;
    HU_TRY(hu_vault_seal(call_vault(c), c->store, next->id, next->revision, next->text, c->arena, &sealed));
    HU_TRY(call_next_sequence(c, &sequence));
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO incident_versions (incident_id, revision, changed_at, sealed) "
                     "SELECT incident_id, revision, changed_at, sealed FROM incidents WHERE incident_id = ?",
                     "t", stored->id));
    return hu_db_run(c->store,
                     "UPDATE incidents SET revision = ?, sequence = ?, occurred_at = ?, changed_at = ?, sealed = ? "
                     "WHERE incident_id = ?",
                     "iiiibt", next->revision, sequence, next->occurred_at, next->changed_at, sealed, next->id);
}

/* ---- lists ---- */

static hu_error *select_within_reach(call *c, int64_t cursor, int64_t limit, sqlite3_stmt **rows)
{
    const hu_account *who = &c->account;
    switch (hu_permit_reach(HU_ACT_INCIDENT_READ, who->role)) {
    case HU_OWN:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS " FROM incidents WHERE recorded_by = ? AND district = ? AND sequence < ? "
                          "ORDER BY sequence DESC LIMIT ?",
                          "ttii", who->id, who->district, cursor, limit);
    case HU_OWN_DISTRICT:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS " FROM incidents WHERE district = ? AND sequence < ? "
                          "ORDER BY sequence DESC LIMIT ?",
                          "tii", who->district, cursor, limit);
    case HU_OWN_INSTITUTION:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS
                          " FROM incidents WHERE sequence < ?2 AND incident_id IN (SELECT incident_id "
                          "FROM referrals WHERE institution_id = ?1 AND state <> 'drafted') "
                          "ORDER BY sequence DESC LIMIT ?3",
                          "tii", who->institution, cursor, limit);
    default:
        return call_refuse(c, 403, "this role lists no incidents");
    }
}

/* The rows of a statement, at most `limit`, opened. An erased record keeps its place, and says that it is. */
static hu_error *open_rows(call *c, sqlite3_stmt *rows, int64_t limit, incident **list, size_t *n)
{
    bool more = true;
    hu_error *error = NULL;
    *list = HU_NEW_ARRAY(c->arena, incident, (size_t)limit);
    *n = 0;
    while (!error && !(error = hu_db_step(c->store, rows, &more)) && more) {
        incident *one = &(*list)[*n];
        read_columns(c, rows, one);
        error = open_sealed(c, rows, 8, one);
        if (error && error->code == HU_NOT_FOUND) {
            hu_error_free(error);
            error = NULL;
            one->text = hu_str_of("{\"erased\":true}");
        }
        ++*n;
    }
    hu_db_done(rows);
    return error;
}

hu_error *incident_list(call *c, int64_t cursor, int64_t limit, incident **list, size_t *n)
{
    sqlite3_stmt *rows = NULL;
    HU_TRY(select_within_reach(c, cursor, limit, &rows));
    return open_rows(c, rows, limit, list, n);
}

hu_error *incident_list_all(call *c, int64_t cursor, int64_t limit, incident **list, size_t *n)
{
    sqlite3_stmt *rows;
    HU_TRY(hu_db_bind(c->store, &rows,
                      "SELECT " COLUMNS " FROM incidents WHERE ?1 = 0 OR sequence < ?1 ORDER BY sequence DESC LIMIT ?2",
                      "ii", cursor, limit));
    return open_rows(c, rows, limit, list, n);
}

hu_error *incident_print(call *c, const incident *one, hu_buf *out)
{
    HU_BUF(head);
    hu_json json;
    const char *const *hides = hu_permit_hides(HU_ACT_INCIDENT_READ, c->account.role);
    bool hide_officer = false;
    for (const char *const *hidden = hides; *hidden; hidden++)
        hide_officer = hide_officer || strcmp(*hidden, "recorded_by") == 0;
    hu_json_start(&json, &head);
    hu_json_object(&json);
    hu_json_put_text(&json, "id", one->id);
    hu_json_put_integer(&json, "revision", one->revision);
    if (!hide_officer)
        hu_json_put_text(&json, "recorded_by", one->recorded_by);
    json_put_instant(&json, "received_at", one->received_at);
    json_put_instant(&json, "changed_at", one->changed_at);
    return record_print((hu_str){head.data + 1, head.length - 1}, one->text, hides, out);
}
