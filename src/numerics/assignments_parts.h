#ifndef HUELLA_NUMERICS_ASSIGNMENTS_PARTS_H
#define HUELLA_NUMERICS_ASSIGNMENTS_PARTS_H

/* What a visit of assignments needs to know of its design. */

#include "huella/numerics/assignments.h"

enum { ASSIGNMENT_SAMPLE = 64, ASSIGNMENT_LISTED = 4096 }; /* random, and listed, assignments in one part */

/* Which `chosen` of the `slots` units that earlier labels of the stratum left over have this label. */
typedef struct assignment_digit {
    size_t stratum;
    uint32_t label, rest; /* rest: the last label of the stratum, for those that no digit chooses */
    size_t slots, chosen;
    double combinations;
} assignment_digit;

typedef struct hu_assignment_plan {
    size_t labels, strata;
    const uint32_t *code; /* units: labels counted through from 0 */
    uint32_t *name;       /* labels: the caller's number for each */
    uint32_t *unit;       /* units in order of stratum */
    size_t *start;        /* strata + 1: where each begins in `unit` */
    assignment_digit *digits;
    size_t n_digits;
    double total;
    size_t split;    /* a part fixes the digits before this one … */
    uint64_t pieces; /* … and runs through one of so many ranges of it … */
    uint64_t inner;  /* … each with so many settings of the digits after it */
} hu_assignment_plan;

#endif
