/* CR2, CR3 and the wild bootstrap for regressions with fixed effects. */

#include "did_few.h"

#include "did_fixed.h"

#include <math.h>

bool did_few_wanted(const hu_regression_options *options)
{
    return options->wild || options->correction != HU_CR1S;
}

hu_regression_options did_few_options(const hu_regression_options *asked, size_t clusters, size_t rows, size_t columns)
{
    enum { MOST_CELLS = 1 << 25 }; /* 256 MB */
    hu_regression_options options = *asked;
    if (!asked->plain && asked->correction == HU_CR1S && clusters < HU_FEW_CLUSTERS && columns <= MOST_CELLS &&
        rows <= MOST_CELLS / (columns + 1))
        options.correction = HU_CR2;
    return options;
}

did_few_plain did_few_before(const hu_regression *result, hu_arena *arena)
{
    did_few_plain plain = {HU_NEW_ARRAY(arena, hu_coefficient, result->n_coefficients), result->variance,
                           result->se_type};
    for (size_t j = 0; j < result->n_coefficients; j++)
        plain.coefficients[j] = result->coefficients[j];
    return plain;
}

/* The plain error again; without one by CR2 its interval too. */
static void put_back(const hu_coefficient *plain, hu_coefficient *c, hu_arena *arena, hu_regression *result)
{
    double se = c->se;
    const hu_wild *wild = c->wild;
    if (se > 0 && c->df > 0) {
        c->se = plain->se;
        c->t = plain->t;
        c->se_small_sample = se;
        return;
    }
    *c = *plain;
    c->wild = wild;
    if (plain->se > 0)
        did_note(arena, &result->warnings, &result->n_warnings,
                 "%s rests on too few clusters for an error by CR2: its interval may be too short", c->name);
}

hu_error *did_few_after(const did_few_plain *plain, const hu_regression_options *asked,
                        const hu_regression_options *few, hu_error *error, hu_arena *arena, hu_regression *result)
{
    if (few->correction == asked->correction) {
        if (!error && !asked->plain && asked->correction == HU_CR1S && result->clusters < HU_FEW_CLUSTERS)
            did_note(
                arena, &result->warnings, &result->n_warnings,
                "%zu clusters, and intervals made for many, which may be too short: --se CR2 has longer ones, which on "
                "so many rows take long",
                result->clusters);
        return error;
    }
    if (error && (asked->wild || (error->code != HU_SINGULAR && error->code != HU_LIMIT)))
        return error;
    result->variance = plain->variance;
    result->se_type = plain->se_type;
    if (error) {
        did_note(arena, &result->warnings, &result->n_warnings,
                 "%zu clusters, and intervals made for many, which may be too short: no errors by CR2 (%s)",
                 result->clusters, error->message);
        hu_error_free(error);
        return NULL;
    }
    for (size_t j = 0; j < result->n_coefficients; j++)
        put_back(&plain->coefficients[j], &result->coefficients[j], arena, result);
    result->ci_type = "CR2 (Bell & McCaffrey), t with Satterthwaite's degrees of freedom";
    return NULL;
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
