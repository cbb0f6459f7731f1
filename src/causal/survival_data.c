/* From rows to durations: events, splitting at treatment, the order in which the estimators walk. */

#include "survival_parts.h"

#include "huella/numerics/factor.h"
#include "huella/numerics/order.h"
#include "huella/numerics/sums.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows at work before they are ordered. */
typedef struct pieces {
    size_t n;
    double *start; /* NULL: everybody from the beginning */
    double *stop;
    uint32_t *of;   /* index into rows->row */
    uint8_t *event; /* code of the cause */
    bool *treated;  /* NULL: nobody */
} pieces;

double surv_weight(const hu_survival *data, size_t i)
{
    return data->weight ? data->weight[i] : 1;
}

/* ---- events ---- */

/* Whether the column holds 1 and 2 and nothing else, as in R's Surv(): 2 is then the event. */
static bool ones_and_twos(const surv_rows *rows)
{
    bool two = false;
    for (size_t i = 0; i < rows->n; i++) {
        double value = hu_number_at(rows->event, rows->row[i]);
        if (value != 1 && value != 2)
            return false;
        two |= value == 2;
    }
    return two;
}

static hu_error *one_event(const surv_rows *rows, hu_arena *arena, hu_survival *data, uint8_t *code)
{
    double event = 1, none = 0;
    if (ones_and_twos(rows)) {
        event = 2, none = 1;
        surv_warn(arena, &data->warnings, &data->n_warnings,
                  hu_printf(arena, "column \"%s\" holds 1 and 2 only: 2 is taken as the event, 1 as none",
                            rows->event->name));
    }
    for (size_t i = 0; i < rows->n; i++) {
        double value = hu_number_at(rows->event, rows->row[i]);
        if (value != event && value != none)
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], rows->event->name,
                                 "%g is no event: expected 1 where the event came and 0 where the case is still open; "
                                 "with several causes, name the one that counts (--cause)",
                                 value);
        code[i] = value == event;
    }
    data->cause[1] = event;
    return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each whole number but 0 is a cause; codes in their order. */
static hu_error *all_causes(const surv_rows *rows, hu_arena *arena, hu_survival *data, uint8_t *code)
{
    enum { MOST = 100 };
    double found[MOST + 1] = {0};
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        double value = hu_number_at(rows->event, rows->row[i]);
        if (value < 0 || value != floor(value) || isinf(value))
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[i], rows->event->name,
                                 "%g is no cause: expected 0 where the case is still open, else 1, 2, … for what "
                                 "ended it",
                                 value);
        if (value == 0 || bsearch(&value, found, n, sizeof *found, compare_numbers))
            continue;
        if (n == MOST)
            return hu_table_fail(rows->table, HU_LIMIT, rows->row[i], rows->event->name,
                                 "more than %d different causes: expected the number of a cause, not of a case", MOST);
        found[n++] = value;
        qsort(found, n, sizeof *found, compare_numbers);
    }
    data->causes = n;
    data->cause = HU_NEW_ARRAY(arena, double, n + 1);
    memcpy(data->cause + 1, found, n * sizeof *found);
    for (size_t i = 0; i < rows->n; i++) {
        double value = hu_number_at(rows->event, rows->row[i]);
        const double *at = value == 0 ? NULL : bsearch(&value, found, n, sizeof *found, compare_numbers);
        code[i] = at ? (uint8_t)(at - found + 1) : 0;
    }
    return NULL;
}

static hu_error *code_events(const surv_rows *rows, hu_event_rule rule, double cause, hu_arena *arena,
                             hu_survival *data, uint8_t *code)
{
    data->causes = 1;
    data->cause = HU_NEW_ARRAY(arena, double, 2);
    if (rule == HU_ALL_CAUSES) {
        HU_TRY(all_causes(rows, arena, data, code));
    } else if (rule == HU_ONE_EVENT) {
        HU_TRY(one_event(rows, arena, data, code));
    } else {
        if (cause == 0 || isnan(cause))
            return hu_fail(HU_USAGE, "--cause: 0 marks a case that is still open: name the cause that counts");
        data->cause[1] = cause;
        for (size_t i = 0; i < rows->n; i++)
            code[i] = hu_number_at(rows->event, rows->row[i]) == cause;
    }
    for (size_t i = 0; i < rows->n; i++)
        data->events += code[i] != 0;
    if (data->events > 0)
        return NULL;
    if (rule == HU_THIS_CAUSE)
        return hu_fail(HU_EMPTY, "%s: column \"%s\": %g never stands there, so there is no event", rows->table->source,
                       rows->event->name, cause);
    return hu_fail(HU_EMPTY, "%s: column \"%s\": no event in %zu rows: every case is still open, nothing to estimate",
                   rows->table->source, rows->event->name, rows->n);
}

