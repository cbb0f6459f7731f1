#ifndef HUELLA_HTTP_SERVICE_H
#define HUELLA_HTTP_SERVICE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * An HTTP server for many clients, over libmicrohttpd: several answering threads, answers that come later from another
 * thread, TLS by certificate files. What every answer gets: a strict Content-Security-Policy, no framing, no sniffing,
 * no referrer, and no caching unless the handler says otherwise.
 *
 * A handler answers at once, or asks for `later`: the connection then rests, holding no thread, until
 * hu_exchange_finish is called, from any thread.
 */
typedef struct hu_exchange {
    const char *method; /* "GET", "PUT" … HEAD is shown as "GET" */
    const char *path;   /* decoded, without the query */
    hu_str body;
    bool too_long; /* the body was longer than the limit, and is empty here */
    hu_arena *arena;
    /* the answer */
    int status;       /* 0 = 200 */
    const char *type; /* NULL = application/json */
    hu_str answer;    /* in the arena, or static */
    void *data;       /* the handler's own, between its calls */
    int64_t started;  /* microseconds of the monotonic clock */
} hu_exchange;

const char *hu_exchange_header(const hu_exchange *exchange, const char *name); /* NULL = not sent */
const char *hu_exchange_query(const hu_exchange *exchange, const char *name);
const char *hu_exchange_cookie(const hu_exchange *exchange, const char *name);
/** The client's address as text: of the connection, or the last of X-Forwarded-For behind a proxy. */
const char *hu_exchange_address(const hu_exchange *exchange);
/** A header of the answer; one that every answer gets is replaced. Name and value must live as long as the arena. */
void hu_exchange_set_header(hu_exchange *exchange, const char *name, const char *value);
void hu_exchange_finish(hu_exchange *exchange);

typedef enum hu_when { HU_NOW, HU_LATER } hu_when;

typedef struct hu_service_options {
    const char *listen;                    /* "127.0.0.1:8443", "[::1]:0"; port 0 = any that is free */
    const char *tls_certificate, *tls_key; /* PEM files; NULL = no TLS */
    bool behind_proxy;                     /* a proxy in front speaks TLS and sets X-Forwarded-For */
    size_t body_limit;                     /* bytes; 0 = 1 MiB */
    int threads;                           /* 0 = 2 */
    /** Answers, or asks for `later`; several threads call it at once. */
    hu_when (*answer)(void *context, hu_exchange *exchange);
    /** Called once the connection rests: whoever finishes the exchange may be told of it only now. */
    void (*later)(void *context, hu_exchange *exchange);
    /** Called when the answer was queued, to write a log; may be NULL. */
    void (*answered)(void *context, const hu_exchange *exchange);
    void *context;
} hu_service_options;

typedef struct hu_service hu_service;
/** HU_USAGE: an address of another machine's reach without TLS and without a proxy; HU_IO: the port is taken. */
hu_error *hu_service_open(const hu_service_options *options, hu_service **service);
/** "https://127.0.0.1:8443" */
const char *hu_service_url(const hu_service *service);
/** True where answers travel under TLS, here or in front: cookies are Secure then. */
bool hu_service_is_secure(const hu_service *service);
/** Takes no new connections any more. What is being answered goes on. */
void hu_service_quiesce(hu_service *service);
/** Ends; every exchange must have been finished. NULL is fine. */
void hu_service_close(hu_service *service);

#endif
