/* HTML of any age, as browsers mend it (libxml2's parser of HTML 4, which takes the elements of HTML 5 as they come).
 */

#include "rich.h"
#include "rich_readers.h"
#include "rich_text.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

/* Which elements do what; sorted, for bsearch. */
static const char *const left_out[] = {"button", "canvas",   "del",    "head",     "iframe",
                                       "nav",    "noscript", "object", "option",   "script",
                                       "select", "style",    "svg",    "template", "textarea"};
static const char *const blocks[] = {
    "address",  "article",    "aside",  "blockquote", "body", "caption", "center", "dd",      "div",   "dl", "dt",
    "fieldset", "figcaption", "figure", "footer",     "form", "h1",      "h2",     "h3",      "h4",    "h5", "h6",
    "header",   "hr",         "li",     "main",       "ol",   "p",       "pre",    "section", "table", "ul"};

static int compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

#define IS_ONE_OF(name, list) (bsearch(name, list, sizeof(list) / sizeof *(list), sizeof *(list), compare) != NULL)

typedef struct html {
    rich_text text;
    long *counts; /* of each ordered list that is open; -1 = without numbers */
    size_t n_lists, room;
    size_t pre; /* open <pre> */
} html;

static bool attribute_has(xmlNodePtr node, const char *name, const char *word)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
    bool has = false;
    for (char *p = (char *)value, *to = p; p && *p; p++) { /* blanks do not count in a style */
        if (*p != ' ')
            *to++ = *p;
        if (!p[1])
            *to = '\0';
    }
    has = value && strcasestr((char *)value, word) != NULL;
    xmlFree(value);
    return has;
}

static bool is_hidden(xmlNodePtr node)
{
    return node->properties &&
           (xmlHasProp(node, BAD_CAST "hidden") != NULL || attribute_has(node, "style", "display:none"));
}

/* ---- lists ---- */

static void open_list(html *h, xmlNodePtr node, bool ordered)
{
    if (h->n_lists == h->room) {
        size_t room = h->room ? 2 * h->room : 16;
        long *more = hu_xcalloc(room, sizeof *more);
        if (h->n_lists)
            memcpy(more, h->counts, h->n_lists * sizeof *more);
        free(h->counts);
        h->counts = more;
        h->room = room;
    }
    xmlChar *start = ordered ? xmlGetNoNsProp(node, BAD_CAST "start") : NULL;
    long first = start ? strtol((char *)start, NULL, 10) : 1;
    xmlFree(start);
    h->counts[h->n_lists++] = !ordered ? -1 : first < 0 || first > 1000000 ? 1 : first;
}

static void write_number(html *h)
{
    char number[32];
    if (!h->n_lists || h->counts[h->n_lists - 1] < 0)
        return;
    snprintf(number, sizeof number, "%ld. ", h->counts[h->n_lists - 1]++);
    rich_add(&h->text, number, strlen(number));
}

/* ---- the tree ---- */

static void add_text(html *h, const char *text)
{
    size_t length = strlen(text);
    if (!h->pre) {
        rich_add(&h->text, text, length);
        return;
    }
    for (size_t i = 0, end; i < length; i = end) { /* an empty line parts paragraphs */
        end = i + strcspn(text + i, "\n");
        rich_add(&h->text, text + i, end - i);
        size_t breaks = strspn(text + end, "\r\n");
        if (breaks > 1)
            rich_paragraph_end(&h->text);
        else if (breaks)
            rich_line_break(&h->text);
        end += breaks;
    }
}

/* Returns whether what is inside is to be read. */
static bool open_node(html *h, xmlNodePtr node)
{
    const char *name = (const char *)node->name;
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        if (node->content)
            add_text(h, (const char *)node->content);
        return false;
    }
    if (node->type != XML_ELEMENT_NODE || IS_ONE_OF(name, left_out) || is_hidden(node))
        return false;
    if (IS_ONE_OF(name, blocks))
        rich_paragraph_end(&h->text);
    if (strcmp(name, "br") == 0)
        rich_line_break(&h->text);
    else if (strcmp(name, "tr") == 0)
        rich_open_row(&h->text);
    else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        rich_open_cell(&h->text);
    else if (strcmp(name, "ol") == 0 || strcmp(name, "ul") == 0)
        open_list(h, node, name[0] == 'o');
    else if (strcmp(name, "li") == 0)
        write_number(h);
    h->pre += strcmp(name, "pre") == 0;
    return true;
}

static void close_node(html *h, xmlNodePtr node)
{
    const char *name = (const char *)node->name;
    if (IS_ONE_OF(name, blocks))
        rich_paragraph_end(&h->text);
    if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        rich_close_cell(&h->text);
    else if (strcmp(name, "tr") == 0)
        rich_close_row(&h->text);
    else if ((strcmp(name, "ol") == 0 || strcmp(name, "ul") == 0) && h->n_lists)
        h->n_lists--;
    h->pre -= strcmp(name, "pre") == 0 && h->pre > 0;
}

/* Depth first, by the links of the tree. */
static void walk(html *h, xmlNodePtr root)
{
    xmlNodePtr node = root;
    while (node) {
        if (open_node(h, node)) {
            if (node->children) {
                node = node->children;
                continue;
            }
            close_node(h, node);
        }
        while (node && !node->next) {
            node = node == root ? NULL : node->parent;
            if (!node || node->type != XML_ELEMENT_NODE)
                return;
            close_node(h, node);
        }
        node = node ? node->next : NULL;
    }
}

pdf_trouble rich_read_html(const char *data, size_t length, hu_buf *out)
{
    HU_BUF(recoded);
    bool utf16 = length >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0);
    if (length > INT32_MAX)
        return PDF_DOCUMENT_TOO_LARGE;
    if (!utf16 && !hu_utf8_valid(data, length)) { /* what a page says of its encoding is often wrong */
        hu_latin1_to_utf8(data, length, &recoded);
        data = recoded.data;
        length = recoded.length;
    }
    htmlDocPtr tree = htmlReadMemory(data, (int)length, NULL, utf16 ? "UTF-16" : "UTF-8",
                                     HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_RECOVER);
    if (!tree)
        return PDF_DOCUMENT_BROKEN;
    html h = {0};
    rich_text_start(&h.text, out, RICH_MAX_TEXT, true);
    walk(&h, xmlDocGetRootElement(tree));
    bool full = h.text.full;
    rich_text_end(&h.text);
    free(h.counts);
    xmlFreeDoc(tree);
    return full ? PDF_DOCUMENT_TOO_LARGE : 0;
}
