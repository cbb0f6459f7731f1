/* The exact test that there is no spillover, whatever treatment does to the treated. */

#include "spillover.h"

#include <math.h>
#include <stdlib.h>

typedef struct focus {
    const spillover_graph *graph;
    size_t n, free;      /* focal units; units whose arms are dealt out anew */
    uint32_t *unit;      /* n */
    uint32_t *place;     /* units: among the free ones, or UINT32_MAX */
    double *e, *centre;  /* n: outcome less its arm's mean; expected share of treated neighbours */
} focus;

static size_t degree(const spillover_graph *graph, size_t unit)
{
    return graph->first[unit + 1] - graph->first[unit];
}

static int by_degree(const void *a, const void *b, void *context)
{
    const spillover_graph *graph = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    size_t dx = degree(graph, x), dy = degree(graph, y);
    return dx != dy ? (dx < dy ? -1 : 1) : x < y ? -1 : x > y;
}

/* No two of which are neighbours, those with few neighbours first: the network alone decides. */
static void choose(const spillover_graph *graph, const double *y, hu_arena *arena, focus *f)
{
    uint32_t *order = HU_NEW_ARRAY(arena, uint32_t, graph->units);
    bool *taken = HU_NEW_ARRAY(arena, bool, graph->units);
    for (size_t u = 0; u < graph->units; u++)
        order[u] = (uint32_t)u;
    qsort_r(order, graph->units, sizeof *order, by_degree, (void *)(uintptr_t)graph);
    *f = (focus){.graph = graph,
                 .unit = HU_NEW_ARRAY(arena, uint32_t, graph->units),
                 .place = HU_NEW_ARRAY(arena, uint32_t, graph->units)};
    for (size_t i = 0; i < graph->units; i++) {
        size_t u = order[i];
        bool fits = degree(graph, u) > 0 && !isnan(y[u]);
        for (size_t e = graph->first[u]; fits && e < graph->first[u + 1]; e++)
            fits = !taken[graph->to[e]];
        if (!fits)
            continue;
        taken[u] = true;
        f->unit[f->n++] = (uint32_t)u;
    }
    for (size_t u = 0; u < graph->units; u++)
        f->place[u] = taken[u] ? UINT32_MAX : (uint32_t)f->free++;
}

static void take_means(const trial_rows *rows, const double *y, hu_arena *arena, focus *f)
{
    double sum[2] = {0}, n[2] = {0};
    f->e = HU_NEW_ARRAY(arena, double, f->n);
    for (size_t i = 0; i < f->n; i++) {
        sum[rows->unit_arm[f->unit[i]]] += y[f->unit[i]];
        n[rows->unit_arm[f->unit[i]]]++;
    }
    for (size_t i = 0; i < f->n; i++) {
        uint32_t arm = rows->unit_arm[f->unit[i]];
        f->e[i] = y[f->unit[i]] - sum[arm] / n[arm];
    }
}

/* What share of a focal unit's neighbours is treated on average: free units of a stratum are all alike. */
static void take_centres(const trial_rows *rows, const hu_assignment_design *design, hu_arena *arena, focus *f)
{
    size_t strata = rows->strata ? rows->stratum.levels : 1;
    double *treated = HU_NEW_ARRAY(arena, double, strata), *all = HU_NEW_ARRAY(arena, double, strata);
    for (size_t i = 0; i < design->units; i++) {
        treated[design->stratum[i]] += design->label[i];
        all[design->stratum[i]]++;
    }
    f->centre = HU_NEW_ARRAY(arena, double, f->n);
    for (size_t i = 0; i < f->n; i++) {
        size_t u = f->unit[i];
        for (size_t e = f->graph->first[u]; e < f->graph->first[u + 1]; e++) {
            uint32_t s = design->stratum[f->place[f->graph->to[e]]];
            f->centre[i] += treated[s] / all[s] / (double)degree(f->graph, u);
        }
    }
}

static double covariance(const focus *f, const uint32_t *label)
{
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        size_t u = f->unit[i], treated = 0;
        for (size_t e = f->graph->first[u]; e < f->graph->first[u + 1]; e++)
            treated += label[f->place[f->graph->to[e]]] != 0;
        sum += f->e[i] * ((double)treated / (double)degree(f->graph, u) - f->centre[i]);
    }
    return sum;
}

static void evaluate(void *state, const hu_walk *walk, double *values)
{
    *values = covariance(state, walk->label);
}

hu_error *spillover_test(const trial_rows *rows, const spillover_graph *graph, const double *y,
                         const hu_trial_options *options, hu_arena *arena, hu_fisher **fisher, size_t *focal)
{
    HU_SCRATCH(scratch);
    focus f;
    choose(graph, y, scratch, &f);
    *focal = f.n;
    *fisher = NULL;
    if (f.n == 0)
        return NULL;
    uint32_t *label = HU_NEW_ARRAY(scratch, uint32_t, f.free), *stratum = HU_NEW_ARRAY(scratch, uint32_t, f.free);
    for (size_t u = 0; u < graph->units; u++)
        if (f.place[u] != UINT32_MAX) {
            label[f.place[u]] = rows->unit_arm[u];
            stratum[f.place[u]] = rows->unit_stratum ? rows->unit_stratum[u] : 0;
        }
    hu_assignment_design design = {f.free, label, stratum};
    hu_assignment_options which = options->permutations;
    which.seed = options->seed;
    hu_assignments *all;
    HU_TRY(hu_assignments_plan(&design, &which, scratch, &all));
    take_means(rows, y, scratch, &f);
    take_centres(rows, &design, scratch, &f);
    double *values = HU_NEW_ARRAY(scratch, double, all->count);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){&f, 1, NULL, evaluate}, options->threads, values));
    *fisher = HU_NEW(arena, hu_fisher);
    **fisher = hu_fisher_test(all, values, 1, covariance(&f, label));
    return NULL;
}
