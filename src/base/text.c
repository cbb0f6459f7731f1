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

void hu_buf_add(hu_buf *buf, const void *bytes, size_t length)
{
    if (buf->capacity - buf->length <= length) {
        size_t capacity = buf->capacity ? buf->capacity * 2 : 64;
        while (capacity - buf->length <= length)
            capacity *= 2;
        buf->data = hu_xrealloc(buf->data, capacity);
        buf->capacity = capacity;
    }
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
    if (length > 0) {
        hu_buf_add(buf, "", 0);
        size_t before = buf->length;
        char *room = hu_xcalloc((size_t)length + 1, 1);
        vsnprintf(room, (size_t)length + 1, format, again);
        hu_buf_add(buf, room, (size_t)length);
        free(room);
        buf->length = before + (size_t)length;
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

bool hu_utf8_valid(const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end)
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
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80)
            hu_buf_add_char(out, (char)c);
        else if (c < 0xA0 && upper[c - 0x80])
            hu_utf8_add(out, upper[c - 0x80]);
        else
            hu_utf8_add(out, c);
    }
}

/* The base letter of a code point in lower case, or 0 when it only modifies the one before it. */
static uint32_t fold_code_point(int32_t code_point)
{
    utf8proc_int32_t parts[8];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(code_point, parts, 8, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
    if (n < 1)
        return (uint32_t)code_point;
    const utf8proc_property_t *property = utf8proc_get_property(parts[0]);
    if (property->category == UTF8PROC_CATEGORY_MN)
        return 0;
    return (uint32_t)utf8proc_tolower(parts[0]);
}

void hu_fold(const char *text, size_t length, hu_arena *arena, char **folded, size_t *folded_length, uint32_t **byte_of)
{
    /* A code point never folds to more bytes than 3, and only from at least 2; 3/2 is room for all. */
    size_t room = length + length / 2 + 4;
    char *out = hu_alloc(arena, room + 1);
    uint32_t *map = byte_of ? HU_NEW_ARRAY(arena, uint32_t, room + 1) : NULL;
    size_t n = 0;
    const char *p = text, *end = text + length;
    while (p < end) {
        size_t at = (size_t)(p - text);
        unsigned char c = (unsigned char)*p;
        utf8proc_uint8_t bytes[4] = {c >= 'A' && c <= 'Z' ? (utf8proc_uint8_t)(c + 32) : c};
        utf8proc_ssize_t width = 1;
        if (c < 0x80) {
            p++;
        } else {
            int32_t code_point = hu_utf8_next(&p, end);
            uint32_t base = code_point < 0 ? '?' : fold_code_point(code_point);
            width = base ? utf8proc_encode_char((utf8proc_int32_t)base, bytes) : 0;
        }
        for (utf8proc_ssize_t i = 0; i < width && n < room; i++) {
            if (map)
                map[n] = (uint32_t)at;
            out[n++] = (char)bytes[i];
        }
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
