#ifndef HUELLA_MEASURES_OUTCOMES_PARTS_H
#define HUELLA_MEASURES_OUTCOMES_PARTS_H

/* The outcomes of a community trial in their parts. */

#include "huella/measures/outcomes.h"

/** The districts of the trial, by their number in the table. */
typedef struct places {
    const hu_table *table;
    size_t n;
    const char **id;
    uint32_t *sorted;              /* by id */
    double *trained;               /* 0, 1 */
    double *officers, *population; /* NULL without the column */
} places;

typedef struct build {
    const hu_outcome_sources *sources;
    const hu_outcome_options *options;
    places places;
    hu_outcomes *out;
    hu_arena *arena;
} build;

/** Values of one outcome, each of a district, before (0) or after (1) the start. */
typedef struct measured {
    size_t n;
    const uint32_t *district;
    const uint8_t *after;
    const double *value;    /* NaN = missing */
    const uint32_t *source; /* code of the source of each, or NULL: one source */
    size_t sources;
    const char *const *source_names;
} measured;

hu_error *outcomes_read(const build *b, const char *path, hu_table **table);
/** The number of the row's district. */
hu_error *outcomes_district(const build *b, const hu_table *table, const hu_column *column, size_t row,
                            uint32_t *district);
/** The day in a cell; INT64_MIN where it is missing. */
hu_error *outcomes_day(const hu_table *table, const hu_column *column, size_t row, int64_t *day);
/** 0 of "before", 1 of "after". */
hu_error *outcomes_wave(const hu_table *table, const hu_column *column, size_t row, uint8_t *after);
/** A number from 0, 1, yes, no, true, false; NaN where missing or "unknown". */
hu_error *outcomes_yes(const hu_table *table, const hu_column *column, size_t row, double *yes);

/** The sources of a table's records, from its column `source`; nothing without one. */
hu_error *outcomes_sources(build *b, const hu_table *table, measured *v);

/** Adds the outcome: its means to the table of districts, its entry with coverage by arm. */
void outcomes_add(build *b, hu_outcome_entry entry, const measured *v);
/** The same from values that stand for districts already (before may be NULL). */
void outcomes_add_rates(build *b, hu_outcome_entry entry, const double *before, const double *after,
                        const char *refused);
/** Why arms cannot be compared by these values, or NULL. */
const char *outcomes_refusal(const build *b, const measured *v);

/** A table of units with the columns that every one has: id, district, trained, pair. */
hu_table *outcomes_unit_table(build *b, hu_outcome_table which, const hu_table *from, const char *id, size_t rows,
                              const uint32_t *row, const uint32_t *district);
void outcomes_put(build *b, hu_table *table, const char *name, const double *values);

/** Each incident's mean rating, and the raters' agreement. */
hu_error *outcomes_ratings(build *b, const hu_table *incidents, double **documentation);

hu_error *outcomes_incidents(build *b);
hu_error *outcomes_referrals(build *b);
hu_error *outcomes_scores(build *b);
hu_error *outcomes_surveys(build *b);
hu_error *outcomes_prosecutors(build *b);

/** The rows' score from items: response scores where all are 0 and 1 and `test`, else the mean of items (those with "-"
 *  reversed within their range). Adds a sentence on reliability. */
hu_error *outcomes_scale(build *b, const hu_table *table, const char *name, const char *const *items, bool test,
                         double *score, double *se);

#endif
