#ifndef HUELLA_CAUSAL_IMPUTATION_PARTS_H
#define HUELLA_CAUSAL_IMPUTATION_PARTS_H

/* What the files of the imputation estimator share. */

#include "did_fixed.h"

#include "huella/causal/imputation.h"

typedef struct imputation {
    const hu_did_columns *columns;
    double level, rounding; /* an error below `rounding` is none: did_rounding() */
    int leads;
    hu_arena *arena, *scratch;
    hu_imputation_result *result;
    did_rows rows;                       /* treated and not */
    hu_factor effects[2], cluster;       /* of rows */
    uint32_t *at_treated, *at_untreated; /* indices into rows */
    size_t treated, untreated;
    hu_factor unit_untreated, period_untreated;
    did_regression on;                   /* of untreated rows */
    uint32_t *unit, *period;             /* treated: levels of unit_untreated and period_untreated */
    did_fixed effect;                    /* treated: y becomes tau, x what is left of the covariates */
    hu_factor event, cell;               /* treated: event time, cohort and event time */
    double *event_time;                  /* events */
    double *weight_unit, *weight_period; /* how untreated rows enter an estimand; weight_unit NULL = drops out */
    double *scores;                      /* clusters x k: sums of w e x of untreated rows */
    double df, *enlarge;                 /* INFINITY = normal; clusters: by which intervals take their sums */
} imputation;

void imputation_note(imputation *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `wide`: the error that interval and p rest on. */
hu_effect imputation_effect(const imputation *m, double estimate, double se, double wide);

/* imputation_pretrends.c: effects at event times -leads ... -1 among untreated rows, and the test that all are zero. */
hu_error *imputation_pretrends(imputation *m, const did_rows *untreated);

#endif
