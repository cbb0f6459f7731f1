/* The exact test that effects are the same number in all subgroups. */

#include "trial_groups.h"

#include <math.h>
#include <string.h>

/*
 * Let e(v) be v less its projection on strata and covariates, d_g(v, z') the difference of its means between arms z'
 * within group g. Under "the effect is b for everybody" outcomes without training are y - b z, so under z' outcomes are
 * y - b z + b z', and their residuals differ between arms in group g by d_g(y, z') - b d_g(z, z') + b d_g(z', z'). The
 * last term is fixed by z' alone and is left out: a statistic of y - b z and z' is all that the test needs. Kept for
 * each assignment are d_g(y, z') and d_g(z, z').
 */
enum { GRID = 200, LEAST_GRID = 20, MAX_WORK = 500000000 }; /* points of that set, fewer when assignments are many */

/* 1 - level of the set of effects over which p is the largest: fixed by the design alone, and large enough that a set
 * can have ends where assignments are few. */
static double doubt(const hu_assignments *all)
{
    return fmax(0.001, 2.5 / (double)all->count);
}

typedef struct split {
    size_t units, groups;
    double *weight, *y, *z; /* units x groups: sums of weights, of residuals of y and of z */
    double *total;          /* groups x 3 */
} split;

typedef struct split_state {
    const split *on;
    double *now; /* groups x 3, of units with z' = 1 */
} split_state;

static void add(const split *s, size_t unit, double sign, double *sums)
{
    for (size_t g = 0; g < s->groups; g++) {
        size_t at = unit * s->groups + g;
        sums[3 * g] += sign * s->weight[at];
        sums[3 * g + 1] += sign * s->y[at];
        sums[3 * g + 2] += sign * s->z[at];
    }
}

static void *start(const void *context, hu_arena *arena)
{
    const split *on = context;
    split_state *s = HU_NEW(arena, split_state);
    *s = (split_state){on, HU_NEW_ARRAY(arena, double, 3 * on->groups)};
    return s;
}

static void differences(const split *s, const double *now, double *values)
{
    for (size_t g = 0; g < s->groups; g++) {
        const double *t = s->total + 3 * g, *n = now + 3 * g;
        double rest = t[0] - n[0];
        bool both = n[0] > 1e-9 * t[0] && rest > 1e-9 * t[0];
        for (int v = 0; v < 2; v++)
            values[2 * g + (size_t)v] = both ? n[1 + v] / n[0] - (t[1 + v] - n[1 + v]) / rest : NAN;
    }
}

static void evaluate(void *state, const hu_walk *walk, double *values)
{
    split_state *s = state;
    if (walk->fresh) {
        memset(s->now, 0, 3 * s->on->groups * sizeof *s->now);
        for (size_t u = 0; u < s->on->units; u++)
            if (walk->label[u])
                add(s->on, u, 1, s->now);
    } else if (walk->label[walk->a] != walk->label[walk->b]) {
        bool now = walk->label[walk->a];
        add(s->on, walk->a, now ? 1 : -1, s->now);
        add(s->on, walk->b, now ? -1 : 1, s->now);
    }
    differences(s->on, s->now, values);
}

/* How far the groups' effects lie apart when everybody's is `effect`; NaN where a group has one arm alone. */
static double apart(const split *s, const double *row, double effect)
{
    double sum = 0, weight = 0, square = 0;
    for (size_t g = 0; g < s->groups; g++) {
        double d = row[2 * g] - effect * row[2 * g + 1], w = s->total[3 * g];
        sum += w * d;
        square += w * d * d;
        weight += w;
    }
    return square - sum * sum / weight;
}

/* The mean over groups: its test gives the set of effects. */
static double together(const double *row, double effect, const void *context)
{
    const split *s = context;
    double sum = 0, weight = 0;
    for (size_t g = 0; g < s->groups; g++) {
        sum += s->total[3 * g] * (row[2 * g] - effect * row[2 * g + 1]);
        weight += s->total[3 * g];
    }
    return sum / weight;
}

/* v less its projection on a constant, strata and covariates, over the rows `at`. */
static hu_error *residuals(const trial_rows *rows, const uint32_t *at, size_t n, size_t k, const double *v,
                           hu_arena *arena, double **out)
{
    double *y = HU_NEW_ARRAY(arena, double, n), *x = HU_NEW_ARRAY(arena, double, n *k + 1),
           *w = rows->w ? HU_NEW_ARRAY(arena, double, n) : NULL, *codes = HU_NEW_ARRAY(arena, double, n);
    hu_factor stratum = {0};
    for (size_t i = 0; i < n; i++) {
        y[i] = v[at[i]];
        if (w)
            w[i] = rows->w[at[i]];
        for (size_t j = 0; j < k; j++)
            x[j * n + i] = trial_covariate(rows, j, at[i]);
        codes[i] = rows->strata ? rows->stratum.code[at[i]] : 0;
    }
    hu_factor_numbers(codes, n, arena, &stratum);
    hu_with_effects columns;
    hu_fit fit;
    HU_TRY(hu_put_effects(y, x, n, k, w, &stratum, rows->strata != NULL, NULL, true, arena, &columns));
    HU_TRY(hu_least_squares(columns.x, n, columns.k, columns.y, w, arena, &fit));
    *out = fit.residuals;
    return NULL;
}

