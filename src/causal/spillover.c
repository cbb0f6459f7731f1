/* Spillovers by exposure mapping: probabilities under the design, effects, conservative variances. */

#include "spillover.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/sums.h"

#include <math.h>

enum { PAIR = HU_CONDITIONS * HU_CONDITIONS };
static const double too_long = 4e9; /* pairs counted */

static void count_once(const uint8_t *condition, spillover_chances *c)
{
    for (size_t i = 0; i < c->units; i++) {
        uint32_t *row = c->joint + (i * c->units + i) * PAIR + (size_t)condition[i] * HU_CONDITIONS;
        for (size_t j = i; j < c->units; j++, row += PAIR)
            row[condition[j]]++;
    }
    c->count++;
}

void spillover_count(const spillover_graph *graph, const hu_assignments *all, const uint32_t *real, hu_arena *arena,
                     spillover_chances *c)
{
    HU_SCRATCH(scratch);
    uint8_t *condition = HU_NEW_ARRAY(scratch, uint8_t, graph->units);
    *c = (spillover_chances){graph->units, HU_NEW_ARRAY(arena, uint32_t, graph->units * graph->units * PAIR), 0};
    for (size_t part = 0; part < all->parts; part++) {
        HU_SCRATCH(room);
        hu_walk *walk = hu_walk_start(all, part, room);
        while (hu_walk_next(walk)) {
            spillover_conditions(graph, walk->label, condition);
            count_once(condition, c);
        }
    }
    if (all->exact)
        return;
    spillover_conditions(graph, real, condition); /* one draw more, so that what was seen is never impossible */
    count_once(condition, c);
}

double spillover_chance(const spillover_chances *c, size_t i, hu_condition a, size_t j, hu_condition b)
{
    size_t at = i <= j ? (i * c->units + j) * PAIR + HU_CONDITIONS * (size_t)a + (size_t)b
                       : (j * c->units + i) * PAIR + HU_CONDITIONS * (size_t)b + (size_t)a;
    return (double)c->joint[at] / c->count;
}

static double alone(const spillover_chances *c, size_t i, hu_condition a)
{
    return spillover_chance(c, i, a, i, a);
}

/* Estimated variance of the total of y over units, by those in condition a: Aronow & Samii, eqs. 7 and 9. */
static double variance_of(const spillover_chances *c, const uint8_t *condition, const bool *in, const double *y,
                          hu_condition a)
{
    hu_sum sum = {0};
    for (size_t i = 0; i < c->units; i++) {
        if (!in[i])
            continue;
        double pi = alone(c, i, a), yi = y[i] / pi;
        bool here = condition[i] == a;
        if (here)
            hu_sum_add(&sum, (1 - pi) * yi * yi);
        for (size_t j = 0; j < c->units; j++) {
            if (j == i || !in[j])
                continue;
            double pj = alone(c, j, a), both = spillover_chance(c, i, a, j, a);
            if (both > 0 && here && condition[j] == a)
                hu_sum_add(&sum, (both - pi * pj) / both * yi * y[j] / pj);
            else if (both == 0 && here) /* i's half, once from each side of the pair */
                hu_sum_add(&sum, y[i] * yi);
        }
    }
    return hu_sum_value(&sum);
}

/* A lower bound of the covariance of two totals: eq. 11, the terms of impossible pairs included. */
static double covariance_of(const spillover_chances *c, const uint8_t *condition, const bool *in, const double *ya,
                            const double *yb, hu_condition a, hu_condition b)
{
    hu_sum sum = {0};
    for (size_t i = 0; i < c->units; i++)
        for (size_t j = 0; j < c->units; j++) {
            if (!in[i] || !in[j])
                continue;
            double pi = alone(c, i, a), pj = alone(c, j, b), both = spillover_chance(c, i, a, j, b);
            bool here = condition[i] == a, there = condition[j] == b;
            if (both > 0 && here && there)
                hu_sum_add(&sum, (both - pi * pj) / both * ya[i] / pi * yb[j] / pj);
            else if (both == 0)
                hu_sum_add(&sum, -(here ? ya[i] * ya[i] / (2 * pi) : 0) - (there ? yb[j] * yb[j] / (2 * pj) : 0));
        }
    return hu_sum_value(&sum);
}

