/* The imputation estimator: outcomes without treatment from untreated rows, effects as what is left. */

#include "huella/causal/imputation.h"

#include "imputation_parts.h"

#include "huella/numerics/cluster.h"
#include "huella/numerics/distributions.h"

#include <math.h>
#include <string.h>

/* Levels of a factor among some of its rows: code of each of them, and level + 1 of every old level (0 = none). */
static void sub_factor(const hu_factor *all, const uint32_t *at, size_t n, hu_arena *arena, hu_factor *sub,
                       uint32_t **level_of)
{
    uint32_t *level = HU_NEW_ARRAY(arena, uint32_t, all->levels + 1);
    *sub = (hu_factor){.n = n, .code = HU_NEW_ARRAY(arena, uint32_t, n + 1)};
    for (size_t i = 0; i < n; i++)
        level[all->code[at[i]]] = 1;
    for (size_t l = 0; l < all->levels; l++)
        if (level[l])
            level[l] = (uint32_t)++sub->levels;
    sub->first = HU_NEW_ARRAY(arena, uint32_t, sub->levels + 1);
    for (size_t i = n; i-- > 0;) {
        sub->code[i] = level[all->code[at[i]]] - 1;
        sub->first[sub->code[i]] = (uint32_t)i;
    }
    *level_of = level;
}

