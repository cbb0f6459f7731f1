/* OpenDocument text (ISO/IEC 26300), in its container or as one flat file. */

#include "rich.h"
#include "rich_readers.h"
#include "rich_text.h"
#include "rich_xml.h"

#include <string.h>

typedef struct odt {
    rich_text text;
    const char *within; /* the element whose text is read: "text" of office:text, "header" of a page style */
    size_t inside;      /* open elements of that name */
    size_t paragraphs;  /* open ones: text stands only there */
} odt;

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static const char *const left_out[] = {
    "tracked-changes",  "annotation",      "note-citation", "sequence-decls", "bibliography-mark",
    "automatic-styles", "font-face-decls", "scripts",       "meta",           "settings",
    "variable-decls",   "ruby-text",       "page-number",   "page-count",     NULL};

/* Whether the element is the one to read in; office:text stands directly below office:body. */
static bool is_region(const odt *o, const char *name, xmlTextReaderPtr reader)
{
    const char *prefix = (const char *)xmlTextReaderConstPrefix(reader);
    return strcmp(name, o->within) == 0 && prefix &&
           strcmp(prefix, strcmp(o->within, "text") == 0 ? "office" : "style") == 0;
}

static bool odt_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    odt *o = context;
    if (is_one_of(name, left_out))
        return false;
    if (!o->inside) {
        o->inside = is_region(o, name, reader);
        return true;
    }
    if (strcmp(name, "p") == 0 || strcmp(name, "h") == 0) {
        o->paragraphs++;
    } else if (strcmp(name, "s") == 0) {
        if (rich_attribute_number(reader, "c", 1) > 2)
            rich_wide_gap(&o->text);
        else
            rich_add(&o->text, " ", 1);
    } else if (strcmp(name, "tab") == 0) {
        rich_wide_gap(&o->text);
    } else if (strcmp(name, "line-break") == 0) {
        rich_line_break(&o->text);
    } else if (strcmp(name, "note-body") == 0 || strcmp(name, "text-box") == 0) {
        rich_open_aside(&o->text);
    } else if (strcmp(name, "table-row") == 0) {
        rich_open_row(&o->text);
    } else if (strcmp(name, "table-cell") == 0) {
        rich_open_cell(&o->text);
    }
    return true;
}

static void odt_close(void *context, const char *name)
{
    odt *o = context;
    if (!o->inside)
        return;
    if (strcmp(name, o->within) == 0) {
        o->inside = 0;
    } else if (strcmp(name, "p") == 0 || strcmp(name, "h") == 0) {
        o->paragraphs -= o->paragraphs > 0;
        rich_paragraph_end(&o->text);
    } else if (strcmp(name, "note-body") == 0 || strcmp(name, "text-box") == 0) {
        rich_close_aside(&o->text);
    } else if (strcmp(name, "table-cell") == 0) {
        rich_close_cell(&o->text);
    } else if (strcmp(name, "table-row") == 0) {
        rich_close_row(&o->text);
    }
}

static void odt_text(void *context, const char *text, size_t length)
{
    odt *o = context;
    if (o->inside && o->paragraphs)
        rich_add(&o->text, text, length);
}

static const rich_walk walk = {odt_open, odt_close, odt_text};

pdf_trouble rich_read_odt(const hu_buf *content, const hu_buf *styles, hu_buf *out)
{
    odt header = {.within = "header"}, o = {.within = "text"};
    HU_BUF(above);
    rich_text_start(&header.text, &above, 4096, true);
    if (styles)
        rich_walk_xml(styles, &walk, &header);
    rich_text_end(&header.text);
    rich_text_start(&o.text, out, RICH_MAX_TEXT, true);
    if (above.length)
        rich_add_lines(&o.text, above.data, above.length);
    rich_paragraph_end(&o.text);
    pdf_trouble trouble = rich_walk_xml(content, &walk, &o);
    if (!trouble && o.text.full)
        trouble = PDF_DOCUMENT_TOO_LARGE;
    rich_text_end(&o.text);
    return trouble;
}
