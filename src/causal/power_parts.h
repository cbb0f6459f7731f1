#ifndef HUELLA_SRC_CAUSAL_POWER_PARTS_H
#define HUELLA_SRC_CAUSAL_POWER_PARTS_H

#include "huella/causal/power.h"

/** What is the same in all studies. */
typedef struct power_fixed {
    const hu_power_design *design;
    uint64_t seed;
    double *size;
    double *covariate; /* clusters, mean 0 and variance 1; NULL without */
    double *block;     /* clusters: the stratum's score, likewise; NULL without */
    uint32_t *stratum; /* clusters; all 0 without */
    uint32_t *deal;    /* clusters: arms in numbers by stratum */
} power_fixed;

hu_error *power_fix(const hu_power_design *design, uint64_t seed, hu_arena *arena, power_fixed *fixed);

/** One study: its arms, and its clusters' means under each of the effects (effects x clusters, row-major). */
void power_draw(const power_fixed *fixed, size_t study, const double *effects, size_t n, uint32_t *arm, double *means);

#endif
