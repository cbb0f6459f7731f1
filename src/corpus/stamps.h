#ifndef HUELLA_CORPUS_STAMPS_H
#define HUELLA_CORPUS_STAMPS_H

#include "line.h"
#include "phrases.h"

/**
 * Takes the words of signature stamps off a page: blocks (pieces of lines of one letter size, one close below the
 * other) whose text bears enough of the stamps' marks. Returns how many words are left; their order is kept.
 */
size_t hu_stamps_remove_words(const hu_phrases *phrases, hu_pdf_box_word *words, size_t n_words);

/** The same for plain text, where a stamp is a run of lines from its first mark to the line that ends it. */
void hu_stamps_drop_lines(const hu_phrases *phrases, hu_line_list *lines);

#endif
