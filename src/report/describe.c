/* What the data look like before any estimate: sources, means by group, the way from case to conviction. */

#include "page.h"

#include <math.h>
#include <string.h>

/* The four groups that a difference of differences compares. */
enum { TRAINED_BEFORE, TRAINED_AFTER, UNTRAINED_BEFORE, UNTRAINED_AFTER, N_GROUPS };
static const char *const group_headers[] = {
    "", "Trained regions, before", "Trained regions, after", "Other regions, before", "Other regions, after", NULL};

static int group_of(const report_study *study, const study_case *one)
{
    bool after = study_case_after(study, one);
    return one->cohort != STUDY_NEVER ? (after ? TRAINED_AFTER : TRAINED_BEFORE)
                                      : (after ? UNTRAINED_AFTER : UNTRAINED_BEFORE);
}

static void paragraph_of_sources(report_page *page)
{
    const report_study *study = page->study;
    hu_arena *arena = page->arena;
    size_t used = 0, with_judgment = 0;
    for (size_t i = 0; i < study->n_cases; i++) {
        used += study->cases[i].used;
        with_judgment += study->cases[i].n_judgments > 0;
    }
    hu_html_elementf(&page->html, "p", NULL,
                     "The study holds %s cases; %s were opened within its window and enter the estimates. %s judgments "
                     "were read, of "
                     "which %s belong to %s of the cases; %s documents could not be read.",
                     hu_people_count(arena, study->n_cases), hu_people_count(arena, used),
                     hu_people_count(arena, study->n_read), hu_people_count(arena, study->n_judgments),
                     hu_people_count(arena, with_judgment), hu_people_count(arena, study->n_unreadable));
}

static void unreadable_list(report_page *page)
{
    hu_html *html = &page->html;
    const report_study *study = page->study;
    if (!study->n_unreadable)
        return;
    hu_html_open(html, "details", NULL);
    hu_html_elementf(html, "summary", NULL, "Documents that could not be read (%s)",
                     hu_people_count(page->arena, study->n_unreadable));
    hu_html_open(html, "ul", "class", "plain", NULL);
    for (size_t i = 0; i < study->n_unreadable; i++)
        hu_html_elementf(html, "li", NULL, "%s: %s", study->unreadable[i].document, study->unreadable[i].reason);
    hu_html_close(html, "ul");
    hu_html_close(html, "details");
}

static void means_row(report_page *page, size_t outcome)
{
    const report_study *study = page->study;
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    double sum[N_GROUPS] = {0};
    size_t count[N_GROUPS] = {0};
    for (size_t i = 0; i < study->n_cases; i++) {
        const study_case *one = &study->cases[i];
        if (!one->used || !isfinite(one->values[outcome]))
            continue;
        sum[group_of(study, one)] += one->values[outcome];
        count[group_of(study, one)]++;
    }
    hu_html_open(&page->html, "tr", NULL);
    hu_html_open(&page->html, "th", "scope", "row", NULL);
    hu_html_text(&page->html, what->label);
    hu_html_element(&page->html, "small", NULL, what->unit);
    hu_html_close(&page->html, "th");
    for (int g = 0; g < N_GROUPS; g++) {
        hu_html_open(&page->html, "td", "class", "n", NULL);
        hu_html_text(&page->html, count[g] ? page_value(page, outcome, sum[g] / (double)count[g]) : "–");
        hu_html_elementf(&page->html, "small", NULL, "n = %s", hu_people_count(page->arena, count[g]));
        hu_html_close(&page->html, "td");
    }
    hu_html_close(&page->html, "tr");
}

static void count_row(report_page *page, const char *label, const size_t count[N_GROUPS])
{
    hu_html_open(&page->html, "tr", NULL);
    page_row_head(page, label);
    for (int g = 0; g < N_GROUPS; g++)
        page_number(page, hu_people_count(page->arena, count[g]));
    hu_html_close(&page->html, "tr");
}

