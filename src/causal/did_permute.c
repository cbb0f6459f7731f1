/* Randomization tests of the simple average ATT from sums by unit and period. */

#include "permute_draw.h"

#include <math.h>
#include <string.h>

enum { MOST_INVERTED = 1000000, NUMBERS = 5 }; /* assignments whose five numbers are kept for a confidence set */

/*
 * What assignments are computed from. Sums are over the unit's observations in the periods that comparisons after
 * treatment use: of weights, of weighted outcomes, and of weighted treatment status as it was carried out (for sharp
 * nulls with an effect); units x periods each.
 */
typedef struct sums {
    size_t units, periods, cohorts;
    double *weight, *total[2];
    uint32_t *seen;        /* units x periods: 1 where the unit is observed with a weight */
    double *share;         /* units: what the unit adds to the size of its cohort */
    const did_cell *cells; /* at and base count the periods used */
    size_t n_cells;
    uint32_t *control; /* cohorts of the comparison: those of cell k begin at first[k] */
    size_t *first;     /* n_cells + 1 */
    size_t always;     /* labels of cohorts treated from the first period on: they come first, without observations */
    bool invert;       /* keep {a, b, v0, v1, v2}; else the statistic alone */
} sums;

/* Means of the comparison of a cell in one period. */
typedef struct side {
    double weight, mean[2];
} side;

/* Sums by cohort and period, then how each enters the estimate: see evaluate_all. */
typedef struct room {
    const sums *of;
    uint32_t *seen;                              /* cohorts x periods: units observed; sums of none are exactly none */
    double *weight, *total[2], *mean[2], *share; /* cohorts x periods; share: cohorts */
    double *a, *b[2], *c[2]; /* coefficients: of totals and weights, cohorts x periods; of shares, cohorts */
    double *effect[2];       /* cells */
    side *sides;             /* cells x 2: at, base */
} room;

static void *start(const void *context, hu_arena *arena)
{
    const sums *s = context;
    room *r = HU_NEW(arena, room);
    size_t cells = s->cohorts * s->periods;
    *r = (room){.of = s,
                .seen = HU_NEW_ARRAY(arena, uint32_t, cells),
                .weight = HU_NEW_ARRAY(arena, double, cells),
                .share = HU_NEW_ARRAY(arena, double, s->cohorts),
                .a = HU_NEW_ARRAY(arena, double, cells),
                .sides = HU_NEW_ARRAY(arena, side, 2 * s->n_cells)};
    for (int o = 0; o < 2; o++) {
        r->total[o] = HU_NEW_ARRAY(arena, double, cells);
        r->mean[o] = HU_NEW_ARRAY(arena, double, cells);
        r->b[o] = HU_NEW_ARRAY(arena, double, cells);
        r->c[o] = HU_NEW_ARRAY(arena, double, s->cohorts);
        r->effect[o] = HU_NEW_ARRAY(arena, double, s->n_cells);
    }
    return r;
}

/* Adds (sign 1) or takes away (sign -1) a unit's sums to those of a cohort. */
static void put_unit(room *r, size_t u, uint32_t label, double sign)
{
    const sums *s = r->of;
    if (label < s->always)
        return;
    size_t to = (label - s->always) * s->periods, from = u * s->periods;
    r->share[label - s->always] += sign * s->share[u];
    for (size_t t = 0; t < s->periods; t++) {
        r->seen[to + t] += sign > 0 ? s->seen[from + t] : -s->seen[from + t];
        r->weight[to + t] += sign * s->weight[from + t];
        r->total[0][to + t] += sign * s->total[0][from + t];
        r->total[1][to + t] += sign * s->total[1][from + t];
    }
}

static void take_means(room *r, uint32_t label)
{
    const sums *s = r->of;
    if (label < s->always)
        return;
    size_t from = (label - s->always) * s->periods;
    for (size_t at = from; at < from + s->periods; at++) {
        double scale = 1 / r->weight[at];
        if (r->seen[at] == 0)
            r->weight[at] = r->total[0][at] = r->total[1][at] = scale = 0;
        r->mean[0][at] = r->total[0][at] * scale;
        r->mean[1][at] = r->total[1][at] * scale;
    }
}

