#ifndef HUELLA_NUMERICS_WITHIN_H
#define HUELLA_NUMERICS_WITHIN_H

#include "huella/numerics/factor.h"

/**
 * The within transform: takes out of each column its (weighted) projection on the levels of any number of fixed
 * effects.
 *
 * columns   n x n_columns, column-major, replaced by their residuals
 * w         n positive weights, or NULL for ones
 *
 * One effect: means of groups, exact in one pass. Several: symmetric alternating projections (Halperin 1962)
 * accelerated by conjugate gradients (Hernández-Ramos, Escalante & Raydan 2011; Correia 2017), until what changes is
 * below 1e-12 of the column's length. Errors: HU_LIMIT after 10,000 steps. Cost: O(n effects) a step.
 */
hu_error *hu_within(const hu_factor *effects, size_t n_effects, const double *w, size_t n, double *columns,
                    size_t n_columns);

/**
 * Marks rows that are alone in a level of an effect, again and again until none is left: such a row is fitted exactly
 * by its own effect, says nothing about any coefficient, and would only inflate the count of observations.
 *
 * keep   n, out: false for those rows. Returns how many they are.
 */
size_t hu_singletons(const hu_factor *effects, size_t n_effects, size_t n, bool *keep);

#endif
