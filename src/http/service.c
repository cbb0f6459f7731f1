/* The server for many clients: see service.h. */

#include "huella/http/service.h"

#include "huella/base/file.h"
#include "listen.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    DEFAULT_LIMIT = 1 << 20,
    DEFAULT_THREADS = 2,
    IDLE_SECONDS = 30,
    CONNECTIONS = 1000,
    CONNECTION_MEMORY = 16 << 10,
    CERTIFICATE_LIMIT = 1 << 20,
    MOST_HEADERS = 8,
};

struct hu_service {
    struct MHD_Daemon *daemon;
    hu_arena *arena;
    hu_service_options options;
    const char *url;
    bool secure;
    int quiesced; /* the listening socket, once it takes no more connections; else -1 */
};

typedef struct header {
    const char *name, *value;
} header;

/* What an exchange is inside. */
typedef struct running {
    hu_exchange exchange; /* first: a pointer to one is a pointer to the other */
    struct MHD_Connection *connection;
    hu_service *service;
    hu_buf body;
    header headers[MOST_HEADERS];
    size_t n_headers;
    bool rests; /* waits for hu_exchange_finish, or has come back from there */
} running;

static const header always[] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                                "connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; "
                                "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "geolocation=(self), camera=(self), microphone=()"},
    {"Cache-Control", "no-store"},
};

static running *inside(const hu_exchange *exchange)
{
    return (running *)exchange;
}

static const char *value_of(const hu_exchange *exchange, enum MHD_ValueKind kind, const char *name)
{
    return MHD_lookup_connection_value(inside(exchange)->connection, kind, name);
}

const char *hu_exchange_header(const hu_exchange *exchange, const char *name)
{
    return value_of(exchange, MHD_HEADER_KIND, name);
}

const char *hu_exchange_query(const hu_exchange *exchange, const char *name)
{
    return value_of(exchange, MHD_GET_ARGUMENT_KIND, name);
}

const char *hu_exchange_cookie(const hu_exchange *exchange, const char *name)
{
    return value_of(exchange, MHD_COOKIE_KIND, name);
}

const char *hu_exchange_address(const hu_exchange *exchange)
{
    running *now = inside(exchange);
    const char *forwarded = now->service->options.behind_proxy ? hu_exchange_header(exchange, "X-Forwarded-For") : NULL;
    if (forwarded) { /* the proxy adds the address it saw at the end; what stands before it is hearsay */
        const char *comma = strrchr(forwarded, ',');
        hu_str last = hu_str_trim(hu_str_of(comma ? comma + 1 : forwarded));
        return hu_strndup(exchange->arena, last.data, last.length);
    }
    char text[INET6_ADDRSTRLEN] = "";
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(now->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (address && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text);
    else if (address && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text, sizeof text);
    return hu_strdup(exchange->arena, text);
}

void hu_exchange_set_header(hu_exchange *exchange, const char *name, const char *value)
{
    running *now = inside(exchange);
    if (now->n_headers < MOST_HEADERS)
        now->headers[now->n_headers++] = (header){name, value};
}

void hu_exchange_finish(hu_exchange *exchange)
{
    MHD_resume_connection(inside(exchange)->connection);
}

/* ---- answers ---- */

static bool is_set(const running *now, const char *name)
{
    for (size_t i = 0; i < now->n_headers; i++)
        if (strcmp(now->headers[i].name, name) == 0)
            return true;
    return false;
}

static enum MHD_Result send_answer(running *now)
{
    hu_exchange *x = &now->exchange;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        x->answer.length, (void *)(x->answer.data ? x->answer.data : ""), MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!is_set(now, always[i].name))
            MHD_add_response_header(response, always[i].name, always[i].value);
    if (now->service->secure)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=63072000");
    for (size_t i = 0; i < now->n_headers; i++)
        MHD_add_response_header(response, now->headers[i].name, now->headers[i].value);
    if (!x->status)
        x->status = MHD_HTTP_OK;
    if (x->answer.length)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, x->type ? x->type : "application/json");
    enum MHD_Result result = MHD_queue_response(now->connection, (unsigned)x->status, response);
    MHD_destroy_response(response);
    if (now->service->options.answered)
        now->service->options.answered(now->service->options.context, x);
    return result;
}

