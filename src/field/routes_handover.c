/* Hand-over sheets, and answering one without an account. */

#include "handover.h"

#include "incident.h"
#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <string.h>

/* ---- the sheet ---- */

typedef struct printed {
    const char *secret, *referral;
    hu_str pdf;
} printed;

/* The referral's person as the incident describes them; a new reference, NULL when there is none. */
static hu_error *person_of(call *c, const referral *one, json_t **person)
{
    incident at;
    size_t i;
    bool found;
    json_t *each;
    *person = NULL;
    HU_TRY(incident_find(c, one->incident, &at, &found));
    json_t *record = found ? json_loadb(at.text.data, at.text.length, 0, NULL) : NULL;
    json_array_foreach(json_object_get(record, "persons"), i, each) {
        const char *id = json_string_value(json_object_get(each, "id"));
        if (one->person && id && strcmp(id, one->person) == 0)
            *person = json_incref(each);
    }
    json_decref(record);
    return NULL;
}

static hu_error *prepare_sheet(call *c)
{
    HU_BUF(pdf);
    referral one;
    json_t *person;
    const char *language = hu_exchange_query(c->exchange, "lang");
    HU_TRY(referral_require(c, HU_ACT_HANDOVER, c->id, &one));
    if (strcmp(one.state, c->field->rules->referrals->first) == 0)
        return call_refuse(c, MHD_HTTP_CONFLICT, "a draft has no sheet: send it first");
    HU_TRY(person_of(c, &one, &person));
    printed *p = HU_NEW(c->arena, printed);
    p->secret = handover_new(c);
    p->referral = one.id;
    hu_error *error =
        handover_draw(c, &one, person, p->secret, language && strcmp(language, "en") == 0 ? "en" : "es", &pdf);
    json_decref(person);
    if (error)
        return error;
    p->pdf = (hu_str){hu_strndup(c->arena, pdf.data, pdf.length), pdf.length};
    c->prepared = p;
    return NULL;
}

static hu_error *commit_sheet(call *c)
{
    const printed *p = c->prepared;
    HU_TRY(handover_keep(c, p->secret, p->referral));
    c->exchange->type = "application/pdf";
    c->exchange->answer = p->pdf;
    hu_exchange_set_header(c->exchange, "Content-Disposition", "attachment; filename=\"hoja.pdf\"");
    hu_exchange_set_header(c->exchange, "X-Handover-Link", hu_printf(c->arena, "/h/%s", p->secret));
    return NULL;
}

/* ---- answering by a program or by the app ---- */

static hu_error *take_token(call *c)
{
    if (limiter_take(&c->field->links, hu_exchange_address(c->exchange), c->now))
        return NULL;
    hu_exchange_set_header(c->exchange, "Retry-After", "60");
    return call_refuse(c, MHD_HTTP_TOO_MANY_REQUESTS, "too many attempts from this address: wait a minute");
}

static hu_error *require_link(call *c, referral *one)
{
    bool found;
    HU_TRY(handover_find(c, c->id, one, &found));
    return found
               ? NULL
               : call_refuse(c, MHD_HTTP_GONE, "the link is incomplete, has expired, or another sheet took its place");
}

/* What whoever holds the sheet may know: nothing of the person or of who referred. */
static void answer_link(call *c, const referral *one)
{
    HU_BUF(text);
    hu_json json;
    const hu_referral_rules *rules = c->field->rules->referrals;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "referral", one->id);
    hu_json_put_text(&json, "institution", one->institution_name);
    hu_json_put_text(&json, "state", one->state);
    json_put_instant(&json, "state_at", one->state_at);
    hu_json_key(&json, "steps");
    hu_json_array(&json);
    for (size_t i = 0; i < rules->n_steps; i++)
        if (strcmp(rules->steps[i].from, one->state) == 0 && (rules->steps[i].by & HU_RECEIVER))
            hu_json_text(&json, rules->steps[i].to);
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    call_answer(c, MHD_HTTP_OK, &text);
}

static hu_error *get_link(call *c)
{
    referral one;
    HU_TRY(take_token(c));
    HU_TRY(require_link(c, &one));
    answer_link(c, &one);
    return NULL;
}

static const shape link_shape[] = {
    {.name = "to", .type = SHAPE_TEXT, .required = true, .limit = 40, .help = "One of the steps that the link offers."},
    {.name = "signed_by", .type = SHAPE_TEXT, .required = true, .limit = 120, .help = "Name and post of who answers."},
    {.name = "note", .type = SHAPE_TEXT, .limit = 2000},
    {0},
};

static const char link_example[] = "{\"to\":\"received\",\"signed_by\":\"Duty desk\",\"note\":\"Seen today.\"}";

static hu_error *commit_link(call *c)
{
    referral one;
    bool used;
    const char *note = call_text(c, "note");
    HU_TRY(require_link(c, &one));
    note = hu_printf(c->arena, "%s: %s", call_text(c, "signed_by"), note ? note : "");
    HU_TRY(handover_take(c, c->id, &one, call_text(c, "to"), note, &used));
    if (used)
        return call_refuse(c, MHD_HTTP_CONFLICT, "this step was taken with this sheet already");
    answer_link(c, &one);
    return NULL;
}

const route routes_handover[] = {
    {"POST", "/api/referrals/{uuid}/sheet", HU_ACT_HANDOVER, prepare_sheet, commit_sheet, .query = "lang", .slow = true,
     .summary =
         "The hand-over sheet, PDF, with a new one-time link (also in X-Handover-Link); earlier sheets serve no more."},
    {"GET", "/api/handover/{token}", HU_ACT_OPEN, get_link,
     .summary = "What a sheet's link is for, and its next steps."},
    {"POST", "/api/handover/{token}", HU_ACT_OPEN, take_token, commit_link, link_shape, link_example,
     .summary = "Take a step by a sheet's link: each once, by whoever holds the sheet."},
    {0},
};
