#ifndef HUELLA_NUMERICS_ASSIGNMENTS_H
#define HUELLA_NUMERICS_ASSIGNMENTS_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Every assignment that a randomized design could have drawn, one after the other; or a random sample of them.
 *
 * A design deals labels (arms, cohorts) out to units (persons, districts, regions) within strata: every assignment with
 * the same number of units of each label in each stratum is equally likely. So this is the complete design (one
 * stratum), the stratified one, matched pairs (strata of two), and the staggered rollout (labels are cohorts), also
 * within strata.
 *
 * Enumeration is in minimal-change order: two units exchange their labels from one assignment to the next. Within a
 * stratum the units of the first label go through all combinations in revolving-door order (Nijenhuis & Wilf 1978;
 * Knuth, The Art of Computer Programming 4A, section 7.2.1.3, algorithm R), those of the next label likewise among the
 * rest, and so on; these counters turn as the digits of a modular Gray code (Knuth, section 7.2.1.1), since the order
 * is cyclic.
 *
 *     hu_assignments *all;
 *     HU_TRY(hu_assignments_plan(&design, &(hu_assignment_options){0}, arena, &all));
 *     for (size_t part = 0; part < all->parts; part++) {      // parts may run on different threads
 *         hu_walk *walk = hu_walk_start(all, part, scratch);
 *         while (hu_walk_next(walk))                          // walk->index, walk->label; walk->fresh or the swap
 *             …
 *     }
 */
typedef struct hu_assignment_design {
    size_t units;
    const uint32_t *label;   /* units: what was drawn; any numbers, equal ones are the same arm */
    const uint32_t *stratum; /* units: any numbers; NULL = one stratum */
} hu_assignment_design;

/** Zero: all assignments if they are at most 10 million, else 10,000 drawn at random. */
typedef struct hu_assignment_options {
    bool exact;     /* all assignments, or an error if there are more than `limit` */
    uint64_t draws; /* all if there are at most this many, else so many at random; 0 = as above */
    uint64_t limit; /* of an enumeration; 0 = 10 million */
    uint64_t seed;  /* of a sample: the draw at (seed, index) is the same on any number of threads */
} hu_assignment_options;

enum { HU_ASSIGNMENTS_LIMIT = 10000000, HU_ASSIGNMENTS_DRAWS = 10000 };

typedef struct hu_assignments {
    hu_assignment_design design;
    double total;   /* assignments of the design; exact up to 2^53 */
    uint64_t count; /* of which so many are visited */
    bool exact;     /* all are visited; else `count` are drawn with replacement */
    uint64_t seed;
    size_t parts; /* the visit in parts that are independent of each other; depends on the design alone */
    const struct hu_assignment_plan *plan;
    const uint8_t *list; /* count x units, row-major: the assignments themselves; NULL = made from the design */
} hu_assignments;

/**
 * Decides between all assignments and a sample. The design's arrays must live as long as the result.
 *
 * Errors: HU_EMPTY no unit; HU_LIMIT all were asked for and are too many: the message says how many there are.
 */
hu_error *hu_assignments_plan(const hu_assignment_design *design, const hu_assignment_options *options, hu_arena *arena,
                              hu_assignments **assignments);

/**
 * Assignments that somebody else lists: those that a re-randomization accepts, those that a sequential procedure drew.
 *
 * list    count x units, row-major, labels below 256; must live as long as the result
 * exact   these are all there are, equally likely, the one carried out among them; else a sample
 */
hu_error *hu_assignments_listed(const uint8_t *list, uint64_t count, size_t units, bool exact, hu_arena *arena,
                                hu_assignments **assignments);

/** Where a visit of one part stands. */
typedef struct hu_walk {
    uint64_t index;        /* of the assignment among all->count */
    const uint32_t *label; /* units: the labels under this assignment */
    uint32_t a, b;         /* the two units that have just exchanged their labels … */
    bool fresh;            /* … unless true: then the assignment is new as a whole, as the first of each part is */
    struct hu_walk_state *state;
} hu_walk;

hu_walk *hu_walk_start(const hu_assignments *assignments, size_t part, hu_arena *arena);
bool hu_walk_next(hu_walk *walk); /* false: the part is done */

/**
 * Computes statistics under every assignment of the plan, on any number of threads with the same result.
 *
 * start      makes the state of one part's visit in `arena` (NULL: the state is `context` itself)
 * evaluate   writes the `width` statistics under walk->label; after a swap (not walk->fresh) it may update what the
 * last call computed. May be called by several threads with different states. values     count x width, row-major, in
 * order of walk->index
 */
typedef struct hu_statistic {
    const void *context;
    size_t width;
    void *(*start)(const void *context, hu_arena *arena);
    void (*evaluate)(void *state, const hu_walk *walk, double *values);
} hu_statistic;

hu_error *hu_assignments_evaluate(const hu_assignments *assignments, const hu_statistic *statistic, int threads,
                                  double *values);

#endif
