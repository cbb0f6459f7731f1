#ifndef HUELLA_CORPUS_RICH_TEXT_H
#define HUELLA_CORPUS_RICH_TEXT_H

#include "huella/base/text.h"

/**
 * The text that the readers of rich.h build, as they meet characters, breaks, cells and notes in the order of the file.
 *
 * A cell that opens outside a row opens the row, and what is left open is closed by rich_text_end, so that no order of
 * calls is wrong. Tables inside tables are kept to RICH_DEPTH; deeper ones are read as running text.
 */
enum { RICH_DEPTH = 8, RICH_CELLS = 64 };

typedef struct rich_row {
    hu_buf cells[RICH_CELLS];
    size_t n_cells;
    bool in_cell;
} rich_row;

typedef struct rich_text {
    hu_buf *out;
    size_t limit;
    bool full;      /* the limit is reached: nothing more is taken */
    bool collapse;  /* blanks of the file are only as good as one */
    bool pending;   /* a blank is owed before the next character */
    rich_row *rows; /* RICH_DEPTH of them */
    size_t depth;   /* rows that are open */
    size_t deeper;  /* rows beyond RICH_DEPTH */
    hu_buf aside;   /* notes and boxes that wait for the end of their paragraph */
    size_t asides;  /* open ones */
} rich_text;

void rich_text_start(rich_text *text, hu_buf *out, size_t limit, bool collapse);
void rich_text_end(rich_text *text);

void rich_add(rich_text *text, const char *bytes, size_t length); /* UTF-8; line ends count as blanks */
/** The same, with the line and paragraph breaks that stand in it. */
void rich_add_lines(rich_text *text, const char *bytes, size_t length);
void rich_wide_gap(rich_text *text); /* a tab */
void rich_line_break(rich_text *text);
void rich_paragraph_end(rich_text *text); /* twice is once; outside a note, the notes follow */

void rich_open_row(rich_text *text);
void rich_open_cell(rich_text *text);
void rich_close_cell(rich_text *text);
void rich_close_row(rich_text *text);

/** What stands between these follows the paragraph that is open. */
void rich_open_aside(rich_text *text);
void rich_close_aside(rich_text *text);

#endif
