/* The cases by period and cohort, each with its outcomes, its judgments and the sentences that bear them. */

#include "page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_QUOTE = 320 }; /* code points shown of a quote */

/* Order of the cases on the page: period, cohort, id. */
static int compare_cases(const void *a, const void *b, void *context)
{
    const study_case *cases = context;
    const study_case *x = &cases[*(const size_t *)a], *y = &cases[*(const size_t *)b];
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    if (x->cohort != y->cohort)
        return x->cohort < y->cohort ? -1 : 1;
    return strcmp(x->id, y->id);
}

/* The sentence, with the words that decided marked in it. */
static void quote(hu_html *html, const study_finding *found)
{
    const char *at = found->quote, *end = at + strlen(at);
    for (int shown = 0; at < end && shown < LONGEST_QUOTE; shown++)
        hu_utf8_next(&at, end);
    hu_html_open(html, "q", "lang", "es", NULL);
    hu_html_text(html, found->before);
    hu_html_open(html, "mark", NULL);
    hu_html_str(html, (hu_str){found->quote, (size_t)(at - found->quote)});
    hu_html_close(html, "mark");
    hu_html_text(html, at < end ? " …" : found->after);
    hu_html_close(html, "q");
}

/* "verdict: convicted — “…” judgments/0001.pdf, p. 12 · rule · 0.95" */
static void finding(report_page *page, const study_finding *found)
{
    hu_html *html = &page->html;
    hu_html_open(html, "li", NULL);
    hu_html_element(html, "code", NULL, found->key);
    hu_html_printf(html, " %s ", found->value ? found->value : "");
    if (found->quote)
        quote(html, found);
    hu_html_open(html, "small", NULL);
    hu_html_text(html, found->document);
    if (found->page)
        hu_html_printf(html, ", p. %d", found->page);
    if (found->rule)
        hu_html_printf(html, " · %s", found->rule);
    if (isfinite(found->confidence))
        hu_html_printf(html, " · confidence %.2f", found->confidence);
    hu_html_close(html, "small");
    hu_html_close(html, "li");
}

static void outcome_findings(report_page *page, const study_case *one, size_t outcome)
{
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    hu_html *html = &page->html;
    if (!isfinite(one->values[outcome]))
        return;
    hu_html_open(html, "dt", NULL);
    hu_html_printf(html, "%s: ", what->label);
    hu_html_element(html, "b", NULL, page_value(page, outcome, one->values[outcome]));
    hu_html_close(html, "dt");
    bool open = false;
    for (size_t i = 0; i < one->n_findings; i++) {
        const study_finding *found = &page->study->findings[one->first_finding + i];
        if (found->outcome != outcome)
            continue;
        if (!open) {
            hu_html_open(html, "dd", NULL);
            hu_html_open(html, "ul", NULL);
            open = true;
        }
        finding(page, found);
    }
    if (open) {
        hu_html_close(html, "ul");
        hu_html_close(html, "dd");
    }
}

static void judgments_list(report_page *page, const study_case *one)
{
    hu_html *html = &page->html;
    if (!one->n_judgments) {
        hu_html_element(html, "p", "quiet", "No judgment of this case was read.");
        return;
    }
    hu_html_open(html, "p", NULL);
    hu_html_text(html, one->n_judgments == 1 ? "Judgment: " : "Judgments: ");
    for (size_t i = 0; i < one->n_judgments; i++) {
        const study_judgment *judgment = &page->study->judgments[one->first_judgment + i];
        hu_html_printf(html, "%s%s", i ? "; " : "", judgment->document);
        if (judgment->date)
            hu_html_printf(html, " of %s", judgment->date);
        if (judgment->kind)
            hu_html_printf(html, " (%s)", judgment->kind);
    }
    hu_html_close(html, "p");
}

static void case_details(report_page *page, size_t index)
{
    const study_case *one = &page->study->cases[index];
    hu_html *html = &page->html;
    hu_html_line(html);
    hu_html_open(html, "details", "class", "case", NULL);
    hu_html_open(html, "summary", NULL);
    hu_html_printf(html, "%s · %s · opened %s", one->id, one->region, one->opened);
    if (one->n_judgments)
        hu_html_printf(html, " · %zu judgment%s", one->n_judgments, one->n_judgments == 1 ? "" : "s");
    if (!one->used)
        hu_html_text(html, " · not in the estimates");
    hu_html_close(html, "summary");
    hu_html_printf(html, "%s%s%s%s", one->closed ? "Closed " : "Open", one->closed ? one->closed : "",
                   one->charge ? "; charge: " : "", one->charge ? one->charge : "");
    judgments_list(page, one);
    hu_html_open(html, "dl", NULL);
    for (size_t o = 0; o < page->results->n_outcomes; o++)
        outcome_findings(page, one, o);
    hu_html_close(html, "dl");
    hu_html_close(html, "details");
}

/* All cases of one period, cohort by cohort; `order` holds them from `first` to `last`. */
static void period_details(report_page *page, const size_t *order, size_t first, size_t last)
{
    const study_case *cases = page->study->cases;
    hu_html *html = &page->html;
    int period = cases[order[first]].period;
    hu_html_line(html);
    hu_html_open(html, "details", "id", page_period_id(page, period), NULL);
    hu_html_elementf(html, "summary", NULL, "%s: %s cases", page_period(page, period),
                     hu_people_count(page->arena, last - first));
    for (size_t i = first; i < last; i++) {
        int cohort = cases[order[i]].cohort;
        if (i == first || cases[order[i - 1]].cohort != cohort) {
            hu_html_open(html, "h4", "id", page_cell_id(page, cohort, period), NULL);
            hu_html_printf(html, "%s, %s", page_period(page, period),
                           cohort == STUDY_NEVER
                               ? "regions not trained"
                               : hu_printf(page->arena, "regions trained in %s", page_period(page, cohort)));
            hu_html_close(html, "h4");
        }
        case_details(page, order[i]);
    }
    hu_html_close(html, "details");
}

void page_cases(report_page *page)
{
    const report_study *study = page->study;
    size_t *order = HU_NEW_ARRAY(page->arena, size_t, study->n_cases);
    for (size_t i = 0; i < study->n_cases; i++)
        order[i] = i;
    qsort_r(order, study->n_cases, sizeof *order, compare_cases, study->cases);
    page_section(page, "cases", "Cases and their evidence");
    hu_html_element(&page->html, "p", NULL,
                    "By the period in which they were opened. Below each outcome: what was read, the court's words, "
                    "the document and "
                    "page where they stand, the rule that decided and how sure it is.");
    for (size_t first = 0, last; first < study->n_cases; first = last) {
        last = first + 1;
        while (last < study->n_cases && study->cases[order[last]].period == study->cases[order[first]].period)
            last++;
        period_details(page, order, first, last);
    }
    hu_html_element(&page->html, "p", "paper",
                    "The cases and their evidence stand in the electronic version of this report.");
    page_section_end(page);
}
