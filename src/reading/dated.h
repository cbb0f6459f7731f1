#ifndef HUELLA_READING_DATED_H
#define HUELLA_READING_DATED_H

#include "context.h"

/* A day that the text names, and the act that it belongs to. */
typedef struct hu_dated {
    hu_stretch at;
    hu_date date;
    const char *act;     /* "complaint", "formalization", "accusation", "raid", "other"; NULL: none, so the facts */
    bool inferred;       /* month or year are those of the day told before: "el ocho del mismo mes" */
    bool same;           /* and the text says so ("de ese año"); else the year is only left out */
    bool echo;           /* "esa misma noche", "al día siguiente": only acts are dated by it */
    const hu_rule *rule; /* whose words attach it; NULL when none do */
} hu_dated;

typedef struct hu_dated_list {
    hu_dated *items; /* in order of the text */
    size_t count;
} hu_dated_list;

/** A date as written, in words or figures. */
bool read_day(hu_reading_context *c, const char *written, hu_date *date);

hu_dated_list dated_days(hu_reading_context *c);

#endif
