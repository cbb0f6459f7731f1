#ifndef HUELLA_MEASURES_OUTCOMES_H
#define HUELLA_MEASURES_OUTCOMES_H

#include "huella/base/table.h"
#include "huella/measures/items.h"
#include "huella/measures/krippendorff.h"

/**
 * The outcomes of a community trial, from the tables of a study: identification, referrals, documentation, officers'
 * knowledge and attitudes, the community's trust. docs/field-outcomes.md says what each measures, and the columns of
 * the tables.
 *
 * "After" is on or after the start of the trial (the earliest day of training unless given); what is dated counts by
 * its day, what comes in waves by its wave.
 */
typedef struct hu_outcome_sources { /* paths; NULL = there is none, then what it measures is left out */
    const char *districts;          /* must be there */
    const char *incidents, *referrals, *scores, *surveys, *prosecutors;
    const char *ratings; /* a row a rating of an incident's documentation: incident_id, rater, score */
} hu_outcome_sources;

typedef struct hu_outcome_options {
    const char *start, *from, *until; /* ISO dates or NULL: start of the trial; first and last day of observation */
    int within;                       /* days for a referral to be completed in; 0 = 30 */
    /* Items in place of one column, NULL-terminated or NULL; "-name" is reversed. */
    const char *const *knowledge_items, *const *attitude_items, *const *trust_items, *const *quality_items;
    uint64_t seed;
} hu_outcome_options;

typedef enum hu_outcome_table {
    HU_OF_INCIDENTS,
    HU_OF_REFERRALS,
    HU_OF_OFFICERS,
    HU_OF_RESPONDENTS,
    HU_OF_PROSECUTORS,
    HU_OUTCOME_TABLES
} hu_outcome_table;

/** One outcome, as the codebook has it. */
typedef struct hu_outcome_entry {
    const char *name; /* a column of the table of districts (but for prosecutors), and NAME_before */
    const char *label, *unit, *definition, *source; /* source: the file and columns it comes from */
    const char
        *unit_table; /* file and column with a value a unit: "officers.csv: knowledge"; NULL = of districts alone */
    int better;      /* 1: more is better, -1: less is better */
    size_t n[2], districts[2]; /* values and districts with one, after the start, by arm */
    double mean[2], before[2]; /* of districts' means; NaN */
    const char *refused;       /* why no effect may be taken from it, or NULL */
    const char *note;          /* what to know when reading it, or NULL */
} hu_outcome_entry;

typedef struct hu_outcomes {
    hu_table *districts;                /* a row a district: every outcome, and NAME_before where there is a baseline */
    hu_table *months;                   /* a row a district and month: officer_months, incidents, persons, rate */
    hu_table *units[HU_OUTCOME_TABLES]; /* a row an incident, referral, officer, respondent, prosecutor; NULL */
    hu_outcome_entry *entries;
    size_t n;
    int64_t start, from, until; /* days since 1970 */
    int within;
    bool has_rating;
    hu_krippendorff rating;   /* agreement on documentation */
    const char **reliability; /* sentences on scales: alpha and its interval */
    size_t n_reliability;
} hu_outcomes;

/**
 * An outcome whose measure exists in one arm only, or comes from a source that one arm does not have (column `source`
 * of incidents and referrals: an app, a log), is built but `refused`: its difference would be the instrument's.
 *
 * Errors: HU_BAD_INPUT and HU_NOT_FOUND name file, line and column: an unknown district, an impossible day, a wave that
 * is none; HU_EMPTY no district in an arm. Cost: linear in the rows, and the cost of the scales.
 */
hu_error *hu_outcomes_build(const hu_outcome_sources *sources, const hu_outcome_options *options, hu_arena *arena,
                            hu_outcomes **outcomes);

/** The codebook: a table for machines, and Markdown for people. */
hu_table *hu_outcomes_codebook(const hu_outcomes *outcomes, hu_arena *arena);
void hu_outcomes_markdown(const hu_outcomes *outcomes, hu_buf *out);

/** The table's file name: "referrals.csv". */
const char *hu_outcome_table_name(hu_outcome_table table);

#endif
