/* From an effect down to its cells: each effect of a cohort in a period, and the means that it compares. */

#include "page.h"

#include <math.h>

/* Mean and number of known values of some cases. */
typedef struct cell_mean {
    double sum;
    size_t count;
} cell_mean;

static void add(cell_mean *mean, double value)
{
    if (isfinite(value)) {
        mean->sum += value;
        mean->count++;
    }
}

/* A link to the cases of a cell, with their mean: "12.5 % of 8". */
static void mean_cell(report_page *page, size_t outcome, cell_mean mean, const char *id)
{
    hu_html_open(&page->html, "td", "class", "n", NULL);
    if (mean.count) {
        hu_html_open(&page->html, "a", "href", hu_printf(page->arena, "#%s", id), NULL);
        hu_html_text(&page->html, page_value(page, outcome, mean.sum / (double)mean.count));
        hu_html_close(&page->html, "a");
        hu_html_elementf(&page->html, "small", NULL, "n = %s", hu_people_count(page->arena, mean.count));
    } else {
        hu_html_text(&page->html, "–");
    }
    hu_html_close(&page->html, "td");
}

/* Mean of the cohort's own cases in a period. */
static cell_mean cohort_mean(const report_study *study, size_t outcome, int cohort, int period)
{
    cell_mean result = {0};
    for (size_t i = 0; i < study->n_cases; i++) {
        const study_case *one = &study->cases[i];
        if (one->used && one->cohort == cohort && one->period == period)
            add(&result, one->values[outcome]);
    }
    return result;
}

/* Mean in a period of the regions compared with: trained after `until`, or never. */
static cell_mean others_mean(const report_study *study, size_t outcome, int cohort, int period, int until)
{
    cell_mean result = {0};
    for (size_t i = 0; i < study->n_cases; i++) {
        const study_case *one = &study->cases[i];
        if (one->used && one->cohort != cohort && one->cohort > until && one->period == period)
            add(&result, one->values[outcome]);
    }
    return result;
}

/* The period that a cell compares with: the last before training, or, before training, the one before. */
static int base_period(const hu_result_estimator *estimator, int cohort, int time)
{
    int last = cohort - estimator->anticipation - 1;
    return estimator->universal_base || time > last ? last : time - 1;
}

static void cell_row(report_page *page, size_t outcome, const hu_att_gt *cell)
{
    const report_study *study = page->study;
    const hu_result_estimator *estimator = &page->results->estimators[0];
    hu_scale scale = hu_scale_of(page->results->outcomes[outcome].share);
    hu_arena *arena = page->arena;
    int cohort = (int)cell->cohort, time = (int)cell->time, base = base_period(estimator, cohort, time);
    int until = estimator->never_treated_only ? STUDY_NEVER - 1 : (time > base ? time : base) + estimator->anticipation;
    hu_html_open(&page->html, "tr", "class", time >= cohort ? NULL : "pre", NULL);
    page_row_head(page, hu_printf(arena, "%s in %s", page_period(page, cohort), page_period(page, time)));
    page_number(page, cell->note ? "–" : hu_people_effect(arena, scale, cell->effect.estimate));
    if (cell->note)
        hu_html_element(&page->html, "td", "why", cell->note);
    else
        page_number(page, hu_people_interval(arena, scale, cell->effect.lower, cell->effect.upper));
    mean_cell(page, outcome, cohort_mean(study, outcome, cohort, base), page_cell_id(page, cohort, base));
    mean_cell(page, outcome, cohort_mean(study, outcome, cohort, time), page_cell_id(page, cohort, time));
    mean_cell(page, outcome, others_mean(study, outcome, cohort, base, until), page_period_id(page, base));
    mean_cell(page, outcome, others_mean(study, outcome, cohort, time, until), page_period_id(page, time));
    hu_html_close(&page->html, "tr");
    hu_html_line(&page->html);
}

static void outcome_cells(report_page *page, size_t outcome)
{
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    const hu_did_result *did = hu_results_at(page->results, outcome, 0)->did;
    hu_html *html = &page->html;
    hu_html_line(html);
    hu_html_open(html, "details", "id", hu_printf(page->arena, "cells-%s", what->name), NULL);
    hu_html_elementf(html, "summary", NULL, "%s: %s cells", what->label,
                     hu_people_count(page->arena, did ? did->n_att_gt : 0));
    page_table(page, hu_printf(page->arena, "%s: effect of each cohort in each period", what->label), "tnnnnnn",
               (const char *const[]){"Cohort in period", "Effect", "Interval", "Cohort, before", "Cohort, then",
                                     "Others, before", "Others, then", NULL});
    for (size_t i = 0; did && i < did->n_att_gt; i++)
        cell_row(page, outcome, &did->att_gt[i]);
    page_table_end(page);
    for (size_t i = 0; did && i < did->n_warnings; i++)
        hu_html_element(html, "p", "note", did->warnings[i]);
    hu_html_close(html, "details");
}

void page_cells(report_page *page)
{
    page_section(page, "cells", "From an effect to its cases");
    hu_html_element(
        &page->html, "p", NULL,
        "An effect is an average over cells: what changed for a cohort from the period before its training to a later "
        "one, less what changed in the same time for the regions compared with. Each mean leads to the cases it is "
        "made "
        "of, each case to its judgments and the sentences that bear its outcomes. In grey: cells before training.");
    for (size_t i = 0; i < page->results->n_outcomes; i++)
        outcome_cells(page, i);
    hu_html_element(
        &page->html, "p", "note",
        "Without covariates an effect is the difference of the two differences of means. Others: the regions "
        "compared with, not trained at either time.");
    page_section_end(page);
}
