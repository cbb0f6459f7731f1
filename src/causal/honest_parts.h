#ifndef HUELLA_CAUSAL_HONEST_PARTS_H
#define HUELLA_CAUSAL_HONEST_PARTS_H

/* What the files of sensitivity to parallel trends share. */

#include "huella/causal/honest.h"

/**
 * A restriction as linear inequalities A delta <= d, rows x periods, row-major, without the reference period. Relative
 * restrictions are a union of sets: one for each period that may hold the largest slope, and its sign; `member` runs
 * over them (honest_members of them).
 */
typedef struct honest_set {
    size_t rows, periods;
    double *a, *d;
} honest_set;

size_t honest_members(const hu_trends *trends, const hu_honest_options *options);
void honest_inequalities(const hu_trends *trends, const hu_honest_options *options, double m, size_t member,
                         hu_arena *arena, honest_set *set);

/** The smallest and largest l' delta_post where delta before treatment is what was estimated, whatever its shape. */
void honest_bias(const hu_trends *trends, const hu_honest_options *options, double m, double bias[2]);

double honest_sd(const hu_trends *trends); /* of l' beta_post */
double honest_estimate(const hu_trends *trends);

/** honest_test.c: a union of sets with what their tests need; ended by honest_test_close. */
typedef struct honest_test honest_test;
hu_error *honest_test_open(const hu_trends *trends, const hu_honest_options *options, double m, hu_arena *arena,
                           honest_test **test);
void honest_test_close(honest_test *test);
hu_error *honest_test_accepts(honest_test *test, double theta, bool *accepts);

#endif
