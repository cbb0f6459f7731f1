#ifndef HUELLA_CORPUS_SPLIT_H
#define HUELLA_CORPUS_SPLIT_H

#include "line.h"
#include "phrases.h"

/**
 * Where the decisions of a file begin that holds several, one behind the other: pages (from 0), the first of them 0.
 *
 * Only where it is certain: the decision before has ended in the words that decisions end in, and the page begins with
 * a court's name, a file number and the heading of a decision; the number is another one, or the head lists who is
 * judged and for what, as no running header does.
 *
 * starts  room for as many as there are pages
 */
size_t hu_split_pages(const hu_phrases *phrases, const hu_line_list *lines, size_t *starts);

/** The pages from `first` to before `end` as a list of their own; the lines stay where they are and keep their pages.
 */
hu_line_list hu_split_part(const hu_line_list *lines, size_t first, size_t end, hu_arena *arena);

#endif
