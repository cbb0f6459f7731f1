/* de Chaisemartin & D'Haultfoeuille's estimators, group by group. */

#include "huella/causal/chaisemartin.h"

#include "did_fixed.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

typedef struct switching {
    hu_did_columns columns; /* with the groups named */
    did_rows rows;
    hu_factor group, period, cluster; /* of rows */
    hu_factor cohort;                 /* of groups; never is the last */
    size_t groups, periods;
    double *mean, *weight;   /* groups x periods; weight 0 = nobody there */
    double *switches, *time; /* first treated period of each group, INFINITY = never; of each period */
    uint32_t *cluster_of;    /* groups */
    double *u;               /* groups x coefficients: what each adds to each estimate */
    size_t count;            /* coefficients, the last is ATT */
    double *event_time;      /* of all but the last */
    double *estimate;
} switching;

/* What groups of a cohort that switch at the same time are compared with at one event time. */
typedef struct comparison {
    size_t from, to, counted; /* periods: before the switch, at the event time, that whose rows are the weight */
    double controls, change;  /* rows of groups not switched yet, and the sum of their changes */
    double rows;              /* rows of the groups that are compared */
} comparison;

static hu_error *read_groups(const hu_table *table, const hu_did_columns *columns, hu_arena *scratch, switching *s,
                             hu_regression *result)
{
    did_rows *rows = &s->rows;
    s->columns = *columns;
    if (columns->covariates && columns->covariates[0])
        return hu_fail(HU_USAGE, "chaisemartin takes no covariates; callaway_santanna and imputation do");
    if (!s->columns.unit)
        s->columns.unit = s->columns.cluster;
    if (!s->columns.unit)
        return hu_fail(HU_USAGE, "chaisemartin compares groups: name them by --unit, or by --cluster");
    HU_TRY(did_rows_complete(table, &s->columns, scratch, rows));
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
        s->time[t] = hu_number_at(s->rows.time, s->rows.row[s->period.first[t]]);
    for (size_t g = 0; g < s->groups; g++) {
        s->switches[g] = did_rows_cohort(&s->rows, s->group.first[g]);
        s->cluster_of[g] = s->cluster.code[s->group.first[g]];
    }
    hu_factor_numbers(s->switches, s->groups, scratch, &s->cohort);
}

static size_t period_at(const switching *s, double switches, double event_time)
{
    for (size_t t = 0; t < s->periods; t++)
        if (did_periods_since(s->time[t], switches) == event_time)
            return t;
    return s->periods;
}

/* Rows that a group has in the comparison, 0 when it is not observed in both periods. */
static double rows_of(const switching *s, const comparison *c, size_t g)
{
    const double *weight = s->weight + g * s->periods;
    return weight[c->from] > 0 && weight[c->to] > 0 ? weight[c->counted] : 0;
}

static double moved(const switching *s, const comparison *c, size_t g)
{
    return s->mean[g * s->periods + c->to] - s->mean[g * s->periods + c->from];
}

/* The rows of a group as a control: one not switched by event time `until` of those that switch at `switches`. */
static double rows_as_control(const switching *s, const comparison *c, size_t g, double switches, double until)
{
    const double *weight = s->weight + g * s->periods;
    bool untreated = isinf(s->switches[g]) || did_periods_since(s->switches[g], switches) > until;
    return untreated && weight[c->from] > 0 ? weight[c->to] : 0;
}

/* The l-th placebo stands beside the l-th effect, event time l - 1: against its groups, with its weight. */
static double beside(double e)
{
    return e >= 0 ? e : -2 - e;
}

/* False where the cohort, or anybody to compare it with, is not observed. */
static bool compare(const switching *s, uint32_t cohort, double e, comparison *c)
{
    double switches = s->switches[s->cohort.first[cohort]];
    *c = (comparison){.from = period_at(s, switches, -1),
                      .to = period_at(s, switches, e),
                      .counted = period_at(s, switches, beside(e))};
    if (isinf(switches) || c->from == s->periods || c->to == s->periods || c->counted == s->periods)
        return false;
    for (size_t g = 0; g < s->groups; g++) {
        if (s->cohort.code[g] == cohort) {
            c->rows += rows_of(s, c, g);
            continue;
        }
        double rows = rows_as_control(s, c, g, switches, beside(e));
        c->controls += rows;
        c->change += rows > 0 ? rows * moved(s, c, g) : 0;
    }
    return c->controls > 0 && c->rows > 0;
}

