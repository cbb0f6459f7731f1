/* Restrictions on the difference in trends as linear inequalities. */

#include "honest_parts.h"

#include "huella/numerics/distributions.h"

#include <math.h>
#include <string.h>

/* Rows over all periods with the reference (column pre) among them, which is taken out at the end. */
typedef struct builder {
    const hu_trends *trends;
    honest_set *set;
    size_t width; /* pre + 1 + post */
} builder;

static size_t order_of(const hu_honest_options *options)
{
    return options->restriction == HU_RELATIVE_MAGNITUDES ? 1 : 2;
}

size_t honest_members(const hu_trends *trends, const hu_honest_options *options)
{
    return options->restriction == HU_SMOOTHNESS ? 1 : 2 * (trends->pre + 1 - order_of(options));
}

/* Adds `scale` times the difference of order 1 or 2 that begins at period `from`. */
static void add_difference(double *row, size_t order, size_t from, double scale)
{
    static const double difference[3][3] = {{0}, {-1, 1}, {1, -2, 1}};
    for (size_t i = 0; i <= order; i++)
        row[from + i] += scale * difference[order][i];
}

static void add_row(builder *b, const double *row, double d)
{
    size_t pre = b->trends->pre, periods = b->set->periods;
    double length = 0, *to = b->set->a + b->set->rows * periods;
    for (size_t j = 0, at = 0; j < b->width; j++) {
        length += row[j] * row[j];
        if (j != pre)
            to[at++] = row[j];
    }
    if (length < 1e-10) /* a difference that is not larger than itself */
        return;
    b->set->d[b->set->rows++] = d;
}

/* |difference| at every period is at most M, or at most the one that is largest before treatment (times M after it). */
static void add_differences(builder *b, const hu_honest_options *options, double m, size_t member, hu_arena *arena)
{
    size_t order = order_of(options), pre = b->trends->pre, largest = member / 2;
    double *row = HU_NEW_ARRAY(arena, double, b->width);
    for (int sign = 1; sign >= -1; sign -= 2)
        for (size_t from = 0; from + order < b->width; from++) {
            bool after = from + order > pre; /* reaches a period after treatment */
            memset(row, 0, b->width * sizeof *row);
            add_difference(row, order, from, sign);
            if (options->restriction != HU_SMOOTHNESS)
                add_difference(row, order, largest, (member % 2 ? 1 : -1) * (after ? m : 1));
            add_row(b, row, options->restriction == HU_SMOOTHNESS ? m : 0);
        }
}

static void add_shape(builder *b, hu_trend_shape shape, hu_arena *arena)
{
    size_t pre = b->trends->pre;
    double *row = HU_NEW_ARRAY(arena, double, b->width);
    bool sign = shape == HU_BIAS_POSITIVE || shape == HU_BIAS_NEGATIVE;
    double direction = shape == HU_BIAS_POSITIVE || shape == HU_TREND_INCREASING ? -1 : 1;
    for (size_t j = sign ? pre + 1 : 0; j < b->width - !sign; j++) {
        memset(row, 0, b->width * sizeof *row);
        if (sign)
            row[j] = direction;
        else
            add_difference(row, 1, j, direction);
        add_row(b, row, 0);
    }
}

/*
 * Only inequalities that touch a period after treatment say something about theta; those about periods before it alone
 * cost power (Rambachan & Roth, section 3.2.3, and their package). With one period after treatment smoothness keeps
 * all.
 */
static void keep_informative(const hu_trends *trends, const hu_honest_options *options, honest_set *set)
{
    size_t kept = 0;
    if (trends->post == 1 && options->restriction == HU_SMOOTHNESS)
        return;
    for (size_t r = 0; r < set->rows; r++) {
        const double *row = set->a + r * set->periods;
        bool after = false;
        for (size_t j = trends->pre; j < set->periods; j++)
            after |= row[j] != 0;
        if (!after)
            continue;
        memmove(set->a + kept * set->periods, row, set->periods * sizeof *row);
        set->d[kept++] = set->d[r];
    }
    set->rows = kept;
}

