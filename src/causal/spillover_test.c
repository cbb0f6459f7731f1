/* The exact test that there is no spillover, whatever treatment does to the treated. */

#include "spillover.h"

#include <math.h>
#include <stdlib.h>

typedef struct focus {
    const spillover_graph *graph;
    size_t n, free;     /* focal units; units whose arms are dealt out anew */
    uint32_t *unit;     /* n */
    uint32_t *place;    /* units: among the free ones, or UINT32_MAX */
    double *e, *centre; /* n: outcome less its arm's mean; expected share of treated neighbours */
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

/* Who must stay free, so that arms can be dealt out anew: half of a stratum; of strata of two or three, where the arms
 * of the others hardly leave a choice, half of the strata as wholes. */
typedef struct room {
    const uint32_t *stratum; /* units, or NULL */
    size_t *size, *taken;    /* strata */
    size_t small, touched;   /* strata of up to three; those of them that hold a focal unit */
} room;

static size_t stratum_of(const room *r, size_t unit)
{
    return r->stratum ? r->stratum[unit] : 0;
}

static room room_of(const trial_rows *rows, hu_arena *arena)
{
    size_t strata = rows->strata ? rows->stratum.levels : 1;
    room r = {rows->unit_stratum, HU_NEW_ARRAY(arena, size_t, strata), HU_NEW_ARRAY(arena, size_t, strata), 0, 0};
    for (size_t u = 0; u < rows->unit.levels; u++)
        r.size[stratum_of(&r, u)]++;
    for (size_t s = 0; s < strata; s++)
        r.small += r.size[s] <= 3;
    return r;
}

/* Whether a neighbour's arm can still change. */
static bool informed(const spillover_graph *graph, const room *r, size_t unit)
{
    for (size_t e = graph->first[unit]; e < graph->first[unit + 1]; e++) {
        size_t s = stratum_of(r, graph->to[e]);
        if (r->size[s] > 3 || r->taken[s] == 0)
            return true;
    }
    return false;
}

/* Takes the unit where there is room, and where it and all focal units so far keep a neighbour whose arm can change. */
static bool take_room(const focus *f, room *r, size_t unit)
{
    size_t s = stratum_of(r, unit);
    bool small = r->size[s] <= 3, first = r->taken[s] == 0;
    if (small ? first && r->touched >= (r->small + 1) / 2 : r->taken[s] >= r->size[s] / 2)
        return false;
    r->taken[s]++;
    bool all = informed(f->graph, r, unit);
    for (size_t i = 0; i < f->n && all; i++)
        all = informed(f->graph, r, f->unit[i]);
    if (!all) {
        r->taken[s]--;
        return false;
    }
    r->touched += small && first;
    return true;
}

/* No two of which are neighbours, those with few neighbours first: design and network alone decide, and whose outcome
 * is known. */
static void choose(const trial_rows *rows, const spillover_graph *graph, const double *y, hu_arena *arena, focus *f)
{
    uint32_t *order = HU_NEW_ARRAY(arena, uint32_t, graph->units);
    bool *taken = HU_NEW_ARRAY(arena, bool, graph->units);
    room left = room_of(rows, arena);
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
        if (!fits || !take_room(f, &left, u))
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
    choose(rows, graph, y, scratch, &f);
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
