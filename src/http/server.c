/* The server: connections, bodies, guards, answers; see server.h. */

#include "huella/http/server.h"

#include "huella/base/json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TOKEN_BYTES = 16, DEFAULT_LIMIT = 4 << 20, IDLE_SECONDS = 60, BACKLOG = 16 };

struct hu_http_server {
    struct MHD_Daemon *daemon;
    hu_arena *arena;
    hu_http_options options;
    const char *token, *host, *local_host, *url; /* host: "127.0.0.1:8080" */
};

/* A request while its body comes in. */
typedef struct exchange {
    hu_arena *arena;
    hu_buf body;
    bool too_long;
} exchange;

static const char *const headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                                "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

const char *hu_http_query(const hu_http_request *request, const char *name)
{
    return MHD_lookup_connection_value((struct MHD_Connection *)request->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* ---- who may ask ---- */

static bool is_ours(const hu_http_server *server, const char *host)
{
    return host && (strcmp(host, server->host) == 0 || strcmp(host, server->local_host) == 0);
}

/* A page elsewhere cannot send JSON, nor hide its origin; a program that sends neither header is no page. */
static bool comes_from_our_page(const hu_http_server *server, struct MHD_Connection *connection)
{
    const char *origin = header_of(connection, "Origin"), *site = header_of(connection, "Sec-Fetch-Site");
    const char *type = header_of(connection, "Content-Type");
    if (origin && (strncmp(origin, "http://", 7) != 0 || !is_ours(server, origin + 7)))
        return false;
    if (site && strcmp(site, "same-origin") != 0)
        return false;
    return type && strncmp(type, "application/json", 16) == 0 && (type[16] == '\0' || type[16] == ';');
}

/* The path after "/TOKEN"; NULL when the token is not there. */
static const char *path_after_token(const hu_http_server *server, const char *url)
{
    size_t length = strlen(server->token);
    if (*url != '/' || strlen(url + 1) < length || sodium_memcmp(url + 1, server->token, length) != 0)
        return NULL;
    return url[1 + length] == '/' ? url + 1 + length : NULL;
}

/* ---- answers ---- */

static enum MHD_Result send_response(struct MHD_Connection *connection, const hu_http_response *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.length, (void *)(answer->body.data ? answer->body.data : ""), MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type ? answer->type : "application/json");
    enum MHD_Result result =
        MHD_queue_response(connection, (unsigned)(answer->status ? answer->status : MHD_HTTP_OK), response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_problem(struct MHD_Connection *connection, int status, const char *detail)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "title", MHD_get_reason_phrase_for((unsigned)status));
    hu_json_put_integer(&json, "status", status);
    hu_json_put_text(&json, "detail", detail);
    hu_json_object_end(&json);
    return send_response(
        connection,
        &(hu_http_response){.status = status, .type = "application/problem+json", .body = {text.data, text.length}});
}

static int status_of(const hu_error *error)
{
    switch (error->code) {
    case HU_USAGE:
        return MHD_HTTP_BAD_REQUEST;
    case HU_BAD_INPUT:
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    case HU_NOT_FOUND:
        return MHD_HTTP_NOT_FOUND;
    case HU_LIMIT:
        return MHD_HTTP_CONTENT_TOO_LARGE;
    default:
        return MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
}

static enum MHD_Result answer(hu_http_server *server, struct MHD_Connection *connection, const char *url,
                              const char *method, exchange *asked)
{
    bool reading = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const char *path = path_after_token(server, url);
    if (!is_ours(server, header_of(connection, "Host")))
        return send_problem(connection, MHD_HTTP_MISDIRECTED_REQUEST, "this server answers on this machine only");
    if (!path)
        return send_problem(connection, MHD_HTTP_NOT_FOUND, "open the address that the program printed");
    if (asked->too_long)
        return send_problem(connection, MHD_HTTP_CONTENT_TOO_LARGE, "the request is too long");
    if (!reading && !comes_from_our_page(server, connection))
        return send_problem(connection, MHD_HTTP_FORBIDDEN, "changes must come from this page, as application/json");
    hu_http_request request = {.method = method,
                               .path = path,
                               .body = {asked->body.data ? asked->body.data : "", asked->body.length},
                               .arena = asked->arena,
                               .connection = connection};
    hu_http_response response = {0};
    hu_error *error = server->options.handler(server->options.context, &request, &response);
    if (!error)
        return send_response(connection, &response);
    enum MHD_Result result = send_problem(connection, status_of(error), error->message);
    hu_error_free(error);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *length, void **state)
{
    (void)version;
    hu_http_server *server = context;
    exchange *now = *state;
    if (!now) {
        now = hu_xcalloc(1, sizeof *now);
        now->arena = hu_arena_new();
        *state = now;
        return MHD_YES;
    }
    if (*length) {
        now->too_long = now->too_long || now->body.length + *length > server->options.body_limit;
        if (!now->too_long)
            hu_buf_add(&now->body, data, *length);
        *length = 0;
        return MHD_YES;
    }
    return answer(server, connection, url, method, now);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    exchange *ended = *state;
    if (!ended)
        return;
    hu_buf_free(&ended->body);
    hu_arena_free(ended->arena);
    free(ended);
    *state = NULL;
}

/* ---- opening and closing ---- */

static const char *random_token(hu_arena *arena)
{
    unsigned char bytes[TOKEN_BYTES];
    char *hex = hu_alloc(arena, 2 * TOKEN_BYTES + 1);
    randombytes_buf(bytes, sizeof bytes);
    return sodium_bin2hex(hex, 2 * TOKEN_BYTES + 1, bytes, sizeof bytes);
}

/* A socket that listens on this machine's own address; *port becomes the one that the system gave. */
static hu_error *listen_on(int *port, int *listener)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return hu_fail_system(errno, "opening a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, BACKLOG) ||
        getsockname(fd, (struct sockaddr *)&address, &length)) {
        hu_error *error = hu_fail_system(errno, "listening on 127.0.0.1:%d (another program may hold the port)", *port);
        close(fd);
        return error;
    }
    *port = ntohs(address.sin_port);
    *listener = fd;
    return NULL;
}

static hu_error *start(hu_http_server *server)
{
    int port = server->options.port, listener = -1;
    HU_TRY(listen_on(&port, &listener));
    server->host = hu_printf(server->arena, "127.0.0.1:%d", port);
    server->local_host = hu_printf(server->arena, "localhost:%d", port);
    server->url = hu_printf(server->arena, "http://%s/%s/", server->host, server->token);
    server->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, server,
                                      MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
                                      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    if (server->daemon)
        return NULL;
    close(listener);
    return hu_fail(HU_IO, "the server on %s does not start", server->host);
}

hu_error *hu_http_open(const hu_http_options *options, hu_http_server **server)
{
    *server = NULL;
    if (sodium_init() < 0)
        return hu_fail(HU_IO, "the system gives no random numbers");
    if (options->port < 0 || options->port > 65535)
        return hu_fail(HU_USAGE, "%d is no port: expected 0 … 65535", options->port);
    hu_arena *arena = hu_arena_new();
    hu_http_server *opened = HU_NEW(arena, hu_http_server);
    opened->arena = arena;
    opened->options = *options;
    if (!opened->options.body_limit)
        opened->options.body_limit = DEFAULT_LIMIT;
    opened->token = options->token ? hu_strdup(arena, options->token) : random_token(arena);
    hu_error *error = start(opened);
    if (error)
        hu_arena_free(arena);
    else
        *server = opened;
    return error;
}

void hu_http_close(hu_http_server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    hu_arena_free(server->arena);
}

const char *hu_http_url(const hu_http_server *server)
{
    return server->url;
}

static void ends(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

void hu_http_block_signals(void)
{
    sigset_t set;
    ends(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void hu_http_wait_for_signal(void)
{
    sigset_t set;
    int which;
    ends(&set);
    sigwait(&set, &which);
}
