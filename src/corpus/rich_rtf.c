/* Rich Text Format (Microsoft's specification 1.9.1), its text alone. Debian has no library for it. */

#include "rich.h"
#include "rich_readers.h"
#include "rich_text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WORD = 32 };

/* What a group inherits and gives back at its end. */
typedef struct state {
    bool skip;    /* its text is no text of the document */
    bool deleted; /* with changes tracked */
    bool hidden;
    bool in_table;
    bool aside;          /* the group is a note or a box */
    unsigned char bytes; /* \ucN: how many stand in for a Unicode character */
} state;

typedef struct rtf {
    rich_text text;
    const char *at, *end;
    state now, *outer;
    size_t depth, room;
    bool starred;      /* after \*: a destination that may be unknown */
    unsigned stand_in; /* characters still to be passed over after \uN */
    uint32_t high;     /* the first half of a surrogate pair */
    hu_buf legacy;     /* bytes in the document's code page, not written yet */
} rtf;

/* ---- text ---- */

static bool is_text(const rtf *r)
{
    return !r->now.skip && !r->now.deleted && !r->now.hidden;
}

/* Text in or outside a table opens or ends its row. */
static void settle(rtf *r)
{
    if (r->now.in_table && !r->text.depth)
        rich_open_cell(&r->text);
    else if (r->now.in_table && !r->text.rows[r->text.depth - 1].in_cell)
        rich_open_cell(&r->text);
    else if (!r->now.in_table && r->text.depth && !r->text.asides)
        rich_close_row(&r->text);
}

static void write_utf8(rtf *r, const char *bytes, size_t length)
{
    if (!is_text(r))
        return;
    settle(r);
    rich_add(&r->text, bytes, length);
}

static void flush(rtf *r)
{
    HU_BUF(utf8);
    if (!r->legacy.length)
        return;
    hu_latin1_to_utf8(r->legacy.data, r->legacy.length, &utf8);
    r->legacy.length = 0;
    write_utf8(r, utf8.data, utf8.length);
}

static void add_byte(rtf *r, char byte)
{
    if (r->stand_in) {
        r->stand_in--;
        return;
    }
    if (is_text(r))
        hu_buf_add_char(&r->legacy, byte);
}

static void add_character(rtf *r, uint32_t c)
{
    HU_BUF(utf8);
    flush(r);
    hu_utf8_add(&utf8, c);
    write_utf8(r, utf8.data, utf8.length);
}

/* \uN counts in 16-bit halves, as a signed number. */
static void add_unicode(rtf *r, long number)
{
    uint32_t c = (uint32_t)number & 0xFFFF;
    if (c >= 0xD800 && c < 0xDC00) {
        r->high = c;
    } else if (c >= 0xDC00 && c < 0xE000) {
        if (r->high)
            add_character(r, 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00));
        r->high = 0;
    } else {
        r->high = 0;
        if (c >= ' ')
            add_character(r, c);
    }
    r->stand_in = r->now.bytes;
}

/* ---- groups ---- */

static void open_group(rtf *r)
{
    flush(r);
    if (r->depth == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        state *more = hu_xcalloc(r->room, sizeof *more);
        if (r->depth)
            memcpy(more, r->outer, r->depth * sizeof *more);
        free(r->outer);
        r->outer = more;
    }
    r->outer[r->depth++] = r->now;
    r->now.aside = false;
    r->stand_in = 0;
    r->starred = false;
}

static void close_group(rtf *r)
{
    flush(r);
    r->stand_in = 0;
    r->starred = false;
    if (!r->depth)
        return;
    if (r->now.aside)
        rich_close_aside(&r->text);
    bool in_table = r->now.in_table, skip = r->now.skip;
    r->now = r->outer[--r->depth];
    if (!skip) /* a paragraph's properties hold until the paragraph ends, whatever group set them */
        r->now.in_table = in_table;
}

/* ---- control words ---- */

