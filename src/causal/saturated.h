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

void saturated_note(hu_regression *result, hu_arena *arena, const char *text);

/** Rows of a cohort treated from the first period on have no period before: left out, with a note. */
void saturated_drop_always_treated(did_rows *rows, hu_arena *arena, hu_regression *result);

/** Fills in event_time from the effects. */
void saturated_events(saturated *d, hu_arena *scratch);

/** Coefficients "event_time=…" (rows as weights), covariates, "ATT" over event times from 0, with their errors. */
hu_error *saturated_report(saturated *d, const hu_did_columns *columns, const hu_regression_options *options,
                           hu_arena *scratch, hu_arena *arena, hu_regression *result);

#endif
