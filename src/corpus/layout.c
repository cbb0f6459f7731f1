#include "layout.h"

#include "characters.h"
#include "stamps.h"

#include <stdlib.h>
#include <string.h>

/* Shares of the letters' height, unless said otherwise. */
static const double SAME_ROW = 0.5; /* overlap in height that puts two words on one row, of the lower one's height */
static const double WIDE_GAP = 2.0; /* a gap that may part columns … */
static const double WIDE_AGAINST = 2.5; /* … if it is so many times the row's usual gap */
static const double GUTTER = 1.0;       /* what must stay empty over all rows of a group of columns */
static const double ROW_DISTANCE = 2.5; /* rows further apart belong to different groups */
static const double TOUCHING = 0.1;     /* no gap, where letters meet */
static const double NARROW = 0.72;      /* of the row's usual gap: perhaps no gap at all */
static const double DOUBLE = 1.7;       /* of the row's usual gap: two blanks, which part words of spaced-out letters */
static const double SUPERSCRIPT = 0.8;  /* of the row's height: a mark of a footnote */

typedef struct row {
    size_t start, end; /* words */
    double x0, y0, x1, y1;
    double size;      /* height of most of its letters */
    double usual_gap; /* median gap between words; 0 with fewer than two words */
    size_t n_gaps;
    size_t wide; /* the word before which the widest gap stands that may part columns; 0 = none */
    size_t n_wide;
} row;

typedef struct layout {
    hu_pdf_box_word *words;
    size_t n_words;
    row *rows;
    size_t n_rows;
    double *gaps; /* room for sorting */
    hu_arena *arena;
    hu_line_list *lines;
    int page;
} layout;

static double height(const hu_pdf_box_word *w)
{
    return (double)w->y1 - (double)w->y0;
}

static int by_middle(const void *a, const void *b)
{
    const hu_pdf_box_word *x = a, *y = b;
    double m = (double)x->y0 + (double)x->y1, n = (double)y->y0 + (double)y->y1;
    if (m != n)
        return m < n ? -1 : 1;
    return (x->x0 > y->x0) - (x->x0 < y->x0);
}

