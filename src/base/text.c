#include "huella/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

hu_str hu_str_of(const char *text)
{
    return (hu_str){text, text ? strlen(text) : 0};
}

bool hu_str_equal(hu_str a, hu_str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool hu_str_is(hu_str a, const char *b)
{
    return hu_str_equal(a, hu_str_of(b));
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

hu_str hu_str_trim(hu_str text)
{
    while (text.length && is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

int hu_str_compare(const void *a, const void *b)
{
    const hu_str *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = shorter ? memcmp(x->data, y->data, shorter) : 0;
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

const char *hu_excerpt(hu_str text, char out[80])
{
    enum { LONGEST = 60 };
    size_t length = text.length;
    if (length > LONGEST) {
        length = LONGEST;
        while (length && ((unsigned char)text.data[length] & 0xC0) == 0x80)
            length--;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        out[i] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
    }
    strcpy(out + length, length < text.length ? "…" : "");
    return out;
}

/* Room for `length` more bytes and a NUL. */
static void reserve(hu_buf *buf, size_t length)
{
    if (buf->capacity - buf->length > length)
        return;
    size_t capacity = buf->capacity ? buf->capacity * 2 : 64;
    while (capacity - buf->length <= length)
        capacity *= 2;
    buf->data = hu_xrealloc(buf->data, capacity);
    buf->capacity = capacity;
}

void hu_buf_add(hu_buf *buf, const void *bytes, size_t length)
{
    reserve(buf, length);
    if (length)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void hu_buf_add_text(hu_buf *buf, const char *text)
{
    hu_buf_add(buf, text, strlen(text));
}

void hu_buf_add_char(hu_buf *buf, char c)
{
    hu_buf_add(buf, &c, 1);
}

void hu_buf_printf(hu_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length >= 0) {
        reserve(buf, (size_t)length);
        vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void hu_buf_free(hu_buf *buf)
{
    free(buf->data);
    *buf = (hu_buf){0};
}

int32_t hu_utf8_next(const char **text, const char *end)
{
    const unsigned char *p = (const unsigned char *)*text;
    if (p[0] < 0x80) {
        ++*text;
        return p[0];
    }
    utf8proc_int32_t code_point;
    utf8proc_ssize_t used = utf8proc_iterate(p, (const unsigned char *)end - p, &code_point);
    if (used <= 0) {
        ++*text;
        return -1;
    }
    *text += used;
    return code_point;
}

void hu_utf8_add(hu_buf *buf, uint32_t code_point)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char((utf8proc_int32_t)code_point, bytes);
    hu_buf_add(buf, bytes, (size_t)length);
}

/* The first byte from `text` on that is not ASCII, eight at a time; `end` when there is none. */
static const char *skip_ascii(const char *text, const char *end)
{
    for (uint64_t word; end - text >= 8; text += 8) {
        memcpy(&word, text, 8);
        if (word & 0x8080808080808080)
            break;
    }
    while (text < end && (unsigned char)*text < 0x80)
        text++;
    return text;
}

bool hu_utf8_valid(const char *text, size_t length)
{
    const char *end = text + length;
    while ((text = skip_ascii(text, end)) < end)
        if (hu_utf8_next(&text, end) < 0)
            return false;
    return true;
}

size_t hu_utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += (text[i] & 0xC0) != 0x80; /* every byte that is not a continuation */
    return count;
}

void hu_latin1_to_utf8(const char *text, size_t length, hu_buf *out)
{
    /* The 27 printable characters that Windows-1252 puts at 0x80-0x9F; 0 = unassigned, kept as the control code. */
    static const uint16_t upper[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    for (const char *p = text, *end = text + length; p < end;) {
        const char *other = skip_ascii(p, end);
        hu_buf_add(out, p, (size_t)(other - p));
        for (p = other; p < end && (unsigned char)*p >= 0x80; p++) {
            unsigned char c = (unsigned char)*p;
            hu_utf8_add(out, c < 0xA0 && upper[c - 0x80] ? upper[c - 0x80] : c);
        }
    }
}

enum { MOST_PARTS = 8 };

/*
 * Writes what a code point of `width` bytes folds to and returns its length: its compatible decomposition in lower
 * case, without the marks. Where that would take more bytes than the code point itself (½, a few letters of other
 * alphabets), the code point stays as it is; so folded text is never longer than the text.
 */
static size_t fold_code_point(const char *source, size_t width, int32_t code_point, char *out)
{
    utf8proc_int32_t parts[MOST_PARTS];
    utf8proc_uint8_t bytes[4 * MOST_PARTS];
    size_t n = 0;
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(code_point, parts, MOST_PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
    bool fits = count >= 0 && count <= MOST_PARTS;
    for (utf8proc_ssize_t i = 0; fits && i < count; i++)
        if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN)
            n += (size_t)utf8proc_encode_char(utf8proc_tolower(parts[i]), bytes + n);
    if (!fits || n > width) {
        memcpy(out, source, width);
        return width;
    }
    memcpy(out, bytes, n);
    return n;
}

/* Nearly all of Spanish text is runs of ASCII; these two loops are kept plain so that compilers vectorise them. */
static void fold_ascii(const char *restrict text, size_t length, char *restrict out)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        out[i] = (char)(c + ((unsigned char)(c - 'A') < 26 ? 32 : 0));
    }
}

static void count_up(uint32_t *map, size_t length, uint32_t from)
{
    for (size_t i = 0; i < length; i++)
        map[i] = from + (uint32_t)i;
}

void hu_fold(const char *text, size_t length, hu_arena *arena, char **folded, size_t *folded_length, uint32_t **byte_of)
{
    char *out = hu_alloc(arena, length + 1);
    uint32_t *map = byte_of ? HU_NEW_ARRAY(arena, uint32_t, length + 1) : NULL;
    size_t n = 0;
    const char *p = text, *end = text + length;
    while (p < end) {
        size_t at = (size_t)(p - text), run = (size_t)(skip_ascii(p, end) - p);
        fold_ascii(p, run, out + n);
        if (map)
            count_up(map + n, run, (uint32_t)at);
        n += run;
        p += run;
        if (p == end)
            break;
        const char *source = p;
        at += run;
        int32_t code_point = hu_utf8_next(&p, end);
        size_t width = 1;
        if (code_point < 0)
            out[n] = '?';
        else
            width = fold_code_point(source, (size_t)(p - source), code_point, out + n);
        for (size_t i = 0; map && i < width; i++)
            map[n + i] = (uint32_t)at;
        n += width;
    }
    out[n] = '\0';
    if (map)
        map[n] = (uint32_t)length;
    *folded = out;
    *folded_length = n;
    if (byte_of)
        *byte_of = map;
}

size_t hu_edit_distance(const char *a, const char *b, size_t limit)
{
    size_t n = strlen(a), m = strlen(b);
    if (m > 63 || n > 63)
        return limit + 1;
    size_t row[64];
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[m] <= limit ? row[m] : limit + 1;
}

const char *hu_closest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    size_t limit = strlen(word) / 3 + 1, distance = limit + 1;
    for (; *candidates; candidates++) {
        size_t d = hu_edit_distance(word, *candidates, limit);
        if (d < distance) {
            distance = d;
            best = *candidates;
        }
    }
    return best;
}
