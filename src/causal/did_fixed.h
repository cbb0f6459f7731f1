#ifndef HUELLA_CAUSAL_DID_FIXED_H
#define HUELLA_CAUSAL_DID_FIXED_H

/* Rows as regressions with effects of unit and period see them: two-way fixed effects, Sun-Abraham, imputation. */

#include "did_rows.h"

#include "huella/causal/twfe.h"
#include "huella/numerics/two_way.h"

/** Keeps the rows for which `keep` (rows->n) is true. */
void did_rows_keep(did_rows *rows, const bool *keep);

/** Leaves out rows of weight zero: they say nothing. */
void did_rows_weighted(did_rows *rows);

/** Codes the unit (without such a column: the cohort) and the period of each row: effects[0] and [1]. */
void did_rows_effects(const did_rows *rows, hu_arena *arena, hu_factor effects[2]);

/**
 * Leaves out, again and again, rows that are alone in their unit or period, and codes both. Returns how many; a note
 * says so.
 */
size_t did_rows_drop_singletons(did_rows *rows, hu_arena *arena, hu_factor effects[2], hu_arena *note_arena,
                                const char ***notes, size_t *n_notes);

/** The clusters of rows: their column, else the unit's. */
void did_rows_clusters(const did_rows *rows, const hu_factor *unit, hu_arena *arena, hu_factor *cluster);
const char *did_cluster_name(const hu_did_columns *columns);

/** Outcome, weights (NULL without a column) and covariates (n x k, column-major) of the rows. */
typedef struct did_fixed {
    size_t n, k;
    double *y, *w, *x;
} did_fixed;
void did_rows_values(const did_rows *rows, hu_arena *arena, did_fixed *values);

/**
 * After effects were taken out of a column whose length was `before`: when what is left is rounding, it becomes exactly
 * zero. Returns whether it did.
 */
bool did_zero_absorbed(double *column, size_t n, double before);

/**
 * The regression of the outcome on effects of `many` and `few` and on the covariates, with what estimands of it need.
 * values.y and values.x become residuals: of the whole regression, and of each covariate on the effects alone.
 */
typedef struct did_regression {
    did_fixed values;
    hu_two_way *fit;
    double *a, *b;       /* effects of many and few, given covariates */
    double **a_x, **b_x; /* k: of each covariate on them */
    double *beta;        /* k; NaN where dropped */
    double *bread;       /* k x k: (x'wx)^-1 of the residuals; zero where dropped */
    size_t rank;         /* covariates not dropped */
} did_regression;
hu_error *did_regress(const did_rows *rows, const hu_factor *many, const hu_factor *few, hu_arena *arena,
                      did_regression *regression);

/** Names the covariates that were dropped. */
void did_regression_notes(const did_regression *regression, const hu_did_columns *columns, hu_arena *arena,
                          const char ***notes, size_t *n_notes);

/**
 * clusters x k: sums of w e x, one row a cluster; e and x the residuals.
 *
 * cluster   of rows `at` (NULL: 0, 1, 2 …) of a longer list, to which the regression's rows belong
 */
double *did_covariate_scores(const did_regression *regression, const hu_factor *cluster, const uint32_t *at,
                             hu_arena *arena);

/** The default 0.95, or an error when it is no share. */
hu_error *did_level(double *level);

/** An error below this is rounding: the regression fits without residuals, and there is nothing to judge it by. */
double did_rounding(const did_rows *rows);

/** Estimate, error (NaN unless above `rounding`), interval and p from the t distribution with df degrees of freedom. */
hu_coefficient did_coefficient(const char *name, double estimate, double se, double rounding, double level, double df);

#endif
