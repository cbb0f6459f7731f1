/* de Chaisemartin & D'Haultfoeuille's estimators, group by group. */

#include "huella/causal/chaisemartin.h"

#include "did_fixed.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

typedef struct switching {
    did_rows rows;
    hu_factor group, period, cluster; /* of rows */
    size_t groups, periods;
    double *mean, *weight;   /* groups x periods; weight 0 = nobody there */
    double *switches, *time; /* first treated period of each group, INFINITY = never; of each period */
    uint32_t *cluster_of;    /* groups */
    size_t *base;            /* groups: the period before it switches; `periods` = not observed */
    double *u;               /* groups x coefficients: what each adds to each estimate */
    size_t count;            /* coefficients, the last is ATT */
    double *event_time;      /* of all but the last */
    double *estimate;
} switching;

static hu_error *read_groups(const hu_table *table, const hu_did_columns *columns, hu_arena *scratch, switching *s,
                             hu_regression *result)
{
    did_rows *rows = &s->rows;
    hu_did_columns named = *columns;
    if (columns->covariates && columns->covariates[0])
        return hu_fail(HU_USAGE, "chaisemartin takes no covariates; callaway_santanna and imputation do");
    if (!named.unit)
        named.unit = named.cluster;
    if (!named.unit)
        return hu_fail(HU_USAGE, "chaisemartin compares groups: name them by --unit, or by --cluster");
    HU_TRY(did_rows_complete(table, &named, scratch, rows));
    result->dropped = rows->dropped;
    did_rows_weighted(rows);
    did_rows_close(rows);
    if (rows->n == 0)
        return hu_fail(HU_EMPTY, "%s: no row has a positive weight", table->source);
    hu_factor_column(rows->unit, rows->row, rows->n, scratch, &s->group);
    hu_factor_column(rows->time, rows->row, rows->n, scratch, &s->period);
    did_rows_clusters(rows, &s->group, scratch, &s->cluster);
    for (size_t i = 0; i < rows->n; i++) {
        size_t first = s->group.first[s->group.code[i]];
        HU_TRY(did_rows_same_cohort(rows, i, first, scratch));
        if (s->cluster.code[i] != s->cluster.code[first])
            return did_rows_fail(rows, i, columns->cluster, "is in two clusters: expected one for each group", scratch);
    }
    return NULL;
}

static void average_cells(switching *s, hu_arena *scratch)
{
    did_fixed v;
    s->groups = s->group.levels;
    s->periods = s->period.levels;
    s->mean = HU_NEW_ARRAY(scratch, double, s->groups * s->periods);
    s->weight = HU_NEW_ARRAY(scratch, double, s->groups * s->periods);
    s->switches = HU_NEW_ARRAY(scratch, double, s->groups);
    s->time = HU_NEW_ARRAY(scratch, double, s->periods);
    s->base = HU_NEW_ARRAY(scratch, size_t, s->groups);
    s->cluster_of = HU_NEW_ARRAY(scratch, uint32_t, s->groups);
    did_rows_values(&s->rows, scratch, &v);
    for (size_t i = 0; i < v.n; i++) {
        size_t at = s->group.code[i] * s->periods + s->period.code[i];
        double w = v.w ? v.w[i] : 1;
        s->weight[at] += w;
        s->mean[at] += w * v.y[i];
    }
    for (size_t at = 0; at < s->groups * s->periods; at++)
        if (s->weight[at] > 0)
            s->mean[at] /= s->weight[at];
    for (size_t t = 0; t < s->periods; t++)
        s->time[t] = s->rows.time->numbers[s->rows.row[s->period.first[t]]];
    for (size_t g = 0; g < s->groups; g++) {
        s->switches[g] = did_rows_cohort(&s->rows, s->group.first[g]);
        s->cluster_of[g] = s->cluster.code[s->group.first[g]];
        s->base[g] = s->periods;
        for (size_t t = 0; t < s->periods; t++)
            if (isfinite(s->switches[g]) && did_periods_since(s->time[t], s->switches[g]) == -1 &&
                s->weight[g * s->periods + t] > 0)
                s->base[g] = t;
    }
}

static size_t period_at(const switching *s, double switches, double event_time)
{
    for (size_t t = 0; t < s->periods; t++)
        if (did_periods_since(s->time[t], switches) == event_time)
            return t;
    return s->periods;
}

