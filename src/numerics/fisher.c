/* Randomization tests: p-values from statistics under every assignment, confidence sets by inverting sharp nulls. */

#include "huella/numerics/fisher.h"

#include <math.h>

/* Two statistics that differ by less are the same but for rounding. */
static double tie(const double *values, uint64_t count, size_t width, double observed)
{
    double largest = isfinite(observed) ? fabs(observed) : 0;
    for (uint64_t i = 0; i < count; i++)
        if (isfinite(values[i * width]))
            largest = fmax(largest, fabs(values[i * width]));
    return 1e-10 * largest;
}

static double share(const hu_assignments *all, uint64_t extreme)
{
    return all->exact ? (double)extreme / (double)all->count : (1 + (double)extreme) / (1 + (double)all->count);
}

hu_fisher hu_fisher_test(const hu_assignments *all, const double *values, size_t width, double observed)
{
    double close = tie(values, all->count, width, observed);
    uint64_t both = 0, upper = 0, lower = 0, undefined = 0;
    for (uint64_t i = 0; i < all->count; i++) {
        double t = values[i * width];
        bool nan = isnan(t);
        undefined += nan;
        both += nan || fabs(t) >= fabs(observed) - close;
        upper += nan || t >= observed - close;
        lower += nan || t <= observed + close;
    }
    hu_fisher f = {.observed = observed,
                   .assignments = all->count,
                   .exact = all->exact,
                   .undefined = undefined,
                   .p = share(all, both),
                   .p_upper = share(all, upper),
                   .p_lower = share(all, lower),
                   .lower = NAN,
                   .upper = NAN};
    if (isnan(observed))
        f.p = f.p_upper = f.p_lower = NAN;
    f.mc_error = all->exact ? 0 : sqrt(f.p * (1 - f.p) / (double)all->count);
    return f;
}

typedef struct inversion {
    const hu_assignments *all;
    const double *values, *observed;
    size_t width;
    hu_null_statistic *statistic;
    const void *context;
    double alpha;
} inversion;

static bool accepted(const inversion *v, double effect)
{
    double observed = fabs(v->statistic(v->observed, effect, v->context)), close = 1e-10 * observed;
    uint64_t extreme = 0;
    for (uint64_t i = 0; i < v->all->count; i++) {
        double t = fabs(v->statistic(v->values + i * v->width, effect, v->context));
        extreme += isnan(t) || t >= observed - close;
    }
    return share(v->all, extreme) > v->alpha;
}

/* The end of the accepted effects on one side: first a rejected one in steps that double, then the jump between. */
static double find_end(const inversion *v, double estimate, double step)
{
    double in = estimate, out = estimate + step;
    int tries = 0;
    while (accepted(v, out)) {
        if (++tries > 60)
            return step > 0 ? INFINITY : -INFINITY;
        in = out;
        out = estimate + (step *= 2);
    }
    while (fabs(out - in) > 1e-9 * fmax(fabs(out), fabs(in)) && fabs(out - in) > 1e-12 * fabs(step)) {
        double middle = in + (out - in) / 2;
        if (accepted(v, middle))
            in = middle;
        else
            out = middle;
    }
    return in;
}

void hu_fisher_invert_by(const hu_assignments *all, const double *values, size_t width, const double *observed,
                         hu_null_statistic *statistic, const void *context, double estimate, double scale, double level,
                         hu_fisher *fisher)
{
    inversion v = {all, values, observed, width, statistic, context, 1 - (level > 0 ? level : 0.95)};
    fisher->level = 1 - v.alpha;
    fisher->lower = fisher->upper = NAN;
    if (!isfinite(estimate))
        return;
    double step = scale > 0 && isfinite(scale) ? scale : fmax(fabs(estimate), 1);
    fisher->upper = find_end(&v, estimate, step);
    fisher->lower = find_end(&v, estimate, -step);
}

/* A row {a, b} or {a, b, v0, v1, v2}; see the header. */
static double linear(const double *row, double effect, const void *context)
{
    (void)context;
    return row[0] - effect * row[1];
}

static double studentised(const double *row, double effect, const void *context)
{
    double a = linear(row, effect, context), v = row[2] - effect * (2 * row[3] - effect * row[4]);
    return v > 0 ? a / sqrt(v) : a == 0 ? 0 : INFINITY;
}

void hu_fisher_invert(const hu_assignments *all, const double *values, size_t width, const double *observed,
                      double level, hu_fisher *fisher)
{
    double estimate = observed[0] / observed[1];
    double spread = 0; /* of the effects that other assignments would have shown */
    for (uint64_t i = 0; i < all->count; i++)
        spread += fabs(values[i * width] - estimate * values[i * width + 1]) / (double)all->count;
    hu_fisher_invert_by(all, values, width, observed, width < 5 ? linear : studentised, NULL, estimate,
                        spread / fabs(observed[1]) / 2, level, fisher);
}