/* ---- splitting ---- */

static void add_piece(pieces *p, double start, double stop, size_t of, uint8_t event, bool treated)
{
    if (p->start)
        p->start[p->n] = start;
    if (p->treated)
        p->treated[p->n] = treated;
    p->stop[p->n] = stop;
    p->of[p->n] = (uint32_t)of;
    p->event[p->n++] = event;
}

/* The same but for rounding (snap_times); whole numbers are as they are. */
static bool same_time(double a, double b)
{
    if (a == b || isinf(a) || isinf(b) || isnan(a) || (floor(a) == a && floor(b) == b))
        return a == b;
    return fabs(a - b) <= sqrt(DBL_EPSILON) * fmax(1, fabs(b));
}

/* Everybody from the beginning is at risk at every time up to stop, time 0 included: their start is minus infinity. */
static void split(const surv_rows *rows, const uint8_t *code, hu_arena *arena, pieces *p)
{
    size_t room = (rows->treated_at ? 2 : 1) * rows->n + 1;
    p->start = rows->start || rows->treated_at ? HU_NEW_ARRAY(arena, double, room) : NULL;
    p->treated = rows->treated_at ? HU_NEW_ARRAY(arena, bool, room) : NULL;
    p->stop = HU_NEW_ARRAY(arena, double, room);
    p->of = HU_NEW_ARRAY(arena, uint32_t, room);
    p->event = HU_NEW_ARRAY(arena, uint8_t, room);
    for (size_t i = 0; i < rows->n; i++) {
        size_t r = rows->row[i];
        double start = rows->start ? hu_number_at(rows->start, r) : -INFINITY, stop = hu_number_at(rows->stop, r);
        double at = rows->treated_at ? hu_number_at(rows->treated_at, r) : INFINITY; /* NaN: never */
        double from = rows->start ? start : 0;
        bool from_start = at <= from || same_time(at, from);
        if (from_start || !(at < stop) || same_time(at, stop)) {
            add_piece(p, start, stop, i, code[i], from_start);
        } else {
            add_piece(p, start, at, i, 0, false);
            add_piece(p, at, stop, i, code[i], true);
        }
    }
}

static double start_of(const pieces *p, size_t i)
{
    return p->start ? p->start[i] : -INFINITY;
}

static bool whole_times(const pieces *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (floor(p->stop[i]) != p->stop[i] || floor(start_of(p, i)) != start_of(p, i))
            return false;
    return true;
}

/*
 * Times that differ by rounding only are one time, as survival's aeqSurv() has it: sorted, a step of no more than
 * 1.5e-8, by itself or relative to the mean time, does not count. Whole numbers are as they are.
 */
static hu_error *snap_times(const surv_rows *rows, pieces *p, hu_arena *scratch)
{
    const double tolerance = sqrt(DBL_EPSILON);
    if (whole_times(p))
        return NULL;
    double *times = HU_NEW_ARRAY(scratch, double, 2 * p->n), *snapped = HU_NEW_ARRAY(scratch, double, 2 * p->n);
    hu_sum size = {0};
    for (size_t i = 0; i < p->n; i++) {
        times[i] = p->stop[i];
        times[p->n + i] = isinf(start_of(p, i)) ? 0 : start_of(p, i);
        hu_sum_add(&size, fabs(times[i]) + fabs(times[p->n + i]));
    }
    double mean = hu_sum_value(&size) / (double)(2 * p->n), last = -INFINITY, at = 0;
    const uint32_t *order = hu_order_numbers(times, 2 * p->n, scratch);
    for (size_t i = 0; i < 2 * p->n; i++) {
        double time = times[order[i]];
        if (time - last > tolerance && (time - last) / mean > tolerance)
            at = time;
        snapped[order[i]] = at;
        last = time;
    }
    for (size_t i = 0; i < p->n; i++) {
        p->stop[i] = snapped[i];
        if (isinf(start_of(p, i)))
            continue;
        p->start[i] = snapped[p->n + i];
        if (p->start[i] == p->stop[i])
            return hu_table_fail(rows->table, HU_BAD_INPUT, rows->row[p->of[i]], rows->stop->name,
                                 "a duration of nothing but rounding: from %.17g to %.17g", times[p->n + i], times[i]);
    }
    return NULL;
}

