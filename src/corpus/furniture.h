#ifndef HUELLA_CORPUS_FURNITURE_H
#define HUELLA_CORPUS_FURNITURE_H

#include "line.h"
#include "phrases.h"

/**
 * Sets the fate of lines that are not part of the court's running text: page numbers, running headers (the first
 * page's stays: it names court and case), repeated footers, footnotes.
 */
void hu_furniture_mark(const hu_phrases *phrases, hu_line_list *lines);

#endif
