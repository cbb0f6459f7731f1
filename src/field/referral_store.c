/* Referrals in the store: see referral_store.h. */

#include "referral_store.h"

#include "inside.h"
#include "records.h"

#include <string.h>

#define COLUMNS                                                                                                        \
    "r.referral_id, r.revision, r.sequence, r.incident_id, r.person_id, r.district, r.recorded_by, r.institution_id, " \
    "r.state, r.state_at, r.due_at, r.received_at, r.changed_at, i.agency, i.name, r.sealed"
#define FROM " FROM referrals r JOIN institutions i ON i.institution_id = r.institution_id "

static hu_error *read_row(call *c, sqlite3_stmt *row, referral *one)
{
    *one = (referral){.id = hu_db_text(row, 0, c->arena),
                      .revision = sqlite3_column_int64(row, 1),
                      .sequence = sqlite3_column_int64(row, 2),
                      .incident = hu_db_text(row, 3, c->arena),
                      .person = hu_db_text(row, 4, c->arena),
                      .district = hu_db_text(row, 5, c->arena),
                      .recorded_by = hu_db_text(row, 6, c->arena),
                      .institution = hu_db_text(row, 7, c->arena),
                      .state = hu_db_text(row, 8, c->arena),
                      .state_at = sqlite3_column_int64(row, 9),
                      .due_at = sqlite3_column_int64(row, 10),
                      .received_at = sqlite3_column_int64(row, 11),
                      .changed_at = sqlite3_column_int64(row, 12),
                      .agency = hu_db_text(row, 13, c->arena),
                      .institution_name = hu_db_text(row, 14, c->arena)};
    hu_str sealed = hu_db_bytes(row, 15, c->arena);
    return hu_vault_unseal(call_vault(c), c->store, one->id, one->revision, sealed, c->arena, &one->text);
}

hu_error *referral_find(call *c, const char *id, referral *one, bool *found)
{
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(c->store, &row, found, "SELECT " COLUMNS FROM "WHERE r.referral_id = ?", "t", id));
    if (!*found)
        return NULL;
    hu_error *error = read_row(c, row, one);
    hu_db_done(row);
    return error;
}

/* A draft is addressed to nobody yet. */
static hu_belongs whose(const referral *one)
{
    bool draft = strcmp(one->state, "drafted") == 0;
    return (hu_belongs){one->recorded_by, one->district, draft ? NULL : one->institution};
}

hu_error *referral_require(call *c, hu_act act, const char *id, referral *one)
{
    bool found = false;
    if (hu_uuid_valid(id))
        HU_TRY(referral_find(c, id, one, &found));
    if (!found)
        return call_missing(c);
    hu_belongs owner = whose(one);
    return hu_permit_record(act, &c->account, &owner) ? NULL : call_missing(c);
}

static hu_error *seal(call *c, const referral *one, hu_str *sealed)
{
    return hu_vault_seal(call_vault(c), c->store, one->id, one->revision, one->text, c->arena, sealed);
}

static hu_error *add_to_way(call *c, const referral *one, int64_t step, const char *actor, const char *note)
{
    hu_str sealed = {0};
    if (note) /* under the referral's own key, so that erasing the referral erases it; no version has such a number */
        HU_TRY(hu_vault_seal(call_vault(c), c->store, one->id, -step, hu_str_of(note), c->arena, &sealed));
    return hu_db_run(c->store,
                     "INSERT INTO referral_steps (referral_id, step, state, at, actor, note) VALUES (?, ?, ?, ?, ?, ?)",
                     "tititb", one->id, step, one->state, one->state_at, actor, sealed);
}

hu_error *referral_insert(call *c, const referral *one)
{
    hu_str sealed;
    int64_t sequence;
    HU_TRY(seal(c, one, &sealed));
    HU_TRY(call_next_sequence(c, &sequence));
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO referrals (referral_id, revision, sequence, incident_id, person_id, district, "
                     "recorded_by, institution_id, state, state_at, received_at, changed_at, sealed) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "tiittttttiiib", one->id, one->revision, sequence, one->incident, one->person, one->district,
                     one->recorded_by, one->institution, one->state, one->state_at, one->received_at, one->changed_at,
                     sealed));
    return add_to_way(c, one, 1, one->recorded_by, NULL);
}

