/* Stages that follow each other, by arm of a trial: shares, effects, exact tests, contributions. */

#include "huella/causal/cascade.h"

#include "trial_parts.h"

#include "huella/numerics/distributions.h"

#include <math.h>
#include <string.h>

enum { MOST_STAGES = 12 };

/* Weighted counts of units: known and reached, a stage after the other. */
typedef struct counts {
    const trial_rows *rows;
    size_t units, stages;
    double *of; /* units x stages x 2 */
} counts;

static double *unit_counts(const counts *c, size_t unit)
{
    return c->of + unit * c->stages * 2;
}

/* ---- rows to counts ---- */

static hu_error *check_stage(const trial_rows *rows, size_t i, const char *name, const char *before, double value,
                             double previous)
{
    if (!isnan(value) && value != 0 && value != 1)
        return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], name,
                             "%g is no stage: expected 1 (reached), 0 (not) or nothing (not known yet)", value);
    if (value == 1 && before && previous != 1)
        return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], name,
                             "is reached though \"%s\", the stage before it, is %s; give the stages in their order",
                             before, isnan(previous) ? "not known" : "not");
    return NULL;
}

static hu_error *count_rows(counts *c, const hu_trial_columns *columns, hu_arena *scratch, hu_cascade *out)
{
    const trial_rows *rows = c->rows;
    double *before = NULL, *now;
    for (size_t k = 0; k < c->stages; k++, before = now) {
        const char *name = columns->outcomes[k];
        hu_cascade_stage *stage = &out->stages[k];
        *stage = (hu_cascade_stage){.name = name};
        HU_TRY(trial_rows_values(rows, name, scratch, &now));
        for (size_t i = 0; i < rows->n; i++) {
            HU_TRY(check_stage(rows, i, name, k ? columns->outcomes[k - 1] : NULL, now[i], k ? before[i] : 1));
            if (k && before[i] != 1)
                continue;
            size_t arm = rows->z[i];
            double *of = unit_counts(c, rows->unit.code[i]) + 2 * k, w = rows->w ? rows->w[i] : 1;
            stage->at_risk[arm]++;
            stage->open[arm] += isnan(now[i]);
            stage->reached[arm] += now[i] == 1;
            of[0] += isnan(now[i]) ? 0 : w;
            of[1] += now[i] == 1 ? w : 0;
        }
    }
    return NULL;
}

/* ---- shares of two arms, from sums over their units ---- */

/* Differences between arms: conditional and unconditional, a stage after the other. sums: arms x stages x 2. */
static void differences(const double *const sums[2], size_t stages, double *values)
{
    double through[2] = {1, 1};
    for (size_t k = 0; k < stages; k++) {
        double p[2];
        for (int arm = 0; arm < 2; arm++) {
            p[arm] = sums[arm][2 * k] > 0 ? sums[arm][2 * k + 1] / sums[arm][2 * k] : NAN;
            through[arm] *= p[arm];
        }
        values[2 * k] = p[1] - p[0];
        values[2 * k + 1] = through[1] - through[0];
    }
}

static void sum_arms(const counts *c, double *const sums[2])
{
    for (size_t u = 0; u < c->units; u++)
        for (size_t j = 0; j < 2 * c->stages; j++)
            sums[c->rows->unit_arm[u] ? 1 : 0][j] += unit_counts(c, u)[j];
}

/* ---- errors: the jackknife ---- */

/* What is left out at once: pairs where every stratum holds one unit of each arm, else units. Returns how many. */
static size_t find_blocks(const trial_rows *rows, hu_arena *scratch, uint32_t *block, double *df)
{
    size_t units = rows->unit.levels, strata = rows->strata ? rows->stratum.levels : 0;
    size_t *members = HU_NEW_ARRAY(scratch, size_t, 2 * strata + 1);
    bool pairs = strata > 1;
    for (size_t u = 0; pairs && u < units; u++)
        members[2 * rows->unit_stratum[u] + (rows->unit_arm[u] ? 1 : 0)]++;
    for (size_t s = 0; pairs && s < 2 * strata; s++)
        pairs = members[s] == 1;
    for (size_t u = 0; u < units; u++)
        block[u] = pairs ? rows->unit_stratum[u] : (uint32_t)u;
    *df = pairs ? (double)strata - 1 : (double)units - 2;
    return pairs ? strata : units;
}

