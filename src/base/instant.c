/* Instants in and out of RFC 3339. */

#include "huella/base/instant.h"

#include "huella/base/date.h"

#include <stdio.h>
#include <time.h>

enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };

int64_t hu_instant_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

void hu_instant_format(int64_t instant, char out[32])
{
    int64_t days = instant / DAY - (instant % DAY < 0), second = instant - days * DAY;
    hu_date date = hu_date_from_days(days);
    out[0] = '\0';
    if (date.year)
        snprintf(out, 32, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)date.year % 10000U, (unsigned)date.month % 100U,
                 (unsigned)date.day % 100U, (unsigned)(second / HOUR) % 100U, (unsigned)(second / MINUTE % 60) % 100U,
                 (unsigned)(second % MINUTE) % 100U);
}

static bool two_digits(const char *text, int most, int *value)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *value = (text[0] - '0') * 10 + text[1] - '0';
    return *value <= most;
}

/* "Z", "-05:00" */
static bool parse_offset(hu_str text, int64_t *offset)
{
    int hours, minutes;
    *offset = 0;
    if (text.length == 1)
        return text.data[0] == 'Z' || text.data[0] == 'z';
    if (text.length != 6 || (text.data[0] != '+' && text.data[0] != '-') || text.data[3] != ':' ||
        !two_digits(text.data + 1, 23, &hours) || !two_digits(text.data + 4, 59, &minutes))
        return false;
    *offset = (text.data[0] == '-' ? -1 : 1) * ((int64_t)hours * HOUR + (int64_t)minutes * MINUTE);
    return true;
}

bool hu_instant_parse(hu_str text, int64_t *instant)
{
    hu_date date;
    int hour, minute, second;
    int64_t offset;
    const char *t = text.data;
    if (text.length < 20 || text.length > 40 || !hu_date_parse_iso((hu_str){t, 10}, &date) || (t[10] | 0x20) != 't' ||
        !two_digits(t + 11, 23, &hour) || t[13] != ':' || !two_digits(t + 14, 59, &minute) || t[16] != ':' ||
        !two_digits(t + 17, 59, &second))
        return false;
    size_t at = 19;
    if (t[at] == '.') {
        for (at++; at < text.length && t[at] >= '0' && t[at] <= '9';)
            at++;
        if (at == 20)
            return false;
    }
    if (!parse_offset((hu_str){t + at, text.length - at}, &offset))
        return false;
    *instant = hu_date_to_days(date) * DAY + (int64_t)hour * HOUR + (int64_t)minute * MINUTE + second - offset;
    return true;
}
