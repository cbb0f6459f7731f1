/* Ratios of a trial: its rows, its rates, and the randomization test of Mantel and Haenszel's ratio. */

#include "trial_model.h"

#include <math.h>
#include <string.h>

/*
 * Under assignment z' the ratio is R = sum of T_s E0_s / E_s over sum of C_s E1_s / E_s, over strata s: T and C the
 * events of units with z' = 1 and 0, E1 and E0 their exposure. If training multiplies counts by r, units trained in
 * fact would have had 1/r of their events: T = A/r + B, with A events of units trained in fact, B of the others.
 * So the four sums below say what R is under every r, and R / r has the same law under all z'.
 */
enum { WIDTH = 4 }; /* of A and B in the numerator, of A and B in the denominator */

typedef struct rates {
    size_t units, strata;
    const uint32_t *stratum;     /* units, or NULL */
    double *trained, *untrained; /* units: events of rows trained in fact, and of the others */
    double *exposure;            /* units */
    double *total;               /* strata x 3 */
} rates;

typedef struct rates_state {
    const rates *on;
    double *now; /* strata x 3: A, B, exposure of units with z' = 1 */
} rates_state;

static size_t stratum_of(const rates *r, size_t unit)
{
    return r->stratum ? r->stratum[unit] : 0;
}

static void add(const rates *r, size_t unit, double sign, double *sums)
{
    double *s = sums + 3 * stratum_of(r, unit);
    s[0] += sign * r->trained[unit];
    s[1] += sign * r->untrained[unit];
    s[2] += sign * r->exposure[unit];
}

static void *start(const void *context, hu_arena *arena)
{
    const rates *on = context;
    rates_state *s = HU_NEW(arena, rates_state);
    *s = (rates_state){on, HU_NEW_ARRAY(arena, double, 3 * on->strata)};
    return s;
}

static void ratio_sums(const rates *r, const double *now, double *values)
{
    memset(values, 0, WIDTH * sizeof *values);
    for (size_t s = 0; s < r->strata; s++) {
        const double *t = r->total + 3 * s, *n = now + 3 * s;
        if (!(t[2] > 0))
            continue;
        double treated = n[2] / t[2], rest = (t[2] - n[2]) / t[2];
        values[0] += n[0] * rest;
        values[1] += n[1] * rest;
        values[2] += (t[0] - n[0]) * treated;
        values[3] += (t[1] - n[1]) * treated;
    }
}

static void evaluate(void *state, const hu_walk *walk, double *values)
{
    rates_state *s = state;
    const rates *r = s->on;
    if (walk->fresh) {
        memset(s->now, 0, 3 * r->strata * sizeof *s->now);
        for (size_t u = 0; u < r->units; u++)
            if (walk->label[u])
                add(r, u, 1, s->now);
    } else if (walk->label[walk->a] != walk->label[walk->b]) {
        bool now = walk->label[walk->a];
        add(r, walk->a, now ? 1 : -1, s->now);
        add(r, walk->b, now ? -1 : 1, s->now);
    }
    ratio_sums(r, s->now, values);
}

/* The logarithm of R / r where the logarithm of r is `effect`. */
static double log_ratio(const double *row, double effect, const void *context)
{
    (void)context;
    double shrink = exp(-effect);
    return log((row[0] * shrink + row[1]) / (row[2] * shrink + row[3]));
}

static void collect(const trial_rows *rows, const double *y, const double *exposure, hu_arena *arena, rates *r)
{
    size_t units = rows->unit.levels, strata = rows->strata ? rows->stratum.levels : 1;
    *r = (rates){units,
                 strata,
                 rows->unit_stratum,
                 HU_NEW_ARRAY(arena, double, units),
                 HU_NEW_ARRAY(arena, double, units),
                 HU_NEW_ARRAY(arena, double, units),
                 HU_NEW_ARRAY(arena, double, 3 * strata)};
    for (size_t i = 0; i < rows->n; i++) {
        if (isnan(y[i]))
            continue;
        double w = rows->w ? rows->w[i] : 1;
        (rows->z[i] == 1 ? r->trained : r->untrained)[rows->unit.code[i]] += w * y[i];
        r->exposure[rows->unit.code[i]] += w * (exposure ? exposure[i] : 1);
    }
    for (size_t u = 0; u < units; u++)
        add(r, u, 1, r->total);
}

