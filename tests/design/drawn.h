#ifndef HUELLA_TESTS_DESIGN_DRAWN_H
#define HUELLA_TESTS_DESIGN_DRAWN_H

/* Tables to draw from. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/design/draw.h"

static const char units_of_eight[] = "unit,area,reports,people\n"
                                     "a,north,3,120\nb,north,9,340\nc,south,4,100\nd,south,12,280\n"
                                     "e,north,7,510\nf,south,1,90\ng,north,15,410\nh,south,6,330\n";
static const char *const two_arms[] = {"control", "treatment", NULL};
static const char *const balanced[] = {"reports", "people", NULL};

static inline hu_table *drawn_table(const char *text, hu_arena *arena)
{
    hu_table *table;
    CHECK_OK(hu_csv_parse(text, strlen(text), "units.csv", &(hu_csv_options){0}, arena, &table));
    return table;
}

static inline hu_draw *drawn_of(const char *text, hu_draw_method method, uint64_t seed, hu_arena *arena)
{
    hu_draw *draw;
    hu_draw_setup setup = {.method = method, .arms = two_arms, .unit = "unit", .balance = balanced};
    if (method == HU_DRAW_STRATIFIED)
        setup.strata = "area";
    if (method == HU_DRAW_RERANDOMIZED)
        setup.acceptance = 0.4;
    CHECK_OK(hu_draw_prepare(drawn_table(text, arena), &setup, arena, &draw));
    CHECK_OK(hu_draw_run(draw, seed, arena));
    return draw;
}

/* All allocations of the draw's design, of all units. */
static inline hu_assignments *drawn_assignments(const hu_draw *draw, const hu_assignment_options *options,
                                                hu_arena *arena)
{
    hu_assignments *all;
    uint32_t *every = HU_NEW_ARRAY(arena, uint32_t, draw->units);
    for (size_t i = 0; i < draw->units; i++)
        every[i] = (uint32_t)i;
    CHECK_OK(hu_draw_assignments(draw, every, draw->units, NULL, options, 2, arena, &all));
    return all;
}

static inline unsigned drawn_bits(const uint32_t *arm, size_t n)
{
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++)
        bits |= arm[i] << i;
    return bits;
}

/* |difference of means| of fixed outcomes, for randomization tests. */
static const double drawn_outcome[] = {2.1, -0.3, 1.7, 0.4, 3.3, -1.2, 0.9, 2.6};

static inline double drawn_difference(unsigned bits, size_t n)
{
    double sum[2] = {0}, count[2] = {0};
    for (size_t i = 0; i < n; i++) {
        sum[bits >> i & 1] += drawn_outcome[i];
        count[bits >> i & 1]++;
    }
    return count[0] > 0 && count[1] > 0 ? fabs(sum[1] / count[1] - sum[0] / count[0]) : INFINITY;
}

static inline double drawn_p(const hu_assignments *all, unsigned observed, hu_arena *arena)
{
    uint64_t extreme = 0;
    size_t n = all->design.units;
    for (size_t part = 0; part < all->parts; part++) {
        hu_walk *walk = hu_walk_start(all, part, arena);
        while (hu_walk_next(walk))
            extreme += drawn_difference(drawn_bits(walk->label, n), n) >= drawn_difference(observed, n) - 1e-12;
    }
    return all->exact ? (double)extreme / (double)all->count : (1 + (double)extreme) / (1 + (double)all->count);
}

#endif
