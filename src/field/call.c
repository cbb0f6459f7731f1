/* Answers, and what routes share: see call.h. */

#include "call.h"

#include "huella/base/instant.h"
#include "huella/field/audit.h"
#include "inside.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

void call_answer(call *c, int status, hu_buf *json)
{
    c->exchange->status = status;
    c->exchange->answer = (hu_str){hu_strndup(c->arena, json->data ? json->data : "", json->length), json->length};
}

void call_done(call *c)
{
    c->exchange->status = MHD_HTTP_NO_CONTENT;
}

void call_problem(call *c, int status, const char *detail)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "type", "about:blank");
    hu_json_put_text(&json, "title", MHD_get_reason_phrase_for((unsigned)status));
    hu_json_put_integer(&json, "status", status);
    hu_json_put_text(&json, "detail", detail);
    hu_json_object_end(&json);
    c->exchange->type = "application/problem+json";
    call_answer(c, status, &text);
}

hu_error *call_refuse(call *c, int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = hu_vprintf(c->arena, format, args);
    va_end(args);
    c->refused = status;
    return hu_fail(HU_USAGE, "%s", text);
}

hu_error *call_missing(call *c)
{
    return call_refuse(c, MHD_HTTP_NOT_FOUND, "no such record within your reach");
}

void call_etag(call *c, int64_t revision)
{
    hu_exchange_set_header(c->exchange, "ETag", hu_printf(c->arena, "\"%lld\"", (long long)revision));
}

hu_error *call_if_match(call *c, int64_t *revision)
{
    const char *text = hu_exchange_header(c->exchange, "If-Match");
    *revision = 0;
    if (!text)
        return NULL;
    char *end;
    long long value = *text == '"' ? strtoll(text + 1, &end, 10) : 0;
    if (value <= 0 || strcmp(end, "\"") != 0)
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "If-Match: expected the ETag of the version that was changed");
    *revision = value;
    return NULL;
}

const hu_vault *call_vault(const call *c)
{
    return c->field->vault;
}

hu_error *call_audit(call *c, const char *action, const char *object, const char *detail)
{
    hu_audit_entry entry = {.at = c->now,
                            .actor = c->account.id ? c->account.id : "nobody",
                            .action = action,
                            .object = object,
                            .detail = detail};
    return hu_audit_add(c->field->vault, c->store, &entry);
}

hu_error *call_next_sequence(call *c, int64_t *sequence)
{
    sqlite3_stmt *row;
    bool found;
    HU_TRY(hu_db_first(c->store, &row, &found,
                       "UPDATE field_sequence SET value = value + 1 WHERE one = 1 RETURNING value", ""));
    *sequence = found ? sqlite3_column_int64(row, 0) : 0;
    hu_db_done(row);
    return NULL;
}

const char *call_text(const call *c, const char *member)
{
    return json_string_value(json_object_get(c->body, member));
}

int64_t call_instant(const call *c, const char *member)
{
    int64_t instant = 0;
    const char *text = call_text(c, member);
    if (text)
        hu_instant_parse(hu_str_of(text), &instant);
    return instant;
}

static hu_error *query_number(call *c, const char *name, int64_t least, int64_t most, int64_t fallback, int64_t *value)
{
    const char *text = hu_exchange_query(c->exchange, name);
    *value = fallback;
    if (!text)
        return NULL;
    char *end;
    *value = strtoll(text, &end, 10);
    if (*end || end == text || *value < least || *value > most)
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "%s: expected a whole number from %lld to %lld", name,
                           (long long)least, (long long)most);
    return NULL;
}

hu_error *call_page(call *c, int64_t *cursor, int64_t *limit)
{
    HU_TRY(query_number(c, "limit", 1, 200, 50, limit));
    return query_number(c, "cursor", 1, INT64_MAX, INT64_MAX, cursor);
}

void call_put_next(hu_json *json, int64_t cursor)
{
    HU_SCRATCH(arena);
    hu_json_put_text(json, "next", cursor ? hu_printf(arena, "%lld", (long long)cursor) : NULL);
}

void json_put_instant(hu_json *json, const char *key, int64_t instant)
{
    char text[32];
    hu_instant_format(instant, text);
    hu_json_put_text(json, key, text);
}
