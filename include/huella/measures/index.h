#ifndef HUELLA_MEASURES_INDEX_H
#define HUELLA_MEASURES_INDEX_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Several outcomes of one kind in one number.
 *
 * Each component, its sign turned so that more is better, becomes z = (x - m) / s with the mean and standard deviation
 * of the reference rows (the control arm).
 *
 * HU_INDEX_ANDERSON   weighted mean of a row's known z, the weights 1'S^-1, S the covariances of z over all rows (pairs
 *                     of columns where both are known): what moves together counts once. Source: Anderson (2008), JASA
 *                     103(484), section 3.2 and its appendix
 * HU_INDEX_KLK        plain mean of z; a missing component takes the mean of the row's group when the row has at least
 *                     one. Source: Kling, Liebman & Katz (2007), Econometrica 75(1), section 2.2
 *
 * A row without any component has no index (NaN).
 */
typedef enum hu_index_method { HU_INDEX_ANDERSON, HU_INDEX_KLK } hu_index_method;

typedef struct hu_index_input {
    const double *x; /* n x k, column-major; NaN = missing */
    size_t n, k;
    const char *const *names; /* k, for messages */
    const double *sign;       /* k: 1 or -1; NULL = ones */
    const double *reference;  /* n: 1 = a reference row; NULL = all are */
    const double *group;      /* n: 0 or 1, the groups whose means replace what is missing; NULL = one group */
} hu_index_input;

typedef struct hu_summary_index {
    double *value; /* n */
    double *weight, *mean,
        *sd;                  /* k: weights that sum to one; of the reference, in the component's own sign and units */
    size_t complete, partial; /* rows with all components; with some */
} hu_summary_index;

/** Errors: HU_EMPTY no component, or one without two different values among the reference rows; HU_SINGULAR components
 *  that determine each other (ANDERSON). Cost: O(n k^2). */
hu_error *hu_index_make(const hu_index_input *input, hu_index_method method, hu_arena *arena, hu_summary_index *index);

#endif
