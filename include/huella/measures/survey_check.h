#ifndef HUELLA_MEASURES_SURVEY_CHECK_H
#define HUELLA_MEASURES_SURVEY_CHECK_H

#include "huella/measures/survey.h"

/**
 * High-frequency checks of a survey while it runs, as field teams make them, and back-checks.
 *
 * The list is that of IPA's high-frequency checks: duplicates, what is required and missing, answers against the form's
 * constraints, conditions and choices, outliers (1.5 interquartile ranges beyond the quartiles, 3 standard deviations),
 * durations, enumerators whose answers or durations differ.
 */
typedef enum hu_severity { HU_MUST_BE_CORRECTED = 1, HU_SHOULD_BE_LOOKED_AT, HU_TO_KNOW } hu_severity;

typedef struct hu_finding {
    const char *check; /* "duplicate", "required", "irrelevant", "constraint", "choice", "number", "outlier",
                          "duration", "missing", "constant", "enumerator", "form", "backcheck" */
    hu_severity severity;
    size_t row;                                             /* of the export; SIZE_MAX: of the whole column or person */
    const char *id, *enumerator, *column, *what, *expected; /* NULL where it does not apply */
    double score;                                           /* within a check, what lies further off is higher */
} hu_finding;

typedef struct hu_survey_check_options {
    const char *const *ids; /* columns that together name a respondent; NULL = the key alone is checked */
    const char *enumerator; /* column, or NULL */
    const char *duration;   /* column of seconds; or NULL, then from the fields of types start and end */
    double shortest;        /* minutes; 0 = 5 */
    double most_missing;    /* share of a column; 0 = 0.3 */
    double iqr, sd;         /* 0 = 1.5, 3 */
} hu_survey_check_options;

typedef struct hu_enumerator_row {
    const char *name;
    size_t n, findings;
    double minutes, missing; /* median duration; mean share of a row's relevant fields that is missing; NaN */
} hu_enumerator_row;

typedef struct hu_survey_checked {
    hu_finding *findings; /* most serious first, then by check, score and row */
    size_t n;
    hu_enumerator_row *enumerators;
    size_t n_enumerators;
    size_t rows;
} hu_survey_checked;

/** Errors: HU_NOT_FOUND a column. What is wrong with the data is a finding, not an error. Cost: O(rows fields). */
hu_error *hu_survey_check(const hu_survey *survey, const hu_survey_check_options *options, hu_arena *arena,
                          hu_survey_checked *out);

/**
 * A second interview of some respondents against the first: a row a field that both asked.
 *
 * rate          share of pairs whose answers differ (numbers: by more than 1e-9 of their size)
 * t_p           paired t-test of numbers;  rank_p  Wilcoxon's signed-rank test: exact without ties and zeros up to 50
 *               pairs, else normal with correction for ties and continuity, as R's wilcox.test
 * reliability   1 - variance of the difference / (2 variance), the correlation of two measurements alike in spread
 */
typedef struct hu_backcheck_row {
    const char *column;
    size_t pairs, differ;
    double rate, difference, t_p, rank_p, reliability; /* NaN where it does not apply */
} hu_backcheck_row;

typedef struct hu_backcheck_person {
    const char *enumerator;
    size_t values, differ;
    double rate;
} hu_backcheck_person;

typedef struct hu_backchecked {
    size_t pairs, unmatched; /* respondents in both; back-checks that match no interview */
    hu_backcheck_row *rows;
    size_t n;
    hu_backcheck_person *persons; /* enumerators of the first interview */
    size_t n_persons;
    hu_finding *findings; /* every answer that differs */
    size_t n_findings;
} hu_backchecked;

/** Errors: HU_NOT_FOUND a column; HU_USAGE no ids; HU_BAD_INPUT an id that stands twice in either. */
hu_error *hu_survey_backcheck(const hu_survey *first, const hu_survey *second, const hu_survey_check_options *options,
                              hu_arena *arena, hu_backchecked *out);

/** Wilcoxon's signed-rank test of differences (zeros are left out): the two-sided p, see above; NaN without any. */
double hu_signed_rank_p(const double *differences, size_t n);

#endif
