/*
 * Two periods, two groups, repeated cross-sections, with covariates: Sant'Anna & Zhao (2020), eqs. 2.2-2.4 and the
 * locally efficient doubly robust estimator of eq. 3.4. The four combinations of group and period are "arms".
 */

#include "did_2x2.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* The weights of one group in one period, their mean, and the weighted mean of a variable. */
typedef struct arm {
    double *v, total;
} arm;

static arm arm_of(const did_2x2 *cell, const double *weight, double d, double post, hu_arena *arena)
{
    arm a = {HU_NEW_ARRAY(arena, double, cell->n), 0};
    for (size_t i = 0; i < cell->n; i++)
        if ((cell->d[i] > 0) == (d > 0) && (cell->post[i] > 0) == (post > 0))
            a.v[i] = weight[i];
    a.total = did_mean(a.v, cell->n);
    return a;
}

/* Adds sign * (weighted mean of r over the arm) to the effect, with its influence as if r were known. */
static double add_arm_mean(did_2x2 *cell, const arm *a, const double *r, double sign)
{
    double mean = did_mean_product(a->v, r, cell->n) / a->total;
    for (size_t i = 0; i < cell->n; i++)
        cell->influence[i] += sign * a->v[i] * (r[i] - mean) / a->total;
    cell->att += sign * mean;
    return mean;
}

static void outcome_regression(did_2x2 *cell, hu_arena *arena)
{
    size_t n = cell->n;
    did_outcome before, after;
    if (!did_outcome_model(cell, 0, 0, arena, &before) || !did_outcome_model(cell, 0, 1, arena, &after))
        return;
    arm treat_pre = arm_of(cell, cell->w, 1, 0, arena), treat_post = arm_of(cell, cell->w, 1, 1, arena);
    arm treated = {HU_NEW_ARRAY(arena, double, n), treat_pre.total + treat_post.total};
    double *trend = HU_NEW_ARRAY(arena, double, n), *m = HU_NEW_ARRAY(arena, double, cell->k);
    for (size_t i = 0; i < n; i++) {
        treated.v[i] = treat_pre.v[i] + treat_post.v[i];
        trend[i] = after.fitted[i] - before.fitted[i];
    }
    add_arm_mean(cell, &treat_post, cell->y, 1);
    add_arm_mean(cell, &treat_pre, cell->y, -1);
    add_arm_mean(cell, &treated, trend, -1);
    did_mean_rows(cell, treated.v, m);
    did_outcome_effect(cell, &after, m, -1 / treated.total, arena);
    did_outcome_effect(cell, &before, m, 1 / treated.total, arena);
}

/* sign * effect on the weighted mean of r over a comparison arm of having estimated the propensity score. */
static void add_score_effect(did_2x2 *cell, const did_score *score, const arm *a, const double *r, double mean,
                             double sign, hu_arena *arena)
{
    double *v = HU_NEW_ARRAY(arena, double, cell->n), *m = HU_NEW_ARRAY(arena, double, cell->k);
    for (size_t i = 0; i < cell->n; i++)
        v[i] = a->v[i] * (r[i] - mean) / a->total;
    did_mean_rows(cell, v, m);
    did_score_effect(cell, score, m, sign, arena);
}

/* The four weighted means of r that both weighting estimators share, with the propensity score's part. */
static void four_means(did_2x2 *cell, const did_score *score, const arm treat[2], const arm cont[2], const double *r,
                       hu_arena *arena)
{
    for (int post = 0; post < 2; post++) {
        double sign = post ? 1 : -1;
        add_arm_mean(cell, &treat[post], r, sign);
        double mean = add_arm_mean(cell, &cont[post], r, -sign);
        add_score_effect(cell, score, &cont[post], r, mean, -sign, arena);
    }
}

