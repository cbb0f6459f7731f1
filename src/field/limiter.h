#ifndef HUELLA_FIELD_LIMITER_H
#define HUELLA_FIELD_LIMITER_H

/*
 * Inside field/: how often one address may try something. A token bucket a slot; addresses that hash to one slot share
 * it, so memory is fixed whatever comes in.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { LIMITER_SLOTS = 4096 };

typedef struct limiter {
    pthread_mutex_t lock;
    uint64_t secret; /* so that nobody chooses whom to share a slot with */
    double burst, per_second;
    struct {
        double tokens;
        int64_t at;
    } slots[LIMITER_SLOTS];
} limiter;

void limiter_start(limiter *l, double burst, double per_second);
/** Takes a token; false: none is left. */
bool limiter_take(limiter *l, const char *who, int64_t now);
void limiter_end(limiter *l);

#endif
