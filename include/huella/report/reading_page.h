#ifndef HUELLA_REPORT_READING_PAGE_H
#define HUELLA_REPORT_READING_PAGE_H

#include "huella/reading/reading.h"

/**
 * One judgment as a page of its own: the text with every quoted passage marked, beside it each value with its
 * confidence, its rule and links to what bears it. The page fetches nothing and runs nothing.
 *
 * It shows the judgment's whole text, names included: for the desk of who may read it, not for publication.
 */
void hu_reading_page_write(const hu_reading *reading, const char *reader_version, hu_buf *out);

#endif
