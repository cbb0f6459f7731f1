/* The escaping writer of pages. */

#include "huella/report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

static bool is_markup_control(int32_t c)
{
    return c < 0 || (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) || (c >= 0xfffe && c <= 0xffff) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069); /* overrides of the writing direction */
}

static void escape(hu_buf *out, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *start = text;
        int32_t c = hu_utf8_next(&text, end);
        switch (c) {
        case '&':
            hu_buf_add_text(out, "&amp;");
            break;
        case '<':
            hu_buf_add_text(out, "&lt;");
            break;
        case '>':
            hu_buf_add_text(out, "&gt;");
            break;
        case '"':
            hu_buf_add_text(out, "&quot;");
            break;
        case '\'':
            hu_buf_add_text(out, "&#39;");
            break;
        default:
            if (is_markup_control(c))
                hu_buf_add_text(out, "\xef\xbf\xbd");
            else
                hu_buf_add(out, start, (size_t)(text - start));
        }
    }
}

static void start_tag(hu_html *html, const char *tag, va_list pairs)
{
    hu_buf_add_char(html->out, '<');
    hu_buf_add_text(html->out, tag);
    const char *name;
    while ((name = va_arg(pairs, const char *))) {
        const char *value = va_arg(pairs, const char *);
        if (!value)
            continue;
        hu_buf_add_char(html->out, ' ');
        hu_buf_add_text(html->out, name);
        hu_buf_add_text(html->out, "=\"");
        escape(html->out, value, strlen(value));
        hu_buf_add_char(html->out, '"');
    }
}

void hu_html_open(hu_html *html, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    start_tag(html, tag, pairs);
    va_end(pairs);
    hu_buf_add_char(html->out, '>');
    assert(html->depth < HU_HTML_DEPTH);
    html->open[html->depth++] = tag;
}

void hu_html_close(hu_html *html, const char *tag)
{
    assert(html->depth > 0 && strcmp(html->open[html->depth - 1], tag) == 0);
    html->depth--;
    hu_buf_add_text(html->out, "</");
    hu_buf_add_text(html->out, tag);
    hu_buf_add_char(html->out, '>');
}

void hu_html_void(hu_html *html, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    start_tag(html, tag, pairs);
    va_end(pairs);
    hu_buf_add_text(html->out, "/>");
}

void hu_html_text(hu_html *html, const char *text)
{
    if (text)
        escape(html->out, text, strlen(text));
}

void hu_html_str(hu_html *html, hu_str text)
{
    if (text.data)
        escape(html->out, text.data, text.length);
}

static void escape_format(hu_html *html, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static void escape_format(hu_html *html, const char *format, va_list args)
{
    HU_SCRATCH(scratch);
    hu_html_text(html, hu_vprintf(scratch, format, args));
}

void hu_html_printf(hu_html *html, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    escape_format(html, format, args);
    va_end(args);
}

void hu_html_element(hu_html *html, const char *tag, const char *style_class, const char *text)
{
    hu_html_open(html, tag, "class", style_class, NULL);
    hu_html_text(html, text);
    hu_html_close(html, tag);
}

void hu_html_elementf(hu_html *html, const char *tag, const char *style_class, const char *format, ...)
{
    hu_html_open(html, tag, "class", style_class, NULL);
    va_list args;
    va_start(args, format);
    escape_format(html, format, args);
    va_end(args);
    hu_html_close(html, tag);
}

void hu_html_raw(hu_html *html, const char *markup, size_t length)
{
    hu_buf_add(html->out, markup, length);
}

void hu_html_line(hu_html *html)
{
    hu_buf_add_char(html->out, '\n');
}
