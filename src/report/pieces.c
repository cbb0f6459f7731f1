/* Pieces that every part of the page is made of. */

#include "page.h"

#include <math.h>

void page_section(report_page *page, const char *id, const char *title)
{
    hu_html *html = &page->html;
    hu_html_line(html);
    hu_html_open(html, "section", "id", id, "aria-labelledby", hu_printf(page->arena, "%s-title", id), NULL);
    hu_html_open(html, "h2", "id", hu_printf(page->arena, "%s-title", id), NULL);
    hu_html_text(html, title);
    hu_html_close(html, "h2");
}

void page_section_end(report_page *page)
{
    hu_html_close(&page->html, "section");
}

void page_table(report_page *page, const char *caption, const char *kinds, const char *const *headers)
{
    hu_html *html = &page->html;
    hu_html_open(html, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption, NULL);
    hu_html_open(html, "table", NULL);
    hu_html_element(html, "caption", NULL, caption);
    hu_html_open(html, "thead", NULL);
    hu_html_open(html, "tr", NULL);
    for (size_t i = 0; headers[i]; i++) {
        hu_html_open(html, "th", "scope", "col", "class", kinds[i] == 'n' ? "n" : NULL, NULL);
        hu_html_text(html, headers[i]);
        hu_html_close(html, "th");
    }
    hu_html_close(html, "tr");
    hu_html_close(html, "thead");
    hu_html_open(html, "tbody", NULL);
}

void page_table_end(report_page *page)
{
    hu_html *html = &page->html;
    hu_html_close(html, "tbody");
    hu_html_close(html, "table");
    hu_html_close(html, "div");
}

void page_row_head(report_page *page, const char *text)
{
    hu_html_open(&page->html, "th", "scope", "row", NULL);
    hu_html_text(&page->html, text);
    hu_html_close(&page->html, "th");
}

void page_number(report_page *page, const char *text)
{
    hu_html_element(&page->html, "td", "n", text);
}

void page_link(report_page *page, const char *id, const char *text)
{
    hu_html_open(&page->html, "a", "href", hu_printf(page->arena, "#%s", id), NULL);
    hu_html_text(&page->html, text);
    hu_html_close(&page->html, "a");
}

/* A number as an attribute of a drawing: one decimal is a tenth of a pixel. */
static const char *at(report_page *page, double x)
{
    return hu_printf(page->arena, "%.1f", x);
}

void page_interval(report_page *page, const hu_effect *effect, double planted, const char *title)
{
    enum { WIDTH = 180, HEIGHT = 22, MIDDLE = HEIGHT / 2 };
    hu_html *html = &page->html;
    if (!isfinite(effect->estimate) || !isfinite(effect->lower) || !isfinite(effect->upper))
        return;
    double reach = fmax(fabs(effect->lower), fabs(effect->upper));
    reach = isfinite(planted) ? fmax(reach, fabs(planted)) : reach;
    double scale = reach > 0 ? (WIDTH / 2 - 8) / reach : 0, zero = WIDTH / 2;
    hu_html_open(html, "svg", "class", "interval", "viewBox", hu_printf(page->arena, "0 0 %d %d", WIDTH, HEIGHT),
                 "role", "img", NULL);
    hu_html_element(html, "title", NULL, title);
    hu_html_void(html, "line", "class", "zero", "x1", at(page, zero), "x2", at(page, zero), "y1", "1", "y2",
                 at(page, HEIGHT - 1), NULL);
    hu_html_void(html, "line", "class", "bar", "x1", at(page, zero + scale * effect->lower), "x2",
                 at(page, zero + scale * effect->upper), "y1", at(page, MIDDLE), "y2", at(page, MIDDLE), NULL);
    hu_html_void(html, "circle", "class", "dot", "cx", at(page, zero + scale * effect->estimate), "cy",
                 at(page, MIDDLE), "r", "4.5", NULL);
    if (isfinite(planted)) {
        double x = zero + scale * planted;
        hu_html_void(html, "path", "class", "planted", "d",
                     hu_printf(page->arena, "M%.1f %d l5 5 l-5 5 l-5 -5 z", x, MIDDLE - 5), NULL);
    }
    hu_html_close(html, "svg");
}

const char *page_period(report_page *page, int period)
{
    return hu_people_period(page->arena, period, page->results->period);
}

const char *page_periods_word(const report_page *page)
{
    return (const char *const[]){"years", "half-years", "quarters", "months"}[page->results->period];
}

const char *page_cohort(report_page *page, int cohort)
{
    return cohort == STUDY_NEVER ? "never" : page_period(page, cohort);
}

const char *page_cell_id(report_page *page, int cohort, int period)
{
    return hu_printf(page->arena, "cell-%s-%s", page_cohort(page, cohort), page_period(page, period));
}

const char *page_period_id(report_page *page, int period)
{
    return hu_printf(page->arena, "period-%s", page_period(page, period));
}

const char *page_value(report_page *page, size_t outcome, double value)
{
    if (page->results->outcomes[outcome].share)
        return hu_people_percent(page->arena, value, 1);
    return hu_people_number(page->arena, value, 2);
}
