/* Aggregations of ATT(g,t): Callaway & Sant'Anna (2021), section 3.1 and table 1. Each is a weighted sum of estimands.
 */

#include "did_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t did_estimand_add(did_run *run)
{
    did_estimands *e = &run->estimands;
    if (e->count == e->capacity) {
        size_t capacity = e->capacity ? 2 * e->capacity : run->n_cells + 64;
        e->value = hu_regrow(run->scratch, e->value, e->count, capacity, sizeof *e->value);
        e->coefficients =
            hu_regrow(run->scratch, e->coefficients, e->count * e->width, capacity * e->width, sizeof *e->coefficients);
        e->capacity = capacity;
    }
    return e->count++;
}

double *did_coefficients(did_run *run, size_t estimand, size_t stratum)
{
    return run->estimands.coefficients + estimand * run->estimands.width + stratum * run->scores.m;
}

/* The parts of a weighted sum: estimands, their weights, and the cohort whose share is the weight. */
typedef struct parts {
    size_t n, *estimand, *cohort;
    double *weight;
} parts;

static parts parts_new(did_run *run)
{
    size_t most = run->n_cells + run->data.cohorts + run->data.periods + 1;
    return (parts){0, HU_NEW_ARRAY(run->scratch, size_t, most), HU_NEW_ARRAY(run->scratch, size_t, most),
                   HU_NEW_ARRAY(run->scratch, double, most)};
}

static void parts_add(parts *p, size_t estimand, size_t cohort, double weight)
{
    p->estimand[p->n] = estimand;
    p->cohort[p->n] = cohort;
    p->weight[p->n++] = weight;
}

/*
 * theta = sum w_k theta_k / sum w_k. Where weights are shares of cohorts (`shares`), that they are estimated adds
 * sum (theta_k - theta) w_i 1{G_i = g_k} / sum w_k to the influence of i; the constants of the shares cancel.
 */
static size_t weighted_sum(did_run *run, const parts *p, bool shares)
{
    size_t target = did_estimand_add(run), width = run->estimands.width;
    double total = 0, value = 0;
    for (size_t k = 0; k < p->n; k++)
        total += p->weight[k];
    for (size_t k = 0; k < p->n; k++)
        value += p->weight[k] / total * run->estimands.value[p->estimand[k]];
    run->estimands.value[target] = p->n ? value : NAN;
    double *to = run->estimands.coefficients + target * width;
    for (size_t k = 0; k < p->n; k++) {
        const double *from = run->estimands.coefficients + p->estimand[k] * width;
        for (size_t l = 0; l < width; l++)
            to[l] += p->weight[k] / total * from[l];
        for (size_t s = 0; shares && s < run->strata_per_cohort; s++)
            did_coefficients(run, target, p->cohort[k] * run->strata_per_cohort + s)[0] +=
                (run->estimands.value[p->estimand[k]] - value) / total;
    }
    return target;
}

/* The estimands of a family are remembered so that the result can be written once errors are known. */
typedef struct family {
    size_t overall, n, *estimand;
    double *at;
} family;

/* A family for each aggregation. */
typedef struct families {
    family simple, group, dynamic, calendar;
} families;

static family family_new(did_run *run, size_t most)
{
    return (family){0, 0, HU_NEW_ARRAY(run->scratch, size_t, most + 1), HU_NEW_ARRAY(run->scratch, double, most + 1)};
}

static void family_add(family *f, double at, size_t estimand)
{
    f->at[f->n] = at;
    f->estimand[f->n++] = estimand;
}

static bool estimated(const did_run *run, size_t k)
{
    return !run->cells[k].note;
}

static double share(const did_run *run, size_t k)
{
    return run->cohort_weight[run->cells[k].cohort];
}

static family simple_average(did_run *run)
{
    family f = family_new(run, 0);
    parts p = parts_new(run);
    for (size_t k = 0; k < run->n_cells; k++)
        if (run->cells[k].post && estimated(run, k))
            parts_add(&p, k, run->cells[k].cohort, share(run, k));
    f.overall = weighted_sum(run, &p, true);
    return f;
}