/* Differences without each block: blocks x width. */
static double *leave_out(const counts *c, const uint32_t *block, size_t blocks, hu_arena *scratch)
{
    size_t width = 2 * c->stages;
    double *all[2] = {HU_NEW_ARRAY(scratch, double, width), HU_NEW_ARRAY(scratch, double, width)};
    double *of = HU_NEW_ARRAY(scratch, double, blocks * 2 * width),
           *without = HU_NEW_ARRAY(scratch, double, blocks *width);
    sum_arms(c, all);
    for (size_t u = 0; u < c->units; u++)
        for (size_t j = 0; j < width; j++)
            of[(block[u] * 2 + (c->rows->unit_arm[u] ? 1 : 0)) * width + j] += unit_counts(c, u)[j];
    for (size_t b = 0; b < blocks; b++) {
        double *rest[2] = {of + 2 * b * width, of + (2 * b + 1) * width};
        for (size_t j = 0; j < width; j++) {
            rest[0][j] = all[0][j] - rest[0][j];
            rest[1][j] = all[1][j] - rest[1][j];
        }
        differences((const double *const[2]){rest[0], rest[1]}, c->stages, without + b * width);
    }
    return without;
}

static void jackknife(const counts *c, double level, hu_arena *scratch, hu_cascade *out)
{
    size_t width = 2 * c->stages;
    double df;
    uint32_t *block = HU_NEW_ARRAY(scratch, uint32_t, c->units);
    size_t blocks = find_blocks(c->rows, scratch, block, &df);
    double *without = leave_out(c, block, blocks, scratch);
    for (size_t j = 0; j < width; j++) {
        hu_cascade_part *part = j % 2 ? &out->stages[j / 2].unconditional : &out->stages[j / 2].conditional;
        double mean = 0, squares = 0;
        for (size_t b = 0; b < blocks; b++)
            mean += without[b * width + j] / (double)blocks;
        for (size_t b = 0; b < blocks; b++)
            squares += (without[b * width + j] - mean) * (without[b * width + j] - mean);
        double se = sqrt(squares * (double)(blocks - 1) / (double)blocks);
        part->df = df;
        part->se = se > 0 && df >= 1 ? se : NAN;
        double half = df >= 1 ? hu_t_quantile(0.5 + level / 2, df) * part->se : NAN;
        part->lower = part->difference - half;
        part->upper = part->difference + half;
        part->p = df >= 1 ? hu_t_two_sided(part->difference / part->se, df) : NAN;
    }
}

/* ---- exact tests ---- */

typedef struct walk_state {
    const counts *on;
    double *control, *treatment; /* stages x 2 */
} walk_state;

static void *start(const void *context, hu_arena *arena)
{
    walk_state *s = HU_NEW(arena, walk_state);
    s->on = context;
    s->control = HU_NEW_ARRAY(arena, double, 2 * s->on->stages);
    s->treatment = HU_NEW_ARRAY(arena, double, 2 * s->on->stages);
    return s;
}

/* The sums are made anew for each assignment: units are few, and sums that are moved on drift. */
static void evaluate(void *state, const hu_walk *walk, double *values)
{
    walk_state *s = state;
    size_t width = 2 * s->on->stages;
    memset(s->control, 0, width * sizeof *s->control);
    memset(s->treatment, 0, width * sizeof *s->treatment);
    for (size_t u = 0; u < s->on->units; u++) {
        double *into = walk->label[u] ? s->treatment : s->control;
        const double *of = unit_counts(s->on, u);
        for (size_t j = 0; j < width; j++)
            into[j] += of[j];
    }
    differences((const double *const[2]){s->control, s->treatment}, s->on->stages, values);
}

