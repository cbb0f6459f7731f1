/* The page behind a sheet's code: plain HTML and a form, for any telephone that has a browser. */

#include "handover.h"
#include "inside.h"
#include "routes.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAME = 120, MOST_NOTE = 2000 };

static const char *language_of(const call *c)
{
    const char *asked = hu_exchange_query(c->exchange, "lang");
    return asked && strcmp(asked, "en") == 0 ? "en" : "es";
}

static const char *word(const call *c, const char *key)
{
    return handover_word(c, "page", key, language_of(c));
}

static void add_escaped(hu_buf *out, const char *text)
{
    static const char *const entities[] = {['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;"};
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < sizeof entities / sizeof *entities && entities[byte])
            hu_buf_add_text(out, entities[byte]);
        else
            hu_buf_add_char(out, *text);
    }
}

/* "… {number} …" with the names in braces replaced. */
static void add_filled(hu_buf *out, const char *text, const char *const pairs[][2], size_t n)
{
    while (*text) {
        size_t i = 0, length = 0;
        for (; i < n; i++) {
            length = strlen(pairs[i][0]);
            if (strncmp(text, pairs[i][0], length) == 0)
                break;
        }
        if (i < n) {
            add_escaped(out, pairs[i][1]);
            text += length;
        } else {
            char letter[2] = {*text++, '\0'};
            add_escaped(out, letter);
        }
    }
}

static void add_paragraph(hu_buf *out, const char *text)
{
    hu_buf_add_text(out, "<p>");
    add_escaped(out, text);
    hu_buf_add_text(out, "</p>\n");
}

static void add_label(hu_buf *out, const char *text, const char *input)
{
    hu_buf_add_text(out, "<p><label>");
    add_escaped(out, text);
    hu_buf_printf(out, "<br>%s</label></p>\n", input);
}

/* The name of a state in the page's language. */
static const char *state_name(const call *c, const char *state)
{
    json_t *rules = json_loads(c->field->rules->referrals->json, 0, NULL), *one;
    size_t i;
    const char *name = state;
    json_array_foreach(json_object_get(rules, "states"), i, one)
        if (strcmp(json_string_value(json_object_get(one, "key")), state) == 0)
            name = hu_strdup(c->arena, json_string_value(json_object_get(one, language_of(c))));
    json_decref(rules);
    return name;
}

static void add_form(const call *c, const referral *one, hu_buf *out)
{
    const hu_referral_rules *rules = c->field->rules->referrals;
    size_t offered = 0;
    HU_BUF(choices);
    for (size_t i = 0; i < rules->n_steps; i++)
        if (strcmp(rules->steps[i].from, one->state) == 0 && (rules->steps[i].by & HU_RECEIVER)) {
            hu_buf_printf(&choices, "<p><label><input type=\"radio\" name=\"to\" value=\"%s\" required> ",
                          rules->steps[i].to);
            add_escaped(&choices, state_name(c, rules->steps[i].to));
            hu_buf_add_text(&choices, "</label></p>\n");
            offered++;
        }
    if (!offered) {
        add_paragraph(out, word(c, "none"));
        return;
    }
    hu_buf_printf(out, "<form method=\"post\" action=\"/h/%s?lang=%s\">\n<fieldset><legend>", c->id, language_of(c));
    add_escaped(out, word(c, "choose"));
    hu_buf_printf(out, "</legend>\n%s</fieldset>\n", choices.data);
    add_label(out, word(c, "name"), "<input name=\"signed_by\" required maxlength=\"120\" autocomplete=\"name\">");
    add_label(out, word(c, "note"), "<textarea name=\"note\" rows=\"3\" maxlength=\"2000\"></textarea>");
    hu_buf_add_text(out, "<p><button>");
    add_escaped(out, word(c, "send"));
    hu_buf_add_text(out, "</button></p>\n</form>\n");
}

