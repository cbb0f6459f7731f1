#ifndef HUELLA_NUMERICS_TWO_WAY_H
#define HUELLA_NUMERICS_TWO_WAY_H

#include "huella/numerics/factor.h"

/**
 * Least squares on two fixed effects of which one has few levels, solved exactly: v = a[many] + b[few] + e.
 *
 * The effects of `many` (units) are eliminated; what is left are normal equations in the effects of `few` (periods, or
 * cohort x period), S b = r with S = diag(n_l) - sum over units of n_u n_u' / |n_u|. They fall apart into connected
 * components (Abowd, Creecy & Kramarz 2002): within one, differences of b are identified, across two they are not.
 * One level of each component (its first) is held at zero. Where hu_within iterates and takes any number of effects,
 * this solves at once and also gives the effects themselves and the weights with which outcomes enter an estimand.
 */
typedef struct hu_two_way {
    size_t n;
    const hu_factor *many, *few;
    const double *w;                  /* n, positive; NULL = ones */
    double *weight_many, *weight_few; /* total weight of each level */
    uint32_t *component;              /* few->levels */
    size_t components;                /* how many */
    uint32_t *place;                  /* few->levels: position in its component; 0 is held at zero */
    uint32_t *size;                   /* components: their levels of `few` */
    uint32_t **member;                /* components x size: those levels */
    double **inverse;                 /* components: (size - 1) x (size - 1), of S without the level held at zero */
} hu_two_way;

/**
 * The factors and weights must outlive *out. Errors: HU_LIMIT a component of more than 4,000 levels of `few`;
 * HU_SINGULAR weights so unequal that S cannot be inverted in double precision.
 * Cost: O(n + sum over units of their distinct levels^2 + sum over components of size^3) time; O(n + size^2) memory.
 */
hu_error *hu_two_way_new(const hu_factor *many, const hu_factor *few, const double *w, size_t n, hu_arena *arena,
                         hu_two_way **out);

/**
 * Solves the normal equations for right-hand sides: a weight_many + N b = q_many, N' a + b weight_few = q_few.
 *
 * q_many   many->levels, or NULL for zeros     q_few   few->levels; within a component both must sum to the same
 * a, b     out, of the same lengths; a may be NULL
 *
 * With q = sums of w v these are the fitted effects of v. With q the weights of an estimand, q_many'a0 + q_few'b0, its
 * estimate is the sum of w (a[many] + b[few]) v: a and b say how each row enters.
 */
void hu_two_way_solve(const hu_two_way *two_way, const double *q_many, const double *q_few, double *a, double *b);

/** Replaces v (n) by its residuals; a and b, the effects, may be NULL. Refined once, so that no digit is lost. */
void hu_two_way_residuals(const hu_two_way *two_way, double *v, double *a, double *b);

#endif
