#include "huella/base/date.h"

#include <time.h>

#include <stdio.h>

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool hu_date_valid(hu_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

/*
 * Both ways count in eras of 400 years (146,097 days) that begin on 1 March, so that the leap day is the last of its
 * year. Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil and civil_from_days.
 */
int64_t hu_date_to_days(hu_date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

hu_date hu_date_from_days(int64_t days)
{
    if (days < -719162 || days > 2932896) /* outside 0001-01-01 … 9999-12-31 */
        return (hu_date){0};
    days += 719468;
    int64_t era = days / 146097, day_of_era = days % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* from March = 0 */
    return (hu_date){.year = (int)(year_of_era + era * 400 + (month >= 10)),
                     .month = (int)(month < 10 ? month + 3 : month - 9),
                     .day = (int)(day_of_year - (153 * month + 2) / 5 + 1)};
}

int hu_date_compare(hu_date a, hu_date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

/* `count` digits as a number, or -1. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

bool hu_date_parse_iso(hu_str text, hu_date *date)
{
    if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-')
        return false;
    hu_date read = {digits(text.data, 4), digits(text.data + 5, 2), digits(text.data + 8, 2)};
    if (!hu_date_valid(read))
        return false;
    *date = read;
    return true;
}

void hu_date_format_iso(hu_date date, char out[16])
{
    if (hu_date_valid(date))
        snprintf(out, 16, "%04d-%02d-%02d", date.year, date.month, date.day);
    else
        out[0] = '\0';
}

static int periods_per_year(hu_period_unit unit)
{
    switch (unit) {
    case HU_HALF_YEAR:
        return 2;
    case HU_QUARTER:
        return 4;
    case HU_MONTH:
        return 12;
    case HU_YEAR:
        break;
    }
    return 1;
}

int hu_period_of(hu_date date, hu_period_unit unit)
{
    int n = periods_per_year(unit);
    return date.year * n + (date.month - 1) * n / 12;
}

void hu_period_format(int period, hu_period_unit unit, char out[16])
{
    int n = periods_per_year(unit), year = period / n, index = period % n + 1;
    switch (unit) {
    case HU_YEAR:
        snprintf(out, 16, "%d", year);
        return;
    case HU_HALF_YEAR:
        snprintf(out, 16, "%d-H%d", year, index);
        return;
    case HU_QUARTER:
        snprintf(out, 16, "%d-Q%d", year, index);
        return;
    case HU_MONTH:
        snprintf(out, 16, "%d-%02d", year, index);
        return;
    }
    out[0] = '\0';
}

void hu_utc_now(char out[32])
{
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
