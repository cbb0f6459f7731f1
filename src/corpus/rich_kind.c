#include "rich_kind.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { LOOK = 4096 };

static bool starts(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && strncasecmp(at, word, length) == 0;
}

/* Whether an element or declaration opens here that only HTML has. */
static bool opens_html(const char *at, const char *end)
{
    static const char *const words[] = {"<!doctype html", "<html", "<head", "<body", "<meta ", "<title", NULL};
    for (const char *const *word = words; *word; word++)
        if (starts(at, end, *word))
            return true;
    return false;
}

/* Past blanks, an XML declaration and comments. */
static const char *first_element(const char *at, const char *end)
{
    for (;;) {
        while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
            at++;
        const char *close = starts(at, end, "<?xml") ? "?>" : starts(at, end, "<!--") ? "-->" : NULL;
        const char *found = close ? memmem(at, (size_t)(end - at), close, strlen(close)) : NULL;
        if (!found)
            return at;
        at = found + strlen(close);
    }
}

/* UTF-16, as some word processors save pages: every second byte of the beginning is zero. */
static rich_kind kind_of_utf16(const char *data, size_t length)
{
    char narrow[256];
    size_t n = 0, first = data[0] == '\xFF' ? 0 : 1;
    for (size_t i = 2 + first; i < length && n < sizeof narrow; i += 2)
        narrow[n++] = data[i];
    return opens_html(first_element(narrow, narrow + n), narrow + n) ? RICH_HTML : RICH_NONE;
}

rich_kind rich_kind_of(const char *data, size_t length)
{
    const char *at = data, *end = data + (length < LOOK ? length : LOOK);
    if (length >= 4 && (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "PK\5\6", 4) == 0))
        return RICH_ZIP;
    if (length >= 8 && memcmp(data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return RICH_OLE;
    if (length >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
        return kind_of_utf16(data, length);
    if (length >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    at = first_element(at, end);
    if (starts(at, end, "{\\rtf"))
        return RICH_RTF;
    if (starts(at, end, "<office:document ") || starts(at, end, "<office:document\n"))
        return RICH_FLAT_ODT;
    return opens_html(at, end) ? RICH_HTML : RICH_NONE;
}