void honest_inequalities(const hu_trends *trends, const hu_honest_options *options, double m, size_t member,
                         hu_arena *arena, honest_set *set)
{
    builder b = {trends, set, trends->pre + 1 + trends->post};
    *set = (honest_set){.periods = trends->pre + trends->post,
                        .a = HU_NEW_ARRAY(arena, double, 4 * b.width * b.width),
                        .d = HU_NEW_ARRAY(arena, double, 4 * b.width)};
    add_differences(&b, options, m, member, arena);
    if (options->shape != HU_ANY_SHAPE)
        add_shape(&b, options->shape, arena);
    keep_informative(trends, options, set);
}

/* delta before treatment with its reference: pre + 1 values. */
static double before(const hu_trends *trends, size_t j)
{
    return j < trends->pre ? trends->beta[j] : 0;
}

/* L_s = sum of l from s on: how the slope into period s moves theta. */
static double tail(const hu_trends *trends, size_t from)
{
    double sum = 0;
    for (size_t t = from; t < trends->post; t++)
        sum += trends->weight[t];
    return sum;
}

void honest_bias(const hu_trends *trends, const hu_honest_options *options, double m, double bias[2])
{
    size_t pre = trends->pre, order = order_of(options);
    double largest = options->restriction == HU_SMOOTHNESS ? 1 : 0, spread = 0, centre = 0;
    for (size_t j = 0; options->restriction != HU_SMOOTHNESS && j + order <= pre; j++) {
        double d = before(trends, j + 1) - before(trends, j);
        if (order == 2)
            d = before(trends, j + 2) - before(trends, j + 1) - d;
        largest = fmax(largest, fabs(d));
    }
    double slope = pre > 0 ? -before(trends, pre - 1) : 0; /* into the reference period */
    for (size_t s = 0; s < trends->post; s++) {
        double reach = 0; /* of a change of slope at s: all later slopes */
        for (size_t r = s; r < trends->post; r++)
            reach += tail(trends, r);
        spread += fabs(order == 1 ? tail(trends, s) : reach);
        centre += order == 1 ? 0 : tail(trends, s) * slope;
    }
    bias[0] = centre - m * largest * spread;
    bias[1] = centre + m * largest * spread;
}

double hu_honest_smoothness_scale(const hu_trends *t, double level)
{
    double scale = NAN, z = hu_normal_quantile(level > 0 ? level : 0.95);
    size_t n = t->pre + t->post;
    for (size_t j = 0; j + 2 <= t->pre; j++) {
        static const double difference[] = {1, -2, 1};
        double change = 0, variance = 0;
        for (size_t a = 0; a < 3 && j + a < t->pre; a++) { /* the reference period is zero and known */
            change += difference[a] * t->beta[j + a];
            for (size_t b = 0; b < 3 && j + b < t->pre; b++)
                variance += difference[a] * difference[b] * t->sigma[j + a + (j + b) * n];
        }
        scale = fmax(isnan(scale) ? 0 : scale, fabs(change) + z * sqrt(fmax(variance, 0)));
    }
    return scale;
}

double honest_sd(const hu_trends *trends)
{
    double variance = 0;
    size_t periods = trends->pre + trends->post;
    for (size_t a = 0; a < trends->post; a++)
        for (size_t b = 0; b < trends->post; b++)
            variance +=
                trends->weight[a] * trends->weight[b] * trends->sigma[trends->pre + a + (trends->pre + b) * periods];
    return sqrt(fmax(variance, 0));
}

double honest_estimate(const hu_trends *trends)
{
    double estimate = 0;
    for (size_t t = 0; t < trends->post; t++)
        estimate += trends->weight[t] * trends->beta[trends->pre + t];
    return estimate;
}
