#ifndef HUELLA_NUMERICS_FAMILIES_H
#define HUELLA_NUMERICS_FAMILIES_H

#include "huella/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/** Several tests at once: p-values adjusted over their family. */
typedef enum hu_adjustment {
    HU_HOLM,       /* Holm (1979): any dependence, errors in the family */
    HU_HOCHBERG,   /* Hochberg (1988): independent or positively dependent tests */
    HU_BONFERRONI, /* the smallest p times their number */
    HU_BH,         /* Benjamini & Hochberg (1995): false discovery rate */
    HU_BY,         /* Benjamini & Yekutieli (2001): the same under any dependence */
} hu_adjustment;

/** out (n) may be p itself. NaN stays NaN and counts for nothing. As R's p.adjust. */
void hu_adjust_p(const double *p, size_t n, hu_adjustment adjustment, double *out);

typedef enum hu_step_down {
    HU_ROMANO_WOLF, /* the largest statistic of those left: Romano & Wolf (2005), Econometrica 73(4), algorithm 4.1 */
    HU_WESTFALL_YOUNG, /* the smallest p of those left, each p from the same draws: Westfall & Young (1993), alg. 2.8 */
} hu_step_down;

/**
 * Step-down adjusted p-values from statistics under every draw of the null (assignments of a design, say), which keep
 * the dependence between outcomes.
 *
 * drawn      draws x n, row-major: statistics in absolute value count; NaN counts as extreme
 * observed   n; NaN: the test is left out and out is NaN
 * exact      all draws there are, the observed one among them: shares; else (1 + count) / (1 + draws)
 *
 * Statistics closer than 1e-10 of the largest are a tie. Cost: O(draws n log draws).
 */
void hu_step_down_p(const double *drawn, uint64_t draws, size_t n, const double *observed, bool exact,
                    hu_step_down method, double *out);

#endif
