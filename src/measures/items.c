/* Item analysis and Cronbach's alpha. */

#include "huella/measures/items.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/order.h"
#include "huella/numerics/sums.h"

#include <math.h>

static const double outer_share = 0.27;

static double covariance(const double *a, const double *b, size_t n)
{
    hu_sum sum_a = {0}, sum_b = {0}, product = {0};
    double count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i])) {
            hu_sum_add(&sum_a, a[i]);
            hu_sum_add(&sum_b, b[i]);
            count++;
        }
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i]))
            hu_sum_add(&product, (a[i] - hu_sum_value(&sum_a) / count) * (b[i] - hu_sum_value(&sum_b) / count));
    return hu_sum_value(&product) / (count - 1);
}

/* Alpha of the items but `without` (k = of all). */
static double alpha_of(const double *s, size_t k, size_t without)
{
    double trace = 0, sum = 0, m = (double)(without < k ? k - 1 : k);
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++) {
            if (a == without || b == without)
                continue;
            sum += s[a + b * k];
            trace += a == b ? s[a + b * k] : 0;
        }
    return m < 2 ? NAN : m / (m - 1) * (1 - trace / sum);
}

static double rest_correlation(const double *s, size_t k, size_t item)
{
    double with = 0, rest = 0;
    for (size_t a = 0; a < k; a++) {
        if (a == item)
            continue;
        with += s[a + item * k];
        for (size_t b = 0; b < k; b++)
            rest += b == item ? 0 : s[a + b * k];
    }
    return with / sqrt(s[item + item * k] * rest);
}

static void score_persons(const double *x, size_t n, size_t k, hu_item_analysis *out)
{
    hu_sum sum = {0}, square = {0};
    size_t scored = 0;
    for (size_t i = 0; i < n; i++) {
        double total = 0, answers = 0;
        for (size_t j = 0; j < k; j++)
            if (!isnan(x[j * n + i])) {
                total += x[j * n + i];
                answers++;
            }
        out->score[i] = answers > 0 ? total / answers : NAN;
        out->complete += answers == (double)k;
        if (answers > 0) {
            hu_sum_add(&sum, out->score[i]);
            scored++;
        }
    }
    out->n = scored;
    out->mean = hu_sum_value(&sum) / (double)scored;
    for (size_t i = 0; i < n; i++)
        if (!isnan(out->score[i]))
            hu_sum_add(&square, (out->score[i] - out->mean) * (out->score[i] - out->mean));
    out->sd = sqrt(hu_sum_value(&square) / ((double)scored - 1));
}

/* Bounds of the lower and upper persons by score: all who tie with the last one belong. */
static void outer_bounds(const hu_item_analysis *a, size_t n, double *low, double *high)
{
    HU_SCRATCH(scratch);
    double *known = HU_NEW_ARRAY(scratch, double, n + 1);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(a->score[i]))
            known[m++] = a->score[i];
    uint32_t *order = hu_order_numbers(known, m, scratch);
    size_t outer = (size_t)fmax(1, floor(outer_share * (double)m));
    *low = known[order[outer - 1]];
    *high = known[order[m - outer]];
}

static void describe(const double *x, size_t n, double low, double high, const double *score, hu_item *item)
{
    double sum[3] = {0}, count[3] = {0}; /* all, upper, lower */
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        const bool in[3] = {true, score[i] >= high, score[i] <= low};
        for (int g = 0; g < 3; g++)
            if (in[g]) {
                sum[g] += x[i];
                count[g]++;
            }
    }
    item->n = (size_t)count[0];
    item->mean = sum[0] / count[0];
    item->discrimination = sum[1] / count[1] - sum[2] / count[2];
}

hu_error *hu_items_analyse(const double *x, size_t n, size_t k, double level, hu_arena *arena, hu_item_analysis *out)
{
    HU_SCRATCH(scratch);
    if (k < 2)
        return hu_fail(HU_EMPTY, "%zu items: a scale needs two or more", k);
    *out = (hu_item_analysis){.items = HU_NEW_ARRAY(arena, hu_item, k), .score = HU_NEW_ARRAY(arena, double, n + 1)};
    score_persons(x, n, k, out);
    if (out->complete < 3)
        return hu_fail(HU_EMPTY, "%zu persons answered all %zu items: expected three or more", out->complete, k);
    double *s = HU_NEW_ARRAY(scratch, double, k *k), low, high;
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b <= a; b++)
            s[a + b * k] = s[b + a * k] = covariance(x + a * n, x + b * n, n);
    outer_bounds(out, n, &low, &high);
    for (size_t j = 0; j < k; j++) {
        describe(x + j * n, n, low, high, out->score, &out->items[j]);
        out->items[j].sd = sqrt(s[j + j * k]);
        out->items[j].rest = rest_correlation(s, k, j);
        out->items[j].alpha_without = alpha_of(s, k, j);
    }
    out->alpha = alpha_of(s, k, k);
    double tail = (1 - (level > 0 ? level : 0.95)) / 2, df1 = (double)out->complete - 1, df2 = df1 * ((double)k - 1);
    out->lower = 1 - (1 - out->alpha) * hu_f_quantile(1 - tail, df1, df2);
    out->upper = 1 - (1 - out->alpha) * hu_f_quantile(tail, df1, df2);
    return NULL;
}
