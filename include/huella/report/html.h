#ifndef HUELLA_REPORT_HTML_H
#define HUELLA_REPORT_HTML_H

#include "huella/base/text.h"

/**
 * HTML and SVG out: every text and every attribute is escaped, every element that was opened is closed.
 *
 * Tags and names of attributes are literals of the caller; values and texts may be anything, also what a stranger wrote
 * in a judgment: markup in it is shown, never run; bytes that are not UTF-8 and control characters become U+FFFD.
 */
enum { HU_HTML_DEPTH = 64 };

typedef struct hu_html {
    hu_buf *out;
    const char *open[HU_HTML_DEPTH]; /* tags not yet closed, outermost first */
    size_t depth;
} hu_html;

/** `<tag name="value" …>`; names and values in pairs, ended by NULL. A pair whose value is NULL is left out. */
void hu_html_open(hu_html *html, const char *tag, ...) __attribute__((sentinel));
/** Closes the innermost element, which must be `tag`: the name is there for the reader of the code. */
void hu_html_close(hu_html *html, const char *tag);
/** An element without content: `<meta …>` in HTML, `<rect …/>` in SVG. */
void hu_html_void(hu_html *html, const char *tag, ...) __attribute__((sentinel));

void hu_html_text(hu_html *html, const char *text); /* NULL writes nothing */
void hu_html_str(hu_html *html, hu_str text);
void hu_html_printf(hu_html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** `<tag class="…">text</tag>`; style_class may be NULL. */
void hu_html_element(hu_html *html, const char *tag, const char *style_class, const char *text);
void hu_html_elementf(hu_html *html, const char *tag, const char *style_class, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/** Bytes as they are: only for what the program itself made (style sheet, plots). */
void hu_html_raw(hu_html *html, const char *markup, size_t length);
void hu_html_line(hu_html *html); /* a line break in the source, to keep lines short */

#endif
