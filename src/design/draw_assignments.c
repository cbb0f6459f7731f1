/* The allocations that a draw could have given: its design, for tests that replay it. */

#include "draw_parts.h"

#include "huella/base/parallel.h"

#include <string.h>

/* Units that are held as they were drawn are left out of the shuffle; the others stand in the caller's order. */
typedef struct replay {
    const hu_draw *draw;
    const uint32_t *units; /* n: places in the draw */
    size_t n;
    const uint32_t *name; /* arms: as the caller calls them */
    uint64_t seed;
    const hu_assignments *all; /* of the free units alone */
    const double *accepted;    /* all->count: 1 or 0 */
    const uint64_t *start;     /* all->parts: where each part's rows begin in the list */
    uint8_t *list;             /* count x n */
} replay;

typedef struct whole {
    const replay *of;
    uint32_t *arm; /* draw->units: as drawn, but for the free units */
    double *room;
} whole;

static void *start_whole(const void *context, hu_arena *arena)
{
    const replay *of = context;
    whole *w = HU_NEW(arena, whole);
    *w = (whole){of, HU_NEW_ARRAY(arena, uint32_t, of->draw->units),
                 HU_NEW_ARRAY(arena, double, of->draw->arms *(of->draw->k + 1))};
    memcpy(w->arm, of->draw->arm, of->draw->units * sizeof *w->arm);
    return w;
}

static void accept(void *state, const hu_walk *walk, double *value)
{
    whole *w = state;
    for (size_t i = 0; i < w->of->n; i++)
        w->arm[w->of->units[i]] = walk->label[i];
    *value = hu_draw_distance(w->of->draw, w->arm, w->room) <= w->of->draw->setup.threshold;
}

static hu_error *keep_accepted(void *context, size_t part)
{
    HU_SCRATCH(scratch);
    const replay *of = context;
    uint8_t *at = of->list + of->start[part] * of->n;
    hu_walk *walk = hu_walk_start(of->all, part, scratch);
    while (hu_walk_next(walk)) {
        if (of->accepted[walk->index] == 0)
            continue;
        for (size_t i = 0; i < of->n; i++)
            *at++ = (uint8_t)of->name[walk->label[i]];
    }
    return NULL;
}

/* Visits all allocations of the free units twice: to count the accepted, and to list them. */
static hu_error *list_accepted(replay *of, const hu_assignments *free_units, int threads, hu_arena *arena,
                               hu_assignments **all)
{
    HU_SCRATCH(scratch);
    double *accepted = HU_NEW_ARRAY(scratch, double, free_units->count);
    uint64_t *start = HU_NEW_ARRAY(scratch, uint64_t, free_units->parts), count = 0;
    HU_TRY(hu_assignments_evaluate(free_units, &(hu_statistic){of, 1, start_whole, accept}, threads, accepted));
    for (size_t part = 0; part < free_units->parts; part++) {
        HU_SCRATCH(room);
        start[part] = count;
        hu_walk *walk = hu_walk_start(free_units, part, room);
        while (hu_walk_next(walk))
            count += accepted[walk->index] != 0;
    }
    of->all = free_units;
    of->accepted = accepted;
    of->start = start;
    of->list = HU_NEW_ARRAY(arena, uint8_t, count * of->n);
    HU_TRY(hu_parallel(free_units->parts, threads, keep_accepted, of));
    return hu_assignments_listed(of->list, count, of->n, true, arena, all);
}

/* One random allocation of the sample: a function of seed and row. */
static hu_error *replay_row(void *context, size_t row)
{
    HU_SCRATCH(scratch);
    const replay *of = context;
    const hu_draw *draw = of->draw;
    whole *w = start_whole(of, scratch);
    bool minimise = draw->setup.method == HU_DRAW_MINIMISATION, done = false;
    size_t *items = HU_NEW_ARRAY(scratch, size_t, minimise ? draw_minimise_room(draw) : 2 * of->n);
    hu_random random = hu_random_start(of->seed, hu_random_stream("replay", row));
    for (size_t tries = 0; !done && tries < 1000000; tries++) {
        if (minimise)
            draw_minimise(draw, &random, items, w->arm);
        else
            draw_shuffle(draw, of->units, of->n, &random, items, w->arm);
        done = minimise || draw->setup.method != HU_DRAW_RERANDOMIZED ||
               hu_draw_distance(draw, w->arm, w->room) <= draw->setup.threshold;
    }
    if (!done)
        return hu_fail(HU_LIMIT, "a million allocations in a row lie beyond the threshold %g", draw->setup.threshold);
    for (size_t i = 0; i < of->n; i++)
        of->list[row * of->n + i] = (uint8_t)of->name[w->arm[of->units[i]]];
    return NULL;
}

static hu_error *sample(replay *of, uint64_t draws, int threads, hu_arena *arena, hu_assignments **all)
{
    of->list = HU_NEW_ARRAY(arena, uint8_t, draws * of->n);
    HU_TRY(hu_parallel(draws, threads, replay_row, of));
    return hu_assignments_listed(of->list, draws, of->n, false, arena, all);
}

static hu_error *check_minimisation(const hu_draw *draw, const hu_assignment_options *options)
{
    if (options->exact)
        return hu_fail(HU_USAGE, "minimisation does not give every allocation the same chance, so its test replays the "
                                 "procedure at random: ask for a number of permutations instead of all");
    if (draw->arms != 2)
        return hu_fail(HU_USAGE, "the replay of a minimisation compares two arms; this draw has %zu", draw->arms);
    return NULL;
}

hu_error *hu_draw_assignments(const hu_draw *draw, const uint32_t *units, size_t n, const uint32_t *label,
                              const hu_assignment_options *options, int threads, hu_arena *arena, hu_assignments **all)
{
    uint32_t own[HU_DRAW_ARMS];
    for (uint32_t a = 0; a < HU_DRAW_ARMS; a++)
        own[a] = label && a < draw->arms ? label[a] : a;
    replay of = {.draw = draw, .units = units, .n = n, .name = own, .seed = options->seed};
    uint64_t draws = options->draws ? options->draws : HU_ASSIGNMENTS_DRAWS;
    if (n == 0)
        return hu_fail(HU_EMPTY, "no unit of the draw is left");
    if (draw->setup.method == HU_DRAW_MINIMISATION) {
        HU_TRY(check_minimisation(draw, options));
        return sample(&of, draws, threads, arena, all);
    }
    bool listed = draw->setup.method == HU_DRAW_RERANDOMIZED;
    hu_assignment_design *design = HU_NEW(arena, hu_assignment_design);
    uint32_t *dealt = HU_NEW_ARRAY(arena, uint32_t, n), *stratum = HU_NEW_ARRAY(arena, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        dealt[i] = listed ? draw->arm[units[i]] : own[draw->arm[units[i]]];
        stratum[i] = draw->stratum[units[i]];
    }
    *design = (hu_assignment_design){n, dealt, stratum};
    hu_assignment_options planned = *options;
    if (listed)
        planned.draws = 0; /* draws are asked of the accepted, not of all */
    HU_TRY(hu_assignments_plan(design, &planned, arena, all));
    if (!listed)
        return NULL;
    return (*all)->exact ? list_accepted(&of, *all, threads, arena, all) : sample(&of, draws, threads, arena, all);
}