/* ---- order ---- */

/* The factor of a column over rows at work; each row its own level without one. */
static size_t code_pieces(const surv_rows *rows, const hu_column *column, const pieces *p, hu_arena *arena,
                          uint32_t *code, hu_factor *factor)
{
    if (!column) {
        memcpy(code, p->of, p->n * sizeof *code);
        return rows->n;
    }
    hu_factor_column(column, rows->row, rows->n, arena, factor);
    for (size_t i = 0; i < p->n; i++)
        code[i] = factor->code[p->of[i]];
    hu_give_back(arena, factor->code);
    return factor->levels;
}

static void label_strata(const surv_rows *rows, const hu_factor *factor, hu_arena *arena, hu_survival *data)
{
    data->label = HU_NEW_ARRAY(arena, const char *, data->strata);
    for (size_t s = 0; s < data->strata; s++)
        data->label[s] = hu_printf(arena, "%s=%s", rows->strata->name,
                                   hu_table_text(rows->table, rows->strata, rows->row[factor->first[s]], arena));
}

/* Rows by stratum, then stop; what is equal in both stands as in the table. */
static uint32_t *order_rows(const surv_rows *rows, const pieces *p, hu_arena *scratch, hu_arena *arena,
                            hu_survival *data, uint32_t **stratum)
{
    uint32_t *order = hu_order_numbers(p->stop, p->n, scratch);
    hu_factor factor;
    *stratum = NULL;
    data->strata = 1;
    if (rows->strata) {
        *stratum = HU_NEW_ARRAY(scratch, uint32_t, p->n + 1);
        data->strata = code_pieces(rows, rows->strata, p, scratch, *stratum, &factor);
        hu_order_by_code(order, *stratum, p->n, data->strata);
        label_strata(rows, &factor, arena, data);
    }
    data->first = HU_NEW_ARRAY(arena, size_t, data->strata + 1);
    for (size_t i = 0; i < p->n; i++)
        data->first[(*stratum ? (*stratum)[i] : 0) + 1]++;
    for (size_t s = 0; s < data->strata; s++)
        data->first[s + 1] += data->first[s];
    return order;
}

static void order_entries(const uint32_t *order, const uint32_t *stratum, hu_arena *scratch, hu_arena *arena,
                          hu_survival *data)
{
    data->entry = hu_order_numbers(data->start, data->n, arena);
    if (data->strata == 1)
        return;
    uint32_t *code = HU_NEW_ARRAY(scratch, uint32_t, data->n);
    for (size_t i = 0; i < data->n; i++)
        code[i] = stratum[order[i]];
    hu_order_by_code(data->entry, code, data->n, data->strata);
    hu_give_back(scratch, code);
}

/* ---- the design ---- */

static double raw_value(const surv_rows *rows, const pieces *p, bool treatment, size_t j, size_t piece)
{
    if (treatment && j == 0)
        return p->treated[piece];
    return surv_covariate_value(&rows->covariates[j - treatment], rows->row[p->of[piece]]);
}

/* Centred at the mean and scaled by the mean absolute deviation: the fit does not change, its arithmetic gains. */
static void fill_design(const surv_rows *rows, const pieces *p, const uint32_t *order, hu_arena *arena,
                        hu_survival *data)
{
    bool treatment = rows->treated_at != NULL;
    size_t n = data->n, k = data->k = rows->n_covariates + treatment;
    data->names = HU_NEW_ARRAY(arena, const char *, k + 1);
    data->center = HU_NEW_ARRAY(arena, double, k + 1);
    data->scale = HU_NEW_ARRAY(arena, double, k + 1);
    data->x = HU_NEW_ARRAY(arena, double, n *k + 1);
    for (size_t j = 0; j < k; j++) {
        data->names[j] = treatment && j == 0 ? "treated" : rows->covariates[j - treatment].name;
        hu_sum sum = {0}, spread = {0};
        for (size_t i = 0; i < n; i++)
            hu_sum_add(&sum, data->x[i * k + j] = raw_value(rows, p, treatment, j, order[i]));
        data->center[j] = hu_sum_value(&sum) / (double)n;
        for (size_t i = 0; i < n; i++)
            hu_sum_add(&spread, fabs(data->x[i * k + j] -= data->center[j]));
        double scale = hu_sum_value(&spread) / (double)n;
        data->scale[j] = scale > 1e-14 * fabs(data->center[j]) ? scale : 1;
        for (size_t i = 0; i < n; i++)
            data->x[i * k + j] /= data->scale[j];
    }
}

