/* Krippendorff's alpha. */

#include "huella/measures/krippendorff.h"

#include "huella/base/random.h"
#include "huella/numerics/factor.h"
#include "huella/numerics/order.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 2000 };

/* The values that can be paired, unit after unit, as numbers of distinct values in ascending order. */
typedef struct ratings {
    size_t units, values, kinds;
    size_t *first;  /* units + 1 */
    uint32_t *kind; /* values */
    double *number; /* kinds */
    hu_alpha_level level;
    double *count, *scale; /* kinds: how often each stands in a sample, and where it lies: number or mid-rank */
} ratings;

static void collect(const double *x, size_t units, size_t raters, hu_arena *arena, ratings *r)
{
    double *values = HU_NEW_ARRAY(arena, double, units *raters);
    r->first = HU_NEW_ARRAY(arena, size_t, units + 1);
    for (size_t u = 0; u < units; u++) {
        size_t from = r->values;
        for (size_t j = 0; j < raters; j++)
            if (!isnan(x[j * units + u]))
                values[r->values++] = x[j * units + u];
        if (r->values - from < 2)
            r->values = from;
        else
            r->first[++r->units] = r->values;
    }
    hu_factor kinds;
    hu_factor_numbers(values, r->values, arena, &kinds);
    r->kinds = kinds.levels;
    r->kind = kinds.code;
    r->number = HU_NEW_ARRAY(arena, double, kinds.levels);
    for (size_t k = 0; k < kinds.levels; k++)
        r->number[k] = values[kinds.first[k]];
    r->count = HU_NEW_ARRAY(arena, double, kinds.levels);
    r->scale = HU_NEW_ARRAY(arena, double, kinds.levels);
}

/* Counts of a sample of units (NULL: each once), and the places that ordinal distances rest on. */
static double set_scale(ratings *r, const size_t *sample)
{
    double n = 0;
    memset(r->count, 0, r->kinds * sizeof *r->count);
    for (size_t s = 0; s < r->units; s++)
        for (size_t u = sample ? sample[s] : s, v = r->first[u]; v < r->first[u + 1]; v++)
            r->count[r->kind[v]]++;
    for (size_t k = 0; k < r->kinds; k++) {
        r->scale[k] = r->level == HU_ALPHA_ORDINAL ? n + r->count[k] / 2 : r->number[k];
        n += r->count[k];
    }
    return n;
}

/* Sum over ordered pairs of the squared distance, of the m values whose sums are given. */
static double pairs(double m, double sum, double square)
{
    return 2 * (m * square - sum * sum);
}

/* The disagreement within a unit, over its ordered pairs, and how many of these are the same. */
static double within(const ratings *r, size_t u, double *same)
{
    double m = (double)(r->first[u + 1] - r->first[u]), sum = 0, square = 0, centre = r->scale[r->kind[r->first[u]]];
    *same = 0;
    for (size_t v = r->first[u]; v < r->first[u + 1]; v++) {
        double at = r->scale[r->kind[v]] - centre;
        sum += at;
        square += at * at;
        for (size_t other = r->first[u]; other < r->first[u + 1]; other++)
            *same += other != v && r->kind[other] == r->kind[v];
    }
    return r->level == HU_ALPHA_NOMINAL ? m * (m - 1) - *same : pairs(m, sum, square);
}

static double between(const ratings *r, double n)
{
    double sum = 0, square = 0, same = 0, centre = 0;
    for (size_t k = 0; k < r->kinds; k++)
        centre += r->count[k] * r->scale[k] / n;
    for (size_t k = 0; k < r->kinds; k++) {
        double at = r->scale[k] - centre;
        sum += r->count[k] * at;
        square += r->count[k] * at * at;
        same += r->count[k] * (r->count[k] - 1);
    }
    return r->level == HU_ALPHA_NOMINAL ? n * (n - 1) - same : pairs(n, sum, square);
}

static void compute(ratings *r, const size_t *sample, hu_krippendorff *out)
{
    double n = set_scale(r, sample), disagreement = 0, same = 0, all = 0;
    for (size_t s = 0; s < r->units; s++) {
        size_t u = sample ? sample[s] : s;
        double m = (double)(r->first[u + 1] - r->first[u]), alike;
        disagreement += within(r, u, &alike) / (m - 1);
        same += alike;
        all += m * (m - 1);
    }
    out->observed = disagreement / n;
    out->expected = between(r, n) / (n * (n - 1));
    out->agreement = same / all;
    out->alpha = out->expected > 0 ? 1 - out->observed / out->expected : NAN;
}

static void bootstrap(ratings *r, const hu_krippendorff_options *o, size_t draws, hu_krippendorff *out)
{
    HU_SCRATCH(scratch);
    double *alpha = HU_NEW_ARRAY(scratch, double, draws), tail = (1 - (o->confidence > 0 ? o->confidence : 0.95)) / 2;
    size_t *sample = HU_NEW_ARRAY(scratch, size_t, r->units), n = 0;
    for (size_t d = 0; d < draws; d++) {
        hu_random random = hu_random_start(o->seed, hu_random_stream("measures.krippendorff", d));
        for (size_t s = 0; s < r->units; s++)
            sample[s] = (size_t)hu_random_below(&random, r->units);
        hu_krippendorff drawn;
        compute(r, sample, &drawn);
        if (!isnan(drawn.alpha)) /* a sample in which all values are the same says nothing */
            alpha[n++] = drawn.alpha;
    }
    if (n < draws / 2)
        return;
    uint32_t *order = hu_order_numbers(alpha, n, scratch);
    out->lower = alpha[order[(size_t)floor(tail * (double)(n - 1))]];
    out->upper = alpha[order[(size_t)ceil((1 - tail) * (double)(n - 1))]];
}

hu_error *hu_krippendorff_alpha(const double *x, size_t units, size_t raters, const hu_krippendorff_options *options,
                                hu_krippendorff *out)
{
    HU_SCRATCH(scratch);
    ratings r = {.level = options->level};
    collect(x, units, raters, scratch, &r);
    if (r.units == 0)
        return hu_fail(HU_EMPTY, "no unit has two ratings: agreement needs units that two raters have rated");
    *out = (hu_krippendorff){.lower = NAN, .upper = NAN, .units = r.units, .values = r.values};
    compute(&r, NULL, out);
    out->lower = out->upper = NAN;
    size_t draws = options->draws ? options->draws : DRAWS;
    if (draws != SIZE_MAX && r.units >= 3 && !isnan(out->alpha))
        bootstrap(&r, options, draws, out);
    return NULL;
}
