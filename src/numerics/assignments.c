/* Assignments of a randomized design: how many, in which parts they are visited, statistics under each. */

#include "assignments_parts.h"

#include "huella/base/parallel.h"
#include "huella/numerics/factor.h"

#include <math.h>
#include <string.h>

/* C(n, k): exact as long as result times n fits 2^53, as it does wherever an enumeration is feasible. */
static double choose(size_t n, size_t k)
{
    double result = 1;
    k = k < n - k ? k : n - k;
    for (size_t i = 1; i <= k; i++)
        result = result * (double)(n - k + i) / (double)i;
    return result;
}

static void as_factor(const uint32_t *values, size_t n, hu_arena *arena, hu_factor *factor)
{
    HU_SCRATCH(scratch);
    double *numbers = HU_NEW_ARRAY(scratch, double, n);
    for (size_t i = 0; i < n; i++)
        numbers[i] = values ? values[i] : 0;
    hu_factor_numbers(numbers, n, arena, factor);
}

/* Units in order of stratum, labels counted through from 0. */
static void sort_units(const hu_assignment_design *d, hu_assignment_plan *plan, hu_arena *arena)
{
    hu_factor labels, strata;
    as_factor(d->label, d->units, arena, &labels);
    as_factor(d->stratum, d->units, arena, &strata);
    plan->code = labels.code;
    plan->labels = labels.levels;
    plan->strata = strata.levels;
    plan->name = HU_NEW_ARRAY(arena, uint32_t, labels.levels);
    for (size_t l = 0; l < labels.levels; l++)
        plan->name[l] = d->label[labels.first[l]];
    plan->start = HU_NEW_ARRAY(arena, size_t, plan->strata + 1);
    for (size_t i = 0; i < d->units; i++)
        plan->start[strata.code[i] + 1]++;
    for (size_t s = 0; s < plan->strata; s++)
        plan->start[s + 1] += plan->start[s];
    size_t *next = HU_NEW_ARRAY(arena, size_t, plan->strata);
    memcpy(next, plan->start, plan->strata * sizeof *next);
    plan->unit = HU_NEW_ARRAY(arena, uint32_t, d->units);
    for (size_t i = 0; i < d->units; i++)
        plan->unit[next[strata.code[i]]++] = (uint32_t)i;
}

/* One digit for every label of a stratum that leaves a choice: the last label there takes who is left. */
static void list_digits(const hu_assignment_design *d, hu_assignment_plan *plan, hu_arena *arena)
{
    size_t *have = HU_NEW_ARRAY(arena, size_t, plan->labels);
    plan->digits = HU_NEW_ARRAY(arena, assignment_digit, d->units);
    plan->total = 1;
    for (size_t s = 0; s < plan->strata; s++) {
        size_t left = plan->start[s + 1] - plan->start[s];
        for (size_t i = plan->start[s]; i < plan->start[s + 1]; i++)
            have[plan->code[plan->unit[i]]]++;
        size_t rest = plan->labels - 1;
        while (have[rest] == 0)
            rest--;
        for (size_t l = 0; l < plan->labels; l++) {
            size_t k = have[l];
            if (k > 0 && k < left) {
                plan->digits[plan->n_digits++] =
                    (assignment_digit){s, (uint32_t)l, (uint32_t)rest, left, k, choose(left, k)};
                plan->total *= choose(left, k);
            }
            left -= k;
            have[l] = 0;
        }
    }
}

/*
 * A part fixes the digits before `split`, and runs through a range of that digit and everything after it. Some 64 parts
 * or more keep threads busy; at most 2^16 assignments in each keep the errors of updated sums small.
 */
static void split_enumeration(hu_assignment_plan *plan, hu_assignments *all)
{
    double wanted = fmax(64, ceil(plan->total / 65536)), before = 1;
    size_t split = 0;
    while (split + 1 < plan->n_digits && before * plan->digits[split].combinations < wanted)
        before *= plan->digits[split++].combinations;
    double here = plan->n_digits ? plan->digits[split].combinations : 1;
    plan->split = split;
    plan->pieces = (uint64_t)fmin(here, ceil(wanted / before));
    plan->inner = 1;
    for (size_t d = split + 1; d < plan->n_digits; d++)
        plan->inner *= (uint64_t)plan->digits[d].combinations;
    all->parts = (size_t)before * (size_t)plan->pieces;
}

static hu_error *too_many(double total, uint64_t limit)
{
    return hu_fail(HU_LIMIT,
                   "the design has %.6g possible assignments, more than the %llu that can all be visited: ask for a "
                   "number of random ones instead",
                   total, (unsigned long long)limit);
}

hu_error *hu_assignments_plan(const hu_assignment_design *design, const hu_assignment_options *options, hu_arena *arena,
                              hu_assignments **assignments)
{
    if (design->units == 0)
        return hu_fail(HU_EMPTY, "a randomized design without units");
    hu_assignment_plan *plan = HU_NEW(arena, hu_assignment_plan);
    sort_units(design, plan, arena);
    list_digits(design, plan, arena);
    uint64_t limit = options->limit ? options->limit : HU_ASSIGNMENTS_LIMIT;
    uint64_t most = options->draws && !options->exact && options->draws < limit ? options->draws : limit;
    hu_assignments *all = HU_NEW(arena, hu_assignments);
    *all = (hu_assignments){.design = *design, .total = plan->total, .seed = options->seed, .plan = plan};
    all->exact = plan->total <= (double)most;
    if (all->exact) {
        all->count = (uint64_t)plan->total;
        split_enumeration(plan, all);
    } else if (options->exact) {
        return too_many(plan->total, limit);
    } else {
        all->count = options->draws ? options->draws : HU_ASSIGNMENTS_DRAWS;
        all->parts = (size_t)((all->count + ASSIGNMENT_SAMPLE - 1) / ASSIGNMENT_SAMPLE);
    }
    *assignments = all;
    return NULL;
}

hu_error *hu_assignments_listed(const uint8_t *list, uint64_t count, size_t units, bool exact, hu_arena *arena,
                                hu_assignments **assignments)
{
    if (units == 0 || count == 0)
        return hu_fail(HU_EMPTY, "a list of assignments without %s", units ? "assignments" : "units");
    hu_assignments *all = HU_NEW(arena, hu_assignments);
    *all = (hu_assignments){.design = {.units = units},
                            .total = exact ? (double)count : NAN,
                            .count = count,
                            .exact = exact,
                            .list = list,
                            .parts = (size_t)((count + ASSIGNMENT_LISTED - 1) / ASSIGNMENT_LISTED)};
    *assignments = all;
    return NULL;
}

typedef struct evaluation {
    const hu_assignments *all;
    const hu_statistic *statistic;
    double *values;
} evaluation;

static hu_error *evaluate_part(void *context, size_t part)
{
    const evaluation *e = context;
    const hu_statistic *s = e->statistic;
    HU_SCRATCH(scratch);
    union { /* the state is the caller's context when it needs none of its own: it is then only read */
        const void *given;
        void *state;
    } made = {.given = s->context};
    if (s->start)
        made.state = s->start(s->context, scratch);
    hu_walk *walk = hu_walk_start(e->all, part, scratch);
    while (hu_walk_next(walk))
        s->evaluate(made.state, walk, e->values + walk->index * s->width);
    return NULL;
}

hu_error *hu_assignments_evaluate(const hu_assignments *assignments, const hu_statistic *statistic, int threads,
                                  double *values)
{
    return hu_parallel(assignments->parts, threads, evaluate_part, &(evaluation){assignments, statistic, values});
}
