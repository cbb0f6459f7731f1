#ifndef HUELLA_CORPUS_SECTIONS_H
#define HUELLA_CORPUS_SECTIONS_H

#include "phrases.h"

/**
 * Finds the parts of a judgment: document->sections, in order and covering the text, from its text and folded text.
 *
 * The operative part is the last of its kind: a judgment that quotes the one it reviews quotes it earlier. Headings and
 * lines that open it close before ("DECISIÓN", then "Por estos fundamentos, … FALLAMOS:") belong to it.
 */
void hu_sections_find(const hu_phrases *phrases, hu_arena *arena, hu_document *document);

#endif
