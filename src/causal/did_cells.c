/* The comparisons ATT(g,t) is made of, and their estimates as differences of means where there are no covariates. */

#include "did_parts.h"

#include "huella/numerics/sums.h"

#include <math.h>
#include <string.h>

/* Last period before treatment (and before its anticipation); there is one for every cohort that was kept. */
static size_t base_before(const did_run *run, double cohort)
{
    size_t base = 0;
    for (size_t t = 0; t < run->data.periods; t++)
        if (run->data.times[t] + run->options->anticipation < cohort)
            base = t;
    return base;
}

/* As `did` lists them: with a varying base each period but the first, with a universal base every period. */
void did_cells_list(did_run *run)
{
    const did_data *data = &run->data;
    bool universal = run->options->universal_base;
    run->cells = HU_NEW_ARRAY(run->scratch, did_cell, data->cohorts * data->periods);
    for (size_t c = 0; c < data->cohorts; c++) {
        if (isinf(data->cohort[c]))
            continue;
        size_t before = base_before(run, data->cohort[c]);
        for (size_t t = universal ? 0 : 1; t < data->periods; t++) {
            bool post = data->times[t] >= data->cohort[c];
            size_t base = universal || post ? before : t - 1;
            run->cells[run->n_cells++] =
                (did_cell){.cohort = c, .at = t, .base = base, .post = post, .reference = t == base};
        }
    }
}

bool did_is_control(const did_run *run, const did_cell *cell, size_t cohort)
{
    const did_data *data = &run->data;
    if (isinf(data->cohort[cohort]))
        return true;
    size_t later = cell->at > cell->base ? cell->at : cell->base;
    return run->options->control == HU_NOT_YET_TREATED && cohort != cell->cohort &&
           data->cohort[cohort] > data->times[later] + run->options->anticipation;
}

/* Weighted totals and means by cohort and period. In a panel the weight of a cohort is the same in every period. */
typedef struct means {
    size_t periods;
    double *weight, *mean; /* cohorts x periods */
    size_t *count;
} means;

static void means_add(means *m, hu_sum *sums, size_t at, double w, double y)
{
    hu_sum_add(&sums[2 * at], w);
    hu_sum_add(&sums[2 * at + 1], w * y);
    m->count[at]++;
}

static means means_of(const did_run *run)
{
    const did_data *data = &run->data;
    size_t cells = data->cohorts * data->periods;
    means m = {data->periods, HU_NEW_ARRAY(run->scratch, double, cells), HU_NEW_ARRAY(run->scratch, double, cells),
               HU_NEW_ARRAY(run->scratch, size_t, cells)};
    hu_sum *sums = HU_NEW_ARRAY(run->scratch, hu_sum, 2 * cells);
    for (size_t c = 0; c < data->cohorts; c++)
        for (size_t i = data->start[c]; i < data->start[c + 1]; i++) {
            if (data->period)
                means_add(&m, sums, c * m.periods + data->period[i], data->w[i], data->y[i]);
            for (size_t t = 0; !data->period && t < m.periods; t++)
                means_add(&m, sums, c * m.periods + t, data->w[i], data->y[i * m.periods + t]);
        }
    for (size_t at = 0; at < cells; at++) {
        m.weight[at] = hu_sum_value(&sums[2 * at]);
        m.mean[at] = m.weight[at] > 0 ? hu_sum_value(&sums[2 * at + 1]) / m.weight[at] : NAN;
    }
    return m;
}

