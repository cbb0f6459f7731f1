#ifndef HUELLA_CAUSAL_SATURATED_H
#define HUELLA_CAUSAL_SATURATED_H

/*
 * Regressions on effects of units and of cells, whose contrasts are effects by cohort and period: Sun & Abraham,
 * Wooldridge. Averages by event time are contrasts too, so one piece of code makes estimates and errors of both.
 */

#include "did_few.h"
#include "did_fixed.h"

/* One d_gt: contrasts of four cell effects, (here - base) - (here - base of the reference). */
typedef struct saturated_effect {
    uint32_t here, base, reference, reference_base; /* cells */
    double event_time, weight;
} saturated_effect;

typedef struct saturated {
    did_rows rows;
    hu_factor effects[2], cohort, cell, cluster; /* cohort: the reference is the last level */
    did_regression on;                           /* units and cells */
    saturated_effect *effect;
    size_t n_effects;
    double *event_time; /* ascending */
    size_t n_events;
    double *influence; /* clusters x coefficients */
    did_few few;       /* with options that ask for it */
} saturated;

/** What tells one saturated regression from another: its rows, its cells, and the contrasts that are its effects. */
typedef struct saturated_kind {
    hu_error *(*select_rows)(const hu_table *table, const hu_did_columns *columns, hu_arena *scratch, hu_arena *arena,
                             saturated *d, hu_regression *result);
    void (*code_cells)(saturated *d, hu_arena *scratch);
    hu_error *(*list_effects)(saturated *d, hu_arena *scratch, hu_arena *arena, hu_regression *result);
} saturated_kind;

/** The whole of it; `asked` may be NULL. Errors are those of the kind's steps and of the regression. */
hu_error *saturated_fit(const saturated_kind *kind, const hu_table *table, const hu_did_columns *columns,
                        const hu_regression_options *asked, hu_arena *arena, hu_regression **out);

void saturated_note(hu_regression *result, hu_arena *arena, const char *text);

/** Rows of a cohort treated from the first period on have no period before: left out, with a note. */
void saturated_drop_always_treated(did_rows *rows, hu_arena *arena, hu_regression *result);

/** Fills in event_time from the effects. */
void saturated_events(saturated *d, hu_arena *scratch);

#endif
