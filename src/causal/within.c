/* Durations as outcomes: resolved within a time, and hazards by period. */

#include "huella/causal/within.h"

#include "did_rows.h"

#include "huella/numerics/order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 100000000, LAST_PERIOD = 1000000000 /* beyond 2^53 the next period would be the same number */ };

/* What is read of every row; NaN where something is missing. */
typedef struct durations {
    size_t n;
    double *start, *length, *weight; /* length: stop - start */
    double *event;
    uint32_t *cell; /* code of time and cohort; `cells` for a row that is not complete */
    size_t cells;
    bool *complete;
    const hu_column *time;
} durations;

static hu_error *column_of(const hu_table *table, const char *name, const hu_column **out)
{
    hu_column *column = NULL;
    if (name)
        HU_TRY(hu_table_numbers(table, name, &column));
    *out = column;
    return NULL;
}

static hu_error *check_row(const hu_table *table, const hu_within_columns *names, const durations *d, size_t r)
{
    if (d->event[r] != 0 && d->event[r] != 1)
        return hu_table_fail(table, HU_BAD_INPUT, r, names->event,
                             "%g is no event: expected 1, or 0 for a case still "
                             "open",
                             d->event[r]);
    if (!(d->length[r] >= 0) || isinf(d->length[r]))
        return hu_table_fail(table, HU_BAD_INPUT, r, names->stop,
                             "the case ends %g after it starts: expected a "
                             "duration of zero or more",
                             d->length[r]);
    if (!(d->weight[r] >= 0) || isinf(d->weight[r]))
        return hu_table_fail(table, HU_BAD_INPUT, r, names->weights,
                             "%g is no weight: expected a finite number, zero or "
                             "more",
                             d->weight[r]);
    return NULL;
}

static double cohort_number(double g)
{
    return isnan(g) || isinf(g) ? 0 : g; /* 0 is never, too */
}

static hu_error *read_durations(const hu_table *table, const hu_within_columns *names, hu_arena *arena, durations *d)
{
    const hu_column *start, *stop, *event, *time, *cohort, *weights;
    HU_TRY(column_of(table, names->start, &start));
    HU_TRY(column_of(table, names->stop, &stop));
    HU_TRY(column_of(table, names->event, &event));
    HU_TRY(column_of(table, names->time, &time));
    HU_TRY(column_of(table, names->cohort, &cohort));
    HU_TRY(column_of(table, names->weights, &weights));
    if (!stop || !event)
        return hu_fail(HU_USAGE, "durations need the columns of their end and of the event");
    size_t n = table->rows;
    *d = (durations){.n = n,
                     .start = HU_NEW_ARRAY(arena, double, n + 1),
                     .length = HU_NEW_ARRAY(arena, double, n + 1),
                     .weight = HU_NEW_ARRAY(arena, double, n + 1),
                     .event = HU_NEW_ARRAY(arena, double, n + 1),
                     .cell = HU_NEW_ARRAY(arena, uint32_t, n + 1),
                     .complete = HU_NEW_ARRAY(arena, bool, n + 1),
                     .time = time};
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    double *g = HU_NEW_ARRAY(arena, double, n + 1), *t = HU_NEW_ARRAY(arena, double, n + 1);
    size_t kept = 0;
    for (size_t r = 0; r < n; r++) {
        d->start[r] = start ? hu_number_at(start, r) : 0;
        d->length[r] = hu_number_at(stop, r) - d->start[r];
        d->event[r] = hu_number_at(event, r);
        d->weight[r] = weights ? hu_number_at(weights, r) : 1;
        d->complete[r] = !isnan(d->length[r]) && !isnan(d->event[r]) && !isnan(d->weight[r]) &&
                         !(time && isnan(hu_number_at(time, r)));
        if (!d->complete[r])
            continue;
        HU_TRY(check_row(table, names, d, r));
        g[kept] = cohort ? cohort_number(hu_number_at(cohort, r)) : 0;
        t[kept] = time ? hu_number_at(time, r) : 0;
        rows[kept++] = (uint32_t)r;
    }
    hu_factor by_time, by_cohort, cells;
    hu_factor_numbers(t, kept, arena, &by_time);
    hu_factor_numbers(g, kept, arena, &by_cohort);
    hu_factor_cross(&by_time, &by_cohort, arena, &cells);
    d->cells = cells.levels;
    for (size_t r = 0; r < n; r++)
        d->cell[r] = (uint32_t)d->cells;
    for (size_t i = 0; i < kept; i++)
        d->cell[rows[i]] = cells.code[i];
    return NULL;
}

