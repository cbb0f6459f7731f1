#include "rich_text.h"

#include <stdlib.h>
#include <string.h>

enum { LONG_CELL = 240, LABEL = 48 }; /* bytes: a cell of running text; a label beside a longer value */

void rich_text_start(rich_text *text, hu_buf *out, size_t limit, bool collapse)
{
    *text = (rich_text){.out = out, .limit = limit, .collapse = collapse};
    text->rows = hu_xcalloc(RICH_DEPTH, sizeof *text->rows);
}

static hu_buf *target(rich_text *text)
{
    if (text->asides)
        return &text->aside;
    for (size_t i = text->depth; i-- > 0;)
        if (text->rows[i].in_cell)
            return &text->rows[i].cells[text->rows[i].n_cells - 1];
    return text->out;
}

static void put(rich_text *text, const char *bytes, size_t length)
{
    if (length > text->limit)
        text->full = true;
    if (text->full)
        return;
    text->limit -= length;
    hu_buf_add(target(text), bytes, length);
}

static bool at_start(const hu_buf *buf)
{
    return buf->length == 0 || buf->data[buf->length - 1] == '\n';
}

void rich_add(rich_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0, end; i < length; i = end) {
        bool blank = strchr(" \t\r\n", bytes[i]) != NULL && bytes[i];
        for (end = i; end < length && bytes[end] && (strchr(" \t\r\n", bytes[end]) != NULL) == blank; end++) {
        }
        if (end == i) { /* a zero byte */
            end++;
            continue;
        }
        if (blank && (text->collapse || end - i == 1)) {
            text->pending = true;
            continue;
        }
        if (blank) {
            rich_wide_gap(text);
            continue;
        }
        if (text->pending && !at_start(target(text)))
            put(text, " ", 1);
        text->pending = false;
        put(text, bytes + i, end - i);
    }
}

void rich_add_lines(rich_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0, end; i < length; i = end) {
        for (end = i; end < length && bytes[end] != '\n'; end++) {
        }
        rich_add(text, bytes + i, end - i);
        if (end == length)
            return;
        if (end + 1 < length && bytes[end + 1] == '\n')
            rich_paragraph_end(text);
        else
            rich_line_break(text);
        while (end < length && bytes[end] == '\n')
            end++;
    }
}

void rich_wide_gap(rich_text *text)
{
    if (!at_start(target(text)))
        put(text, "  ", 2);
    text->pending = false;
}

static void trim_blanks(hu_buf *buf)
{
    while (buf->length && buf->data[buf->length - 1] == ' ')
        buf->data[--buf->length] = '\0';
}

void rich_line_break(rich_text *text)
{
    hu_buf *buf = target(text);
    text->pending = false;
    trim_blanks(buf);
    if (!at_start(buf))
        put(text, "\n", 1);
}

static void part_paragraphs(hu_buf *buf)
{
    trim_blanks(buf);
    while (buf->length && buf->data[buf->length - 1] == '\n')
        buf->data[--buf->length] = '\0';
    if (buf->length)
        hu_buf_add_text(buf, "\n\n");
}

void rich_paragraph_end(rich_text *text)
{
    hu_buf *buf = target(text);
    text->pending = false;
    part_paragraphs(buf);
    if (text->asides || !text->aside.length)
        return;
    part_paragraphs(&text->aside);
    hu_buf_add(buf, text->aside.data, text->aside.length);
    text->aside.length = 0;
}

void rich_open_aside(rich_text *text)
{
    if (text->asides++ == 0)
        part_paragraphs(&text->aside);
    text->pending = false;
}

void rich_close_aside(rich_text *text)
{
    if (!text->asides)
        return;
    part_paragraphs(&text->aside);
    text->asides--;
    text->pending = false;
}

/* ---- tables ---- */

void rich_open_row(rich_text *text)
{
    if (text->asides)
        return;
    if (text->depth == RICH_DEPTH) {
        text->deeper++;
        return;
    }
    if (!text->depth || text->rows[text->depth - 1].in_cell)
        rich_paragraph_end(text);
    text->depth++;
}

