#include "stamps.h"

#include <stdlib.h>
#include <string.h>

/* Shares of the letters' height. */
static const double PIECE_GAP = 1.5; /* a wider gap ends a piece of a line */
static const double BLOCK_GAP = 1.3; /* lines of a block are no further apart */
static const double SAME_SIZE = 1.3; /* letters of a block differ by no more than this factor */
enum { HEADER_LINES = 8 };
enum { NEIGHBOURS = 64, MAX_WORDS = 5000 }; /* bounds on the work for hostile pages */

/* Words of one line with small gaps, as they follow each other in the file. */
typedef struct piece {
    size_t start, end; /* words */
    float x0, y0, x1, y1;
    size_t block; /* index of another piece of the same block, or its own */
} piece;

static float size_of(const piece *p)
{
    return p->y1 - p->y0;
}

static bool continues(const piece *p, const hu_pdf_box_word *w)
{
    float size = size_of(p), other = w->y1 - w->y0;
    return w->y0 < p->y0 + size / 2 && w->y0 > p->y0 - size / 2 && w->x0 > p->x1 - size &&
           (double)(w->x0 - p->x1) < PIECE_GAP * (double)size && (double)other < SAME_SIZE * (double)size &&
           (double)size < SAME_SIZE * (double)other;
}

static size_t make_pieces(const hu_pdf_box_word *words, size_t n_words, piece *pieces)
{
    size_t n = 0;
    for (size_t i = 0; i < n_words; i++) {
        const hu_pdf_box_word *w = &words[i];
        if (n && continues(&pieces[n - 1], w)) {
            piece *p = &pieces[n - 1];
            p->end = i + 1;
            p->x1 = w->x1 > p->x1 ? w->x1 : p->x1;
            continue;
        }
        pieces[n++] = (piece){.start = i, .end = i + 1, .x0 = w->x0, .y0 = w->y0, .x1 = w->x1, .y1 = w->y1};
    }
    return n;
}

static int by_top(const void *a, const void *b)
{
    const piece *x = a, *y = b;
    if (x->y0 != y->y0)
        return x->y0 < y->y0 ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

static size_t root_of(piece *pieces, size_t i)
{
    while (pieces[i].block != i)
        i = pieces[i].block = pieces[pieces[i].block].block;
    return i;
}

static bool close_below(const piece *above, const piece *below)
{
    float a = size_of(above), b = size_of(below);
    return (double)a < SAME_SIZE * (double)b && (double)b < SAME_SIZE * (double)a && below->x0 < above->x1 &&
           above->x0 < below->x1 && (double)(below->y0 - above->y1) < BLOCK_GAP * (double)a;
}

static void make_blocks(piece *pieces, size_t n)
{
    qsort(pieces, n, sizeof *pieces, by_top);
    for (size_t i = 0; i < n; i++)
        pieces[i].block = i;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n && j < i + NEIGHBOURS; j++)
            if (close_below(&pieces[i], &pieces[j]))
                pieces[root_of(pieces, j)].block = root_of(pieces, i);
}

static size_t count_marks(const hu_word_set *marks, const char *folded)
{
    size_t n = 0;
    for (size_t i = 0; i < marks->count; i++)
        n += strstr(folded, marks->items[i].data) != NULL;
    return n;
}

static bool bears_marks(const hu_phrases *phrases, hu_arena *arena, const hu_buf *text)
{
    char *folded;
    size_t length;
    if (!text->length)
        return false;
    hu_fold(text->data, text->length, arena, &folded, &length, NULL);
    return count_marks(&phrases->stamp_marks, folded) >= (size_t)phrases->stamp_needs;
}

static void add_piece_text(hu_buf *text, const hu_pdf_box_word *words, const piece *p)
{
    for (size_t i = p->start; i < p->end; i++) {
        hu_buf_add(text, words[i].text.data, words[i].text.length);
        hu_buf_add_char(text, ' ');
    }
}

size_t hu_stamps_remove_words(const hu_phrases *phrases, hu_pdf_box_word *words, size_t n_words)
{
    HU_SCRATCH(scratch);
    HU_BUF(text);
    /* Most pages have no stamp: one look tells. */
    add_piece_text(&text, words, &(piece){.end = n_words});
    if (n_words > MAX_WORDS || !bears_marks(phrases, scratch, &text))
        return n_words;

    piece *pieces = HU_NEW_ARRAY(scratch, piece, n_words);
    size_t n = make_pieces(words, n_words, pieces);
    make_blocks(pieces, n);
    bool *seen = HU_NEW_ARRAY(scratch, bool, n), *gone = HU_NEW_ARRAY(scratch, bool, n_words);
    for (size_t i = 0; i < n; i++) {
        size_t root = root_of(pieces, i);
        if (seen[root])
            continue;
        seen[root] = true;
        text.length = 0;
        for (size_t j = 0; j < n; j++)
            if (root_of(pieces, j) == root)
                add_piece_text(&text, words, &pieces[j]);
        if (!bears_marks(phrases, scratch, &text))
            continue;
        for (size_t j = 0; j < n; j++)
            if (root_of(pieces, j) == root)
                memset(gone + pieces[j].start, 1, pieces[j].end - pieces[j].start);
    }
    size_t left = 0;
    for (size_t i = 0; i < n_words; i++)
        if (!gone[i])
            words[left++] = words[i];
    return left;
}

/* The line that ends the stamp that starts at `start`, or `start` when none does. */
static size_t stamp_end(const hu_phrases *phrases, hu_arena *arena, const hu_line_list *lines, size_t start,
                        size_t page_end)
{
    HU_BUF(text);
    for (size_t i = start; i < page_end && i < start + (size_t)phrases->stamp_lines; i++) {
        hu_buf_add(&text, lines->lines[i].text.data, lines->lines[i].text.length);
        hu_buf_add_char(&text, ' ');
        char *folded;
        size_t length;
        hu_fold(lines->lines[i].text.data, lines->lines[i].text.length, arena, &folded, &length, NULL);
        if (count_marks(&phrases->stamp_ends, folded))
            return bears_marks(phrases, arena, &text) ? i + 1 : start;
    }
    return start;
}

/* A line of the running header that a converter put between the lines of a stamp: it opens the second page too. */
static bool opens_second_page(const hu_line_list *lines, const hu_text_line *line)
{
    if (lines->n_pages < 2)
        return false;
    for (size_t i = lines->pages[1].start; i < lines->pages[1].end && i < lines->pages[1].start + HEADER_LINES; i++)
        if (hu_str_equal(lines->lines[i].text, line->text))
            return true;
    return false;
}

void hu_stamps_drop_lines(const hu_phrases *phrases, hu_line_list *lines)
{
    HU_SCRATCH(scratch);
    for (size_t p = 0; p < lines->n_pages; p++)
        for (size_t i = lines->pages[p].start; i < lines->pages[p].end; i++) {
            hu_str folded;
            size_t from, to;
            hu_fold(lines->lines[i].text.data, lines->lines[i].text.length, scratch, (char **)&folded.data,
                    &folded.length, NULL);
            if (!hu_phrase_find(phrases->stamp_start, folded, 0, true, &from, &to))
                continue;
            size_t end = stamp_end(phrases, scratch, lines, i, lines->pages[p].end);
            for (size_t j = i; j < end; j++)
                if (!opens_second_page(lines, &lines->lines[j]))
                    lines->lines[j].fate = LINE_DROPPED;
            i = end > i ? end - 1 : i;
        }
}
