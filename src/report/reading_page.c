/* A judgment's text with its findings beside it. */

#include "huella/report/html.h"
#include "huella/report/reading_page.h"

#include <stdlib.h>
#include <string.h>

extern const char *const reading_page_assets[]; /* reading_page.css */

/* A place of the text where a quotation begins or ends. */
typedef struct edge {
    size_t at;
    size_t finding, quote;
    bool opens;
} edge;

static int compare_edges(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->opens != y->opens)
        return x->opens ? 1 : -1; /* what ends here, ends before what begins */
    return (x->finding > y->finding) - (x->finding < y->finding);
}

static edge *collect_edges(const hu_reading *reading, hu_arena *arena, size_t *count)
{
    size_t n = 0;
    for (size_t i = 0; i < reading->n_findings; i++)
        n += 2 * reading->findings[i].n_evidence;
    edge *edges = HU_NEW_ARRAY(arena, edge, n);
    *count = 0;
    for (size_t i = 0; i < reading->n_findings; i++) {
        const hu_finding *finding = &reading->findings[i];
        for (size_t j = 0; j < finding->n_evidence; j++) {
            edges[(*count)++] = (edge){finding->evidence[j].start, i, j, true};
            edges[(*count)++] = (edge){finding->evidence[j].end, i, j, false};
        }
    }
    qsort(edges, n, sizeof *edges, compare_edges);
    return edges;
}

/* "defendants[0].verdict" is of the group "defendants[0]"; a mark is coloured by the group's first word. */
static size_t group_length(const char *key)
{
    return strcspn(key, ".");
}

static const char *family(const char *key)
{
    static const char *const families[] = {"decision", "defendants", "victims", "practices", "agencies", NULL};
    for (const char *const *name = families; *name; name++)
        if (strncmp(key, *name, strlen(*name)) == 0)
            return *name;
    return "other";
}

/* ---- the text ---- */

/* A piece of text between two edges: plain, or a mark that says which values rest on it. */
static void write_piece(hu_html *html, const hu_reading *reading, size_t start, size_t end, const unsigned *covers,
                        hu_arena *arena)
{
    HU_BUF(keys);
    const char *group = NULL;
    for (size_t i = 0; i < reading->n_findings; i++) {
        if (!covers[i])
            continue;
        hu_buf_printf(&keys, "%s%s", group ? ", " : "", reading->findings[i].key);
        group = group ? group : family(reading->findings[i].key);
    }
    hu_str piece = {reading->document->text + start, end - start};
    if (!group) {
        hu_html_str(html, piece);
        return;
    }
    hu_html_open(html, "mark", "class", group, "title", hu_strndup(arena, keys.data, keys.length), NULL);
    hu_html_str(html, piece);
    hu_html_close(html, "mark");
}

static void write_anchor(hu_html *html, const edge *at)
{
    char id[64];
    snprintf(id, sizeof id, "q%zu-%zu", at->finding, at->quote);
    hu_html_open(html, "a", "id", id, NULL);
    hu_html_close(html, "a");
}

static void write_stretch(hu_html *html, const hu_reading *reading, const edge *edges, size_t n, size_t *next,
                          hu_section section, unsigned *covers)
{
    size_t at = section.start;
    HU_SCRATCH(scratch);
    for (; *next < n && edges[*next].at < section.end; ++*next) {
        const edge *here = &edges[*next];
        if (here->at > at)
            write_piece(html, reading, at, here->at, covers, scratch);
        at = here->at > at ? here->at : at;
        if (here->opens)
            write_anchor(html, here);
        covers[here->finding] += here->opens ? 1u : -1u;
    }
    if (section.end > at)
        write_piece(html, reading, at, section.end, covers, scratch);
}

static void write_text(hu_html *html, const hu_reading *reading, hu_arena *arena)
{
    const hu_document *document = reading->document;
    size_t n = 0, next = 0;
    edge *edges = collect_edges(reading, arena, &n);
    unsigned *covers = HU_NEW_ARRAY(arena, unsigned, reading->n_findings + 1);
    hu_html_open(html, "main", "lang", "es", "id", "text", NULL);
    for (size_t i = 0; i < document->n_sections; i++) {
        hu_html_open(html, "section", "aria-label", hu_part_name(document->sections[i].part), NULL);
        hu_html_element(html, "h2", NULL, hu_part_name(document->sections[i].part));
        hu_html_open(html, "div", "class", "prose", NULL);
        write_stretch(html, reading, edges, n, &next, document->sections[i], covers);
        hu_html_close(html, "div");
        hu_html_close(html, "section");
    }
    hu_html_close(html, "main");
}

/* ---- the values ---- */

