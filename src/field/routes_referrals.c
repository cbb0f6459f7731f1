/* Referrals: written by who refers, moved along by both sides. */

#include "incident.h"
#include "inside.h"
#include "records.h"
#include "referral_store.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

const shape referral_shape[] = {
    {.name = "incident", .type = SHAPE_UUID, .required = true},
    {.name = "person", .type = SHAPE_UUID, .help = "One of the incident's persons."},
    {.name = "institution", .type = SHAPE_TEXT, .required = true, .limit = 60, .help = "GET /api/institutions"},
    {.name = "kind", .type = SHAPE_TEXT, .required = true, .limit = 60, .help = "What for: GET /api/referral-rules"},
    {.name = "urgency", .type = SHAPE_CHOICE, .values = "now|today|this_week"},
    {.name = "reason", .type = SHAPE_TEXT, .limit = 4000},
    {.name = "consent",
     .type = SHAPE_CHOICE,
     .values = "given|refused|not_possible_minor|not_possible_danger|not_asked"},
    {.name = "accompanied", .type = SHAPE_BOOL, .help = "Whether somebody went along."},
    {.name = "contact", .type = SHAPE_TEXT, .limit = 300, .help = "How the office reaches who refers; not the person."},
    {.name = "safe_contact",
     .type = SHAPE_TEXT,
     .limit = 300,
     .help = "When and how the person may be reached safely."},
    {.name = "internal_note", .type = SHAPE_TEXT, .limit = 4000, .help = "Not shown to the office."},
    {.name = "id", .type = SHAPE_READ_ONLY},
    {.name = "revision", .type = SHAPE_READ_ONLY},
    {.name = "state", .type = SHAPE_READ_ONLY},
    {.name = "state_at", .type = SHAPE_READ_ONLY},
    {.name = "due_at", .type = SHAPE_READ_ONLY},
    {.name = "overdue", .type = SHAPE_READ_ONLY},
    {.name = "district", .type = SHAPE_READ_ONLY},
    {.name = "recorded_by", .type = SHAPE_READ_ONLY},
    {.name = "received_at", .type = SHAPE_READ_ONLY},
    {.name = "changed_at", .type = SHAPE_READ_ONLY},
    {.name = "way", .type = SHAPE_READ_ONLY},
    {.name = "clocks", .type = SHAPE_READ_ONLY},
    {.name = "completion", .type = SHAPE_READ_ONLY},
    {.name = "quality", .type = SHAPE_READ_ONLY},
    {0},
};

const char referral_example[] =
    "{\"incident\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"person\":\"6f0e3c1a-5a52-4a0e-8d3c-0b9a7f3f2c11\","
    "\"institution\":\"cem-demo\",\"kind\":\"violence_support\",\"urgency\":\"today\",\"reason\":\"Asks for legal help "
    "and a safe place to sleep.\",\"consent\":\"given\",\"accompanied\":true,\"contact\":\"Shift supervisor\"}";

static hu_error *prepare_put(call *c)
{
    referral *next = HU_NEW(c->arena, referral);
    const char *kind = call_text(c, "kind"), *person = call_text(c, "person");
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the record's name: expected a UUID in small letters");
    if (!hu_referral_kind_of(c->field->rules->referrals, kind))
        return hu_fail(HU_BAD_INPUT, "/kind: \"%s\" is no kind of referral: GET /api/referral-rules", kind);
    *next = (referral){.id = c->id,
                       .revision = 1,
                       .incident = hu_strdup(c->arena, call_text(c, "incident")),
                       .person = person ? hu_strdup(c->arena, person) : NULL,
                       .recorded_by = c->account.id,
                       .institution = hu_strdup(c->arena, call_text(c, "institution")),
                       .state = c->field->rules->referrals->first,
                       .state_at = c->now,
                       .received_at = c->now,
                       .changed_at = c->now};
    next->text = hu_str_of(record_canonical(c));
    c->prepared = next;
    return NULL;
}

static hu_error *check_institution(call *c, const char *id)
{
    sqlite3_stmt *row;
    bool found;
    HU_TRY(hu_db_first(c->store, &row, &found, "SELECT 1 FROM institutions WHERE institution_id = ? AND active = 1",
                       "t", id));
    hu_db_done(row);
    return found ? NULL : hu_fail(HU_BAD_INPUT, "/institution: \"%s\" takes no referrals: GET /api/institutions", id);
}

static hu_error *check_person(const incident *at, const char *person)
{
    bool found = !person;
    size_t i;
    json_t *record = json_loadb(at->text.data, at->text.length, 0, NULL), *one;
    json_array_foreach(json_object_get(record, "persons"), i, one) {
        const char *id = json_string_value(json_object_get(one, "id"));
        found = found || (id && strcmp(id, person) == 0);
    }
    json_decref(record);
    return found ? NULL : hu_fail(HU_BAD_INPUT, "/person: the incident has no person of this number");
}

static hu_error *create(call *c, referral *next)
{
    incident at;
    HU_TRY(incident_require(c, HU_ACT_INCIDENT_READ, next->incident, &at));
    HU_TRY(check_institution(c, next->institution));
    HU_TRY(check_person(&at, next->person));
    next->district = at.district;
    HU_TRY(referral_insert(c, next));
    HU_TRY(call_audit(c, "referral.create", c->id, NULL));
    record_acknowledge(c, MHD_HTTP_CREATED, 1, next->received_at);
    return NULL;
}

