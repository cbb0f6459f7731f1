#ifndef HUELLA_REPORT_PILOT_PAGE_H
#define HUELLA_REPORT_PILOT_PAGE_H

#include "huella/base/text.h"

/** A row of a pilot's decision page, as people read it. */
typedef struct hu_pilot_row {
    const char *indicator, *estimate, *interval, *go, *stop, *posterior, *decision; /* decision: go, amend or stop */
    const char *basis;  /* rows, clusters, what was left out */
    const char *spread; /* icc with its interval; NULL = not known */
    const char *trial;  /* what that means for the trial; NULL = not asked */
} hu_pilot_row;

typedef struct hu_pilot_page {
    const char *title, *decision, *rule, *version;
    const hu_pilot_row *rows;
    size_t n;
    double level;
    const char *inputs[2][2]; /* name and SHA-256 of the data and of the criteria */
} hu_pilot_page;

/** One page that needs nothing else, in the report's style. */
void hu_pilot_page_write(const hu_pilot_page *page, hu_buf *out);

#endif
