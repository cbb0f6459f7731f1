#ifndef HUELLA_CAUSAL_WITHIN_H
#define HUELLA_CAUSAL_WITHIN_H

#include "huella/base/table.h"

/**
 * Durations as outcomes of differences-in-differences, many cases still open.
 *
 * "Resolved within h": y = 1{event by h}, not known of a case that was last seen open before h. Two ways to make up for
 * those, both from Kaplan and Meier's estimate within cells of `cell` (period of opening and cohort):
 *
 * HU_CENSORING_WEIGHTS   inverse probability of censoring: known cases weigh 1 / G(min(duration, h) -), G the estimate
 * of staying uncensored, unknown ones nothing. Errors of later estimates take G as known. HU_CENSORING_PSEUDO    every
 * case counts by what it adds to its cell's estimate: y = F(h) + influence of the case on F(h), F = 1 - Kaplan-Meier.
 * The mean of a cell is the same (within a cell the weighted mean is 1 - Kaplan-Meier), and errors of later estimates
 * count that G is estimated.
 *
 * Without censoring before h both give y itself. Sources: Robins & Finkelstein (2000), Biometrics 56(3); Andersen,
 * Klein & Rosthøj (2003), Biometrika 90(1), pseudo-observations, here by the infinitesimal jackknife.
 */
typedef enum hu_censoring { HU_CENSORING_PSEUDO, HU_CENSORING_WEIGHTS } hu_censoring;

typedef struct hu_within_columns {
    const char *start; /* NULL = 0 */
    const char *stop, *event;
    const char *time, *cohort; /* cells; both as in hu_did_columns */
    const char *weights;       /* NULL = ones */
} hu_within_columns;

typedef struct hu_within_result {
    hu_table *table;               /* the rows that take part, and the columns below */
    const char *outcome, *weights; /* weights NULL where there are none */
    size_t n, known, censored;     /* rows; known at h; last seen open before it */
    size_t unreachable;            /* rows of cells in which nobody is followed up to h: left out */
    double smallest;               /* G where a weight rests on it */
    const char **warnings;
    size_t n_warnings;
} hu_within_result;

/**
 * Adds the outcome "resolved_within_h" (and, with weights, "censoring_weight") to a copy of the table. A cell in which
 * everybody is last seen before h without the curve having come down to zero says nothing about h: its rows are left
 * out, with a warning. A row with a missing value keeps it missing.
 *
 * Errors: HU_NOT_FOUND a column; HU_BAD_INPUT a negative duration, an event that is not 0 or 1; HU_USAGE h not above 0;
 * HU_EMPTY no cell reaches h. Cost: O(n log n).
 */
hu_error *hu_resolved_within(const hu_table *table, const hu_within_columns *columns, double h, hu_censoring censoring,
                             hu_arena *arena, hu_within_result **result);

/**
 * Hazards by period: a row for each period in which a case is open, from that of `start` to that of `stop` (whole
 * numbers below them), with columns "period", "age" (periods since it was opened) and "hazard" (1 in the period of its
 * event). Treatment that reaches a running case counts from that period on, and censored cases leave the risk set, so
 * nothing is to be made up for. start and stop are on the clock of periods: 9.4 is in period 9.
 *
 * Errors: as above; HU_LIMIT more than 100,000,000 rows.
 */
hu_error *hu_hazard_panel(const hu_table *table, const hu_within_columns *columns, hu_arena *arena,
                          hu_within_result **result);

#endif