typedef void action(rtf *r, long number);

static void skip_group(rtf *r, long number)
{
    (void)number;
    r->now.skip = true;
}

static void end_paragraph(rtf *r, long number)
{
    (void)number;
    if (!is_text(r)) /* the mark of a paragraph that was deleted is deleted with it */
        return;
    rich_paragraph_end(&r->text);
}

static void break_line(rtf *r, long number)
{
    (void)number;
    if (is_text(r))
        rich_line_break(&r->text);
}

static void add_gap(rtf *r, long number)
{
    (void)number;
    if (is_text(r))
        rich_wide_gap(&r->text);
}

static void end_cell(rtf *r, long number)
{
    (void)number;
    if (r->now.skip)
        return;
    if (!r->text.depth || !r->text.rows[r->text.depth - 1].in_cell)
        rich_open_cell(&r->text); /* an empty one */
    rich_close_cell(&r->text);
}

static void end_row(rtf *r, long number)
{
    (void)number;
    if (!r->now.skip)
        rich_close_row(&r->text);
}

static void plain(rtf *r, long number)
{
    (void)number;
    r->now.deleted = r->now.hidden = false;
}

static void plain_paragraph(rtf *r, long number)
{
    (void)number;
    r->now.in_table = false;
}

static void in_table(rtf *r, long number)
{
    r->now.in_table = number != 0;
}

static void hidden(rtf *r, long number)
{
    r->now.hidden = number != 0;
}

static void deleted(rtf *r, long number)
{
    r->now.deleted = number != 0;
}

static void unicode_bytes(rtf *r, long number)
{
    r->now.bytes = number >= 0 && number < 16 ? (unsigned char)number : 1;
}

static void unicode(rtf *r, long number)
{
    add_unicode(r, number);
}

static void aside(rtf *r, long number)
{
    (void)number;
    if (r->now.skip || r->now.aside)
        return;
    r->now.aside = true;
    rich_open_aside(&r->text);
}

static void binary(rtf *r, long number)
{
    size_t left = (size_t)(r->end - r->at);
    r->at += number > 0 && (size_t)number < left ? (size_t)number : number > 0 ? left : 0;
}

#define CHARACTER(name, code)             \
    static void name(rtf *r, long number) \
    {                                     \
        (void)number;                     \
        add_character(r, code);           \
    }
CHARACTER(bullet, 0x2022)
CHARACTER(en_dash, 0x2013)
CHARACTER(em_dash, 0x2014)
CHARACTER(left_quote, 0x2018)
CHARACTER(right_quote, 0x2019)
CHARACTER(left_quotes, 0x201C)
CHARACTER(right_quotes, 0x201D)
CHARACTER(blank, ' ')

/* Sorted, for bsearch. Without a number \v means \v1. */
static const struct control {
    const char *word;
    action *act;
} controls[] = {
    {"annotation", skip_group},
    {"author", skip_group},
    {"bin", binary},
    {"bullet", bullet},
    {"cell", end_cell},
    {"colortbl", skip_group},
    {"comment", skip_group},
    {"deleted", deleted},
    {"emdash", em_dash},
    {"emspace", blank},
    {"endash", en_dash},
    {"enspace", blank},
    {"fldinst", skip_group},
    {"fonttbl", skip_group},
    {"footer", skip_group},
    {"footerf", skip_group},
    {"footerl", skip_group},
    {"footerr", skip_group},
    {"footnote", aside},
    {"header", skip_group},
    {"headerf", skip_group},
    {"headerl", skip_group},
    {"headerr", skip_group},
    {"info", skip_group},
    {"intbl", in_table},
    {"ldblquote", left_quotes},
    {"line", break_line},
    {"listtable", skip_group},
    {"lquote", left_quote},
    {"nestcell", add_gap},
    {"nestrow", end_paragraph},
    {"nonesttables", skip_group},
    {"nonshppict", skip_group},
    {"object", skip_group},
    {"page", end_paragraph},
    {"par", end_paragraph},
    {"pard", plain_paragraph},
    {"pict", skip_group},
    {"plain", plain},
    {"qmspace", blank},
    {"rdblquote", right_quotes},
    {"row", end_row},
    {"rquote", right_quote},
    {"sect", end_paragraph},
    {"shptxt", aside},
    {"sn", skip_group},
    {"sp", skip_group},
    {"stylesheet", skip_group},
    {"sv", skip_group},
    {"tab", add_gap},
    {"tc", skip_group},
    {"u", unicode},
    {"uc", unicode_bytes},
    {"v", hidden},
    {"xe", skip_group},
};

