/* Cox regression: the fit in the units of the covariates, with its errors and tests. */

#include "survival_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

/* to = inverse (sum over clusters of s s') inverse. */
static void robust_variance(const cox_model *model, const cox_fit *fit, const double *scores, double *to)
{
    HU_SCRATCH(scratch);
    size_t k = model->k;
    double *influence = HU_NEW_ARRAY(scratch, double, k + 1);
    for (size_t c = 0; c < model->data->clusters; c++) {
        for (size_t i = 0; i < k; i++) {
            influence[i] = 0;
            for (size_t j = 0; j < k; j++)
                influence[i] += fit->inverse[i + j * k] * scores[c * k + j];
        }
        for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < k; j++)
                to[i + j * k] += influence[i] * influence[j];
    }
}

/* b' V^-1 b over the covariates that are not dropped. */
static double wald(const cox_fit *fit, const double *variance, size_t k)
{
    HU_SCRATCH(scratch);
    double *v = HU_NEW_ARRAY(scratch, double, fit->rank * fit->rank), *b = HU_NEW_ARRAY(scratch, double, fit->rank);
    size_t m = 0;
    for (size_t i = 0; i < k; i++) {
        if (fit->dropped[i])
            continue;
        size_t n = 0;
        for (size_t j = 0; j < k; j++)
            if (!fit->dropped[j])
                v[m + n++ * fit->rank] = variance[i + j * k];
        b[m++] = fit->b[i];
    }
    return hu_quadratic_inverse(v, fit->rank, b);
}

static hu_test chi_square(const char *name, double statistic, size_t df)
{
    return (hu_test){
        .name = name, .statistic = statistic, .df = (int)df, .p = hu_chi_square_upper(statistic, (double)df)};
}

static void fill_coefficient(const cox_model *model, const cox_fit *fit, const double *robust, double z, size_t j,
                             hu_cox_result *result)
{
    size_t k = model->k;
    double scale = model->data->scale[j];
    hu_hazard_ratio *c = &result->coefficients[j];
    *c = (hu_hazard_ratio){.name = model->data->names[j],
                           .estimate = NAN,
                           .se = NAN,
                           .se_robust = NAN,
                           .lower = NAN,
                           .upper = NAN,
                           .z = NAN,
                           .p = NAN};
    if (fit->dropped[j])
        return;
    c->estimate = fit->b[j] / scale;
    c->se = sqrt(fit->inverse[j + j * k]) / scale;
    c->se_robust = sqrt(robust[j + j * k]) / scale;
    double se = result->robust ? c->se_robust : c->se;
    c->z = c->estimate / se;
    c->p = hu_normal_two_sided(c->z);
    c->lower = c->estimate - z * se;
    c->upper = c->estimate + z * se;
}

void cox_report(const cox_model *model, const cox_fit *fit, const double *scores, double level, hu_arena *arena,
                hu_cox_result *result)
{
    HU_SCRATCH(scratch);
    const hu_survival *data = model->data;
    size_t k = result->k = model->k;
    double *robust = HU_NEW_ARRAY(scratch, double, k *k), z = hu_normal_quantile(0.5 + (level > 0 ? level : 0.95) / 2);
    robust_variance(model, fit, scores, robust);
    const double *variance = result->robust ? robust : fit->inverse;
    result->coefficients = HU_NEW_ARRAY(arena, hu_hazard_ratio, k);
    result->variance = HU_NEW_ARRAY(arena, double, k *k);
    for (size_t j = 0; j < k; j++) {
        fill_coefficient(model, fit, robust, z, j, result);
        for (size_t i = 0; i < k; i++)
            result->variance[i + j * k] = variance[i + j * k] / (data->scale[i] * data->scale[j]);
        if (fit->dropped[j])
            surv_warn(arena, &result->warnings, &result->n_warnings,
                      hu_printf(arena,
                                "covariate \"%s\" is left out: among those at risk together it never differs, or is a "
                                "combination of those before it",
                                data->names[j]));
    }
    memcpy(result->loglik, fit->loglik, sizeof result->loglik);
    result->iterations = fit->iterations;
    result->events = model->events;
    result->likelihood_ratio = chi_square("likelihood_ratio", 2 * (fit->loglik[1] - fit->loglik[0]), fit->rank);
    result->score = chi_square("score", fit->score, fit->rank);
    result->wald = chi_square("wald", wald(fit, variance, k), fit->rank);
    if (result->robust && data->clusters <= fit->rank) {
        result->wald.statistic = result->wald.p = NAN;
        surv_warn(
            arena, &result->warnings, &result->n_warnings,
            hu_printf(arena, "no Wald test: %zu clusters cannot tell %zu covariates apart", data->clusters, fit->rank));
    }
    if (model->events < 10 * fit->rank)
        surv_warn(arena, &result->warnings, &result->n_warnings,
                  hu_printf(arena,
                            "%zu events for %zu covariates: with fewer than ten each, estimates tend to be too "
                            "far from zero and intervals too short",
                            model->events, fit->rank));
    if (data->clustered)
        surv_warn(arena, &result->warnings, &result->n_warnings,
                  model->stay ? "the likelihood-ratio and score tests take rows for independent; the Wald test counts "
                                "clusters"
                              : "the likelihood-ratio, score and proportional-hazards tests take rows for "
                                "independent; the Wald test counts clusters");
    if (data->clustered && data->clusters < 30)
        surv_warn(arena, &result->warnings, &result->n_warnings,
                  hu_printf(arena, "errors by %zu clusters: with so few, robust errors tend to be too small",
                            data->clusters));
}

/* The scores of every case are large: they go before the next test takes its room. */
static void report(const cox_model *model, const cox_fit *fit, double level, hu_arena *arena, hu_cox_result *result)
{
    HU_SCRATCH(scratch);
    double *scores = HU_NEW_ARRAY(scratch, double, model->data->clusters * model->k);
    cox_scores(model, fit->b, scores);
    cox_report(model, fit, scores, level, arena, result);
}

hu_error *hu_cox(const hu_survival *data, const hu_cox_options *options, hu_arena *arena, hu_cox_result **out)
{
    HU_SCRATCH(scratch);
    cox_model model = {.data = data, .ties = options->ties, .cause = options->cause ? options->cause : 1, .k = data->k};
    cox_fit fit;
    if (data->k == 0)
        return hu_fail(HU_USAGE, "a Cox model needs covariates (--covariates) or a treatment (--treated-at)");
    for (size_t i = 0; i < data->n; i++)
        model.events += data->event[i] == model.cause;
    if (model.events == 0)
        return hu_fail(HU_EMPTY, "%s: no event of this cause", data->source);
    HU_TRY(cox_newton(&model, scratch, &fit));
    hu_cox_result *result = *out = HU_NEW(arena, hu_cox_result);
    result->robust = data->clustered || data->weight;
    result->se_type = data->clustered  ? "robust (Lin & Wei), summed by cluster, no small-sample correction"
                      : result->robust ? "robust (Lin & Wei), by case"
                                       : "information matrix; se_robust: Lin & Wei, by case";
    report(&model, &fit, options->level, arena, result);
    cox_proportional(&model, &fit, arena, result);
    return NULL;
}
