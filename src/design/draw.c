/* The draw itself: shuffles within strata, until accepted; or minimisation. */

#include "draw_parts.h"

#include <math.h>
#include <string.h>

static const char *const method_names[] = {"complete", "stratified", "pairs", "rerandomized", "minimisation"};
static const uint64_t most_tries = 10000000;

const char *hu_draw_method_name(hu_draw_method method)
{
    return method_names[method];
}

bool hu_draw_method_of(const char *name, hu_draw_method *method)
{
    for (size_t i = 0; i < sizeof method_names / sizeof *method_names; i++)
        if (strcmp(name, method_names[i]) == 0) {
            *method = (hu_draw_method)i;
            return true;
        }
    return false;
}

double hu_draw_distance(const hu_draw *draw, const uint32_t *arm, double *room)
{
    size_t k = draw->k;
    memset(room, 0, draw->arms * (k + 1) * sizeof *room);
    for (size_t i = 0; i < draw->units; i++) {
        double *sum = room + arm[i] * (k + 1);
        for (size_t j = 0; j < k; j++)
            sum[j] += draw->white[j * draw->units + i];
        sum[k]++;
    }
    double m = 0;
    for (size_t a = 0; a < draw->arms; a++) {
        const double *sum = room + a * (k + 1);
        for (size_t j = 0; j < k && sum[k] > 0; j++)
            m += sum[j] * sum[j] / sum[k];
    }
    return m;
}

void draw_shuffle(const hu_draw *draw, const uint32_t *units, size_t n, hu_random *random, size_t *items, uint32_t *arm)
{
    size_t *at = items, *deal = items + n;
    for (size_t s = 0; s < draw->strata; s++) {
        size_t m = 0;
        for (size_t i = 0; i < n; i++)
            if (draw->stratum[units[i]] == s) {
                at[m] = units[i];
                deal[m++] = arm[units[i]];
            }
        hu_random_shuffle(random, deal, m);
        for (size_t i = 0; i < m; i++)
            arm[at[i]] = (uint32_t)deal[i];
    }
}

size_t draw_minimise_room(const hu_draw *draw)
{
    size_t most = 1;
    for (size_t f = 0; f < draw->factors; f++)
        most = draw->levels[f] > most ? draw->levels[f] : most;
    return (draw->factors + 1) * most * draw->arms;
}

/* The range of the arms' counts, were one more put into arm `to`. */
static size_t range_with(const size_t *counts, size_t arms, size_t to)
{
    size_t least = SIZE_MAX, most = 0;
    for (size_t a = 0; a < arms; a++) {
        size_t count = counts[a] + (a == to);
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    return most - least;
}

void draw_minimise(const hu_draw *draw, hu_random *random, size_t *counts, uint32_t *arm)
{
    size_t arms = draw->arms, factors = draw->factors, room = draw_minimise_room(draw);
    size_t per_factor = room / (factors + 1);
    memset(counts, 0, room * sizeof *counts);
    for (size_t i = 0; i < draw->units; i++) {
        size_t imbalance[HU_DRAW_ARMS] = {0}, best = SIZE_MAX, ties = 0;
        for (size_t a = 0; a < arms; a++) {
            imbalance[a] = range_with(counts + factors * per_factor, arms, a);
            for (size_t f = 0; f < factors; f++)
                imbalance[a] += range_with(counts + f * per_factor + draw->level[i * factors + f] * arms, arms, a);
            if (imbalance[a] < best) {
                best = imbalance[a];
                ties = 0;
            }
            ties += imbalance[a] == best;
        }
        bool follow = ties == arms || hu_random_uniform(random) < draw->setup.coin;
        size_t pick = hu_random_below(random, follow ? ties : arms - ties), a = 0;
        for (;; a++)
            if ((imbalance[a] == best) == follow && pick-- == 0)
                break;
        arm[i] = (uint32_t)a;
        counts[factors * per_factor + a]++;
        for (size_t f = 0; f < factors; f++)
            counts[f * per_factor + draw->level[i * factors + f] * arms + a]++;
    }
}

static hu_error *until_accepted(hu_draw *draw, uint64_t seed, hu_arena *scratch)
{
    size_t n = draw->units, *items = HU_NEW_ARRAY(scratch, size_t, 2 * n);
    double *room = HU_NEW_ARRAY(scratch, double, draw->arms *(draw->k + 1));
    uint32_t *all = HU_NEW_ARRAY(scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        all[i] = (uint32_t)i;
    for (draw->attempts = 1; draw->attempts <= most_tries; draw->attempts++) {
        hu_random random = hu_random_start(seed, hu_random_stream("randomize", draw->attempts));
        memcpy(draw->arm, draw->deal, n * sizeof *draw->arm);
        draw_shuffle(draw, all, n, &random, items, draw->arm);
        if (draw->setup.method != HU_DRAW_RERANDOMIZED ||
            hu_draw_distance(draw, draw->arm, room) <= draw->setup.threshold)
            return NULL;
    }
    return hu_fail(HU_LIMIT,
                   "none of %llu allocations has a distance of at most %g between arms: a larger --threshold or "
                   "--acceptance, or fewer covariates to balance",
                   (unsigned long long)most_tries, draw->setup.threshold);
}

hu_error *hu_draw_run(hu_draw *draw, uint64_t seed, hu_arena *arena)
{
    HU_SCRATCH(scratch);
    draw->seed = seed;
    draw->attempts = 1;
    draw->arm = HU_NEW_ARRAY(arena, uint32_t, draw->units);
    if (draw->setup.method != HU_DRAW_MINIMISATION)
        return until_accepted(draw, seed, scratch);
    hu_random random = hu_random_start(seed, hu_random_stream("randomize", 1));
    draw_minimise(draw, &random, HU_NEW_ARRAY(scratch, size_t, draw_minimise_room(draw)), draw->arm);
    return NULL;
}
