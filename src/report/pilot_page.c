/* A pilot's decision on one page. */

#include "huella/report/html.h"
#include "huella/report/pilot_page.h"

#include <string.h>

extern const char *const report_assets[]; /* report.css, report.js */

static void head(hu_html *html, const hu_pilot_page *page)
{
    hu_html_raw(html, "<!DOCTYPE html>\n", 16);
    hu_html_open(html, "html", "lang", "en", NULL);
    hu_html_open(html, "head", NULL);
    hu_html_void(html, "meta", "charset", "utf-8", NULL);
    hu_html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    hu_html_void(html, "meta", "name", "color-scheme", "content", "light dark", NULL);
    hu_html_void(html, "meta", "http-equiv", "Content-Security-Policy", "content",
                 "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'", NULL);
    hu_html_element(html, "title", NULL, page->title);
    hu_html_open(html, "style", NULL);
    hu_html_raw(html, report_assets[0], strlen(report_assets[0]));
    hu_html_close(html, "style");
    hu_html_close(html, "head");
    hu_html_line(html);
}

static void table(hu_html *html, const char *caption, const char *const *headers)
{
    hu_html_open(html, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption, NULL);
    hu_html_open(html, "table", NULL);
    hu_html_element(html, "caption", NULL, caption);
    hu_html_open(html, "thead", NULL);
    hu_html_open(html, "tr", NULL);
    for (; *headers; headers++) {
        hu_html_open(html, "th", "scope", "col", NULL);
        hu_html_text(html, *headers);
        hu_html_close(html, "th");
    }
    hu_html_close(html, "tr");
    hu_html_close(html, "thead");
    hu_html_open(html, "tbody", NULL);
}

static void table_end(hu_html *html)
{
    hu_html_close(html, "tbody");
    hu_html_close(html, "table");
    hu_html_close(html, "div");
    hu_html_line(html);
}

static void row(hu_html *html, const char *name, const char *const *cells, size_t n)
{
    hu_html_open(html, "tr", NULL);
    hu_html_open(html, "th", "scope", "row", NULL);
    hu_html_text(html, name);
    hu_html_close(html, "th");
    for (size_t i = 0; i < n; i++)
        hu_html_element(html, "td", NULL, cells[i] ? cells[i] : "–");
    hu_html_close(html, "tr");
    hu_html_line(html);
}

static void indicators(hu_html *html, const hu_pilot_page *page)
{
    HU_SCRATCH(scratch);
    hu_html_element(html, "h2", NULL, "Indicators");
    table(html, "What each indicator shows, and what was to be reached",
          (const char *const[]){"Indicator", "Decision", "Estimate",
                                hu_printf(scratch, "%g %% interval", 100 * page->level), "Go", "Stop",
                                "Probability of go, of stop", "Rows", NULL});
    for (size_t i = 0; i < page->n; i++) {
        const hu_pilot_row *r = &page->rows[i];
        row(html, r->indicator,
            (const char *const[]){r->decision, r->estimate, r->interval, r->go, r->stop, r->posterior, r->basis}, 7);
    }
    table_end(html);
}

static void trial(hu_html *html, const hu_pilot_page *page)
{
    bool any = false;
    for (size_t i = 0; i < page->n; i++)
        any = any || page->rows[i].spread;
    if (!any)
        return;
    hu_html_element(html, "h2", NULL, "What this says for the trial");
    table(html, "How clusters differ, and what the trial could find",
          (const char *const[]){"Indicator", "Between clusters", "Trial", NULL});
    for (size_t i = 0; i < page->n; i++)
        row(html, page->rows[i].indicator, (const char *const[]){page->rows[i].spread, page->rows[i].trial}, 2);
    table_end(html);
}

void hu_pilot_page_write(const hu_pilot_page *page, hu_buf *out)
{
    hu_html html = {.out = out};
    head(&html, page);
    hu_html_open(&html, "body", NULL);
    hu_html_open(&html, "header", NULL);
    hu_html_element(&html, "p", "kind", "Pilot decision");
    hu_html_element(&html, "h1", NULL, page->title);
    hu_html_close(&html, "header");
    hu_html_open(&html, "main", "id", "main", NULL);
    hu_html_elementf(&html, "h2", NULL, "Decision: %s", page->decision);
    hu_html_element(&html, "p", NULL, page->rule);
    indicators(&html, page);
    trial(&html, page);
    hu_html_close(&html, "main");
    hu_html_open(&html, "footer", NULL);
    hu_html_elementf(&html, "p", NULL, "huella %s. The same inputs and version give this page again, byte for byte.",
                     page->version);
    table(&html, "Inputs and their SHA-256", (const char *const[]){"Input", "SHA-256", NULL});
    for (size_t i = 0; i < 2; i++)
        row(&html, page->inputs[i][0], &page->inputs[i][1], 1);
    table_end(&html);
    hu_html_close(&html, "footer");
    hu_html_close(&html, "body");
    hu_html_close(&html, "html");
    hu_html_line(&html);
}
