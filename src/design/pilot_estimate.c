/* What a pilot shows: estimates, intervals, how clusters differ, decisions. */

#include "huella/design/pilot.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/factor.h"

#include <math.h>
#include <string.h>

/* The rows of an indicator: values, exposures (1 unless a rate), clusters. */
typedef struct sample {
    size_t n;
    double *y, *t;
    hu_factor cluster; /* levels 0 without */
    double total, exposure;
} sample;

static bool chosen(const hu_table *table, const hu_column *where, const char *is, size_t row)
{
    HU_SCRATCH(scratch);
    const char *text = where ? hu_table_text(table, where, row, scratch) : NULL;
    return !where || (text && strcmp(text, is) == 0);
}

static hu_error *check_value(const hu_table *table, const hu_pilot_criterion *c, size_t row, double y, double t)
{
    if (c->kind == HU_PILOT_PROPORTION && y != 0 && y != 1)
        return hu_table_fail(table, HU_BAD_INPUT, row, c->column,
                             "%g is neither 0 nor 1: a proportion counts yes and no", y);
    if (c->kind == HU_PILOT_RATE && (y < 0 || y != floor(y)))
        return hu_table_fail(table, HU_BAD_INPUT, row, c->column, "%g is no count: expected a whole number from 0", y);
    if (!(t > 0) || !isfinite(t) || !isfinite(y))
        return hu_table_fail(table, HU_BAD_INPUT, row, c->exposure ? c->exposure : c->column,
                             "%g: expected a finite number%s", c->exposure ? t : y, c->exposure ? " above 0" : "");
    return NULL;
}

static hu_error *collect(const hu_table *table, const hu_pilot_criteria *all, const hu_pilot_criterion *c,
                         hu_arena *arena, sample *s, size_t *dropped)
{
    hu_column *value, *exposure = NULL, *cluster = NULL, *where = NULL;
    HU_TRY(hu_table_numbers(table, c->column, &value));
    if (c->exposure)
        HU_TRY(hu_table_numbers(table, c->exposure, &exposure));
    if (all->cluster)
        HU_TRY(hu_table_column(table, all->cluster, &cluster));
    if (c->where)
        HU_TRY(hu_table_column(table, c->where, &where));
    uint32_t *rows = HU_NEW_ARRAY(arena, uint32_t, table->rows + 1);
    *s = (sample){.y = HU_NEW_ARRAY(arena, double, table->rows + 1), .t = HU_NEW_ARRAY(arena, double, table->rows + 1)};
    for (size_t r = 0; r < table->rows; r++) {
        double y = value->numbers[r], t = exposure ? exposure->numbers[r] : 1;
        if (!chosen(table, where, c->is, r))
            continue;
        if (isnan(y) || isnan(t) ||
            (cluster && (cluster->type == HU_TEXT ? !cluster->texts[r].data : isnan(cluster->numbers[r])))) {
            ++*dropped;
            continue;
        }
        HU_TRY(check_value(table, c, r, y, t));
        s->total += s->y[s->n] = y;
        s->exposure += s->t[s->n] = t;
        rows[s->n++] = (uint32_t)r;
    }
    if (s->n < 2)
        return hu_fail(HU_EMPTY, "%s: indicator %s has %zu rows with a value: expected at least two", table->source,
                       c->name, s->n);
    if (cluster)
        hu_factor_column(cluster, rows, s->n, arena, &s->cluster);
    return NULL;
}

/* Variance of the ratio of sums, by clusters or by rows. */
static double ratio_variance(const sample *s, double ratio, hu_arena *scratch)
{
    size_t g = s->cluster.levels ? s->cluster.levels : s->n;
    double *e = HU_NEW_ARRAY(scratch, double, g), sum = 0;
    for (size_t i = 0; i < s->n; i++)
        e[s->cluster.levels ? s->cluster.code[i] : i] += s->y[i] - ratio * s->t[i];
    for (size_t c = 0; c < g; c++)
        sum += e[c] * e[c];
    return sum * (double)g / ((double)g - 1) / (s->exposure * s->exposure);
}

/* Events and trials (or exposure) that carry as much as independent ones would. */
static void effective(const hu_pilot_criteria *all, const sample *s, const hu_pilot_result *r, double *events,
                      double *trials)
{
    double share = 1 / r->deff;
    if (r->clusters) {
        double half = 0.5 + all->level / 2;
        share *= pow(hu_t_quantile(half, fmax(1, (double)s->n - 1)) / hu_t_quantile(half, (double)r->clusters - 1), 2);
    }
    *events = s->total * share;
    *trials = s->exposure * share;
}

static void proportion(const hu_pilot_criteria *all, const sample *s, hu_pilot_result *r)
{
    double x, n, tail = (1 - all->level) / 2;
    effective(all, s, r, &x, &n);
    r->lower = x > 0 ? hu_beta_quantile(tail, x, n - x + 1) : 0;
    r->upper = x < n ? hu_beta_quantile(1 - tail, x + 1, n - x) : 1;
    double below_go = hu_beta_below(r->criterion->go, x + 0.5, n - x + 0.5);
    double below_stop = hu_beta_below(r->criterion->stop, x + 0.5, n - x + 0.5);
    r->p_go = r->criterion->at_most ? below_go : 1 - below_go;
    r->p_stop = r->criterion->at_most ? 1 - below_stop : below_stop;
}