static int compare(const void *key, const void *element)
{
    return strcmp(key, ((const struct control *)element)->word);
}

static void act_on_word(rtf *r, const char *word, bool has_number, long number)
{
    const struct control *c = bsearch(word, controls, sizeof controls / sizeof *controls, sizeof *controls, compare);
    bool starred = r->starred;
    r->starred = false;
    flush(r);
    if (c)
        c->act(r, has_number ? number : 1);
    else if (starred && strcmp(word, "shpinst") != 0) /* boxes of text stand in there */
        r->now.skip = true;
}

/* \word, \word12, \word-12, each with one blank behind it that is part of it. */
static void read_word(rtf *r)
{
    char word[MAX_WORD + 1];
    size_t length = 0;
    long number = 0;
    bool negative = false, has_number = false;
    for (; r->at < r->end && ((*r->at >= 'a' && *r->at <= 'z') || (*r->at >= 'A' && *r->at <= 'Z')); r->at++)
        if (length < MAX_WORD)
            word[length++] = *r->at;
    word[length] = '\0';
    if (r->at + 1 < r->end && *r->at == '-' && r->at[1] >= '0' && r->at[1] <= '9') {
        negative = true;
        r->at++;
    }
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        has_number = true;
        if (number < 100000000)
            number = number * 10 + (*r->at - '0');
    }
    if (r->at < r->end && *r->at == ' ')
        r->at++;
    act_on_word(r, word, has_number, negative ? -number : number);
}

static int hexadecimal(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)((found - digits) % 16) : -1;
}

/* Behind a backslash. */
static void read_control(rtf *r)
{
    if (r->at == r->end)
        return;
    char c = *r->at;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        read_word(r);
        return;
    }
    r->at++;
    if (c == '\'' && r->end - r->at >= 2) {
        int high = hexadecimal(r->at[0]), low = hexadecimal(r->at[1]);
        if (high >= 0 && low >= 0) {
            r->at += 2;
            add_byte(r, (char)(high * 16 + low));
        }
    } else if (c == '*') {
        r->starred = true;
    } else if (c == '~') {
        add_byte(r, ' ');
    } else if (c == '_') {
        add_byte(r, '-');
    } else if (c == '\n' || c == '\r') {
        flush(r);
        end_paragraph(r, 1);
    } else if (c == '\\' || c == '{' || c == '}') {
        add_byte(r, c);
    }
}

pdf_trouble rich_read_rtf(const char *data, size_t length, hu_buf *out)
{
    rtf r = {.at = data, .end = data + length, .now = {.bytes = 1}};
    rich_text_start(&r.text, out, RICH_MAX_TEXT, false);
    while (r.at < r.end && !r.text.full) {
        char c = *r.at++;
        if (c == '{')
            open_group(&r);
        else if (c == '}')
            close_group(&r);
        else if (c == '\\')
            read_control(&r);
        else if (c != '\r' && c != '\n' && c != '\0')
            add_byte(&r, c);
    }
    flush(&r);
    bool full = r.text.full;
    rich_text_end(&r.text);
    hu_buf_free(&r.legacy);
    free(r.outer);
    return full ? PDF_DOCUMENT_TOO_LARGE : 0;
}
