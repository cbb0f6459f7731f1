#ifndef HUELLA_CAUSAL_ROLLOUT_PARTS_H
#define HUELLA_CAUSAL_ROLLOUT_PARTS_H

/* What the files of the rollout estimator share; rollout.c says how they follow each other. */

#include "did_panel.h"

#include "huella/causal/rollout.h"

/* An estimand as weights on the mean outcomes of cohorts by period: cohorts x periods, row-major. */
typedef struct rollout_weights {
    double at;           /* event time; NaN else */
    double *theta, *pre; /* A_g and B_g */
} rollout_weights;

typedef struct rollout {
    const hu_rollout_options *options;
    did_panel panel;
    size_t *from; /* cohorts: index of the first treated period; periods when never */
    rollout_weights *weights;
    size_t n_weights;
    hu_arena *arena;   /* of the result */
    hu_arena *scratch; /* ends with the estimation */
    hu_rollout_result *result;
} rollout;

/* rollout_weights.c */
hu_error *rollout_weights_build(rollout *r);

/*
 * rollout_moments.c: sums over cohorts of means and of covariances / units. Index 0 is the outcome, 1 the treatment
 * status that was carried out (for sharp nulls with an effect): theta under an effect e is theta[0] - e theta[1].
 */
typedef struct rollout_moments {
    double theta[2], x[2];
    double tt[3], tx[3], xx[3]; /* of outcome and outcome, outcome and status (both ways), status and status */
} rollout_moments;
enum { ROLLOUT_MOMENTS = sizeof(rollout_moments) / sizeof(double) };

/* Estimate, variance and beta when outcomes are moved by -effect for the treated. */
typedef struct rollout_value {
    double estimate, variance, beta;
} rollout_value;
rollout_value rollout_at(const hu_rollout_options *options, const rollout_moments *m, double effect);

/* Per unit and cohort: what the unit adds to theta and x as a member of the cohort, for outcomes and for status. */
typedef struct rollout_parts {
    size_t units, cohorts;
    bool status;   /* parts of the status are there too */
    size_t width;  /* numbers a unit and cohort: 2, with status 4 */
    double *value; /* units x cohorts x width: theta, x of outcomes; theta, x of status */
} rollout_parts;
void rollout_parts_build(const rollout *r, const rollout_weights *w, bool status, hu_arena *arena,
                         rollout_parts *parts);
/* Moments under an assignment: label (units) is the index of a cohort. Cohorts of one unit add no covariance. */
rollout_moments rollout_parts_moments(const rollout_parts *parts, const uint32_t *label, double *room);
size_t rollout_room(const rollout_parts *parts); /* of `room` above */

/* rollout_variance.c: the observed assignment, with errors. */
hu_error *rollout_estimate(rollout *r, const rollout_weights *w, hu_rollout_estimate *estimate);

/* rollout_fisher.c */
hu_error *rollout_fisher(rollout *r, const hu_table *table, const hu_did_columns *columns);

#endif