hu_error *referral_replace(call *c, const referral *next)
{
    hu_str sealed;
    int64_t sequence;
    HU_TRY(seal(c, next, &sealed));
    HU_TRY(call_next_sequence(c, &sequence));
    return hu_db_run(c->store,
                     "UPDATE referrals SET revision = ?, sequence = ?, person_id = ?, institution_id = ?, state = ?, "
                     "state_at = ?, due_at = ?, changed_at = ?, sealed = ? WHERE referral_id = ?",
                     "iitttiIibt", next->revision, sequence, next->person, next->institution, next->state,
                     next->state_at, next->due_at ? next->due_at : -1, next->changed_at, sealed, next->id);
}

/* ---- the way ---- */

hu_error *referral_way_of(call *c, const char *id, referral_way *way)
{
    enum { MOST = 64 };
    sqlite3_stmt *row;
    bool more = true;
    hu_error *error = NULL;
    *way = (referral_way){.reached = HU_NEW_ARRAY(c->arena, hu_reached, MOST),
                          .actors = HU_NEW_ARRAY(c->arena, const char *, MOST),
                          .notes = HU_NEW_ARRAY(c->arena, const char *, MOST)};
    HU_TRY(hu_db_bind(c->store, &row,
                      "SELECT state, at, actor, note, step FROM referral_steps WHERE referral_id = ? ORDER BY step",
                      "t", id));
    while (way->n < MOST && !(error = hu_db_step(c->store, row, &more)) && more) {
        hu_str note = hu_db_bytes(row, 3, c->arena), text = {0};
        way->reached[way->n] = (hu_reached){hu_db_text(row, 0, c->arena), sqlite3_column_int64(row, 1)};
        way->actors[way->n] = hu_db_text(row, 2, c->arena);
        if (note.data)
            error = hu_vault_unseal(call_vault(c), c->store, id, -sqlite3_column_int64(row, 4), note, c->arena, &text);
        way->notes[way->n++] = text.data;
        if (error)
            break;
    }
    hu_db_done(row);
    return error;
}

static const hu_referral_kind *kind_of(call *c, const referral *one)
{
    json_t *record = json_loadb(one->text.data, one->text.length, 0, NULL);
    const hu_referral_kind *kind =
        hu_referral_kind_of(c->field->rules->referrals, json_string_value(json_object_get(record, "kind")));
    json_decref(record);
    return kind;
}

hu_error *referral_step_to(call *c, referral *one, hu_side side, const char *to, const char *note, const char *actor)
{
    const hu_referral_rules *rules = c->field->rules->referrals;
    const hu_step_rule *rule = hu_referral_step(rules, one->state, to);
    referral_way way;
    if (!rule)
        return call_refuse(c, 409, "a referral that is %s cannot become %s", one->state, to);
    if (!(rule->by & side))
        return call_refuse(c, 403, "from %s to %s: this step is the %s's", one->state, to,
                           rule->by == HU_SENDER ? "sender" : "receiver");
    HU_TRY(referral_way_of(c, one->id, &way));
    const char *before = one->state;
    way.reached[way.n++] = (hu_reached){to, c->now};
    one->revision++;
    one->state = to;
    one->state_at = one->changed_at = c->now;
    const hu_referral_kind *kind = kind_of(c, one);
    one->due_at = kind ? hu_referral_due(rules, kind, way.reached, way.n) : 0;
    HU_TRY(add_to_way(c, one, (int64_t)way.n, actor, note));
    HU_TRY(referral_replace(c, one));
    return call_audit(c, "referral.step", one->id,
                      hu_printf(c->arena, "{\"from\":\"%s\",\"to\":\"%s\",\"by\":\"%s\"}", before, to,
                                c->account.id ? "account" : "sheet"));
}

/* ---- lists and answers ---- */

static hu_error *select_within_reach(call *c, int64_t cursor, int64_t limit, int64_t due, sqlite3_stmt **rows)
{
    const hu_account *who = &c->account;
    switch (hu_permit_reach(HU_ACT_REFERRAL_READ, who->role)) {
    case HU_OWN:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS FROM "WHERE r.recorded_by = ?1 AND r.district = ?2 AND r.sequence < ?3 AND "
                          "(?5 = 0 OR r.due_at < ?5) ORDER BY r.sequence DESC LIMIT ?4",
                          "ttiii", who->id, who->district, cursor, limit, due);
    case HU_OWN_DISTRICT:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS FROM "WHERE r.district = ?1 AND r.sequence < ?2 AND "
                          "(?4 = 0 OR r.due_at < ?4) ORDER BY r.sequence DESC LIMIT ?3",
                          "tiii", who->district, cursor, limit, due);
    case HU_OWN_INSTITUTION:
        return hu_db_bind(c->store, rows,
                          "SELECT " COLUMNS FROM "WHERE r.institution_id = ?1 AND r.state <> 'drafted' AND "
                          "r.sequence < ?2 AND (?4 = 0 OR r.due_at < ?4) ORDER BY r.sequence DESC LIMIT ?3",
                          "tiii", who->institution, cursor, limit, due);
    default:
        return call_refuse(c, 403, "this role lists no referrals");
    }
}

