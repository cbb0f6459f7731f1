/* Effects by subgroup. */

#include "trial_groups.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

enum { MAX_GROUPS = 50 };

typedef struct groups_run {
    const hu_table *table;
    const hu_trial_columns *columns;
    const hu_column *by;
    const trial_rows *rows;
    hu_factor group; /* of places in rows; the level `groups` is "missing" */
    size_t groups;
    hu_trial_options options;
    hu_assignments *all;
    hu_arena *arena;
    hu_trial_groups *out;
} groups_run;

/* Groups of the rows; those whose group is not known get the level `groups`. */
static hu_error *find_groups(groups_run *run, hu_arena *scratch)
{
    const trial_rows *rows = run->rows;
    uint32_t *known = HU_NEW_ARRAY(scratch, uint32_t, rows->n), *place = HU_NEW_ARRAY(scratch, uint32_t, rows->n);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (!hu_table_missing(run->by, rows->row[i])) {
            place[n] = (uint32_t)i;
            known[n++] = rows->row[i];
        }
    hu_factor factor;
    hu_factor_column(run->by, known, n, scratch, &factor);
    run->groups = factor.levels;
    if (factor.levels < 2)
        return hu_fail(HU_EMPTY, "%s: column \"%s\" has one value alone: expected two groups or more to compare",
                       run->table->source, run->by->name);
    if (factor.levels > MAX_GROUPS)
        return hu_fail(HU_LIMIT, "%s: column \"%s\" has %zu values: expected at most %d groups", run->table->source,
                       run->by->name, factor.levels, MAX_GROUPS);
    run->group = (hu_factor){rows->n, factor.levels, HU_NEW_ARRAY(scratch, uint32_t, rows->n),
                             HU_NEW_ARRAY(scratch, uint32_t, factor.levels)};
    for (size_t i = 0; i < rows->n; i++)
        run->group.code[i] = (uint32_t)factor.levels;
    for (size_t i = 0; i < n; i++)
        run->group.code[place[i]] = factor.code[i];
    for (size_t g = 0; g < factor.levels; g++)
        run->group.first[g] = place[factor.first[g]];
    return NULL;
}

/* The trial on a group's rows alone. What keeps one group from being estimated is its note, not the end of all. */
static hu_error *one_group(const groups_run *run, size_t at, size_t g, hu_trial_group *out)
{
    HU_SCRATCH(scratch);
    const trial_rows *rows = run->rows;
    uint32_t *take = HU_NEW_ARRAY(scratch, uint32_t, rows->n);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        if (run->group.code[i] == g)
            take[n++] = rows->row[i];
    const char *value = hu_table_text(run->table, run->by, rows->row[run->group.first[g]], scratch);
    out->name = hu_printf(run->arena, "%s=%s", run->by->name, value);
    hu_trial_columns columns = *run->columns;
    columns.outcomes = (const char *const[]){run->columns->outcomes[at], NULL};
    hu_trial_options options = run->options;
    options.wild = options.keep_distribution = false;
    hu_trial *trial;
    hu_error *error =
        hu_trial_estimate(hu_table_rows(run->table, take, n, scratch), &columns, &options, run->arena, &trial);
    if (!error) {
        out->effect = &trial->effects[0];
        return NULL;
    }
    if (error->code != HU_EMPTY && error->code != HU_SINGULAR)
        return error;
    out->note = hu_strdup(run->arena, error->message);
    hu_error_free(error);
    return NULL;
}

/* Regressors of one regression for all groups: dummies of groups but the first, covariates, then arm x group. */
static double *regressors(const groups_run *run, const uint32_t *at, size_t n, size_t k, hu_arena *arena)
{
    size_t G = run->groups;
    double *x = HU_NEW_ARRAY(arena, double, n *(2 * G - 1 + k));
    for (size_t i = 0; i < n; i++) {
        size_t g = run->group.code[at[i]];
        if (g > 0)
            x[(g - 1) * n + i] = 1;
        for (size_t j = 0; j < k; j++)
            x[(G - 1 + j) * n + i] = trial_covariate(run->rows, j, at[i]);
        x[(G - 1 + k + g) * n + i] = run->rows->z[at[i]];
    }
    return x;
}

