/* Scores to probabilities; see platt.h. */

#include "platt.h"

#include <math.h>

typedef struct platt_data {
    const double *scores;
    const bool *truth, *in;
    size_t count;
    double high, low; /* targets of true and false */
} platt_data;

double platt_probability(double slope, double offset, double score)
{
    double f = slope * score + offset;
    return f >= 0 ? 1 / (1 + exp(-f)) : exp(f) / (1 + exp(f));
}

static double target(const platt_data *fit, size_t i)
{
    return fit->truth[i] ? fit->high : fit->low;
}

/* The negative log-likelihood, without overflow. */
static double objective(const platt_data *fit, double slope, double offset)
{
    double sum = 0;
    for (size_t i = 0; i < fit->count; i++) {
        if (fit->in && !fit->in[i])
            continue;
        double f = slope * fit->scores[i] + offset;
        sum += f >= 0 ? (1 - target(fit, i)) * f + log1p(exp(-f)) : -target(fit, i) * f + log1p(exp(f));
    }
    return sum;
}

/* Halves the step until the objective falls enough; false when it does not. */
static bool step(const platt_data *fit, double *slope, double *offset, double by_slope, double by_offset,
                 double descent)
{
    double before = objective(fit, *slope, *offset);
    double size = 1;
    for (int halvings = 0; halvings < 34; halvings++, size /= 2) {
        double a = *slope + size * by_slope, b = *offset + size * by_offset;
        if (objective(fit, a, b) < before + 1e-4 * size * descent) {
            *slope = a;
            *offset = b;
            return true;
        }
    }
    return false;
}

/* One Newton step; false at the optimum. */
static bool newton(const platt_data *fit, double *slope, double *offset)
{
    double h11 = 1e-12, h22 = 1e-12, h21 = 0, g1 = 0, g2 = 0;
    for (size_t i = 0; i < fit->count; i++) {
        if (fit->in && !fit->in[i])
            continue;
        double p = platt_probability(*slope, *offset, fit->scores[i]), w = p * (1 - p), d = p - target(fit, i);
        h11 += fit->scores[i] * fit->scores[i] * w;
        h22 += w;
        h21 += fit->scores[i] * w;
        g1 += fit->scores[i] * d;
        g2 += d;
    }
    if (fabs(g1) < 1e-8 && fabs(g2) < 1e-8)
        return false;
    double determinant = h11 * h22 - h21 * h21;
    double by_slope = -(h22 * g1 - h21 * g2) / determinant, by_offset = -(-h21 * g1 + h11 * g2) / determinant;
    return step(fit, slope, offset, by_slope, by_offset, g1 * by_slope + g2 * by_offset);
}

void platt_fit(const double *scores, const bool *truth, const bool *in, size_t count, double *slope, double *offset)
{
    double positive = 0, negative = 0;
    for (size_t i = 0; i < count; i++)
        if (!in || in[i])
            *(truth[i] ? &positive : &negative) += 1;
    platt_data fit = {.scores = scores,
                      .truth = truth,
                      .in = in,
                      .count = count,
                      .high = (positive + 1) / (positive + 2),
                      .low = 1 / (negative + 2)};
    *slope = 0;
    *offset = log((positive + 1) / (negative + 1));
    for (int i = 0; i < 100 && newton(&fit, slope, offset); i++)
        ;
}
