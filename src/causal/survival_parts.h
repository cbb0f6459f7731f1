#ifndef HUELLA_CAUSAL_SURVIVAL_PARTS_H
#define HUELLA_CAUSAL_SURVIVAL_PARTS_H

/* What the estimators of durations share and others do not see. */

#include "huella/causal/survival.h"
#include "huella/numerics/sums.h"

/* ---- survival_rows.c: which rows of the table take part ---- */

/* A column of the design: a column, the product of two, or the dummy of one level of texts. */
typedef struct surv_covariate {
    const char *name;
    const hu_column *a, *b;
    const uint32_t *code; /* levels by row of the table, where the column holds texts */
    uint32_t level;
} surv_covariate;

typedef struct surv_rows {
    const hu_table *table;
    const hu_column *start, *stop, *event, *treated_at, *cluster, *strata, *weights, *within;
    surv_covariate *covariates;
    size_t n_covariates;
    uint32_t *row; /* n: rows of the table that are complete */
    size_t n, dropped;
} surv_rows;

hu_error *surv_rows_select(const hu_table *table, const hu_survival_columns *columns, hu_arena *arena, surv_rows *rows);
double surv_covariate_value(const surv_covariate *covariate, size_t row);

void surv_warn(hu_arena *arena, const char ***warnings, size_t *count, const char *message);
double surv_weight(const hu_survival *data, size_t i);

/* ---- survival_steps.c: the risk set as time goes on ---- */

/* One time at which rows of a stratum end, with the sums of weights there. */
typedef struct surv_step {
    double time, at_risk; /* at risk just before */
    double *died;         /* causes + 1: weights of those that ended by each; [0] all causes together */
    size_t from, to;      /* the rows that end here */
    size_t entered;       /* data->entry below this index have come in before `time` */
    hu_sum weight;        /* of those at risk, running */
} surv_step;

/* Walks forward: `step` starts as surv_first; false at the end of the stratum. */
surv_step surv_first(const hu_survival *data, size_t stratum, hu_arena *arena);
bool surv_next(const hu_survival *data, size_t stratum, surv_step *step);

/* ---- survival_risk.c: the risk set from the last time to the first ---- */

/* Sums of r, r x and r x x' (lower triangle) over rows, r = w exp(x b). */
typedef struct cox_sums {
    double s0, *s1, *s2; /* s1 k; s2 k x k, row-major, or NULL when not wanted */
    size_t rows;
} cox_sums;

/*
 * Fine-Gray: who ended by another cause stays at risk. At t it weighs stay(t) / stay(its own end), stay being G(t-).
 * Cox: `stay` is NULL.
 */
typedef struct cox_model {
    const hu_survival *data;
    hu_ties ties;
    uint32_t cause;
    const double *stay; /* n: G(t-) at each row's stop, or NULL */
    size_t k, events;
} cox_model;

/* The walk: `at` are the rows at risk at `time`, `dead` those with the event there. */
typedef struct cox_risk {
    const cox_model *model;
    const double *r;                       /* n: w exp(x b) */
    size_t stratum, k, next, entry, ghost; /* rows, entries and ghosts below are still to come or to go */
    double time, stay;
    size_t from, to; /* the rows that end at `time` */
    size_t deaths;   /* with the event; their weight: */
    double weight;
    cox_sums alive, ghosts, at, dead;
    /* Told of each row that comes or goes, before the sums change; NULL = nobody. */
    void (*seen)(void *context, size_t row, bool ghost, bool comes);
    void *context;
} cox_risk;

void cox_risk_start(cox_risk *risk, const cox_model *model, const double *r, bool squares, hu_arena *arena);
void cox_risk_stratum(cox_risk *risk, size_t stratum);
/* The next time, backwards, at which events of the cause come; false after the first. */
bool cox_risk_next(cox_risk *risk);
bool cox_is_ghost(const cox_model *model, size_t row);

/* r at b (k standardised coefficients), n values; false where they are not finite. */
bool cox_relative_risk(const cox_model *model, const double *b, double *r);

/* ---- survival_likelihood.c ---- */

/* Log likelihood, score, information; with g(t) also sums of score and information weighted by g and g squared. */
typedef struct cox_moments {
    double loglik, *u, *info;      /* k; k x k */
    double *ug, *info_g, *info_gg; /* NULL = not wanted */
} cox_moments;

/* g   n: a function of time, at each row's stop; NULL unless wanted. loglik is NaN where risks overflow. */
void cox_moments_at(const cox_model *model, const double *b, const double *g, cox_moments *out);
cox_moments cox_moments_new(size_t k, bool with_g, hu_arena *arena);

/* ---- survival_robust.c ---- */

/* Score residuals summed by cluster, clusters x k, row-major. */
void cox_scores(const cox_model *model, const double *b, double *scores);

/* ---- survival_cox.c ---- */

/* A fit in standardised covariates. */
typedef struct cox_fit {
    double *b;       /* k; 0 where dropped */
    bool *dropped;   /* k: combinations of those before, or never different among those at risk together */
    double *inverse; /* k x k: of the information; zero where dropped */
    double loglik[2], score;
    size_t rank;
    int iterations;
} cox_fit;

hu_error *cox_newton(const cox_model *model, hu_arena *arena, cox_fit *fit);
/* Inverse of the information without rows and columns that are dropped. */
bool cox_invert(const double *info, size_t k, const bool *dropped, double *inverse);
/* scores: clusters x k; errors, tests and intervals of a fit in the units of the covariates. */
void cox_report(const cox_model *model, const cox_fit *fit, const double *scores, double level, hu_arena *arena,
                hu_cox_result *result);

/* survival_zph.c */
void cox_proportional(const cox_model *model, const cox_fit *fit, hu_arena *arena, hu_cox_result *result);

#endif