static hu_error *collect(const trial_rows *rows, const hu_factor *group, const double *y, size_t k, hu_arena *arena,
                         split *s)
{
    size_t units = rows->unit.levels, G = group->levels, n = 0;
    uint32_t *at = HU_NEW_ARRAY(arena, uint32_t, rows->n);
    double *ey, *ez, *z = HU_NEW_ARRAY(arena, double, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        z[i] = rows->z[i];
        if (!isnan(y[i]))
            at[n++] = (uint32_t)i;
    }
    HU_TRY(residuals(rows, at, n, k, y, arena, &ey));
    HU_TRY(residuals(rows, at, n, k, z, arena, &ez));
    *s = (split){units,
                 G,
                 HU_NEW_ARRAY(arena, double, units *G),
                 HU_NEW_ARRAY(arena, double, units *G),
                 HU_NEW_ARRAY(arena, double, units *G),
                 HU_NEW_ARRAY(arena, double, 3 * G)};
    for (size_t i = 0; i < n; i++) {
        size_t cell = rows->unit.code[at[i]] * G + group->code[at[i]];
        double w = rows->w ? rows->w[at[i]] : 1;
        s->weight[cell] += w;
        s->y[cell] += w * ey[i];
        s->z[cell] += w * ez[i];
    }
    for (size_t u = 0; u < units; u++)
        add(s, u, 1, s->total);
    return NULL;
}

/* p of equal effects when everybody's is `effect`. */
static hu_fisher test_at(const split *s, const hu_assignments *all, const double *values, const double *observed,
                         double effect, double *statistic)
{
    for (uint64_t i = 0; i < all->count; i++)
        statistic[i] = apart(s, values + i * 2 * s->groups, effect);
    return hu_fisher_test(all, statistic, 1, apart(s, observed, effect));
}

/* The largest p over the set of effects, and what may lie outside it. An end that is not found leaves p at one. */
static void worst_case(const split *s, const hu_assignments *all, const double *values, const double *observed,
                       double estimate, double *statistic, hu_fisher *fisher)
{
    hu_fisher set = {0};
    size_t width = 2 * s->groups;
    double spread = 0;
    for (uint64_t i = 0; i < all->count; i++) {
        double t = together(values + i * width, estimate, s);
        spread += isnan(t) ? 0 : fabs(t) / (double)all->count;
    }
    hu_fisher_invert_by(all, values, width, observed, together, s, estimate, spread, 1 - doubt(all), &set);
    if (!isfinite(set.lower) || !isfinite(set.upper)) {
        fisher->p = 1;
        return;
    }
    double points = fmin(fmax(MAX_WORK / ((double)all->count * (double)width), LEAST_GRID), GRID);
    for (int i = 0; i <= (int)points; i++) {
        double at = set.lower + (set.upper - set.lower) * i / (int)points;
        fisher->p = fmax(fisher->p, test_at(s, all, values, observed, at, statistic).p);
    }
    fisher->p = fmin(fisher->p + doubt(all), 1);
}

hu_error *trial_groups_permute(const trial_rows *rows, const hu_factor *group, const double *y, size_t k,
                               const hu_assignments *all, int threads, hu_arena *arena, hu_trial_interaction *out)
{
    HU_SCRATCH(scratch);
    split s;
    HU_TRY(collect(rows, group, y, k, scratch, &s));
    size_t width = 2 * s.groups;
    double *values = HU_NEW_ARRAY(scratch, double, all->count *width), *observed = HU_NEW_ARRAY(scratch, double, width);
    double *statistic = HU_NEW_ARRAY(scratch, double, all->count), *now = HU_NEW_ARRAY(scratch, double, 3 * s.groups);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){&s, width, start, evaluate}, threads, values));
    for (size_t u = 0; u < s.units; u++)
        if (rows->unit_arm[u])
            add(&s, u, 1, now);
    differences(&s, now, observed);
    double estimate = together(observed, 0, &s) / (together(observed, 0, &s) - together(observed, 1, &s));
    if (!isfinite(estimate))
        return NULL;
    out->fisher = HU_NEW(arena, hu_fisher);
    *out->fisher = test_at(&s, all, values, observed, estimate, statistic);
    out->fisher->lower = out->fisher->upper = NAN;
    out->p_at_estimate = out->fisher->p;
    worst_case(&s, all, values, observed, estimate, statistic, out->fisher);
    return NULL;
}
