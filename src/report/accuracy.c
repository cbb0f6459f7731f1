/* How often reading is right, where truth is known. */

#include "page.h"

#include <math.h>

static void share_with_interval(report_page *page, double share, double lower, double upper)
{
    hu_arena *arena = page->arena;
    hu_html_open(&page->html, "td", "class", "n", NULL);
    hu_html_text(&page->html, hu_people_percent(arena, share, 1));
    if (isfinite(lower) && isfinite(upper))
        hu_html_elementf(&page->html, "small", NULL, "%s–%s", hu_people_number(arena, 100 * lower, 1),
                         hu_people_number(arena, 100 * upper, 1));
    hu_html_close(&page->html, "td");
}

void page_accuracy(report_page *page)
{
    const hu_report_options *options = page->options;
    page_section(page, "accuracy", "Accuracy of reading");
    if (!options->n_accuracy) {
        hu_html_element(
            &page->html, "p", NULL,
            "Not known: nobody has yet compared what was read with what the judgments say. Until a random "
            "sample is labelled by hand, take the outcomes read from judgments with the caution named above.");
        page_section_end(page);
        return;
    }
    hu_html_element(
        &page->html, "p", NULL,
        "What was read from the judgments against what is known to stand in them. Precision: of the values read, "
        "the share that is right. Recall: of the values that are there, the share that was read rightly. With "
        "95 % Wilson intervals.");
    page_table(page, "Accuracy of reading, by variable", "tnnnnnn",
               (const char *const[]){"Variable", "Known", "Read", "Right", "Precision", "Recall", "F1", NULL});
    for (size_t i = 0; i < options->n_accuracy; i++) {
        const hu_report_accuracy *row = &options->accuracy[i];
        hu_html_open(&page->html, "tr", NULL);
        page_row_head(page, row->variable);
        page_number(page, hu_people_count(page->arena, row->known));
        page_number(page, hu_people_count(page->arena, row->read));
        page_number(page, hu_people_count(page->arena, row->correct));
        share_with_interval(page, row->precision, row->precision_lower, row->precision_upper);
        share_with_interval(page, row->recall, row->recall_lower, row->recall_upper);
        page_number(page, hu_people_number(page->arena, row->f1, 3));
        hu_html_close(&page->html, "tr");
    }
    page_table_end(page);
    page_section_end(page);
}