hu_error *trial_model_permute(const trial_rows *rows, const double *y, const double *exposure,
                              const hu_assignments *all, const hu_trial_options *options, hu_arena *arena,
                              hu_fisher **fisher)
{
    HU_SCRATCH(scratch);
    rates r;
    collect(rows, y, exposure, scratch, &r);
    double *values = HU_NEW_ARRAY(scratch, double, all->count *WIDTH), observed[WIDTH];
    double *statistic = HU_NEW_ARRAY(scratch, double, all->count), *now = HU_NEW_ARRAY(scratch, double, 3 * r.strata);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){&r, WIDTH, start, evaluate}, options->threads, values));
    for (size_t u = 0; u < r.units; u++)
        if (rows->unit_arm[u])
            add(&r, u, 1, now);
    ratio_sums(&r, now, observed);
    double spread = 0, seen = log_ratio(observed, 0, NULL);
    for (uint64_t i = 0; i < all->count; i++) {
        statistic[i] = log_ratio(values + i * WIDTH, 0, NULL);
        spread += isfinite(statistic[i]) ? fabs(statistic[i]) / (double)all->count : 0;
    }
    hu_fisher *f = *fisher = HU_NEW(arena, hu_fisher);
    *f = hu_fisher_test(all, statistic, 1, seen);
    hu_fisher_invert_by(all, values, WIDTH, observed, log_ratio, NULL, seen, spread / 2, options->level, f);
    f->observed = exp(f->observed);
    f->lower = exp(f->lower);
    f->upper = exp(f->upper);
    return NULL;
}

static hu_error *check_values(const trial_rows *rows, const char *outcome, const double *y, hu_trial_family family)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (family == HU_TRIAL_LOGIT && !isnan(y[i]) && y[i] != 0 && y[i] != 1)
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], outcome,
                                 "%g is not 0 or 1, which a logit needs", y[i]);
        if (y[i] < 0)
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], outcome,
                                 "%g is no count: expected zero or more", y[i]);
    }
    return NULL;
}

static hu_error *read_exposure(const trial_rows *rows, const char *column, hu_arena *arena, double **exposure)
{
    *exposure = NULL;
    if (!column)
        return NULL;
    HU_TRY(trial_rows_values(rows, column, arena, exposure));
    for (size_t i = 0; i < rows->n; i++)
        if (!isnan((*exposure)[i]) && !((*exposure)[i] > 0))
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], column,
                                 "%g is no exposure: expected more than zero (officer-months, inhabitants)",
                                 (*exposure)[i]);
    return NULL;
}

/* Strata in which nothing, or with yes and no the same, happened to everybody say nothing about a ratio. */
static void leave_uninformative(const trial_rows *rows, hu_trial_family family, double *y, hu_trial_ratio *out)
{
    HU_SCRATCH(scratch);
    if (!rows->strata)
        return;
    bool *some = HU_NEW_ARRAY(scratch, bool, rows->stratum.levels),
         *none = HU_NEW_ARRAY(scratch, bool, rows->stratum.levels);
    for (size_t i = 0; i < rows->n; i++) {
        some[rows->stratum.code[i]] |= y[i] > 0;
        none[rows->stratum.code[i]] |= y[i] == 0;
    }
    for (size_t i = 0; i < rows->n; i++) {
        size_t s = rows->stratum.code[i];
        if (isnan(y[i]) || (some[s] && (family != HU_TRIAL_LOGIT || none[s])))
            continue;
        y[i] = NAN;
        out->uninformative++;
    }
}

static void count_rates(const trial_rows *rows, const double *y, const double *exposure, hu_trial_ratio *out)
{
    double events[2] = {0}, time[2] = {0};
    for (size_t i = 0; i < rows->n; i++) {
        if (isnan(y[i]))
            continue;
        double w = rows->w ? rows->w[i] : 1;
        events[rows->z[i] == 1] += w * y[i];
        time[rows->z[i] == 1] += w * (exposure ? exposure[i] : 1);
    }
    for (int arm = 0; arm < 2; arm++)
        out->rate[arm] = events[arm] / time[arm];
}

