/* Balance of a draw: means by arm, and how unusual the differences are among the allocations it could have given. */

#include "draw_parts.h"

#include <math.h>
#include <string.h>

enum { BALANCE_ENUMERATED = 300000 }; /* allocations; more are sampled */

/* Statistics of an allocation: for every covariate the spread between arms, sum of n_a (mean_a - mean)^2; then M. */
typedef struct spreads {
    const hu_draw *draw;
    double *room, *centred; /* arms x (k + 1); units x k, column-major */
} spreads;

static void *start_spreads(const void *context, hu_arena *arena)
{
    const hu_draw *draw = context;
    size_t n = draw->units;
    spreads *s = HU_NEW(arena, spreads);
    *s = (spreads){draw, HU_NEW_ARRAY(arena, double, draw->arms *(draw->k + 1)),
                   HU_NEW_ARRAY(arena, double, n * draw->k + 1)};
    for (size_t j = 0; j < draw->k; j++) {
        double mean = 0;
        for (size_t i = 0; i < n; i++)
            mean += draw->x[j * n + i] / (double)n;
        for (size_t i = 0; i < n; i++)
            s->centred[j * n + i] = draw->x[j * n + i] - mean;
    }
    return s;
}

static void evaluate_spreads(void *state, const hu_walk *walk, double *values)
{
    const spreads *s = state;
    const hu_draw *draw = s->draw;
    values[draw->k] = hu_draw_distance(draw, walk->label, s->room);
    for (size_t j = 0; j < draw->k; j++) {
        double sum[HU_DRAW_ARMS] = {0}, count[HU_DRAW_ARMS] = {0};
        for (size_t i = 0; i < draw->units; i++) {
            sum[walk->label[i]] += s->centred[j * draw->units + i];
            count[walk->label[i]]++;
        }
        values[j] = 0;
        for (size_t a = 0; a < draw->arms; a++)
            if (count[a] > 0)
                values[j] += sum[a] * sum[a] / count[a];
    }
}

static double share_at_least(const hu_assignments *all, const double *values, size_t width, double observed)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < all->count; i++)
        count += values[i * width] >= observed - 1e-10 * fabs(observed);
    return all->exact ? (double)count / (double)all->count : (1 + (double)count) / (1 + (double)all->count);
}

static void describe(const hu_draw *draw, size_t j, const size_t *count, hu_draw_balance_row *row)
{
    const double *x = draw->x + j * draw->units;
    double square[HU_DRAW_ARMS] = {0}, variance = 0;
    for (size_t i = 0; i < draw->units; i++)
        row->mean[draw->arm[i]] += x[i] / (double)count[draw->arm[i]];
    for (size_t i = 0; i < draw->units; i++)
        square[draw->arm[i]] += pow(x[i] - row->mean[draw->arm[i]], 2);
    for (size_t a = 0; a < draw->arms; a++)
        variance += square[a] / ((double)count[a] - 1) / (double)draw->arms;
    row->covariate = draw->setup.balance[j];
    for (size_t a = 0; a < draw->arms; a++)
        for (size_t b = 0; b < a; b++)
            if (!(fabs(row->mean[a] - row->mean[b]) <= fabs(row->difference)))
                row->difference = row->mean[a] - row->mean[b];
    row->normalised = variance > 0 ? row->difference / sqrt(variance) : NAN;
}

hu_error *hu_draw_check_balance(const hu_draw *draw, uint64_t seed, int threads, hu_arena *arena, hu_draw_balance **out)
{
    HU_SCRATCH(scratch);
    size_t k = draw->k, n = draw->units;
    hu_draw_balance *balance = *out = HU_NEW(arena, hu_draw_balance);
    hu_assignments *all;
    uint32_t *every = HU_NEW_ARRAY(scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        every[i] = (uint32_t)i;
        balance->count[draw->arm[i]]++;
    }
    balance->n = k;
    balance->joint_p = balance->joint = NAN;
    balance->rows = HU_NEW_ARRAY(arena, hu_draw_balance_row, k + 1);
    for (size_t j = 0; j < k; j++)
        describe(draw, j, balance->count, &balance->rows[j]);
    for (size_t j = 0; j < k; j++)
        balance->rows[j].p = NAN;
    if (k == 0 || (draw->setup.method == HU_DRAW_MINIMISATION && draw->arms > 2))
        return NULL;
    HU_TRY(hu_draw_assignments(draw, every, n, NULL,
                               &(hu_assignment_options){.limit = BALANCE_ENUMERATED, .seed = seed}, threads, scratch,
                               &all));
    double *values = HU_NEW_ARRAY(scratch, double, all->count *(k + 1)), *seen = HU_NEW_ARRAY(scratch, double, k + 1);
    evaluate_spreads(start_spreads(draw, scratch), &(hu_walk){.label = draw->arm, .fresh = true}, seen);
    HU_TRY(
        hu_assignments_evaluate(all, &(hu_statistic){draw, k + 1, start_spreads, evaluate_spreads}, threads, values));
    for (size_t j = 0; j < k; j++)
        balance->rows[j].p = share_at_least(all, values + j, k + 1, seen[j]);
    balance->joint = seen[k];
    balance->joint_p = share_at_least(all, values + k, k + 1, seen[k]);
    balance->assignments = all->count;
    balance->exact = all->exact;
    return NULL;
}
