#ifndef HUELLA_BASE_INSTANT_H
#define HUELLA_BASE_INSTANT_H

#include "huella/base/text.h"

/**
 * Instants: seconds since 1970-01-01T00:00:00Z, without leap seconds, as POSIX counts them.
 */
int64_t hu_instant_now(void);

/** "2027-03-05T14:30:00Z"; nothing outside the years 1 to 9999. */
void hu_instant_format(int64_t instant, char out[32]);

/**
 * RFC 3339: a date, T, a time to the second (fractions are dropped), then Z or an offset as -05:00. False for anything
 * else; leap seconds (:60) are refused.
 */
bool hu_instant_parse(hu_str text, int64_t *instant);

#endif