static void add_up(room *r, const uint32_t *label)
{
    const sums *s = r->of;
    size_t cells = s->cohorts * s->periods;
    memset(r->seen, 0, cells * sizeof *r->seen);
    memset(r->weight, 0, cells * sizeof(double));
    memset(r->total[0], 0, cells * sizeof(double));
    memset(r->total[1], 0, cells * sizeof(double));
    memset(r->share, 0, s->cohorts * sizeof(double));
    for (size_t u = 0; u < s->units; u++)
        put_unit(r, u, label[u], 1);
    for (size_t g = 0; g < s->cohorts; g++)
        take_means(r, (uint32_t)(g + s->always));
}

/* Units a and b have exchanged their labels. */
static void exchange(room *r, const uint32_t *label, uint32_t a, uint32_t b)
{
    put_unit(r, a, label[b], -1);
    put_unit(r, b, label[a], -1);
    put_unit(r, a, label[a], 1);
    put_unit(r, b, label[b], 1);
    take_means(r, label[a]);
    take_means(r, label[b]);
}

static side controls_of(const room *r, size_t k, size_t t)
{
    const sums *s = r->of;
    side out = {0};
    for (size_t i = s->first[k]; i < s->first[k + 1]; i++) {
        size_t at = s->control[i] * s->periods + t;
        out.weight += r->weight[at];
        out.mean[0] += r->total[0][at];
        out.mean[1] += r->total[1][at];
    }
    out.mean[0] /= out.weight;
    out.mean[1] /= out.weight;
    return out;
}

/* False when there is nobody on one side. */
static bool estimate_cell(room *r, size_t k)
{
    const did_cell *cell = &r->of->cells[k];
    size_t period[2] = {cell->at, cell->base};
    r->effect[0][k] = r->effect[1][k] = 0;
    for (int when = 0; when < 2; when++) {
        size_t at = cell->cohort * r->of->periods + period[when];
        side controls = r->sides[2 * k + (size_t)when] = controls_of(r, k, period[when]);
        if (!(controls.weight > 0) || !(r->weight[at] > 0))
            return false;
        for (int o = 0; o < 2; o++)
            r->effect[o][k] += (when ? -1 : 1) * (r->mean[o][at] - controls.mean[o]);
    }
    return true;
}

/* How the observations enter cell k's effect, times q: did_cells.c, add_mean_influence. */
static void add_coefficients(room *r, size_t k, double q)
{
    const sums *s = r->of;
    const did_cell *cell = &s->cells[k];
    size_t period[2] = {cell->at, cell->base};
    for (int when = 0; when < 2; when++) {
        const side *controls = &r->sides[2 * k + (size_t)when];
        size_t treated = cell->cohort * s->periods + period[when];
        double sign = when ? -q : q, each = sign / controls->weight;
        r->a[treated] += sign / r->weight[treated];
        for (size_t i = s->first[k]; i < s->first[k + 1]; i++) {
            size_t at = s->control[i] * s->periods + period[when];
            if (!(r->weight[at] > 0))
                continue;
            r->a[at] -= each;
            r->b[0][at] -= each * (r->mean[0][at] - controls->mean[0]);
            r->b[1][at] -= each * (r->mean[1][at] - controls->mean[1]);
        }
    }
}

/* The average effect of outcomes and of status; NaN when no cell can be estimated. */
static void average(room *r, double value[2])
{
    const sums *s = r->of;
    double total = 0, sum[2] = {0};
    memset(r->a, 0, s->cohorts * s->periods * sizeof(double));
    for (int o = 0; o < 2; o++) {
        memset(r->b[o], 0, s->cohorts * s->periods * sizeof(double));
        memset(r->c[o], 0, s->cohorts * sizeof(double));
    }
    for (size_t k = 0; k < s->n_cells; k++) {
        double share = r->share[s->cells[k].cohort];
        if (!estimate_cell(r, k)) {
            r->effect[0][k] = NAN;
            continue;
        }
        total += share;
        sum[0] += share * r->effect[0][k];
        sum[1] += share * r->effect[1][k];
    }
    value[0] = sum[0] / total;
    value[1] = sum[1] / total;
    for (size_t k = 0; k < s->n_cells; k++) {
        if (isnan(r->effect[0][k]))
            continue;
        add_coefficients(r, k, r->share[s->cells[k].cohort] / total);
        for (int o = 0; o < 2; o++)
            r->c[o][s->cells[k].cohort] += (r->effect[o][k] - value[o]) / total;
    }
}

