#ifndef HUELLA_BASE_CSV_TEXT_H
#define HUELLA_BASE_CSV_TEXT_H

/* Private to the CSV reader: from the bytes of a file to UTF-8 lines, and from lines to cells. */

#include "huella/base/file.h"

/* UTF-8 without a byte-order mark or NUL, that ends in a line end: every scan stops there, so none need look for `end`.
 */
typedef struct csv_text {
    const char *data, *end;
    size_t lines; /* line ends: at least as many as there are rows */
    bool copied;  /* data is in the arena, no longer in the file */
    const hu_file *file;
} csv_text;

hu_error *hu_csv_text(const hu_file *file, const char *source, hu_arena *arena, csv_text *text);

/* To be called while reading on: lets go of what lies between *from and `at`, in large steps. */
static inline void csv_let_go(const csv_text *text, const char **from, const char *at)
{
    enum { STEP = 8 * 1024 * 1024 };
    if (at - *from < STEP)
        return;
    if (!text->copied)
        hu_file_let_go(text->file, *from, at);
    *from = at;
}

/* The line on which the byte at `at` stands, from 1. */
long hu_csv_line(const char *data, const char *at);

typedef struct csv_cell {
    hu_str text;      /* without the quotes around it; doubled quotes still doubled */
    const char *next; /* the separator or line end behind it */
    bool quoted, doubled;
    long breaks; /* line ends inside */
} csv_cell;

typedef enum csv_fault { CSV_FINE, CSV_UNCLOSED, CSV_TEXT_AFTER_QUOTE } csv_fault;

/* Reads the cell at `at`. On CSV_TEXT_AFTER_QUOTE, next is where that text begins. */
csv_fault hu_csv_cell(const csv_text *text, const char *at, char separator, csv_cell *cell);

/* The cell's text with doubled quotes made single, in the arena where that differs. */
hu_str hu_csv_cell_text(const csv_cell *cell, hu_arena *arena);

/* Past the line end at `at`. */
static inline const char *csv_line_end(const csv_text *text, const char *at)
{
    return at + (*at == '\r' && at + 1 < text->end && at[1] == '\n' ? 2 : 1);
}

static inline bool csv_is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

#endif
