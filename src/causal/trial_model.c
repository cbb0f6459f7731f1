/* Counts and binary outcomes of a trial: ratios of rates and odds, marginal effects. */

#include "trial_model.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/sums.h"

#include <math.h>
#include <string.h>

enum { max_steps = 200 };
static const double settled = 1e-10; /* change of the linear predictor */

/* A fit in progress. The last regression is kept with rows and outcome times the root of the working weight, where
 * errors are alike when the variance is as modelled: clustered formulas then apply as they stand. */
typedef struct glm {
    hu_trial_family family;
    const trial_regression *on;
    const double *exposure; /* by place in trial_rows; NULL = ones */
    size_t n, k;
    double *eta, *mu, *x, *z; /* n, n, n x k, n */
    double alpha;
    hu_fit fit;
} glm;

static double prior(const glm *g, size_t i)
{
    return g->on->w ? g->on->w[i] : 1;
}

static double offset(const glm *g, size_t i)
{
    return g->exposure ? log(g->exposure[trial_at(g->on, i)]) : 0;
}

static double variance(const glm *g, double mu)
{
    return g->family == HU_TRIAL_LOGIT ? mu * (1 - mu) : mu + g->alpha * mu * mu;
}

static double slope(const glm *g, double mu) /* of the mean in the linear predictor */
{
    return g->family == HU_TRIAL_LOGIT ? mu * (1 - mu) : mu;
}

static double mean_at(const glm *g, double eta)
{
    return g->family == HU_TRIAL_LOGIT ? 1 / (1 + exp(-eta)) : exp(eta);
}

static void start(glm *g)
{
    hu_sum events = {0}, exposure = {0};
    for (size_t i = 0; i < g->n; i++) {
        hu_sum_add(&events, prior(g, i) * g->on->columns.y[i]);
        hu_sum_add(&exposure, prior(g, i) * exp(offset(g, i)));
    }
    double rate = hu_sum_value(&events) / hu_sum_value(&exposure);
    for (size_t i = 0; i < g->n; i++) {
        double y = g->on->columns.y[i];
        g->mu[i] = g->family == HU_TRIAL_LOGIT ? (y + 0.5) / 2 : (y + rate * exp(offset(g, i))) / 2;
        g->eta[i] = g->family == HU_TRIAL_LOGIT ? log(g->mu[i] / (1 - g->mu[i])) : log(g->mu[i]);
    }
}

/* One step of iteratively reweighted least squares; the largest change of the predictor in *moved. */
static hu_error *step(glm *g, hu_arena *arena, double *moved)
{
    for (size_t i = 0; i < g->n; i++) {
        double d = slope(g, g->mu[i]), root = sqrt(prior(g, i) * d * d / variance(g, g->mu[i]));
        g->z[i] = root * (g->eta[i] - offset(g, i) + (g->on->columns.y[i] - g->mu[i]) / d);
        for (size_t j = 0; j < g->k; j++)
            g->x[j * g->n + i] = root * g->on->columns.x[j * g->n + i];
        if (!isfinite(root) || !isfinite(g->z[i]))
            return hu_fail(HU_LIMIT, "the fit does not settle: covariates or strata tell the outcome without error");
    }
    HU_TRY(hu_least_squares(g->x, g->n, g->k, g->z, NULL, arena, &g->fit));
    *moved = 0;
    for (size_t i = 0; i < g->n; i++) {
        double eta = offset(g, i);
        for (size_t j = 0; j < g->k; j++)
            if (!g->fit.dropped[j])
                eta += g->fit.coefficients[j] * g->on->columns.x[j * g->n + i];
        *moved = fmax(*moved, fabs(eta - g->eta[i]) / (1 + fabs(eta)));
        g->eta[i] = eta;
        g->mu[i] = mean_at(g, eta);
    }
    return NULL;
}

/* Pearson's statistic over its degrees of freedom when the variance is m + alpha m^2. */
static double pearson(const glm *g, double alpha)
{
    hu_sum sum = {0}, weight = {0};
    for (size_t i = 0; i < g->n; i++) {
        double e = g->on->columns.y[i] - g->mu[i];
        double v = g->family == HU_TRIAL_LOGIT ? g->mu[i] * (1 - g->mu[i]) : g->mu[i] + alpha * g->mu[i] * g->mu[i];
        hu_sum_add(&sum, prior(g, i) * e * e / v);
        hu_sum_add(&weight, prior(g, i));
    }
    double df = hu_sum_value(&weight) * (1 - (double)g->fit.rank / (double)g->n);
    return hu_sum_value(&sum) / df;
}

