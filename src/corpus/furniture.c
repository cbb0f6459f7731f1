#include "furniture.h"

#include "characters.h"

#include <stdlib.h>
#include <string.h>

enum { TOP_LINES = 8, BOTTOM_LINES = 5, NUMBER_LINES = 2, HEADER_LINES = 3 };

static const double EDGE = 0.25;          /* share of a page's height in which its header and footer stand */
static const double REPEATED = 0.3;       /* share of the pages on which a header stands */
static const double FOOTNOTE_SIZE = 0.85; /* of the size of most letters */

/* A line as it repeats: folded, every number one '#'. */
static hu_str repeated_form(const hu_text_line *line, hu_arena *arena)
{
    char *folded;
    size_t length, n = 0;
    hu_fold(line->text.data, line->text.length, arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++) {
        bool digit = folded[i] >= '0' && folded[i] <= '9';
        if (digit && n && folded[n - 1] == '#')
            continue;
        if (folded[i] == ' ' || folded[i] == NARROW_GAP)
            continue;
        folded[n++] = digit ? '#' : folded[i];
    }
    return (hu_str){folded, n};
}

static bool in_edge(const hu_line_list *lines, const hu_text_line *line, bool top)
{
    double height = lines->pages[(size_t)line->page - 1 - lines->pages_before].height;
    return line->plain || (top ? line->y0 < EDGE * height : line->y1 > (1 - EDGE) * height);
}

/* The page's kept lines from its top or bottom, nearest to the edge first. */
static size_t edge_lines(const hu_line_list *lines, size_t page, bool top, size_t *out)
{
    size_t start = lines->pages[page].start, end = lines->pages[page].end, n = 0, most = top ? TOP_LINES : BOTTOM_LINES;
    for (size_t k = 0; k < end - start && n < most; k++) {
        size_t i = top ? start + k : end - 1 - k;
        if (lines->lines[i].fate == LINE_DROPPED)
            continue;
        if (!in_edge(lines, &lines->lines[i], top))
            break;
        out[n++] = i;
    }
    return n;
}

typedef struct edge_form {
    hu_str form;
    size_t line;
} edge_form;

