/* Effects by every estimator, and how they unfold over time since training. */

#include "page.h"

#include "huella/base/file.h"
#include "huella/report/plot.h"

#include <math.h>
#include <string.h>

static void effect_cells(report_page *page, const hu_effect *effect, hu_scale scale)
{
    hu_arena *arena = page->arena;
    page_number(page, hu_people_effect(arena, scale, effect->estimate));
    page_number(page, isfinite(effect->se) ? hu_people_number(arena, effect->se * scale.factor, scale.decimals) : "–");
    page_number(page, hu_people_interval(arena, scale, effect->lower, effect->upper));
    page_number(page, hu_people_p(arena, effect->p));
}

static void estimator_row(report_page *page, size_t outcome, size_t estimator, bool planted)
{
    hu_html *html = &page->html;
    hu_arena *arena = page->arena;
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    const hu_estimate *estimate = hu_results_at(page->results, outcome, estimator);
    hu_scale scale = hu_scale_of(what->share);
    hu_html_open(html, "tr", "class", estimator == 0 ? "first" : NULL, NULL);
    page_row_head(page, estimator == 0 ? what->label : "");
    hu_html_element(html, "td", NULL, page->results->estimators[estimator].name);
    effect_cells(page, &estimate->effect, scale);
    page_number(page, hu_people_count(arena, estimate->n));
    page_number(page, hu_people_count(arena, estimate->clusters));
    if (planted)
        page_number(page, hu_people_effect(arena, scale, what->planted));
    hu_html_close(html, "tr");
}

static bool any_planted(const hu_results *results)
{
    for (size_t i = 0; i < results->n_outcomes; i++)
        if (isfinite(results->outcomes[i].planted))
            return true;
    return false;
}

/* Below the table: how each estimator's errors were found, and why an estimate is missing. */
static void effects_notes(report_page *page)
{
    const hu_results *results = page->results;
    hu_html_open(&page->html, "ul", "class", "plain", NULL);
    for (size_t e = 0; e < results->n_estimators; e++)
        for (size_t o = 0; o < results->n_outcomes; o++) {
            const char *how = hu_results_at(results, o, e)->se_type;
            if (!how)
                continue;
            hu_html_elementf(&page->html, "li", NULL, "Standard errors of %s: %s.", results->estimators[e].name, how);
            break;
        }
    for (size_t o = 0; o < results->n_outcomes; o++)
        for (size_t e = 0; e < results->n_estimators; e++)
            if (hu_results_at(results, o, e)->failure)
                hu_html_elementf(&page->html, "li", NULL, "%s, %s: no estimate: %s.", results->outcomes[o].label,
                                 results->estimators[e].name, hu_results_at(results, o, e)->failure);
    hu_html_close(&page->html, "ul");
}

static void effects_table(report_page *page)
{
    const hu_results *results = page->results;
    bool planted = any_planted(results);
    const char *interval = hu_printf(page->arena, "%g %% interval", 100 * results->level);
    page_table(page, "Effects of the training, by outcome and estimator", planted ? "ttnnnnnnn" : "ttnnnnnn",
               (const char *const[]){"Outcome", "Estimator", "Effect", "Std. error", interval, "p", "Cases", "Regions",
                                     planted ? "Planted" : NULL, NULL});
    for (size_t o = 0; o < results->n_outcomes; o++)
        for (size_t e = 0; e < results->n_estimators; e++)
            estimator_row(page, o, e, planted);
    page_table_end(page);
    effects_notes(page);
}

static void aggregates_table(report_page *page)
{
    const hu_results *results = page->results;
    page_table(
        page,
        hu_printf(page->arena, "Averages of the group-time effects (estimator \"%s\")", results->estimators[0].name),
        "tnnnnn",
        (const char *const[]){"Outcome", "Over all cells", "By cohort", "By time since training", "By period",
                              "Test of pre-trends", NULL});
    for (size_t o = 0; o < results->n_outcomes; o++) {
        const hu_did_result *did = hu_results_at(results, o, 0)->did;
        hu_scale scale = hu_scale_of(results->outcomes[o].share);
        if (!did)
            continue;
        const hu_effect *effects[] = {&did->simple.overall, &did->group.overall, &did->dynamic.overall,
                                      &did->calendar.overall};
        hu_html_open(&page->html, "tr", NULL);
        page_row_head(page, results->outcomes[o].label);
        for (size_t i = 0; i < 4; i++) {
            hu_html_open(&page->html, "td", "class", "n", NULL);
            hu_html_text(&page->html, hu_people_effect(page->arena, scale, effects[i]->estimate));
            if (isfinite(effects[i]->se))
                hu_html_elementf(&page->html, "small", NULL, "(%s)",
                                 hu_people_number(page->arena, effects[i]->se * scale.factor, scale.decimals));
            hu_html_close(&page->html, "td");
        }
        page_number(page, did->pretrend_df
                              ? hu_printf(page->arena, "p %s%s (df %d)", did->pretrend_p < 0.001 ? "" : "= ",
                                          hu_people_p(page->arena, did->pretrend_p), did->pretrend_df)
                              : "–");
        hu_html_close(&page->html, "tr");
    }
    page_table_end(page);
    hu_html_element(
        &page->html, "p", "note",
        "Standard errors in brackets. The four averages weigh the same cells differently; the plan names in "
        "advance which one is the answer. The test of pre-trends asks whether all effects before training "
        "are zero; with few regions it rejects too readily, not rejecting is no proof, and it cannot be "
        "made (–) where there are more such effects than regions.");
}

