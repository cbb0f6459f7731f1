/*
 * Coverage of intervals in the study's own shape: 25 regions, 12 of them trained in four cohorts of three, cases as
 * repeated cross-sections over 16 half-years. Who is trained and when is drawn anew in every sample, as are regions,
 * shocks and cases; the effect is the same for all, so that every estimand has one true value.
 *
 *   coverage [samples]     prints estimator and interval x share that covers, with Monte-Carlo error, mean length and
 *                          bias; ends with 1 when an interval that huella recommends for few clusters falls short of
 *                          its level by more than three Monte-Carlo errors
 */

#include "huella/base/parallel.h"
#include "huella/base/random.h"
#include "huella/causal/chaisemartin.h"
#include "huella/causal/etwfe.h"
#include "huella/causal/imputation.h"
#include "huella/causal/permute.h"
#include "huella/causal/rollout.h"
#include "huella/causal/sun_abraham.h"
#include "huella/numerics/distributions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS = 25, TRAINED = 12, PERIODS = 16, FIRST = 9 };
static const double truth = 0.5, level = 0.95;

/* ---- data ---- */

/* Regions are of unequal size, about 1,240 cases in all; shocks of a region last (autoregressive, 0.5). */
static hu_table *sample(uint64_t seed, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, hu_random_stream("tests/coverage", 0));
    size_t order[REGIONS], counts[REGIONS][PERIODS], n = 0;
    double cohort[REGIONS], shock[REGIONS][PERIODS];
    for (size_t r = 0; r < REGIONS; r++)
        order[r] = r;
    hu_random_shuffle(&random, order, REGIONS);
    for (size_t i = 0; i < REGIONS; i++)
        cohort[order[i]] = i < TRAINED ? FIRST + (double)(i / 3) : 0;
    for (size_t r = 0; r < REGIONS; r++) {
        double size = 1.2 + 3.8 * hu_random_uniform(&random), base = hu_random_normal(&random), last = 0;
        for (size_t t = 0; t < PERIODS; t++) {
            last = 0.5 * last + 0.25 * hu_random_normal(&random);
            shock[r][t] = base + last;
            n += counts[r][t] = 1 + hu_random_poisson(&random, size - 1);
        }
    }
    hu_table *table = hu_table_new(arena, "sample", n);
    double *region = hu_table_add_numbers(table, arena, "region")->numbers;
    double *half = hu_table_add_numbers(table, arena, "half")->numbers;
    double *trained = hu_table_add_numbers(table, arena, "cohort")->numbers;
    double *y = hu_table_add_numbers(table, arena, "y")->numbers;
    size_t i = 0;
    for (size_t r = 0; r < REGIONS; r++)
        for (size_t t = 0; t < PERIODS; t++)
            for (size_t c = 0; c < counts[r][t]; c++, i++) {
                region[i] = (double)r;
                half[i] = (double)t + 1;
                trained[i] = cohort[r];
                bool treated = cohort[r] > 0 && half[i] >= cohort[r];
                y[i] = shock[r][t] + 0.05 * half[i] + (treated ? truth : 0) + hu_random_normal(&random);
            }
    return table;
}

/* ---- estimators and their intervals ---- */

typedef struct interval {
    double estimate, lower, upper;
} interval;

enum { MOST_ROWS = 32 };

typedef struct rows {
    const char *name[MOST_ROWS];
    bool recommended[MOST_ROWS]; /* for few clusters: must cover */
    interval value[MOST_ROWS];
    size_t n;
} rows;

static void add(rows *out, const char *name, bool recommended, double estimate, double lower, double upper)
{
    out->name[out->n] = name;
    out->recommended[out->n] = recommended;
    out->value[out->n++] = (interval){estimate, lower, upper};
}

static void add_effect(rows *out, const char *name, bool recommended, hu_effect e)
{
    add(out, name, recommended, e.estimate, e.lower, e.upper);
}

/* The same estimate and error with t of clusters - 1 degrees of freedom. */
static void add_t(rows *out, const char *name, bool recommended, hu_effect e)
{
    double half = hu_t_quantile(0.5 + level / 2, REGIONS - 1) * e.se;
    add(out, name, recommended, e.estimate, e.estimate - half, e.estimate + half);
}