static int by_form(const void *a, const void *b)
{
    const edge_form *x = a, *y = b;
    int order = hu_str_compare(&x->form, &y->form);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Which of these lines repeat on enough pages. */
static void find_repeated(const hu_line_list *lines, edge_form *forms, size_t n, bool *repeated)
{
    size_t enough = (size_t)(REPEATED * (double)lines->n_pages);
    enough = enough < 2 ? 2 : enough;
    qsort(forms, n, sizeof *forms, by_form);
    for (size_t i = 0, j; i < n; i = j) {
        size_t pages = 0;
        int last = 0;
        for (j = i; j < n && hu_str_equal(forms[j].form, forms[i].form); j++) {
            pages += lines->lines[forms[j].line].page != last;
            last = lines->lines[forms[j].line].page;
        }
        if (pages < enough || forms[i].form.length < 3)
            continue;
        for (size_t k = i; k < j; k++)
            repeated[forms[k].line] = true;
    }
}

static void drop_repeated(hu_line_list *lines, bool top)
{
    HU_SCRATCH(scratch);
    size_t edge[TOP_LINES], n_forms = 0;
    edge_form *forms = HU_NEW_ARRAY(scratch, edge_form, lines->n_pages * TOP_LINES);
    bool *repeated = HU_NEW_ARRAY(scratch, bool, lines->count + 1);
    for (size_t p = 0; p < lines->n_pages; p++) {
        size_t n = edge_lines(lines, p, top, edge);
        for (size_t k = 0; k < n; k++)
            forms[n_forms++] = (edge_form){repeated_form(&lines->lines[edge[k]], scratch), edge[k]};
    }
    find_repeated(lines, forms, n_forms, repeated);
    for (size_t p = 0; p < lines->n_pages; p++) {
        size_t n = edge_lines(lines, p, top, edge);
        for (size_t k = 0; k < n && repeated[edge[k]]; k++)
            if (!top || p > 0) /* the first page's header stays; on a later one it stands inside a sentence */
                lines->lines[edge[k]].fate = LINE_DROPPED;
    }
}

static bool whole_line_matches(const pcre2_code *pattern, const hu_text_line *line, hu_arena *arena)
{
    hu_str folded;
    size_t start, end;
    if (line->text.length > 80)
        return false;
    hu_fold(line->text.data, line->text.length, arena, (char **)&folded.data, &folded.length, NULL);
    return hu_phrase_find(pattern, folded, 0, true, &start, &end) && end == folded.length;
}

/* Running headers that their words give away. */
static void drop_page_headers(const hu_phrases *phrases, hu_line_list *lines)
{
    HU_SCRATCH(scratch);
    size_t edge[TOP_LINES];
    for (size_t p = 1; p < lines->n_pages; p++) {
        size_t n = edge_lines(lines, p, true, edge);
        for (size_t k = 0; k < n && k < HEADER_LINES; k++)
            if (whole_line_matches(phrases->page_header, &lines->lines[edge[k]], scratch))
                lines->lines[edge[k]].fate = LINE_DROPPED;
    }
}

/* The outermost lines that are page numbers. A plain text of one page has none that could be told from a number. */
static void drop_page_numbers(const hu_phrases *phrases, hu_line_list *lines)
{
    HU_SCRATCH(scratch);
    size_t edge[TOP_LINES];
    for (size_t p = 0; p < lines->n_pages; p++)
        for (int top = 0; top < 2; top++) {
            size_t n = edge_lines(lines, p, top, edge);
            for (size_t k = 0; k < n && k < NUMBER_LINES; k++) {
                hu_text_line *line = &lines->lines[edge[k]];
                if ((!line->plain || lines->n_pages > 1) && whole_line_matches(phrases->page_number, line, scratch))
                    line->fate = LINE_DROPPED;
            }
        }
    for (size_t i = 0; i < lines->count; i++)
        if (lines->lines[i].plain && whole_line_matches(phrases->page_mark, &lines->lines[i], scratch))
            lines->lines[i].fate = LINE_DROPPED;
}

static int by_size(const void *a, const void *b)
{
    const hu_text_line *const *x = a, *const *y = b;
    return ((*x)->size > (*y)->size) - ((*x)->size < (*y)->size);
}

/* The size that half of the letters do not exceed. */
static double body_size(const hu_line_list *lines)
{
    HU_SCRATCH(scratch);
    const hu_text_line **sorted = HU_NEW_ARRAY(scratch, const hu_text_line *, lines->count + 1);
    size_t n = 0, total = 0, sum = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->lines[i].fate == LINE_KEPT) {
            sorted[n++] = &lines->lines[i];
            total += lines->lines[i].text.length;
        }
    qsort(sorted, n, sizeof(const hu_text_line *), by_size);
    for (size_t i = 0; i < n; i++) {
        sum += sorted[i]->text.length;
        if (2 * sum >= total)
            return sorted[i]->size;
    }
    return 1;
}

static bool starts_with_mark(const hu_text_line *line)
{
    size_t digits = 0;
    while (digits < line->text.length && line->text.data[digits] >= '0' && line->text.data[digits] <= '9')
        digits++;
    return (digits >= 1 && digits <= 3 && digits < line->text.length && line->text.data[digits] != '.' &&
            line->text.data[digits] != ')') ||
           (digits == 0 && line->text.data[0] == '*');
}

/* Small lines at the foot of a page, of which the first begins with a mark. */
static void mark_footnotes(hu_line_list *lines)
{
    double body = body_size(lines);
    for (size_t p = 0; p < lines->n_pages; p++) {
        const hu_line_page *page = &lines->pages[p];
        size_t first = page->end;
        for (size_t i = page->end; i-- > page->start;) {
            const hu_text_line *line = &lines->lines[i];
            if (line->fate == LINE_DROPPED)
                continue;
            if (line->plain || line->size > FOOTNOTE_SIZE * body || line->y0 < 0.4 * page->height)
                break;
            if (starts_with_mark(line))
                first = i;
        }
        for (size_t i = first; i < page->end; i++)
            if (lines->lines[i].fate == LINE_KEPT)
                lines->lines[i].fate = LINE_FOOTNOTE;
    }
}

void hu_furniture_mark(const hu_phrases *phrases, hu_line_list *lines)
{
    drop_page_numbers(phrases, lines);
    if (lines->n_pages > 1) {
        drop_repeated(lines, true);
        drop_repeated(lines, false);
        drop_page_headers(phrases, lines);
        drop_page_numbers(phrases, lines); /* those that stood inside a header or above a footer */
    }
    mark_footnotes(lines);
}
