/* Who a person is: apart from the incident, sealed, and every look at it is written down with its reason. */

#include "incident.h"
#include "inside.h"
#include "records.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

enum { LEAST_REASON = 8, MOST_REASON = 300 };

static const shape identity_shape[] = {
    {.name = "incident", .type = SHAPE_UUID, .required = true},
    {.name = "names", .type = SHAPE_TEXT, .limit = 200},
    {.name = "document_kind", .type = SHAPE_CHOICE, .values = "dni|passport|ptp|carnet_extranjeria|other|none"},
    {.name = "document_number", .type = SHAPE_TEXT, .limit = 40},
    {.name = "birth_date", .type = SHAPE_TEXT, .limit = 10},
    {.name = "telephone", .type = SHAPE_TEXT, .limit = 40},
    {.name = "address", .type = SHAPE_TEXT, .limit = 300},
    {.name = "safe_contact", .type = SHAPE_TEXT, .limit = 300},
    {0},
};

static const char identity_example[] =
    "{\"incident\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"names\":\"Example Person\",\"document_kind\":\"none\","
    "\"safe_contact\":\"Through the shelter, mornings\"}";

typedef struct identity {
    const char *incident, *district, *recorded_by;
    int64_t revision, changed_at;
    hu_str text;
} identity;

/* The key's name: a person and an incident may not share one. */
static const char *record_of(call *c)
{
    return hu_printf(c->arena, "identity:%s", c->id);
}

static hu_error *find(call *c, identity *one, bool *found)
{
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(c->store, &row, found,
                       "SELECT incident_id, district, recorded_by, revision, changed_at, sealed FROM identities "
                       "WHERE person_id = ?",
                       "t", c->id));
    if (!*found)
        return NULL;
    *one = (identity){.incident = hu_db_text(row, 0, c->arena),
                      .district = hu_db_text(row, 1, c->arena),
                      .recorded_by = hu_db_text(row, 2, c->arena),
                      .revision = sqlite3_column_int64(row, 3),
                      .changed_at = sqlite3_column_int64(row, 4)};
    hu_str sealed = hu_db_bytes(row, 5, c->arena);
    hu_db_done(row);
    return hu_vault_unseal(call_vault(c), c->store, record_of(c), one->revision, sealed, c->arena, &one->text);
}

static hu_error *prepare_put(call *c)
{
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the person's number: expected a UUID in small letters");
    c->prepared = (void *)record_canonical(c);
    return NULL;
}

static hu_error *write_identity(call *c, const incident *at, int64_t revision)
{
    hu_str sealed;
    HU_TRY(hu_vault_seal(call_vault(c), c->store, record_of(c), revision, hu_str_of(c->prepared), c->arena, &sealed));
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO identities (person_id, incident_id, revision, district, recorded_by, changed_at, "
                     "sealed) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET revision = "
                     "excluded.revision, changed_at = excluded.changed_at, sealed = excluded.sealed",
                     "ttittib", c->id, at->id, revision, at->district, c->account.id, c->now, sealed));
    return call_audit(c, "identity.write", c->id, NULL);
}

static hu_error *commit_put(call *c)
{
    incident at;
    identity stored = {0};
    record_verdict verdict = {0};
    bool found = false;
    HU_TRY(incident_require(c, HU_ACT_IDENTITY_WRITE, call_text(c, "incident"), &at));
    HU_TRY(find(c, &stored, &found));
    if (found && strcmp(stored.incident, at.id) != 0)
        return call_missing(c);
    if (found)
        HU_TRY(record_judge(c, stored.revision, stored.text, c->prepared, &verdict));
    if (verdict.conflict)
        return NULL;
    if (!verdict.same)
        HU_TRY(write_identity(c, &at, stored.revision + 1));
    record_acknowledge(c, found ? MHD_HTTP_OK : MHD_HTTP_CREATED, stored.revision + !verdict.same, c->now);
    return NULL;
}

/* ---- looking ---- */

static hu_error *prepare_get(call *c)
{
    const char *reason = hu_exchange_header(c->exchange, "X-Reason");
    size_t length = reason ? strlen(reason) : 0;
    if (length < LEAST_REASON || length > MOST_REASON || !hu_utf8_valid(reason, length))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST,
                           "X-Reason: say why, in %d to %d characters: it is kept with your account", LEAST_REASON,
                           MOST_REASON);
    c->prepared = hu_strdup(c->arena, reason);
    return NULL;
}

/* An office sees who a person is once a referral of that person is addressed to it, and only with consent, or where
 * consent was not possible. */
static hu_error *addressed_to(call *c, const char **institution)
{
    sqlite3_stmt *row;
    bool found;
    *institution = NULL;
    if (!c->account.institution)
        return NULL;
    HU_TRY(hu_db_first(c->store, &row, &found,
                       "SELECT 1 FROM referrals WHERE person_id = ? AND institution_id = ? AND "
                       "state NOT IN ('drafted', 'sent', 'rejected', 'withdrawn')",
                       "tt", c->id, c->account.institution));
    if (found)
        *institution = c->account.institution;
    hu_db_done(row);
    return NULL;
}

static hu_error *check_consent(call *c, const char *incident_id)
{
    incident at;
    bool found, consents = false;
    size_t i;
    json_t *one;
    HU_TRY(incident_find(c, incident_id, &at, &found));
    json_t *record = found ? json_loadb(at.text.data, at.text.length, 0, NULL) : NULL;
    json_array_foreach(json_object_get(record, "persons"), i, one) {
        const char *id = json_string_value(json_object_get(one, "id"));
        const char *consent = json_string_value(json_object_get(one, "consent"));
        if (id && consent && strcmp(id, c->id) == 0)
            consents = strcmp(consent, "given") == 0 || strncmp(consent, "not_possible", 12) == 0;
    }
    json_decref(record);
    return consents ? NULL
                    : call_refuse(c, MHD_HTTP_FORBIDDEN, "the person did not consent to be named to your office");
}

/* The look is on the disk before anything is shown: it is a write. */
static hu_error *commit_get(call *c)
{
    HU_BUF(detail);
    hu_json json;
    identity one;
    bool found = false;
    const char *institution = NULL;
    if (hu_uuid_valid(c->id))
        HU_TRY(find(c, &one, &found));
    if (!found)
        return call_missing(c);
    HU_TRY(addressed_to(c, &institution));
    hu_belongs whose = {one.recorded_by, one.district, institution};
    if (!hu_permit_record(HU_ACT_IDENTITY_READ, &c->account, &whose))
        return call_missing(c);
    if (institution)
        HU_TRY(check_consent(c, one.incident));
    hu_json_start(&json, &detail);
    hu_json_object(&json);
    hu_json_put_text(&json, "reason", c->prepared);
    hu_json_object_end(&json);
    HU_TRY(call_audit(c, "identity.read", c->id, detail.data));
    call_etag(c, one.revision);
    c->exchange->answer = (hu_str){hu_strndup(c->arena, one.text.data, one.text.length), one.text.length};
    return NULL;
}

const route routes_identities[] = {
    {"PUT", "/api/identities/{uuid}", HU_ACT_IDENTITY_WRITE, prepare_put, commit_put, identity_shape, identity_example,
     .summary = "Who a person of an incident is; {uuid} is the person's pseudonym."},
    {"GET", "/api/identities/{uuid}", HU_ACT_IDENTITY_READ, prepare_get, commit_get,
     .summary = "Who a person is. The header X-Reason says why; the trail keeps it."},
    {0},
};
