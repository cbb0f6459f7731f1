/* Counters and the access log: see traffic.h. */

#include "traffic.h"

#include "huella/base/instant.h"

#include <time.h>

const double traffic_times[TRAFFIC_TIMES] = {0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000};

static int64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void traffic_count(traffic *t, const hu_exchange *exchange, const char *route, const char *role, int64_t now)
{
    int64_t took = microseconds() - exchange->started;
    int of = exchange->status / 100, slot = 0;
    while (slot < TRAFFIC_TIMES && (double)took / 1000 > traffic_times[slot])
        slot++;
    atomic_fetch_add_explicit(&t->by_status[of >= 1 && of <= 5 ? of : 0], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->by_time[slot], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->microseconds, took, memory_order_relaxed);
    if (!t->log)
        return;
    char at[32];
    hu_instant_format(now, at);
    fprintf(
        t->log,
        "{\"at\":\"%s\",\"method\":\"%s\",\"route\":\"%s\",\"status\":%d,\"ms\":%.3f,\"bytes\":%zu,\"role\":\"%s\"}\n",
        at, exchange->method, route, exchange->status, (double)took / 1000, exchange->answer.length, role);
}
