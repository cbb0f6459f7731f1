/* Fisher tests: the estimate over its error under every rollout, or a sample of them. */

#include "permute_draw.h"
#include "rollout_parts.h"

#include <math.h>

enum { MOST_KEPT = 1 << 27 };     /* statistics of all assignments and event times: 1 GB */
enum { MOST_INVERTED = 1000000 }; /* assignments for which a confidence set is computed: 13 numbers are kept of each */

/* Who could have been treated with whom: the strata of the draw. */
static hu_error *find_strata(const rollout *r, const hu_table *table, hu_arena *arena, uint32_t *stratum)
{
    const did_panel *p = &r->panel;
    bool *never = HU_NEW_ARRAY(arena, bool, p->units);
    for (size_t u = 0; u < p->units; u++)
        never[u] = r->options->treated_only && isinf(p->cohort[p->cohort_of[u]]);
    return did_draw_strata(table, r->options->strata, p->row, p->units, never, arena, stratum);
}

/* What each assignment is computed from. */
typedef struct test {
    const rollout *r;
    rollout_parts parts;
    bool studentise; /* some cohort has two units */
} test;

typedef struct state {
    const test *test;
    double *room;
} state;

static void *start(const void *context, hu_arena *arena)
{
    state *s = HU_NEW(arena, state);
    s->test = context;
    s->room = HU_NEW_ARRAY(arena, double, rollout_room(&s->test->parts));
    return s;
}

static double statistic(const double *moments, double effect, const void *context)
{
    const test *t = context;
    rollout_moments m;
    double *to = (double *)&m;
    for (size_t i = 0; i < ROLLOUT_MOMENTS; i++)
        to[i] = moments[i];
    rollout_value v = rollout_at(t->r->options, &m, effect);
    if (!t->studentise)
        return v.estimate;
    return v.variance > 0 ? v.estimate / sqrt(v.variance) : v.estimate == 0 ? 0 : copysign(INFINITY, v.estimate);
}

static void evaluate_moments(void *context, const hu_walk *walk, double *values)
{
    const state *s = context;
    rollout_moments m = rollout_parts_moments(&s->test->parts, walk->label, s->room);
    const double *from = (const double *)&m;
    for (size_t i = 0; i < ROLLOUT_MOMENTS; i++)
        values[i] = from[i];
}

static void evaluate_statistic(void *context, const hu_walk *walk, double *values)
{
    const state *s = context;
    rollout_moments m = rollout_parts_moments(&s->test->parts, walk->label, s->room);
    values[0] = statistic((const double *)&m, 0, s->test);
}

/* The test of one estimand; its statistics go to column k of draws. */
static hu_error *test_one(const rollout *r, const hu_assignments *all, size_t k, bool invert, double *draws)
{
    HU_SCRATCH(scratch);
    hu_rollout_estimate *e = &r->result->estimates[k];
    test t = {.r = r};
    for (size_t g = 0; g < r->panel.cohorts; g++)
        t.studentise |= r->panel.size[g] > 1;
    rollout_parts_build(r, &r->weights[k], invert, scratch, &t.parts);
    size_t width = invert ? ROLLOUT_MOMENTS : 1, n = r->n_weights;
    double *values = HU_NEW_ARRAY(scratch, double, all->count *width);
    hu_statistic of = {&t, width, start, invert ? evaluate_moments : evaluate_statistic};
    HU_TRY(hu_assignments_evaluate(all, &of, r->options->threads, values));
    double *room = HU_NEW_ARRAY(scratch, double, rollout_room(&t.parts));
    rollout_moments observed = rollout_parts_moments(&t.parts, r->panel.cohort_of, room);
    const double *row = (const double *)&observed;
    for (uint64_t i = 0; i < all->count; i++)
        draws[i * n + k] = invert ? statistic(values + i * width, 0, &t) : values[i];
    e->fisher = hu_fisher_test(all, draws + k, n, statistic(row, 0, &t));
    if (invert) {
        double scale = sqrt(fmax(rollout_at(r->options, &observed, 0).variance, 0));
        hu_fisher_invert_by(all, values, width, row, statistic, &t, e->effect.estimate, scale, r->options->level,
                            &e->fisher);
    }
    return NULL;
}

/* The largest |statistic| over event times. */
static double largest(const double *row, const hu_rollout_estimate *estimates, size_t n)
{
    double most = 0;
    for (size_t k = 0; k < n; k++)
        if (!estimates[k].reference)
            most = isnan(row[k]) ? INFINITY : fmax(most, fabs(row[k]));
    return most;
}

static void test_jointly(const rollout *r, const hu_assignments *all, const double *draws)
{
    HU_SCRATCH(scratch);
    size_t n = r->n_weights;
    double *most = HU_NEW_ARRAY(r->arena, double, all->count), *observed = HU_NEW_ARRAY(scratch, double, n);
    r->result->joint_draws = most;
    for (uint64_t i = 0; i < all->count; i++)
        most[i] = largest(draws + i * n, r->result->estimates, n);
    for (size_t k = 0; k < n; k++)
        observed[k] = r->result->estimates[k].fisher.observed;
    r->result->joint = hu_fisher_test(all, most, 1, largest(observed, r->result->estimates, n));
}

hu_error *rollout_fisher(rollout *r, const hu_table *table, const hu_did_columns *columns)
{
    const did_panel *p = &r->panel;
    uint32_t *stratum = HU_NEW_ARRAY(r->scratch, uint32_t, p->units);
    HU_TRY(find_strata(r, table, r->scratch, stratum));
    hu_assignments *all;
    hu_assignment_design design = {p->units, p->cohort_of, stratum};
    HU_TRY(hu_wrap(hu_assignments_plan(&design, &r->options->permutations, r->scratch, &all), "%s: column \"%s\"",
                   table->source, columns->cohort));
    if (all->total < 20)
        did_note(r->arena, &r->result->warnings, &r->result->n_warnings,
                 "the rollout has %g possible assignments only: no p-value can be below %.3g", all->total,
                 1 / all->total);
    if (all->count > MOST_KEPT / r->n_weights)
        return hu_fail(HU_LIMIT,
                       "%llu assignments times %zu event times: at most %d together; ask for fewer event times "
                       "(--event-times) or a number of random assignments (--permutations N)",
                       (unsigned long long)all->count, r->n_weights, MOST_KEPT);
    double *draws = HU_NEW_ARRAY(r->arena, double, all->count * r->n_weights);
    bool invert = r->n_weights == 1 && all->count <= MOST_INVERTED;
    for (size_t k = 0; k < r->n_weights; k++)
        if (!r->result->estimates[k].reference)
            HU_TRY(test_one(r, all, k, invert, draws));
    r->result->draws = draws;
    r->result->n_draws = all->count;
    if (r->options->estimand == HU_ROLLOUT_EVENTSTUDY)
        test_jointly(r, all, draws);
    return NULL;
}
