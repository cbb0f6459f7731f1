#ifndef HUELLA_BASE_DATE_H
#define HUELLA_BASE_DATE_H

#include "huella/base/text.h"

/**
 * Civil dates (proleptic Gregorian). Day numbers count from 1970-01-01 = 0.
 */
typedef struct hu_date {
    int year, month, day; /* month 1-12, day 1-31; year 0 = no date */
} hu_date;

bool hu_date_valid(hu_date date); /* years 1 to 9999 */
int64_t hu_date_to_days(hu_date date);
hu_date hu_date_from_days(int64_t days); /* year 0 outside the years 1 to 9999 */
int hu_date_compare(hu_date a, hu_date b);

/** "2023-04-05" exactly; false otherwise. */
bool hu_date_parse_iso(hu_str text, hu_date *date);
void hu_date_format_iso(hu_date date, char out[16]); /* "" when the date is not valid */

/** The time now, in UTC: "2026-05-04T17:03:21Z". */
void hu_utc_now(char out[32]);

/** Units of time a study counts in. */
typedef enum hu_period_unit { HU_YEAR, HU_HALF_YEAR, HU_QUARTER, HU_MONTH } hu_period_unit;

/** Number of the period a date falls in: year * periods per year + index from 0, so that periods can be subtracted. */
int hu_period_of(hu_date date, hu_period_unit unit);
/** "2022", "2022-H1", "2022-Q3", "2022-07" */
void hu_period_format(int period, hu_period_unit unit, char out[16]);
/** Back from what hu_period_format writes; false for anything else. */
bool hu_period_parse(hu_str text, hu_period_unit unit, int *period);

/**
 * Numbers in Spanish words: "dos mil veintiuno", "ciento cincuenta", "veintidós", "un", "primero", "un mil",
 * "treintiuno"; accents, case and blanks do not matter. 0 to 999,999,999,999; -1 when the words are no number. Takes
 * all of `text`.
 */
int64_t hu_spanish_number(hu_str text);
/** 2026 -> "dos mil veintiséis", masculine; outside 0 to 999,999,999,999 in figures. */
void hu_spanish_number_words(int64_t number, hu_buf *out);

/**
 * "veintiuno de mayo de dos mil veintiséis", "21/05/2026" and the other forms in which courts write dates (listed in
 * spanish.c); years 1800 to 2199 in full. Takes all of `text`; false, leaving `date`, when it is not one valid date.
 */
bool hu_spanish_date(hu_str text, hu_date *date);
/** "veintiuno de mayo de dos mil veintiséis", "primero de junio de dos mil"; nothing when the date is not valid. */
void hu_spanish_date_words(hu_date date, hu_buf *out);

#endif
