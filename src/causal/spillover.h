#ifndef HUELLA_CAUSAL_SPILLOVER_PARTS_H
#define HUELLA_CAUSAL_SPILLOVER_PARTS_H

/* Spillovers in their parts: the network, exposure probabilities, effects, the test of no spillover. */

#include "huella/causal/spillover.h"

#include "trial_parts.h"

/** Neighbours of unit u: to[first[u]] … to[first[u + 1] - 1], ascending. */
typedef struct spillover_graph {
    size_t units, *first;
    uint32_t *to;
    size_t unknown;
} spillover_graph;

hu_error *spillover_graph_make(const trial_rows *rows, const hu_spillover_network *network, hu_arena *arena,
                               spillover_graph *graph);

/** The condition of each unit under labels. */
void spillover_conditions(const spillover_graph *graph, const uint32_t *label, uint8_t *condition);

/** Shares of assignments: of unit i in condition a and unit j in condition b. */
typedef struct spillover_chances {
    size_t units;
    uint32_t *joint; /* (i * units + j) * 16 + 4 a + b, for i <= j */
    double count;
} spillover_chances;

void spillover_count(const spillover_graph *graph, const hu_assignments *all, const uint32_t *real, hu_arena *arena,
                     spillover_chances *chances);
double spillover_chance(const spillover_chances *chances, size_t i, hu_condition a, size_t j, hu_condition b);

/** Effects of one outcome (units; NaN = not known) in the contrast's two conditions. */
void spillover_effect(const spillover_chances *chances, const uint8_t *condition, const double *y, double level,
                      hu_spillover_contrast *contrast);

/** The exact test of no spillover; *fisher NULL where no unit can be focal. */
hu_error *spillover_test(const trial_rows *rows, const spillover_graph *graph, const double *y,
                         const hu_trial_options *options, hu_arena *arena, hu_fisher **fisher, size_t *focal);

#endif