static void finish(double variance, double n, double level, hu_contrast_effect *e)
{
    e->se = sqrt(fmax(variance, 0)) / n;
    double half = hu_normal_quantile(0.5 + level / 2) * e->se;
    e->lower = e->estimate - half;
    e->upper = e->estimate + half;
    e->p = hu_normal_two_sided(e->estimate / e->se);
}

static double spread(const spillover_chances *c, const uint8_t *condition, const bool *in, const double *to,
                     const double *from, const hu_spillover_contrast *k)
{
    return variance_of(c, condition, in, to, k->to) + variance_of(c, condition, in, from, k->from) -
           2 * covariance_of(c, condition, in, to, from, k->to, k->from);
}

void spillover_effect(const spillover_chances *c, const uint8_t *condition, const double *y, double level,
                      hu_spillover_contrast *k)
{
    HU_SCRATCH(scratch);
    bool *in = HU_NEW_ARRAY(scratch, bool, c->units);
    double *to = HU_NEW_ARRAY(scratch, double, c->units), *from = HU_NEW_ARRAY(scratch, double, c->units);
    double total[2] = {0}, weight[2] = {0};
    k->units = k->in_to = k->in_from = 0;
    for (size_t i = 0; i < c->units; i++) {
        in[i] = !isnan(y[i]) && alone(c, i, k->to) > 0 && alone(c, i, k->from) > 0;
        k->units += in[i];
        for (int side = 0; side < 2; side++) {
            hu_condition which = side ? k->from : k->to;
            if (!in[i] || condition[i] != which)
                continue;
            (*(side ? &k->in_from : &k->in_to))++;
            total[side] += y[i] / alone(c, i, which);
            weight[side] += 1 / alone(c, i, which);
        }
    }
    double n = (double)k->units;
    hu_contrast_effect none = {NAN, NAN, NAN, NAN, NAN};
    k->horvitz_thompson = k->hajek = none;
    if (k->units == 0)
        return;
    k->horvitz_thompson.estimate = (total[0] - total[1]) / n;
    finish(spread(c, condition, in, y, y, k), n, level, &k->horvitz_thompson);
    if (k->in_to == 0 || k->in_from == 0)
        return;
    k->hajek.estimate = total[0] / weight[0] - total[1] / weight[1];
    for (size_t i = 0; i < c->units; i++) {
        to[i] = y[i] - total[0] / weight[0];
        from[i] = y[i] - total[1] / weight[1];
    }
    finish(spread(c, condition, in, to, from, k), n, level, &k->hajek);
}

static void unit_means(const trial_rows *rows, const double *y, double *mean, hu_arena *scratch)
{
    double *weight = HU_NEW_ARRAY(scratch, double, rows->unit.levels);
    for (size_t u = 0; u < rows->unit.levels; u++)
        mean[u] = 0;
    for (size_t i = 0; i < rows->n; i++) {
        double w = rows->w ? rows->w[i] : 1;
        if (isnan(y[i]))
            continue;
        mean[rows->unit.code[i]] += w * y[i];
        weight[rows->unit.code[i]] += w;
    }
    for (size_t u = 0; u < rows->unit.levels; u++)
        mean[u] = weight[u] > 0 ? mean[u] / weight[u] : NAN;
}

/* All assignments, or where counting pairs over them takes long and nobody asked for all, the usual number drawn. */
static hu_error *plan(const trial_rows *rows, const hu_trial_options *o, hu_arena *arena, hu_assignments **all)
{
    hu_assignment_options drawn = o->permutations;
    drawn.seed = o->seed;
    if (o->draw)
        return trial_draw_assignments(rows, o->draw, &drawn, o->threads, arena, all);
    hu_assignment_design *design = HU_NEW(arena, hu_assignment_design);
    *design = (hu_assignment_design){rows->unit.levels, rows->unit_arm, rows->unit_stratum};
    hu_assignment_options which = o->permutations;
    which.seed = o->seed;
    HU_TRY(hu_assignments_plan(design, &which, arena, all));
    double pairs = (double)rows->unit.levels * (double)rows->unit.levels / 2;
    if (o->permutations_asked || (double)(*all)->count * pairs <= too_long)
        return NULL;
    which = (hu_assignment_options){.draws = HU_ASSIGNMENTS_DRAWS, .seed = o->seed};
    return hu_assignments_plan(design, &which, arena, all);
}