/*
 * values = {a, b, v0, v1, v2}: the average for outcomes and for status, and the sums over units of products of their
 * influences. An influence is sum_t A (total - mean weight) + B weight, plus C times the share, with the coefficients
 * of the unit's cohort.
 */
static void evaluate_all(room *r, const uint32_t *label, double values[NUMBERS])
{
    const sums *s = r->of;
    size_t periods = s->periods;
    average(r, values);
    for (size_t at = 0; at < s->cohorts * periods; at++)
        for (int o = 0; o < 2; o++)
            r->b[o][at] -= r->a[at] * r->mean[o][at];
    values[2] = values[3] = values[4] = 0;
    for (size_t u = 0; u < s->units; u++) {
        if (label[u] < s->always)
            continue;
        size_t g = label[u] - s->always;
        double sum[2] = {r->c[0][g] * s->share[u], r->c[1][g] * s->share[u]};
        for (size_t t = 0; t < periods; t++) {
            size_t at = g * periods + t, here = u * periods + t;
            sum[0] += r->a[at] * s->total[0][here] + r->b[0][at] * s->weight[here];
            sum[1] += r->a[at] * s->total[1][here] + r->b[1][at] * s->weight[here];
        }
        values[2] += sum[0] * sum[0];
        values[3] += sum[0] * sum[1];
        values[4] += sum[1] * sum[1];
    }
}

static double studentised(const double values[NUMBERS])
{
    return values[2] > 0 ? values[0] / sqrt(values[2]) : values[0] == 0 ? 0 : copysign(INFINITY, values[0]);
}

static void evaluate(void *state, const hu_walk *walk, double *values)
{
    room *r = state;
    double all[NUMBERS];
    if (walk->fresh)
        add_up(r, walk->label);
    else
        exchange(r, walk->label, walk->a, walk->b);
    evaluate_all(r, walk->label, all);
    if (r->of->invert)
        memcpy(values, all, sizeof all);
    else
        values[0] = studentised(all);
}

/* Which of the data's periods comparisons use, counted through: their cells are told so. */
static size_t *count_periods(const did_data *data, did_cell *cells, size_t n, hu_arena *arena, size_t *used)
{
    size_t *number = HU_NEW_ARRAY(arena, size_t, data->periods);
    for (size_t k = 0; k < n; k++)
        number[cells[k].at] = number[cells[k].base] = 1;
    *used = 0;
    for (size_t t = 0; t < data->periods; t++)
        number[t] = number[t] ? (*used)++ : SIZE_MAX;
    for (size_t k = 0; k < n; k++) {
        cells[k].at = number[cells[k].at];
        cells[k].base = number[cells[k].base];
    }
    return number;
}

/* Observations to sums; outcomes less their mean, which changes nothing but rounding. */
static void sum_observations(const did_data *data, const did_draw *draw, const size_t *number, hu_arena *arena, sums *s)
{
    size_t cells = draw->units * s->periods, numbers = data->n * (data->period ? 1 : data->periods);
    s->units = draw->units;
    s->weight = HU_NEW_ARRAY(arena, double, cells);
    s->total[0] = HU_NEW_ARRAY(arena, double, cells);
    s->total[1] = HU_NEW_ARRAY(arena, double, cells);
    s->seen = HU_NEW_ARRAY(arena, uint32_t, cells);
    s->share = HU_NEW_ARRAY(arena, double, draw->units);
    double mean = 0;
    for (size_t i = 0; i < numbers; i++)
        mean += data->y[i] / (double)numbers;
    for (size_t i = 0; i < data->n; i++) {
        size_t u = draw->unit_of_row[data->row[i]];
        s->share[u] += data->w[i];
        for (size_t t = data->period ? data->period[i] : 0; t < data->periods; t += data->period ? data->periods : 1) {
            double y = data->period ? data->y[i] : data->y[i * data->periods + t];
            size_t at = u * s->periods + number[t];
            if (number[t] == SIZE_MAX || !(data->w[i] > 0))
                continue;
            s->seen[at] = 1;
            s->weight[at] += data->w[i];
            s->total[0][at] += data->w[i] * (y - mean);
            if (data->times[t] >= draw->cohort[draw->label[u]])
                s->total[1][at] += data->w[i];
        }
    }
}

