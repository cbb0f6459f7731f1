#ifndef HUELLA_CORPUS_PARAGRAPHS_H
#define HUELLA_CORPUS_PARAGRAPHS_H

#include "line.h"
#include "phrases.h"
#include "words.h"

/**
 * Lines to running text: lines of a paragraph joined by a blank, hyphens at line ends undone, paragraphs parted by
 * "\n\n". A sentence goes on over a page break; footnotes follow the paragraph that they interrupt.
 *
 * A new paragraph begins where a line stands at a distance, begins with a number after the end of a clause, changes
 * letter size, or where the line before left room for the next word; never inside a sentence that goes on in small
 * letters.
 *
 * text   what is appended
 * runs   one place a line, in order of start, in the arena
 */
void hu_paragraphs_join(const hu_phrases *phrases, const hu_vocabulary *vocabulary, const hu_line_list *lines,
                        hu_arena *arena, hu_buf *text, hu_place_run **runs, size_t *n_runs);

#endif
