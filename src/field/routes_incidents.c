/* Incidents: written by their officer, read within reach, assessed. */

#include "huella/base/instant.h"
#include "incident.h"
#include "inside.h"
#include "records.h"
#include "routes.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCK_AHEAD = 86400 };

static hu_error *check_indicators(call *c)
{
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(c->body, "indicators"), key, value)
        if (!hu_indicator_find(c->field->rules->indicators, key))
            return hu_fail(HU_BAD_INPUT, "/indicators/%s: no such indicator in the list %s", key,
                           c->field->rules->indicators->version);
    return NULL;
}

static hu_error *prepare_put(call *c)
{
    incident *next = HU_NEW(c->arena, incident);
    *next = (incident){.id = c->id,
                       .revision = 1,
                       .district = hu_strdup(c->arena, call_text(c, "district")),
                       .recorded_by = c->account.id,
                       .occurred_at = call_instant(c, "occurred_at"),
                       .received_at = c->now,
                       .changed_at = c->now};
    hu_belongs whose = {next->recorded_by, next->district, NULL};
    if (!hu_uuid_valid(c->id))
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the record's name: expected a UUID in small letters");
    if (!hu_permit_record(HU_ACT_INCIDENT_WRITE, &c->account, &whose))
        return call_refuse(c, MHD_HTTP_FORBIDDEN, "/district: you record in district %s", c->account.district);
    if (next->occurred_at > c->now + CLOCK_AHEAD)
        return hu_fail(HU_BAD_INPUT, "/occurred_at: expected an instant that has passed: see the device's clock");
    HU_TRY(check_indicators(c));
    next->text = hu_str_of(record_canonical(c));
    c->prepared = next;
    return NULL;
}

static hu_error *create(call *c, const incident *next)
{
    HU_TRY(incident_insert(c, next));
    HU_TRY(call_audit(c, "incident.create", c->id, NULL));
    record_acknowledge(c, MHD_HTTP_CREATED, 1, next->received_at);
    return NULL;
}

static hu_error *commit_put(call *c)
{
    incident stored, *next = c->prepared;
    record_verdict verdict;
    bool found = false;
    HU_TRY(incident_find(c, c->id, &stored, &found));
    if (!found)
        return create(c, next);
    HU_TRY(incident_require(c, HU_ACT_INCIDENT_WRITE, c->id, &stored));
    HU_TRY(record_judge(c, stored.revision, stored.text, next->text.data, &verdict));
    if (verdict.conflict)
        return NULL;
    if (!verdict.same) {
        next->revision = stored.revision + 1;
        HU_TRY(incident_replace(c, &stored, next));
        HU_TRY(call_audit(c, "incident.change", c->id,
                          hu_printf(c->arena, "{\"revision\":%lld}", (long long)next->revision)));
    }
    record_acknowledge(c, MHD_HTTP_OK, verdict.same ? stored.revision : next->revision, stored.received_at);
    return NULL;
}

static hu_error *get(call *c)
{
    HU_BUF(text);
    incident one;
    HU_TRY(incident_require(c, HU_ACT_INCIDENT_READ, c->id, &one));
    HU_TRY(incident_print(c, &one, &text));
    call_etag(c, one.revision);
    const char *known = hu_exchange_header(c->exchange, "If-None-Match");
    if (known && strcmp(known, hu_printf(c->arena, "\"%lld\"", (long long)one.revision)) == 0)
        c->exchange->status = MHD_HTTP_NOT_MODIFIED;
    else
        call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

static hu_error *list(call *c)
{
    HU_BUF(text);
    HU_BUF(one);
    hu_json json;
    incident *incidents;
    int64_t cursor, limit;
    size_t n;
    HU_TRY(call_page(c, &cursor, &limit));
    HU_TRY(incident_list(c, cursor, limit, &incidents, &n));
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_key(&json, "items");
    hu_json_array(&json);
    for (size_t i = 0; i < n; i++) {
        one.length = 0;
        HU_TRY(incident_print(c, &incidents[i], &one));
        hu_json_raw(&json, (hu_str){one.data, one.length});
    }
    hu_json_array_end(&json);
    call_put_next(&json, n == (size_t)limit ? incidents[n - 1].sequence : 0);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
    return NULL;
}

static hu_error *base_rate_of(call *c, double *rate)
{
    const char *text = hu_exchange_query(c->exchange, "base_rate");
    *rate = c->field->rules->indicators->base_rate;
    if (!text)
        return NULL;
    char *end;
    *rate = strtod(text, &end);
    return *end || !(*rate > 0 && *rate < 1)
               ? call_refuse(c, MHD_HTTP_BAD_REQUEST, "base_rate: expected a share between 0 and 1")
               : NULL;
}

/* Which profile to judge by: the record's, or the one asked for (an officer may not know yet). */
static hu_error *assess(call *c)
{
    HU_BUF(text);
    hu_json json;
    incident one;
    double base_rate;
    const hu_indicators *indicators = c->field->rules->indicators;
    HU_TRY(incident_require(c, HU_ACT_INCIDENT_READ, c->id, &one));
    HU_TRY(base_rate_of(c, &base_rate));
    json_t *record = json_loadb(one.text.data, one.text.length, 0, NULL);
    const char *asked = hu_exchange_query(c->exchange, "profile");
    int profile =
        hu_indicators_profile(indicators, asked ? asked : json_string_value(json_object_get(record, "profile")));
    if (profile >= 0) {
        hu_json_start(&json, &text);
        hu_indicators_assess(indicators, profile, json_object_get(record, "indicators"), base_rate, &json);
        call_answer(c, MHD_HTTP_OK, &text);
    }
    json_decref(record);
    return profile >= 0
               ? NULL
               : call_refuse(c, MHD_HTTP_BAD_REQUEST, "the record's profile is not known: name one by ?profile=");
}

const route routes_incidents[] = {
    {"PUT", "/api/incidents/{uuid}", HU_ACT_INCIDENT_WRITE, prepare_put, commit_put, incident_shape, incident_example,
     .summary = "Record an incident, or change one. The same body again is one record; a change needs If-Match."},
    {"GET", "/api/incidents/{uuid}", HU_ACT_INCIDENT_READ, get, .summary = "An incident."},
    {"GET", "/api/incidents", HU_ACT_INCIDENT_READ, list, .query = "cursor, limit",
     .summary = "Incidents within reach, latest change first."},
    {"GET", "/api/incidents/{uuid}/assessment", HU_ACT_INCIDENT_READ, assess, .query = "profile, base_rate",
     .summary = "What speaks for each dimension, what was not observed, how many such records are expected to be none. "
                "No score, no verdict."},
    {0},
};
