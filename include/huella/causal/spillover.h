#ifndef HUELLA_CAUSAL_SPILLOVER_H
#define HUELLA_CAUSAL_SPILLOVER_H

#include "huella/causal/trial.h"

/**
 * Spillovers in a trial: what it does to a unit that others near it are treated.
 *
 * A unit (a cluster of the trial) is in one of four conditions: treated or not, with a treated neighbour or without.
 * The design alone says how probable each is for each unit, and for each pair of units: they are counted over all
 * assignments (or those drawn, with the real one). Effects are differences between conditions of mean outcomes over
 * the units that could have been in both, by Horvitz and Thompson's estimator, which has no bias, and Hájek's, which
 * has hardly any and varies less.
 *
 * Source: Aronow & Samii (2017), Annals of Applied Statistics 11(4): exposure mapping (sec. 3), probabilities (sec. 3),
 * estimators (eqs. 4, 14), variance that is conservative where two units can never be in the conditions at once
 * (eqs. 7-11); as Blattman, Green, Ortega & Tobón (2021), JEEA 19(4), use for hot spots. Intervals are normal.
 *
 * Whether there is any spillover is tested exactly: focal units, no two of which are neighbours, are chosen by the
 * network alone; among the assignments that leave their own arms as they are, their outcomes stay the same when there
 * is no spillover, whatever treatment does to the treated. The statistic is the covariance of their outcomes, less the
 * means of their arms, with the share of their neighbours that is treated.
 * Source: Athey, Eckles & Imbens (2018), JASA 113(521), sections 4 and 5.
 */
typedef struct hu_spillover_network {
    const hu_table *edges; /* a row a pair of units, in its first two columns; or NULL … */
    const char *latitude,
        *longitude; /* … columns of the trial's table in degrees, a unit where its rows are on average */
    double radius;  /* km: units nearer than this are neighbours */
} hu_spillover_network;

typedef enum hu_condition { /* bit 0: a treated neighbour; bit 1: treated */
                            HU_ALONE,
                            HU_EXPOSED,
                            HU_TREATED,
                            HU_TREATED_EXPOSED,
                            HU_CONDITIONS
} hu_condition;

typedef struct hu_contrast_effect {
    double estimate, se, lower, upper, p;
} hu_contrast_effect;

typedef struct hu_spillover_contrast {
    const char *name; /* "spillover": exposed - alone; "direct": treated - alone; "both"; "spillover on the treated" */
    hu_condition to, from;
    size_t units, in_to, in_from;               /* that could be in both; of them, those that were */
    hu_contrast_effect horvitz_thompson, hajek; /* NaN where a condition holds nobody */
} hu_spillover_contrast;

typedef struct hu_spillover_outcome {
    const char *outcome;
    hu_spillover_contrast contrasts[4];
    hu_fisher *test; /* of no spillover; NULL: no unit that is focal, not asked for, or a draw with its ledger */
    size_t focal;
} hu_spillover_outcome;

typedef struct hu_spillovers {
    size_t units, edges, lonely, unknown; /* lonely: without a neighbour; unknown: edges to units not in the trial */
    size_t in[HU_CONDITIONS];             /* units in each condition */
    size_t never[HU_CONDITIONS];          /* units that could not be in it */
    double least[HU_CONDITIONS];          /* smallest probability above zero */
    uint64_t assignments;
    bool exact;
    hu_spillover_outcome *outcomes;
    size_t n;
    double *probability; /* units x 4: of each condition */
} hu_spillovers;

enum { HU_SPILLOVER_MAX_UNITS = 1000 };

/**
 * Outcomes are means of each unit's rows (weighted). Strata, arms and assignments are those of the trial.
 *
 * Errors: as hu_trial_estimate; HU_USAGE no cluster column, no network, a radius not above zero; HU_BAD_INPUT a place
 * that is none (by line), an edge from a unit to itself; HU_EMPTY no two units are neighbours; HU_LIMIT more than
 * 1,000 units. Cost: O(units^2) for each assignment.
 */
hu_error *hu_trial_spillover(const hu_table *table, const hu_trial_columns *columns,
                             const hu_spillover_network *network, const hu_trial_options *options, hu_arena *arena,
                             hu_spillovers **spillovers);

#endif
