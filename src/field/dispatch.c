/* From a request to its route and back: who asks, whether they may, what they sent; which thread works on it. */

#include "inside.h"

#include "huella/base/instant.h"

#include <microhttpd.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A request that rests, as a job of a lane. */
typedef struct resting {
    lane_job job;
    call call;
} resting;

static const char *cookie_name(const hu_field *field)
{
    return hu_service_is_secure(field->service) ? "__Host-huella" : "huella";
}

/* ---- the route ---- */

/* Compares "/api/incidents/{uuid}" with a path; *id is what stands for {…}. */
static bool fits(const char *pattern, const char *path, hu_arena *arena, const char **id)
{
    for (; *pattern && *path; pattern++, path++) {
        if (*pattern == '{') {
            size_t n = strcspn(path, "/");
            *id = hu_strndup(arena, path, n);
            pattern += strcspn(pattern, "}");
            path += n - 1;
            if (!n)
                return false;
        } else if (*pattern != *path) {
            return false;
        }
    }
    return !*pattern && !*path;
}

static const route *find_route(call *c, bool *path_known)
{
    *path_known = false;
    for (const route *const *table = field_routes; *table; table++)
        for (const route *r = *table; r->method; r++)
            if (fits(r->path, c->exchange->path, c->arena, &c->id)) {
                *path_known = true;
                if (strcmp(r->method, c->exchange->method) == 0)
                    return r;
            }
    return NULL;
}

/* ---- who asks, and what ---- */

typedef struct touch {
    lane_job job;
    int64_t now;
    char token[64];
} touch;

static hu_error *touch_work(hu_store *store, void *data)
{
    const touch *t = data;
    return hu_session_touch(store, t->token, t->now);
}

static void touch_end(void *data, hu_error *error)
{
    hu_error_free(error);
    free(data);
}

/* That a session is in use is written now and then, and nobody waits for it. */
static void touch_later(call *c)
{
    touch *t = hu_xcalloc(1, sizeof *t);
    t->now = c->now;
    t->job = (lane_job){.work = touch_work, .done = touch_end, .data = t};
    strncpy(t->token, c->token, sizeof t->token - 1);
    if (!lane_add(c->field->writer, &t->job))
        free(t);
}

static hu_error *identify(call *c)
{
    bool found = false, stale = false;
    const char *token = hu_exchange_cookie(c->exchange, cookie_name(c->field));
    if (token && *token && strlen(token) < 64)
        HU_TRY(hu_session_find(c->store, token, c->now, c->arena, &c->account, &found, &stale));
    if (!found) {
        c->account = (hu_account){0};
        return NULL;
    }
    c->token = hu_strdup(c->arena, token);
    if (stale)
        touch_later(c);
    return NULL;
}

static hu_error *check_csrf(call *c)
{
    const char *sent = hu_exchange_header(c->exchange, "X-CSRF-Token");
    const char *right = hu_session_csrf(c->token, c->arena);
    if (sent && strlen(sent) == strlen(right) && sodium_memcmp(sent, right, strlen(right)) == 0)
        return NULL;
    return call_refuse(c, MHD_HTTP_FORBIDDEN, "X-CSRF-Token: send back what signing in, or GET /api/session, gave");
}

static hu_error *check_permit(call *c)
{
    const route *r = c->route;
    if (r->act == HU_ACT_OPEN)
        return NULL;
    if (c->account.role == HU_NO_ROLE)
        return call_refuse(c, MHD_HTTP_UNAUTHORIZED, "sign in first: POST /api/session");
    if (hu_permit_reach(r->act, c->account.role) == HU_NOBODY)
        return call_refuse(c, MHD_HTTP_FORBIDDEN, "the role %s may not do this (%s)", hu_role_name(c->account.role),
                           hu_act_name(r->act));
    if (c->account.must_change && !r->temporary)
        return call_refuse(c, MHD_HTTP_FORBIDDEN, "first change the password: PUT /api/session/password");
    return strcmp(r->method, "GET") == 0 ? NULL : check_csrf(c);
}

static void drop_body(void *body)
{
    json_decref(body);
}