hu_error *referral_list(call *c, int64_t cursor, int64_t limit, bool overdue, referral **list, size_t *n)
{
    sqlite3_stmt *rows = NULL;
    bool more = true;
    hu_error *error = NULL;
    *list = HU_NEW_ARRAY(c->arena, referral, (size_t)limit);
    *n = 0;
    HU_TRY(select_within_reach(c, cursor, limit, overdue ? c->now : 0, &rows));
    while (!error && !(error = hu_db_step(c->store, rows, &more)) && more) {
        error = read_row(c, rows, &(*list)[*n]);
        if (error && error->code == HU_NOT_FOUND) {
            hu_error_free(error);
            error = NULL;
            (*list)[*n].text = hu_str_of("{\"erased\":true}");
        }
        ++*n;
    }
    hu_db_done(rows);
    return error;
}

static bool hides(const char *const *hidden, const char *member)
{
    while (*hidden && strcmp(*hidden, member) != 0)
        hidden++;
    return *hidden;
}

static void print_way(const referral_way *way, bool names, hu_json *json)
{
    hu_json_key(json, "way");
    hu_json_array(json);
    for (size_t i = 0; i < way->n; i++) {
        hu_json_object(json);
        hu_json_put_text(json, "state", way->reached[i].state);
        json_put_instant(json, "at", way->reached[i].at);
        if (names)
            hu_json_put_text(json, "by", way->actors[i]);
        if (way->notes[i])
            hu_json_put_text(json, "note", way->notes[i]);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

/* What the receiving office needs to begin with. */
static bool is_complete(const json_t *record)
{
    static const char *const needed[] = {"reason", "person", "contact", "urgency", "consent", NULL};
    for (const char *const *member = needed; *member; member++)
        if (!json_object_get(record, *member))
            return false;
    return true;
}

static void measure(call *c, const referral *one, const referral_way *way, hu_json *json)
{
    json_t *record = json_loadb(one->text.data, one->text.length, 0, NULL);
    const char *consent = json_string_value(json_object_get(record, "consent"));
    const hu_referral_rules *rules = c->field->rules->referrals;
    hu_referral_facts facts = {.kind = hu_referral_kind_of(rules, json_string_value(json_object_get(record, "kind"))),
                               .agency = one->agency,
                               .consent_stated = consent && strcmp(consent, "not_asked") != 0,
                               .accompanied = json_is_true(json_object_get(record, "accompanied")),
                               .sheet_complete = is_complete(record),
                               .way = way->reached,
                               .n = way->n,
                               .now = c->now};
    if (facts.kind && facts.n)
        hu_referral_measure(rules, &facts, json);
    json_decref(record);
}

hu_error *referral_print(call *c, const referral *one, bool with_way, hu_buf *out)
{
    HU_BUF(head);
    hu_json json;
    referral_way way;
    const char *const *hidden = hu_permit_hides(HU_ACT_REFERRAL_READ, c->account.role);
    bool names = !hides(hidden, "recorded_by");
    hu_json_start(&json, &head);
    hu_json_object(&json);
    hu_json_put_text(&json, "id", one->id);
    hu_json_put_integer(&json, "revision", one->revision);
    hu_json_put_text(&json, "state", one->state);
    json_put_instant(&json, "state_at", one->state_at);
    if (one->due_at) {
        json_put_instant(&json, "due_at", one->due_at);
        hu_json_put_bool(&json, "overdue", one->due_at < c->now);
    }
    hu_json_put_text(&json, "district", one->district);
    if (names)
        hu_json_put_text(&json, "recorded_by", one->recorded_by);
    json_put_instant(&json, "received_at", one->received_at);
    json_put_instant(&json, "changed_at", one->changed_at);
    if (with_way) {
        HU_TRY(referral_way_of(c, one->id, &way));
        print_way(&way, names, &json);
        measure(c, one, &way, &json);
    }
    return record_print((hu_str){head.data + 1, head.length - 1}, one->text, hidden, out);
}
