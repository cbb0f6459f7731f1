#ifndef HUELLA_CAUSAL_READING_ERRORS_H
#define HUELLA_CAUSAL_READING_ERRORS_H

#include "huella/causal/permute.h"

/**
 * Effects on an outcome that a machine read from every row and people from a random sample of known probabilities.
 *
 * The estimator is given a corrected outcome in place of the read one, row by row
 *     y~ = g + R / pi (y - g),
 * where R = 1 on rows with a hand label y, pi is the probability with which the row came into that sample, and g is
 * what the reading predicts of y. Given y, its mean over the draw of the sample is y, whatever the reader's errors
 * depend on and however bad g is; so every estimator that is linear in the outcome (differences in differences,
 * rollouts, trials, least squares) is right on average, and its own errors, clustered or design-based, count the
 * labelling too.
 *
 * DSL: g is fitted by weighted least squares on the labelled rows of the other folds. Source: Egami, Hinck, Stewart &
 * Wei (2023), Using imperfect surrogates for downstream inference, NeurIPS 36, eq. 4; Robins, Rotnitzky & Zhao (1994).
 * PPI: g = mean(y) + lambda (read - mean(read)), lambda from 0 to 1 the one that makes labelling's part of the variance
 * least. Source: Angelopoulos, Duchi & Zrnic (2024), PPI++: Efficient prediction-powered inference, eq. 9.
 */
typedef struct hu_hand_columns {
    const char *read;               /* the outcome as the machine read it */
    const char *hand, *probability; /* what a person read, missing outside the sample; pi, needed inside it only */
    const char *const *predictors;  /* more that tells y, beside the reading (DSL); NULL-terminated, or NULL */
} hu_hand_columns;

typedef enum hu_correction_method { HU_DSL, HU_PPI } hu_correction_method;

typedef struct hu_correction_options {
    hu_correction_method method;
    int folds; /* 0 = 10 */
    int draws; /* of random signs, for label_variance and more_labels; 0 = 100 */
    uint64_t seed;
} hu_correction_options;

typedef struct hu_corrected {
    hu_correction_method method;
    size_t rows, labelled;       /* with a reading; of them with a label */
    size_t unread, unread_known; /* rows without a reading, left out; of them labelled with a value */
    hu_effect naive;             /* of the outcome as read */
    hu_effect hand_only;         /* of the labels alone: g is their mean */
    hu_effect corrected;
    double lambda;         /* PPI; NaN with DSL */
    double agreement;      /* correlation of reading and label on the labelled rows, weighted by 1/pi */
    double label_variance; /* what labelling a sample, not all, adds to corrected.se squared */
    double more_labels;    /* labels that would halve the interval; INFINITY where labelling all does not */
    const hu_table *table; /* the rows with y~ in the column `read`, NaN where left out */
} hu_corrected;

/**
 * estimate   one estimate from a table, its outcome in the column `read`; linear in it
 *
 * Errors: HU_NOT_FOUND a column; HU_BAD_INPUT a probability that is missing beside a label or not in (0, 1] (names its
 * line), a predictor that is missing; HU_EMPTY fewer than ten labels; and the estimator's. Cost: 2 draws + 3 estimates,
 * PPI 4 draws + 3.
 */
hu_error *hu_correct_reading(const hu_table *table, const hu_hand_columns *columns,
                             const hu_correction_options *options, hu_reestimate *estimate, const void *context,
                             hu_arena *arena, hu_corrected *result);

#endif
