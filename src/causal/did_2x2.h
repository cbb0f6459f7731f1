#ifndef HUELLA_CAUSAL_DID_2X2_H
#define HUELLA_CAUSAL_DID_2X2_H

/* The pieces of which the comparisons with covariates are made, shared by panels and cross-sections. */

#include "did_parts.h"

/* Comparison observations whose propensity score reaches did_trim get no weight (as DRDID); a panel's comparison in
 * which some score reaches did_no_overlap is not estimated (as did). */
static const double did_trim = 0.995, did_no_overlap = 0.999;

/* Propensity scores, the inverse information of their model, and the weights that they give: w for the treated,
 * w p / (1 - p) for the comparison. */
typedef struct did_score {
    double *p, *inverse, *weight;
} did_score;

/* A linear model of the outcome among the observations with this d (and post, unless the data are a panel): fitted for
 * all n observations. */
typedef struct did_outcome {
    double *fitted, *bread, d, post;
} did_outcome;

static inline bool did_in_group(const did_2x2 *cell, const did_outcome *model, size_t i)
{
    return (cell->d[i] > 0) == (model->d > 0) && (!cell->post || (cell->post[i] > 0) == (model->post > 0));
}

void did_normalize(double *w, size_t n); /* to mean one */
double did_mean(const double *v, size_t n);
double did_mean_product(const double *a, const double *b, size_t n);
void did_mean_rows(const did_2x2 *cell, const double *v, double *out); /* out (k) = mean of v x */
void did_predict(const did_2x2 *cell, const double *b, double *out);   /* out (n) = X b */
bool did_propensity(did_2x2 *cell, hu_arena *arena, did_score *score); /* false: cell->note says why */
bool did_outcome_model(did_2x2 *cell, double d, double post, hu_arena *arena, did_outcome *model);
/* Adds sign * (asymptotic linear representation of the estimated coefficients) * m to the influence. */
void did_score_effect(const did_2x2 *cell, const did_score *score, const double *m, double sign, hu_arena *arena);
void did_outcome_effect(const did_2x2 *cell, const did_outcome *model, const double *m, double sign, hu_arena *arena);

#endif
