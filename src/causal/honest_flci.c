/*
 * The shortest confidence interval of fixed length under smoothness (Rambachan & Roth 2023, section 4.2; Armstrong &
 * Kolesár 2018): a'beta_pre + l'beta_post +- sd cv(bias / sd), cv the quantile of |N(bias / sd, 1)|.
 *
 * Linear trends must drop out. In slopes, with U_k the sums of weights on the slopes up to the k-th before treatment:
 * a_k = U_k - 2 U_{k-1} + U_{k-2}, U_pre = sum t l_t, worst bias M (sum_k |U_k| + what l alone leaves). So for each
 * price nu of bias the best U minimises variance + nu sum |U_k|, a lasso in pre - 1 dimensions, and the interval is
 * the shortest of that path.
 */

#include "honest_parts.h"

#include "huella/numerics/distributions.h"

#include <math.h>
#include <string.h>

typedef struct flci {
    const hu_trends *trends;
    size_t n;          /* pre - 1 free U */
    double *q, *c;     /* variance = u'q u + 2 c'u + constant */
    double constant;   /* at u = 0 */
    double last, rest; /* U_pre; bias / M that l alone leaves, |U_pre| with it */
    double *u;
} flci;

/* How the estimates enter for U: a, then l. `free` has n values, U_pre comes after. */
static void weights_of(const flci *f, const double *free, double last, bool with_l, double *w)
{
    const hu_trends *t = f->trends;
    double u[3] = {0}; /* U_{k-2}, U_{k-1}, U_k */
    for (size_t k = 0; k < t->pre; k++) {
        u[0] = u[1];
        u[1] = u[2];
        u[2] = k < f->n ? free[k] : last;
        w[k] = u[2] - 2 * u[1] + u[0];
    }
    for (size_t s = 0; s < t->post; s++)
        w[t->pre + s] = with_l ? t->weight[s] : 0;
}

static double product(const hu_trends *t, const double *a, const double *b)
{
    size_t periods = t->pre + t->post;
    double sum = 0;
    for (size_t i = 0; i < periods; i++)
        for (size_t j = 0; a[i] != 0 && j < periods; j++)
            sum += a[i] * t->sigma[i + j * periods] * b[j];
    return sum;
}

static void prepare(flci *f, const hu_trends *trends, hu_arena *arena)
{
    size_t n = trends->pre - 1, periods = trends->pre + trends->post;
    *f = (flci){.trends = trends,
                .n = n,
                .q = HU_NEW_ARRAY(arena, double, n *n + 1),
                .c = HU_NEW_ARRAY(arena, double, n + 1),
                .u = HU_NEW_ARRAY(arena, double, n + 1)};
    for (size_t t = 0; t < trends->post; t++)
        f->last += (double)(t + 1) * trends->weight[t];
    f->rest = fabs(f->last);
    double tail = 0, reach = 0; /* sums of l from s on, and of those sums: from the end */
    for (size_t s = trends->post; s-- > 1;) {
        tail += trends->weight[s];
        reach += tail;
        f->rest += fabs(reach);
    }
    double *base = HU_NEW_ARRAY(arena, double, periods), *zero = HU_NEW_ARRAY(arena, double, n + 1);
    double **unit = HU_NEW_ARRAY(arena, double *, n + 1);
    weights_of(f, zero, f->last, true, base);
    f->constant = product(trends, base, base);
    for (size_t k = 0; k < n; k++) {
        double *one = HU_NEW_ARRAY(arena, double, n + 1);
        one[k] = 1;
        unit[k] = HU_NEW_ARRAY(arena, double, periods);
        weights_of(f, one, 0, false, unit[k]);
        f->c[k] = product(trends, unit[k], base);
        for (size_t j = 0; j <= k; j++)
            f->q[j + k * n] = f->q[k + j * n] = product(trends, unit[k], unit[j]);
    }
}

/* Coordinate descent on u'q u + 2 c'u + nu sum |u|, from where u is. */
static void descend(flci *f, double nu)
{
    enum { MOST = 100000 };
    for (int step = 0; step < MOST; step++) {
        double moved = 0, size = 0;
        for (size_t k = 0; k < f->n; k++) {
            double gradient = f->c[k], pivot = f->q[k + k * f->n];
            for (size_t j = 0; j < f->n; j++)
                if (j != k)
                    gradient += f->q[j + k * f->n] * f->u[j];
            double u = !(pivot > 0) || fabs(gradient) <= nu / 2 ? 0 : -(gradient - copysign(nu / 2, gradient)) / pivot;
            moved = fmax(moved, fabs(u - f->u[k]));
            size = fmax(size, fabs(u));
            f->u[k] = u;
        }
        if (moved <= 1e-12 * fmax(size, fabs(f->last)))
            return;
    }
}

/* The level's quantile of |N(bias, 1)|. */
static double folded_quantile(double level, double bias)
{
    double low = 0, high = bias + hu_normal_quantile(0.5 + level / 2) + 1;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        double x = (low + high) / 2;
        if (hu_normal_below(x - bias) - hu_normal_below(-x - bias) < level)
            low = x;
        else
            high = x;
    }
    return (low + high) / 2;
}

static double half_length(flci *f, double nu, double m, double level)
{
    double bias = f->rest, variance = f->constant;
    descend(f, nu);
    for (size_t k = 0; k < f->n; k++) {
        bias += fabs(f->u[k]);
        variance += 2 * f->c[k] * f->u[k];
        for (size_t j = 0; j < f->n; j++)
            variance += f->q[j + k * f->n] * f->u[j] * f->u[k];
    }
    double sd = sqrt(fmax(variance, 0));
    return sd > 0 ? sd * folded_quantile(level, m * bias / sd) : m * bias;
}

/* Golden section over the price of bias, from none to where every U is zero; the half-length has one valley there. */
static double best_price(flci *f, double m, double level)
{
    const double golden = (sqrt(5) - 1) / 2;
    double low = 0, high = 0;
    for (size_t k = 0; k < f->n; k++)
        high = fmax(high, 2 * fabs(f->c[k]));
    if (m == 0 || high == 0)
        return 0;
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double at_a = half_length(f, a, m, level), at_b = half_length(f, b, m, level);
    for (int i = 0; i < 80; i++)
        if (at_a <= at_b) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - golden * (high - low);
            at_a = half_length(f, a, m, level);
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + golden * (high - low);
            at_b = half_length(f, b, m, level);
        }
    return (low + high) / 2;
}

hu_error *hu_honest_flci(const hu_trends *trends, double m, double level, hu_effect *interval, double *weights)
{
    HU_SCRATCH(scratch);
    flci f;
    if (trends->pre < 1 || trends->post < 1)
        return hu_fail(HU_USAGE, "an interval under smoothness needs a period before and one after the reference");
    prepare(&f, trends, scratch);
    double *w = HU_NEW_ARRAY(scratch, double, trends->pre + trends->post), estimate = 0;
    double half = half_length(&f, best_price(&f, m, level), m, level);
    weights_of(&f, f.u, f.last, true, w);
    for (size_t j = 0; j < trends->pre + trends->post; j++)
        estimate += w[j] * trends->beta[j];
    if (weights)
        memcpy(weights, w, trends->pre * sizeof *w);
    *interval =
        (hu_effect){estimate, sqrt(fmax(product(trends, w, w), 0)), estimate - half, estimate + half, NAN, NAN, NAN};
    return NULL;
}
