/* Power in a study's own shape: its cases, its plan, the variance of cases that nobody was trained for. */

#include "power.h"

#include "huella/numerics/factor.h"
#include "study.h"

#include <math.h>
#include <string.h>

static const hu_plan_outcome *find_outcome(const hu_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n_outcomes; i++)
        if (strcmp(plan->outcomes[i].name, name) == 0)
            return &plan->outcomes[i];
    return NULL;
}

static void take_estimator(const hu_plan *plan, hu_power_rollout *s)
{
    for (size_t i = 0; i < plan->n_estimators; i++) {
        const hu_plan_estimator *e = &plan->estimators[i];
        if (strcmp(e->method, "callaway_santanna") != 0)
            continue;
        s->did = (hu_did_options){.control = e->not_yet_treated ? HU_NOT_YET_TREATED : HU_NEVER_TREATED,
                                  .universal_base = e->universal_base,
                                  .anticipation = e->anticipation};
        s->aggregate = (int)e->aggregate;
        return;
    }
    s->did.control = HU_NOT_YET_TREATED;
}

/* Cases with a known outcome: regions counted through, their cohorts. */
static void take_rows(const hu_table *table, const hu_column *y, hu_arena *arena, hu_power_rollout *s, double *values)
{
    const double *period = hu_table_find(table, "period")->numbers, *cohort = hu_table_find(table, "cohort")->numbers;
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    double *time = HU_NEW_ARRAY(arena, double, table->rows + 1);
    hu_factor region;
    for (size_t r = 0; r < table->rows; r++) {
        if (isnan(y->numbers[r]))
            continue;
        values[s->rows] = y->numbers[r];
        time[s->rows] = period[r];
        rows[s->rows++] = (uint32_t)r;
    }
    hu_factor_column(hu_table_find(table, "region"), rows, s->rows, arena, &region);
    double *cohorts = HU_NEW_ARRAY(arena, double, region.levels + 1);
    for (size_t g = 0; g < region.levels; g++) {
        double trained = cohort[rows[region.first[g]]];
        cohorts[g] = isnan(trained) ? 0 : trained;
    }
    s->regions = region.levels;
    s->region = region.code;
    s->time = time;
    s->cohort = cohorts;
}

/*
 * Variance between regions and between their periods from products of pairs of cases not trained when opened, of the
 * same region in other periods and of the same period: (S_r^2 - sum S_rt^2) / (n_r^2 - sum n_rt^2), summed over
 * regions, and so on within periods; deviations are from the mean of each period over all regions.
 */
static void take_variance(const hu_power_rollout *s, const double *y, hu_arena *arena, double *mean, double *sd,
                          double *icc, double *icc_period)
{
    double first = INFINITY, last = -INFINITY, n = 0, sum = 0, square = 0;
    for (size_t i = 0; i < s->rows; i++) {
        first = fmin(first, s->time[i]);
        last = fmax(last, s->time[i]);
    }
    size_t periods = (size_t)(last - first) + 1;
    double *of_period = HU_NEW_ARRAY(arena, double, periods), *in_period = HU_NEW_ARRAY(arena, double, periods);
    double *cell = HU_NEW_ARRAY(arena, double, periods * s->regions),
           *in_cell = HU_NEW_ARRAY(arena, double, periods * s->regions);
    bool *counts = HU_NEW_ARRAY(arena, bool, s->rows + 1);
    for (size_t i = 0; i < s->rows; i++) {
        double trained = s->cohort[s->region[i]];
        counts[i] = !(trained > 0 && s->time[i] >= trained);
        if (!counts[i])
            continue;
        of_period[(size_t)(s->time[i] - first)] += y[i];
        in_period[(size_t)(s->time[i] - first)]++;
        sum += y[i];
        n++;
    }
    *mean = sum / n;
    for (size_t i = 0; i < s->rows; i++) {
        size_t t = (size_t)(s->time[i] - first);
        double e = counts[i] ? y[i] - of_period[t] / in_period[t] : 0;
        cell[s->region[i] * periods + t] += e;
        in_cell[s->region[i] * periods + t] += counts[i];
        square += e * e;
    }
    double across = 0, across_pairs = 0, within = -square, within_pairs = -n;
    for (size_t g = 0; g < s->regions; g++) {
        double total = 0, cases = 0;
        for (size_t t = 0; t < periods; t++) {
            double c = cell[g * periods + t], k = in_cell[g * periods + t];
            total += c;
            cases += k;
            across -= c * c;
            across_pairs -= k * k;
            within += c * c;
            within_pairs += k * k;
        }
        across += total * total;
        across_pairs += cases * cases;
    }
    double variance = square / n;
    *sd = sqrt(variance);
    *icc = across_pairs > 0 && variance > 0 ? fmin(0.95, fmax(0, across / across_pairs / variance)) : 0;
    *icc_period =
        within_pairs > 0 && variance > 0 ? fmin(0.99 - *icc, fmax(0, within / within_pairs / variance - *icc)) : 0;
}

static hu_error *shape_of_study(const open_study *study, const char *name, hu_power_rollout *s)
{
    const hu_run *run = study->run;
    hu_table *table;
    const hu_plan_outcome *outcome = find_outcome(study->plan, name);
    if (!outcome)
        return hu_fail(HU_NOT_FOUND, "%s: the plan has no outcome \"%s\"", study->plan->source, name);
    HU_TRY(hu_store_analysis_table(study->store, study->plan->period, run->arena, &table));
    table = study_used_rows(study->plan, table, run->arena);
    double *y = HU_NEW_ARRAY(run->arena, double, table->rows + 1);
    *s = (hu_power_rollout){.alpha = hu_opt_number(run, "alpha"), .binary = strcmp(name, "conviction") == 0};
    take_estimator(study->plan, s);
    take_rows(table, hu_table_find(table, name), run->arena, s, y);
    if (s->rows < 10)
        return hu_fail(HU_EMPTY, "%s: %zu cases have a known \"%s\": too few to draw more like them",
                       study->plan->source, s->rows, name);
    take_variance(s, y, run->arena, &s->mean, &s->sd, &s->icc, &s->icc_period);
    if (hu_opt_given(run, "mean"))
        s->mean = hu_opt_number(run, "mean");
    if (hu_opt_given(run, "sd"))
        s->sd = hu_opt_number(run, "sd");
    if (hu_opt_given(run, "icc"))
        s->icc = hu_opt_number(run, "icc");
    if (hu_opt_given(run, "icc-period"))
        s->icc_period = hu_opt_number(run, "icc-period");
    return NULL;
}

hu_error *power_of_study(const hu_run *run, const char *outcome, hu_power_rollout *shape)
{
    open_study study;
    /* study_open wants a run it may keep; it reads options alone */
    hu_run *own = HU_NEW(run->arena, hu_run);
    *own = *run;
    hu_error *error = study_open(own, &study);
    if (!error)
        error = shape_of_study(&study, outcome, shape);
    study_close(&study);
    return error;
}
