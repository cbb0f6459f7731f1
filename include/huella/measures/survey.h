#ifndef HUELLA_MEASURES_SURVEY_H
#define HUELLA_MEASURES_SURVEY_H

#include "huella/base/dta.h"
#include "huella/measures/xlsform.h"

/**
 * An export of a survey (SurveyCTO, KoboToolbox, ODK Central; CSV) beside its form.
 *
 * A column belongs to a field by its name, by its path ("group/name", "group-name"), by its path's end, as one of
 * several answers ("name/choice", "name_choice"), or as the k-th of a repeat ("name_k"). Others (KEY, SubmissionDate)
 * pass as they are.
 */
typedef struct hu_survey_column {
    const hu_column *column;    /* of the export */
    const hu_form_field *field; /* NULL: none of the form's */
    size_t choice;              /* this column says whether it was chosen; SIZE_MAX: not such a column */
    size_t instance;            /* of a repeat that stands side by side, from 1; 0 */
} hu_survey_column;

typedef struct hu_survey {
    const hu_table *table;
    const hu_form *form;
    hu_survey_column *columns;     /* as in the table */
    const hu_column *key, *parent; /* what names a submission, and the one that a repeat belongs to; NULL */
} hu_survey;

/** Errors: HU_BAD_INPUT no column belongs to the form. */
hu_error *hu_survey_match(const hu_table *table, const hu_form *form, hu_arena *arena, hu_survey **survey);

/** The column that holds a field (not one of its answers), the first of a repeat; NULL. */
const hu_column *hu_survey_find(const hu_survey *survey, const char *field, size_t length);

typedef struct hu_survey_import {
    hu_table *table;      /* names as Stata takes them; answers as codes, several as columns of 0 and 1 */
    hu_dta_labels labels; /* of its columns and values */
    hu_table *codebook;   /* a row a column */
    size_t unlisted;      /* answers that are no choice of their list: left missing */
    const char **notes;   /* the first of each column */
    size_t n_notes;
} hu_survey_import;

/** drop: columns of the export to be left out (names, telephone numbers), NULL-terminated or NULL.
 *  Errors: HU_NOT_FOUND one of them. */
hu_error *hu_survey_clean(const hu_survey *survey, const char *const *drop, hu_arena *arena, hu_survey_import *out);

/** Whether each row of a repeat belongs to a submission: HU_BAD_INPUT names the first that does not. */
hu_error *hu_survey_check_parents(const hu_survey *submissions, const hu_survey *repeat);

#endif
