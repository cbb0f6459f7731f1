/* A workbook (ISO/IEC 29500, SpreadsheetML): its sheets as cells of text. */

#include "rich.h"
#include "rich_readers.h"
#include "rich_xml.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SHEETS = 64, MAX_COLUMN = 16384, MAX_ROW = 1048576 };

/* ---- strings that cells share ---- */

typedef struct strings {
    hu_buf text;
    size_t *start; /* count + 1 */
    size_t count, room;
    bool in_text, phonetic;
} strings;

static void start_string(strings *s)
{
    if (s->count + 2 > s->room) {
        s->room = s->room ? 2 * s->room : 256;
        s->start = hu_xrealloc(s->start, s->room * sizeof *s->start);
    }
    s->start[s->count++] = s->text.length;
    s->start[s->count] = s->text.length;
}

static bool string_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    (void)reader;
    strings *s = context;
    if (strcmp(name, "si") == 0)
        start_string(s);
    s->in_text = strcmp(name, "t") == 0;
    return strcmp(name, "rPh") != 0; /* how a word is pronounced */
}

static void string_close(void *context, const char *name)
{
    strings *s = context;
    if (strcmp(name, "t") == 0)
        s->in_text = false;
}

static void string_text(void *context, const char *text, size_t length)
{
    strings *s = context;
    if (!s->in_text || !s->count || s->text.length + length > RICH_MAX_TEXT)
        return;
    hu_buf_add(&s->text, text, length);
    s->start[s->count] = s->text.length;
}

/* ---- cells of a sheet ---- */

typedef struct sheet_reader {
    const strings *shared;
    hu_buf *out, cell;
    long row, column; /* written so far, from 0 */
    long at;          /* column of the open cell */
    bool in_value, is_text, is_shared;
    bool too_large;
} sheet_reader;

/* "BC12" is column 54, from 0; -1 where there are no letters. */
static long column_of(const char *reference)
{
    long column = 0;
    if (!reference || *reference < 'A' || *reference > 'Z')
        return -1;
    for (; *reference >= 'A' && *reference <= 'Z' && column <= MAX_COLUMN; reference++)
        column = column * 26 + (*reference - 'A' + 1);
    return column - 1;
}

static void separate(sheet_reader *s, long *now, long to, char separator)
{
    while (*now < to && s->out->length < RICH_MAX_TEXT) {
        hu_buf_add_char(s->out, separator);
        (*now)++;
    }
    s->too_large = s->too_large || *now < to;
}

static void open_row(sheet_reader *s, xmlTextReaderPtr reader)
{
    long row = rich_attribute_number(reader, "r", s->row + 1);
    separate(s, &s->row, row > s->row && row <= MAX_ROW ? row : s->row + 1, RICH_ROW);
    s->column = 0;
    s->at = -1;
}

static void open_cell(sheet_reader *s, xmlTextReaderPtr reader)
{
    char *reference = rich_attribute(reader, "r");
    long column = column_of(reference);
    xmlFree(reference);
    s->at = column >= 0 && column < MAX_COLUMN && column > s->at ? column : s->at + 1;
    s->is_shared = rich_attribute_is(reader, "t", "s");
    s->cell.length = 0;
}

/* Control characters would pass for separators; XML has none but tabs and line ends. */
static void add_cell(sheet_reader *s, const char *text, size_t length)
{
    if (s->out->length + length > RICH_MAX_TEXT) {
        s->too_large = true;
        return;
    }
    for (size_t i = 0; i < length; i++)
        hu_buf_add_char(s->out, (unsigned char)text[i] < 0x20 ? ' ' : text[i]);
}

static void close_cell(sheet_reader *s)
{
    const char *text = s->cell.data;
    size_t length = s->cell.length;
    if (!length || s->at >= MAX_COLUMN)
        return;
    if (s->is_shared) {
        unsigned long index = strtoul(text, NULL, 10);
        if (index >= s->shared->count || s->shared->start[index] == s->shared->start[index + 1])
            return; /* none, or an empty one */
        text = s->shared->text.data + s->shared->start[index];
        length = s->shared->start[index + 1] - s->shared->start[index];
    }
    separate(s, &s->column, s->at, RICH_CELL);
    add_cell(s, text, length);
}

