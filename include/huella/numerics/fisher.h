#ifndef HUELLA_NUMERICS_FISHER_H
#define HUELLA_NUMERICS_FISHER_H

#include "huella/numerics/assignments.h"

/** A randomization test: how often a statistic is at least as extreme as the observed one. */
typedef struct hu_fisher {
    double p;                /* |statistic| >= |observed| */
    double p_upper, p_lower; /* statistic >= observed, statistic <= observed */
    double mc_error;         /* standard error of p by sampling; 0 when exact */
    double observed;
    uint64_t assignments; /* visited */
    bool exact;
    uint64_t undefined;  /* assignments under which the statistic is not a number: they count as extreme */
    double lower, upper; /* confidence set of a constant effect; NaN where none was asked for */
    double level;        /* of that set; 0 = none */
} hu_fisher;

/**
 * The p-value from statistics under every assignment (column 0 of values, rows of `width`).
 *
 * Exact: the share of assignments; the observed one is among them. Sampled: (1 + extreme) / (1 + draws), which is valid
 * for any number of draws (Phipson & Smyth 2010). Two statistics closer than 1e-10 of the largest are a tie.
 */
hu_fisher hu_fisher_test(const hu_assignments *assignments, const double *values, size_t width, double observed);

/**
 * A confidence set for a constant effect by inverting sharp nulls "every unit's outcome is moved by effect x dose".
 *
 * A statistic that is linear in the outcomes has the value a - effect b under the null, where a is its value for the
 * observed outcomes and b its value for the observed doses in place of outcomes, both under the drawn assignment.
 * Studentised, its variance is v0 - 2 effect v1 + effect^2 v2. Rows of values: {a, b} or {a, b, v0, v1, v2};
 * `observed`: the same under the assignment that was carried out.
 *
 * The set is every effect whose two-sided p exceeds 1 - level; it is given as its least and greatest member, found from
 * the estimate outwards, by bisection to a relative 1e-9 (p is a step function of the effect, so the ends are jumps).
 * An end is infinite when no effect on that side is rejected. Sets fisher->lower, upper, level; level 0 = 0.95.
 * Cost: about 100 passes over values.
 */
void hu_fisher_invert(const hu_assignments *assignments, const double *values, size_t width, const double *observed,
                      double level, hu_fisher *fisher);

/**
 * The same for any statistic whose value under "the effect is `effect`" follows from a row of values: |statistic| at
 * the observed row is compared with that at every row. `estimate` must be accepted; `scale` is a first guess of the
 * distance of the ends from it.
 */
typedef double hu_null_statistic(const double *row, double effect, const void *context);
void hu_fisher_invert_by(const hu_assignments *assignments, const double *values, size_t width, const double *observed,
                         hu_null_statistic *statistic, const void *context, double estimate, double scale, double level,
                         hu_fisher *fisher);

#endif