static int64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum MHD_Result begin(hu_service *service, struct MHD_Connection *connection, const char *url,
                             const char *method, void **state)
{
    running *now = hu_xcalloc(1, sizeof *now);
    now->connection = connection;
    now->service = service;
    now->exchange.arena = hu_arena_new();
    now->exchange.method = strcmp(method, "HEAD") == 0 ? "GET" : method;
    now->exchange.path = hu_strdup(now->exchange.arena, url);
    now->exchange.started = microseconds();
    *state = now;
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *length, void **state)
{
    (void)version;
    hu_service *service = context;
    running *now = *state;
    if (!now)
        return begin(service, connection, url, method, state);
    hu_exchange *x = &now->exchange;
    if (*length) {
        x->too_long = x->too_long || now->body.length + *length > service->options.body_limit;
        if (x->too_long)
            hu_buf_free(&now->body);
        else
            hu_buf_add(&now->body, data, *length);
        *length = 0;
        return MHD_YES;
    }
    if (now->rests)
        return send_answer(now);
    x->body = (hu_str){now->body.data ? now->body.data : "", now->body.length};
    if (service->options.answer(service->options.context, x) == HU_NOW)
        return send_answer(now);
    now->rests = true;
    MHD_suspend_connection(connection);
    service->options.later(service->options.context, x);
    return MHD_YES;
}

/* An answer is sent from the arena: it lives until here. */
static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    running *ended = *state;
    if (!ended)
        return;
    hu_buf_free(&ended->body);
    hu_arena_free(ended->exchange.arena);
    free(ended);
    *state = NULL;
}

/* ---- opening and closing ---- */

static hu_error *read_pem(const char *path, hu_arena *arena, const char **text)
{
    hu_file file;
    HU_TRY(hu_file_open(path, CERTIFICATE_LIMIT, &file));
    *text = hu_strndup(arena, file.data, file.length);
    hu_file_close(&file);
    return NULL;
}

static hu_error *start(hu_service *service, const http_listener *listener)
{
    const hu_service_options *options = &service->options;
    bool tls = options->tls_certificate;
    const char *certificate = "", *key = "";
    if (tls) {
        HU_TRY(hu_wrap(read_pem(options->tls_certificate, service->arena, &certificate), "--tls-cert"));
        HU_TRY(hu_wrap(read_pem(options->tls_key, service->arena, &key), "--tls-key"));
    }
    struct MHD_OptionItem tls_items[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
                                         {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
                                         {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"},
                                         {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem no_items[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0U);
    service->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, service, MHD_OPTION_LISTEN_SOCKET, listener->fd,
                         MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_TIMEOUT,
                         (unsigned)IDLE_SECONDS, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)options->threads,
                         MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY, tls ? tls_items : no_items, MHD_OPTION_END);
    if (service->daemon)
        return NULL;
    return hu_fail(HU_IO, "the server on %s does not start%s", listener->authority,
                   tls ? ": see that --tls-cert and --tls-key are a PEM certificate and its key" : "");
}

static hu_error *set_up(hu_service *service)
{
    const hu_service_options *options = &service->options;
    http_listener listener;
    if (!options->tls_certificate != !options->tls_key)
        return hu_fail(HU_USAGE, "--tls-cert and --tls-key belong together: give both or none");
    HU_TRY(http_listen(options->listen, service->arena, &listener));
    service->secure = options->tls_certificate || options->behind_proxy;
    service->url =
        hu_printf(service->arena, "%s://%s", options->tls_certificate ? "https" : "http", listener.authority);
    hu_error *error = NULL;
    if (!listener.loopback && !service->secure)
        error = hu_fail(HU_USAGE,
                        "--listen %s is reached from other machines: give --tls-cert and --tls-key, or --behind-proxy "
                        "where a proxy speaks TLS",
                        options->listen);
    if (!error)
        error = start(service, &listener);
    if (error)
        close(listener.fd);
    return error;
}

hu_error *hu_service_open(const hu_service_options *options, hu_service **service)
{
    hu_arena *arena = hu_arena_new();
    hu_service *opened = HU_NEW(arena, hu_service);
    *service = NULL;
    opened->arena = arena;
    opened->options = *options;
    opened->quiesced = -1;
    if (!opened->options.body_limit)
        opened->options.body_limit = DEFAULT_LIMIT;
    if (opened->options.threads < 2) /* a pool of one is no pool */
        opened->options.threads = DEFAULT_THREADS;
    hu_error *error = set_up(opened);
    if (error)
        hu_arena_free(arena);
    else
        *service = opened;
    return error;
}

const char *hu_service_url(const hu_service *service)
{
    return service->url;
}

bool hu_service_is_secure(const hu_service *service)
{
    return service->secure;
}

void hu_service_quiesce(hu_service *service)
{
    service->quiesced = MHD_quiesce_daemon(service->daemon);
}

void hu_service_close(hu_service *service)
{
    if (!service)
        return;
    MHD_stop_daemon(service->daemon);
    if (service->quiesced >= 0)
        close(service->quiesced);
    hu_arena_free(service->arena);
}
