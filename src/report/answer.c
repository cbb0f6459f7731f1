/* The answer in words and numbers, and what a reader must know before relying on it. */

#include "page.h"

#include <math.h>
#include <string.h>

/* The first primary outcome that has an estimate, else the first outcome. */
static size_t headline_outcome(const hu_results *results)
{
    for (size_t i = 0; i < results->n_outcomes; i++)
        if (results->outcomes[i].primary && !hu_results_at(results, i, 0)->failure)
            return i;
    return 0;
}

/* The first letter small, unless the word is an abbreviation: labels stand inside sentences. */
static const char *in_sentence(hu_arena *arena, const char *label)
{
    char *text = hu_strdup(arena, label);
    bool word = text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z');
    if (word)
        text[0] += 'a' - 'A';
    return text;
}

static void verdict(report_page *page, const hu_result_outcome *outcome, const hu_estimate *estimate)
{
    hu_html *html = &page->html;
    hu_scale scale = hu_scale_of(outcome->share);
    const hu_effect *effect = &estimate->effect;
    const char *label = in_sentence(page->arena, outcome->label);
    hu_html_open(html, "p", "class", "lead", NULL);
    if (estimate->failure || !isfinite(effect->estimate))
        hu_html_printf(html, "The data do not allow an estimate of the effect of the training on %s: %s.", label,
                       estimate->failure ? estimate->failure : "no cell of cohort and period could be compared");
    else if (!isfinite(effect->lower))
        hu_html_printf(html, "The training changed %s by an estimated %s, but how sure that is cannot be said.", label,
                       hu_people_effect(page->arena, scale, effect->estimate));
    else if (effect->lower > 0 || effect->upper < 0)
        hu_html_printf(html, "The training %s %s: in cases opened after it, by an estimated %s.",
                       effect->estimate > 0 ? "raised" : "lowered", label,
                       hu_people_effect(page->arena, scale, effect->estimate));
    else
        hu_html_printf(html,
                       "This study cannot tell whether the training changed %s. The estimate is %s, but the data are "
                       "compatible with any effect from %s%s.",
                       label, hu_people_effect(page->arena, scale, effect->estimate),
                       hu_people_interval(page->arena, scale, effect->lower, effect->upper), scale.unit);
    hu_html_close(html, "p");
}

/* What the study could have found: an effect is detected in 80 of 100 studies when it is this many standard errors. */
static const double detectable_ratio = 2.8016; /* normal quantiles of 0.975 and 0.80 */

static void hero(report_page *page, const hu_result_outcome *outcome, const hu_estimate *estimate)
{
    hu_html *html = &page->html;
    hu_arena *arena = page->arena;
    hu_scale scale = hu_scale_of(outcome->share);
    const hu_effect *effect = &estimate->effect;
    if (!isfinite(effect->estimate))
        return;
    hu_html_open(html, "div", "class", "hero", NULL);
    hu_html_element(html, "p", "figure", hu_people_effect(arena, scale, effect->estimate));
    hu_html_open(html, "div", NULL);
    hu_html_open(html, "p", NULL);
    hu_html_elementf(html, "strong", NULL, "%s", outcome->label);
    if (*outcome->unit)
        hu_html_printf(html, ", %s", outcome->unit);
    hu_html_close(html, "p");
    hu_html_elementf(
        html, "p", NULL, "%g %% interval %s%s, p %s%s. %s cases, of them %s opened after the training; %zu regions.",
        100 * page->results->level, hu_people_interval(arena, scale, effect->lower, effect->upper), scale.unit,
        effect->p < 0.001 ? "" : "= ", hu_people_p(arena, effect->p), hu_people_count(arena, estimate->n),
        hu_people_count(arena, estimate->treated), estimate->clusters);
    if (isfinite(effect->se))
        hu_html_elementf(html, "p", "quiet",
                         "With these data a true effect smaller than about %s%s would more often than one time in five "
                         "go unnoticed.",
                         hu_people_number(arena, detectable_ratio * effect->se * scale.factor, scale.decimals),
                         scale.unit);
    if (isfinite(outcome->planted))
        hu_html_elementf(html, "p", "truth", "Simulated study: the effect that was planted is %s.",
                         hu_people_effect(arena, scale, outcome->planted));
    hu_html_close(html, "div");
    hu_html_close(html, "div");
}

static void summary_row(report_page *page, size_t index)
{
    hu_html *html = &page->html;
    hu_arena *arena = page->arena;
    const hu_result_outcome *outcome = &page->results->outcomes[index];
    const hu_estimate *estimate = hu_results_at(page->results, index, 0);
    hu_scale scale = hu_scale_of(outcome->share);
    const hu_effect *effect = &estimate->effect;
    const char *interval = hu_people_interval(arena, scale, effect->lower, effect->upper);
    hu_html_open(html, "tr", NULL);
    hu_html_open(html, "th", "scope", "row", NULL);
    page_link(page, hu_printf(arena, "cells-%s", outcome->name), outcome->label);
    if (*outcome->unit)
        hu_html_elementf(html, "small", NULL, "%s%s", outcome->unit,
                         outcome->given_conviction ? "; convicted only" : "");
    hu_html_close(html, "th");
    page_number(page, hu_people_effect(arena, scale, effect->estimate));
    page_number(page, interval);
    page_number(page, hu_people_p(arena, effect->p));
    hu_html_open(html, "td", "class", "chart", NULL);
    page_interval(page, effect, outcome->planted,
                  hu_printf(arena, "%s: %s, interval %s", outcome->label,
                            hu_people_effect(arena, scale, effect->estimate), interval));
    hu_html_close(html, "td");
    hu_html_close(html, "tr");
}