typedef struct pooled { /* the regression over all groups */
    size_t n, k;
    uint32_t *at;
    double *y, *w;
    hu_factor stratum, cluster;
    hu_with_effects columns;
    hu_fit fit;
} pooled;

static hu_factor part_of(const hu_factor *factor, const pooled *p, hu_arena *arena)
{
    double *codes = HU_NEW_ARRAY(arena, double, p->n);
    hu_factor part;
    for (size_t i = 0; i < p->n; i++)
        codes[i] = factor->code[p->at[i]];
    hu_factor_numbers(codes, p->n, arena, &part);
    return part;
}

static hu_error *pool(const groups_run *run, const double *y, hu_arena *scratch, pooled *p)
{
    const trial_rows *rows = run->rows;
    *p = (pooled){.k = run->options.adjust == HU_UNADJUSTED ? 0 : rows->k,
                  .at = HU_NEW_ARRAY(scratch, uint32_t, rows->n),
                  .y = HU_NEW_ARRAY(scratch, double, rows->n),
                  .w = rows->w ? HU_NEW_ARRAY(scratch, double, rows->n) : NULL};
    for (size_t i = 0; i < rows->n; i++) {
        if (isnan(y[i]) || run->group.code[i] == run->groups)
            continue;
        if (p->w)
            p->w[p->n] = rows->w[i];
        p->y[p->n] = y[i];
        p->at[p->n++] = (uint32_t)i;
    }
    if (rows->strata)
        p->stratum = part_of(&rows->stratum, p, scratch);
    if (rows->clusters)
        p->cluster = part_of(&rows->cluster, p, scratch);
    double *x = regressors(run, p->at, p->n, p->k, scratch);
    size_t k = 2 * run->groups - 1 + p->k;
    HU_TRY(hu_put_effects(p->y, x, p->n, k, p->w, &p->stratum, rows->strata != NULL, NULL, true, scratch, &p->columns));
    return hu_least_squares(p->columns.x, p->n, p->columns.k, p->columns.y, p->w, scratch, &p->fit);
}

/* Variances of the contrasts "effect of group g less that of the first", and the degrees of freedom. */
static hu_error *contrast_errors(const groups_run *run, const pooled *p, const double *contrasts, size_t q,
                                 hu_arena *scratch, double **v, double *df)
{
    hu_trial_se se = run->options.se;
    size_t k = p->columns.k;
    if (se == HU_TRIAL_HC2 || se == HU_TRIAL_HC3) {
        double *all;
        hu_leverage_variance(&p->fit, p->columns.x, p->w, se == HU_TRIAL_HC2 ? HU_HC2 : HU_HC3, scratch, &all);
        *v = HU_NEW_ARRAY(scratch, double, q *q);
        for (size_t a = 0; a < q; a++)
            for (size_t b = 0; b < q; b++)
                for (size_t i = 0; i < k * k; i++)
                    (*v)[a + b * q] += contrasts[a * k + i / k] * all[i] * contrasts[b * k + i % k];
        *df = (double)p->n - (double)p->fit.rank;
        return NULL;
    }
    hu_clustered *sums;
    double *dfs;
    hu_correction correction = se == HU_TRIAL_CR0 ? HU_CR0 : se == HU_TRIAL_CR1 ? HU_CR1S : HU_CR2;
    HU_TRY(hu_cluster_sums(&p->fit, p->columns.x, p->w, &p->cluster, scratch, &sums));
    HU_TRY(hu_few_clusters_variance(sums, correction, p->fit.rank, contrasts, q, scratch, v, &dfs));
    *df = se == HU_TRIAL_CR2 && q == 1 ? dfs[0] : (double)p->cluster.levels - 1;
    return NULL;
}

