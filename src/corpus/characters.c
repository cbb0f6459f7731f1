#include "characters.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

bool hu_character_is_blank(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c > 127 && utf8proc_category(c) == UTF8PROC_CATEGORY_ZS);
}

bool hu_character_is_letter(int32_t c)
{
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool hu_character_is_upper(int32_t c)
{
    return c < 128 ? c >= 'A' && c <= 'Z' : utf8proc_category(c) == UTF8PROC_CATEGORY_LU;
}

bool hu_character_is_lower(int32_t c)
{
    return c < 128 ? c >= 'a' && c <= 'z' : utf8proc_category(c) == UTF8PROC_CATEGORY_LL;
}

int32_t hu_character_first(hu_str text)
{
    const char *p = text.data;
    return text.length ? hu_utf8_next(&p, text.data + text.length) : 0;
}

int32_t hu_character_last(hu_str text)
{
    if (!text.length)
        return 0;
    const char *end = text.data + text.length, *p = end - 1;
    while (p > text.data && (*p & 0xC0) == 0x80)
        p--;
    return hu_utf8_next(&p, end);
}

/* The bytes of one character that cleaning and NFC leave as it is: printable ASCII, letters and signs of the Latin
 * blocks, dashes, quotation marks and dots of general punctuation. 0 where it is another one. */
static size_t clean_width(const unsigned char *p, size_t room)
{
    if (p[0] < 0x80)
        return p[0] >= ' ' && p[0] <= '~';
    if (room < 2 || (p[1] & 0xC0) != 0x80)
        return 0;
    if (p[0] == 0xC2)
        return p[1] > 0xA0 && p[1] != 0xAD ? 2 : 0;
    if (p[0] >= 0xC3 && p[0] <= 0xCB) /* to U+02FF */
        return 2;
    bool dash_or_quote = room >= 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0x92 && p[2] <= 0xA6;
    return dash_or_quote ? 3 : 0;
}

static bool is_clean(hu_str text)
{
    const unsigned char *p = (const unsigned char *)text.data, *end = p + text.length;
    for (size_t width; p < end; p += width)
        if (!(width = clean_width(p, (size_t)(end - p))))
            return false;
    return true;
}

/* Codes that carry no text of the court: controls, format codes, private use, what stands for the unreadable. */
static bool dropped(int32_t c)
{
    if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0xFFFD || c == 0xAD)
        return true;
    if (c < 0x300)
        return false;
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_CN ||
           category == UTF8PROC_CATEGORY_CS;
}

/* A soft hyphen at the end of a line is a hyphen there; elsewhere it is nothing. */
static void add_clean(hu_buf *out, int32_t c, bool at_end)
{
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    if (hu_character_is_blank(c) || c == 0x2028 || c == 0x2029)
        hu_buf_add_char(out, ' ');
    else if (c >= 0xFB00 && c <= 0xFB06)
        hu_buf_add_text(out, ligatures[c - 0xFB00]);
    else if (c == 0x2010 || c == 0x2011 || (c == 0xAD && at_end)) /* hyphens that look like one */
        hu_buf_add_char(out, '-');
    else if (!dropped(c))
        hu_utf8_add(out, (uint32_t)c);
}

hu_str hu_characters_clean(hu_str text, hu_arena *arena)
{
    if (is_clean(text))
        return (hu_str){hu_strndup(arena, text.data, text.length), text.length};
    HU_BUF(out);
    for (const char *p = text.data, *end = p + text.length; p < end;) {
        int32_t c = hu_utf8_next(&p, end);
        if (c >= 0)
            add_clean(&out, c, p == end);
    }
    if (!out.length)
        return (hu_str){"", 0};
    utf8proc_uint8_t *composed = utf8proc_NFC((const utf8proc_uint8_t *)out.data);
    if (!composed)
        return (hu_str){hu_strndup(arena, out.data, out.length), out.length};
    size_t length = strlen((const char *)composed);
    hu_str clean = {hu_strndup(arena, (const char *)composed, length), length};
    free(composed);
    return clean;
}
