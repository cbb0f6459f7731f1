#ifndef HUELLA_SRC_REPORT_STUDY_H
#define HUELLA_SRC_REPORT_STUDY_H

#include "huella/registry/store.h"
#include "huella/report/results.h"

#include <limits.h>

/* What a report shows of the store: cases with their outcomes, judgments, and the findings that bear them. */

enum { STUDY_NEVER = INT_MAX }; /* cohort of a region that was never trained */

typedef struct study_finding {
    size_t outcome; /* index in the results */
    const char *key, *value, *rule, *document;
    const char *before, *quote, *after; /* the quote within its sentence; NULL = nothing to quote */
    double confidence;
    int page; /* 0 = unknown */
} study_finding;

typedef struct study_judgment {
    const char *document, *date, *kind, *level;
    int pages;
} study_judgment;

typedef struct study_case {
    const char *id, *region, *opened, *closed, *charge;
    int period, cohort;   /* cohort: first period that counts as treated, or STUDY_NEVER */
    bool used;            /* within the window, region not excluded */
    bool appealed;        /* a court above the first instance has decided */
    const double *values; /* one an outcome, NaN = not known */
    size_t first_judgment, n_judgments, first_finding, n_findings;
} study_case;

typedef struct study_region {
    const char *name, *folded; /* folded: for the order of names */
    int cohort;
    bool excluded;
    size_t n_cases; /* used */
} study_region;

typedef struct study_unreadable {
    const char *document, *reason;
} study_unreadable;

typedef struct report_study {
    study_case *cases; /* by case_id */
    size_t n_cases;
    study_judgment *judgments; /* by case, then date */
    size_t n_judgments;        /* linked */
    study_finding *findings;   /* by case, then outcome */
    size_t n_findings;
    study_region *regions; /* by cohort, then name */
    size_t n_regions;
    study_unreadable *unreadable;
    size_t n_unreadable;
    size_t n_read; /* judgments in the store, linked or not */
    size_t n_prosecutors, n_trained_prosecutors;
    int *cohorts; /* distinct cohorts of regions that are not excluded, in order; STUDY_NEVER last */
    size_t n_cohorts;
    int first_training; /* first cohort of all; STUDY_NEVER when nobody was trained */
} report_study;

hu_error *report_study_load(hu_store *store, const hu_results *results, hu_arena *arena, report_study **study);

/** True when the case was opened after its region's training; untrained regions: after the study's first training. */
bool study_case_after(const report_study *study, const study_case *one);
static inline bool study_case_treated(const study_case *one)
{
    return one->cohort != STUDY_NEVER && one->period >= one->cohort;
}

#endif
