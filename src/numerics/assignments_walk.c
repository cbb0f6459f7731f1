/* The visit of one part: counters of combinations that turn as the digits of a modular Gray code; or random deals. */

#include "assignments_parts.h"

#include "huella/base/random.h"

#include <string.h>

/* The combination of one digit: positions c[0] < … < c[chosen-1] among its slots; c[chosen] = slots. */
typedef struct counter {
    const assignment_digit *digit;
    uint32_t *slot; /* slots: the units to choose from */
    uint32_t *c;
    uint64_t turns, most; /* steps since the digit began, and how many it makes before the next digit turns */
} counter;

typedef struct hu_walk_state {
    const hu_assignments *all;
    uint32_t *label;
    counter *counters;
    uint64_t end; /* the index at which the part ends */
    size_t *deal; /* room for a shuffle */
    bool begun;
} walk_state;

/*
 * The combination of this rank in revolving-door order: the greatest element x is that with C(x, k) <= rank < C(x+1,
 * k), and what stands below it runs backwards. Kreher & Stinson (1999), Combinatorial Algorithms, algorithm 2.12.
 */
static void unrank(counter *k, uint64_t rank)
{
    size_t chosen = k->digit->chosen, x = k->digit->slots;
    double at = k->digit->combinations; /* C(x, i) */
    k->c[chosen] = (uint32_t)x;
    for (size_t i = chosen; i > 0; i--) {
        double above = at;
        while (at > (double)rank) {
            above = at;
            at = at * (double)(x - i) / (double)x; /* C(x-1, i) */
            x--;
        }
        k->c[i - 1] = (uint32_t)x;
        rank = (uint64_t)above - rank - 1;
        /* from C(x, i) to C(x, i-1); where that is 0, x < i, from scratch */
        at = 1;
        for (size_t j = 1; j < i; j++)
            at = at * (double)(x + j + 1 - i) / (double)j;
    }
}

/* Takes one element out of the combination and another into it. */
typedef struct exchange {
    uint32_t out, in;
} exchange;

/* From the last combination to the first: the order is cyclic. */
static exchange wrap(counter *k)
{
    size_t t = k->digit->chosen;
    exchange e = {k->c[t - 1], (uint32_t)t - 1};
    k->c[t - 1] = (uint32_t)t - 1;
    return e;
}

/* Knuth's algorithm R, steps R3 to R5, with c[0] for his c_1. */
static exchange revolve(counter *k)
{
    uint32_t *c = k->c;
    size_t t = k->digit->chosen, j = 1;
    bool decrease = t % 2 == 1;
    if (decrease && c[0] + 1 < c[1])
        return c[0]++, (exchange){c[0] - 1, c[0]};
    if (!decrease && c[0] > 0)
        return c[0]--, (exchange){c[0] + 1, c[0]};
    for (; j < t; j++, decrease = !decrease) {
        if (decrease && c[j] > j) { /* here c[j] = c[j-1] + 1 */
            exchange e = {c[j], (uint32_t)j - 1};
            c[j] = c[j - 1];
            c[j - 1] = (uint32_t)j - 1;
            return e;
        }
        if (!decrease && c[j] + 1 < c[j + 1]) { /* here c[j-1] = j - 1 */
            exchange e = {c[j - 1], c[j] + 1};
            c[j - 1] = c[j];
            c[j]++;
            return e;
        }
    }
    return wrap(k);
}

static const char *marks(const counter *k, hu_arena *arena)
{
    char *chosen = HU_NEW_ARRAY(arena, char, k->digit->slots);
    for (size_t i = 0; i < k->digit->chosen; i++)
        chosen[k->c[i]] = 1;
    return chosen;
}

/* Slots of every digit from the combinations, and labels from the slots. */
static void deal_slots(walk_state *s, hu_arena *arena)
{
    const hu_assignment_plan *plan = s->all->plan;
    for (size_t i = 0; i < s->all->design.units; i++)
        s->label[i] = s->all->design.label[i]; /* of strata without a choice */
    for (size_t d = 0; d < plan->n_digits; d++) {
        const assignment_digit *digit = &plan->digits[d];
        counter *k = &s->counters[d];
        bool last = d + 1 == plan->n_digits || plan->digits[d + 1].stratum != digit->stratum;
        bool first = d == 0 || plan->digits[d - 1].stratum != digit->stratum;
        if (first)
            memcpy(k->slot, plan->unit + plan->start[digit->stratum], digit->slots * sizeof *k->slot);
        const char *chosen = marks(k, arena);
        for (size_t i = 0, next = 0; i < digit->slots; i++) {
            if (chosen[i])
                s->label[k->slot[i]] = plan->name[digit->label];
            else if (last)
                s->label[k->slot[i]] = plan->name[digit->rest];
            else
                s->counters[d + 1].slot[next++] = k->slot[i];
        }
    }
}

