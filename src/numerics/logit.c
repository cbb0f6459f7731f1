/* Logistic regression by iteratively reweighted least squares. Source: McCullagh & Nelder (1989), section 2.5. */

#include "huella/numerics/logit.h"

#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

static const double tolerance = 1e-8;
enum { max_iterations = 100 };

typedef struct irls {
    const double *y, *w;
    size_t n, k;
    double *x, *norm;          /* n x k: columns over their lengths, so that units do not decide what is collinear; k */
    double *eta, *mu, *scaled; /* n, n, n x k */
} irls;

static double weight(const irls *s, size_t i)
{
    return s->w ? s->w[i] : 1;
}

static void update_mu(irls *s)
{
    for (size_t i = 0; i < s->n; i++) { /* kept off 0 and 1, as R's logit link does */
        double e = s->eta[i] < -30 ? DBL_EPSILON : s->eta[i] > 30 ? 1 / DBL_EPSILON : exp(s->eta[i]);
        s->mu[i] = e / (1 + e);
    }
}

static double deviance(const irls *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum -= 2 * weight(s, i) * (s->y[i] > 0.5 ? log(s->mu[i]) : log1p(-s->mu[i]));
    return sum;
}

/* X' W X with W = w mu (1 - mu), full. */
static void information(irls *s, double *out)
{
    int n = (int)s->n, k = (int)s->k;
    for (size_t j = 0; j < s->k; j++)
        for (size_t i = 0; i < s->n; i++)
            s->scaled[j * s->n + i] = sqrt(weight(s, i) * s->mu[i] * (1 - s->mu[i])) * s->x[j * s->n + i];
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, k, n, 1, s->scaled, n, 0, out, k);
    for (size_t j = 0; j < s->k; j++)
        for (size_t i = 0; i < j; i++)
            out[i + j * s->k] = out[j + i * s->k];
}

/* One Newton step: beta = (X'WX)^-1 X'W (eta + (y - mu) / (mu (1 - mu))). */
static bool step(irls *s, double *inverse, double *right, double *beta)
{
    information(s, inverse);
    if (!(hu_rcond(inverse, s->k) > DBL_EPSILON) || !hu_invert_positive(inverse, s->k, inverse))
        return false;
    for (size_t j = 0; j < s->k; j++) {
        right[j] = 0;
        for (size_t i = 0; i < s->n; i++) {
            double v = s->mu[i] * (1 - s->mu[i]);
            right[j] += s->x[j * s->n + i] * weight(s, i) * (v * s->eta[i] + s->y[i] - s->mu[i]);
        }
    }
    cblas_dgemv(CblasColMajor, CblasNoTrans, (int)s->k, (int)s->k, 1, inverse, (int)s->k, right, 1, 0, beta, 1);
    return true;
}

static void update_eta(irls *s, const double *beta)
{
    cblas_dgemv(CblasColMajor, CblasNoTrans, (int)s->n, (int)s->k, 1, s->x, (int)s->n, beta, 1, 0, s->eta, 1);
    update_mu(s);
}

static void scale_columns(irls *s, const double *x)
{
    for (size_t j = 0; j < s->k; j++) {
        double norm = cblas_dnrm2((int)s->n, x + j * s->n, 1);
        s->norm[j] = norm > 0 && isfinite(norm) ? norm : 1;
        for (size_t i = 0; i < s->n; i++)
            s->x[j * s->n + i] = x[j * s->n + i] / s->norm[j];
    }
}

/* Coefficients and inverse in the units of the columns as they were given. */
static void unscale(const irls *s, hu_logit *fit)
{
    for (size_t j = 0; j < s->k; j++) {
        fit->coefficients[j] /= s->norm[j];
        for (size_t i = 0; i < s->k; i++)
            fit->inverse[i + j * s->k] /= s->norm[i] * s->norm[j];
    }
}

static void start(irls *s)
{
    for (size_t i = 0; i < s->n; i++) {
        s->mu[i] = (weight(s, i) * s->y[i] + 0.5) / (weight(s, i) + 1);
        s->eta[i] = log(s->mu[i] / (1 - s->mu[i]));
    }
}

hu_error *hu_logit_fit(const double *x, size_t n, size_t k, const double *y, const double *w, hu_arena *arena,
                       hu_logit *fit)
{
    hu_blas_single();
    HU_SCRATCH(scratch);
    *fit = (hu_logit){HU_NEW_ARRAY(arena, double, k), HU_NEW_ARRAY(arena, double, n), HU_NEW_ARRAY(arena, double, k *k),
                      0};
    irls s = {y,
              w,
              n,
              k,
              HU_NEW_ARRAY(scratch, double, n *k),
              HU_NEW_ARRAY(scratch, double, k),
              HU_NEW_ARRAY(scratch, double, n),
              fit->fitted,
              HU_NEW_ARRAY(scratch, double, n *k)};
    scale_columns(&s, x);
    double *right = HU_NEW_ARRAY(scratch, double, k), *last = HU_NEW_ARRAY(scratch, double, k);
    start(&s);
    double now = deviance(&s);
    bool settled = false;
    while (!settled && fit->iterations++ < max_iterations) {
        double before = now;
        memcpy(last, fit->coefficients, k * sizeof *last);
        if (!step(&s, fit->inverse, right, fit->coefficients))
            return hu_fail(HU_SINGULAR, "logistic regression: the covariates are collinear or separate the groups");
        update_eta(&s, fit->coefficients);
        now = deviance(&s);
        for (int halvings = 0; fit->iterations > 1 && now - before > tolerance * (fabs(now) + 0.1) && halvings < 30;
             halvings++) {
            for (size_t j = 0; j < k; j++)
                fit->coefficients[j] = (fit->coefficients[j] + last[j]) / 2;
            update_eta(&s, fit->coefficients);
            now = deviance(&s);
        }
        settled = fabs(now - before) / (fabs(now) + 0.1) < tolerance;
    }
    if (!settled)
        return hu_fail(HU_LIMIT, "logistic regression: not settled after %d steps", max_iterations);
    information(&s, fit->inverse);
    if (!(hu_rcond(fit->inverse, k) > DBL_EPSILON) || !hu_invert_positive(fit->inverse, k, fit->inverse))
        return hu_fail(HU_SINGULAR, "logistic regression: the covariates are collinear or separate the groups");
    unscale(&s, fit);
    return NULL;
}
