#ifndef HUELLA_CORPUS_LAYOUT_H
#define HUELLA_CORPUS_LAYOUT_H

#include "line.h"
#include "phrases.h"

/**
 * The words of a PDF page to lines in reading order, added to `lines` as one page.
 *
 * Stamps (blocks whose text bears the marks of phrases.h) are left out first, because they stand in the margins beside
 * the court's lines. Words on one height are a row, read from left to right, however wide the gaps of justified text.
 * Rows that a gutter parts for two rows or more are two columns, read one after the other, unless they are a list of
 * labels ("DELITO : …") or of numbers, or a table: those are read row by row.
 */
void hu_layout_page(const hu_pdf_page_words *page, const hu_phrases *phrases, hu_arena *arena, hu_line_list *lines);

#endif