/* Stable for glued words: a superscript starts where the word before it ends. */
static int by_left(const void *a, const void *b)
{
    const hu_pdf_box_word *x = a, *y = b;
    if (x->x0 != y->x0)
        return x->x0 < y->x0 ? -1 : 1;
    return (x->x1 > y->x1) - (x->x1 < y->x1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double gap_before(const layout *l, size_t word)
{
    return (double)l->words[word].x0 - (double)l->words[word - 1].x1;
}

/* The height that covers most of the row's width. */
static double row_size(const layout *l, const row *r)
{
    double best = 0, best_width = -1;
    for (size_t i = r->start; i < r->end && i < r->start + 64; i++) {
        double h = height(&l->words[i]), width = 0;
        for (size_t j = r->start; j < r->end && j < r->start + 64; j++) {
            double other = height(&l->words[j]);
            if (other > 0.95 * h && other < 1.05 * h)
                width += (double)l->words[j].x1 - (double)l->words[j].x0;
        }
        if (width > best_width) {
            best_width = width;
            best = h;
        }
    }
    return best > 0 ? best : 1;
}

static void measure_row(layout *l, row *r)
{
    qsort(l->words + r->start, r->end - r->start, sizeof *l->words, by_left);
    r->size = row_size(l, r);
    for (size_t i = r->start; i < r->end; i++) {
        const hu_pdf_box_word *w = &l->words[i];
        r->x0 = i == r->start || w->x0 < r->x0 ? w->x0 : r->x0;
        r->y0 = i == r->start || w->y0 < r->y0 ? w->y0 : r->y0;
        r->x1 = i == r->start || w->x1 > r->x1 ? w->x1 : r->x1;
        r->y1 = i == r->start || w->y1 > r->y1 ? w->y1 : r->y1;
        if (i > r->start && !w->glued)
            l->gaps[r->n_gaps++] = gap_before(l, i);
    }
    if (r->n_gaps) {
        qsort(l->gaps, r->n_gaps, sizeof *l->gaps, by_value);
        r->usual_gap = l->gaps[(r->n_gaps - 1) / 2];
    }
    double widest = 0;
    for (size_t i = r->start + 1; i < r->end; i++) {
        double gap = gap_before(l, i);
        if (gap < WIDE_GAP * r->size || (r->n_gaps > 1 && gap < WIDE_AGAINST * r->usual_gap))
            continue;
        r->n_wide++;
        if (gap > widest) {
            widest = gap;
            r->wide = i;
        }
    }
}

static bool on_row(const row *r, const hu_pdf_box_word *w)
{
    double top = r->y0 > (double)w->y0 ? r->y0 : (double)w->y0, bottom = r->y1 < (double)w->y1 ? r->y1 : (double)w->y1;
    double lower = height(w) < r->y1 - r->y0 ? height(w) : r->y1 - r->y0;
    return bottom - top > SAME_ROW * lower;
}

static void make_rows(layout *l)
{
    qsort(l->words, l->n_words, sizeof *l->words, by_middle);
    l->rows = HU_NEW_ARRAY(l->arena, row, l->n_words);
    l->gaps = HU_NEW_ARRAY(l->arena, double, l->n_words);
    for (size_t i = 0; i < l->n_words; i++) {
        const hu_pdf_box_word *w = &l->words[i];
        row *r = l->n_rows ? &l->rows[l->n_rows - 1] : NULL;
        if (r && on_row(r, w)) {
            r->end = i + 1;
            continue; /* the row keeps the box of its first word: rows cannot drift down a page */
        }
        l->rows[l->n_rows++] = (row){.start = i, .end = i + 1, .x0 = w->x0, .y0 = w->y0, .x1 = w->x1, .y1 = w->y1};
    }
    for (size_t i = 0; i < l->n_rows; i++)
        measure_row(l, &l->rows[i]);
}

/* A number set small and high after a word: the mark of a footnote, which would spoil "art. 153" into "art. 1532". */
static bool is_footnote_mark(const layout *l, const row *r, size_t i)
{
    const hu_pdf_box_word *w = &l->words[i];
    if (i == r->start || height(w) > SUPERSCRIPT * r->size || w->text.length > 3)
        return false;
    for (size_t k = 0; k < w->text.length; k++)
        if (w->text.data[k] < '0' || w->text.data[k] > '9')
            return false;
    double before_bottom = l->words[i - 1].y1;
    return (double)w->y1 < before_bottom - 0.1 * r->size && gap_before(l, i) < 0.3 * r->size;
}

/* Small capitals after a capital, a stop in another font: told apart from "9° señala", where a blank is lost. */
static bool may_touch(hu_str before, hu_str after)
{
    int32_t last = hu_character_last(before), first = hu_character_first(after);
    return hu_character_is_letter(last) && (hu_character_is_letter(first) || (first < 128 && strchr(".,;:)", first)));
}

static const char *blank_between(const layout *l, const row *r, size_t i)
{
    static const char narrow[] = {NARROW_GAP, '\0'};
    double gap = gap_before(l, i);
    if (l->words[i].confidence) /* whoever recognised them has parted the words */
        return gap > DOUBLE * r->usual_gap ? "  " : " ";
    if ((gap < TOUCHING * r->size && may_touch(l->words[i - 1].text, l->words[i].text)) ||
        (l->words[i].glued && gap < 2 * TOUCHING * r->size))
        return "";
    if (r->n_gaps >= 4 && gap < NARROW * r->usual_gap)
        return narrow;
    return gap > DOUBLE * r->usual_gap ? "  " : " ";
}

/* Words start … end-1 of a row as a line; `right` is the margin of its column, 0 = the page's. */
static hu_text_line *add_line(layout *l, const row *r, size_t start, size_t end, double right)
{
    HU_BUF(text);
    hu_text_line *line = hu_line_add(l->lines, l->arena);
    *line = (hu_text_line){.page = l->page, .size = r->size, .right = right};
    bool any = false;
    int confidence = 0;
    for (size_t i = start; i < end; i++) {
        const hu_pdf_box_word *w = &l->words[i];
        confidence += w->confidence;
        if (any && is_footnote_mark(l, r, i))
            continue;
        if (any)
            hu_buf_add_text(&text, blank_between(l, r, i));
        hu_buf_add(&text, w->text.data, w->text.length);
        line->x0 = !any || (double)w->x0 < line->x0 ? (double)w->x0 : line->x0;
        line->y0 = !any || (double)w->y0 < line->y0 ? (double)w->y0 : line->y0;
        line->x1 = !any || (double)w->x1 > line->x1 ? (double)w->x1 : line->x1;
        line->y1 = !any || (double)w->y1 > line->y1 ? (double)w->y1 : line->y1;
        any = true;
    }
    line->ocr = confidence / (100.0 * (double)(end - start));
    line->text = (hu_str){hu_strndup(l->arena, text.data, text.length), text.length};
    return line;
}

typedef struct group {
    size_t start, end; /* rows */
    double gutter0, gutter1;
    size_t n_split;
} group;

/* First word of a row that stands right of the gutter; r->end when all stand left. */
static size_t split_at(const layout *l, const row *r, const group *g)
{
    size_t i = r->start;
    while (i < r->end && (double)l->words[i].x1 <= g->gutter1)
        i++;
    return i;
}

/* Narrows the gutter to what this row leaves empty too; false when nothing wide enough is left. */
static bool narrow_gutter(const layout *l, const row *r, group *g)
{
    double middle0 = g->gutter0, middle1 = g->gutter1, best = 0, best0 = 0, best1 = 0;
    for (size_t i = r->start; i <= r->end; i++) {
        double from = i == r->start ? -1e9 : (double)l->words[i - 1].x1;
        double to = i == r->end ? 1e9 : (double)l->words[i].x0;
        from = from > middle0 ? from : middle0;
        to = to < middle1 ? to : middle1;
        if (to - from > best) {
            best = to - from;
            best0 = from;
            best1 = to;
        }
    }
    if (best < GUTTER * r->size)
        return false;
    g->gutter0 = best0;
    g->gutter1 = best1;
    return true;
}

enum { MAX_GROUP = 400 }; /* rows: more than a page of text has; bounds what a hostile page costs */

/* The rows from `start` on that one gutter parts. */
static group find_group(const layout *l, size_t start)
{
    const row *first = &l->rows[start];
    group g = {start, start + 1, l->words[first->wide - 1].x1, l->words[first->wide].x0, 1};
    size_t last_split = start;
    for (size_t i = start + 1; i < l->n_rows && i - start < MAX_GROUP; i++) {
        const row *r = &l->rows[i], *above = &l->rows[i - 1];
        if (r->y0 - above->y1 > ROW_DISTANCE * above->size || !narrow_gutter(l, r, &g))
            break;
        size_t split = split_at(l, r, &g);
        if (split > r->start && split < r->end) {
            g.n_split++;
            last_split = i;
        } else if (r->y0 - above->y1 > above->size) {
            break; /* one side only and at a distance: a heading below the columns */
        }
        g.end = i + 1;
    }
    if (g.n_split < 2)
        g.end = last_split + 1;
    return g;
}

static size_t letters(const layout *l, size_t start, size_t end)
{
    size_t n = 0;
    for (size_t i = start; i < end; i++)
        n += hu_utf8_count(l->words[i].text.data, l->words[i].text.length);
    return n;
}

/* Labels and values, numbered items, tables: read row by row. */
static bool is_list(const layout *l, const group *g)
{
    size_t n_label = 0, n_short = 0, n_table = 0;
    for (size_t i = g->start; i < g->end; i++) {
        const row *r = &l->rows[i];
        size_t split = split_at(l, r, g);
        n_table += r->n_wide > 1;
        if (split == r->start || split == r->end)
            continue;
        hu_str left = l->words[split - 1].text, right = l->words[split].text;
        n_label += left.data[left.length - 1] == ':' || right.data[0] == ':';
        n_short += letters(l, r->start, split) <= 5;
    }
    return n_label || n_table || 2 * n_short >= g->n_split;
}

static void add_columns(layout *l, const group *g)
{
    for (int side = 0; side < 2; side++) {
        size_t first = l->lines->count;
        double right = 0;
        for (size_t i = g->start; i < g->end; i++) {
            const row *r = &l->rows[i];
            size_t split = split_at(l, r, g), start = side ? split : r->start, end = side ? r->end : split;
            if (start == end)
                continue;
            const hu_text_line *line = add_line(l, r, start, end, 0);
            right = line->x1 > right ? line->x1 : right;
        }
        for (size_t i = first; i < l->lines->count; i++)
            l->lines->lines[i].right = right;
        if (first < l->lines->count)
            l->lines->lines[first].column_start = true;
    }
}

static void add_rows(layout *l)
{
    for (size_t i = 0; i < l->n_rows;) {
        if (l->rows[i].wide) {
            group g = find_group(l, i);
            if (g.n_split >= 2 && !is_list(l, &g)) {
                add_columns(l, &g);
                i = g.end;
                if (i < l->n_rows)
                    continue;
                break;
            }
        }
        add_line(l, &l->rows[i], l->rows[i].start, l->rows[i].end, 0);
        i++;
    }
}

/* Words with clean characters that stand on the page. */
static void take_words(const hu_pdf_page_words *page, layout *l)
{
    l->words = HU_NEW_ARRAY(l->arena, hu_pdf_box_word, page->n_words);
    for (size_t i = 0; i < page->n_words; i++) {
        hu_pdf_box_word w = page->words[i];
        w.text = hu_characters_clean(w.text, l->arena);
        if (w.text.length && (double)w.x1 > 0 && (double)w.x0 < page->width && (double)w.y1 > 0 &&
            (double)w.y0 < page->height)
            l->words[l->n_words++] = w;
    }
}

void hu_layout_page(const hu_pdf_page_words *page, const hu_phrases *phrases, hu_arena *arena, hu_line_list *lines)
{
    layout l = {.arena = arena, .lines = lines, .page = page->number};
    take_words(page, &l);
    l.n_words = hu_stamps_remove_words(phrases, l.words, l.n_words);
    if (lines->n_pages % 16 == 0)
        lines->pages = hu_regrow(arena, lines->pages, lines->n_pages, lines->n_pages + 16, sizeof *lines->pages);
    hu_line_page *out = &lines->pages[lines->n_pages++];
    *out = (hu_line_page){.start = lines->count, .width = page->width, .height = page->height};
    if (l.n_words) {
        make_rows(&l);
        add_rows(&l);
    }
    out->end = lines->count;
}
