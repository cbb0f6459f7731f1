/* The design: which region was trained when, and how many cases that leaves to compare. */

#include "page.h"

#include <string.h>

/* Cases used of a region in a period. */
static size_t count_cases(const report_study *study, const char *region, int period)
{
    size_t count = 0;
    for (size_t i = 0; i < study->n_cases; i++)
        count +=
            study->cases[i].used && study->cases[i].period == period && strcmp(study->cases[i].region, region) == 0;
    return count;
}

enum { NAME_WIDTH = 120, TILE_WIDTH = 26, TILE_HEIGHT = 17, TOP = 52 };

static void tile(report_page *page, const study_region *region, size_t row, int column, int period)
{
    hu_html *html = &page->html;
    size_t cases = count_cases(page->study, region->name, period);
    bool trained = region->cohort != STUDY_NEVER && period >= region->cohort;
    int x = NAME_WIDTH + column * TILE_WIDTH, y = TOP + (int)row * TILE_HEIGHT;
    hu_html_void(html, "rect", "class", trained ? "tile on" : "tile", "x", hu_printf(page->arena, "%d", x), "y",
                 hu_printf(page->arena, "%d", y), "width", hu_printf(page->arena, "%d", TILE_WIDTH - 2), "height",
                 hu_printf(page->arena, "%d", TILE_HEIGHT - 2), NULL);
    if (!cases)
        return;
    hu_html_open(html, "text", "class", trained ? "count on" : "count", "x",
                 hu_printf(page->arena, "%d", x + TILE_WIDTH / 2 - 1), "y",
                 hu_printf(page->arena, "%d", y + TILE_HEIGHT - 6), NULL);
    hu_html_printf(html, "%zu", cases);
    hu_html_close(html, "text");
}

static void period_label(report_page *page, int column, int period)
{
    hu_html *html = &page->html;
    int x = NAME_WIDTH + column * TILE_WIDTH + TILE_WIDTH / 2;
    hu_html_open(html, "text", "class", "axis", "transform",
                 hu_printf(page->arena, "translate(%d,%d) rotate(-60)", x, TOP - 4), NULL);
    hu_html_text(html, page_period(page, period));
    hu_html_close(html, "text");
}

static void rollout_chart(report_page *page)
{
    hu_html *html = &page->html;
    const report_study *study = page->study;
    int columns = page->results->to - page->results->from + 1;
    hu_html_open(html, "figure", NULL);
    hu_html_open(html, "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label",
                 "Rollout by region and period", NULL);
    hu_html_open(html, "svg", "class", "rollout", "role", "img", "width",
                 hu_printf(page->arena, "%d", (NAME_WIDTH + columns * TILE_WIDTH + 20) * 3 / 2), "viewBox",
                 hu_printf(page->arena, "0 0 %d %d", NAME_WIDTH + columns * TILE_WIDTH + 20,
                           TOP + (int)study->n_regions * TILE_HEIGHT + 4),
                 NULL);
    hu_html_element(
        html, "title", NULL,
        "Regions by period: filled tiles are periods after the region's training; figures are cases opened. "
        "The table of cohorts below holds the totals.");
    for (int c = 0; c < columns; c++)
        period_label(page, c, page->results->from + c);
    for (size_t r = 0; r < study->n_regions; r++) {
        const study_region *region = &study->regions[r];
        hu_html_open(html, "text", "class", "region", "x", hu_printf(page->arena, "%d", NAME_WIDTH - 8), "y",
                     hu_printf(page->arena, "%d", TOP + (int)r * TILE_HEIGHT + TILE_HEIGHT - 5), NULL);
        hu_html_printf(html, "%s%s", region->name, region->excluded ? " (left out)" : "");
        hu_html_close(html, "text");
        for (int c = 0; c < columns; c++)
            tile(page, region, r, c, page->results->from + c);
        hu_html_line(html);
    }
    hu_html_close(html, "svg");
    hu_html_close(html, "div");
    hu_html_element(html, "figcaption", NULL,
                    "Rollout: each row a region, each column a period. Filled: after the region's training. Figures: "
                    "cases opened.");
    hu_html_close(html, "figure");
}

