/* Canonical text, conflicts, answers of records: see records.h. */

#include "records.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

const char *record_canonical(call *c)
{
    for (const shape *member = c->route->body; member->name; member++)
        if (member->type == SHAPE_READ_ONLY)
            json_object_del(c->body, member->name);
    char *text = json_dumps(c->body, JSON_COMPACT | JSON_SORT_KEYS);
    const char *kept = hu_strdup(c->arena, text ? text : "{}");
    free(text);
    return kept;
}

static void add_members(hu_str head, hu_str members, hu_buf *out)
{
    hu_buf_add_char(out, '{');
    hu_buf_add(out, head.data, head.length);
    if (members.length > 2) /* more than "{}" */
        hu_buf_add_char(out, ',');
    hu_buf_add(out, members.data + 1, members.length - 1);
}

hu_error *record_print(hu_str head, hu_str stored, const char *const *hides, hu_buf *out)
{
    if (!*hides) {
        add_members(head, stored, out);
        return NULL;
    }
    json_t *record = json_loadb(stored.data, stored.length, 0, NULL);
    if (!json_is_object(record))
        return hu_fail(HU_STORE, "a sealed record holds no JSON");
    for (; *hides; hides++)
        json_object_del(record, *hides);
    char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(record);
    add_members(head, hu_str_of(text ? text : "{}"), out);
    free(text);
    return NULL;
}

/* ---- conflicts ---- */

static void put_value(hu_json *json, const char *key, const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
    hu_json_key(json, key);
    if (text)
        hu_json_raw(json, hu_str_of(text));
    else
        hu_json_null(json);
    free(text);
}

static void put_difference(hu_json *json, const char *path, const json_t *stored, const json_t *yours)
{
    if (stored && yours && json_equal(stored, yours))
        return;
    hu_json_object(json);
    hu_json_put_text(json, "member", path);
    put_value(json, "stored", stored);
    put_value(json, "yours", yours);
    hu_json_object_end(json);
}

static void put_differences_within(hu_json *json, const char *member, json_t *stored, json_t *yours)
{
    HU_SCRATCH(arena);
    json_t *all = json_copy(stored), *value;
    const char *key;
    json_object_update_missing(all, yours);
    json_object_foreach(all, key, value) {
        put_difference(json, hu_printf(arena, "/%s/%s", member, key), json_object_get(stored, key),
                       json_object_get(yours, key));
    }
    json_decref(all);
}

/* Members that differ, by JSON pointer; objects (the checklist) are compared answer by answer. */
static void put_differences(hu_json *json, json_t *stored, json_t *yours)
{
    HU_SCRATCH(arena);
    json_t *all = json_copy(stored), *value;
    const char *key;
    json_object_update_missing(all, yours);
    json_object_foreach(all, key, value) {
        json_t *a = json_object_get(stored, key), *b = json_object_get(yours, key);
        if (!json_is_object(a) || !json_is_object(b)) {
            put_difference(json, hu_printf(arena, "/%s", key), a, b);
            continue;
        }
        put_differences_within(json, key, a, b);
    }
    json_decref(all);
}

static void answer_conflict(call *c, int64_t revision, hu_str stored, const char *yours)
{
    HU_BUF(text);
    hu_json json;
    json_t *before = json_loadb(stored.data, stored.length, 0, NULL);
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "type", "about:blank");
    hu_json_put_text(&json, "title", "Conflict");
    hu_json_put_integer(&json, "status", MHD_HTTP_CONFLICT);
    hu_json_put_text(&json, "detail",
                     "the record was changed since: choose member by member, then send it again with the stored "
                     "revision in If-Match");
    hu_json_put_integer(&json, "revision", revision);
    hu_json_key(&json, "stored");
    hu_json_raw(&json, stored);
    hu_json_key(&json, "yours");
    hu_json_raw(&json, hu_str_of(yours));
    hu_json_key(&json, "differences");
    hu_json_array(&json);
    put_differences(&json, before, c->body);
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    json_decref(before);
    call_etag(c, revision);
    c->exchange->type = "application/problem+json";
    call_answer(c, MHD_HTTP_CONFLICT, &text);
}

hu_error *record_judge(call *c, int64_t revision, hu_str stored, const char *yours, record_verdict *verdict)
{
    int64_t asked;
    *verdict = (record_verdict){0};
    HU_TRY(call_if_match(c, &asked));
    if (hu_str_is(stored, yours)) {
        verdict->same = true;
    } else if (asked != revision) {
        verdict->conflict = true;
        answer_conflict(c, revision, stored, yours);
    }
    return NULL;
}

void record_acknowledge(call *c, int status, int64_t revision, int64_t received_at)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "id", c->id);
    hu_json_put_integer(&json, "revision", revision);
    json_put_instant(&json, "received_at", received_at);
    hu_json_object_end(&json);
    call_etag(c, revision);
    call_answer(c, status, &text);
}
