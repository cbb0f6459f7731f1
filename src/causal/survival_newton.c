/* Newton's method on the partial likelihood, as survival::coxph steps. */

#include "survival_parts.h"

#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

static const double tolerance = 1e-9;         /* coxph.control(eps) */
static const double collinear = 1.818989e-12; /* coxph.control(toler.chol): double epsilon to the power 3/4 */
enum { MOST_STEPS = 20 };

/* Marks, in order, columns that a Cholesky factorisation finds to be combinations of those before. */
static size_t find_dropped(const double *info, size_t k, bool *dropped)
{
    HU_SCRATCH(scratch);
    double *l = HU_NEW_ARRAY(scratch, double, k *k + 1), largest = 0;
    size_t rank = 0;
    for (size_t j = 0; j < k; j++)
        largest = fmax(largest, info[j + j * k]);
    for (size_t j = 0; j < k; j++) {
        double pivot = info[j + j * k];
        for (size_t c = 0; c < j; c++)
            pivot -= l[j + c * k] * l[j + c * k];
        dropped[j] = !(pivot > collinear * largest);
        if (dropped[j])
            continue;
        rank++;
        l[j + j * k] = sqrt(pivot);
        for (size_t i = j + 1; i < k; i++) {
            double a = info[i + j * k];
            for (size_t c = 0; c < j; c++)
                a -= l[i + c * k] * l[j + c * k];
            l[i + j * k] = a / l[j + j * k];
        }
    }
    return rank;
}

bool cox_invert(const double *info, size_t k, const bool *dropped, double *inverse)
{
    HU_SCRATCH(scratch);
    size_t *at = HU_NEW_ARRAY(scratch, size_t, k + 1), m = 0;
    for (size_t j = 0; j < k; j++)
        if (!dropped[j])
            at[m++] = j;
    double *part = HU_NEW_ARRAY(scratch, double, m *m + 1);
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++)
            part[a + b * m] = info[at[a] + at[b] * k];
    memset(inverse, 0, k * k * sizeof *inverse);
    if (!hu_invert_positive(part, m, part))
        return false;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++)
            inverse[at[a] + at[b] * k] = part[a + b * m];
    return true;
}

/* inverse u */
static void newton_step(const double *inverse, const double *u, size_t k, double *step)
{
    for (size_t i = 0; i < k; i++) {
        step[i] = 0;
        for (size_t j = 0; j < k; j++)
            step[i] += inverse[i + j * k] * u[j];
    }
}

static hu_error *runs_off(const cox_model *model, const cox_fit *fit, size_t j)
{
    const hu_survival *data = model->data;
    double b = fit->b[j] / data->scale[j];
    return hu_fail(HU_SINGULAR,
                   "%s: covariate \"%s\": its coefficient runs off to %s infinity (%.3g after %d steps), because the "
                   "event comes at only one end of it (separation); leave it out, merge its levels, or look at it by "
                   "--strata",
                   data->source, data->names[j], b < 0 ? "minus" : "plus", b, fit->iterations);
}

static size_t farthest(const double *values, size_t k)
{
    size_t at = 0;
    for (size_t j = 1; j < k; j++)
        if (fabs(values[j]) > fabs(values[at]))
            at = j;
    return at;
}

/* What a step of one coefficient does to the linear predictor between the extremes of its covariate. */
static double reach(const cox_model *model, size_t j, double step)
{
    const hu_survival *data = model->data;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < data->n; i++) {
        double x = data->x[i * data->k + j];
        low = fmin(low, x);
        high = fmax(high, x);
    }
    return fabs(step) * (high - low);
}

/*
 * A likelihood that rises to a limit without a maximum looks converged, but the next step is as long as the last one
 * and moves the linear predictor by about one; at a maximum each is the square of the one before, or rounding, which
 * among nearly collinear covariates may be large beside a small coefficient. coxph's sign of it (a step beyond
 * sqrt(eps) of the coefficient), then one more step to be sure.
 */
