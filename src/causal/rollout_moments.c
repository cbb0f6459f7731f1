/* What a permutation needs of the data: two numbers a unit and cohort, from which sums make estimate and variance. */

#include "rollout_parts.h"

#include <math.h>

/* Weights of one cohort times one unit's series. */
static double apply(const double *weights, const double *series, size_t periods)
{
    double sum = 0;
    for (size_t t = 0; t < periods; t++)
        sum += weights[t] * series[t];
    return sum;
}

/* The mean over units in each period. */
static double *means_of(const did_panel *p, hu_arena *arena)
{
    double *mean = HU_NEW_ARRAY(arena, double, p->periods);
    for (size_t u = 0; u < p->units; u++)
        for (size_t t = 0; t < p->periods; t++)
            mean[t] += p->y[u * p->periods + t] / (double)p->units;
    return mean;
}

void rollout_parts_build(const rollout *r, const rollout_weights *w, bool status, hu_arena *arena, rollout_parts *parts)
{
    const did_panel *p = &r->panel;
    HU_SCRATCH(scratch);
    /* Outcomes less their period's mean: nothing changes, for weights add up to zero in each period. */
    double *mean = means_of(p, scratch), *y = HU_NEW_ARRAY(scratch, double, p->periods);
    double *treated = HU_NEW_ARRAY(scratch, double, p->periods);
    *parts = (rollout_parts){p->units, p->cohorts, status, status ? 4 : 2, NULL};
    parts->value = HU_NEW_ARRAY(arena, double, p->units * p->cohorts * parts->width);
    for (size_t u = 0; u < p->units; u++) {
        for (size_t t = 0; t < p->periods; t++)
            y[t] = p->y[u * p->periods + t] - mean[t];
        for (size_t t = 0; status && t < p->periods; t++)
            treated[t] = t >= r->from[p->cohort_of[u]];
        for (size_t g = 0; g < p->cohorts; g++) {
            double *value = parts->value + (u * p->cohorts + g) * parts->width;
            const double *theta = w->theta + g * p->periods, *pre = w->pre + g * p->periods;
            value[0] = apply(theta, y, p->periods);
            value[1] = apply(pre, y, p->periods);
            if (status) {
                value[2] = apply(theta, treated, p->periods);
                value[3] = apply(pre, treated, p->periods);
            }
        }
    }
}

enum { SUMS = 4 + 10 + 1 }; /* of four parts, of their ten products, and the number of units */

size_t rollout_room(const rollout_parts *parts)
{
    return parts->cohorts * SUMS;
}

static void add_up(const rollout_parts *parts, const uint32_t *label, double *sums)
{
    size_t width = parts->width;
    for (size_t i = 0; i < parts->cohorts * SUMS; i++)
        sums[i] = 0;
    for (size_t u = 0; u < parts->units; u++) {
        const double *value = parts->value + (u * parts->cohorts + label[u]) * width;
        double *sum = sums + label[u] * SUMS, *product = sum + 4;
        sum[SUMS - 1]++;
        for (size_t a = 0; a < width; a++) {
            sum[a] += value[a];
            for (size_t b = 0; b <= a; b++)
                *product++ += value[a] * value[b];
        }
    }
}

/* Zero where what is left of the products is rounding. */
static double covariance(double products, double a, double b, double n)
{
    double centred = products - a * b / n;
    return fabs(centred) > 1e-12 * fabs(products) ? centred / (n - 1) : 0;
}

rollout_moments rollout_parts_moments(const rollout_parts *parts, const uint32_t *label, double *room)
{
    rollout_moments m = {0};
    add_up(parts, label, room);
    for (size_t g = 0; g < parts->cohorts; g++) {
        const double *sum = room + g * SUMS, *product = sum + 4;
        double n = sum[SUMS - 1], cov[10] = {0};
        if (n == 0)
            continue;
        m.theta[0] += sum[0] / n;
        m.x[0] += sum[1] / n;
        m.theta[1] += sum[2] / n;
        m.x[1] += sum[3] / n;
        if (n == 1)
            continue;
        for (size_t a = 0, at = 0; a < parts->width; a++)
            for (size_t b = 0; b <= a; b++, at++)
                cov[at] = covariance(product[at], sum[a], sum[b], n) / n;
        /* in order: 00 10 11 20 21 22 30 31 32 33, for theta and x of outcomes (0, 1) and of status (2, 3) */
        m.tt[0] += cov[0];
        m.tx[0] += cov[1];
        m.xx[0] += cov[2];
        m.tt[1] += 2 * cov[3];
        m.tx[1] += cov[4] + cov[6];
        m.xx[1] += 2 * cov[7];
        m.tt[2] += cov[5];
        m.tx[2] += cov[8];
        m.xx[2] += cov[9];
    }
    return m;
}

static double quadratic(const double c[3], double effect)
{
    return c[0] - effect * (c[1] - effect * c[2]);
}

rollout_value rollout_at(const hu_rollout_options *options, const rollout_moments *m, double effect)
{
    double tt = quadratic(m->tt, effect), tx = quadratic(m->tx, effect), xx = quadratic(m->xx, effect);
    rollout_value v = {.beta = options->beta == HU_BETA_NUMBER ? options->beta_number : 1};
    if (options->beta == HU_BETA_EFFICIENT)
        v.beta = xx > 0 ? tx / xx : 0;
    v.estimate = m->theta[0] - effect * m->theta[1] - v.beta * (m->x[0] - effect * m->x[1]);
    v.variance = tt - v.beta * (2 * tx - v.beta * xx);
    return v;
}