/*
 * DID_{g,l} for the group, from its base to period `to`, against groups not switched by event time `until`; adds
 * `share` of it to what each group contributes to coefficient `at`. False where there is nobody to compare with.
 */
static bool compare(switching *s, size_t g, size_t to, double until, double share, size_t at, double *value)
{
    size_t from = s->base[g], p = s->periods;
    double total = 0, change = 0;
    if (from == p || to == p || !(s->weight[g * p + to] > 0))
        return false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < s->groups; c++) {
            double weight = s->weight[c * p + to];
            bool untreated = isinf(s->switches[c]) || did_periods_since(s->switches[c], s->switches[g]) > until;
            if (c == g || !untreated || !(weight > 0) || !(s->weight[c * p + from] > 0))
                continue;
            double moved = s->mean[c * p + to] - s->mean[c * p + from];
            if (pass == 0) {
                total += weight;
                change += weight * moved;
            } else if (share != 0) {
                s->u[c * s->count + at] -= share * weight / total * moved;
            }
        }
        if (!(total > 0))
            return false;
    }
    double moved = s->mean[g * p + to] - s->mean[g * p + from];
    if (share != 0)
        s->u[g * s->count + at] += share * moved;
    *value = moved - change / total;
    return true;
}

/* Rows of the groups for which event time e can be estimated: those of F + l, for a placebo those of DID_l too. */
static double rows_at(switching *s, size_t g, double e, size_t *to, double *until)
{
    double value;
    *to = period_at(s, s->switches[g], e);
    *until = e >= 0 ? e : -2 - e; /* the l-th placebo stands beside the l-th effect, event time l - 1 */
    if (isinf(s->switches[g]) || !compare(s, g, *to, *until, 0, 0, &value))
        return 0;
    size_t counted = period_at(s, s->switches[g], *until);
    if (counted == s->periods) /* a placebo stands beside an effect */
        return 0;
    return s->weight[g * s->periods + counted];
}

/* The mean over groups at one event time, or over all event times from 0 (`all`). False when there is none. */
static bool average(switching *s, double from, double until_event, size_t at)
{
    double total = 0, value;
    size_t to;
    double until;
    s->estimate[at] = 0;
    for (int pass = 0; pass < 2; pass++)
        for (double e = from; e <= until_event; e++)
            for (size_t g = 0; g < s->groups; g++) {
                double rows = rows_at(s, g, e, &to, &until);
                if (pass == 0)
                    total += rows;
                else if (rows > 0 && compare(s, g, to, until, rows / total, at, &value))
                    s->estimate[at] += rows / total * value;
            }
    return total > 0;
}

static hu_error *estimate(switching *s, const hu_chaisemartin_options *o, hu_arena *scratch)
{
    double span = s->time[s->periods - 1] - s->time[0];
    double last = o->effects > 0 ? o->effects - 1 : span, first = -1 - (o->placebos > 0 ? o->placebos : span);
    size_t most = 2 * (size_t)fmin(span, 10000) + 4, n = 0;
    s->count = most;
    s->u = HU_NEW_ARRAY(scratch, double, s->groups *most);
    s->estimate = HU_NEW_ARRAY(scratch, double, most);
    s->event_time = HU_NEW_ARRAY(scratch, double, most);
    double reached = -1;
    for (double e = o->placebos < 0 ? 0 : fmax(first, -1 - span); e <= fmin(last, span); e++) {
        if (e == -1 || !average(s, e, e, n))
            continue;
        reached = fmax(reached, e);
        s->event_time[n++] = e;
    }
    if (reached < 0 || !average(s, 0, reached, n))
        return hu_fail(HU_NO_CONTROLS,
                       "%s: no group that switches can be compared: it must be observed in the period before, with "
                       "groups that have not switched yet",
                       s->rows.table->source);
    s->event_time[n++] = NAN;
    for (size_t g = 0; g < s->groups; g++) /* close up */
        memmove(s->u + g * n, s->u + g * most, n * sizeof *s->u);
    s->count = n;
    return NULL;
}

/* Cohorts as pools in which means are taken: one of a single group goes with the next (the last with the one before).
 */