/* What was sent stands: only a draft is changed, and the incident that it belongs to never. */
static hu_error *change(call *c, const referral *stored, referral *next)
{
    incident at;
    if (strcmp(stored->state, c->field->rules->referrals->first) != 0)
        return call_refuse(c, MHD_HTTP_CONFLICT, "the referral is %s: only a draft is changed", stored->state);
    if (strcmp(stored->incident, next->incident) != 0)
        return hu_fail(HU_BAD_INPUT, "/incident: a referral stays with its incident");
    HU_TRY(incident_require(c, HU_ACT_INCIDENT_READ, next->incident, &at));
    HU_TRY(check_institution(c, next->institution));
    HU_TRY(check_person(&at, next->person));
    next->revision = stored->revision + 1;
    next->state_at = stored->state_at;
    HU_TRY(referral_replace(c, next));
    return call_audit(c, "referral.change", c->id, NULL);
}

static hu_error *commit_put(call *c)
{
    referral stored, *next = c->prepared;
    record_verdict verdict;
    bool found = false;
    HU_TRY(referral_find(c, c->id, &stored, &found));
    if (!found)
        return create(c, next);
    HU_TRY(referral_require(c, HU_ACT_REFERRAL_WRITE, c->id, &stored));
    HU_TRY(record_judge(c, stored.revision, stored.text, next->text.data, &verdict));
    if (verdict.conflict)
        return NULL;
    if (!verdict.same)
        HU_TRY(change(c, &stored, next));
    record_acknowledge(c, MHD_HTTP_OK, verdict.same ? stored.revision : next->revision, stored.received_at);
    return NULL;
}

static hu_error *get(call *c)
{
    HU_BUF(text);
    referral one;
    HU_TRY(referral_require(c, HU_ACT_REFERRAL_READ, c->id, &one));
    HU_TRY(referral_print(c, &one, true, &text));
    call_etag(c, one.revision);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

static hu_error *list(call *c)
{
    HU_BUF(text);
    HU_BUF(one);
    hu_json json;
    referral *referrals;
    int64_t cursor, limit;
    size_t n;
    const char *overdue = hu_exchange_query(c->exchange, "overdue");
    HU_TRY(call_page(c, &cursor, &limit));
    HU_TRY(referral_list(c, cursor, limit, overdue && strcmp(overdue, "1") == 0, &referrals, &n));
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_key(&json, "items");
    hu_json_array(&json);
    for (size_t i = 0; i < n; i++) {
        one.length = 0;
        HU_TRY(referral_print(c, &referrals[i], false, &one));
        hu_json_raw(&json, (hu_str){one.data, one.length});
    }
    hu_json_array_end(&json);
    call_put_next(&json, n == (size_t)limit ? referrals[n - 1].sequence : 0);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

/* ---- steps ---- */

static const shape step_shape[] = {
    {.name = "to",
     .type = SHAPE_TEXT,
     .required = true,
     .limit = 40,
     .help = "The next state: GET /api/referral-rules"},
    {.name = "note", .type = SHAPE_TEXT, .limit = 2000},
    {0},
};

static const char step_example[] = "{\"to\":\"sent\",\"note\":\"Handed over by telephone as well.\"}";

/* Which side an account speaks for is whether it may send or answer; a step that was taken already is taken once. */
static hu_error *commit_step(call *c)
{
    HU_BUF(text);
    referral one;
    bool answers = hu_permit_reach(HU_ACT_REFERRAL_ANSWER, c->account.role) != HU_NOBODY;
    const char *to = call_text(c, "to");
    int64_t asked;
    HU_TRY(referral_require(c, answers ? HU_ACT_REFERRAL_ANSWER : HU_ACT_REFERRAL_SEND, c->id, &one));
    HU_TRY(call_if_match(c, &asked));
    if (strcmp(one.state, to) != 0) {
        if (asked && asked != one.revision)
            return call_refuse(c, MHD_HTTP_CONFLICT, "the referral moved on meanwhile: it is %s", one.state);
        HU_TRY(referral_step_to(c, &one, answers ? HU_RECEIVER : HU_SENDER, to, call_text(c, "note"), c->account.id));
    }
    HU_TRY(referral_print(c, &one, true, &text));
    call_etag(c, one.revision);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

const route routes_referrals[] = {
    {"PUT", "/api/referrals/{uuid}", HU_ACT_REFERRAL_WRITE, prepare_put, commit_put, referral_shape, referral_example,
     .summary = "Draft a referral of an incident's person to an office, or change a draft."},
    {"GET", "/api/referrals/{uuid}", HU_ACT_REFERRAL_READ, get,
     .summary = "A referral with its way, clocks (open ones censored), completion and quality."},
    {"GET", "/api/referrals", HU_ACT_REFERRAL_READ, list, .query = "cursor, limit, overdue",
     .summary = "Referrals within reach, latest change first; ?overdue=1: those whose next step is late."},
    {"POST", "/api/referrals/{uuid}/transitions", HU_ACT_SELF, NULL, commit_step, step_shape, step_example,
     .summary = "Take a step: sent, received, accepted, service_given, closed, rejected, lost_contact, withdrawn."},
    {0},
};
