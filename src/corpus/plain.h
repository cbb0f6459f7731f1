#ifndef HUELLA_CORPUS_PLAIN_H
#define HUELLA_CORPUS_PLAIN_H

#include "line.h"

/**
 * A plain text to lines: UTF-8 (with or without byte-order mark), or Windows-1252 where it is not; LF, CRLF or CR; a
 * form feed begins a page. Each line knows the byte of the file it began at.
 */
void hu_plain_lines(const char *text, size_t length, hu_arena *arena, hu_line_list *lines);

/** Text of rich.h to lines: the first line behind an empty one is known to begin a paragraph. Places know no byte. */
void hu_paragraph_lines(const char *text, size_t length, hu_arena *arena, hu_line_list *lines);

#endif