/* Panel: a stratum is a cohort, x = w (1, y_1 - mean_1, …). Cross-sections: cohort and period, x = w (1, y - mean). */
static void scores_of_means(did_run *run, const means *m)
{
    const did_data *data = &run->data;
    did_scores *scores = &run->scores;
    bool panel = !data->period;
    run->strata_per_cohort = panel ? 1 : data->periods;
    *scores = (did_scores){.n = data->n,
                           .strata = data->cohorts * run->strata_per_cohort,
                           .m = panel ? data->periods + 1 : 2,
                           .cluster = (uint32_t *)data->cluster,
                           .clusters = data->clusters};
    scores->start = HU_NEW_ARRAY(run->scratch, size_t, scores->strata + 1);
    scores->x = HU_NEW_ARRAY(run->scratch, double, scores->n * scores->m);
    for (size_t c = 0; c < data->cohorts; c++)
        for (size_t i = data->start[c]; i < data->start[c + 1]; i++) {
            double *x = scores->x + i * scores->m;
            x[0] = data->w[i];
            for (size_t t = 0; panel && t < data->periods; t++)
                x[t + 1] = data->w[i] * (data->y[i * data->periods + t] - m->mean[c * data->periods + t]);
            if (!panel)
                x[1] = data->w[i] * (data->y[i] - m->mean[c * data->periods + data->period[i]]);
            scores->start[c * run->strata_per_cohort + (panel ? 0 : data->period[i]) + 1]++;
        }
    for (size_t s = 0; s < scores->strata; s++)
        scores->start[s + 1] += scores->start[s];
}

/* Mean of the comparison cohorts in period t, its total weight, and how many observations. */
static double control_mean(const did_run *run, const means *m, const did_cell *cell, size_t t, double *weight,
                           size_t *count)
{
    double total = 0, sum = 0;
    *count = 0;
    for (size_t c = 0; c < run->data.cohorts; c++) {
        size_t at = c * m->periods + t;
        if (!did_is_control(run, cell, c) || !(m->weight[at] > 0))
            continue;
        total += m->weight[at];
        sum += m->weight[at] * m->mean[at];
        *count += m->count[at];
    }
    *weight = total;
    return sum / total;
}

/* Adds the influence of `sign` times the mean of one side of the comparison in period t (see did_scores). */
static void add_mean_influence(did_run *run, const means *m, size_t estimand, size_t cohort, size_t t, double sign,
                               double weight, double mean)
{
    bool panel = !run->data.period;
    double *a = did_coefficients(run, estimand, cohort * run->strata_per_cohort + (panel ? 0 : t));
    a[panel ? t + 1 : 1] += sign / weight;
    a[0] += sign * (m->mean[cohort * m->periods + t] - mean) / weight;
}

/* ATT(g,t) = (mean of g at t - at base) - (mean of the comparison at t - at base); eq. 2.8 without covariates. */
static void estimate_cell(did_run *run, const means *m, size_t k)
{
    did_cell *cell = &run->cells[k];
    size_t period[2] = {cell->at, cell->base};
    double total = 0;
    for (int side = 0; side < 2 && !cell->note; side++) {
        size_t t = period[side], at = cell->cohort * m->periods + t, count;
        double sign = side ? -1 : 1, weight, mean = control_mean(run, m, cell, t, &weight, &count);
        double when = run->data.times[t];
        if (!(m->weight[at] > 0))
            cell->note = hu_printf(run->arena, "nobody of the cohort is observed in period %g", when);
        else if (!(weight > 0))
            cell->note = hu_printf(run->arena, "nobody to compare with in period %g", when);
        if (cell->note)
            break;
        total += sign * (m->mean[at] - mean);
        cell->treated += run->data.period || side == 0 ? m->count[at] : 0;
        cell->controls += run->data.period || side == 0 ? count : 0;
        add_mean_influence(run, m, k, cell->cohort, t, sign, m->weight[at], m->mean[at]);
        for (size_t c = 0; c < run->data.cohorts; c++)
            if (did_is_control(run, cell, c) && m->weight[c * m->periods + t] > 0)
                add_mean_influence(run, m, k, c, t, -sign, weight, mean);
    }
    cell->att = cell->note ? NAN : total;
    if (cell->note)
        memset(run->estimands.coefficients + k * run->estimands.width, 0, run->estimands.width * sizeof(double));
}

/**
 * All three methods coincide without covariates: the propensity score and the outcome model have a constant only.
 * Cost: O(n periods) for means and scores, then O(cohorts) a cell.
 */
void did_cells_means(did_run *run)
{
    means m = means_of(run);
    scores_of_means(run, &m);
    run->estimands.width = run->scores.strata * run->scores.m;
    for (size_t k = 0; k < run->n_cells; k++) {
        did_estimand_add(run);
        if (!run->cells[k].reference)
            estimate_cell(run, &m, k);
        run->estimands.value[k] = run->cells[k].att;
    }
}
