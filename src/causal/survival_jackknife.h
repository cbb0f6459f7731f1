#ifndef HUELLA_CAUSAL_SURVIVAL_JACKKNIFE_H
#define HUELLA_CAUSAL_SURVIVAL_JACKKNIFE_H

/* The infinitesimal jackknife of a curve, summed by cluster; every call is O(1). */

#include "huella/base/arena.h"
#include "huella/numerics/sums.h"

#include <stdint.h>

typedef struct jackknife_part {
    double a, b, n;
} jackknife_part;

typedef struct jackknife {
    jackknife_part *part; /* clusters */
    double A, B;          /* what a row at risk all along has gathered, per unit of weight; the walk adds to them */
    hu_sum aa, an, nn, ab, bn, bb;
} jackknife;

void jackknife_start(jackknife *j, size_t clusters, hu_arena *arena);
/* For another curve: forgets the clusters of these rows. */
void jackknife_clear(jackknife *j, const uint32_t *cluster, size_t from, size_t to);

void jackknife_enter(jackknife *j, uint32_t cluster, double w);
void jackknife_event(jackknife *j, uint32_t cluster, double a, double b);
void jackknife_leave(jackknife *j, uint32_t cluster, double w);
/* Sum over clusters of (a + n A - f (b + n B))^2. */
double jackknife_variance(const jackknife *j, double f);

#endif