void rich_open_cell(rich_text *text)
{
    if (text->asides || text->deeper)
        return;
    if (!text->depth)
        rich_open_row(text);
    rich_close_cell(text);
    rich_row *row = &text->rows[text->depth - 1];
    row->n_cells += row->n_cells < RICH_CELLS; /* what is beyond goes on in the last */
    row->in_cell = true;
    text->pending = false;
}

void rich_close_cell(rich_text *text)
{
    rich_row *row = text->depth ? &text->rows[text->depth - 1] : NULL;
    if (text->asides)
        return;
    if (text->deeper || !row || !row->in_cell) {
        rich_wide_gap(text);
        return;
    }
    rich_paragraph_end(text);
    row->in_cell = false;
}

/* The next paragraph of a cell; false at its end. */
static bool next_paragraph(hu_str *rest, hu_str *paragraph)
{
    if (!rest->length)
        return false;
    const char *end = memmem(rest->data, rest->length, "\n\n", 2);
    *paragraph = (hu_str){rest->data, end ? (size_t)(end - rest->data) : rest->length};
    size_t used = paragraph->length + (end ? 2 : 0);
    *rest = (hu_str){rest->data + used, rest->length - used};
    return true;
}

static size_t count_paragraphs(hu_str cell)
{
    size_t n = 0;
    for (hu_str paragraph; next_paragraph(&cell, &paragraph);)
        n++;
    return n;
}

/* Lines that belong side by side: as many in each cell, none of them long; or labels beside one longer value. */
static bool reads_across(const hu_str *cells, size_t n)
{
    size_t lines = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t here = count_paragraphs(cells[i]);
        if (i + 1 < n && here && cells[i].length / here > LONG_CELL)
            return false;
        if (here > 1 && lines && here != lines && i + 1 < n)
            return false;
        lines = here > 1 ? here : lines;
        most = here > most ? here : most;
    }
    for (size_t i = 0; i + 1 < n; i++)
        if (most > 1 && count_paragraphs(cells[i]) != most && cells[i].length > LABEL)
            return false;
    return true;
}

static void write_across(hu_str *cells, size_t n, hu_buf *out)
{
    for (bool any = true; any;) {
        any = false;
        for (size_t i = 0; i < n; i++) {
            hu_str paragraph;
            if (!next_paragraph(&cells[i], &paragraph))
                continue;
            if (any)
                hu_buf_add_text(out, "  ");
            hu_buf_add(out, paragraph.data, paragraph.length);
            any = true;
        }
        part_paragraphs(out);
    }
}

void rich_close_row(rich_text *text)
{
    if (text->asides || !text->depth)
        return;
    if (text->deeper) {
        text->deeper--;
        rich_paragraph_end(text);
        return;
    }
    rich_row *row = &text->rows[text->depth - 1];
    hu_str cells[RICH_CELLS];
    size_t n = 0;
    if (row->in_cell)
        rich_close_cell(text);
    for (size_t i = 0; i < row->n_cells; i++)
        if (row->cells[i].length)
            cells[n++] = (hu_str){row->cells[i].data, row->cells[i].length};
    text->depth--;
    hu_buf *out = target(text);
    if (!at_start(out))
        part_paragraphs(out);
    if (reads_across(cells, n))
        write_across(cells, n, out);
    else
        for (size_t i = 0; i < n; i++)
            hu_buf_add(out, cells[i].data, cells[i].length);
    for (size_t i = 0; i < row->n_cells; i++)
        hu_buf_free(&row->cells[i]);
    *row = (rich_row){0};
}

void rich_text_end(rich_text *text)
{
    while (text->asides)
        rich_close_aside(text);
    text->deeper = 0;
    while (text->depth)
        rich_close_row(text);
    rich_paragraph_end(text);
    while (text->out->length && text->out->data[text->out->length - 1] == '\n')
        text->out->data[--text->out->length] = '\0';
    hu_buf_free(&text->aside);
    free(text->rows);
    text->rows = NULL;
}
