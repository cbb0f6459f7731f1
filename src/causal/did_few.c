/* CR2, CR3 and the wild bootstrap for regressions with fixed effects. */

#include "did_few.h"

#include "did_fixed.h"

#include <math.h>

bool did_few_wanted(const hu_regression_options *options)
{
    return options->wild || options->correction != HU_CR1S;
}

hu_error *did_few_fit(const double *y, const double *x, size_t n, size_t k, const double *w, const hu_factor *effects,
                      size_t n_effects, const hu_factor *cluster, const hu_regression_options *options, hu_arena *arena,
                      did_few *few)
{
    bool all_dummies = w && options->correction == HU_CR2;
    HU_TRY(hu_put_effects(y, x, n, k, w, effects, n_effects, cluster, all_dummies, arena, &few->columns));
    hu_with_effects *c = &few->columns;
    HU_TRY(hu_least_squares(c->x, n, c->k, c->y, w, arena, &few->fit));
    return hu_cluster_sums(&few->fit, c->x, w, cluster, arena, &few->sums);
}

static hu_error *corrected(const did_few *few, const double *contrasts, const char *cluster_name,
                           const hu_regression_options *options, hu_arena *arena, hu_regression *result)
{
    double *df;
    size_t q = result->n_coefficients;
    HU_TRY(hu_few_clusters_variance(few->sums, options->correction, 0, contrasts, q, arena, &result->variance, &df));
    for (size_t j = 0; j < q; j++) {
        hu_coefficient *c = &result->coefficients[j];
        double se = isnan(c->se) ? NAN : sqrt(result->variance[j + j * q]);
        *c = did_coefficient(c->name, c->estimate, se, 0, options->level, df[j]);
    }
    result->se_type = hu_printf(arena, "clustered by %s, %s, t with Satterthwaite's degrees of freedom", cluster_name,
                                options->correction == HU_CR2 ? "CR2 (Bell & McCaffrey)" : "CR3 (jackknife)");
    return NULL;
}

static hu_error *bootstrap(const did_few *few, const double *contrasts, size_t parameters,
                           const hu_regression_options *options, hu_arena *arena, hu_regression *result)
{
    double factor;
    hu_wild_options wild = options->bootstrap;
    wild.level = options->level;
    HU_TRY(hu_correction_factor(HU_CR1S, few->sums->n, few->sums->groups, parameters, &factor));
    for (size_t j = 0; j < result->n_coefficients; j++) {
        hu_coefficient *c = &result->coefficients[j];
        if (!(c->se > 0))
            continue;
        hu_wild *one = HU_NEW(arena, hu_wild);
        HU_TRY(
            hu_wrap(hu_wild_bootstrap(few->sums, contrasts + j * few->columns.k, factor, &wild, one), "%s", c->name));
        c->wild = one;
    }
    return NULL;
}

hu_error *did_few_apply(const did_few *few, const double *contrasts, size_t parameters, const char *cluster_name,
                        const hu_regression_options *options, hu_arena *arena, hu_regression *result)
{
    if (options->correction != HU_CR1S)
        HU_TRY(corrected(few, contrasts, cluster_name, options, arena, result));
    return options->wild ? bootstrap(few, contrasts, parameters, options, arena, result) : NULL;
}