static const hu_did_columns columns = {.outcome = "y", .time = "half", .cohort = "cohort", .cluster = "region"};
static const hu_did_columns by_region = {
    .outcome = "y", .unit = "region", .time = "half", .cohort = "cohort", .cluster = "region"};

static hu_error *callaway_santanna(const hu_table *table, uint64_t seed, hu_arena *arena, rows *out)
{
    hu_did_result *result;
    hu_did_options options = {.cross_section = true, .threads = 1, .seed = seed};
    HU_TRY(hu_did(table, &columns, &options, arena, &result));
    add_effect(out, "callaway_santanna, default (t, scarcer side)", true, result->simple.overall);
    add_t(out, "callaway_santanna, analytic t(G-1)", false, result->simple.overall);
    add_effect(out, "callaway_santanna, event times, default", true, result->dynamic.overall);
    options.bootstrap = true;
    options.draws = 999;
    HU_TRY(hu_did(table, &columns, &options, arena, &result));
    add_effect(out, "callaway_santanna, multiplier bootstrap", false, result->simple.overall);
    options.bootstrap = false;
    hu_permutation *permuted;
    hu_permute_options permute = {.assignments = {.draws = 999, .seed = seed}, .threads = 1};
    HU_TRY(hu_permute_did(table, &columns, &options, &permute, arena, &permuted));
    add(out, "callaway_santanna, permutation set", true, result->simple.overall.estimate, permuted->fisher.lower,
        permuted->fisher.upper);
    return NULL;
}

typedef hu_error *regression(const hu_table *table, const hu_did_columns *of, const hu_regression_options *options,
                             hu_arena *arena, hu_regression **result);

/* The last coefficient (ATT, or the only one) with each error; the wild bootstrap where asked for. */
static hu_error *regressions(const hu_table *table, const char *name, regression *fit, bool wild, bool must_cover,
                             uint64_t seed, hu_arena *arena, rows *out)
{
    static const struct {
        const char *name;
        hu_correction correction;
    } kinds[] = {{"CR1, t(G-1)", HU_CR1S}, {"CR2, Satterthwaite", HU_CR2}, {"CR3, Satterthwaite", HU_CR3}};
    hu_regression *few;
    HU_TRY(fit(table, &by_region, NULL, arena, &few));
    const hu_coefficient *last = &few->coefficients[few->n_coefficients - 1];
    add(out, hu_printf(arena, "%s, default", name), true, last->estimate, last->lower, last->upper);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        hu_regression *result;
        hu_regression_options options = {.correction = kinds[k].correction,
                                         .plain = true,
                                         .wild = wild && k == 0,
                                         .bootstrap = {.draws = 999, .seed = seed, .threads = 1}};
        HU_TRY(fit(table, &by_region, &options, arena, &result));
        const hu_coefficient *c = &result->coefficients[result->n_coefficients - 1];
        add(out, hu_printf(arena, "%s, %s", name, kinds[k].name), must_cover && k > 0, c->estimate, c->lower, c->upper);
        if (c->wild)
            add(out, hu_printf(arena, "%s, wild bootstrap set", name), must_cover, c->estimate, c->wild->lower,
                c->wild->upper);
    }
    return NULL;
}