static hu_error *wald(const groups_run *run, const double *y, hu_trial_interaction *out)
{
    HU_SCRATCH(scratch);
    pooled p;
    size_t q = run->groups - 1;
    out->difference = out->se = out->lower = out->upper = out->wald = out->df1 = out->df2 = out->p = NAN;
    HU_TRY(pool(run, y, scratch, &p));
    size_t first = p.columns.first + q + p.k;
    double *contrasts = HU_NEW_ARRAY(scratch, double, q *p.columns.k), *d = HU_NEW_ARRAY(scratch, double, q), *v;
    for (size_t g = 0; g <= q; g++)
        if (p.fit.dropped[first + g])
            return NULL; /* a group without one of the arms: its note says so */
    for (size_t g = 0; g < q; g++) {
        contrasts[g * p.columns.k + first + g + 1] = 1;
        contrasts[g * p.columns.k + first] = -1;
        d[g] = p.fit.coefficients[first + g + 1] - p.fit.coefficients[first];
    }
    HU_TRY(contrast_errors(run, &p, contrasts, q, scratch, &v, &out->df2));
    out->df1 = (double)q;
    out->wald = hu_quadratic_inverse(v, q, d) / (double)q;
    out->p = hu_f_upper(out->wald, out->df1, out->df2);
    if (q > 1)
        return NULL;
    out->difference = d[0];
    out->se = sqrt(v[0]);
    double half = hu_t_quantile(0.5 + run->options.level / 2, out->df2) * out->se;
    out->lower = d[0] - half;
    out->upper = d[0] + half;
    return NULL;
}

static hu_error *one_outcome(groups_run *run, size_t at)
{
    HU_SCRATCH(scratch);
    hu_trial_interaction *out = &run->out->outcomes[at];
    double *y;
    out->outcome = run->columns->outcomes[at];
    out->groups = HU_NEW_ARRAY(run->arena, hu_trial_group, run->groups);
    out->p_at_estimate = NAN;
    HU_TRY(trial_rows_values(run->rows, out->outcome, scratch, &y));
    for (size_t g = 0; g < run->groups; g++)
        HU_TRY(one_group(run, at, g, &out->groups[g]));
    HU_TRY(wald(run, y, out));
    for (size_t i = 0; i < run->rows->n; i++)
        if (run->group.code[i] == run->groups)
            y[i] = NAN;
    if (!run->all)
        return NULL;
    size_t k = run->options.adjust == HU_UNADJUSTED ? 0 : run->rows->k;
    return trial_groups_permute(run->rows, &run->group, y, k, run->all, run->options.threads, run->arena, out);
}

hu_error *hu_trial_by(const hu_table *table, const hu_trial_columns *columns, const char *by,
                      const hu_trial_options *options, hu_arena *arena, hu_trial_groups **groups)
{
    HU_SCRATCH(scratch);
    trial_rows rows;
    hu_column *column;
    HU_TRY(hu_table_column(table, by, &column));
    HU_TRY(trial_rows_read(table, columns, scratch, &rows));
    groups_run run = {
        .table = table, .columns = columns, .by = column, .rows = &rows, .options = *options, .arena = arena};
    HU_TRY(trial_check_options(&rows, &run.options));
    HU_TRY(find_groups(&run, scratch));
    HU_TRY(trial_assignments(&rows, &run.options, 4.0 * (double)run.groups * (rows.by_cluster ? 2 : 1), scratch,
                             &run.all));
    run.out = *groups = HU_NEW(arena, hu_trial_groups);
    run.out->by = hu_strdup(arena, by);
    run.out->n_groups = run.groups;
    run.out->se_type = trial_se_text(&rows, run.options.se, arena);
    while (columns->outcomes[run.out->n])
        run.out->n++;
    run.out->outcomes = HU_NEW_ARRAY(arena, hu_trial_interaction, run.out->n);
    for (size_t j = 0; j < run.out->n; j++)
        HU_TRY(hu_wrap(one_outcome(&run, j), "%s: outcome %s by %s", table->source, columns->outcomes[j], by));
    return NULL;
}
