#ifndef HUELLA_CAUSAL_DID_EVENTS_H
#define HUELLA_CAUSAL_DID_EVENTS_H

/* Regressions on indicators of event time, with effects of unit and period. */

#include "did_fixed.h"

#include "huella/numerics/least_squares.h"

/** Filled by the caller: rows, effects and clusters of them, and the event times that get an indicator. */
typedef struct did_events {
    did_rows rows;
    hu_factor effects[2], cluster;
    size_t count;  /* indicators, before covariates */
    double *at;    /* their event times */
    size_t k;      /* indicators and covariates */
    double *x, *y; /* what effects of unit and period leave of them */
    double *w;
    hu_fit fit;
    size_t parameters; /* K of HU_CR1S */
    double *variance;  /* k x k */
} did_events;

/** t - G of a row; -INFINITY where it is never treated. */
double did_event_time(const did_rows *rows, size_t i);

/** Indicators of event times, then covariates, as they are: values->n x (count + values->k). */
double *did_events_columns(const did_events *events, const did_fixed *values, hu_arena *arena);

/** Regressors and outcome, then the fit and its variance (clustered, HU_CR1S). */
hu_error *did_events_fill(did_events *events, hu_arena *arena);
hu_error *did_events_fit(did_events *events, hu_arena *arena);

#endif