/* A cohort's effect is the plain mean over its periods after treatment; the overall weighs cohorts by size. */
static family by_group(did_run *run)
{
    family f = family_new(run, run->data.cohorts);
    parts overall = parts_new(run);
    for (size_t c = 0; c < run->data.cohorts; c++) {
        parts p = parts_new(run);
        for (size_t k = 0; k < run->n_cells; k++)
            if (run->cells[k].cohort == c && run->cells[k].post && estimated(run, k))
                parts_add(&p, k, c, 1);
        if (p.n == 0)
            continue;
        size_t j = weighted_sum(run, &p, false);
        family_add(&f, run->data.cohort[c], j);
        parts_add(&overall, j, c, run->cohort_weight[c]);
    }
    f.overall = weighted_sum(run, &overall, true);
    return f;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double event_time(const did_run *run, size_t k)
{
    return did_periods_since(run->data.times[run->cells[k].at], run->data.cohort[run->cells[k].cohort]);
}

static bool in_overall(const did_run *run, double e)
{
    const hu_did_options *o = run->options;
    return o->event_from || o->event_to ? e >= o->event_from && e <= o->event_to : e >= 0;
}

static family by_event_time(did_run *run)
{
    size_t n = 0;
    double *events = HU_NEW_ARRAY(run->scratch, double, run->n_cells + 1);
    for (size_t k = 0; k < run->n_cells; k++)
        if (estimated(run, k))
            events[n++] = event_time(run, k);
    qsort(events, n, sizeof *events, compare_numbers);
    family f = family_new(run, n);
    parts overall = parts_new(run);
    for (size_t i = 0; i < n; i++) {
        if (i && events[i] == events[i - 1])
            continue;
        parts p = parts_new(run);
        for (size_t k = 0; k < run->n_cells; k++)
            if (estimated(run, k) && event_time(run, k) == events[i])
                parts_add(&p, k, run->cells[k].cohort, share(run, k));
        size_t j = weighted_sum(run, &p, true);
        family_add(&f, events[i], j);
        if (in_overall(run, events[i]))
            parts_add(&overall, j, 0, 1);
    }
    f.overall = weighted_sum(run, &overall, false);
    return f;
}

static family by_calendar_time(did_run *run)
{
    family f = family_new(run, run->data.periods);
    parts overall = parts_new(run);
    for (size_t t = 0; t < run->data.periods; t++) {
        parts p = parts_new(run);
        for (size_t k = 0; k < run->n_cells; k++)
            if (run->cells[k].at == t && run->cells[k].post && estimated(run, k))
                parts_add(&p, k, run->cells[k].cohort, share(run, k));
        if (p.n == 0)
            continue;
        size_t j = weighted_sum(run, &p, true);
        family_add(&f, run->data.times[t], j);
        parts_add(&overall, j, 0, 1);
    }
    f.overall = weighted_sum(run, &overall, false);
    return f;
}

static hu_did_aggregate report(const did_run *run, const family *f)
{
    hu_did_aggregate out = {.overall = did_effect(run, f->overall),
                            .cells = HU_NEW_ARRAY(run->arena, hu_did_cell, f->n + 1),
                            .n_cells = f->n,
                            .critical = did_uniform_critical(run, f->estimand, f->n)};
    for (size_t i = 0; i < f->n; i++) {
        out.cells[i] = (hu_did_cell){f->at[i], did_effect(run, f->estimand[i])};
        did_effect_band(&out.cells[i].effect, out.critical);
    }
    return out;
}

void did_aggregates_build(did_run *run)
{
    families *all = HU_NEW(run->scratch, families);
    *all = (families){simple_average(run), by_group(run), by_event_time(run), by_calendar_time(run)};
    run->families = all;
}

const size_t *did_dynamic_estimands(const did_run *run, size_t *count)
{
    *count = run->families->dynamic.n;
    return run->families->dynamic.estimand;
}

void did_aggregates_report(did_run *run)
{
    const families *all = run->families;
    run->result->simple = report(run, &all->simple);
    run->result->group = report(run, &all->group);
    run->result->dynamic = report(run, &all->dynamic);
    run->result->dynamic.variance = run->dynamic_variance;
    run->result->calendar = report(run, &all->calendar);
}
