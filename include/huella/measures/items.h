#ifndef HUELLA_MEASURES_ITEMS_H
#define HUELLA_MEASURES_ITEMS_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Tests and scales by the classical theory: how hard each item is, whether it goes with the others, how reliable
 * their sum is.
 *
 * Covariances are over the persons who answered both items, so that with nothing missing these are the textbook's
 * numbers. Alpha's interval is Feldt's (1965, Psychometrika 30(3)): (1 - alpha) / (1 - a) is F with n - 1 and
 * (n - 1)(k - 1) degrees of freedom, n the persons who answered all items.
 */
typedef struct hu_item {
    size_t n;              /* persons who answered */
    double mean, sd;       /* mean: the share of right answers where items are 0 and 1 (difficulty) */
    double rest;           /* correlation with the sum of the other items (corrected item-total correlation) */
    double discrimination; /* mean among the upper 27 % of persons by mean of items, less that among the lower: Kelley
                              (1939), J. Educational Psychology 30(1) */
    double alpha_without;  /* alpha of the others */
} hu_item;

typedef struct hu_item_analysis {
    hu_item *items; /* k */
    size_t n, complete;
    double alpha, lower, upper;
    double mean, sd; /* of persons' mean over the items they answered */
    double *score;   /* n: that mean; NaN without an answer */
} hu_item_analysis;

/** x: n x k, column-major; NaN = not answered. Errors: HU_EMPTY fewer than two items, or three persons who answered
 *  all. Cost: O(n k^2). */
hu_error *hu_items_analyse(const double *x, size_t n, size_t k, double level, hu_arena *arena, hu_item_analysis *out);

/**
 * Item response scores: the two-parameter logistic model P(x = 1 | t) = 1 / (1 + exp(-(a t + d))), t standard normal.
 *
 * Marginal maximum likelihood by the EM algorithm over Gauss and Hermite's quadrature: Bock & Aitkin (1981),
 * Psychometrika 46(4). Items not answered are left out of a person's likelihood. With `prior` the logarithm of each
 * slope has a normal prior of that standard deviation about zero (posterior mode): for samples of a few hundred.
 * Errors are from the sum of outer products of persons' scores. Scores are posterior means (EAP), their errors
 * posterior standard deviations.
 */
typedef struct hu_irt_options {
    bool rasch;        /* one slope for all items */
    double prior;      /* 0 = none */
    size_t nodes;      /* 0 = 61 */
    double tolerance;  /* of parameters; 0 = 1e-8 */
    size_t iterations; /* at most; 0 = 20,000 */
} hu_irt_options;

typedef struct hu_irt_item {
    bool used;               /* false: everybody's answer is the same, or nobody's is known */
    double a, d, a_se, d_se; /* NaN where not used */
    double difficulty;       /* -d / a: the ability at which half answer it right */
} hu_irt_item;

typedef struct hu_irt {
    hu_irt_item *items;    /* k */
    double *score, *se;    /* n: NaN for a person without an answer to an item that is used */
    double log_likelihood; /* without the prior */
    double reliability;    /* variance of scores over it and the mean posterior variance */
    size_t iterations, parameters, persons;
} hu_irt;

/** x: n x k, column-major: 0, 1 or NaN. Errors: HU_BAD_INPUT another value; HU_EMPTY fewer than three items that are
 *  used; HU_LIMIT not settled. Cost: O(n k nodes) a step. */
hu_error *hu_irt_fit(const double *x, size_t n, size_t k, const hu_irt_options *options, hu_arena *arena, hu_irt *out);

#endif
