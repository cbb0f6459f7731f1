#ifndef HUELLA_HTTP_SERVER_H
#define HUELLA_HTTP_SERVER_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * A small HTTP server on this machine's own address, over libmicrohttpd: for pages that one person uses.
 *
 * What it holds to, whatever the handler answers:
 * - it listens on 127.0.0.1 only, and answers only to the names 127.0.0.1 and localhost (no DNS rebinding);
 * - every path begins with a random token, compared in constant time; without it the answer is 404;
 * - what changes something (not GET or HEAD) must be JSON, and come from a page of this server (Origin,
 *   Sec-Fetch-Site): another site cannot send it (no CSRF);
 * - a strict Content-Security-Policy, no framing, no referrer, no caching;
 * - errors are RFC 9457 problem documents: 400 HU_USAGE, 422 HU_BAD_INPUT, 404 HU_NOT_FOUND, 413 HU_LIMIT, else 500.
 *
 * One thread answers, one request after the other: a handler need not lock what only it uses.
 */
typedef struct hu_http_request {
    const char *method; /* "GET", "PUT" … */
    const char *path;   /* after the token: "/", "/api/documents" */
    hu_str body;
    hu_arena *arena; /* lives until the answer is sent */
    const void *connection;
} hu_http_request;

/** A parameter of the query ("?draw=1"), decoded; NULL = not given. */
const char *hu_http_query(const hu_http_request *request, const char *name);

typedef struct hu_http_response {
    int status;       /* 0 = 200 */
    const char *type; /* NULL = application/json */
    hu_str body;      /* in the request's arena, or static */
} hu_http_response;

typedef hu_error *hu_http_handler(void *context, const hu_http_request *request, hu_http_response *response);

typedef struct hu_http_options {
    int port;          /* 0 = any that is free */
    size_t body_limit; /* bytes; 0 = 4 MiB */
    const char *token; /* NULL = random, 128 bits */
    hu_http_handler *handler;
    void *context;
} hu_http_options;

typedef struct hu_http_server hu_http_server;
/** HU_IO the port is taken. */
hu_error *hu_http_open(const hu_http_options *options, hu_http_server **server);
/** Lets the request that is being answered end. NULL is fine. */
void hu_http_close(hu_http_server *server);
/** "http://127.0.0.1:8080/TOKEN/" */
const char *hu_http_url(const hu_http_server *server);

/** Blocks SIGINT and SIGTERM for this thread and those it starts: call before hu_http_open, then wait for one. */
void hu_http_block_signals(void);
void hu_http_wait_for_signal(void);

#endif