/* Adds the mean over a cohort's groups of DID_{g,l}, weighted by rows / total, and what each group contributes. */
static void add_cohort(switching *s, uint32_t cohort, double e, const comparison *c, double total, size_t at)
{
    double switches = s->switches[s->cohort.first[cohort]], share = c->rows / total;
    s->estimate[at] -= share * (c->change / c->controls);
    for (size_t g = 0; g < s->groups; g++) {
        bool own = s->cohort.code[g] == cohort;
        double rows = own ? rows_of(s, c, g) : rows_as_control(s, c, g, switches, beside(e));
        if (rows == 0)
            continue;
        double part = moved(s, c, g) * (own ? rows / total : -share * (rows / c->controls));
        s->u[g * s->count + at] += part;
        s->estimate[at] += own ? part : 0;
    }
}

/* The mean over groups at one event time. Returns their rows, 0 when there is none to compare. */
static double average(switching *s, double e, size_t at, comparison *of_cohort)
{
    double total = 0;
    for (uint32_t c = 0; c < s->cohort.levels; c++) {
        if (!compare(s, c, e, &of_cohort[c]))
            of_cohort[c].rows = 0;
        total += of_cohort[c].rows;
    }
    for (uint32_t c = 0; c < s->cohort.levels && total > 0; c++)
        if (of_cohort[c].rows > 0)
            add_cohort(s, c, e, &of_cohort[c], total, at);
    return total;
}

/* Whole event times that some cohort has, the base left out; sorted. */
static size_t list_event_times(const switching *s, const hu_chaisemartin_options *o, hu_arena *scratch, double **out)
{
    hu_factor distinct;
    double *e = HU_NEW_ARRAY(scratch, double, (size_t)s->cohort.levels * s->periods + 1);
    double last = o->effects > 0 ? o->effects - 1 : INFINITY, first = o->placebos > 0 ? -1 - o->placebos : -INFINITY;
    size_t n = 0;
    for (size_t c = 0; c < s->cohort.levels; c++)
        for (size_t t = 0; t < s->periods; t++) {
            e[n] = did_periods_since(s->time[t], s->switches[s->cohort.first[c]]);
            n += isfinite(e[n]) && e[n] == floor(e[n]) && e[n] != -1 && e[n] <= last &&
                 e[n] >= (o->placebos < 0 ? 0 : first);
        }
    hu_factor_numbers(e, n, scratch, &distinct);
    *out = HU_NEW_ARRAY(scratch, double, distinct.levels + 1);
    for (size_t i = 0; i < distinct.levels; i++)
        (*out)[i] = e[distinct.first[i]];
    return distinct.levels;
}

/* The mean over all event times from 0 on: of their averages, weighted by rows. False when there is none. */
static bool average_all(switching *s, const double *rows, size_t n)
{
    double total = 0;
    for (size_t j = 0; j < n; j++)
        total += s->event_time[j] >= 0 ? rows[j] : 0;
    for (size_t j = 0; j < n; j++) {
        double share = s->event_time[j] >= 0 ? rows[j] / total : 0;
        s->estimate[n] += share * s->estimate[j];
        for (size_t g = 0; g < s->groups && share > 0; g++)
            s->u[g * s->count + n] += share * s->u[g * s->count + j];
    }
    return total > 0;
}

static hu_error *estimate(switching *s, const hu_chaisemartin_options *o, hu_arena *scratch)
{
    double *times;
    size_t events = list_event_times(s, o, scratch, &times), most = events + 1, n = 0;
    comparison *of_cohort = HU_NEW_ARRAY(scratch, comparison, s->cohort.levels);
    double *rows = HU_NEW_ARRAY(scratch, double, most);
    s->count = most;
    s->u = HU_NEW_ARRAY(scratch, double, s->groups *most);
    s->estimate = HU_NEW_ARRAY(scratch, double, most);
    s->event_time = HU_NEW_ARRAY(scratch, double, most);
    for (size_t i = 0; i < events; i++) {
        rows[n] = average(s, times[i], n, of_cohort);
        if (rows[n] > 0)
            s->event_time[n++] = times[i];
    }
    if (!average_all(s, rows, n))
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
    size_t *size = HU_NEW_ARRAY(scratch, size_t, s->cohort.levels + 1), n = 0, open = 0;
    uint32_t *of = HU_NEW_ARRAY(scratch, uint32_t, s->cohort.levels + 1);
    for (size_t g = 0; g < s->groups; g++)
        size[s->cohort.code[g]]++;
    for (size_t c = 0; c < s->cohort.levels; c++) {
        of[c] = (uint32_t)n;
        open += size[c];
        if (open > 1) {
            n++;
            open = 0;
        }
    }
    if (open == 1 && n > 0)
        of[s->cohort.levels - 1] = (uint32_t)n - 1;
    for (size_t g = 0; g < s->groups; g++)
        pool[g] = of[s->cohort.code[g]];
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
