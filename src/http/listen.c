/* A listening socket from what a person typed. */

#include "listen.h"

#include "huella/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 512 };

/* "127.0.0.1:80" and "[::1]:80" into host and port. */
static hu_error *split(const char *address, hu_arena *arena, const char **host, const char **port)
{
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) || !length)
        return hu_fail(HU_USAGE, "--listen %s: expected ADDRESS:PORT, as 127.0.0.1:8443 or [::1]:8443", address);
    if (address[0] == '[' && address[length - 1] == ']')
        *host = hu_strndup(arena, address + 1, length - 2);
    else
        *host = hu_strndup(arena, address, length);
    *port = colon + 1;
    return NULL;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *in6 = (const void *)address;
    return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

static hu_error *bind_to(const char *address, const struct addrinfo *found, int *fd)
{
    int on = 1;
    *fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return hu_fail_system(errno, "opening a socket");
    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(*fd, found->ai_addr, found->ai_addrlen) == 0 && listen(*fd, BACKLOG) == 0)
        return NULL;
    hu_error *error = hu_fail_system(errno, "listening on %s (another program may hold the port)", address);
    close(*fd);
    return error;
}

hu_error *http_listen(const char *address, hu_arena *arena, http_listener *listener)
{
    const char *host = "", *port = "";
    HU_TRY(split(address, arena, &host, &port));
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    if (getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, &hints, &found) != 0 || !found)
        return hu_fail(HU_USAGE, "--listen %s: \"%s\" is no address in numbers and \"%s\" no port", address, host,
                       port);
    hu_error *error = bind_to(address, found, &listener->fd);
    listener->loopback = is_loopback(found->ai_addr);
    freeaddrinfo(found);
    if (error)
        return error;
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    char name[NI_MAXHOST], service[NI_MAXSERV];
    getsockname(listener->fd, (struct sockaddr *)&bound, &length);
    getnameinfo((struct sockaddr *)&bound, length, name, sizeof name, service, sizeof service,
                NI_NUMERICHOST | NI_NUMERICSERV);
    listener->authority = hu_printf(arena, bound.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", name, service);
    return NULL;
}