/* Times in the order of the durations; those of the pieces are given back one by one as they are copied. */
static double *in_order(double *times, const uint32_t *order, size_t n, hu_arena *scratch, hu_arena *arena)
{
    double *ordered = HU_NEW_ARRAY(arena, double, n);
    for (size_t i = 0; i < n; i++)
        ordered[i] = times ? times[order[i]] : -INFINITY;
    hu_give_back(scratch, times);
    return ordered;
}

static void fill_rows(const surv_rows *rows, pieces *p, const uint32_t *order, uint32_t *cluster, hu_arena *scratch,
                      hu_arena *arena, hu_survival *data)
{
    size_t n = data->n;
    data->stop = in_order(p->stop, order, n, scratch, arena);
    if (rows->start || n > data->cases)
        data->start = in_order(p->start, order, n, scratch, arena);
    data->event = HU_NEW_ARRAY(arena, uint32_t, n);
    data->cluster = HU_NEW_ARRAY(arena, uint32_t, n);
    if (rows->weights)
        data->weight = HU_NEW_ARRAY(arena, double, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = order[i];
        data->event[i] = p->event[at];
        data->cluster[i] = cluster[at];
        if (rows->weights)
            data->weight[i] = hu_number_at(rows->weights, rows->row[p->of[at]]);
    }
    hu_give_back(scratch, p->event);
    hu_give_back(scratch, cluster);
    p->stop = p->start = NULL;
    p->event = NULL;
}

static void fill_blocks(const surv_rows *rows, const pieces *p, const uint32_t *order, hu_arena *scratch,
                        hu_arena *arena, hu_survival *data)
{
    hu_factor factor;
    uint32_t *code = HU_NEW_ARRAY(scratch, uint32_t, p->n);
    data->blocks = code_pieces(rows, rows->within, p, scratch, code, &factor);
    data->block = HU_NEW_ARRAY(arena, uint32_t, p->n);
    for (size_t i = 0; i < p->n; i++)
        data->block[i] = code[order[i]];
}

hu_error *hu_survival_read(const hu_table *table, const hu_survival_columns *columns, hu_event_rule rule, double cause,
                           hu_arena *arena, hu_survival **out)
{
    HU_SCRATCH(scratch);
    hu_survival *data = *out = HU_NEW(arena, hu_survival);
    surv_rows rows;
    pieces p = {0};
    hu_factor factor;
    HU_TRY(surv_rows_select(table, columns, scratch, &rows));
    data->source = hu_strdup(arena, table->source);
    uint8_t *code = HU_NEW_ARRAY(scratch, uint8_t, rows.n);
    HU_TRY(code_events(&rows, rule, cause, arena, data, code));
    split(&rows, code, scratch, &p);
    hu_give_back(scratch, code);
    HU_TRY(snap_times(&rows, &p, scratch));
    data->n = p.n;
    data->cases = rows.n;
    data->dropped = rows.dropped;
    for (size_t j = 0; j < rows.n_covariates; j++) /* names outlive the rows */
        rows.covariates[j].name = hu_strdup(arena, rows.covariates[j].name);
    uint32_t *stratum, *order = order_rows(&rows, &p, scratch, arena, data, &stratum);
    uint32_t *cluster = HU_NEW_ARRAY(scratch, uint32_t, p.n);
    data->clusters = code_pieces(&rows, rows.cluster, &p, scratch, cluster, &factor);
    data->clustered = rows.cluster != NULL;
    fill_rows(&rows, &p, order, cluster, scratch, arena, data);
    if (rows.within)
        fill_blocks(&rows, &p, order, scratch, arena, data);
    if (data->start)
        order_entries(order, stratum, scratch, arena, data);
    hu_give_back(scratch, stratum);
    fill_design(&rows, &p, order, arena, data);
    if (rows.cluster && data->clustered && data->clusters < 2)
        return hu_fail(HU_EMPTY,
                       "%s: column \"%s\" holds one cluster only, so errors cannot be computed: cluster by a finer "
                       "column, or leave --cluster out",
                       table->source, rows.cluster->name);
    return NULL;
}
