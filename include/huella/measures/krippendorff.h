#ifndef HUELLA_MEASURES_KRIPPENDORFF_H
#define HUELLA_MEASURES_KRIPPENDORFF_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stddef.h>
#include <stdint.h>

/**
 * Krippendorff's alpha: how far raters agree beyond chance, with any number of raters and values missing.
 *
 * alpha = 1 - D_o / D_e: disagreement within units over that between any two values. Disagreement of values c and k is
 *     nominal    1 unless c = k
 *     ordinal    the squared difference of their mid-ranks among all values
 *     interval   (c - k)^2
 * Only units with two values or more count. Source: Krippendorff (2004), Content Analysis, ch. 11.
 *
 * The interval is the percentile bootstrap over units. 0.667 is the customary floor for tentative conclusions, 0.8 for
 * firm ones; what counts is the interval's lower end.
 */
typedef enum hu_alpha_level { HU_ALPHA_NOMINAL, HU_ALPHA_ORDINAL, HU_ALPHA_INTERVAL } hu_alpha_level;

typedef struct hu_krippendorff_options {
    hu_alpha_level level;
    double confidence; /* 0 = 0.95 */
    size_t draws;      /* of the bootstrap; 0 = 2,000; SIZE_MAX = none */
    uint64_t seed;
} hu_krippendorff_options;

typedef struct hu_krippendorff {
    double alpha, lower, upper; /* alpha NaN where all values are the same; interval NaN with fewer than 3 units */
    double observed, expected;  /* disagreements */
    double agreement;           /* share of pairs of values within units that are the same */
    size_t units, values;       /* that count */
} hu_krippendorff;

/** x: units x raters, column-major (a rater's values together); NaN = not rated. Errors: HU_EMPTY no unit has two
 *  values. Cost: O(units raters) a draw. */
hu_error *hu_krippendorff_alpha(const double *x, size_t units, size_t raters, const hu_krippendorff_options *options,
                                hu_krippendorff *out);

#endif