static hu_error *test(const counts *c, const hu_trial_options *options, hu_arena *scratch, hu_cascade *out)
{
    hu_assignments *all;
    size_t width = 2 * c->stages;
    HU_TRY(trial_assignments(c->rows, options, (double)(c->units * width), scratch, &all));
    if (!all)
        return NULL;
    double *values = HU_NEW_ARRAY(scratch, double, all->count *width);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){c, width, start, evaluate}, options->threads, values));
    for (size_t k = 0; k < c->stages; k++) {
        hu_cascade_stage *stage = &out->stages[k];
        stage->conditional.fisher = hu_fisher_test(all, values + 2 * k, width, stage->conditional.difference);
        stage->unconditional.fisher = hu_fisher_test(all, values + 2 * k + 1, width, stage->unconditional.difference);
    }
    return NULL;
}

/* ---- shares and contributions ---- */

static void fill_shares(const counts *c, hu_arena *scratch, hu_cascade *out)
{
    double *arm[2] = {HU_NEW_ARRAY(scratch, double, 2 * c->stages), HU_NEW_ARRAY(scratch, double, 2 * c->stages)};
    double through[2] = {1, 1};
    sum_arms(c, arm);
    for (size_t k = 0; k < c->stages; k++) {
        hu_cascade_part *one = &out->stages[k].conditional, *all = &out->stages[k].unconditional;
        double p[2];
        for (int a = 0; a < 2; a++) {
            p[a] = arm[a][2 * k] > 0 ? arm[a][2 * k + 1] / arm[a][2 * k] : NAN;
            through[a] *= p[a];
        }
        *one = (hu_cascade_part){.control = p[0], .treatment = p[1], .difference = p[1] - p[0]};
        *all = (hu_cascade_part){.control = through[0], .treatment = through[1], .difference = through[1] - through[0]};
    }
}

/* Shapley's value of stage k in the product of conditional shares. */
static double contribution(const hu_cascade *c, size_t k)
{
    double sum = 0, own = c->stages[k].conditional.difference;
    for (uint32_t set = 0; set < (1U << c->n); set++) {
        if (set & (1U << k))
            continue;
        double product = own, weight = 1 / (double)c->n; /* of orders: |S|! (n - |S| - 1)! / n! */
        size_t before = 0;
        for (size_t j = 0; j < c->n; j++) {
            bool changed = set & (1U << j);
            if (j == k)
                continue;
            product *= changed ? c->stages[j].conditional.treatment : c->stages[j].conditional.control;
            before += changed;
        }
        for (size_t j = 1; j <= before; j++) /* over the ways to choose S among the others */
            weight *= (double)j / (double)(c->n - j);
        sum += weight * product;
    }
    return sum;
}

hu_error *hu_cascade_estimate(const hu_table *table, const hu_trial_columns *columns, const hu_trial_options *asked,
                              hu_arena *arena, hu_cascade *out)
{
    HU_SCRATCH(scratch);
    hu_trial_options options = *asked;
    trial_rows rows;
    size_t stages = 0;
    while (columns->outcomes[stages])
        stages++;
    if (stages < 2 || stages > MOST_STAGES)
        return hu_fail(HU_USAGE, "a cascade has 2 to %d stages: %zu are named", MOST_STAGES, stages);
    if (options.level == 0)
        options.level = 0.95;
    HU_TRY(trial_rows_read(table, columns, scratch, &rows));
    counts c = {&rows, rows.unit.levels, stages, HU_NEW_ARRAY(scratch, double, rows.unit.levels *stages * 2)};
    *out = (hu_cascade){.rows = rows.n,
                        .dropped = rows.dropped,
                        .units = rows.unit.levels,
                        .stages = HU_NEW_ARRAY(arena, hu_cascade_stage, stages),
                        .n = stages};
    HU_TRY(count_rows(&c, columns, scratch, out));
    fill_shares(&c, scratch, out);
    jackknife(&c, options.level, scratch, out);
    HU_TRY(test(&c, &options, scratch, out));
    for (size_t k = 0; k < stages; k++) {
        hu_cascade_stage *stage = &out->stages[k];
        stage->contribution = contribution(out, k);
        stage->share = stage->contribution / out->stages[stages - 1].unconditional.difference;
    }
    return NULL;
}
