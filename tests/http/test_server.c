/* The server over a socket, as a browser, another site and a clumsy client would speak to it. */

#include "check.h"

#include "huella/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define TOKEN "0123456789abcdef"

static hu_http_server *server;
static int port;

static hu_error *echo(void *context, const hu_http_request *request, hu_http_response *response)
{
    (void)context;
    if (strcmp(request->path, "/missing") == 0)
        return hu_fail(HU_NOT_FOUND, "nothing here");
    const char *name = hu_http_query(request, "name");
    response->body = hu_str_of(hu_printf(request->arena, "%s %s %s %.*s", request->method, request->path,
                                         name ? name : "-", HU_STR_ARG(request->body)));
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    hu_http_options options = {.token = TOKEN, .handler = echo, .body_limit = 100};
    CHECK_OK(hu_http_open(&options, &server));
    char *end;
    port = (int)strtol(strrchr(hu_http_url(server), ':') + 1, &end, 10);
    return strcmp(end, "/" TOKEN "/") == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hu_http_close(server);
    return 0;
}

/* Sends a request and returns the whole answer. */
static const char *answer(hu_arena *arena, const char *line, const char *headers, const char *body)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    const char *text = hu_printf(arena, "%s HTTP/1.1\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s", line,
                                 strlen(body), headers, body);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    HU_BUF(all);
    char piece[4096];
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        hu_buf_add(&all, piece, (size_t)n);
    close(fd);
    return hu_strndup(arena, all.data ? all.data : "", all.length);
}

static const char *host(hu_arena *arena, const char *more)
{
    return hu_printf(arena, "Host: 127.0.0.1:%d\r\n%s", port, more);
}

static void expect(const char *text, const char *status, const char *part)
{
    if (strncmp(text, "HTTP/1.1 ", 9) != 0 || strncmp(text + 9, status, 3) != 0 || !strstr(text, part))
        fail_msg("expected %s and \"%s\" in:\n%s", status, part, text);
}

static void the_token_opens(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    expect(answer(arena, "GET /" TOKEN "/a?name=x%20y", host(arena, ""), ""), "200", "GET /a x y ");
    expect(answer(arena, "GET /a", host(arena, ""), ""), "404", "application/problem+json");
    expect(answer(arena, "GET /0123456789abcdeX/a", host(arena, ""), ""), "404",
           "the address that the program printed");
    expect(answer(arena, "GET /" TOKEN, host(arena, ""), ""), "404", "");
    expect(answer(arena, "GET /" TOKEN "/missing", host(arena, ""), ""), "404", "nothing here");
}

static void every_answer_is_shut_in(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *const lines[] = {"GET /" TOKEN "/a", "GET /elsewhere"};
    for (size_t i = 0; i < 2; i++) {
        const char *text = answer(arena, lines[i], host(arena, ""), "");
        assert_non_null(strstr(text, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
        assert_non_null(strstr(text, "Referrer-Policy: no-referrer"));
        assert_non_null(strstr(text, "Cache-Control: no-store"));
        assert_non_null(strstr(text, "X-Content-Type-Options: nosniff"));
    }
}

static void another_name_of_this_machine_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    expect(answer(arena, "GET /" TOKEN "/a", "Host: rebound.example\r\n", ""), "421", "this machine only");
    expect(answer(arena, "GET /" TOKEN "/a", hu_printf(arena, "Host: localhost:%d\r\n", port), ""), "200", "GET /a");
}

static void another_site_cannot_change_anything(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *line = "PUT /" TOKEN "/a", *json = "Content-Type: application/json\r\n";
    expect(answer(arena, line, host(arena, json), "{}"), "200", "PUT /a - {}");
    expect(answer(arena, line, host(arena, "Content-Type: text/plain\r\n"), "{}"), "403", "application/json");
    expect(answer(arena, line, host(arena, ""), "{}"), "403", "");
    expect(answer(arena, line, host(arena, hu_printf(arena, "%sOrigin: http://evil.example\r\n", json)), "{}"), "403",
           "");
    expect(answer(arena, line, host(arena, hu_printf(arena, "%sOrigin: null\r\n", json)), "{}"), "403", "");
    expect(answer(arena, line, host(arena, hu_printf(arena, "%sSec-Fetch-Site: cross-site\r\n", json)), "{}"), "403",
           "");
    expect(answer(arena, line,
                  host(arena, hu_printf(arena, "%sOrigin: http://127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n", json,
                                        port)),
                  "{}"),
           "200", "PUT /a - {}");
}

static void a_long_body_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    char *body = hu_alloc(arena, 102);
    memset(body, 'x', 100);
    const char *json = host(arena, "Content-Type: application/json\r\n");
    expect(answer(arena, "PUT /" TOKEN "/a", json, body), "200", "xxxx");
    body[100] = 'x';
    expect(answer(arena, "PUT /" TOKEN "/a", json, body), "413", "too long");
}

static void a_port_that_is_taken_is_said(void **state)
{
    (void)state;
    hu_http_server *other;
    hu_http_options options = {.port = port, .handler = echo};
    CHECK_FAILS(hu_http_open(&options, &other), HU_IO, "another program may hold the port");
    options.port = 70000;
    CHECK_FAILS(hu_http_open(&options, &other), HU_USAGE, "no port");
    options.port = 0; /* its token is random: two servers never have the same */
    CHECK_OK(hu_http_open(&options, &other));
    assert_int_equal(strlen(strrchr(hu_http_url(other), ':')), strlen(hu_http_url(other)) - strlen("http://127.0.0.1"));
    assert_null(strstr(hu_http_url(other), TOKEN));
    hu_http_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_opens),
        cmocka_unit_test(every_answer_is_shut_in),
        cmocka_unit_test(another_name_of_this_machine_is_refused),
        cmocka_unit_test(another_site_cannot_change_anything),
        cmocka_unit_test(a_long_body_is_refused),
        cmocka_unit_test(a_port_that_is_taken_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
