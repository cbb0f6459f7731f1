#include "split.h"

#include <stdlib.h>

enum { HEAD_LINES = 40, TAIL_LINES = 40, MANY_LABELS = 3, LONGEST = 200 };

/* What the head of a page says. */
typedef struct head {
    bool court, heading;
    size_t labels;
    unsigned long number, year; /* of the file; 0 = none */
} head;

/* Looks for a pattern in a line, at its beginning or anywhere; `end` is where it ends. */
static bool has(const pcre2_code *pattern, hu_str folded, bool at_start, size_t *end)
{
    size_t start;
    return hu_phrase_find(pattern, folded, 0, at_start, &start, end);
}

static hu_str fold(hu_str text, hu_arena *arena)
{
    hu_str folded;
    size_t length = text.length < LONGEST ? text.length : LONGEST;
    hu_fold(text.data, length, arena, (char **)&folded.data, &folded.length, NULL);
    return folded;
}

static unsigned long digits_before(const char *text, size_t *end)
{
    unsigned long value = 0, place = 1;
    while (*end && !(text[*end - 1] >= '0' && text[*end - 1] <= '9'))
        --*end;
    for (; *end && text[*end - 1] >= '0' && text[*end - 1] <= '9'; --*end, place *= 10)
        if (place < 100000000)
            value += place * (unsigned long)(text[*end - 1] - '0');
    return value;
}

static head head_of(const hu_phrases *phrases, const hu_line_list *lines, size_t page)
{
    head h = {0};
    HU_SCRATCH(scratch);
    size_t start = lines->pages[page].start, end = lines->pages[page].end;
    for (size_t i = start; i < end && i < start + HEAD_LINES; i++) {
        hu_str folded = fold(lines->lines[i].text, scratch);
        size_t at;
        h.court |= has(phrases->split_court, folded, true, &at);
        h.heading |= has(phrases->split_heading, folded, true, &at);
        h.labels += has(phrases->split_label, folded, true, &at);
        if (!h.number && has(phrases->split_number, folded, false, &at)) {
            h.year = digits_before(folded.data, &at);
            h.number = digits_before(folded.data, &at);
        }
    }
    return h;
}

/* Whether the pages before this one, back to `first`, end as decisions end. */
static bool has_ended(const hu_phrases *phrases, const hu_line_list *lines, size_t first, size_t page)
{
    HU_SCRATCH(scratch);
    size_t start = lines->pages[first].start, end = lines->pages[page].start;
    if (end - start > TAIL_LINES)
        start = end - TAIL_LINES;
    for (size_t i = start; i < end; i++) {
        size_t at;
        if (has(phrases->split_end, fold(lines->lines[i].text, scratch), false, &at))
            return true;
    }
    return false;
}

size_t hu_split_pages(const hu_phrases *phrases, const hu_line_list *lines, size_t *starts)
{
    size_t n = 1;
    starts[0] = 0;
    if (lines->n_pages < 2)
        return 1;
    head now = head_of(phrases, lines, 0);
    for (size_t page = 1; page < lines->n_pages; page++) {
        head h = head_of(phrases, lines, page);
        bool other = now.number && h.number && (h.number != now.number || h.year != now.year);
        if (!h.court || !h.heading || !h.number || !(other || h.labels >= MANY_LABELS) ||
            !has_ended(phrases, lines, starts[n - 1], page))
            continue;
        starts[n++] = page;
        now = h;
    }
    return n;
}

hu_line_list hu_split_part(const hu_line_list *lines, size_t first, size_t end, hu_arena *arena)
{
    size_t offset = lines->pages[first].start, last = lines->pages[end - 1].end;
    hu_line_list part = {.lines = lines->lines + offset,
                         .count = last - offset,
                         .room = last - offset,
                         .n_pages = end - first,
                         .pages_before = lines->pages_before + first};
    part.pages = HU_NEW_ARRAY(arena, hu_line_page, part.n_pages);
    for (size_t i = 0; i < part.n_pages; i++) {
        part.pages[i] = lines->pages[first + i];
        part.pages[i].start -= offset;
        part.pages[i].end -= offset;
    }
    return part;
}