static size_t pools(const switching *s, hu_arena *scratch, uint32_t *pool)
{
    hu_factor cohort;
    double *f = HU_NEW_ARRAY(scratch, double, s->groups), last = 0;
    for (size_t g = 0; g < s->groups; g++)
        last = isfinite(s->switches[g]) ? fmax(last, s->switches[g]) : last;
    for (size_t g = 0; g < s->groups; g++)
        f[g] = isfinite(s->switches[g]) ? s->switches[g] : last + 1;
    hu_factor_numbers(f, s->groups, scratch, &cohort);
    size_t *size = HU_NEW_ARRAY(scratch, size_t, cohort.levels + 1), n = 0, open = 0;
    uint32_t *of = HU_NEW_ARRAY(scratch, uint32_t, cohort.levels + 1);
    for (size_t g = 0; g < s->groups; g++)
        size[cohort.code[g]]++;
    for (size_t c = 0; c < cohort.levels; c++) {
        of[c] = (uint32_t)n;
        open += size[c];
        if (open > 1) {
            n++;
            open = 0;
        }
    }
    if (open == 1 && n > 0)
        of[cohort.levels - 1] = (uint32_t)n - 1;
    for (size_t g = 0; g < s->groups; g++)
        pool[g] = of[cohort.code[g]];
    return n > 0 ? n : 1;
}

/* Contributions less the mean of their pool, times sqrt(n / (n - 1)), summed by cluster. */
static double *cluster_sums(const switching *s, hu_arena *scratch)
{
    uint32_t *pool = HU_NEW_ARRAY(scratch, uint32_t, s->groups);
    size_t n = pools(s, scratch, pool), k = s->count;
    double *size = HU_NEW_ARRAY(scratch, double, n), *mean = HU_NEW_ARRAY(scratch, double, n *k);
    double *sums = HU_NEW_ARRAY(scratch, double, s->cluster.levels *k);
    for (size_t g = 0; g < s->groups; g++) {
        size[pool[g]]++;
        for (size_t j = 0; j < k; j++)
            mean[pool[g] * k + j] += s->u[g * k + j];
    }
    for (size_t g = 0; g < s->groups; g++) {
        double groups = size[pool[g]], by = groups > 1 ? sqrt(groups / (groups - 1)) : 1;
        for (size_t j = 0; j < k; j++)
            sums[s->cluster_of[g] * k + j] +=
                by * (s->u[g * k + j] - (groups > 1 ? mean[pool[g] * k + j] / groups : 0));
    }
    return sums;
}

static void report(switching *s, const hu_did_columns *columns, double level, hu_arena *scratch, hu_arena *arena,
                   hu_regression *result)
{
    size_t k = s->count;
    double *sums = cluster_sums(s, scratch), rounding = did_rounding(&s->rows);
    result->n = s->rows.n;
    result->units = s->groups;
    result->clusters = s->cluster.levels;
    result->df = (double)s->cluster.levels - 1;
    result->se_type = hu_printf(arena,
                                "contributions of groups less their cohort's mean, summed by %s, t with %g degrees of "
                                "freedom",
                                columns->cluster ? columns->cluster : columns->unit, result->df);
    result->n_coefficients = k;
    result->coefficients = HU_NEW_ARRAY(arena, hu_coefficient, k);
    result->variance = HU_NEW_ARRAY(arena, double, k *k);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, (int)k, (int)k, (int)s->cluster.levels, 1, sums, (int)k, sums,
                (int)k, 0, result->variance, (int)k);
    for (size_t j = 0; j < k; j++)
        result->coefficients[j] =
            did_coefficient(j + 1 < k ? hu_printf(arena, "event_time=%g", s->event_time[j]) : "ATT", s->estimate[j],
                            sqrt(result->variance[j + j * k]), rounding, level, result->df);
}

hu_error *hu_chaisemartin(const hu_table *table, const hu_did_columns *columns, const hu_chaisemartin_options *options,
                          hu_arena *arena, hu_regression **out)
{
    HU_SCRATCH(scratch);
    hu_regression *result = HU_NEW(arena, hu_regression);
    switching s = {0};
    double level = options->level;
    bool any = false;
    HU_TRY(did_level(&level));
    HU_TRY(read_groups(table, columns, scratch, &s, result));
    average_cells(&s, scratch);
    for (size_t g = 0; g < s.groups; g++)
        any |= isfinite(s.switches[g]);
    if (!any)
        return did_rows_nobody_treated(&s.rows);
    if (s.cluster.levels < 2)
        return hu_fail(HU_EMPTY, "%s: one cluster only: errors need at least two", table->source);
    HU_TRY(estimate(&s, options, scratch));
    report(&s, columns, level, scratch, arena, result);
    *out = result;
    return NULL;
}
