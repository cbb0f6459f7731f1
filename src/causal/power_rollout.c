/* Power of staggered rollouts by simulation, through the estimator itself. */

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/causal/power.h"
#include "huella/causal/rollout.h"

#include <math.h>
#include <string.h>

typedef struct rollouts {
    const hu_power_rollout *shape;
    const hu_power_point *points;
    size_t n;
    uint64_t seed;
    double first, last;    /* periods */
    signed char *rejected; /* studies x n: 1, 0, or -1 where there is no estimate */
} rollouts;

/* Who is trained when, and what cases would have shown without: `noise` is the case's own part, or a uniform number. */
static void draw(const rollouts *r, size_t study, double *cohort, double *expected, double *noise)
{
    HU_SCRATCH(scratch);
    const hu_power_rollout *s = r->shape;
    hu_random random = hu_random_start(r->seed, hu_random_stream("power rollout", study));
    size_t periods = (size_t)(r->last - r->first) + 1, *order = HU_NEW_ARRAY(scratch, size_t, s->regions);
    double *shock = HU_NEW_ARRAY(scratch, double, s->regions *periods);
    for (size_t g = 0; g < s->regions; g++)
        order[g] = g;
    hu_random_shuffle(&random, order, s->regions);
    for (size_t g = 0; g < s->regions; g++) {
        double level = s->sd * sqrt(s->icc) * hu_random_normal(&random);
        cohort[order[g]] = s->cohort[g];
        for (size_t t = 0; t < periods; t++)
            shock[g * periods + t] = level + s->sd * sqrt(s->icc_period) * hu_random_normal(&random);
    }
    for (size_t i = 0; i < s->rows; i++) {
        expected[i] = s->mean + shock[s->region[i] * periods + (size_t)(s->time[i] - r->first)];
        noise[i] = s->binary ? hu_random_uniform(&random)
                             : s->sd * sqrt(1 - s->icc - s->icc_period) * hu_random_normal(&random);
    }
}

static hu_table *table_of(const hu_power_rollout *s, const double *cohort, hu_arena *arena)
{
    hu_table *table = hu_table_new(arena, "simulated rollout", s->rows);
    double *region = hu_table_add_numbers(table, arena, "region")->numbers;
    double *time = hu_table_add_numbers(table, arena, "time")->numbers;
    double *trained = hu_table_add_numbers(table, arena, "cohort")->numbers;
    for (size_t i = 0; i < s->rows; i++) {
        region[i] = s->region[i];
        time[i] = s->time[i];
        trained[i] = cohort[s->region[i]];
    }
    hu_table_add_numbers(table, arena, "y");
    return table;
}

/* The efficient estimator and its Fisher test: rollouts are dealt out anew among regions, as they were drawn. */
static hu_error *test_rollout(const hu_power_rollout *s, const hu_table *table, uint64_t seed, hu_arena *arena,
                              double *p)
{
    hu_rollout_options o = {.totals = true,
                            .permute = true,
                            .permutations = {.draws = s->permutations ? s->permutations : 499, .seed = seed},
                            .threads = 1};
    hu_rollout_result *result;
    HU_TRY(hu_rollout(table, &(hu_did_columns){.outcome = "y", .time = "time", .cohort = "cohort", .cluster = "region"},
                      &o, arena, &result));
    *p = result->estimates[0].fisher.p;
    return NULL;
}

static hu_error *estimate(const hu_power_rollout *s, const hu_table *table, hu_arena *arena, double *p)
{
    hu_did_options o = s->did;
    hu_did_result *result;
    o.cross_section = true;
    o.threads = 1;
    HU_TRY(hu_did(table, &(hu_did_columns){.outcome = "y", .time = "time", .cohort = "cohort", .cluster = "region"}, &o,
                  arena, &result));
    const hu_did_aggregate *all[] = {&result->simple, &result->group, &result->dynamic, &result->calendar};
    *p = all[s->aggregate]->overall.p;
    return NULL;
}

static hu_error *study(void *context, size_t at)
{
    HU_SCRATCH(arena);
    const rollouts *r = context;
    const hu_power_rollout *s = r->shape;
    double *cohort = HU_NEW_ARRAY(arena, double, s->regions), *expected = HU_NEW_ARRAY(arena, double, s->rows);
    double *noise = HU_NEW_ARRAY(arena, double, s->rows), p = NAN;
    draw(r, at, cohort, expected, noise);
    hu_table *table = table_of(s, cohort, arena);
    double *y = hu_table_find(table, "y")->numbers;
    for (size_t e = 0; e < r->n; e++) {
        HU_SCRATCH(room);
        for (size_t i = 0; i < s->rows; i++) {
            double trained = cohort[s->region[i]];
            double value = expected[i] + (trained > 0 && s->time[i] >= trained ? r->points[e].effect : 0);
            y[i] = s->binary ? noise[i] < value : value + noise[i];
        }
        hu_error *error = s->efficient
                              ? test_rollout(s, table, r->seed, room, &p)
                              : estimate(s, table, room, &p); /* a sample that cannot be estimated finds nothing */
        r->rejected[at * r->n + e] = error || isnan(p) ? -1 : p <= (s->alpha > 0 ? s->alpha : 0.05);
        hu_error_free(error);
    }
    return NULL;
}

static hu_error *check(const hu_power_rollout *s, rollouts *r)
{
    if (s->rows == 0 || s->regions < 2)
        return hu_fail(HU_EMPTY, "a rollout without cases, or in fewer than two regions");
    if (!(s->icc >= 0 && s->icc_period >= 0 && s->icc + s->icc_period < 1) || !(s->sd > 0))
        return hu_fail(HU_USAGE,
                       "a standard deviation of %g with shares of %g by region and %g by region and period: "
                       "expected a positive number, and shares below 1 together",
                       s->sd, s->icc, s->icc_period);
    r->first = r->last = s->time[0];
    for (size_t i = 0; i < s->rows; i++) {
        r->first = fmin(r->first, s->time[i]);
        r->last = fmax(r->last, s->time[i]);
    }
    return r->last - r->first < 100000 ? NULL : hu_fail(HU_LIMIT, "a rollout over more than 100,000 periods");
}

hu_error *hu_power_rollouts(const hu_power_rollout *rollout, const hu_power_options *options, hu_power_point *points,
                            size_t n)
{
    HU_SCRATCH(scratch);
    size_t studies = options->studies ? options->studies : 1000;
    rollouts r = {.shape = rollout,
                  .points = points,
                  .n = n,
                  .seed = options->seed,
                  .rejected = HU_NEW_ARRAY(scratch, signed char, studies *n)};
    HU_TRY(check(rollout, &r));
    HU_TRY(hu_parallel(studies, options->threads, study, &r));
    for (size_t e = 0; e < n; e++) {
        size_t made = 0, rejected = 0;
        for (size_t s = 0; s < studies; s++) {
            made += r.rejected[s * n + e] >= 0;
            rejected += r.rejected[s * n + e] == 1;
        }
        points[e].studies = made;
        points[e].power = made ? (double)rejected / (double)made : NAN;
        points[e].mc_error = sqrt(points[e].power * (1 - points[e].power) / (double)made);
    }
    return NULL;
}