static hu_error *check_finite(const cox_model *model, const cox_fit *fit, cox_moments *m, hu_arena *scratch)
{
    size_t k = model->k, suspect = k;
    double *step = HU_NEW_ARRAY(scratch, double, k), *next = HU_NEW_ARRAY(scratch, double, k),
           *inverse = HU_NEW_ARRAY(scratch, double, k *k);
    newton_step(fit->inverse, m->u, k, step);
    for (size_t j = 0; j < k; j++)
        if (fabs(step[j]) > tolerance && fabs(step[j]) > sqrt(tolerance) * fabs(fit->b[j]) &&
            reach(model, j, step[j]) > 0.1 && (suspect == k || fabs(step[j]) > fabs(step[suspect])))
            suspect = j;
    if (suspect == k)
        return NULL;
    for (size_t j = 0; j < k; j++)
        next[j] = fit->b[j] + step[j];
    cox_moments_at(model, next, NULL, m);
    if (!isfinite(m->loglik) || !cox_invert(m->info, k, fit->dropped, inverse))
        return runs_off(model, fit, suspect);
    newton_step(inverse, m->u, k, next);
    return fabs(next[suspect]) > 0.1 * fabs(step[suspect]) ? runs_off(model, fit, suspect) : NULL;
}

static hu_error *start(const cox_model *model, cox_moments *m, cox_fit *fit)
{
    size_t k = model->k;
    cox_moments_at(model, fit->b, NULL, m);
    fit->loglik[0] = fit->loglik[1] = m->loglik;
    fit->rank = find_dropped(m->info, k, fit->dropped);
    if (fit->rank == 0 || !cox_invert(m->info, k, fit->dropped, fit->inverse))
        return hu_fail(HU_SINGULAR,
                       "%s: no covariate differs among those at risk together when events come, so no hazard ratio is "
                       "identified",
                       model->data->source);
    return NULL;
}

hu_error *cox_newton(const cox_model *model, hu_arena *arena, cox_fit *fit)
{
    HU_SCRATCH(scratch);
    size_t k = model->k;
    cox_moments m = cox_moments_new(k, false, scratch);
    double *next = HU_NEW_ARRAY(scratch, double, k + 1), *step = HU_NEW_ARRAY(scratch, double, k + 1);
    *fit = (cox_fit){.b = HU_NEW_ARRAY(arena, double, k + 1),
                     .dropped = HU_NEW_ARRAY(arena, bool, k + 1),
                     .inverse = HU_NEW_ARRAY(arena, double, k *k + 1)};
    HU_TRY(start(model, &m, fit));
    newton_step(fit->inverse, m.u, k, next);
    for (size_t j = 0; j < k; j++)
        fit->score += m.u[j] * next[j];
    for (int halving = 0; fit->iterations < MOST_STEPS;) {
        fit->iterations++;
        cox_moments_at(model, next, NULL, &m);
        bool good = isfinite(m.loglik) && cox_invert(m.info, k, fit->dropped, fit->inverse);
        if (good && halving == 0 && fabs(1 - fit->loglik[1] / m.loglik) <= tolerance) {
            fit->loglik[1] = m.loglik;
            memcpy(fit->b, next, k * sizeof *next);
            return check_finite(model, fit, &m, scratch);
        }
        if (!good || m.loglik < fit->loglik[1]) {
            halving++;
            for (size_t j = 0; j < k; j++)
                next[j] = (next[j] + halving * fit->b[j]) / (halving + 1);
            continue;
        }
        halving = 0;
        fit->loglik[1] = m.loglik;
        memcpy(fit->b, next, k * sizeof *next);
        newton_step(fit->inverse, m.u, k, step);
        for (size_t j = 0; j < k; j++)
            next[j] += step[j];
    }
    newton_step(fit->inverse, m.u, k, step);
    size_t far = farthest(step, k);
    if (reach(model, far, step[far]) > 0.1)
        return runs_off(model, fit, far);
    return hu_fail(HU_LIMIT,
                   "%s: the fit has not settled after %d steps: covariates that are nearly combinations of each other, "
                   "or far apart in size; leave some out or change their units",
                   model->data->source, (int)MOST_STEPS);
}