/* ---- one cell ---- */

/* The rows of a cell by duration, and what they become. */
typedef struct cell_rows {
    const durations *d;
    const uint32_t *row;
    size_t n;
    double h;
    double *y, *censoring; /* of every row of the table */
    double smallest;
    bool reaches;
} cell_rows;

/* Ends of the run of rows with one duration that begins at `from`. */
static size_t same_duration(const cell_rows *c, size_t from)
{
    size_t to = from;
    while (to < c->n && c->d->length[c->row[to]] == c->d->length[c->row[from]])
        to++;
    return to;
}

/*
 * The infinitesimal jackknife of F(h) = 1 - prod (1 - D/Y): for the row of weight w, with W the cell's weight,
 * y = F(h) + W S(h) (event at d <= h: 1/Y(d)) - W S(h) sum over event times u < d (u <= h) of D/(Y (Y - D)).
 */
static void pseudo_values(cell_rows *c)
{
    double at_risk = 0, survival = 1, gathered = 0, total;
    for (size_t i = 0; i < c->n; i++)
        at_risk += c->d->weight[c->row[i]];
    total = at_risk;
    for (size_t from = 0, to; from < c->n; from = to) { /* first what rows gather, kept in y; survival on the way */
        double died = 0, left = 0;
        to = same_duration(c, from);
        bool before = c->d->length[c->row[from]] <= c->h;
        for (size_t i = from; i < to; i++) {
            left += c->d->weight[c->row[i]];
            died += before && c->d->event[c->row[i]] == 1 ? c->d->weight[c->row[i]] : 0;
        }
        double passed = died > 0 && at_risk - died > 1e-12 * total ? died / (at_risk * (at_risk - died)) : 0;
        for (size_t i = from; i < to; i++) {
            bool event = before && c->d->event[c->row[i]] == 1;
            c->y[c->row[i]] = event ? 1 / at_risk - gathered : -gathered - passed;
        }
        if (before && died > 0) {
            survival = at_risk - died > 1e-12 * total ? survival * (1 - died / at_risk) : 0;
            gathered += passed;
        }
        at_risk -= left;
    }
    for (size_t i = 0; i < c->n; i++)
        c->y[c->row[i]] = 1 - survival + total * survival * c->y[c->row[i]];
}

/* 1 / G(min(d, h) -) of known rows, 0 of the others. At equal times events come before censorings. */
static void censoring_weights(cell_rows *c)
{
    double at_risk = 0, uncensored = 1;
    for (size_t i = 0; i < c->n; i++)
        at_risk += c->d->weight[c->row[i]];
    for (size_t from = 0, to; from < c->n; from = to) {
        double died = 0, censored = 0, d = c->d->length[c->row[from]];
        to = same_duration(c, from);
        for (size_t i = from; i < to; i++) {
            uint32_t r = c->row[i];
            bool event = c->d->event[r] == 1, known = event || d >= c->h;
            c->y[r] = event && d <= c->h;
            c->censoring[r] = known ? 1 / uncensored : 0;
            *(event ? &died : &censored) += c->d->weight[r];
            if (known)
                c->smallest = fmin(c->smallest, uncensored);
        }
        at_risk -= died;
        if (d < c->h && at_risk > 0) /* G(h -) is what those beyond h weigh */
            uncensored *= 1 - censored / at_risk;
        at_risk -= censored;
    }
}

