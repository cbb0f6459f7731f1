#ifndef HUELLA_CAUSAL_DID_FEW_H
#define HUELLA_CAUSAL_DID_FEW_H

/* Errors for few clusters of coefficients that a regression with fixed effects already has. */

#include "huella/causal/twfe.h"

/** The regression again, with columns of dummies for effects not nested in clusters. */
typedef struct did_few {
    hu_with_effects columns;
    hu_fit fit;
    hu_clustered *sums;
} did_few;

/** Whether the options ask for what the plain clustered variance does not give. */
bool did_few_wanted(const hu_regression_options *options);

/**
 * The options with CR2 in place of the plain error where few clusters ask for its interval by default, and its columns
 * of dummies, `rows` times about `columns`, are not too large for what nobody asked for.
 */
hu_regression_options did_few_options(const hu_regression_options *asked, size_t clusters, size_t rows, size_t columns);

/** What a regression reports with the plain error. */
typedef struct did_few_plain {
    hu_coefficient *coefficients;
    double *variance;
    const char *se_type;
} did_few_plain;

/** Keeps it before did_few_apply with did_few_options … */
did_few_plain did_few_before(const hu_regression *result, hu_arena *arena);

/**
 * … and after it: where CR2 came by default the plain errors are put back, with the intervals of CR2. An `error` that
 * tells that CR2 cannot be had becomes a warning there, and intervals stay the plain ones.
 */
hu_error *did_few_after(const did_few_plain *plain, const hu_regression_options *asked,
                        const hu_regression_options *few, hu_error *error, hu_arena *arena, hu_regression *result);

/** y, x, w: before effects were taken out. */
hu_error *did_few_fit(const double *y, const double *x, size_t n, size_t k, const double *w, const hu_factor *effects,
                      size_t n_effects, const hu_factor *cluster, const hu_regression_options *options, hu_arena *arena,
                      did_few *few);

/**
 * Puts errors, degrees of freedom and bootstraps into result->coefficients, whose estimates stand (without an error:
 * left alone), and result->variance when the correction asks for it.
 *
 * contrasts    few->columns.k x n_coefficients
 * parameters   K of HU_CR1S
 */
hu_error *did_few_apply(const did_few *few, const double *contrasts, size_t parameters, const char *cluster_name,
                        const hu_regression_options *options, hu_arena *arena, hu_regression *result);

#endif