static hu_error *read_body(call *c)
{
    if (c->exchange->too_long)
        return call_refuse(c, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too long");
    if (!c->route->body)
        return NULL;
    const char *type = hu_exchange_header(c->exchange, "Content-Type");
    if (!type || strncmp(type, "application/json", 16) != 0)
        return call_refuse(c, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "Content-Type: expected application/json");
    json_error_t where;
    hu_str body = c->exchange->body;
    c->body = json_loadb(body.data, body.length, JSON_REJECT_DUPLICATES, &where);
    if (!c->body)
        return call_refuse(c, MHD_HTTP_BAD_REQUEST, "the body is no JSON: line %d, column %d: %s", where.line,
                           where.column, where.text);
    hu_arena_at_end(c->arena, drop_body, c->body);
    return shape_check(c->route->body, c->body);
}

/* ---- answers to errors ---- */

static int status_of(const call *c, const hu_error *error)
{
    if (c->refused)
        return c->refused;
    switch (error->code) {
    case HU_USAGE:
        return MHD_HTTP_BAD_REQUEST;
    case HU_BAD_INPUT:
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    case HU_NOT_FOUND:
        return MHD_HTTP_GONE;
    case HU_LIMIT:
        return MHD_HTTP_CONTENT_TOO_LARGE;
    case HU_STORE:
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    default:
        return MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
}

/* What a client learns of the store's trouble is that it is in trouble; the rest is for whoever runs the server. */
static void answer_error(call *c, hu_error *error)
{
    int status = status_of(c, error);
    bool ours = status >= 500;
    if (ours)
        fprintf(stderr, "huella: %s %s: %s\n", c->route ? c->route->method : "", c->route ? c->route->path : "",
                error->message);
    call_problem(c, status,
                 !ours ? error->message
                 : status == MHD_HTTP_SERVICE_UNAVAILABLE
                     ? "the store cannot take this now; nothing was changed: try again later"
                     : "the server failed; nothing was changed");
    if (ours)
        hu_exchange_set_header(c->exchange, "Retry-After", "30");
    hu_error_free(error);
}

/* ---- which thread ---- */

static hu_when start(call *c)
{
    bool path_known;
    c->route = find_route(c, &path_known);
    if (!c->route && !path_known && strcmp(c->exchange->method, "GET") == 0 &&
        web_files_answer(c->field->web, c->exchange))
        return HU_NOW;
    hu_error *error = NULL;
    if (!c->route)
        error = path_known ? call_refuse(c, MHD_HTTP_METHOD_NOT_ALLOWED, "not with this method")
                           : call_refuse(c, MHD_HTTP_NOT_FOUND, "nothing is here: /api/openapi.json names what is");
    if (!error)
        error = identify(c);
    if (!error)
        error = check_permit(c);
    if (!error)
        error = read_body(c);
    if (!error && c->route->slow)
        return HU_LATER;
    if (!error && c->route->prepare)
        error = c->route->prepare(c);
    if (!error && c->route->commit)
        return HU_LATER;
    if (error)
        answer_error(c, error);
    return HU_NOW;
}

hu_when dispatch_answer(void *context, hu_exchange *exchange)
{
    hu_field *field = context;
    resting *r = HU_NEW(exchange->arena, resting);
    call *c = &r->call;
    exchange->data = c;
    *c = (call){.field = field, .exchange = exchange, .arena = exchange->arena, .now = field->options.now()};
    c->store = stores_borrow(field->readers);
    hu_when when = start(c);
    stores_return(field->readers, c->store);
    c->store = NULL;
    return when;
}

static hu_error *commit_work(hu_store *store, void *data)
{
    call *c = &((resting *)data)->call;
    c->store = store;
    return c->route->commit(c);
}

static void commit_done(void *data, hu_error *error)
{
    call *c = &((resting *)data)->call;
    if (error)
        answer_error(c, error);
    hu_exchange_finish(c->exchange);
}

static void add(lane *to, resting *r, hu_error *(*work)(hu_store *, void *), void (*done)(void *, hu_error *))
{
    r->job = (lane_job){.work = work, .done = done, .data = r};
    if (lane_add(to, &r->job))
        return;
    call_problem(&r->call, MHD_HTTP_SERVICE_UNAVAILABLE, "the server is ending; nothing was changed");
    hu_exchange_finish(r->call.exchange);
}

static hu_error *prepare_work(hu_store *store, void *data)
{
    call *c = &((resting *)data)->call;
    c->store = store;
    return c->route->prepare(c);
}

/* From the slow lane to the writer, unless the answer stands already. */
static void prepare_done(void *data, hu_error *error)
{
    resting *r = data;
    if (!error && r->call.route->commit) {
        add(r->call.field->writer, r, commit_work, commit_done);
        return;
    }
    commit_done(data, error);
}

void dispatch_later(void *context, hu_exchange *exchange)
{
    hu_field *field = context;
    resting *r = (resting *)((char *)exchange->data - offsetof(resting, call));
    if (r->call.route->slow)
        add(field->slow, r, prepare_work, prepare_done);
    else
        add(field->writer, r, commit_work, commit_done);
}

void dispatch_answered(void *context, const hu_exchange *exchange)
{
    hu_field *field = context;
    const call *c = exchange->data;
    traffic_count(&field->traffic, exchange, c && c->route ? c->route->path : "-",
                  hu_role_name(c ? c->account.role : HU_NO_ROLE), field->options.now());
}
