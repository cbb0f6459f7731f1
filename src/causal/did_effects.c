/* Estimands to effects: errors, intervals, uniform bands, the test of pre-trends. */

#include "did_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Quantile of sorted values by the inverse of the empirical distribution (R's type 1). */
static double quantile(const double *sorted, size_t n, double p)
{
    size_t at = (size_t)ceil((double)n * p - 1e-9);
    return sorted[at == 0 ? 0 : at - 1];
}

/* The scale of the draws: interquartile range over that of a normal, robust against the tails of few clusters. */
static double bootstrap_se(const did_run *run, size_t estimand)
{
    HU_SCRATCH(scratch);
    size_t draws = (size_t)run->options->draws;
    double *sorted = HU_NEW_ARRAY(scratch, double, draws);
    for (size_t d = 0; d < draws; d++)
        sorted[d] = run->draws[d * run->estimands.count + estimand];
    qsort(sorted, draws, sizeof *sorted, compare_numbers);
    double range = quantile(sorted, draws, 0.75) - quantile(sorted, draws, 0.25);
    return range / (hu_normal_quantile(0.75) - hu_normal_quantile(0.25));
}

static double standard_error(const did_run *run, size_t estimand)
{
    double se = run->draws ? bootstrap_se(run, estimand) : sqrt(run->variance[estimand]);
    return se > 1e-13 * run->data.scale ? se : NAN; /* below is rounding: a reference period, a constant outcome */
}

static double pointwise_critical(const did_run *run)
{
    double p = 0.5 + run->options->level / 2, df = run->result->df;
    return isfinite(df) ? hu_t_quantile(p, df) : hu_normal_quantile(p);
}

hu_effect did_effect(const did_run *run, size_t estimand)
{
    double estimate = run->estimands.value[estimand], critical = pointwise_critical(run);
    double se = isfinite(estimate) ? standard_error(run, estimand) : NAN;
    double wide = run->wide && !run->draws && !isnan(se) ? sqrt(run->wide[estimand]) : se;
    double t = estimate / wide, half = critical * wide;
    double p = isfinite(run->result->df) ? hu_t_two_sided(t, run->result->df) : hu_normal_two_sided(t);
    return (hu_effect){estimate, se, estimate - half, estimate + half, p, NAN, NAN};
}

/* The level's quantile of the largest |t| over the family; not below the pointwise one. NaN without draws. */
double did_uniform_critical(const did_run *run, const size_t *estimands, size_t count)
{
    if (!run->draws)
        return NAN;
    HU_SCRATCH(scratch);
    size_t draws = (size_t)run->options->draws, used = 0;
    double *largest = HU_NEW_ARRAY(scratch, double, draws);
    for (size_t j = 0; j < count; j++) {
        double se = standard_error(run, estimands[j]);
        if (!isfinite(run->estimands.value[estimands[j]]) || !(se > 0))
            continue;
        used++;
        for (size_t d = 0; d < draws; d++)
            largest[d] = fmax(largest[d], fabs(run->draws[d * run->estimands.count + estimands[j]]) / se);
    }
    if (used == 0)
        return NAN;
    qsort(largest, draws, sizeof *largest, compare_numbers);
    return fmax(quantile(largest, draws, run->options->level), pointwise_critical(run));
}

void did_effect_band(hu_effect *effect, double critical)
{
    effect->band_lower = effect->estimate - critical * effect->se;
    effect->band_upper = effect->estimate + critical * effect->se;
}

/* Of the first n estimands of the block; what is left of it are the averages by event time, kept for the result. */
static double *covariances(did_run *run, const size_t *block, size_t n, size_t n_dynamic)
{
    size_t all = n + n_dynamic;
    double *together = HU_NEW_ARRAY(run->scratch, double, all *all + 1);
    double *first = HU_NEW_ARRAY(run->scratch, double, n *n + 1);
    did_scores_variance(run, block, all, together);
    run->dynamic_variance = HU_NEW_ARRAY(run->arena, double, n_dynamic *n_dynamic + 1);
    for (size_t b = 0; b < n; b++)
        memcpy(first + b * n, together + b * all, n * sizeof *first);
    for (size_t b = 0; b < n_dynamic; b++)
        memcpy(run->dynamic_variance + b * n_dynamic, together + (n + b) * all + n, n_dynamic * sizeof *first);
    return first;
}

/**
 * Wald test that the effects before treatment are all zero, with the analytic covariance. Periods within the
 * anticipation are no pre-periods: effects may be there.
 */
void did_pretrend(did_run *run)
{
    hu_did_result *result = run->result;
    size_t n = 0, n_dynamic;
    const size_t *dynamic = did_dynamic_estimands(run, &n_dynamic);
    size_t *block = HU_NEW_ARRAY(run->scratch, size_t, run->n_cells + n_dynamic + 1);
    for (size_t k = 0; k < run->n_cells; k++) {
        const did_cell *cell = &run->cells[k];
        if (run->data.times[cell->at] + run->options->anticipation < run->data.cohort[cell->cohort] &&
            !cell->reference && !cell->note)
            block[n++] = k;
    }
    enum { MOST = 2000 }; /* effects before treatment that are tested together: their covariance takes n x n */
    if (n > MOST) {
        did_warn(run, "pre-trends are not tested: %zu effects before treatment are more than are tested together (%d)",
                 n, MOST);
        n = 0;
    }
    double *effect = HU_NEW_ARRAY(run->scratch, double, n + 1);
    memcpy(block + n, dynamic, n_dynamic * sizeof *block);
    double *covariance = covariances(run, block, n, n_dynamic);
    for (size_t a = 0; a < n; a++)
        effect[a] = run->estimands.value[block[a]];
    result->pretrend_statistic = result->pretrend_p = NAN;
    if (n == 0)
        return;
    if (!(hu_rcond(covariance, n) > DBL_EPSILON)) {
        did_warn(run,
                 "pre-trends are not tested: the %zu effects before treatment have a singular covariance "
                 "(%zu clusters)",
                 n, run->scores.clusters);
        return;
    }
    result->pretrend_statistic = hu_quadratic_inverse(covariance, n, effect);
    result->pretrend_df = (int)n;
    result->pretrend_p = hu_chi_square_upper(result->pretrend_statistic, (double)n);
}