/* Somebody is seen up to h, or the curve is at zero before: the last one seen had the event. */
static bool reaches(const cell_rows *c)
{
    uint32_t last = c->row[c->n - 1];
    if (c->d->length[last] >= c->h)
        return true;
    for (size_t i = c->n; i-- > 0 && c->d->length[c->row[i]] == c->d->length[last];)
        if (c->d->event[c->row[i]] == 0)
            return false;
    return true;
}

/* ---- all cells ---- */

static void warn(hu_within_result *result, hu_arena *arena, const char *text)
{
    did_note(arena, &result->warnings, &result->n_warnings, "%s", text);
}

static void warnings_of(hu_within_result *result, double h, hu_censoring censoring, hu_arena *arena)
{
    if (result->unreachable)
        warn(result, arena,
             hu_printf(
                 arena,
                 "%zu cases are left out: nobody of their period and cohort is followed for %g, so nothing is known "
                 "of it",
                 result->unreachable, h));
    if (censoring == HU_CENSORING_WEIGHTS && result->smallest < 0.1)
        warn(result, arena,
             hu_printf(arena, "some cases stand for %.0f others that were censored: the estimate rests on few",
                       1 / result->smallest));
    warn(result, arena,
         hu_printf(arena,
                   "%zu of %zu cases were last seen open before %g; it is assumed that within a period and cohort this "
                   "says nothing about when they end",
                   result->censored, result->n, h));
}

/* Copies the rows of cells that reach h, with the new columns. */
static hu_error *finish(const hu_table *table, const durations *d, const bool *keep, const double *y,
                        const double *censoring, double h, hu_arena *arena, hu_within_result *result)
{
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, d->n + 1);
    size_t n = 0;
    for (size_t r = 0; r < d->n; r++)
        if (!d->complete[r] || keep[r])
            rows[n++] = (uint32_t)r;
    result->n = n;
    if (n == 0)
        return hu_fail(HU_EMPTY,
                       "%s: no case can be followed for %g: expected a shorter time, in the units of the "
                       "durations",
                       table->source, h);
    result->table = hu_table_rows(table, rows, n, arena);
    result->outcome = hu_printf(arena, "resolved_within_%g", h);
    hu_column *outcome = hu_table_add_numbers(result->table, arena, result->outcome);
    for (size_t i = 0; i < n; i++)
        outcome->numbers[i] = d->complete[rows[i]] ? y[rows[i]] : NAN;
    if (!censoring)
        return NULL;
    result->weights = "censoring_weight";
    hu_column *weights = hu_table_add_numbers(result->table, arena, result->weights);
    for (size_t i = 0; i < n; i++)
        weights->numbers[i] = d->complete[rows[i]] ? d->weight[rows[i]] * censoring[rows[i]] : NAN;
    return NULL;
}

