#ifndef HUELLA_TESTS_FIELD_SERVING_H
#define HUELLA_TESTS_FIELD_SERVING_H

/* A field system on a port of its own, with the demo municipality and a clock that tests turn; and who speaks to it. */

#include "check.h"
#include "run.h"

#include "huella/base/json.h"
#include "huella/field/field.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { SERVING_START = 1772720000 }; /* 2026-03-05T14:13:20Z */

static int64_t serving_clock = SERVING_START;

static int64_t serving_now(void)
{
    return serving_clock;
}

typedef struct serving {
    hu_arena *arena;
    const char *folder, *uri, *keys;
    hu_field *field;
    int port;
    hu_demo_account *accounts;
    size_t n_accounts;
} serving;

typedef struct session {
    const char *cookie, *csrf, *account;
} session;

typedef struct reply {
    int status;
    const char *headers, *body;
    json_t *json; /* ends with the arena */
} reply;

static inline void serving_open(serving *s)
{
    hu_field_options options = {.store = s->uri,
                                .rules_dir = getenv("HUELLA_RULES"),
                                .keys = s->keys,
                                .listen = "127.0.0.1:0",
                                .now = serving_now};
    CHECK_OK(hu_field_open(&options, &s->field));
    s->port = (int)strtol(strrchr(hu_field_url(s->field), ':') + 1, NULL, 10);
}

static inline void serving_start(serving *s)
{
    *s = (serving){.arena = hu_arena_new()};
    s->folder = check_folder(s->arena);
    s->uri = hu_printf(s->arena, "sqlite:%s/huella.db", s->folder);
    s->keys = hu_printf(s->arena, "%s/huella.keys", s->folder);
    serving_clock = SERVING_START;
    serving_open(s);
    CHECK_OK(hu_field_fill_demo(s->field, s->arena, &s->accounts, &s->n_accounts));
}

static inline void serving_stop(serving *s)
{
    hu_field_close(s->field);
    check_remove(s->folder);
    hu_arena_free(s->arena);
}

static inline void serving_drop(void *json)
{
    json_decref(json);
}

