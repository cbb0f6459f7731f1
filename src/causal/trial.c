/* Randomized trials: every outcome's effect, its tests, and what a reader asks beside it. */

#include "huella/causal/trial.h"

#include "trial_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/families.h"

#include <math.h>
#include <string.h>

typedef struct trial_run {
    const trial_rows *rows;
    hu_trial_options options;
    hu_assignments *all; /* NULL: no randomization tests */
    const double *received;
    double *drawn, *seen; /* with several outcomes: count x outcomes, outcomes */
    hu_arena *scratch, *arena;
    hu_trial *trial;
} trial_run;

void trial_note(hu_trial *trial, hu_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trial->warnings =
        hu_regrow(arena, trial->warnings, trial->n_warnings, trial->n_warnings + 1, sizeof *trial->warnings);
    trial->warnings[trial->n_warnings++] = hu_vprintf(arena, format, args);
    va_end(args);
}

hu_error *trial_check_options(const trial_rows *rows, hu_trial_options *o)
{
    if (o->level == 0)
        o->level = 0.95;
    if (!(o->level > 0 && o->level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", o->level);
    if (o->se == HU_TRIAL_SE_DEFAULT)
        o->se = rows->clusters ? HU_TRIAL_CR2 : HU_TRIAL_HC2;
    if (!rows->clusters && (o->se == HU_TRIAL_CR0 || o->se == HU_TRIAL_CR1 || o->se == HU_TRIAL_CR2))
        return hu_fail(HU_USAGE, "clustered errors need the column of clusters; rows that were assigned one by one "
                                 "take HC2 or HC3");
    if (!rows->clusters && o->wild)
        return hu_fail(HU_USAGE, "the wild cluster bootstrap needs the column of clusters");
    if (o->adjust != HU_UNADJUSTED && rows->k == 0)
        return hu_fail(HU_USAGE, "ANCOVA and Lin's adjustment need covariates");
    return NULL;
}

const char *trial_se_text(const trial_rows *rows, hu_trial_se se, hu_arena *arena)
{
    static const char *const names[] = {
        [HU_TRIAL_CR0] = "CR0, t with clusters - 1 degrees of freedom",
        [HU_TRIAL_CR1] = "CR1, G/(G-1)*(n-1)/(n-K), t with clusters - 1 degrees of freedom",
        [HU_TRIAL_CR2] = "CR2 (Bell & McCaffrey), t with Satterthwaite's degrees of freedom",
        [HU_TRIAL_HC2] = "HC2, t with n - K degrees of freedom",
        [HU_TRIAL_HC3] = "HC3, t with n - K degrees of freedom"};
    if (se == HU_TRIAL_HC2 || se == HU_TRIAL_HC3)
        return names[se];
    return hu_printf(arena, "clustered by %s, %s", rows->names->cluster, names[se]);
}

static void notes(trial_run *run)
{
    const trial_rows *rows = run->rows;
    if (rows->clusters && !rows->by_cluster)
        trial_note(run->trial, run->arena,
                   "the arm varies within clusters: the randomization test deals it out to rows, not to clusters");
    if (rows->clusters && rows->by_cluster && (run->options.se == HU_TRIAL_HC2 || run->options.se == HU_TRIAL_HC3))
        trial_note(run->trial, run->arena,
                   "whole clusters were assigned, and the errors take rows for independent: they are too small");
    bool *has = HU_NEW_ARRAY(run->scratch, bool, 2 * (rows->strata ? rows->stratum.levels : 1));
    size_t alone = 0;
    for (size_t c = 0; c < rows->unit.levels && rows->strata; c++)
        has[2 * rows->unit_stratum[c] + rows->unit_arm[c]] = true;
    for (size_t s = 0; rows->strata && s < rows->stratum.levels; s++)
        alone += has[2 * s] != has[2 * s + 1];
    if (alone)
        trial_note(run->trial, run->arena, "%zu strata hold one arm only and say nothing about the effect", alone);
}

/* Whether tests over assignments are made, and of which. */
static hu_error *plan_permutations(trial_run *run, const trial_regression *on)
{
    const trial_rows *rows = run->rows;
    hu_trial_statistic statistic = run->options.statistic;
    double cost = trial_permute_cost(rows, on, statistic);
    if (run->options.no_permutations)
        return NULL;
    if (!run->options.permutations_asked && !trial_permute_fits(rows, on, statistic)) {
        trial_note(run->trial, run->arena,
                   "no randomization test: %zu units times %zu strata and covariates are too many for a permuted "
                   "regression; --statistic cluster_means takes any number",
                   rows->unit.levels, on->columns.k);
        return NULL;
    }
    if (run->options.draw)
        run->trial->design = hu_draw_method_name(run->options.draw->setup.method);
    HU_TRY(trial_assignments(rows, &run->options, cost, run->scratch, &run->all));
    if (!run->all)
        trial_note(run->trial, run->arena,
                   "no randomization test: with %zu units it takes long; --permutations N asks for it",
                   rows->unit.levels);
    return NULL;
}

static hu_error *fisher(trial_run *run, const trial_regression *on, const double *y, size_t at, hu_trial_effect *effect)
{
    HU_SCRATCH(room);
    trial_draws draws;
    size_t n = run->trial->n_effects;
    HU_TRY(trial_permute(run->rows, on, y, run->options.statistic, run->all, run->options.threads, room, &draws));
    effect->fisher = HU_NEW(run->arena, hu_fisher);
    *effect->fisher = hu_fisher_test(run->all, draws.statistic, 1, draws.seen);
    hu_fisher_invert(run->all, draws.values, draws.width, draws.observed, run->options.level, effect->fisher);
    for (uint64_t i = 0; run->drawn && i < run->all->count; i++)
        run->drawn[i * n + at] = draws.statistic[i];
    if (run->seen)
        run->seen[at] = draws.seen;
    if (run->options.keep_distribution)
        effect->distribution =
            hu_regrow(run->arena, draws.statistic, run->all->count, run->all->count, sizeof *draws.statistic);
    return NULL;
}

static hu_error *wild(trial_run *run, const trial_regression *on, hu_trial_effect *effect)
{
    double factor, *contrast = HU_NEW_ARRAY(run->scratch, double, on->columns.k);
    contrast[on->arm] = 1;
    HU_TRY(hu_correction_factor(HU_CR1S, on->n, on->cluster.levels, on->fit.rank, &factor));
    effect->wild = HU_NEW(run->arena, hu_wild);
    hu_wild_options options = run->options.bootstrap;
    options.level = run->options.level;
    return hu_wild_bootstrap(on->sums, contrast, factor, &options, effect->wild);
}

static void describe(const trial_run *run, const trial_regression *on, const double *y, hu_trial_effect *effect)
{
    double sum = 0, weight = 0;
    for (size_t i = 0; i < on->n; i++) {
        double w = on->w ? on->w[i] : 1;
        size_t at = trial_at(on, i);
        effect->treated += run->rows->z[at] == 1;
        if (run->rows->z[at] == 1)
            continue;
        sum += w * y[at];
        weight += w;
    }
    effect->control_mean = sum / weight;
    effect->n = on->n;
    effect->dropped = run->rows->dropped + run->rows->n - on->n;
    effect->clusters = run->rows->clusters ? on->cluster.levels : 0;
    effect->estimate = on->estimate;
    effect->se = on->se;
    effect->df = on->df;
    double half = hu_t_quantile(0.5 + run->options.level / 2, on->df) * on->se;
    effect->lower = on->estimate - half;
    effect->upper = on->estimate + half;
    effect->p = hu_t_two_sided(on->estimate / on->se, on->df);
}

static void note_dropped(const trial_run *run, const trial_regression *on, const char *outcome)
{
    size_t k = run->options.adjust == HU_UNADJUSTED ? 0 : run->rows->k;
    for (size_t j = 0; j < k; j++)
        if (on->fit.dropped[on->columns.first + j])
            trial_note(run->trial, run->arena, "%s: covariate %s is dropped: strata or other covariates determine it",
                       outcome, run->rows->names->covariates[j]);
}

static hu_error *one_outcome(trial_run *run, size_t at)
{
    HU_SCRATCH(scratch);
    hu_trial_effect *effect = &run->trial->effects[at];
    double *y;
    trial_regression on;
    effect->outcome = run->rows->names->outcomes[at];
    HU_TRY(trial_rows_values(run->rows, effect->outcome, scratch, &y));
    HU_TRY(trial_regress(run->rows, y, run->options.adjust, run->options.se, scratch, &on));
    describe(run, &on, y, effect);
    note_dropped(run, &on, effect->outcome);
    if (at == 0)
        HU_TRY(plan_permutations(run, &on));
    if (run->all && run->trial->n_effects > 1 && !run->drawn) {
        run->drawn = HU_NEW_ARRAY(run->scratch, double, run->all->count * run->trial->n_effects);
        run->seen = HU_NEW_ARRAY(run->scratch, double, run->trial->n_effects);
    }
    if (run->all)
        HU_TRY(fisher(run, &on, y, at, effect));
    if (run->options.wild && on.se > 0)
        HU_TRY(wild(run, &on, effect));
    if (run->received)
        HU_TRY(hu_wrap(trial_late(run->rows, y, run->received, &run->options, run->arena, &effect->late), "%s",
                       run->rows->names->received));
    HU_TRY(trial_attrition(run->rows, y, run->options.se, effect));
    effect->lee = trial_lee(run->rows, y, run->arena);
    return NULL;
}

typedef struct adjusted {
    hu_adjustment adjustment;
    size_t offset; /* of the field */
} adjusted;

static void adjust(trial_run *run)
{
    static const adjusted all[] = {{HU_HOLM, offsetof(hu_trial_effect, holm)},
                                   {HU_HOCHBERG, offsetof(hu_trial_effect, hochberg)},
                                   {HU_BONFERRONI, offsetof(hu_trial_effect, bonferroni)},
                                   {HU_BH, offsetof(hu_trial_effect, bh)},
                                   {HU_BY, offsetof(hu_trial_effect, by)}};
    size_t n = run->trial->n_effects;
    double *p = HU_NEW_ARRAY(run->scratch, double, n), *out = HU_NEW_ARRAY(run->scratch, double, n);
    for (size_t j = 0; j < n; j++)
        p[j] = n > 1 ? run->trial->effects[j].p : NAN;
    for (size_t a = 0; a < sizeof all / sizeof *all; a++) {
        hu_adjust_p(p, n, all[a].adjustment, out);
        for (size_t j = 0; j < n; j++)
            memcpy((char *)&run->trial->effects[j] + all[a].offset, &out[j], sizeof *out);
    }
    for (int method = 0; method < 2; method++) {
        for (size_t j = 0; j < n; j++)
            out[j] = NAN;
        if (run->drawn)
            hu_step_down_p(run->drawn, run->all->count, n, run->seen, run->all->exact,
                           method ? HU_WESTFALL_YOUNG : HU_ROMANO_WOLF, out);
        for (size_t j = 0; j < n; j++)
            *(method ? &run->trial->effects[j].westfall_young : &run->trial->effects[j].romano_wolf) = out[j];
    }
}

static void count(const trial_rows *rows, hu_trial *trial)
{
    trial->rows = rows->n;
    trial->dropped = rows->dropped;
    trial->units = rows->unit.levels;
    trial->by_cluster = rows->by_cluster;
    trial->strata = rows->strata ? rows->stratum.levels : 0;
    for (size_t c = 0; c < rows->unit.levels; c++)
        trial->treated_units += rows->unit_arm[c];
}

hu_error *hu_trial_estimate(const hu_table *table, const hu_trial_columns *columns, const hu_trial_options *options,
                            hu_arena *arena, hu_trial **out)
{
    HU_SCRATCH(scratch);
    hu_trial *trial = HU_NEW(arena, hu_trial);
    trial_rows rows;
    HU_TRY(trial_rows_read(table, columns, scratch, &rows));
    trial_run run = {.rows = &rows, .options = *options, .scratch = scratch, .arena = arena, .trial = trial};
    HU_TRY(trial_check_options(&rows, &run.options));
    count(&rows, trial);
    if (columns->received) {
        double *received;
        HU_TRY(trial_rows_values(&rows, columns->received, scratch, &received));
        run.received = received;
    }
    trial->se_type = trial_se_text(&rows, run.options.se, arena);
    notes(&run);
    while (columns->outcomes[trial->n_effects])
        trial->n_effects++;
    trial->effects = HU_NEW_ARRAY(arena, hu_trial_effect, trial->n_effects);
    for (size_t j = 0; j < trial->n_effects; j++)
        HU_TRY(hu_wrap(one_outcome(&run, j), "%s: outcome %s", table->source, columns->outcomes[j]));
    adjust(&run);
    HU_TRY(trial_balance(&rows, run.options.se, run.all, run.options.threads, arena, trial));
    *out = trial;
    return NULL;
}
