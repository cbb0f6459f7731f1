/* The Goodman-Bacon decomposition: two-way fixed effects as a mean of two-by-two comparisons. */

#include "huella/causal/bacon.h"

#include "did_panel.h"

#include "huella/numerics/sums.h"

#include <math.h>

typedef struct cohorts {
    const did_panel *panel;
    double *mean; /* cohorts x periods */
    size_t *from; /* cohorts: index of the first treated period; periods when never */
} cohorts;

static void cohort_means(const did_panel *p, hu_arena *arena, cohorts *c)
{
    c->panel = p;
    hu_sum *sum = HU_NEW_ARRAY(arena, hu_sum, p->cohorts * p->periods);
    for (size_t u = 0; u < p->units; u++)
        for (size_t t = 0; t < p->periods; t++)
            hu_sum_add(&sum[p->cohort_of[u] * p->periods + t], p->y[u * p->periods + t]);
    c->mean = HU_NEW_ARRAY(arena, double, p->cohorts * p->periods);
    c->from = HU_NEW_ARRAY(arena, size_t, p->cohorts);
    for (size_t g = 0; g < p->cohorts; g++) {
        c->from[g] = did_panel_period(p, p->cohort[g]);
        for (size_t t = 0; t < p->periods; t++)
            c->mean[g * p->periods + t] = hu_sum_value(&sum[g * p->periods + t]) / (double)p->size[g];
    }
}

/* The mean of a cohort over periods from … to - 1. */
static double mean_over(const cohorts *c, size_t g, size_t from, size_t to)
{
    hu_sum sum = {0};
    for (size_t t = from; t < to; t++)
        hu_sum_add(&sum, c->mean[g * c->panel->periods + t]);
    return hu_sum_value(&sum) / (double)(to - from);
}

/* Difference in differences of a against b: periods from … middle - 1 before, middle … to - 1 after. */
static double difference(const cohorts *c, size_t a, size_t b, size_t from, size_t middle, size_t to)
{
    return mean_over(c, a, middle, to) - mean_over(c, a, from, middle) -
           (mean_over(c, b, middle, to) - mean_over(c, b, from, middle));
}

/*
 * Equations 10e-10g, without the common denominator: s = n_a n_b in squared sample times the variance of treatment.
 * d is the share of periods in which a cohort is treated.
 */
static hu_bacon_comparison compare(const cohorts *c, size_t treated, size_t control)
{
    const did_panel *p = c->panel;
    size_t periods = p->periods, from = c->from[treated], other = c->from[control];
    double sizes = (double)p->size[treated] * (double)p->size[control];
    double d = 1 - (double)from / (double)periods, d_control = 1 - (double)other / (double)periods;
    hu_bacon_comparison r = {.treated = p->cohort[treated], .control = p->cohort[control]};
    if (other >= periods) {
        r.type = HU_BACON_NEVER;
        r.estimate = difference(c, treated, control, 0, from, periods);
        r.weight = sizes * d * (1 - d);
    } else if (from < other) {
        r.type = HU_BACON_EARLIER_LATER;
        r.estimate = difference(c, treated, control, 0, from, other);
        r.weight = sizes * (d - d_control) * (1 - d);
    } else {
        r.type = other == 0 ? HU_BACON_LATER_ALWAYS : HU_BACON_LATER_EARLIER;
        r.estimate = difference(c, treated, control, other, from, periods);
        r.weight = sizes * d * (d_control - d);
    }
    return r;
}

static void compare_all(const cohorts *c, hu_arena *arena, hu_bacon_result *result)
{
    size_t n = c->panel->cohorts;
    result->comparisons = HU_NEW_ARRAY(arena, hu_bacon_comparison, n * n);
    for (size_t k = 0; k < n; k++) { /* never treated, the last cohort, first */
        size_t control = (k + n - 1) % n;
        for (size_t treated = 0; treated < n; treated++)
            if (treated != control && c->from[treated] > 0 && c->from[treated] < c->panel->periods &&
                c->from[treated] != c->from[control])
                result->comparisons[result->n_comparisons++] = compare(c, treated, control);
    }
}

static void add_up(hu_bacon_result *r)
{
    hu_sum weights = {0}, forbidden = {0}, twfe = {0}, clean = {0};
    for (size_t i = 0; i < r->n_comparisons; i++)
        hu_sum_add(&weights, r->comparisons[i].weight);
    for (size_t i = 0; i < r->n_comparisons; i++) {
        hu_bacon_comparison *c = &r->comparisons[i];
        c->weight /= hu_sum_value(&weights);
        bool bad = c->type == HU_BACON_LATER_EARLIER || c->type == HU_BACON_LATER_ALWAYS;
        hu_sum_add(&twfe, c->weight * c->estimate);
        hu_sum_add(bad ? &forbidden : &clean, bad ? c->weight : c->weight * c->estimate);
    }
    r->twfe = hu_sum_value(&twfe);
    r->forbidden = hu_sum_value(&forbidden);
    r->without_forbidden = r->forbidden < 1 ? hu_sum_value(&clean) / (1 - r->forbidden) : NAN;
}

hu_error *hu_bacon(const hu_table *table, const hu_did_columns *columns, hu_arena *arena, hu_bacon_result **out)
{
    HU_SCRATCH(scratch);
    if (columns->weights || (columns->covariates && columns->covariates[0]))
        return hu_fail(HU_USAGE, "the Goodman-Bacon decomposition is of two-way fixed effects without covariates and "
                                 "weights: leave them out");
    hu_bacon_result *result = HU_NEW(arena, hu_bacon_result);
    did_panel panel;
    HU_TRY(did_panel_build(table, columns, &(did_panel_options){.keep_always = true}, scratch, arena, &result->warnings,
                           &result->n_warnings, &panel));
    cohorts c;
    cohort_means(&panel, scratch, &c);
    compare_all(&c, arena, result);
    if (result->n_comparisons == 0)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: column \"%s\": everybody is treated in the same period: there is nobody to compare with",
                       table->source, columns->cohort);
    result->n = panel.units * panel.periods;
    result->units = panel.units;
    result->dropped = panel.dropped;
    result->incomplete_units = panel.incomplete;
    add_up(result);
    if (result->forbidden > 0)
        did_note(arena, &result->warnings, &result->n_warnings,
                 "%.1f %% of the weight of two-way fixed effects compares those treated later with those treated "
                 "already; where effects change over time this biases it. Without these comparisons: %.4g",
                 100 * result->forbidden, result->without_forbidden);
    *out = result;
    return NULL;
}
