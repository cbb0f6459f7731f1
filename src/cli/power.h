#ifndef HUELLA_CLI_POWER_H
#define HUELLA_CLI_POWER_H

#include "print.h"

#include "huella/causal/power.h"
#include "huella/report/figure.h"

/** What huella power prints. */
typedef struct power_result {
    bool rollout;
    hu_power_design design; /* trials, checked */
    hu_power_rollout shape; /* rollouts */
    const double *effects;  /* n; asked for, or a grid */
    size_t n;
    double *analytic;                 /* n; NULL for rollouts */
    hu_power_point *points;           /* n; NULL = not simulated */
    double wanted;                    /* power at which the effect is asked for */
    double mde;                       /* analytic */
    double mde_simulated, mde_error;  /* interpolated; NaN */
    double null_rejected, null_error; /* at no effect; NaN */
    uint64_t assignments;
    bool exact;
    const char *source;                                        /* where icc and variance come from; NULL = options */
    double icc_lower, icc_upper, mde_icc_lower, mde_icc_upper; /* of a pilot; NaN */
    const char *vary; /* what --vary takes several values of, the effect detectable at each and power; NULL */
    size_t n_vary;
    double *vary_values, *vary_mde, *vary_power; /* n_vary, n_vary, n_vary x n */
} power_result;

/* power_vary.c: --vary NAME=A,B,C, by formula. */
hu_error *power_vary(const hu_run *run, power_result *result);
void power_vary_print(FILE *out, const power_result *result);
void power_vary_json(hu_json *json, const power_result *result);
hu_error *power_vary_draw(const hu_figure *figure, const void *context, hu_buf *out);

void power_print(const hu_run *run, const power_result *result);
hu_error *power_plot(const hu_run *run, const power_result *result);

/**
 * The rollout as the study has it: regions, cohorts, periods and cases with a known outcome, the first estimator of the
 * plan that is a group-time one, and, unless given as options, mean, sd and shares of variance from cases that were not
 * trained when opened. HU_NOT_FOUND: the plan does not name the outcome.
 */
hu_error *power_of_study(const hu_run *run, const char *outcome, hu_power_rollout *shape);

/** Numbers of a pilot's result (huella pilot --format json): icc, its interval, sd or mean of an indicator. */
hu_error *power_read_pilot(const hu_run *run, const char *path, const char *indicator, power_result *result);

#endif