static void cohort_row(report_page *page, int cohort)
{
    const report_study *study = page->study;
    size_t regions = 0, before = 0, after = 0;
    const char *names = NULL;
    for (size_t i = 0; i < study->n_regions; i++)
        if (!study->regions[i].excluded && study->regions[i].cohort == cohort) {
            regions++;
            names = names ? hu_printf(page->arena, "%s, %s", names, study->regions[i].name) : study->regions[i].name;
        }
    for (size_t i = 0; i < study->n_cases; i++)
        if (study->cases[i].used && study->cases[i].cohort == cohort) {
            before += !study_case_treated(&study->cases[i]);
            after += study_case_treated(&study->cases[i]);
        }
    hu_html_open(&page->html, "tr", NULL);
    page_row_head(page, cohort == STUDY_NEVER ? "not trained" : page_period(page, cohort));
    page_number(page, hu_people_count(page->arena, regions));
    page_number(page, hu_people_count(page->arena, before));
    page_number(page, cohort == STUDY_NEVER ? "–" : hu_people_count(page->arena, after));
    hu_html_element(&page->html, "td", NULL, names);
    hu_html_close(&page->html, "tr");
}

/* What the plan said when it was locked, and says now. */
static void lock_table(report_page *page)
{
    const hu_results *results = page->results;
    hu_html *html = &page->html;
    if (!results->locked)
        return;
    hu_html_element(html, "h3", NULL, "The plan and its lock");
    hu_html_elementf(html, "p", NULL, "The analysis plan was locked at %s%s (SHA-256 %s). %s", results->locked,
                     results->locked_after_results ? ", after effects had been estimated" : "", results->lock_hash,
                     results->n_deviations ? "What deviates from it:" : "It is as it was locked.");
    if (!results->n_deviations)
        return;
    page_table(page, "Deviations from the locked plan", "tttt",
               (const char *const[]){"Field", "Before", "After", "Why", NULL});
    for (size_t i = 0; i < results->n_deviations; i++) {
        const hu_result_deviation *d = &results->deviations[i];
        hu_html_open(html, "tr", NULL);
        page_row_head(page, d->field);
        hu_html_element(html, "td", NULL, d->before ? d->before : "not there");
        hu_html_element(html, "td", NULL, d->after ? d->after : "not there");
        hu_html_element(html, "td", NULL,
                        d->amended ? hu_printf(page->arena, "%s (amended %s)", d->reason, d->amended) : "not amended");
        hu_html_close(html, "tr");
    }
    page_table_end(page);
}

void page_design(report_page *page)
{
    const hu_results *results = page->results;
    const report_study *study = page->study;
    hu_html *html = &page->html;
    page_section(page, "design", "The design");
    hu_html_open(html, "p", NULL);
    hu_html_printf(html,
                   "Training reached regions at different times. Each case counts in the period in which it was opened "
                   "(%s, %s to %s) and is compared with cases of regions not trained at that time. ",
                   page_periods_word(page), page_period(page, results->from), page_period(page, results->to));
    if (study->n_prosecutors)
        hu_html_printf(html, "%s of the %s prosecutors in the data were trained. ",
                       hu_people_count(page->arena, study->n_trained_prosecutors),
                       hu_people_count(page->arena, study->n_prosecutors));
    if (results->delay)
        hu_html_printf(html, "A region counts as trained %d %s after its training began. ", results->delay,
                       page_periods_word(page));
    hu_html_close(html, "p");
    rollout_chart(page);
    page_table(page, "Cohorts: regions by the period of their training", "tnnnt",
               (const char *const[]){"Trained in", "Regions", "Cases before", "Cases after", "Names", NULL});
    for (size_t i = 0; i < study->n_cohorts; i++)
        cohort_row(page, study->cohorts[i]);
    page_table_end(page);
    hu_html_element(html, "h3", NULL, "Estimators");
    hu_html_open(html, "dl", NULL);
    for (size_t i = 0; i < results->n_estimators; i++) {
        hu_html_elementf(html, "dt", NULL, "%s", results->estimators[i].name);
        hu_html_element(html, "dd", NULL, results->estimators[i].description);
    }
    hu_html_close(html, "dl");
    lock_table(page);
    page_section_end(page);
}