static void rate(const hu_pilot_criteria *all, const sample *s, hu_pilot_result *r)
{
    double x, t, tail = (1 - all->level) / 2;
    effective(all, s, r, &x, &t);
    r->lower = x > 0 ? hu_gamma_quantile(tail, x, 1 / t) : 0;
    r->upper = hu_gamma_quantile(1 - tail, x + 1, 1 / t);
    double below_go = hu_gamma_below(r->criterion->go, x + 0.5, 1 / t);
    double below_stop = hu_gamma_below(r->criterion->stop, x + 0.5, 1 / t);
    r->p_go = r->criterion->at_most ? below_go : 1 - below_go;
    r->p_stop = r->criterion->at_most ? 1 - below_stop : below_stop;
}

static void mean(const hu_pilot_criteria *all, const sample *s, double variance, hu_pilot_result *r)
{
    double df = (double)(r->clusters ? r->clusters : s->n) - 1, se = sqrt(variance);
    double half = hu_t_quantile(0.5 + all->level / 2, df) * se;
    r->lower = r->estimate - half;
    r->upper = r->estimate + half;
    double sign = r->criterion->at_most ? -1 : 1;
    r->p_go = hu_t_below(sign * (r->estimate - r->criterion->go) / se, df);
    r->p_stop = hu_t_below(sign * (r->criterion->stop - r->estimate) / se, df);
}

/* ---- how clusters differ ---- */

static void icc(const hu_pilot_criteria *all, const sample *s, hu_arena *scratch, hu_pilot_result *r)
{
    size_t g = s->cluster.levels;
    double *n = HU_NEW_ARRAY(scratch, double, g), *sum = HU_NEW_ARRAY(scratch, double, g), squares = 0;
    double between = 0, within = 0, rows = (double)s->n, tail = (1 - all->level) / 2;
    for (size_t i = 0; i < s->n; i++) {
        n[s->cluster.code[i]]++;
        sum[s->cluster.code[i]] += s->y[i];
    }
    for (size_t c = 0; c < g; c++) {
        squares += n[c] * n[c];
        between += n[c] * pow(sum[c] / n[c] - r->estimate, 2) / ((double)g - 1);
    }
    for (size_t i = 0; i < s->n; i++)
        within += pow(s->y[i] - sum[s->cluster.code[i]] / n[s->cluster.code[i]], 2) / (rows - (double)g);
    double n0 = (rows - squares / rows) / ((double)g - 1), f = between / within;
    double low = f / hu_f_quantile(1 - tail, (double)g - 1, rows - (double)g);
    double high = f / hu_f_quantile(tail, (double)g - 1, rows - (double)g);
    if (!(rows > (double)g) || !(within > 0))
        return;
    r->spread = fmax(0, (f - 1) / (f + n0 - 1));
    r->spread_lower = fmax(0, (low - 1) / (low + n0 - 1));
    r->spread_upper = fmax(0, (high - 1) / (high + n0 - 1));
}

static double cv_from(double variance, double noise, double ratio)
{
    return variance > noise ? sqrt(variance - noise) / ratio : 0;
}

static void between_cv(const hu_pilot_criteria *all, const sample *s, hu_arena *scratch, hu_pilot_result *r)
{
    size_t g = s->cluster.levels;
    double *x = HU_NEW_ARRAY(scratch, double, g), *t = HU_NEW_ARRAY(scratch, double, g), mean_rate = 0, variance = 0;
    double noise = 0, df = (double)g - 1, tail = (1 - all->level) / 2;
    for (size_t i = 0; i < s->n; i++) {
        x[s->cluster.code[i]] += s->y[i];
        t[s->cluster.code[i]] += s->t[i];
    }
    for (size_t c = 0; c < g; c++) {
        mean_rate += x[c] / t[c] / (double)g;
        noise += r->estimate / t[c] / (double)g;
    }
    for (size_t c = 0; c < g; c++)
        variance += pow(x[c] / t[c] - mean_rate, 2) / df;
    if (!(r->estimate > 0))
        return;
    r->spread = cv_from(variance, noise, r->estimate);
    r->spread_lower = cv_from(variance * df / hu_chi_square_quantile(1 - tail, df), noise, r->estimate);
    r->spread_upper = cv_from(variance * df / hu_chi_square_quantile(tail, df), noise, r->estimate);
}

/* ---- decisions, and the trial ---- */

static hu_pilot_decision decide(const hu_pilot_criteria *all, const hu_pilot_result *r)
{
    const hu_pilot_criterion *c = r->criterion;
    double sign = c->at_most ? -1 : 1, go = sign * c->go, stop = sign * c->stop, estimate = sign * r->estimate;
    double lower = c->at_most ? -r->upper : r->lower, upper = c->at_most ? -r->lower : r->upper;
    bool reaches = estimate >= go, falls = estimate < stop;
    switch (all->rule) {
    case HU_PILOT_BY_ESTIMATE:
        break;
    case HU_PILOT_BY_INTERVAL:
        reaches = reaches && lower > stop;
        falls = falls && upper < go;
        break;
    case HU_PILOT_BY_POSTERIOR:
        reaches = r->p_go >= all->certainty;
        falls = r->p_stop >= all->certainty;
        break;
    }
    return reaches ? HU_PILOT_GO : falls ? HU_PILOT_STOP : HU_PILOT_AMEND;
}

