/* The page as a whole: head, parts in order, foot. */

#include "page.h"

#include "huella/base/file.h"

#include <string.h>

extern const char *const report_assets[]; /* report.css, report.js */

static const struct {
    const char *id, *title;
} contents[] = {{"answer", "Answer"},   {"cautions", "Read with care"},
                {"design", "Design"},   {"data", "Data"},
                {"cascade", "Cascade"}, {"effects", "Effects"},
                {"time", "Over time"},  {"accuracy", "Accuracy"},
                {"cells", "Cells"},     {"cases", "Cases"},
                {"origin", "Origin"}};

static void head(report_page *page)
{
    hu_html *html = &page->html;
    hu_html_raw(html, "<!DOCTYPE html>\n", 16);
    hu_html_open(html, "html", "lang", "en", NULL);
    hu_html_open(html, "head", NULL);
    hu_html_void(html, "meta", "charset", "utf-8", NULL);
    hu_html_void(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    hu_html_void(html, "meta", "name", "color-scheme", "content", "light dark", NULL);
    /* Nothing is fetched from anywhere, whatever the page holds. */
    hu_html_void(html, "meta", "http-equiv", "Content-Security-Policy", "content",
                 "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
                 "form-action 'none'",
                 NULL);
    hu_html_void(html, "meta", "name", "generator", "content",
                 hu_printf(page->arena, "huella %s", page->results->version), NULL);
    hu_html_element(html, "title", NULL, page->results->title);
    hu_html_open(html, "style", NULL);
    hu_html_raw(html, report_assets[0], strlen(report_assets[0]));
    hu_html_close(html, "style");
    hu_html_close(html, "head");
    hu_html_line(html);
}

static void banner(report_page *page)
{
    hu_html *html = &page->html;
    const hu_results *results = page->results;
    hu_html_open(html, "a", "class", "skip", "href", "#main", NULL);
    hu_html_text(html, "To the answer");
    hu_html_close(html, "a");
    hu_html_open(html, "header", NULL);
    hu_html_element(html, "p", "kind", "Evidence report");
    hu_html_element(html, "h1", NULL, results->title);
    hu_html_elementf(html, "p", "quiet", "Cases opened %s to %s · %s cases · %s judgments read",
                     page_period(page, results->from), page_period(page, results->to),
                     hu_people_count(page->arena, page->study->n_cases),
                     hu_people_count(page->arena, page->study->n_read));
    hu_html_close(html, "header");
    hu_html_open(html, "nav", "aria-label", "Contents", NULL);
    hu_html_open(html, "ul", NULL);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        hu_html_open(html, "li", NULL);
        page_link(page, contents[i].id, contents[i].title);
        hu_html_close(html, "li");
    }
    hu_html_close(html, "ul");
    hu_html_close(html, "nav");
}

static void origin(report_page *page)
{
    hu_html *html = &page->html;
    const hu_report_options *options = page->options;
    hu_html_line(html);
    hu_html_open(html, "footer", "id", "origin", NULL);
    hu_html_element(html, "h2", NULL, "Where the numbers come from");
    hu_html_open(html, "p", NULL);
    hu_html_printf(html, "huella %s, seed %llu", page->results->version, (unsigned long long)page->results->seed);
    if (options->reader)
        hu_html_printf(html, ", reader %s", options->reader);
    hu_html_text(html, ". The same inputs, version and seed give this page again, byte for byte.");
    hu_html_close(html, "p");
    if (options->n_inputs)
        page_table(page, "Inputs and their SHA-256", "tt", (const char *const[]){"Input", "SHA-256", NULL});
    for (size_t i = 0; i < options->n_inputs; i++) {
        hu_html_open(html, "tr", NULL);
        page_row_head(page, options->inputs[i].name);
        hu_html_element(html, "td", "hash", options->inputs[i].sha256);
        hu_html_close(html, "tr");
    }
    if (options->n_inputs)
        page_table_end(page);
    hu_html_close(html, "footer");
}

static hu_error *body(report_page *page)
{
    hu_html *html = &page->html;
    hu_html_open(html, "body", NULL);
    banner(page);
    hu_html_open(html, "main", "id", "main", NULL);
    page_answer(page);
    page_cautions(page);
    page_design(page);
    page_description(page);
    page_cascade(page);
    page_effects(page);
    HU_TRY(page_event_studies(page));
    page_accuracy(page);
    page_cells(page);
    page_cases(page);
    hu_html_close(html, "main");
    origin(page);
    hu_html_open(html, "script", NULL);
    hu_html_raw(html, report_assets[1], strlen(report_assets[1]));
    hu_html_close(html, "script");
    hu_html_close(html, "body");
    hu_html_close(html, "html");
    hu_html_line(html);
    return NULL;
}

hu_error *hu_report_write(hu_store *store, const hu_results *results, const hu_report_options *options, hu_arena *arena,
                          const char **path)
{
    HU_SCRATCH(scratch);
    HU_BUF(out);
    report_study *study = NULL;
    HU_TRY(report_study_load(store, results, scratch, &study));
    HU_TRY(hu_make_folder(options->folder));
    report_page page = {
        .html = {.out = &out}, .study = study, .results = results, .options = options, .arena = scratch};
    head(&page);
    HU_TRY(body(&page));
    *path = hu_path_join(arena, options->folder, "index.html");
    return hu_write_file(*path, out.data, out.length);
}