/* What eq. 3.4 adds for efficiency: the effect predicted for all treated minus that for the treated of the period. */
static void add_efficiency(did_2x2 *cell, const arm treat[2], const did_outcome model[2][2], int post, double *mom,
                           hu_arena *arena)
{
    size_t n = cell->n;
    double sign = post ? 1 : -1;
    arm all = {HU_NEW_ARRAY(arena, double, n), treat[0].total + treat[1].total};
    double *gap = HU_NEW_ARRAY(arena, double, n), *v = HU_NEW_ARRAY(arena, double, n);
    for (size_t i = 0; i < n; i++) {
        all.v[i] = treat[0].v[i] + treat[1].v[i];
        gap[i] = model[1][post].fitted[i] - model[0][post].fitted[i];
        v[i] = all.v[i] / all.total - treat[post].v[i] / treat[post].total;
    }
    add_arm_mean(cell, &all, gap, sign);
    add_arm_mean(cell, &treat[post], gap, -sign);
    did_mean_rows(cell, v, mom);
    did_outcome_effect(cell, &model[1][post], mom, sign, arena);
    did_outcome_effect(cell, &model[0][post], mom, -sign, arena);
}

/*
 * The effect of estimating the comparison's outcome model in one period. In the period before, DRDID 1.2.3 takes it
 * with the opposite sign of the derivative; it is followed here so that errors agree. The term is the difference in
 * covariates between the treated and the reweighted comparison of the period, zero in the limit where the propensity
 * score is right.
 */
static void add_outcome_effect(did_2x2 *cell, const arm *treat, const arm *cont, const did_outcome *model,
                               hu_arena *arena)
{
    double *v = HU_NEW_ARRAY(arena, double, cell->n), *m = HU_NEW_ARRAY(arena, double, cell->k);
    for (size_t i = 0; i < cell->n; i++)
        v[i] = cont->v[i] / cont->total - treat->v[i] / treat->total;
    did_mean_rows(cell, v, m);
    did_outcome_effect(cell, model, m, 1, arena);
}

static void doubly_robust(did_2x2 *cell, hu_arena *arena)
{
    size_t n = cell->n;
    did_score score;
    did_outcome model[2][2]; /* group, period */
    if (!did_propensity(cell, arena, &score))
        return;
    for (int d = 0; d < 2; d++)
        for (int post = 0; post < 2; post++)
            if (!did_outcome_model(cell, d, post, arena, &model[d][post]))
                return;
    arm treat[2], cont[2];
    double *r = HU_NEW_ARRAY(arena, double, n), *mom = HU_NEW_ARRAY(arena, double, cell->k);
    for (int post = 0; post < 2; post++) {
        treat[post] = arm_of(cell, score.weight, 1, post, arena);
        cont[post] = arm_of(cell, score.weight, 0, post, arena);
    }
    for (size_t i = 0; i < n; i++)
        r[i] = cell->y[i] - model[0][cell->post[i] > 0].fitted[i];
    four_means(cell, &score, treat, cont, r, arena);
    for (int post = 0; post < 2; post++) {
        add_outcome_effect(cell, &treat[post], &cont[post], &model[0][post], arena);
        add_efficiency(cell, treat, (const did_outcome(*)[2])model, post, mom, arena);
    }
}

static void inverse_probability(did_2x2 *cell, hu_arena *arena)
{
    did_score score;
    if (!did_propensity(cell, arena, &score))
        return;
    arm treat[2], cont[2];
    for (int post = 0; post < 2; post++) {
        treat[post] = arm_of(cell, score.weight, 1, post, arena);
        cont[post] = arm_of(cell, score.weight, 0, post, arena);
    }
    four_means(cell, &score, treat, cont, cell->y, arena);
}

void did_2x2_cross(did_2x2 *cell, hu_arena *arena)
{
    did_normalize(cell->w, cell->n);
    cell->att = 0;
    if (cell->method == HU_OUTCOME_REGRESSION)
        outcome_regression(cell, arena);
    else if (cell->method == HU_INVERSE_PROBABILITY)
        inverse_probability(cell, arena);
    else
        doubly_robust(cell, arena);
    cblas_dscal((int)cell->n, 1 / (double)cell->n, cell->influence, 1);
}
