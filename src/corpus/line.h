#ifndef HUELLA_CORPUS_LINE_H
#define HUELLA_CORPUS_LINE_H

#include "page.h"

/**
 * A line of a document in reading order, from PDF (points) or plain text (columns and rows as if they were points: a
 * character is one wide, a line one high). All cleaning works on lines; see normalise.h for the order of steps.
 */
typedef enum hu_line_fate {
    LINE_KEPT,
    LINE_FOOTNOTE, /* kept, after the paragraph that it interrupts */
    LINE_DROPPED,  /* stamp, running header or footer, page number */
} hu_line_fate;

typedef struct hu_text_line {
    hu_str text;  /* clean characters (characters.h), words parted by one blank, two where the gap is wide */
    hu_str first; /* its first word */
    int page;     /* from 1 */
    double x0, y0, x1, y1;
    double size;       /* height of its letters */
    double right;      /* the right margin of the column it stands in */
    bool column_start; /* the first line of a column that stands beside another */
    hu_line_fate fate;
    size_t source_offset; /* plain text: byte in the file */
    bool plain;           /* from plain text: has no box */
    double ocr;           /* mean confidence of its words, 0 … 1; 0 = from a text layer */
    bool begins;          /* known to begin a paragraph: the file says so */
} hu_text_line;

typedef struct hu_line_page {
    size_t start, end; /* its lines */
    double width, height;
    bool unreadable; /* an image, or glyph codes: no text to be had */
} hu_line_page;

typedef struct hu_line_list {
    hu_text_line *lines;
    size_t count, room;
    hu_line_page *pages;
    size_t n_pages;
    size_t pages_before; /* of the file, that belong to another document */
} hu_line_list;

/**
 * Stands between two pieces whose gap is narrower than the gaps around it: perhaps one word ("prec isan", "202 4").
 * words.c decides; no such byte is left afterwards.
 */
enum { NARROW_GAP = 0x1F };

hu_text_line *hu_line_add(hu_line_list *list, hu_arena *arena);

#endif
