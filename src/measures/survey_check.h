#ifndef HUELLA_MEASURES_SURVEY_CHECK_PARTS_H
#define HUELLA_MEASURES_SURVEY_CHECK_PARTS_H

#include "huella/measures/survey_check.h"

typedef struct checker {
    const hu_survey *survey;
    hu_survey_check_options options;
    hu_arena *arena;
    const hu_column **ids;
    size_t n_ids;
    const hu_column *enumerator;
    hu_finding *findings;
    size_t n, room;
    double *minutes;          /* rows: NaN where not known; NULL without durations */
    size_t *relevant, *empty; /* rows: fields that were to be answered, and those of them that were not */
} checker;

hu_error *checker_start(const hu_survey *survey, const hu_survey_check_options *options, hu_arena *arena, checker *c);

/** Adds a finding; who and which respondent follow from the row. */
void checker_add(checker *c, hu_finding finding);
/** The respondent of a row: the ids, else the key; NULL without either. */
const char *checker_id(const checker *c, const hu_table *table, size_t row, hu_arena *arena);
/** The cell as text without blanks around; data NULL when missing. */
hu_str checker_cell(const checker *c, const hu_column *column, size_t row, hu_arena *arena);
void checker_sort(hu_finding *findings, size_t n);

/** What the form says of answers: required, relevant, constraint, choices, numbers. */
void check_against_form(checker *c);
/** Outliers, columns that are mostly missing or always the same, durations, enumerators. */
hu_error *check_values(checker *c);

#endif
