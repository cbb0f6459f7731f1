#ifndef HUELLA_CAUSAL_TRIAL_GROUPS_H
#define HUELLA_CAUSAL_TRIAL_GROUPS_H

#include "huella/causal/trial.h"

/**
 * Whether a trial's effect differs between subgroups.
 *
 * The effect in each group is that of hu_trial_estimate on its rows. Whether they differ is asked twice:
 *
 * Wald      y on groups, arm x groups, covariates and strata, with the errors of the trial: all effects equal. With two
 *           groups the t of their difference with its degrees of freedom (CR2: Satterthwaite's), else F on groups - 1
 *           and units - 1 degrees of freedom
 * exact     under "the effect is the same number for everybody" outcomes under every assignment are known but for that
 *           number. The statistic is the sum over groups of n_g (d_g - d)^2, d_g the difference between arms of y less
 *           its projection on strata and covariates. p is the largest over 201 numbers in the confidence set
 *           of the effect at level 1 - a, plus a = 0.001 (2.5 / assignments where they are fewer than 2,500): valid
 *           whatever the number is (Ding, Feller & Miller 2016, JRSS-B 78(3),
 *           theorem 3; Berger & Boos 1994). p_at_estimate is that at the estimate alone (their plug-in)
 */
typedef struct hu_trial_group {
    const char *name; /* "sex=f" */
    hu_trial_effect *effect;
    const char *note; /* why there is none, or NULL */
} hu_trial_group;

typedef struct hu_trial_interaction {
    const char *outcome;
    hu_trial_group *groups;              /* hu_trial_groups.n_groups */
    double difference, se, lower, upper; /* of two groups: the second's effect less the first's; else NaN */
    double wald, df1, df2, p;
    hu_fisher *fisher; /* p, p_at_estimate: see above; NULL = not made */
    double p_at_estimate;
} hu_trial_interaction;

typedef struct hu_trial_groups {
    const char *by;
    size_t n_groups, n;
    hu_trial_interaction *outcomes; /* n */
    const char *se_type;
} hu_trial_groups;

/**
 * by   a column of numbers or text with at most 50 values
 *
 * Errors: as hu_trial_estimate; HU_EMPTY fewer than two groups; HU_LIMIT more than 50. Cost: that of a trial for each
 * group, and for each assignment O(units x groups) for the exact test.
 */
hu_error *hu_trial_by(const hu_table *table, const hu_trial_columns *columns, const char *by,
                      const hu_trial_options *options, hu_arena *arena, hu_trial_groups **groups);

#endif
