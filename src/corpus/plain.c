#include "plain.h"

#include "characters.h"

#include <string.h>

static void start_page(hu_line_list *lines, hu_arena *arena)
{
    if (lines->n_pages)
        lines->pages[lines->n_pages - 1].end = lines->count;
    size_t n = lines->n_pages;
    if ((n & (n - 1)) == 0) /* room doubles, so that a file of form feeds alone stays linear */
        lines->pages = hu_regrow(arena, lines->pages, n, n ? 2 * n : 1, sizeof *lines->pages);
    lines->pages[lines->n_pages++] = (hu_line_page){.start = lines->count};
}

static void add_plain_line(hu_line_list *lines, hu_arena *arena, hu_str raw, bool latin1, double row, size_t offset)
{
    HU_BUF(decoded);
    if (latin1) {
        hu_latin1_to_utf8(raw.data, raw.length, &decoded);
        raw = (hu_str){decoded.data ? decoded.data : "", decoded.length};
    }
    hu_str clean = hu_characters_clean(raw, arena), text = hu_str_trim(clean);
    if (!text.length)
        return;
    double indent = (double)(text.data - clean.data);
    *hu_line_add(lines, arena) = (hu_text_line){
        .text = text,
        .page = (int)lines->n_pages,
        .x0 = indent,
        .x1 = indent + (double)hu_utf8_count(text.data, text.length),
        .y0 = row,
        .y1 = row + 1,
        .size = 1,
        .source_offset = offset,
        .plain = true,
    };
}

void hu_plain_lines(const char *text, size_t length, hu_arena *arena, hu_line_list *lines)
{
    size_t at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    bool latin1 = !hu_utf8_valid(text + at, length - at);
    double row = 0;
    start_page(lines, arena);
    while (at < length) {
        if (text[at] == '\f') {
            start_page(lines, arena);
            row = 0;
            at++;
            continue;
        }
        size_t end = at;
        while (end < length && text[end] != '\n' && text[end] != '\r' && text[end] != '\f')
            end++;
        add_plain_line(lines, arena, (hu_str){text + at, end - at}, latin1, row, at);
        row++;
        if (end < length && text[end] != '\f')
            end += text[end] == '\r' && end + 1 < length && text[end + 1] == '\n' ? 2 : 1;
        at = end;
    }
    hu_line_page *last = &lines->pages[lines->n_pages - 1];
    last->end = lines->count;
    if (last->start == last->end && lines->n_pages > 1)
        lines->n_pages--; /* a form feed at the very end begins no page */
}

void hu_paragraph_lines(const char *text, size_t length, hu_arena *arena, hu_line_list *lines)
{
    hu_plain_lines(text, length, arena, lines);
    for (size_t i = 0; i < lines->count; i++) {
        hu_text_line *line = &lines->lines[i];
        line->begins = i == 0 || line->y0 - line[-1].y0 > 1;
        line->source_offset = 0; /* of the text, not of the file */
    }
}
