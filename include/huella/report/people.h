#ifndef HUELLA_REPORT_PEOPLE_H
#define HUELLA_REPORT_PEOPLE_H

#include "huella/base/arena.h"
#include "huella/base/date.h"

/** Numbers as people read them: rounded, thousands separated, a true minus sign. All results live in the arena. */

const char *hu_people_count(hu_arena *arena, uint64_t count);                   /* 4,000 */
const char *hu_people_number(hu_arena *arena, double value, int decimals);      /* −1,204.5; "–" for NaN */
const char *hu_people_signed(hu_arena *arena, double value, int decimals);      /* +1.5, −0.3, 0.0 */
const char *hu_people_p(hu_arena *arena, double p);                             /* 0.034, < 0.001 */
const char *hu_people_percent(hu_arena *arena, double share, int decimals);     /* 12.5 % */
const char *hu_people_duration(hu_arena *arena, double seconds);                /* 0.4 s, 31.2 s, 2 min 5 s */
const char *hu_people_period(hu_arena *arena, int period, hu_period_unit unit); /* 2022-H1 */

/** How the values of an outcome are shown: shares in per cent, effects on them in percentage points. */
typedef struct hu_scale {
    double factor; /* 100 for shares, else 1 */
    int decimals;
    const char *unit; /* " pp" or "" */
} hu_scale;

hu_scale hu_scale_of(bool share);
const char *hu_people_effect(hu_arena *arena, hu_scale scale, double effect);                /* "+8.1 pp" */
const char *hu_people_interval(hu_arena *arena, hu_scale scale, double lower, double upper); /* "−2.0 to +18.3" */

#endif
