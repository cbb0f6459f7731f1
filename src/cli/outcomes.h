#ifndef HUELLA_CLI_OUTCOMES_H
#define HUELLA_CLI_OUTCOMES_H

#include "print.h"

#include "huella/causal/trial.h"
#include "huella/causal/trial_model.h"
#include "huella/measures/outcomes.h"

/* An outcome's effect on the means of districts; NULL parts where there is none. */
typedef struct outcome_effect {
    const hu_trial_effect *effect;
    const char *why_not;
    bool baseline;      /* adjusted for the outcome before */
    double holm;        /* of the exact p, over all outcomes but bounds */
    double least, most; /* of false positives: whatever the unknown are; else NaN */
} outcome_effect;

typedef struct outcomes_result {
    const hu_outcomes *outcomes;
    const char *folder;      /* NULL: nothing was written */
    outcome_effect *effects; /* one an outcome; NULL = not asked */
    hu_trial_ratios *ratios; /* of identified persons and incidents */
    const char *se_type;
} outcomes_result;

/* outcomes_effects.c */
hu_error *outcomes_effects(const hu_run *run, outcomes_result *result);

/* outcomes_print.c */
void outcomes_print(const hu_run *run, const outcomes_result *result);

#endif
