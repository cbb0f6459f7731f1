/* Families of tests. */

#include "huella/numerics/families.h"

#include "huella/numerics/order.h"

#include <math.h>
#include <string.h>

/* Step-up from the largest p: the smallest so far of factor(rank) * p. Step-down from the smallest: the largest so far.
 */
static double factor(hu_adjustment adjustment, size_t rank, size_t n)
{
    double harmonic = 0;
    switch (adjustment) {
    case HU_HOLM:
    case HU_HOCHBERG:
        return (double)(n - rank);
    case HU_BONFERRONI:
        return (double)n;
    case HU_BY:
        for (size_t i = 1; i <= n; i++)
            harmonic += 1 / (double)i;
        return harmonic * (double)n / (double)(rank + 1);
    case HU_BH:
        break;
    }
    return (double)n / (double)(rank + 1);
}

void hu_adjust_p(const double *p, size_t n, hu_adjustment adjustment, double *out)
{
    HU_SCRATCH(scratch);
    double *known = HU_NEW_ARRAY(scratch, double, n + 1);
    size_t *place = HU_NEW_ARRAY(scratch, size_t, n + 1), m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i])) {
            place[m] = i;
            known[m++] = p[i];
        } else {
            out[i] = NAN;
        }
    uint32_t *order = hu_order_numbers(known, m, scratch); /* rank 0: the smallest */
    bool up = adjustment != HU_HOLM && adjustment != HU_BONFERRONI;
    double bound = up ? 1 : 0;
    for (size_t i = 0; i < m; i++) {
        size_t rank = up ? m - 1 - i : i;
        double adjusted = fmin(1, factor(adjustment, rank, m) * known[order[rank]]);
        bound = adjustment == HU_BONFERRONI ? adjusted : up ? fmin(bound, adjusted) : fmax(bound, adjusted);
        out[place[order[rank]]] = bound;
    }
}

/* Replaces |statistics| of one test by minus the share of draws that are at least as extreme: larger is more extreme.
 */
static void to_shares(double *column, uint64_t draws, double *observed, bool exact, double close)
{
    HU_SCRATCH(scratch);
    uint32_t *order = hu_order_numbers(column, draws, scratch);
    double *share = HU_NEW_ARRAY(scratch, double, draws), own = exact ? 0 : 1, all = (double)draws + own;
    uint64_t start = 0, below = 0;
    for (uint64_t i = 0; i < draws; i++) { /* start: the first of those tied with i from below */
        while (column[order[start]] < column[order[i]] - close)
            start++;
        share[order[i]] = -((double)(draws - start) + own) / all;
        below += column[order[i]] < *observed - close;
    }
    *observed = -((double)(draws - below) + own) / all;
    memcpy(column, share, draws * sizeof *column);
}

void hu_step_down_p(const double *drawn, uint64_t draws, size_t n, const double *observed, bool exact,
                    hu_step_down method, double *out)
{
    HU_SCRATCH(scratch);
    double *column = HU_NEW_ARRAY(scratch, double, draws *n + 1), *seen = HU_NEW_ARRAY(scratch, double, n + 1);
    double *close = HU_NEW_ARRAY(scratch, double, n + 1), *most = HU_NEW_ARRAY(scratch, double, draws + 1);
    size_t *place = HU_NEW_ARRAY(scratch, size_t, n + 1), m = 0;
    for (size_t j = 0; j < n; j++) {
        out[j] = NAN;
        if (isnan(observed[j]))
            continue;
        double *c = column + m * draws, largest = fabs(observed[j]);
        for (uint64_t i = 0; i < draws; i++) {
            c[i] = isnan(drawn[i * n + j]) ? INFINITY : fabs(drawn[i * n + j]);
            largest = isfinite(c[i]) ? fmax(largest, c[i]) : largest;
        }
        seen[m] = fabs(observed[j]);
        close[m] = 1e-10 * largest;
        if (method == HU_WESTFALL_YOUNG) {
            to_shares(c, draws, &seen[m], exact, close[m]);
            close[m] = 0;
        }
        place[m++] = j;
    }
    /* From the least extreme test up, so that `most` is over those that are left when a test's turn comes. */
    uint32_t *order = hu_order_numbers(seen, m, scratch);
    double *p = HU_NEW_ARRAY(scratch, double, m + 1), bound = 0, own = exact ? 0 : 1;
    for (uint64_t i = 0; i < draws; i++)
        most[i] = -INFINITY;
    for (size_t r = 0; r < m; r++) {
        const double *c = column + order[r] * draws;
        uint64_t extreme = 0;
        for (uint64_t i = 0; i < draws; i++) {
            most[i] = fmax(most[i], c[i]);
            extreme += most[i] >= seen[order[r]] - close[order[r]];
        }
        p[r] = ((double)extreme + own) / ((double)draws + own);
    }
    for (size_t r = m; r-- > 0;) {
        bound = fmax(bound, p[r]);
        out[place[order[r]]] = bound;
    }
}