static void write_value(hu_html *html, const hu_finding *finding)
{
    HU_BUF(value);
    hu_finding_write_value(finding, &value);
    if (finding->kind == HU_VALUE_TEXT)
        hu_html_element(html, "td", "value", finding->text);
    else if (finding->kind == HU_VALUE_OFFENCE)
        hu_html_elementf(html, "td", "value", "%s%s%s", finding->text, finding->article ? ", art. " : "",
                         finding->article ? finding->article : "");
    else
        hu_html_elementf(html, "td", "value", "%.*s", (int)value.length, value.data);
}

static void write_row(hu_html *html, const hu_reading *reading, size_t index)
{
    const hu_finding *finding = &reading->findings[index];
    const char *leaf = finding->key + group_length(finding->key);
    hu_html_open(html, "tr", NULL);
    hu_html_element(html, "th", NULL, *leaf ? leaf + 1 : finding->key);
    write_value(html, finding);
    hu_html_elementf(html, "td", "n", "%.0f %%", 100 * finding->confidence);
    hu_html_open(html, "td", "class", "rule", NULL);
    hu_html_text(html, finding->rule);
    for (size_t i = 0; i < finding->n_evidence; i++) {
        char href[64];
        snprintf(href, sizeof href, "#q%zu-%zu", index, i);
        hu_html_text(html, " ");
        hu_html_open(html, "a", "href", href, NULL);
        hu_place place = hu_document_place(reading->document, finding->evidence[i].start);
        if (place.page)
            hu_html_printf(html, "p. %d", place.page);
        else
            hu_html_printf(html, "at %zu", hu_document_code_point(reading->document, finding->evidence[i].start));
        hu_html_close(html, "a");
    }
    hu_html_close(html, "td");
    hu_html_close(html, "tr");
    hu_html_line(html);
}

/* A table a group, in the order in which the groups first appear; "absent" says that nothing was found and is left out.
 */
static void write_values(hu_html *html, const hu_reading *reading, hu_arena *arena)
{
    bool *written = HU_NEW_ARRAY(arena, bool, reading->n_findings + 1);
    hu_html_open(html, "aside", "aria-label", "Findings", NULL);
    for (size_t i = 0; i < reading->n_findings; i++) {
        const char *key = reading->findings[i].key;
        size_t length = group_length(key);
        if (written[i] || !reading->findings[i].n_evidence)
            continue;
        hu_html_open(html, "table", "class", family(key), NULL);
        hu_html_elementf(html, "caption", NULL, "%.*s", (int)length, key);
        for (size_t j = i; j < reading->n_findings; j++) {
            const hu_finding *other = &reading->findings[j];
            if (!other->n_evidence || group_length(other->key) != length || strncmp(other->key, key, length) != 0)
                continue;
            write_row(html, reading, j);
            written[j] = true;
        }
        hu_html_close(html, "table");
    }
    hu_html_close(html, "aside");
}

/* ---- the page ---- */

static void write_head(hu_html *html, const hu_reading *reading)
{
    hu_html_raw(html, "<!DOCTYPE html>\n", 16);
    hu_html_open(html, "html", "lang", "en", NULL);
    hu_html_open(html, "head", NULL);
    hu_html_void(html, "meta", "charset", "utf-8", NULL);
    hu_html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    hu_html_void(html, "meta", "name", "color-scheme", "content", "light dark", NULL);
    hu_html_void(html, "meta", "http-equiv", "Content-Security-Policy", "content",
                 "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'", NULL);
    hu_html_element(html, "title", NULL, reading->document->path);
    hu_html_open(html, "style", NULL);
    hu_html_raw(html, reading_page_assets[0], strlen(reading_page_assets[0]));
    hu_html_close(html, "style");
    hu_html_close(html, "head");
    hu_html_line(html);
}

void hu_reading_page_write(const hu_reading *reading, const char *reader_version, hu_buf *out)
{
    HU_SCRATCH(scratch);
    hu_html html = {.out = out};
    write_head(&html, reading);
    hu_html_open(&html, "body", NULL);
    hu_html_open(&html, "header", NULL);
    hu_html_element(&html, "h1", NULL, reading->document->path);
    hu_html_elementf(&html, "p", NULL, "%d pages · %zu characters · reader %s", reading->document->pages,
                     reading->document->characters, reader_version);
    hu_html_close(&html, "header");
    hu_html_open(&html, "div", "class", "columns", NULL);
    write_text(&html, reading, scratch);
    write_values(&html, reading, scratch);
    hu_html_close(&html, "div");
    hu_html_close(&html, "body");
    hu_html_close(&html, "html");
    hu_html_line(&html);
}
