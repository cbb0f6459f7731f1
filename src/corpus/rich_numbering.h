#ifndef HUELLA_CORPUS_RICH_NUMBERING_H
#define HUELLA_CORPUS_RICH_NUMBERING_H

#include "huella/base/text.h"

/**
 * The numbers that Word counts and never writes into the text: "PRIMERO.-", "3.2", "a)". From numbering.xml (lists and
 * their levels) and styles.xml (paragraph styles that are list items).
 */
typedef struct rich_numbering rich_numbering;

typedef struct rich_list_item {
    long list, level; /* w:numId, w:ilvl; -1 = none */
} rich_list_item;

/** Either file may be missing or broken: then the numbers are not known, and nothing is written. */
rich_numbering *rich_numbering_new(const hu_buf *lists, const hu_buf *styles);
void rich_numbering_free(rich_numbering *numbering); /* NULL is fine */

/** What a paragraph style says of lists. */
void rich_numbering_style(const rich_numbering *numbering, const char *style, rich_list_item *item);

/** Counts the item and appends its number as it is shown; nothing for a bullet or what is no item. */
void rich_numbering_next(rich_numbering *numbering, const rich_list_item *item, hu_buf *out);

#endif
