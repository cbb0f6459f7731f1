#ifndef HUELLA_NUMERICS_WILD_H
#define HUELLA_NUMERICS_WILD_H

#include "huella/numerics/few_clusters.h"

#include <stdint.h>

typedef enum hu_wild_weights { HU_RADEMACHER, HU_WEBB } hu_wild_weights;

typedef struct hu_wild_options {
    hu_wild_weights weights; /* signs; or Webb's six points, for fewer than about ten clusters */
    bool unrestricted;       /* residuals of the fit itself; else of the fit under the null */
    size_t draws;            /* 0 = 99,999; at most 2^22 */
    double null;             /* the value of the contrast that is tested */
    double level;            /* of the confidence set; 0 = 0.95 */
    uint64_t seed;
    int threads;
} hu_wild_options;

typedef struct hu_wild {
    double t, p, p_equal_tail; /* p: share of |t*| >= |t|, ties counted */
    double lower, upper;       /* the values not rejected around the estimate; infinite where none is rejected */
    size_t draws;
    bool exact;      /* all sign vectors */
    double mc_error; /* standard error of p from drawing; 0 when exact */
} hu_wild;

/**
 * The wild cluster bootstrap of one contrast: residuals of whole clusters change their signs, the t statistic is
 * recomputed. Source: Cameron, Gelbach & Miller (2008), REStat 90(3); Webb (2023), Canadian J. of Economics 56(3).
 *
 * All 2^G sign vectors are taken when they are no more than the draws asked for, in the order of a Gray code, one sign
 * changing at a time; else they are drawn, and p = (1 + count) / (1 + draws). A draw costs O(G) resp. O(G k) on sums
 * over clusters, whatever the rows: Roodman, MacKinnon, Nielsen & Webb (2019), Stata Journal 19(1), section 5. As the
 * restricted residuals are linear in the tested value, five numbers a draw serve every value, so that the confidence
 * set, by inversion of the test, costs O(draws) a value.
 *
 * factor     of the variance (hu_correction_factor): scales t, and leaves p as it is
 * contrast   sums->regressors
 *
 * Errors: HU_LIMIT draws; HU_SINGULAR the contrast has no variance (its regressor was dropped).
 */
hu_error *hu_wild_bootstrap(const hu_clustered *sums, const double *contrast, double factor,
                            const hu_wild_options *options, hu_wild *result);

#endif