static hu_error *size_trial(const hu_pilot_criteria *all, hu_pilot_result *r)
{
    static const hu_power_outcome outcomes[] = {HU_POWER_BINARY, HU_POWER_COUNT, HU_POWER_CONTINUOUS};
    hu_power_design d = {.clusters = all->clusters,
                         .size = all->size > 0 ? all->size : r->size,
                         .outcome = outcomes[r->criterion->kind],
                         .mean = r->estimate,
                         .sd = r->sd,
                         .baseline = all->baseline,
                         .strata = all->pairs ? all->clusters / 2 : 0,
                         .strata_share = all->pairs ? all->pairs_share : 0};
    bool unusable = isnan(r->spread) ||
                    (r->criterion->kind == HU_PILOT_PROPORTION && !(r->estimate > 0 && r->estimate < 1)) ||
                    (r->criterion->kind != HU_PILOT_PROPORTION && !(r->sd > 0 || r->estimate > 0));
    double *spread = r->criterion->kind == HU_PILOT_RATE ? &d.between_cv : &d.icc;
    double *const mdes[] = {&r->mde_lower, &r->mde, &r->mde_upper};
    const double spreads[] = {r->spread_lower, r->spread, r->spread_upper};
    if (unusable)
        return NULL;
    HU_TRY(hu_power_check(&d));
    for (size_t i = 0; i < 3; i++) {
        *spread = fmin(spreads[i], 0.99);
        *mdes[i] = hu_power_mde(&d, all->power, r->criterion->at_most);
    }
    *spread = fmin(r->spread, 0.99);
    if (!isnan(r->criterion->effect))
        r->power = hu_power_of(&d, r->criterion->effect);
    return NULL;
}

static hu_error *evaluate(const hu_table *table, const hu_pilot_criteria *all, const hu_pilot_criterion *c,
                          hu_arena *arena, hu_pilot_result *r)
{
    HU_SCRATCH(scratch);
    sample s;
    double square = 0;
    *r = (hu_pilot_result){.criterion = c,
                           .spread = NAN,
                           .spread_lower = NAN,
                           .spread_upper = NAN,
                           .mde = NAN,
                           .mde_lower = NAN,
                           .mde_upper = NAN,
                           .power = NAN,
                           .deff = 1};
    HU_TRY(collect(table, all, c, arena, &s, &r->dropped));
    r->n = s.n;
    r->clusters = s.cluster.levels;
    if (all->cluster && r->clusters < 2)
        return hu_fail(HU_EMPTY, "%s: indicator %s: all rows are in one %s: expected at least two", table->source,
                       c->name, all->cluster);
    r->events = s.total;
    r->exposure = s.exposure;
    r->estimate = s.total / s.exposure;
    r->size = r->clusters ? s.exposure / (double)r->clusters : NAN;
    for (size_t i = 0; i < s.n; i++)
        square += pow(s.y[i] - r->estimate * s.t[i], 2);
    r->sd = sqrt(square / ((double)s.n - 1));
    double p = r->estimate, variance = ratio_variance(&s, p, scratch);
    double independent = c->kind == HU_PILOT_PROPORTION ? p * (1 - p) / s.exposure
                         : c->kind == HU_PILOT_RATE     ? p / s.exposure
                                                        : r->sd * r->sd / s.exposure;
    if (r->clusters && independent > 0)
        r->deff = fmax(1, variance / independent);
    if (c->kind == HU_PILOT_PROPORTION)
        proportion(all, &s, r);
    else if (c->kind == HU_PILOT_RATE)
        rate(all, &s, r);
    else
        mean(all, &s, variance, r);
    if (r->clusters && c->kind == HU_PILOT_RATE)
        between_cv(all, &s, scratch, r);
    else if (r->clusters)
        icc(all, &s, scratch, r);
    r->decision = decide(all, r);
    return all->trial ? size_trial(all, r) : NULL;
}

hu_error *hu_pilot_evaluate(const hu_table *table, const hu_pilot_criteria *criteria, hu_arena *arena,
                            hu_pilot_result **results, hu_pilot_decision *decision)
{
    size_t go = 0, stop = 0;
    *results = HU_NEW_ARRAY(arena, hu_pilot_result, criteria->n);
    for (size_t i = 0; i < criteria->n; i++) {
        HU_TRY(evaluate(table, criteria, &criteria->items[i], arena, &(*results)[i]));
        go += (*results)[i].decision == HU_PILOT_GO;
        stop += (*results)[i].decision == HU_PILOT_STOP;
    }
    *decision = stop ? HU_PILOT_STOP : go == criteria->n ? HU_PILOT_GO : HU_PILOT_AMEND;
    return NULL;
}
