#ifndef HUELLA_CAUSAL_DID_PANEL_H
#define HUELLA_CAUSAL_DID_PANEL_H

/* A balanced panel as designs see it: units with a cohort each, observed once in every period. */

#include "did_rows.h"

typedef struct did_panel {
    size_t n, dropped;                /* rows used; rows with a missing value */
    size_t units, incomplete, always; /* left out: not in every period; treated from the first on */
    size_t periods, cohorts;
    double *times;       /* periods, ascending */
    double *cohort;      /* cohorts, ascending; INFINITY = never treated */
    uint32_t *cohort_of; /* units */
    uint32_t *row;       /* units: a row of the table at which the unit stands */
    size_t *size;        /* cohorts: units */
    double *y;           /* units x periods, row-major */
} did_panel;

typedef struct did_panel_options {
    bool keep_always; /* units treated from the first period on stay; else they are left out and noted */
    bool aggregate;   /* rows are summed up by names->cluster and period: clusters are the units */
    bool totals;      /* aggregates are sums, scaled so that their mean over clusters is that over rows; else means */
} did_panel_options;

/**
 * Builds the panel in `arena`; notes say who was left out.
 *
 * Errors: as did_rows_complete; HU_BAD_INPUT a unit twice in a period, a cohort that varies within a unit; HU_EMPTY no
 * unit in every period, nobody treated.
 */
hu_error *did_panel_build(const hu_table *table, const hu_did_columns *names, const did_panel_options *options,
                          hu_arena *arena, hu_arena *note_arena, const char ***notes, size_t *n_notes,
                          did_panel *panel);

/** The index of the first period at or after `time`; `periods` when there is none. */
size_t did_panel_period(const did_panel *panel, double time);

#endif