static void describe(const spillover_graph *graph, const spillover_chances *c, const uint8_t *condition,
                     const hu_assignments *all, hu_spillovers *out)
{
    out->units = c->units;
    out->edges = graph->first[c->units] / 2;
    out->unknown = graph->unknown;
    out->assignments = all->count;
    out->exact = all->exact;
    for (int a = 0; a < HU_CONDITIONS; a++)
        out->least[a] = NAN;
    for (size_t i = 0; i < c->units; i++) {
        out->lonely += graph->first[i] == graph->first[i + 1];
        out->in[condition[i]]++;
        for (int a = 0; a < HU_CONDITIONS; a++) {
            double p = out->probability[HU_CONDITIONS * i + (size_t)a] = alone(c, i, (hu_condition)a);
            out->never[a] += p == 0;
            if (p > 0)
                out->least[a] = fmin(out->least[a], p);
        }
    }
}

static hu_error *one_outcome(const trial_rows *rows, const spillover_graph *graph, const spillover_chances *c,
                             const uint8_t *condition, const hu_trial_options *o, hu_arena *arena,
                             hu_spillover_outcome *out)
{
    static const hu_spillover_contrast contrasts[] = {{"spillover", HU_EXPOSED, HU_ALONE},
                                                      {"direct", HU_TREATED, HU_ALONE},
                                                      {"both", HU_TREATED_EXPOSED, HU_ALONE},
                                                      {"spillover on the treated", HU_TREATED_EXPOSED, HU_TREATED}};
    HU_SCRATCH(scratch);
    double *y, *mean = HU_NEW_ARRAY(scratch, double, c->units);
    HU_TRY(trial_rows_values(rows, out->outcome, scratch, &y));
    unit_means(rows, y, mean, scratch);
    for (size_t k = 0; k < sizeof contrasts / sizeof *contrasts; k++) {
        out->contrasts[k] = contrasts[k];
        spillover_effect(c, condition, mean, o->level, &out->contrasts[k]);
    }
    /* among a draw's allocations those with the focal units' own arms are no design of their own */
    return o->no_permutations || o->draw ? NULL : spillover_test(rows, graph, mean, o, arena, &out->test, &out->focal);
}

hu_error *hu_trial_spillover(const hu_table *table, const hu_trial_columns *columns,
                             const hu_spillover_network *network, const hu_trial_options *options, hu_arena *arena,
                             hu_spillovers **spillovers)
{
    HU_SCRATCH(scratch);
    trial_rows rows;
    spillover_graph graph;
    spillover_chances chances;
    hu_assignments *all;
    hu_trial_options o = *options;
    if (!columns->cluster)
        return hu_fail(HU_USAGE, "spillovers need the column of the units that were assigned (a cluster for each)");
    HU_TRY(trial_rows_read(table, columns, scratch, &rows));
    HU_TRY(trial_check_options(&rows, &o));
    if (!rows.by_cluster)
        return hu_fail(HU_BAD_INPUT, "%s: the arm varies within %s: expected units that were assigned as wholes",
                       table->source, columns->cluster);
    if (rows.unit.levels > HU_SPILLOVER_MAX_UNITS)
        return hu_fail(HU_LIMIT, "%zu units: at most %d for probabilities of all pairs", rows.unit.levels,
                       HU_SPILLOVER_MAX_UNITS);
    HU_TRY(spillover_graph_make(&rows, network, scratch, &graph));
    HU_TRY(plan(&rows, &o, scratch, &all));
    spillover_count(&graph, all, rows.unit_arm, scratch, &chances);
    uint8_t *condition = HU_NEW_ARRAY(scratch, uint8_t, graph.units);
    spillover_conditions(&graph, rows.unit_arm, condition);
    hu_spillovers *out = *spillovers = HU_NEW(arena, hu_spillovers);
    out->probability = HU_NEW_ARRAY(arena, double, graph.units *HU_CONDITIONS);
    describe(&graph, &chances, condition, all, out);
    while (columns->outcomes[out->n])
        out->n++;
    out->outcomes = HU_NEW_ARRAY(arena, hu_spillover_outcome, out->n);
    for (size_t j = 0; j < out->n; j++) {
        out->outcomes[j].outcome = columns->outcomes[j];
        HU_TRY(hu_wrap(one_outcome(&rows, &graph, &chances, condition, &o, arena, &out->outcomes[j]),
                       "%s: spillovers on %s", table->source, columns->outcomes[j]));
    }
    return NULL;
}
