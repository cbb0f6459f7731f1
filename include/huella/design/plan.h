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
    bool share;            /* values are 0 … 1: shown in per cent, effects in percentage points */
    bool given_conviction; /* measured among the convicted only: the report must say so */
    hu_outcome_role role;
} hu_plan_outcome;

typedef enum hu_plan_aggregate { HU_SIMPLE, HU_GROUP, HU_DYNAMIC, HU_CALENDAR } hu_plan_aggregate;

typedef struct hu_plan_estimator {
    const char *name;   /* "main" */
    const char *method; /* "callaway_santanna", "twfe" */
    bool not_yet_treated, universal_base, bootstrap;
    const char *adjustment;      /* "dr", "ipw", "reg" */
    const char **covariates;     /* NULL-terminated; never NULL */
    hu_plan_aggregate aggregate; /* which average of the group-time effects is the estimator's answer */
    int anticipation, draws;
    const char *cluster; /* column, default "region" */
} hu_plan_estimator;

/** When effects may be estimated: at once, once the plan is locked, or only while it is as it was locked (lock.h). */
typedef enum hu_plan_unblinding { HU_UNBLIND_OPEN, HU_UNBLIND_DECLARE, HU_UNBLIND_REFUSE } hu_plan_unblinding;

typedef struct hu_plan {
    const char *source; /* the file, for messages */
    const char *title;
    const char *judgments, *cases, *prosecutors, *rollout; /* sources; NULL = not given */
    const char *truth;                                     /* truth.json of a simulated study; NULL */
    hu_period_unit period;
    int from, to;          /* first and last period, see hu_period_of */
    int delay;             /* periods from the start of training to the first that counts as treated */
    const char **excluded; /* regions left out, NULL-terminated; never NULL */
    hu_plan_outcome *outcomes;
    size_t n_outcomes;
    hu_plan_estimator *estimators;
    size_t n_estimators; /* the first is the study's answer */
    double level;
    hu_plan_unblinding unblinding;
    uint64_t seed;
} hu_plan;

/**
 * Reads and checks study.yaml; see rules/templates/study.yaml for every key.
 *
 * Errors: HU_NOT_FOUND no such file; HU_BAD_INPUT an unknown key (with a suggestion), a value of the wrong type or not
 * in its list, a window that ends before it begins, an outcome or estimator named twice: each names file and line.
 */
hu_error *hu_plan_load(const char *path, hu_arena *arena, hu_plan **plan);

const char *hu_plan_period_name(hu_period_unit unit);            /* "half_year" */
const char *hu_plan_aggregate_name(hu_plan_aggregate aggregate); /* "simple" */

#endif
