#include "csv_text.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef struct survey {
    size_t feeds, returns; /* \n and \r */
    bool high, nul;
} survey;

/* One look at every byte, in blocks short enough for counters of a byte, so that the compiler can take 16 at a time. */
static survey look_over(const csv_text *text)
{
    enum { BLOCK = 192 };
    survey s = {0};
    const char *held = text->data;
    for (const char *at = text->data; at < text->end; at += BLOCK) {
        csv_let_go(text, &held, at);
        size_t n = text->end - at < BLOCK ? (size_t)(text->end - at) : BLOCK;
        const unsigned char *p = (const unsigned char *)at;
        unsigned char feeds = 0, returns = 0, any = 0, nuls = 0;
        for (size_t i = 0; i < n; i++) {
            feeds += p[i] == '\n';
            returns += p[i] == '\r';
            nuls |= p[i] == 0;
            any |= p[i];
        }
        s.feeds += feeds;
        s.returns += returns;
        s.nul |= nuls != 0;
        s.high |= any >= 0x80;
    }
    return s;
}

long hu_csv_line(const char *data, const char *at)
{
    long line = 1;
    for (const char *p = data; p < at; p++)
        line += *p == '\n' || (*p == '\r' && p[1] != '\n');
    return line;
}

/* Files that are often given by mistake, told by their first bytes. */
static hu_error *refuse_other_kinds(const char *bytes, size_t length, const char *source)
{
    static const struct {
        const char *start;
        size_t length;
        const char *what;
    } kinds[] = {
        {"\xFF\xFE", 2, "UTF-16 text: save it as \"CSV UTF-8\""},
        {"\xFE\xFF", 2, "UTF-16 text: save it as \"CSV UTF-8\""},
        {"PK\x03\x04", 4, "a workbook or ZIP archive: save the sheet as \"CSV UTF-8\""},
        {"\xD0\xCF\x11\xE0", 4, "an old Excel workbook: save the sheet as \"CSV UTF-8\""},
        {"\x1F\x8B", 2, "compressed by gzip: unpack it first"},
        {"%PDF-", 5, "a PDF: expected a table"},
        {"SQLite format 3", 16, "an SQLite database: expected a table"},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (length >= kinds[k].length && memcmp(bytes, kinds[k].start, kinds[k].length) == 0)
            return hu_fail_at(HU_BAD_INPUT, source, 0, NULL, "not CSV but %s", kinds[k].what);
    return NULL;
}

hu_error *hu_csv_text(const hu_file *file, const char *source, hu_arena *arena, csv_text *text)
{
    const char *bytes = file->data;
    size_t length = file->length;
    HU_TRY(refuse_other_kinds(bytes, length, source));
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (!length)
        return hu_fail_at(HU_EMPTY, source, 0, NULL,
                          "the file is empty: expected a line of column names and rows below");
    *text = (csv_text){.data = bytes, .end = bytes + length, .file = file};
    survey s = look_over(text);
    text->lines = s.feeds + s.returns + 1;
    if (s.nul)
        return hu_fail_at(HU_BAD_INPUT, source, hu_csv_line(bytes, memchr(bytes, 0, length)), NULL,
                          "a NUL byte stands here: expected text; the file is damaged or not CSV, export it again");
    bool foreign = s.high && !hu_utf8_valid(bytes, length), ended = csv_is_line_end(bytes[length - 1]);
    if (foreign || !ended) {
        hu_buf copy = {0};
        if (foreign)
            hu_latin1_to_utf8(bytes, length, &copy);
        else
            hu_buf_add(&copy, bytes, length);
        if (!ended)
            hu_buf_add_char(&copy, '\n');
        hu_arena_at_end(arena, free, copy.data);
        text->data = copy.data;
        text->end = copy.data + copy.length;
        text->copied = true;
    }
    return NULL;
}

/* The first separator or line end from `p` on: there is one, since the text ends in a line end. */
static inline const char *bare_end(const char *p, const char *end, char separator)
{
#ifdef __SSE2__
    const __m128i s = _mm_set1_epi8(separator), n = _mm_set1_epi8('\n'), r = _mm_set1_epi8('\r');
    for (; end - p >= 16; p += 16) {
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(b, s), _mm_or_si128(_mm_cmpeq_epi8(b, n), _mm_cmpeq_epi8(b, r)));
        int mask = _mm_movemask_epi8(hit);
        if (mask)
            return p + __builtin_ctz((unsigned)mask);
    }
#else
    (void)end;
#endif
    while (*p != separator && !csv_is_line_end(*p))
        p++;
    return p;
}

static csv_fault quoted_cell(const csv_text *text, const char *at, char separator, csv_cell *cell)
{
    const char *p = at + 1;
    cell->quoted = true;
    for (;;) {
        p = memchr(p, '"', (size_t)(text->end - p));
        if (!p) {
            cell->text = (hu_str){at + 1, (size_t)(text->end - at - 1)};
            return CSV_UNCLOSED;
        }
        if (p[1] != '"') /* there is a byte behind it: the text ends in a line end, which is no quote */
            break;
        cell->doubled = true;
        p += 2;
    }
    cell->text = (hu_str){at + 1, (size_t)(p - at - 1)};
    cell->next = p + 1;
    cell->breaks = hu_csv_line(at, p) - 1;
    return p[1] == separator || csv_is_line_end(p[1]) ? CSV_FINE : CSV_TEXT_AFTER_QUOTE;
}

csv_fault hu_csv_cell(const csv_text *text, const char *at, char separator, csv_cell *cell)
{
    *cell = (csv_cell){0};
    if (*at == '"')
        return quoted_cell(text, at, separator, cell);
    cell->next = bare_end(at, text->end, separator);
    cell->text = (hu_str){at, (size_t)(cell->next - at)};
    return CSV_FINE;
}

hu_str hu_csv_cell_text(const csv_cell *cell, hu_arena *arena)
{
    if (!cell->doubled)
        return cell->text;
    char *single = hu_alloc(arena, cell->text.length);
    size_t n = 0;
    for (size_t i = 0; i < cell->text.length; i++) {
        single[n++] = cell->text.data[i];
        if (cell->text.data[i] == '"')
            i++;
    }
    return (hu_str){single, n};
}
