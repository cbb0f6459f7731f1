/* Two periods, two groups, a panel, with covariates: Sant'Anna & Zhao (2020), J. Econometrics 219(1), 101-122. */

#include "did_parts.h"

#include "huella/numerics/least_squares.h"
#include "huella/numerics/logit.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "did_2x2.h"

void did_normalize(double *w, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += w[i];
    for (size_t i = 0; i < n; i++)
        w[i] *= (double)n / sum;
}

double did_mean(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

double did_mean_product(const double *a, const double *b, size_t n)
{
    return cblas_ddot((int)n, a, 1, b, 1) / (double)n;
}

void did_mean_rows(const did_2x2 *cell, const double *v, double *out)
{
    cblas_dgemv(CblasColMajor, CblasTrans, (int)cell->n, (int)cell->k, 1 / (double)cell->n, cell->x, (int)cell->n, v, 1,
                0, out, 1);
}

void did_predict(const did_2x2 *cell, const double *b, double *out)
{
    cblas_dgemv(CblasColMajor, CblasNoTrans, (int)cell->n, (int)cell->k, 1, cell->x, (int)cell->n, b, 1, 0, out, 1);
}

bool did_propensity(did_2x2 *cell, hu_arena *arena, did_score *score)
{
    hu_logit fit;
    hu_error *error = hu_logit_fit(cell->x, cell->n, cell->k, cell->d, cell->w, arena, &fit);
    if (error) {
        cell->note = error->code == HU_LIMIT
                         ? "the propensity score does not settle: the covariates nearly tell the groups apart"
                         : "the covariates are collinear in this comparison, or tell the groups apart (no overlap)";
        hu_error_free(error);
        return false;
    }
    *score = (did_score){fit.fitted, fit.inverse, HU_NEW_ARRAY(arena, double, cell->n)};
    for (size_t i = 0; i < cell->n; i++) {
        if (score->p[i] > 1 - 1e-6)
            score->p[i] = 1 - 1e-6;
        bool kept = cell->d[i] > 0 || score->p[i] < did_trim;
        double odds = cell->d[i] > 0 ? 1 : score->p[i] / (1 - score->p[i]);
        score->weight[i] = kept ? cell->w[i] * odds : 0;
    }
    return true;
}

void did_score_effect(const did_2x2 *cell, const did_score *score, const double *m, double sign, hu_arena *arena)
{
    size_t k = cell->k;
    double *u = HU_NEW_ARRAY(arena, double, k), *xu = HU_NEW_ARRAY(arena, double, cell->n);
    cblas_dgemv(CblasColMajor, CblasNoTrans, (int)k, (int)k, (double)cell->n, score->inverse, (int)k, m, 1, 0, u, 1);
    did_predict(cell, u, xu);
    for (size_t i = 0; i < cell->n; i++)
        cell->influence[i] += sign * cell->w[i] * (cell->d[i] - score->p[i]) * xu[i];
}

bool did_outcome_model(did_2x2 *cell, double d, double post, hu_arena *arena, did_outcome *model)
{
    size_t n = 0, k = cell->k;
    *model = (did_outcome){HU_NEW_ARRAY(arena, double, cell->n), HU_NEW_ARRAY(arena, double, k *k), d, post};
    double *x = HU_NEW_ARRAY(arena, double, cell->n *k), *y = HU_NEW_ARRAY(arena, double, cell->n);
    double *w = HU_NEW_ARRAY(arena, double, cell->n);
    size_t rows = 0;
    for (size_t i = 0; i < cell->n; i++)
        rows += did_in_group(cell, model, i);
    for (size_t i = 0; i < cell->n; i++) {
        if (!did_in_group(cell, model, i))
            continue;
        for (size_t j = 0; j < k; j++)
            x[j * rows + n] = cell->x[j * cell->n + i];
        y[n] = cell->y[i];
        w[n++] = cell->w[i];
    }
    hu_fit fit;
    hu_error *error = hu_least_squares(x, n, k, y, w, arena, &fit);
    if (error || fit.rank < k) {
        hu_error_free(error);
        cell->note = d > 0 ? "too few treated observations for the outcome model, or its covariates are collinear"
                           : "too few comparison observations for the outcome model, or its covariates are collinear";
        return false;
    }
    did_predict(cell, fit.coefficients, model->fitted);
    memcpy(model->bread, fit.bread, k * k * sizeof *model->bread);
    return true;
}

void did_outcome_effect(const did_2x2 *cell, const did_outcome *model, const double *m, double sign, hu_arena *arena)
{
    size_t k = cell->k;
    double *u = HU_NEW_ARRAY(arena, double, k), *xu = HU_NEW_ARRAY(arena, double, cell->n);
    cblas_dgemv(CblasColMajor, CblasNoTrans, (int)k, (int)k, (double)cell->n, model->bread, (int)k, m, 1, 0, u, 1);
    did_predict(cell, u, xu);
    for (size_t i = 0; i < cell->n; i++)
        if (did_in_group(cell, model, i))
            cell->influence[i] += sign * cell->w[i] * (cell->y[i] - model->fitted[i]) * xu[i];
}

/* Outcome regression: change of the treated minus what the comparison's model predicts for them. */
static void outcome_regression(did_2x2 *cell, hu_arena *arena)
{
    did_outcome control;
    if (!did_outcome_model(cell, 0, 0, arena, &control))
        return;
    size_t n = cell->n;
    double *wd = HU_NEW_ARRAY(arena, double, n), *m1 = HU_NEW_ARRAY(arena, double, cell->k);
    for (size_t i = 0; i < n; i++)
        wd[i] = cell->w[i] * cell->d[i];
    double total = did_mean(wd, n), change = did_mean_product(wd, cell->y, n) / total;
    double predicted = did_mean_product(wd, control.fitted, n) / total;
    cell->att = change - predicted;
    for (size_t i = 0; i < n; i++)
        cell->influence[i] = wd[i] * (cell->y[i] - change - control.fitted[i] + predicted);
    did_mean_rows(cell, wd, m1);
    did_outcome_effect(cell, &control, m1, -1, arena);
    cblas_dscal((int)n, 1 / (total * (double)n), cell->influence, 1);
}

/*
 * Inverse probability weighting of Hajek type (eq. 2.4 with normalised weights) and, with an outcome model, the doubly
 * robust estimator (eq. 3.1): both weigh residuals r = y - fitted, with fitted = 0 for the former.
 */
static void weighted_residuals(did_2x2 *cell, bool robust, hu_arena *arena)
{
    size_t n = cell->n, k = cell->k;
    did_score score;
    did_outcome control = {0};
    if (!did_propensity(cell, arena, &score) || (robust && !did_outcome_model(cell, 0, 0, arena, &control)))
        return;
    for (size_t i = 0; i < n; i++)
        if (score.p[i] >= did_no_overlap) {
            cell->note = "no overlap: the covariates make some treatment all but certain";
            return;
        }
    double *r = HU_NEW_ARRAY(arena, double, n), *treat = HU_NEW_ARRAY(arena, double, n);
    double *cont = HU_NEW_ARRAY(arena, double, n), *m = HU_NEW_ARRAY(arena, double, k);
    for (size_t i = 0; i < n; i++) {
        r[i] = cell->y[i] - (robust ? control.fitted[i] : 0);
        treat[i] = cell->d[i] * score.weight[i];
        cont[i] = (1 - cell->d[i]) * score.weight[i];
    }
    double mean_treat = did_mean(treat, n), mean_cont = did_mean(cont, n);
    double eta_treat = did_mean_product(treat, r, n) / mean_treat, eta_cont = did_mean_product(cont, r, n) / mean_cont;
    cell->att = eta_treat - eta_cont;
    double *v = HU_NEW_ARRAY(arena, double, n);
    for (size_t i = 0; i < n; i++) {
        v[i] = cont[i] * (r[i] - eta_cont) / mean_cont;
        cell->influence[i] = treat[i] * (r[i] - eta_treat) / mean_treat - v[i];
    }
    did_mean_rows(cell, v, m); /* effect of the estimated propensity score */
    did_score_effect(cell, &score, m, -1, arena);
    if (robust) { /* effect of the estimated outcome model on both sides */
        for (size_t i = 0; i < n; i++)
            v[i] = cont[i] / mean_cont - treat[i] / mean_treat;
        did_mean_rows(cell, v, m);
        did_outcome_effect(cell, &control, m, 1, arena);
    }
    cblas_dscal((int)n, 1 / (double)n, cell->influence, 1);
}

void did_2x2_panel(did_2x2 *cell, hu_arena *arena)
{
    did_normalize(cell->w, cell->n);
    if (cell->method == HU_OUTCOME_REGRESSION)
        outcome_regression(cell, arena);
    else
        weighted_residuals(cell, cell->method == HU_DOUBLY_ROBUST, arena);
}