void page_answer(report_page *page)
{
    const hu_results *results = page->results;
    size_t first = headline_outcome(results);
    page_section(page, "answer", "The answer");
    verdict(page, &results->outcomes[first], hu_results_at(results, first, 0));
    hero(page, &results->outcomes[first], hu_results_at(results, first, 0));
    page_table(page,
               hu_printf(page->arena, "Effect of the training on each outcome, by the estimator \"%s\"",
                         results->estimators[0].name),
               "tnnnt",
               (const char *const[]){"Outcome", "Effect",
                                     hu_printf(page->arena, "%g %% interval", 100 * results->level), "p",
                                     "Each on its own scale", NULL});
    for (size_t i = 0; i < results->n_outcomes; i++)
        summary_row(page, i);
    page_table_end(page);
    hu_html_element(&page->html, "p", "note",
                    "pp: percentage points. The dot is the estimate, the bar its interval, the upright line no effect. "
                    "An outcome's name leads to the cells and cases behind its effect.");
    if (results->n_outcomes > 1)
        hu_html_elementf(&page->html, "p", "note",
                         "%zu outcomes are tested side by side and the p-values are not corrected for that: where "
                         "nothing has an effect, one in "
                         "twenty tests still falls below 0.05.",
                         results->n_outcomes);
    page_section_end(page);
}

static void caution(report_page *page, const char *title, const char *text)
{
    hu_html *html = &page->html;
    hu_html_open(html, "li", NULL);
    hu_html_element(html, "strong", NULL, title);
    hu_html_printf(html, " %s", text);
    hu_html_close(html, "li");
}

static size_t count_regions(const report_study *study, bool trained)
{
    size_t count = 0;
    for (size_t i = 0; i < study->n_regions; i++)
        count += !study->regions[i].excluded && (study->regions[i].cohort != STUDY_NEVER) == trained;
    return count;
}

static const char *given_conviction(report_page *page)
{
    const char *list = NULL;
    for (size_t i = 0; i < page->results->n_outcomes; i++)
        if (page->results->outcomes[i].given_conviction) {
            const char *label = page->results->outcomes[i].label;
            list = list ? hu_printf(page->arena, "%s, %s", list, label) : label;
        }
    return list;
}

static void few_convictions(report_page *page)
{
    const report_study *study = page->study;
    size_t outcome = 0, judged = 0, convicted = 0, after = 0;
    while (outcome < page->results->n_outcomes && strcmp(page->results->outcomes[outcome].name, "conviction") != 0)
        outcome++;
    if (outcome == page->results->n_outcomes)
        return;
    for (size_t i = 0; i < study->n_cases; i++) {
        const study_case *one = &study->cases[i];
        bool known = one->used && isfinite(one->values[outcome]);
        judged += known;
        convicted += known && one->values[outcome] > 0;
        after += known && one->values[outcome] > 0 && study_case_treated(one);
    }
    caution(page, "Few convictions, low power.",
            hu_printf(page->arena,
                      "%s of %s judged cases ended in a conviction, %s of them opened after the training. With so few, "
                      "an effect has to be large to be seen: an interval that includes zero does not say that the "
                      "training does nothing.",
                      hu_people_count(page->arena, convicted), hu_people_count(page->arena, judged),
                      hu_people_count(page->arena, after)));
}

void page_cautions(report_page *page)
{
    hu_arena *arena = page->arena;
    size_t trained = count_regions(page->study, true), untrained = count_regions(page->study, false);
    const char *conditional = given_conviction(page);
    page_section(page, "cautions", "Read with care");
    hu_html_open(&page->html, "ul", "class", "cautions", NULL);
    caution(page, "Parallel trends are assumed.",
            "The effect is what happened in trained regions beyond what happened elsewhere. It is the effect of the "
            "training only if both would have moved alike without it. The effects before training, shown below, may "
            "cast doubt on that; they cannot prove it.");
    caution(page, "Few regions.",
            hu_printf(
                arena,
                "Training was given to regions, %zu of %zu, so regions are what the study has many or few of. With so "
                "few, intervals and p-values from the normal distribution are approximations and tend to be too sure.",
                trained, trained + untrained));
    few_convictions(page);
    if (conditional)
        caution(
            page, "Measured among the convicted only:",
            hu_printf(
                arena,
                "%s. If training changes who is convicted, cases before and after are not of the same kind, and the "
                "difference mixes both.",
                conditional));
    caution(page, "Cases still open.",
            "An outcome of the judgment is known only for cases that were judged. If training changes which cases are "
            "judged, "
            "and how soon, that shows up in every outcome.");
    caution(
        page, "Reading errors are not corrected yet.",
        "Outcomes are read from judgments by rules, which err. Errors that are alike in all regions make effects look "
        "smaller; errors that differ can make them wrong.");
    hu_html_close(&page->html, "ul");
    page_section_end(page);
}