typedef struct model_run {
    const trial_rows *rows;
    const double *exposure;
    hu_trial_family family;
    hu_trial_options options;
    hu_assignments *all;
    hu_arena *arena;
} model_run;

static const char *why_not(const hu_trial_ratio *out, hu_trial_family family)
{
    if (isnan(out->rate[0]) || isnan(out->rate[1]))
        return "an arm has no row";
    if (out->rate[0] == 0 || out->rate[1] == 0)
        return out->rate[0] == 0 ? "no event in control: there is no ratio"
                                 : "no event in treatment: there is no ratio";
    if (family == HU_TRIAL_LOGIT && (out->rate[0] == 1 || out->rate[1] == 1))
        return "everybody in an arm is a yes: there is no ratio of odds";
    return NULL;
}

static hu_error *one_outcome(const model_run *run, const char *outcome, hu_trial_ratio *out)
{
    HU_SCRATCH(scratch);
    const trial_rows *rows = run->rows;
    double *y;
    *out = (hu_trial_ratio){.outcome = outcome,
                            .ratio = NAN,
                            .lower = NAN,
                            .upper = NAN,
                            .log_ratio = NAN,
                            .se = NAN,
                            .df = NAN,
                            .p = NAN,
                            .dispersion = NAN,
                            .marginal = NAN,
                            .marginal_se = NAN,
                            .marginal_lower = NAN,
                            .marginal_upper = NAN};
    HU_TRY(trial_rows_values(rows, outcome, scratch, &y));
    HU_TRY(check_values(rows, outcome, y, run->family));
    for (size_t i = 0; i < rows->n; i++)
        if (run->exposure && isnan(run->exposure[i]))
            y[i] = NAN;
    count_rates(rows, y, run->exposure, out);
    if (run->all)
        HU_TRY(trial_model_permute(rows, y, run->exposure, run->all, &run->options, run->arena, &out->fisher));
    leave_uninformative(rows, run->family, y, out);
    out->note = why_not(out, run->family);
    if (out->note)
        return NULL;
    trial_regression on;
    HU_TRY(trial_regress(rows, y, run->options.adjust, rows->clusters ? HU_TRIAL_CR0 : HU_TRIAL_HC2, scratch, &on));
    out->n = on.n;
    out->clusters = rows->clusters ? on.cluster.levels : 0;
    return trial_model_fit(&on, run->exposure, run->family, &run->options, out);
}

hu_error *hu_trial_model(const hu_table *table, const hu_trial_columns *columns, const char *exposure,
                         hu_trial_family family, const hu_trial_options *options, hu_arena *arena,
                         hu_trial_ratios **ratios)
{
    HU_SCRATCH(scratch);
    trial_rows rows;
    double *time;
    if (options->adjust == HU_LIN)
        return hu_fail(HU_USAGE,
                       "a ratio takes covariates as they are (ANCOVA); Lin's adjustment is one of differences");
    if (exposure && family == HU_TRIAL_LOGIT)
        return hu_fail(HU_USAGE, "an exposure goes with counts, not with a logit");
    HU_TRY(trial_rows_read(table, columns, scratch, &rows));
    HU_TRY(read_exposure(&rows, exposure, scratch, &time));
    model_run run = {&rows, time, family, *options, NULL, arena};
    HU_TRY(trial_check_options(&rows, &run.options));
    if (family != HU_TRIAL_LOGIT)
        HU_TRY(trial_assignments(&rows, &run.options, 3.0 * (rows.strata ? (double)rows.stratum.levels : 1) + 8,
                                 scratch, &run.all));
    hu_trial_ratios *out = *ratios = HU_NEW(arena, hu_trial_ratios);
    while (columns->outcomes[out->n])
        out->n++;
    *out = (hu_trial_ratios){family, exposure, HU_NEW_ARRAY(arena, hu_trial_ratio, out->n), out->n,
                             trial_se_text(&rows, run.options.se, arena)};
    for (size_t j = 0; j < out->n; j++)
        HU_TRY(hu_wrap(one_outcome(&run, columns->outcomes[j], &out->effects[j]), "%s: outcome %s", table->source,
                       columns->outcomes[j]));
    return NULL;
}