static bool sheet_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    sheet_reader *s = context;
    if (strcmp(name, "row") == 0)
        open_row(s, reader);
    else if (strcmp(name, "c") == 0)
        open_cell(s, reader);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        s->in_value = true;
    return strcmp(name, "f") != 0 && strcmp(name, "rPh") != 0 && !s->too_large;
}

static void sheet_close(void *context, const char *name)
{
    sheet_reader *s = context;
    if (strcmp(name, "c") == 0)
        close_cell(s);
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        s->in_value = false;
}

static void sheet_text(void *context, const char *text, size_t length)
{
    sheet_reader *s = context;
    if (s->in_value && s->cell.length + length <= RICH_MAX_TEXT)
        hu_buf_add(&s->cell, text, length);
}

/* ---- the workbook ---- */

typedef struct sheet {
    char *name, *relation, *target;
} sheet;

typedef struct book {
    sheet sheets[MAX_SHEETS];
    size_t count;
} book;

static bool book_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    book *b = context;
    if (strcmp(name, "sheet") == 0 && b->count < MAX_SHEETS)
        b->sheets[b->count++] =
            (sheet){.name = rich_attribute(reader, "name"), .relation = rich_attribute(reader, "id")};
    return true;
}

static bool relation_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    book *b = context;
    if (strcmp(name, "Relationship") != 0)
        return true;
    char *id = rich_attribute(reader, "Id");
    for (size_t i = 0; id && i < b->count; i++)
        if (b->sheets[i].relation && !b->sheets[i].target && strcmp(b->sheets[i].relation, id) == 0)
            b->sheets[i].target = rich_attribute(reader, "Target");
    xmlFree(id);
    return true;
}

/* A sheet's part: where the relation says (seen from xl/), else where it usually stands. */
static const rich_part *part_of(const rich_parts *parts, const sheet *one, size_t index)
{
    HU_BUF(path);
    if (one->target && one->target[0] == '/')
        hu_buf_add_text(&path, one->target);
    else if (one->target)
        hu_buf_printf(&path, "xl/%s", one->target);
    else
        hu_buf_printf(&path, "xl/worksheets/sheet%zu.xml", index + 1);
    return rich_parts_find(parts, path.data, path.length);
}

static pdf_trouble read_sheet(const rich_part *part, const char *name, const strings *shared, hu_buf *out)
{
    static const rich_walk walk = {sheet_open, sheet_close, sheet_text};
    sheet_reader s = {.shared = shared, .out = out};
    hu_buf_add_char(out, RICH_SHEET);
    add_cell(&s, name, strlen(name));
    pdf_trouble trouble = part ? rich_walk_xml(&part->data, &walk, &s) : PDF_DOCUMENT_BROKEN;
    hu_buf_free(&s.cell);
    return s.too_large ? PDF_DOCUMENT_TOO_LARGE : trouble;
}

static pdf_trouble read_sheets(const rich_parts *parts, const book *b, const strings *shared, hu_buf *out)
{
    pdf_trouble trouble = b->count ? 0 : PDF_DOCUMENT_BROKEN;
    for (size_t i = 0; i < b->count && !trouble; i++)
        trouble = read_sheet(part_of(parts, &b->sheets[i], i), b->sheets[i].name ? b->sheets[i].name : "", shared, out);
    return trouble;
}

pdf_trouble rich_read_xlsx(const rich_parts *parts, hu_buf *out)
{
    static const char names[][28] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"};
    const rich_part *part[3];
    for (size_t i = 0; i < 3; i++)
        part[i] = rich_parts_find(parts, names[i], strlen(names[i]));
    book *b = hu_xcalloc(1, sizeof *b);
    strings shared = {0};
    pdf_trouble trouble =
        part[0] ? rich_walk_xml(&part[0]->data, &(rich_walk){.open = book_open}, b) : PDF_DOCUMENT_UNKNOWN;
    if (!trouble && part[1])
        trouble = rich_walk_xml(&part[1]->data, &(rich_walk){.open = relation_open}, b);
    if (!trouble && part[2])
        trouble = rich_walk_xml(&part[2]->data, &(rich_walk){string_open, string_close, string_text}, &shared);
    if (!trouble)
        trouble = read_sheets(parts, b, &shared, out);
    for (size_t i = 0; i < b->count; i++) {
        xmlFree(b->sheets[i].name);
        xmlFree(b->sheets[i].relation);
        xmlFree(b->sheets[i].target);
    }
    hu_buf_free(&shared.text);
    free(shared.start);
    free(b);
    return trouble;
}