hu_error *hu_resolved_within(const hu_table *table, const hu_within_columns *columns, double h, hu_censoring censoring,
                             hu_arena *arena, hu_within_result **out)
{
    HU_SCRATCH(scratch);
    hu_within_result *result = *out = HU_NEW(arena, hu_within_result);
    durations d = {0};
    if (!(h > 0 && isfinite(h)))
        return hu_fail(HU_USAGE, "resolved within %g: expected a time above 0, in the units of the durations", h);
    HU_TRY(read_durations(table, columns, scratch, &d));
    double *y = HU_NEW_ARRAY(scratch, double, d.n + 1), *weight = HU_NEW_ARRAY(scratch, double, d.n + 1);
    double *length = HU_NEW_ARRAY(scratch, double, d.n + 1);
    bool *keep = HU_NEW_ARRAY(scratch, bool, d.n + 1);
    for (size_t r = 0; r < d.n; r++)
        length[r] = d.complete[r] ? d.length[r] : INFINITY;
    uint32_t *order = hu_order_numbers(length, d.n, scratch);
    hu_order_by_code(order, d.cell, d.n, d.cells + 1);
    size_t complete = 0; /* what is not comes last */
    while (complete < d.n && d.complete[order[complete]])
        complete++;
    result->smallest = 1;
    for (size_t from = 0, to; from < complete; from = to) {
        for (to = from; to < complete && d.cell[order[to]] == d.cell[order[from]];)
            to++;
        cell_rows c = {&d, order + from, to - from, h, y, weight, 1, false};
        bool reached = reaches(&c);
        if (reached && censoring == HU_CENSORING_PSEUDO)
            pseudo_values(&c);
        else if (reached)
            censoring_weights(&c);
        result->smallest = fmin(result->smallest, c.smallest);
        for (size_t i = from; i < to; i++) {
            bool known = d.event[order[i]] == 1 || d.length[order[i]] >= h;
            keep[order[i]] = reached;
            result->known += reached && known;
            result->censored += reached && !known;
            result->unreachable += !reached;
        }
    }
    HU_TRY(finish(table, &d, keep, y, censoring == HU_CENSORING_WEIGHTS ? weight : NULL, h, arena, result));
    warnings_of(result, h, censoring, arena);
    return NULL;
}

/* ---- hazards ---- */

hu_error *hu_hazard_panel(const hu_table *table, const hu_within_columns *columns, hu_arena *arena,
                          hu_within_result **out)
{
    HU_SCRATCH(scratch);
    hu_within_result *result = *out = HU_NEW(arena, hu_within_result);
    durations d = {0};
    double total = 0;
    HU_TRY(read_durations(table, columns, scratch, &d));
    for (size_t r = 0; r < d.n; r++) {
        if (!d.complete[r])
            continue;
        if (fabs(d.start[r]) > LAST_PERIOD || fabs(d.start[r] + d.length[r]) > LAST_PERIOD)
            return hu_table_fail(table, HU_BAD_INPUT, r, columns->start ? columns->start : columns->stop,
                                 "a period of %g: expected numbers that count periods", d.start[r]);
        total += floor(d.start[r] + d.length[r]) - floor(d.start[r]) + 1;
    }
    if (total > MOST_ROWS)
        return hu_fail(HU_LIMIT,
                       "%s: %.0f rows of cases and periods: at most %d; durations must be on the clock of "
                       "periods",
                       table->source, total, MOST_ROWS);
    if (total == 0)
        return hu_fail(HU_EMPTY, "%s: no case is open in any period", table->source);
    size_t n = 0;
    uint32_t *rows = HU_NEW_ARRAY(scratch, uint32_t, (size_t)total);
    double *period = HU_NEW_ARRAY(scratch, double, (size_t)total);
    for (size_t r = 0; r < d.n; r++)
        for (double t = floor(d.start[r]); d.complete[r] && t <= floor(d.start[r] + d.length[r]); t++) {
            rows[n] = (uint32_t)r;
            period[n++] = t;
        }
    result->n = n;
    result->table = hu_table_rows(table, rows, n, arena);
    result->outcome = "hazard";
    /* The pointer of a column ends with the next that is added; its cells stay. */
    double *at = hu_table_add_numbers(result->table, arena, "period")->numbers;
    double *age = hu_table_add_numbers(result->table, arena, "age")->numbers;
    double *hazard = hu_table_add_numbers(result->table, arena, "hazard")->numbers;
    for (size_t i = 0; i < n; i++) {
        size_t r = rows[i];
        at[i] = period[i];
        age[i] = period[i] - floor(d.start[r]);
        hazard[i] = d.event[r] == 1 && period[i] == floor(d.start[r] + d.length[r]);
        result->known += hazard[i] == 1;
    }
    return NULL;
}
