/* From rows to observations: a balanced panel or cross-sections, in the order of cohorts. */

#include "did_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Observations before they are ordered: the row that stands for each (a unit's in period 0), and its cohort. */
typedef struct pool {
    size_t n;
    uint32_t *slot; /* panel: units x periods of (index into rows) + 1 */
    uint32_t *id;   /* n: unit (panel) or index into rows */
    double *cohort; /* n */
} pool;

/* Treated from the start (or anticipating it): no period before, so nothing to compare with. */
static bool always_treated(const did_run *run, const did_rows *rows, double cohort)
{
    double start = hu_number_at(rows->time, rows->row[rows->period_of.first[0]]);
    return cohort <= start + run->options->anticipation;
}

static void pool_add(pool *p, uint32_t id, double cohort)
{
    p->id[p->n] = id;
    p->cohort[p->n++] = cohort;
}

static hu_error *pool_panel(did_run *run, const did_rows *rows, const hu_factor *cluster, pool *p)
{
    size_t units = rows->unit_of.levels, periods = rows->period_of.levels, always = 0;
    p->slot = HU_NEW_ARRAY(run->scratch, uint32_t, units * periods);
    p->id = HU_NEW_ARRAY(run->scratch, uint32_t, units);
    p->cohort = HU_NEW_ARRAY(run->scratch, double, units);
    HU_TRY(did_rows_place(rows, cluster, p->slot, run->scratch));
    for (size_t u = 0; u < units; u++) {
        size_t seen = 0;
        for (size_t t = 0; t < periods; t++)
            seen += p->slot[u * periods + t] != 0;
        double g = did_rows_cohort(rows, rows->unit_of.first[u]);
        if (always_treated(run, rows, g))
            always++;
        else if (seen < periods)
            run->result->incomplete_units++;
        else
            pool_add(p, (uint32_t)u, g);
    }
    if (always)
        did_warn(run, "%zu units were treated (or anticipated it) from the first period on and are left out", always);
    if (run->result->incomplete_units)
        did_warn(run, "%zu units are not observed in every period and are left out; --cross-section keeps their rows",
                 run->result->incomplete_units);
    return NULL;
}

