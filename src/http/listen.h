#ifndef HUELLA_HTTP_LISTEN_H
#define HUELLA_HTTP_LISTEN_H

/* Inside http/: a listening socket from "HOST:PORT". */

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>

typedef struct http_listener {
    int fd;
    const char *authority; /* "127.0.0.1:8443", "[::1]:8443": with the port that the system gave */
    bool loopback;         /* reached from this machine only */
} http_listener;

hu_error *http_listen(const char *address, hu_arena *arena, http_listener *listener);

#endif