static inline int serving_connect(const serving *s)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends a request with these headers (each ends with \r\n) and reads the whole answer. */
static inline reply serving_raw(serving *s, const char *method, const char *path, const char *headers, const char *body)
{
    int fd = serving_connect(s);
    HU_BUF(all);
    char piece[8192];
    hu_buf_printf(&all, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                  method, path, strlen(body), headers, body);
    for (size_t sent = 0; sent < all.length;) {
        ssize_t n = write(fd, all.data + sent, all.length - sent);
        assert_true(n > 0);
        sent += (size_t)n;
    }
    all.length = 0;
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        hu_buf_add(&all, piece, (size_t)n);
    close(fd);
    reply r = {0};
    char *text = hu_strndup(s->arena, all.data ? all.data : "", all.length), *end = strstr(text, "\r\n\r\n");
    assert_non_null(end);
    *end = '\0';
    r.headers = text;
    r.body = end + 4;
    r.status = (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
    r.json = json_loadb(r.body, strlen(r.body), 0, NULL);
    if (r.json)
        hu_arena_at_end(s->arena, serving_drop, r.json);
    return r;
}

static inline const char *serving_headers(serving *s, const session *by, const char *more)
{
    return hu_printf(s->arena, "Content-Type: application/json\r\n%s%s%s%s%s%s", by ? "Cookie: " : "",
                     by ? by->cookie : "", by ? "\r\nX-CSRF-Token: " : "", by ? by->csrf : "", by ? "\r\n" : "",
                     more ? more : "");
}

static inline reply serving_ask(serving *s, const session *by, const char *method, const char *path, const char *body)
{
    return serving_raw(s, method, path, serving_headers(s, by, NULL), body ? body : "");
}

static inline const char *serving_password(const serving *s, const char *username)
{
    for (size_t i = 0; i < s->n_accounts; i++)
        if (strcmp(s->accounts[i].username, username) == 0)
            return s->accounts[i].password;
    fail_msg("no account %s", username);
    return NULL;
}

static inline const char *serving_text(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text ? text : "";
}

static inline reply serving_try_sign_in(serving *s, const char *username, const char *password)
{
    serving_clock += 10; /* the limit by address is not what these tests are about */
    return serving_ask(s, NULL, "POST", "/api/session",
                       hu_printf(s->arena, "{\"username\":\"%s\",\"password\":\"%s\"}", username, password));
}

static inline session serving_sign_in(serving *s, const char *username)
{
    reply r = serving_try_sign_in(s, username, serving_password(s, username));
    assert_int_equal(r.status, 200);
    const char *cookie = strstr(r.headers, "Set-Cookie: ");
    assert_non_null(cookie);
    cookie += strlen("Set-Cookie: ");
    return (session){.cookie = hu_strndup(s->arena, cookie, strcspn(cookie, ";")),
                     .csrf = hu_strdup(s->arena, serving_text(r.json, "csrf")),
                     .account = hu_strdup(s->arena, serving_text(r.json, "account"))};
}

/* The example that the description gives for a body. */
static inline const char *serving_example(serving *s, const char *path, const char *method)
{
    reply r = serving_ask(s, NULL, "GET", "/api/openapi.json", NULL);
    const json_t *at = json_object_get(json_object_get(json_object_get(r.json, "paths"), path), method);
    at = json_object_get(json_object_get(json_object_get(at, "requestBody"), "content"), "application/json");
    char *text = json_dumps(json_object_get(at, "example"), JSON_COMPACT);
    assert_non_null(text);
    const char *kept = hu_strdup(s->arena, text);
    free(text);
    return kept;
}

/* The same JSON object with members replaced or added. */
static inline const char *serving_with(serving *s, const char *json, const char *members)
{
    json_t *a = json_loads(json, 0, NULL), *b = json_loads(members, 0, NULL);
    assert_non_null(a);
    assert_non_null(b);
    json_object_update(a, b);
    char *text = json_dumps(a, JSON_COMPACT);
    const char *kept = hu_strdup(s->arena, text);
    free(text);
    json_decref(a);
    json_decref(b);
    return kept;
}

#define UUID_A "11111111-1111-4111-8111-111111111111"
#define UUID_B "22222222-2222-4222-8222-222222222222"
#define UUID_C "33333333-3333-4333-8333-333333333333"
#define UUID_PERSON "6f0e3c1a-5a52-4a0e-8d3c-0b9a7f3f2c11"

/* An incident of `officer` under `uuid`, and a referral of its person to cem-demo, sent. */
static inline void serving_incident(serving *s, const session *officer, const char *uuid, const char *district)
{
    const char *body = serving_with(s, serving_example(s, "/api/incidents/{uuid}", "put"),
                                    hu_printf(s->arena, "{\"district\":\"%s\"}", district));
    assert_int_equal(serving_ask(s, officer, "PUT", hu_printf(s->arena, "/api/incidents/%s", uuid), body).status, 201);
}

static inline void serving_referral(serving *s, const session *officer, const char *incident, const char *uuid,
                                    const char *institution, bool send)
{
    const char *body =
        serving_with(s, serving_example(s, "/api/referrals/{uuid}", "put"),
                     hu_printf(s->arena, "{\"incident\":\"%s\",\"institution\":\"%s\"}", incident, institution));
    const char *path = hu_printf(s->arena, "/api/referrals/%s", uuid);
    assert_int_equal(serving_ask(s, officer, "PUT", path, body).status, 201);
    if (send)
        assert_int_equal(
            serving_ask(s, officer, "POST", hu_printf(s->arena, "%s/transitions", path), "{\"to\":\"sent\"}").status,
            200);
}

#endif