static hu_error *pool_rows(did_run *run, const did_rows *rows, pool *p)
{
    size_t always = 0;
    p->id = HU_NEW_ARRAY(run->scratch, uint32_t, rows->n);
    p->cohort = HU_NEW_ARRAY(run->scratch, double, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        double g = did_rows_cohort(rows, i);
        if (always_treated(run, rows, g))
            always++;
        else
            pool_add(p, (uint32_t)i, g);
    }
    if (always)
        did_warn(run, "%zu rows were treated (or anticipated it) from the first period on and are left out", always);
    if (rows->unit && rows->unit_of.levels < rows->n && !rows->cluster)
        did_warn(run,
                 "units stand in several rows (%zu units, %zu rows), but errors take rows as independent: cluster by "
                 "the unit, or by what is above it",
                 rows->unit_of.levels, rows->n);
    return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The distinct values of few kinds, sorted: each new one is inserted in its place. */
static double *distinct(did_run *run, const double *values, size_t n, size_t *count)
{
    size_t room = 16, found = 0;
    double *sorted = HU_NEW_ARRAY(run->scratch, double, room);
    for (size_t i = 0; i < n; i++) {
        if (bsearch(&values[i], sorted, found, sizeof *sorted, compare_numbers))
            continue;
        if (found == room) {
            sorted = hu_regrow(run->scratch, sorted, found, 2 * room, sizeof *sorted);
            room *= 2;
        }
        size_t at = found++;
        for (; at > 0 && sorted[at - 1] > values[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = values[i];
    }
    *count = found;
    return sorted;
}

/* Positions of observations by cohort, then period (cross-sections) or unit (panel): a counting sort. */
static uint32_t *order(did_run *run, const did_rows *rows, const pool *p)
{
    did_data *data = &run->data;
    size_t *start = HU_NEW_ARRAY(run->scratch, size_t, data->cohorts + 1);
    uint32_t *at = HU_NEW_ARRAY(run->scratch, uint32_t, p->n + 1);
    size_t per = p->slot ? 1 : data->periods, keys = data->cohorts * per;
    size_t *next = HU_NEW_ARRAY(run->scratch, size_t, keys + 1);
    uint32_t *key = HU_NEW_ARRAY(run->scratch, uint32_t, p->n + 1);
    for (size_t i = 0; i < p->n; i++) {
        const double *found = bsearch(&p->cohort[i], data->cohort, data->cohorts, sizeof(double), compare_numbers);
        size_t c = (size_t)(found - data->cohort);
        key[i] = (uint32_t)(c * per + (p->slot ? 0 : rows->period_of.code[p->id[i]]));
        next[key[i] + 1]++;
        start[c + 1]++;
    }
    for (size_t c = 0; c < data->cohorts; c++)
        start[c + 1] += start[c];
    for (size_t l = 0; l < keys; l++)
        next[l + 1] += next[l];
    for (size_t i = 0; i < p->n; i++)
        at[i] = (uint32_t)next[key[i]]++;
    data->start = start;
    return at;
}

static double weight_of(const did_rows *rows, size_t i)
{
    return rows->weights ? hu_number_at(rows->weights, rows->row[i]) : 1;
}

static void fill_panel(did_run *run, const did_rows *rows, const pool *p, const uint32_t *at, double *y, double *w,
                       double *x)
{
    did_data *data = &run->data;
    size_t periods = data->periods, varying = 0;
    uint32_t *row = HU_NEW_ARRAY(run->scratch, uint32_t, data->n + 1);
    data->row = row;
    for (size_t u = 0; u < p->n; u++) {
        const uint32_t *slot = p->slot + p->id[u] * periods;
        w[at[u]] = weight_of(rows, slot[0] - 1);
        row[at[u]] = rows->row[slot[0] - 1];
        bool varies = false;
        for (size_t t = 0; t < periods; t++) {
            size_t i = slot[t] - 1;
            y[at[u] * periods + t] = hu_number_at(rows->outcome, rows->row[i]);
            varies |= weight_of(rows, i) != w[at[u]];
            for (size_t j = 0; x && j < data->k; j++)
                x[(j * periods + t) * data->n + at[u]] = j ? did_rows_covariate(rows, j - 1, i) : 1;
        }
        varying += varies;
    }
    if (varying)
        did_warn(run, "the weights of %zu units change over time: those of the first period are taken", varying);
}

static void fill_rows(did_run *run, const did_rows *rows, const pool *p, const uint32_t *at, double *y, double *w,
                      double *x)
{
    did_data *data = &run->data;
    uint32_t *period = HU_NEW_ARRAY(run->scratch, uint32_t, data->n + 1);
    uint32_t *row = HU_NEW_ARRAY(run->scratch, uint32_t, data->n + 1);
    for (size_t o = 0; o < p->n; o++) {
        size_t i = p->id[o];
        y[at[o]] = hu_number_at(rows->outcome, rows->row[i]);
        w[at[o]] = weight_of(rows, i);
        period[at[o]] = rows->period_of.code[i];
        row[at[o]] = rows->row[i];
        for (size_t j = 0; x && j < data->k; j++)
            x[j * data->n + at[o]] = j ? did_rows_covariate(rows, j - 1, i) : 1;
    }
    data->period = period;
    data->row = row;
}

/* Clusters of observations, coded anew: some may have been left out with their units. */
static hu_error *fill_clusters(did_run *run, const did_rows *rows, const pool *p, const uint32_t *at,
                               const hu_factor *cluster)
{
    did_data *data = &run->data;
    data->clusters = data->n;
    if (!rows->cluster)
        return NULL;
    HU_SCRATCH(scratch);
    double *code = HU_NEW_ARRAY(scratch, double, data->n);
    for (size_t o = 0; o < p->n; o++)
        code[at[o]] = cluster->code[p->slot ? rows->unit_of.first[p->id[o]] : p->id[o]];
    hu_factor again;
    hu_factor_numbers(code, data->n, run->scratch, &again);
    data->cluster = again.code;
    data->clusters = again.levels;
    if (data->clusters < 2)
        return hu_fail(HU_EMPTY,
                       "%s: column \"%s\" holds one cluster only, so errors cannot be computed: cluster by a finer "
                       "column, or leave --cluster out",
                       rows->table->source, rows->cluster->name);
    return NULL;
}

static hu_error *check_pool(did_run *run, const did_rows *rows, const pool *p)
{
    did_data *data = &run->data;
    if (p->n == 0)
        return hu_fail(HU_EMPTY,
                       "%s: no unit is observed in every one of the %zu periods; --cross-section takes "
                       "rows as they come",
                       rows->table->source, rows->period_of.levels);
    data->cohort = distinct(run, p->cohort, p->n, &data->cohorts);
    if (isinf(data->cohort[0]))
        return hu_fail(HU_EMPTY,
                       "%s: column \"%s\": every treated unit is treated from the first period on (or left out): "
                       "effects need a period before treatment",
                       rows->table->source, rows->names->cohort);
    if (!isinf(data->cohort[data->cohorts - 1]) && run->options->control == HU_NEVER_TREATED)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: column \"%s\": nobody who is never treated is observed in every period; --control notyet "
                       "compares with those not treated yet",
                       rows->table->source, rows->names->cohort);
    return NULL;
}

hu_error *did_data_build(did_run *run, const hu_table *table, const hu_did_columns *columns)
{
    did_data *data = &run->data;
    did_rows rows;
    pool p = {0};
    hu_factor cluster = {0};
    HU_TRY(did_rows_select(run, table, columns, &rows));
    if (rows.cluster)
        hu_factor_column(rows.cluster, rows.row, rows.n, run->scratch, &cluster);
    bool panel = !run->options->cross_section;
    HU_TRY(panel ? pool_panel(run, &rows, rows.cluster ? &cluster : NULL, &p) : pool_rows(run, &rows, &p));
    HU_TRY(check_pool(run, &rows, &p));
    data->n = p.n;
    data->periods = rows.period_of.levels;
    data->k = rows.n_covariates + 1;
    double *times = HU_NEW_ARRAY(run->scratch, double, data->periods);
    for (size_t t = 0; t < data->periods; t++)
        times[t] = hu_number_at(rows.time, rows.row[rows.period_of.first[t]]);
    data->times = times;
    uint32_t *at = order(run, &rows, &p);
    size_t values = data->n * (panel ? data->periods : 1);
    double *y = HU_NEW_ARRAY(run->scratch, double, values), *w = HU_NEW_ARRAY(run->scratch, double, data->n);
    double *x = data->k > 1 ? HU_NEW_ARRAY(run->scratch, double, values * data->k) : NULL;
    if (panel)
        fill_panel(run, &rows, &p, at, y, w, x);
    else
        fill_rows(run, &rows, &p, at, y, w, x);
    for (size_t i = 0; i < values; i++)
        data->scale = fmax(data->scale, fabs(y[i]));
    data->y = y;
    data->w = w;
    data->x = x;
    run->result->n = values;
    run->result->units = panel || !rows.unit ? data->n : rows.unit_of.levels;
    return fill_clusters(run, &rows, &p, at, &cluster);
}