static hu_error *others(const hu_table *table, uint64_t seed, hu_arena *arena, rows *out)
{
    hu_imputation_result *imputed;
    hu_regression *switched;
    hu_rollout_result *rollout;
    HU_TRY(hu_imputation(table, &by_region, &(hu_imputation_options){.pretrends = -1}, arena, &imputed));
    add_effect(out, "imputation, default (t, scarcer side)", true, imputed->overall);
    add_t(out, "imputation, conservative t(G-1)", false, imputed->overall);
    HU_TRY(hu_chaisemartin(table, &by_region, &(hu_chaisemartin_options){.placebos = -1}, arena, &switched));
    const hu_coefficient *att = &switched->coefficients[switched->n_coefficients - 1];
    add(out, "chaisemartin, default (t(G-1))", true, att->estimate, att->lower, att->upper);
    hu_rollout_options options = {.threads = 1, .permute = true, .permutations = {.draws = 999, .seed = seed}};
    HU_TRY(hu_rollout(table, &columns, &options, arena, &rollout));
    const hu_rollout_estimate *e = &rollout->estimates[0];
    add_effect(out, "rollout (efficient), default", true, e->effect);
    double half = hu_normal_quantile(0.5 + level / 2) * e->effect.se;
    add(out, "rollout (efficient), refined normal", false, e->effect.estimate, e->effect.estimate - half,
        e->effect.estimate + half);
    half = hu_normal_quantile(0.5 + level / 2) * e->se_neyman;
    add(out, "rollout (efficient), Neyman normal", false, e->effect.estimate, e->effect.estimate - half,
        e->effect.estimate + half);
    add(out, "rollout (efficient), permutation set", true, e->effect.estimate, e->fisher.lower, e->fisher.upper);
    return NULL;
}

static hu_error *intervals(const hu_table *table, uint64_t seed, hu_arena *arena, rows *out)
{
    out->n = 0;
    HU_TRY(callaway_santanna(table, seed, arena, out));
    HU_TRY(regressions(table, "sun_abraham", hu_sun_abraham, false, false, seed, arena, out));
    HU_TRY(regressions(table, "etwfe", hu_etwfe, false, false, seed, arena, out));
    HU_TRY(regressions(table, "twfe", hu_twfe, true, true, seed, arena, out));
    return others(table, seed, arena, out);
}

/* ---- many samples ---- */

typedef struct study {
    rows *of;          /* samples */
    char (*names)[64]; /* MOST_ROWS: kept beyond the sample's arena */
} study;

static hu_error *one(void *context, size_t s)
{
    study *all = context;
    HU_SCRATCH(arena);
    HU_TRY(intervals(sample(s + 1, arena), s + 1, arena, &all->of[s]));
    for (size_t r = 0; s == 0 && r < all->of[s].n; r++)
        snprintf(all->names[r], sizeof all->names[r], "%s", all->of[s].name[r]);
    return NULL;
}

static bool print_row(const study *all, size_t samples, size_t r)
{
    double covered = 0, length = 0, bias = 0, unbounded = 0;
    for (size_t s = 0; s < samples; s++) {
        const interval *i = &all->of[s].value[r];
        covered += i->lower <= truth && truth <= i->upper;
        bias += i->estimate - truth;
        if (isfinite(i->lower) && isfinite(i->upper))
            length += i->upper - i->lower;
        else
            unbounded++;
    }
    double n = (double)samples, share = covered / n, error = sqrt(level * (1 - level) / n);
    bool falls_short = all->of[0].recommended[r] && share < level - 3 * error;
    printf("%-42s %8.1f  +-%4.1f  %8.3f  %8.4f  %s\n", all->names[r], 100 * share, 100 * sqrt(share * (1 - share) / n),
           length / (n - unbounded), bias / n,
           falls_short                 ? "FALLS SHORT"
           : all->of[0].recommended[r] ? "recommended"
                                       : "");
    return falls_short;
}

int main(int argc, char **argv)
{
    size_t samples = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
    bool short_of_it = false;
    study all = {hu_xcalloc(samples, sizeof *all.of), hu_xcalloc(MOST_ROWS, sizeof *all.names)};
    hu_error *error = hu_parallel(samples, 0, one, &all);
    if (error) {
        fprintf(stderr, "coverage: %s\n", error->message);
        hu_error_free(error);
        return 5;
    }
    printf("%zu samples: %d regions, %d trained in four cohorts, %d half-years; intervals of %g %%\n\n%-42s %8s  %6s  "
           "%8s  %8s\n",
           samples, REGIONS, TRAINED, PERIODS, 100 * level, "estimator, interval", "covered", "", "length", "bias");
    for (size_t r = 0; samples && r < all.of[0].n; r++)
        short_of_it |= print_row(&all, samples, r);
    free(all.of);
    free(all.names);
    return short_of_it;
}
