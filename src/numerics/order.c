/* Orders by counting, where numbers are whole and close, else by radix sort. */

#include "huella/numerics/order.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { DIGIT = 11, BUCKETS = 1 << DIGIT, PASSES = 6 }; /* 6 x 11 bits cover the 64 of a double */

/* Bits that compare as unsigned numbers in the order of the doubles. */
static uint64_t key_of(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static size_t digit_of(uint64_t key, int pass)
{
    return key >> (pass * DIGIT) & (BUCKETS - 1);
}

/* One stable pass; false when all keys share the digit and nothing moves. */
static int sort_pass(const uint64_t *keys, const uint32_t *from, uint32_t *to, size_t n, int pass, size_t *next)
{
    memset(next, 0, (BUCKETS + 1) * sizeof *next);
    for (size_t i = 0; i < n; i++)
        next[digit_of(keys[i], pass) + 1]++;
    if (next[digit_of(keys[0], pass) + 1] == n)
        return 0;
    for (size_t b = 0; b < BUCKETS; b++)
        next[b + 1] += next[b];
    for (size_t i = 0; i < n; i++)
        to[next[digit_of(keys[from[i]], pass)]++] = from[i];
    return 1;
}

/* Whole numbers, days or years, in a range not wider than there are numbers: one pass of counting. */
static bool order_whole(const double *values, size_t n, uint32_t *order)
{
    double low = n ? values[0] : 0, high = low;
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(values[i]) < 1e15) || values[i] != floor(values[i]))
            return false;
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    if (high - low > (double)n)
        return false;
    HU_SCRATCH(scratch);
    size_t range = (size_t)(high - low) + 1, *next = HU_NEW_ARRAY(scratch, size_t, range + 1);
    for (size_t i = 0; i < n; i++)
        next[(size_t)(values[i] - low) + 1]++;
    for (size_t v = 0; v < range; v++)
        next[v + 1] += next[v];
    for (size_t i = 0; i < n; i++)
        order[next[(size_t)(values[i] - low)]++] = (uint32_t)i;
    return true;
}

uint32_t *hu_order_numbers(const double *values, size_t n, hu_arena *arena)
{
    uint32_t *order = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    if (order_whole(values, n, order))
        return order;
    HU_SCRATCH(scratch);
    uint64_t *keys = HU_NEW_ARRAY(scratch, uint64_t, n + 1);
    uint32_t *from = order, *to = HU_NEW_ARRAY(scratch, uint32_t, n + 1);
    size_t *next = HU_NEW_ARRAY(scratch, size_t, BUCKETS + 1);
    for (size_t i = 0; i < n; i++) {
        keys[i] = key_of(values[i]);
        from[i] = (uint32_t)i;
    }
    for (int pass = 0; pass < PASSES && n > 1; pass++)
        if (sort_pass(keys, from, to, n, pass, next)) {
            uint32_t *swap = from;
            from = to;
            to = swap;
        }
    if (from != order)
        memcpy(order, from, n * sizeof *order);
    return order;
}

void hu_order_by_code(uint32_t *order, const uint32_t *code, size_t n, size_t levels)
{
    HU_SCRATCH(scratch);
    size_t *next = HU_NEW_ARRAY(scratch, size_t, levels + 1);
    uint32_t *from = HU_NEW_ARRAY(scratch, uint32_t, n + 1);
    memcpy(from, order, n * sizeof *from);
    for (size_t i = 0; i < n; i++)
        next[code[i] + 1]++;
    for (size_t l = 0; l < levels; l++)
        next[l + 1] += next[l];
    for (size_t i = 0; i < n; i++)
        order[next[code[from[i]]]++] = from[i];
}