/* `one` NULL: only what is told. */
static void answer_page(call *c, int status, const char *told, const referral *one)
{
    HU_BUF(out);
    hu_buf_printf(&out,
                  "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><title>",
                  language_of(c));
    add_escaped(&out, word(c, "title"));
    hu_buf_add_text(&out, "</title></head><body><main>\n<h1>");
    add_escaped(&out, word(c, "title"));
    hu_buf_add_text(&out, "</h1>\n");
    if (told)
        add_paragraph(&out, told);
    if (one) {
        json_t *record = json_loadb(one->text.data, one->text.length, 0, NULL);
        const hu_referral_kind *kind =
            hu_referral_kind_of(c->field->rules->referrals, json_string_value(json_object_get(record, "kind")));
        const char *const pairs[][2] = {{"{number}", hu_strndup(c->arena, one->id, 8)},
                                        {"{institution}", one->institution_name},
                                        {"{kind}", !kind                               ? ""
                                                   : strcmp(language_of(c), "en") == 0 ? kind->en
                                                                                       : kind->es},
                                        {"{state}", state_name(c, one->state)}};
        hu_buf_add_text(&out, "<p>");
        add_filled(&out, word(c, "intro"), pairs, 4);
        hu_buf_add_text(&out, " ");
        add_filled(&out, word(c, "state"), pairs, 4);
        hu_buf_add_text(&out, "</p>\n");
        add_form(c, one, &out);
        json_decref(record);
    }
    hu_buf_add_text(&out, "</main></body></html>\n");
    c->exchange->type = "text/html; charset=utf-8";
    call_answer(c, status, &out);
}

static hu_error *get(call *c)
{
    referral one;
    bool found = false, allowed = limiter_take(&c->field->links, hu_exchange_address(c->exchange), c->now);
    if (allowed)
        HU_TRY(handover_find(c, c->id, &one, &found));
    if (found)
        answer_page(c, MHD_HTTP_OK, NULL, &one);
    else
        answer_page(c, allowed ? MHD_HTTP_GONE : MHD_HTTP_TOO_MANY_REQUESTS, word(c, allowed ? "wrong" : "often"),
                    NULL);
    return NULL;
}

/* ---- the form ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* A member of an application/x-www-form-urlencoded body, decoded; "" when it is not there or no valid text. */
static const char *form_value(const call *c, const char *name, size_t most)
{
    size_t length = strlen(name);
    hu_str body = c->exchange->body;
    const char *end = body.data + body.length;
    for (const char *at = body.data; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        if ((size_t)(stop - at) > length && memcmp(at, name, length) == 0 && at[length] == '=') {
            HU_BUF(value);
            for (at += length + 1; at < stop; at++) {
                bool coded = *at == '%' && stop - at > 2 && hex(at[1]) >= 0 && hex(at[2]) >= 0;
                hu_buf_add_char(&value, coded ? (char)(hex(at[1]) * 16 + hex(at[2])) : *at == '+' ? ' ' : *at);
                at += coded ? 2 : 0;
            }
            bool fits = value.length && hu_utf8_valid(value.data, value.length) &&
                        !memchr(value.data, 0, value.length) && hu_utf8_count(value.data, value.length) <= most;
            return fits ? hu_strndup(c->arena, value.data, value.length) : "";
        }
        at = stop + 1;
    }
    return "";
}

static hu_error *commit_form(call *c)
{
    referral one;
    bool found = false, used, allowed = limiter_take(&c->field->links, hu_exchange_address(c->exchange), c->now);
    const char *to = form_value(c, "to", MOST_NAME), *name = form_value(c, "signed_by", MOST_NAME);
    if (allowed)
        HU_TRY(handover_find(c, c->id, &one, &found));
    if (!found) {
        answer_page(c, allowed ? MHD_HTTP_GONE : MHD_HTTP_TOO_MANY_REQUESTS, word(c, allowed ? "wrong" : "often"),
                    NULL);
        return NULL;
    }
    const hu_step_rule *rule = hu_referral_step(c->field->rules->referrals, one.state, to);
    if (!*to || !*name) {
        answer_page(c, MHD_HTTP_UNPROCESSABLE_CONTENT, word(c, "incomplete"), &one);
        return NULL;
    }
    if (!rule || !(rule->by & HU_RECEIVER)) { /* sent again, or by another page that was left open */
        answer_page(c, MHD_HTTP_CONFLICT, word(c, "used"), &one);
        return NULL;
    }
    const char *note = hu_printf(c->arena, "%s: %s", name, form_value(c, "note", MOST_NOTE));
    HU_TRY(handover_take(c, c->id, &one, to, note, &used));
    answer_page(c, used ? MHD_HTTP_CONFLICT : MHD_HTTP_OK, word(c, used ? "used" : "done"), &one);
    return NULL;
}

const route handover_page[] = {
    {"GET", "/h/{token}", HU_ACT_OPEN, get, .query = "lang",
     .summary = "The page behind a sheet's code: HTML with a form."},
    {"POST", "/h/{token}", HU_ACT_OPEN, NULL, commit_form, .query = "lang",
     .summary = "The form of that page (to, signed_by, note)."},
    {0},
};