void page_description(report_page *page)
{
    const report_study *study = page->study;
    size_t cases[N_GROUPS] = {0}, judgments[N_GROUPS] = {0};
    for (size_t i = 0; i < study->n_cases; i++)
        if (study->cases[i].used) {
            cases[group_of(study, &study->cases[i])]++;
            judgments[group_of(study, &study->cases[i])] += study->cases[i].n_judgments;
        }
    page_section(page, "data", "The data");
    paragraph_of_sources(page);
    page_table(page, "Cases and mean outcomes, by training and time", "tnnnn", group_headers);
    count_row(page, "Cases", cases);
    count_row(page, "Judgments", judgments);
    for (size_t i = 0; i < page->results->n_outcomes; i++)
        means_row(page, i);
    page_table_end(page);
    hu_html_open(&page->html, "p", "class", "note", NULL);
    hu_html_text(&page->html,
                 "Plain means, not effects. Before and after: a trained region's own training; in other regions the "
                 "first training of the study");
    if (study->first_training != STUDY_NEVER)
        hu_html_printf(&page->html, " (%s)", page_period(page, study->first_training));
    hu_html_text(&page->html, ".");
    hu_html_close(&page->html, "p");
    unreadable_list(page);
    page_section_end(page);
}

/* --- the way from case to conviction --- */

enum { STAGE_CASE, STAGE_JUDGED, STAGE_CONVICTED, STAGE_UPHELD, N_STAGES };
static const char *const stage_names[] = {"Cases opened", "Judged", "Convicted",
                                          "Convicted, and reviewed by a higher court"};

static size_t conviction_outcome(const hu_results *results)
{
    size_t i = 0;
    while (i < results->n_outcomes && strcmp(results->outcomes[i].name, "conviction") != 0)
        i++;
    return i;
}

static void share_bar(report_page *page, double share)
{
    hu_html *html = &page->html;
    hu_html_open(html, "svg", "class", "share", "viewBox", "0 0 100 8", "aria-hidden", "true", "preserveAspectRatio",
                 "none", NULL);
    hu_html_void(html, "rect", "class", "ground", "width", "100", "height", "8", NULL);
    hu_html_void(html, "rect", "class", "fill", "width", hu_printf(page->arena, "%.1f", 100 * share), "height", "8",
                 NULL);
    hu_html_close(html, "svg");
}

static void stage_row(report_page *page, int stage, const size_t count[N_STAGES][N_GROUPS])
{
    hu_html *html = &page->html;
    hu_html_open(html, "tr", NULL);
    page_row_head(page, stage_names[stage]);
    for (int g = 0; g < N_GROUPS; g++) {
        double share = count[0][g] ? (double)count[stage][g] / (double)count[0][g] : NAN;
        hu_html_open(html, "td", "class", "n", NULL);
        hu_html_text(html, hu_people_count(page->arena, count[stage][g]));
        hu_html_element(html, "small", NULL, hu_people_percent(page->arena, share, 1));
        if (isfinite(share))
            share_bar(page, share);
        hu_html_close(html, "td");
    }
    hu_html_close(html, "tr");
}

void page_cascade(report_page *page)
{
    const report_study *study = page->study;
    size_t count[N_STAGES][N_GROUPS] = {{0}}, conviction = conviction_outcome(page->results);
    if (conviction == page->results->n_outcomes)
        return;
    for (size_t i = 0; i < study->n_cases; i++) {
        const study_case *one = &study->cases[i];
        if (!one->used)
            continue;
        int group = group_of(study, one);
        bool judged = isfinite(one->values[conviction]), convicted = judged && one->values[conviction] > 0;
        count[STAGE_CASE][group]++;
        count[STAGE_JUDGED][group] += judged;
        count[STAGE_CONVICTED][group] += convicted;
        count[STAGE_UPHELD][group] += convicted && one->appealed;
    }
    page_section(page, "cascade", "From case to conviction");
    hu_html_element(
        &page->html, "p", NULL,
        "How far the cases of each group have come. Per cent are of the cases opened. Cases opened late have had "
        "less time, so the share judged falls towards the end of the study in every region.");
    page_table(page, "Cases that reached each stage, by training and time", "tnnnn", group_headers);
    for (int stage = 0; stage < N_STAGES; stage++)
        stage_row(page, stage, (const size_t(*)[N_GROUPS])count);
    page_table_end(page);
    page_section_end(page);
}