/* The alpha at which it is one; it falls as alpha grows. */
static double moment_alpha(const glm *g)
{
    double low = 0, high = 1;
    if (pearson(g, 0) <= 1)
        return 0;
    while (pearson(g, high) > 1 && high < 1e12)
        low = high, high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double middle = (low + high) / 2;
        *(pearson(g, middle) > 1 ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static hu_error *fit(glm *g, hu_arena *arena)
{
    double moved, alpha_moved = 0;
    start(g);
    for (int i = 0; i < max_steps; i++) {
        HU_TRY(step(g, arena, &moved));
        if (g->family == HU_TRIAL_NEGBIN && i > 0) {
            double alpha = moment_alpha(g);
            alpha_moved = fabs(alpha - g->alpha) / (1 + alpha);
            g->alpha = alpha;
        }
        if (i > 1 && moved < settled && alpha_moved < settled)
            return NULL;
    }
    return hu_fail(HU_LIMIT, "the fit has not settled after %d steps: covariates or strata nearly tell the outcome",
                   max_steps);
}

/* Variances and degrees of freedom of contrasts (k x n_contrasts). */
static hu_error *errors_of(const glm *g, hu_trial_se se, const double *contrasts, size_t n, hu_arena *scratch,
                           double *variances, double *dfs)
{
    double *v, *df;
    if (se == HU_TRIAL_HC2 || se == HU_TRIAL_HC3) {
        hu_leverage_variance(&g->fit, g->x, NULL, se == HU_TRIAL_HC2 ? HU_HC2 : HU_HC3, scratch, &v);
        for (size_t c = 0; c < n; c++) {
            variances[c] = 0;
            for (size_t i = 0; i < g->k * g->k; i++)
                variances[c] += contrasts[c * g->k + i / g->k] * v[i] * contrasts[c * g->k + i % g->k];
            dfs[c] = (double)g->n - (double)g->fit.rank;
        }
        return NULL;
    }
    hu_clustered *sums;
    hu_correction correction = se == HU_TRIAL_CR0 ? HU_CR0 : se == HU_TRIAL_CR1 ? HU_CR1S : HU_CR2;
    HU_TRY(hu_cluster_sums(&g->fit, g->x, NULL, &g->on->cluster, scratch, &sums));
    HU_TRY(hu_few_clusters_variance(sums, correction, g->fit.rank, contrasts, n, scratch, &v, &df));
    for (size_t c = 0; c < n; c++) {
        variances[c] = v[c * (n + 1)];
        dfs[c] = se == HU_TRIAL_CR2 ? df[c] : (double)g->on->cluster.levels - 1;
    }
    return NULL;
}

/* The average marginal effect, and its gradient in the coefficients. */
static double marginal(const glm *g, double *gradient)
{
    hu_sum effect = {0}, weight = {0};
    for (size_t i = 0; i < g->n; i++) {
        double w = prior(g, i), z = g->on->columns.x[g->on->arm * g->n + i], b = g->fit.coefficients[g->on->arm];
        double p[2] = {mean_at(g, g->eta[i] - z * b), mean_at(g, g->eta[i] + (1 - z) * b)};
        hu_sum_add(&effect, w * (p[1] - p[0]));
        hu_sum_add(&weight, w);
        for (size_t j = 0; j < g->k; j++) {
            double x = g->on->columns.x[j * g->n + i];
            gradient[j] +=
                w * (p[1] * (1 - p[1]) * (j == g->on->arm ? 1 : x) - p[0] * (1 - p[0]) * (j == g->on->arm ? 0 : x));
        }
    }
    for (size_t j = 0; j < g->k; j++)
        gradient[j] = g->fit.dropped[j] ? 0 : gradient[j] / hu_sum_value(&weight);
    return hu_sum_value(&effect) / hu_sum_value(&weight);
}

static hu_error *estimate(const glm *g, const hu_trial_options *o, hu_trial_ratio *out)
{
    HU_SCRATCH(scratch);
    double *contrasts = HU_NEW_ARRAY(scratch, double, 2 * g->k), v[2], df[2];
    bool logit = g->family == HU_TRIAL_LOGIT;
    contrasts[g->on->arm] = 1;
    out->marginal = out->marginal_se = out->marginal_lower = out->marginal_upper = NAN;
    if (logit)
        out->marginal = marginal(g, contrasts + g->k);
    HU_TRY(errors_of(g, o->se, contrasts, logit ? 2 : 1, scratch, v, df));
    out->log_ratio = g->fit.coefficients[g->on->arm];
    out->se = sqrt(v[0]);
    out->df = df[0];
    out->p = hu_t_two_sided(out->log_ratio / out->se, out->df);
    double half = hu_t_quantile(0.5 + o->level / 2, out->df) * out->se;
    out->ratio = exp(out->log_ratio);
    out->lower = exp(out->log_ratio - half);
    out->upper = exp(out->log_ratio + half);
    out->dispersion = g->family == HU_TRIAL_NEGBIN ? g->alpha : pearson(g, 0);
    if (logit) {
        out->marginal_se = sqrt(v[1]);
        half = hu_t_quantile(0.5 + o->level / 2, df[1]) * out->marginal_se;
        out->marginal_lower = out->marginal - half;
        out->marginal_upper = out->marginal + half;
    }
    return NULL;
}

hu_error *trial_model_fit(const trial_regression *on, const double *exposure, hu_trial_family family,
                          const hu_trial_options *options, hu_trial_ratio *out)
{
    HU_SCRATCH(scratch);
    size_t n = on->n, k = on->columns.k;
    glm g = {.family = family,
             .on = on,
             .exposure = exposure,
             .n = n,
             .k = k,
             .eta = HU_NEW_ARRAY(scratch, double, n),
             .mu = HU_NEW_ARRAY(scratch, double, n),
             .x = HU_NEW_ARRAY(scratch, double, n *k),
             .z = HU_NEW_ARRAY(scratch, double, n)};
    HU_TRY(fit(&g, scratch));
    return estimate(&g, options, out);
}