/* Combinations at the beginning of a part; those after the split begin at their first. */
static void set_counters(walk_state *s, size_t part, uint64_t *index)
{
    const hu_assignment_plan *plan = s->all->plan;
    uint64_t piece = part % plan->pieces, prefix = part / plan->pieces;
    *index = s->end = prefix;
    for (size_t d = plan->n_digits; d-- > 0;) {
        counter *k = &s->counters[d];
        uint64_t combinations = (uint64_t)plan->digits[d].combinations, rank = 0;
        k->most = combinations;
        if (d < plan->split) {
            rank = prefix % combinations;
            prefix /= combinations;
        } else if (d == plan->split) {
            uint64_t from = combinations * piece / plan->pieces, to = combinations * (piece + 1) / plan->pieces;
            *index = (*index * combinations + from) * plan->inner;
            s->end = *index + (to - from) * plan->inner;
            rank = from;
        }
        unrank(k, rank);
    }
    if (plan->n_digits == 0)
        *index = 0, s->end = 1;
}

static void start_enumeration(walk_state *s, size_t part, hu_walk *walk, hu_arena *arena)
{
    const hu_assignment_plan *plan = s->all->plan;
    s->counters = HU_NEW_ARRAY(arena, counter, plan->n_digits + 1);
    for (size_t d = 0; d < plan->n_digits; d++) {
        const assignment_digit *digit = &plan->digits[d];
        s->counters[d].digit = digit;
        s->counters[d].slot = HU_NEW_ARRAY(arena, uint32_t, digit->slots);
        s->counters[d].c = HU_NEW_ARRAY(arena, uint32_t, digit->chosen + 1);
    }
    set_counters(s, part, &walk->index);
    deal_slots(s, arena);
}

hu_walk *hu_walk_start(const hu_assignments *all, size_t part, hu_arena *arena)
{
    hu_walk *walk = HU_NEW(arena, hu_walk);
    walk_state *s = walk->state = HU_NEW(arena, walk_state);
    s->all = all;
    walk->label = s->label = HU_NEW_ARRAY(arena, uint32_t, all->design.units);
    if (all->exact && !all->list) {
        start_enumeration(s, part, walk, arena);
        return walk;
    }
    uint64_t length = all->list ? ASSIGNMENT_LISTED : ASSIGNMENT_SAMPLE;
    walk->index = (uint64_t)part * length;
    s->end = walk->index + length < all->count ? walk->index + length : all->count;
    s->deal = HU_NEW_ARRAY(arena, size_t, all->design.units);
    return walk;
}

/* Labels dealt out anew within each stratum; the draw depends on the seed and its index alone. */
static void deal_at_random(walk_state *s, uint64_t index)
{
    const hu_assignment_plan *plan = s->all->plan;
    hu_random random = hu_random_start(s->all->seed, hu_random_stream("assignments", index));
    for (size_t g = 0; g < plan->strata; g++) {
        size_t n = plan->start[g + 1] - plan->start[g];
        const uint32_t *unit = plan->unit + plan->start[g];
        for (size_t i = 0; i < n; i++)
            s->deal[i] = unit[i];
        hu_random_shuffle(&random, s->deal, n);
        for (size_t i = 0; i < n; i++)
            s->label[unit[i]] = s->all->design.label[s->deal[i]];
    }
}

/*
 * One digit turns: unit a leaves its combination, b enters. In later digits of the stratum a stands where b stood, with
 * b's label there: so all that changes is that the two exchange their labels.
 */
static void turn(walk_state *s, hu_walk *walk)
{
    const hu_assignment_plan *plan = s->all->plan;
    size_t d = plan->n_digits - 1;
    while (s->counters[d].turns + 1 == s->counters[d].most)
        s->counters[d--].turns = 0;
    counter *k = &s->counters[d];
    k->turns++;
    exchange e = revolve(k);
    uint32_t a = k->slot[e.out], b = k->slot[e.in], kept = s->label[a];
    s->label[a] = s->label[b];
    s->label[b] = kept;
    walk->a = a;
    walk->b = b;
    for (size_t later = d + 1; later < plan->n_digits && plan->digits[later].stratum == k->digit->stratum; later++)
        for (size_t i = 0; i < plan->digits[later].slots; i++)
            if (s->counters[later].slot[i] == b)
                s->counters[later].slot[i] = a;
}

bool hu_walk_next(hu_walk *walk)
{
    walk_state *s = walk->state;
    if (s->begun)
        walk->index++;
    if (walk->index >= s->end)
        return false;
    walk->fresh = s->all->list || !s->all->exact || !s->begun;
    const uint8_t *listed = s->all->list ? s->all->list + walk->index * s->all->design.units : NULL;
    for (size_t i = 0; listed && i < s->all->design.units; i++)
        s->label[i] = listed[i];
    if (listed) {
        /* the labels are there */
    } else if (!s->all->exact)
        deal_at_random(s, walk->index);
    else if (s->begun)
        turn(s, walk);
    s->begun = true;
    return true;
}
