#ifndef HUELLA_DESIGN_PLAN_H
#define HUELLA_DESIGN_PLAN_H

#include "huella/base/date.h"
#include "huella/base/error.h"

/** The analysis plan of a study: what study.yaml says, checked. Paths are relative to the study's folder. */
typedef enum hu_outcome_role { HU_PRIMARY, HU_SECONDARY } hu_outcome_role;

typedef struct hu_plan_outcome {
    const char *name;      /* a column of the analysis table: "conviction" */
    const char *label;     /* for people: "Conviction" */
    const char *unit;      /* "share of judged cases", "months" */
    bool given_conviction; /* measured among the convicted only: the report must say so */
    hu_outcome_role role;
} hu_plan_outcome;

typedef struct hu_plan_estimator {
    const char *name;   /* "main" */
    const char *method; /* "callaway_santanna", "twfe" */
    bool not_yet_treated, universal_base, bootstrap;
    const char *adjustment;  /* "dr", "ipw", "reg" */
    const char **covariates; /* NULL-terminated */
    int anticipation, draws;
    const char *cluster; /* column, default "region" */
} hu_plan_estimator;

typedef struct hu_plan {
    const char *title;
    const char *judgments, *cases, *prosecutors, *rollout; /* sources; NULL = not given */
    const char *truth;                                     /* truth.json of a simulated study; NULL */
    hu_period_unit period;
    int from, to; /* first and last period, see hu_period_of */
    hu_plan_outcome *outcomes;
    size_t n_outcomes;
    hu_plan_estimator *estimators;
    size_t n_estimators;
    double level;
    uint64_t seed;
} hu_plan;

/** Reads and checks study.yaml; unknown keys are refused with a suggestion, every error names file and line. */
hu_error *hu_plan_load(const char *path, hu_arena *arena, hu_plan **plan);

#endif
