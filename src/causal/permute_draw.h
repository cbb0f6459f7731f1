#ifndef HUELLA_CAUSAL_PERMUTE_DRAW_H
#define HUELLA_CAUSAL_PERMUTE_DRAW_H

/* Who was assigned which cohort: what a randomization test deals out anew. */

#include "did_rows.h"

#include "huella/causal/permute.h"

typedef struct did_draw {
    size_t units, cohorts;
    uint32_t *unit_of_row; /* rows of the table; UINT32_MAX = takes no part */
    uint32_t *label;       /* units: index of the cohort */
    uint32_t *stratum;     /* units */
    double *cohort;        /* cohorts, ascending; INFINITY = never treated */
    const char *by;
} did_draw;

/** Cohorts from `anticipation` after the last period on count as never treated. */
hu_error *did_draw_build(const hu_table *table, const hu_did_columns *columns, const hu_permute_options *options,
                         double anticipation, hu_arena *arena, did_draw *draw);

/**
 * Strata of units from a column, at the row that stands for each (name NULL: all in one); with `never` (units) those
 * for which it is true are kept apart. An error names the row where the stratum is missing.
 */
hu_error *did_draw_strata(const hu_table *table, const char *name, const uint32_t *row, size_t units, const bool *never,
                          hu_arena *arena, uint32_t *stratum);

/** Assignments of the draw, as options ask. */
hu_error *did_draw_assignments(const did_draw *draw, const hu_table *table, const hu_did_columns *columns,
                               const hu_permute_options *options, hu_arena *arena, hu_assignments **assignments);

#endif
