#ifndef HUELLA_FIELD_TRAFFIC_H
#define HUELLA_FIELD_TRAFFIC_H

/* Inside field/: what was asked and how it went, in counters; and the access log, a JSON line a request. */

#include "huella/http/service.h"

#include <stdatomic.h>
#include <stdio.h>

enum { TRAFFIC_TIMES = 10 };

typedef struct traffic {
    FILE *log;                               /* NULL = none */
    atomic_llong by_status[6];               /* [2]: 200 … 299 */
    atomic_llong by_time[TRAFFIC_TIMES + 1]; /* requests that took at most traffic_times[i] milliseconds; the rest */
    atomic_llong microseconds;
} traffic;

extern const double traffic_times[TRAFFIC_TIMES];

/** Counts an answered request. The line says the route, not the path: no identifier of a record or person is logged. */
void traffic_count(traffic *t, const hu_exchange *exchange, const char *route, const char *role, int64_t now);

#endif