/* The comparisons after treatment among all cohorts of the draw, were they to have observations or not. */
static did_cell *list_cells(did_run *run, const did_draw *draw, sums *s)
{
    double *cohort = HU_NEW_ARRAY(run->scratch, double, draw->cohorts);
    while (s->always < draw->cohorts && draw->cohort[s->always] <= run->data.times[0] + run->options->anticipation)
        s->always++;
    s->cohorts = draw->cohorts - s->always;
    for (size_t g = 0; g < s->cohorts; g++)
        cohort[g] = draw->cohort[s->always + g];
    cohort[s->cohorts - 1] = INFINITY; /* without anybody never treated the last cohort is the comparison: did_rows.c */
    run->data.cohort = cohort;
    run->data.cohorts = s->cohorts;
    did_cells_list(run);
    for (size_t k = 0; k < run->n_cells; k++)
        if (run->cells[k].post && !run->cells[k].reference)
            run->cells[s->n_cells++] = run->cells[k];
    s->first = HU_NEW_ARRAY(run->scratch, size_t, s->n_cells + 1);
    s->control = HU_NEW_ARRAY(run->scratch, uint32_t, s->n_cells * s->cohorts + 1);
    for (size_t k = 0; k < s->n_cells; k++) {
        s->first[k + 1] = s->first[k];
        for (size_t c = 0; c < s->cohorts; c++)
            if (did_is_control(run, &run->cells[k], c))
                s->control[s->first[k + 1]++] = (uint32_t)c;
    }
    s->cells = run->cells;
    return run->cells;
}

static hu_error *test(const sums *s, const hu_assignments *all, const did_draw *draw, const hu_permute_options *options,
                      double level, hu_arena *arena, hu_permutation *p)
{
    HU_SCRATCH(scratch);
    size_t width = s->invert ? NUMBERS : 1;
    double *draws = HU_NEW_ARRAY(arena, double, all->count), *values = draws, observed[NUMBERS];
    if (s->invert)
        values = HU_NEW_ARRAY(scratch, double, all->count *width);
    room *r = start(s, scratch);
    add_up(r, draw->label);
    evaluate_all(r, draw->label, observed);
    HU_TRY(hu_assignments_evaluate(all, &(hu_statistic){s, width, start, evaluate}, options->threads, values));
    for (uint64_t i = 0; i < all->count && s->invert; i++)
        draws[i] = studentised(values + i * width);
    *p = (hu_permutation){hu_fisher_test(all, draws, 1, studentised(observed)), draw->units, hu_strdup(arena, draw->by),
                          draws};
    if (s->invert)
        hu_fisher_invert(all, values, width, observed, level, &p->fisher);
    return NULL;
}

/* With covariates: computed anew each time. */
typedef struct request {
    const hu_did_columns *columns;
    const hu_did_options *options;
} request;

static hu_error *reestimate(const hu_table *table, const void *context, hu_arena *arena, hu_effect *effect)
{
    const request *r = context;
    hu_did_result *result;
    HU_TRY(hu_did(table, r->columns, r->options, arena, &result));
    *effect = result->simple.overall;
    return NULL;
}

hu_error *hu_permute_did(const hu_table *table, const hu_did_columns *columns, const hu_did_options *did,
                         const hu_permute_options *options, hu_arena *arena, hu_permutation **result)
{
    hu_did_options filled = *did;
    filled.bootstrap = filled.keep_influence = false;
    if (columns->covariates && columns->covariates[0])
        return hu_permute(table, columns, options, reestimate, &(request){columns, &filled}, arena, result);
    HU_SCRATCH(scratch);
    did_draw draw;
    hu_assignments *all;
    did_run run = {.options = &filled, .arena = scratch, .scratch = scratch, .result = HU_NEW(scratch, hu_did_result)};
    HU_TRY(did_draw_build(table, columns, options, filled.anticipation, scratch, &draw));
    HU_TRY(did_draw_assignments(&draw, table, columns, options, scratch, &all));
    HU_TRY(did_data_build(&run, table, columns));
    sums s = {.invert = all->count <= MOST_INVERTED};
    did_cell *cells = list_cells(&run, &draw, &s);
    size_t *number = count_periods(&run.data, cells, s.n_cells, scratch, &s.periods);
    sum_observations(&run.data, &draw, number, scratch, &s);
    *result = HU_NEW(arena, hu_permutation);
    return test(&s, all, &draw, options, filled.level, arena, *result);
}
