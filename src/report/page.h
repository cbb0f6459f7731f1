#ifndef HUELLA_SRC_REPORT_PAGE_H
#define HUELLA_SRC_REPORT_PAGE_H

#include "huella/report/html.h"
#include "huella/report/people.h"
#include "huella/report/report.h"
#include "study.h"

/* The page being written, and what it is written from. */
typedef struct report_page {
    hu_html html;
    const report_study *study;
    const hu_results *results;
    const hu_report_options *options;
    hu_arena *arena; /* for short texts */
} report_page;

/* The parts of the page, in order. */
void page_answer(report_page *page);             /* answer.c */
void page_cautions(report_page *page);           /* answer.c */
void page_design(report_page *page);             /* design.c */
void page_description(report_page *page);        /* describe.c */
void page_cascade(report_page *page);            /* describe.c */
void page_effects(report_page *page);            /* effects.c */
hu_error *page_event_studies(report_page *page); /* effects.c */
void page_accuracy(report_page *page);           /* accuracy.c */
void page_cells(report_page *page);              /* cells.c */
void page_cases(report_page *page);              /* cases.c */

/* Shared pieces (pieces.c) */
void page_section(report_page *page, const char *id, const char *title);
void page_section_end(report_page *page);
/* A table with a caption and its header row. Headers end with NULL; kinds has a letter for each: t text, n numbers. */
void page_table(report_page *page, const char *caption, const char *kinds, const char *const *headers);
void page_table_end(report_page *page);
void page_row_head(report_page *page, const char *text);
void page_number(report_page *page, const char *text);
/* `<a href="#id">text</a>` */
void page_link(report_page *page, const char *id, const char *text);
/* A line with an interval and its estimate over a zero line, the planted effect as a diamond; for the eye only. */
void page_interval(report_page *page, const hu_effect *effect, double planted, const char *title);

const char *page_period(report_page *page, int period);
const char *page_periods_word(const report_page *page); /* "half-years" */
const char *page_cohort(report_page *page, int cohort); /* "2022-H1", "never" */
const char *page_cell_id(report_page *page, int cohort, int period);
const char *page_period_id(report_page *page, int period);
/* "share of judged cases, in per cent" … an outcome's value for people */
const char *page_value(report_page *page, size_t outcome, double value);

#endif