void page_effects(report_page *page)
{
    page_section(page, "effects", "Effects");
    effects_table(page);
    if (hu_results_at(page->results, 0, 0)->did)
        aggregates_table(page);
    page_section_end(page);
}

/* --- event studies --- */

static hu_error *draw(report_page *page, size_t outcome, const char *name, const char *title)
{
    const hu_did_result *did = hu_results_at(page->results, outcome, 0)->did;
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    hu_scale scale = hu_scale_of(what->share);
    hu_plotter plotter = {page->options->gnuplot};
    const char *x_label = hu_printf(page->arena, "%s since training", page_periods_word(page));
    const char *y_label = what->share ? "percentage points" : what->unit;
    HU_BUF(svg);
    HU_BUF(pdf);
    HU_TRY(hu_plot_event_study(&plotter, HU_PLOT_SVG, name, title, &did->dynamic, scale, x_label, y_label, &svg));
    HU_TRY(hu_plot_event_study(&plotter, HU_PLOT_PDF, name, title, &did->dynamic, scale, x_label, y_label, &pdf));
    hu_html_raw(&page->html, svg.data, svg.length);
    return hu_write_file(hu_path_join(page->arena, page->options->folder, hu_printf(page->arena, "%s.pdf", name)),
                         pdf.data, pdf.length);
}

static void event_table(report_page *page, size_t outcome)
{
    const hu_did_aggregate *dynamic = &hu_results_at(page->results, outcome, 0)->did->dynamic;
    hu_scale scale = hu_scale_of(page->results->outcomes[outcome].share);
    hu_html_open(&page->html, "details", NULL);
    hu_html_element(&page->html, "summary", NULL, "The numbers");
    page_table(page,
               hu_printf(page->arena, "%s: effect by %s since training", page->results->outcomes[outcome].label,
                         page_periods_word(page)),
               "tnnnn", (const char *const[]){"Since training", "Effect", "Std. error", "Interval", "p", NULL});
    for (size_t i = 0; i < dynamic->n_cells; i++) {
        hu_html_open(&page->html, "tr", NULL);
        page_row_head(page, hu_people_signed(page->arena, dynamic->cells[i].at, 0));
        effect_cells(page, &dynamic->cells[i].effect, scale);
        hu_html_close(&page->html, "tr");
    }
    page_table_end(page);
    hu_html_close(&page->html, "details");
}

static bool can_draw(const hu_did_result *did)
{
    for (size_t i = 0; did && i < did->dynamic.n_cells; i++)
        if (isfinite(did->dynamic.cells[i].effect.estimate) && fabs(did->dynamic.cells[i].at) <= HU_PLOT_REACH)
            return true;
    return false;
}

static hu_error *event_study(report_page *page, size_t outcome)
{
    const hu_result_outcome *what = &page->results->outcomes[outcome];
    const char *name = hu_printf(page->arena, "event_study_%s", what->name);
    const char *title =
        hu_printf(page->arena, "%s: effect by %s since training, with intervals; the numbers stand below", what->label,
                  page_periods_word(page));
    if (!can_draw(hu_results_at(page->results, outcome, 0)->did))
        return NULL;
    hu_html_open(&page->html, "figure", "class", "plot", NULL);
    hu_html_open(&page->html, "figcaption", NULL);
    hu_html_element(&page->html, "strong", NULL, what->label);
    hu_html_text(&page->html, " ");
    hu_html_open(&page->html, "a", "href", hu_printf(page->arena, "%s.pdf", name), NULL);
    hu_html_text(&page->html, "PDF");
    hu_html_close(&page->html, "a");
    hu_html_close(&page->html, "figcaption");
    HU_TRY(draw(page, outcome, name, title));
    event_table(page, outcome);
    hu_html_close(&page->html, "figure");
    return NULL;
}

hu_error *page_event_studies(report_page *page)
{
    page_section(page, "time", "Effects over time");
    hu_html_elementf(
        &page->html, "p", NULL,
        "The effect in each of the %s before (grey) and after (colour) a region's training, with %g %% intervals. "
        "Before training there should be none: effects there speak against parallel trends.",
        page_periods_word(page), 100 * page->results->level);
    hu_html_open(&page->html, "div", "class", "plots", NULL);
    for (size_t i = 0; i < page->results->n_outcomes; i++)
        HU_TRY(event_study(page, i));
    hu_html_close(&page->html, "div");
    hu_html_elementf(&page->html, "p", "note",
                     "Drawn up to %d %s from training; the numbers below each plot hold all. "
                     "The upright line marks the start of training.",
                     HU_PLOT_REACH, page_periods_word(page));
    page_section_end(page);
    return NULL;
}
