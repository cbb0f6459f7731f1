#ifndef HUELLA_CORPUS_NORMALISE_H
#define HUELLA_CORPUS_NORMALISE_H

#include "line.h"
#include "phrases.h"

/**
 * Lines in reading order to a document's text, places, folded text and parts. The steps, each a file of its own:
 * furniture.h (page numbers, running headers, footnotes), words.h (blanks inside lines), paragraphs.h (lines to running
 * text), sections.h (parts). document->path is set and is used in messages.
 *
 * Errors: HU_BAD_INPUT no text is left; HU_LIMIT more than 4 GiB of it.
 */
hu_error *hu_normalise(const hu_phrases *phrases, hu_line_list *lines, hu_arena *arena, hu_document *document);

#endif