/* Rows `at` of others. */
static did_rows sub_rows(const did_rows *rows, const uint32_t *at, size_t n, hu_arena *arena)
{
    did_rows sub = *rows;
    sub.n = n;
    sub.row = HU_NEW_ARRAY(arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        sub.row[i] = rows->row[at[i]];
    return sub;
}

static hu_error *select_rows(imputation *m, const hu_table *table)
{
    did_rows *rows = &m->rows;
    HU_TRY(did_rows_complete(table, m->columns, m->scratch, rows));
    m->result->dropped = rows->dropped;
    did_rows_weighted(rows);
    did_rows_close(rows);
    m->rounding = did_rounding(rows);
    did_rows_effects(rows, m->scratch, m->effects);
    did_rows_clusters(rows, &m->effects[0], m->scratch, &m->cluster);
    m->at_treated = HU_NEW_ARRAY(m->scratch, uint32_t, rows->n + 1);
    m->at_untreated = HU_NEW_ARRAY(m->scratch, uint32_t, rows->n + 1);
    HU_TRY(did_rows_one_cohort(rows, &m->effects[0], m->scratch));
    for (size_t i = 0; i < rows->n; i++) {
        if (hu_number_at(rows->time, rows->row[i]) >= did_rows_cohort(rows, i))
            m->at_treated[m->treated++] = (uint32_t)i;
        else
            m->at_untreated[m->untreated++] = (uint32_t)i;
    }
    if (m->treated == 0)
        return did_rows_nobody_treated(rows);
    if (m->untreated == 0)
        return hu_fail(HU_NO_CONTROLS, "%s: column \"%s\": every row is treated: there is nothing to impute from",
                       table->source, m->columns->cohort);
    if (m->cluster.levels < 2)
        return hu_fail(HU_EMPTY, "%s: one cluster only: errors need at least two; cluster by a finer column",
                       table->source);
    return NULL;
}

/* Keeps the treated rows whose unit and period have untreated rows that connect them; codes them as those are coded. */
static hu_error *match_treated(imputation *m, const uint32_t *unit_of, const uint32_t *period_of)
{
    size_t n = 0;
    const hu_two_way *fit = m->on.fit;
    m->unit = HU_NEW_ARRAY(m->scratch, uint32_t, m->treated + 1);
    m->period = HU_NEW_ARRAY(m->scratch, uint32_t, m->treated + 1);
    for (size_t i = 0; i < m->treated; i++) {
        uint32_t u = unit_of[m->effects[0].code[m->at_treated[i]]];
        uint32_t p = period_of[m->effects[1].code[m->at_treated[i]]];
        if (!u || !p || fit->component[fit->few->code[fit->many->first[u - 1]]] != fit->component[p - 1])
            continue;
        m->unit[n] = u - 1;
        m->period[n] = p - 1;
        m->at_treated[n++] = m->at_treated[i];
    }
    m->result->not_imputed = m->treated - n;
    m->treated = n;
    if (n == 0)
        return hu_fail(HU_NO_CONTROLS,
                       "%s: no treated row can be imputed: its unit must be observed before treatment, and its period "
                       "must hold somebody not treated yet",
                       m->rows.table->source);
    if (m->result->not_imputed)
        imputation_note(m,
                        "%zu treated rows cannot be imputed (their unit has no untreated row, or nobody is untreated "
                        "in their period) and are left out",
                        m->result->not_imputed);
    return NULL;
}

/* Effects of treated rows, tau = y - y(0), and what is left of each covariate there after the same imputation. */
static void impute(imputation *m)
{
    did_rows treated = sub_rows(&m->rows, m->at_treated, m->treated, m->scratch);
    did_rows_values(&treated, m->scratch, &m->effect);
    did_fixed *v = &m->effect;
    for (size_t i = 0; i < v->n; i++) {
        v->y[i] -= m->on.a[m->unit[i]] + m->on.b[m->period[i]];
        for (size_t j = 0; j < v->k; j++) {
            double *x = &v->x[j * v->n + i];
            if (!isnan(m->on.beta[j]))
                v->y[i] -= m->on.beta[j] * *x;
            *x -= m->on.a_x[j][m->unit[i]] + m->on.b_x[j][m->period[i]];
        }
    }
}

/* Event times of treated rows; the cells of cohort and event time, whose mean the variance takes out of tau. */
static void code_events(imputation *m)
{
    size_t n = m->treated;
    HU_SCRATCH(scratch);
    double *event = HU_NEW_ARRAY(scratch, double, n), *cohort = HU_NEW_ARRAY(scratch, double, n);
    for (size_t i = 0; i < n; i++) {
        cohort[i] = did_rows_cohort(&m->rows, m->at_treated[i]);
        event[i] = did_periods_since(hu_number_at(m->rows.time, m->rows.row[m->at_treated[i]]), cohort[i]);
    }
    hu_factor by_cohort;
    hu_factor_numbers(event, n, m->scratch, &m->event);
    hu_factor_numbers(cohort, n, scratch, &by_cohort);
    hu_factor_cross(&by_cohort, &m->event, m->scratch, &m->cell);
    m->event_time = HU_NEW_ARRAY(m->scratch, double, m->event.levels);
    for (size_t e = 0; e < m->event.levels; e++)
        m->event_time[e] = event[m->event.first[e]];
}

static double weight_of(const imputation *m, size_t i)
{
    return m->effect.w ? m->effect.w[i] : 1;
}

/*
 * tau less the mean of its cohort and event time, weighted by v^2 (eq. 10). v is proportional to the row's weight, so
 * one mean serves every estimand.
 */
static double *centred_effects(imputation *m)
{
    size_t cells = m->cell.levels, single = 0, *rows = HU_NEW_ARRAY(m->scratch, size_t, cells);
    double *sum = HU_NEW_ARRAY(m->scratch, double, cells), *weight = HU_NEW_ARRAY(m->scratch, double, cells);
    double *centred = HU_NEW_ARRAY(m->scratch, double, m->treated);
    for (size_t i = 0; i < m->treated; i++) {
        double v2 = weight_of(m, i) * weight_of(m, i);
        sum[m->cell.code[i]] += v2 * m->effect.y[i];
        weight[m->cell.code[i]] += v2;
        rows[m->cell.code[i]]++;
    }
    for (size_t i = 0; i < m->treated; i++)
        centred[i] = m->effect.y[i] - sum[m->cell.code[i]] / weight[m->cell.code[i]];
    for (size_t c = 0; c < cells; c++)
        single += rows[c] == 1;
    if (single)
        imputation_note(m,
                        "%zu cells of cohort and event time hold one row: its effect counts as known, so errors are "
                        "too small",
                        single);
    return centred;
}

/* What untreated rows add to the sums of clusters: -w e (a + b + x c), a, b, c the weights of the imputed part. */
static void add_untreated(imputation *m, const double *q_x, double *sums)
{
    const did_fixed *v = &m->on.values;
    for (size_t i = 0; i < v->n; i++) {
        double weight = m->weight_period[m->period_untreated.code[i]];
        if (m->weight_unit)
            weight += m->weight_unit[m->unit_untreated.code[i]];
        sums[m->cluster.code[m->at_untreated[i]]] -= (v->w ? v->w[i] : 1) * v->y[i] * weight;
    }
    for (size_t j = 0; j < v->k; j++) {
        double through = 0;
        for (size_t l = 0; l < v->k; l++)
            through += m->on.bread[j + l * v->k] * q_x[l];
        for (size_t c = 0; c < m->cluster.levels && through != 0; c++)
            sums[c] -= through * m->scores[c * v->k + j];
    }
}

hu_effect imputation_effect(const imputation *m, double estimate, double se, double wide)
{
    if (!(se > m->rounding))
        se = wide = NAN; /* the fit leaves no residuals: there is nothing to judge the effect by */
    double p = 0.5 + m->level / 2, t = estimate / wide;
    double half = wide * (isfinite(m->df) ? hu_t_quantile(p, m->df) : hu_normal_quantile(p));
    return (hu_effect){estimate,
                       se,
                       estimate - half,
                       estimate + half,
                       isfinite(m->df) ? hu_t_two_sided(t, m->df) : hu_normal_two_sided(t),
                       NAN,
                       NAN};
}

/*
 * With few clusters intervals take the sum of each cluster of a cohort of n clusters (n / (n - 1))^1/2 times, as
 * effects are centred by means that these clusters make themselves (the leave-out variance of Borusyak, Jaravel &
 * Spiess 2024, section 4.3, in the mean; CR2 for means), and t with the degrees of freedom of the side, treated or not,
 * that has fewer.
 */
static void enlarge_few(imputation *m)
{
    enum { MANY = 40 };
    size_t clusters = m->cluster.levels, treated = 0;
    m->df = INFINITY;
    m->enlarge = HU_NEW_ARRAY(m->scratch, double, clusters);
    for (size_t c = 0; c < clusters; c++)
        m->enlarge[c] = 1;
    if (clusters >= MANY)
        return;
    HU_SCRATCH(scratch);
    double *cohort = HU_NEW_ARRAY(scratch, double, clusters);
    for (size_t c = 0; c < clusters; c++) {
        cohort[c] = did_rows_cohort(&m->rows, m->cluster.first[c]);
        treated += isfinite(cohort[c]);
    }
    for (size_t c = 0; c < clusters; c++) {
        size_t n = 0;
        for (size_t b = 0; b < clusters; b++)
            n += cohort[b] == cohort[c];
        if (n > 1)
            m->enlarge[c] = sqrt((double)n / (double)(n - 1));
    }
    size_t others = clusters - treated, fewer = others && others < treated ? others : treated;
    m->df = fewer > 2 ? (double)fewer - 1 : 1;
}

/* The mean effect of the treated rows of one event time (a level of m->event), or of all (event == levels). */
static hu_effect mean_effect(imputation *m, const double *centred, size_t event)
{
    HU_SCRATCH(scratch);
    size_t units = m->unit_untreated.levels, periods = m->period_untreated.levels, k = m->effect.k;
    double *q_many = HU_NEW_ARRAY(scratch, double, units), *q_few = HU_NEW_ARRAY(scratch, double, periods);
    double *q_x = HU_NEW_ARRAY(scratch, double, k + 1), *sums = HU_NEW_ARRAY(scratch, double, m->cluster.levels);
    double total = 0, estimate = 0, variance = 0, wide = 0;
    for (size_t i = 0; i < m->treated; i++)
        if (event == m->event.levels || m->event.code[i] == event)
            total += weight_of(m, i);
    for (size_t i = 0; i < m->treated; i++) {
        if (event != m->event.levels && m->event.code[i] != event)
            continue;
        double share = weight_of(m, i) / total;
        estimate += share * m->effect.y[i];
        sums[m->cluster.code[m->at_treated[i]]] += share * centred[i];
        q_many[m->unit[i]] += share;
        q_few[m->period[i]] += share;
        for (size_t j = 0; j < k; j++)
            q_x[j] += share * m->effect.x[j * m->treated + i];
    }
    hu_two_way_solve(m->on.fit, q_many, q_few, m->weight_unit, m->weight_period);
    add_untreated(m, q_x, sums);
    for (size_t c = 0; c < m->cluster.levels; c++) {
        variance += sums[c] * sums[c];
        wide += sums[c] * sums[c] * m->enlarge[c] * m->enlarge[c];
    }
    return imputation_effect(m, estimate, sqrt(variance), sqrt(wide));
}

static void estimate_effects(imputation *m)
{
    hu_imputation_result *result = m->result;
    m->weight_period = HU_NEW_ARRAY(m->scratch, double, m->period_untreated.levels);
    if (!hu_nested(&m->effects[0], &m->cluster)) /* else residuals sum to zero in each unit: its weight drops out */
        m->weight_unit = HU_NEW_ARRAY(m->scratch, double, m->unit_untreated.levels);
    m->scores = did_covariate_scores(&m->on, &m->cluster, m->at_untreated, m->scratch);
    double *centred = centred_effects(m);
    result->overall = mean_effect(m, centred, m->event.levels);
    for (size_t e = 0; e < m->event.levels; e++)
        result->event_study[result->n_event_study++] = (hu_did_cell){m->event_time[e], mean_effect(m, centred, e)};
}

static void report(imputation *m)
{
    hu_imputation_result *result = m->result;
    result->n = m->treated + m->untreated;
    result->treated = m->treated;
    result->untreated = m->untreated;
    result->units = m->effects[0].levels;
    result->clusters = m->cluster.levels;
    const char *few = isfinite(m->df) ? hu_printf(m->scratch,
                                                  "; intervals and p, below 40 clusters: each cohort's part times "
                                                  "n/(n-1) of its n clusters, t with %g degrees of freedom",
                                                  m->df)
                                      : "";
    result->se_type = hu_printf(m->arena,
                                "conservative, clustered by %s, effects centred by cohort and event time; event times "
                                "before treatment: regression among untreated rows, clustered alike%s",
                                did_cluster_name(m->columns), few);
}

hu_error *hu_imputation(const hu_table *table, const hu_did_columns *columns, const hu_imputation_options *options,
                        hu_arena *arena, hu_imputation_result **result)
{
    HU_SCRATCH(scratch);
    imputation m = {.columns = columns, .level = options->level, .arena = arena, .scratch = scratch};
    m.leads = options->pretrends ? options->pretrends : 5;
    m.result = HU_NEW(arena, hu_imputation_result);
    HU_TRY(did_level(&m.level));
    HU_TRY(select_rows(&m, table));
    uint32_t *unit_of, *period_of;
    sub_factor(&m.effects[0], m.at_untreated, m.untreated, scratch, &m.unit_untreated, &unit_of);
    sub_factor(&m.effects[1], m.at_untreated, m.untreated, scratch, &m.period_untreated, &period_of);
    did_rows untreated = sub_rows(&m.rows, m.at_untreated, m.untreated, scratch);
    HU_TRY(did_regress(&untreated, &m.unit_untreated, &m.period_untreated, scratch, &m.on));
    did_regression_notes(&m.on, columns, arena, &m.result->warnings, &m.result->n_warnings);
    HU_TRY(match_treated(&m, unit_of, period_of));
    impute(&m);
    enlarge_few(&m);
    code_events(&m);
    m.result->event_study = HU_NEW_ARRAY(arena, hu_did_cell, m.event.levels + (size_t)(m.leads > 0 ? m.leads : 0));
    if (m.leads > 0)
        HU_TRY(imputation_pretrends(&m, &untreated));
    estimate_effects(&m);
    report(&m);
    *result = m.result;
    return NULL;
}
