#ifndef HUELLA_CAUSAL_CASCADE_H
#define HUELLA_CAUSAL_CASCADE_H

#include "huella/causal/trial.h"

/**
 * A cascade of stages, each reached only from the one before: identified, referred, investigated, accused, judged,
 * convicted; and what a trial does to each.
 *
 * conditional     p_k, the share that reaches stage k among those who reached stage k - 1 and of whom it is known
 * unconditional   P_k = p_1 ... p_k: the share that reaches stage k, those still open counted as the others
 *
 * Both by arm, with the difference between arms: jackknifed over units of assignment, or over pairs where strata are
 * pairs (Efron & Stein 1981; t with blocks - 1, units - 2 degrees of freedom), and tested over every assignment of the
 * design (the sharp null that nobody's stages were moved).
 *
 * The effect on the last stage is the sum over stages of what each contributes: the mean, over all orders in which
 * stages could change from control to treatment, of the change when stage k does (Shapley's value; Shorrocks 2013, J.
 * Economic Inequality 11, section 3), since the effect is one of a product.
 */
typedef struct hu_cascade_part {
    double control, treatment, difference, se, df, lower, upper, p; /* NaN where nobody could reach the stage */
    hu_fisher fisher;                                               /* assignments == 0: not made */
} hu_cascade_part;

typedef struct hu_cascade_stage {
    const char *name;
    size_t at_risk[2], open[2], reached[2]; /* by arm: came from the stage before; not known yet; reached this one */
    hu_cascade_part conditional, unconditional;
    double contribution; /* to the difference of the last stage; NaN where a stage is not reached in an arm */
    double share;        /* of it */
} hu_cascade_stage;

typedef struct hu_cascade {
    size_t rows, dropped, units; /* rows with arm, unit and the first stage; left out; units of assignment */
    hu_cascade_stage *stages;    /* in their order */
    size_t n;
} hu_cascade;

/**
 * columns   outcomes: the stages in order, 1 reached, 0 not, empty not known yet (and after a 0); treatment, cluster,
 *           strata and weights as in hu_trial_estimate
 * options   level, permutations, seed, threads
 *
 * Errors: as hu_trial_estimate; HU_BAD_INPUT a stage that is not 0 or 1, or reached though the one before was not
 * (names line and columns); HU_USAGE fewer than two stages or more than 12. Cost: O(rows stages), then O(stages) an
 * assignment.
 */
hu_error *hu_cascade_estimate(const hu_table *table, const hu_trial_columns *columns, const hu_trial_options *options,
                              hu_arena *arena, hu_cascade *cascade);

#endif
