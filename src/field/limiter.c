/* Token buckets by address: see limiter.h. */

#include "limiter.h"

#include <sodium.h>
#include <string.h>

void limiter_start(limiter *l, double burst, double per_second)
{
    pthread_mutex_init(&l->lock, NULL);
    randombytes_buf(&l->secret, sizeof l->secret);
    l->burst = burst;
    l->per_second = per_second;
}

bool limiter_take(limiter *l, const char *who, int64_t now)
{
    unsigned char key[crypto_shorthash_KEYBYTES] = {0}, hash[crypto_shorthash_BYTES];
    uint64_t slot;
    memcpy(key, &l->secret, sizeof l->secret);
    crypto_shorthash(hash, (const unsigned char *)who, strlen(who), key);
    memcpy(&slot, hash, sizeof slot);
    slot %= LIMITER_SLOTS;
    pthread_mutex_lock(&l->lock);
    double *tokens = &l->slots[slot].tokens;
    int64_t *at = &l->slots[slot].at;
    if (!*at)
        *tokens = l->burst;
    else if (now > *at)
        *tokens += (double)(now - *at) * l->per_second;
    *at = now;
    if (*tokens > l->burst)
        *tokens = l->burst;
    bool takes = *tokens >= 1;
    if (takes)
        *tokens -= 1;
    pthread_mutex_unlock(&l->lock);
    return takes;
}

void limiter_end(limiter *l)
{
    pthread_mutex_destroy(&l->lock);
}
