/* Cells with covariates: each comparison is put together from its observations and estimated on its own. */

#include "did_parts.h"

#include "huella/base/parallel.h"

#include <math.h>

/* Doubles of scores: 8 GB. */
static const size_t most_scores = (size_t)1 << 30;

/* The entry of each observation: itself, or with clusters that of its cohort and cluster, in the order of cohorts. */
static uint32_t *entries_of(const did_data *data, hu_arena *arena, did_scores *scores)
{
    uint32_t *entry = HU_NEW_ARRAY(arena, uint32_t, data->n + 1);
    uint32_t *last = HU_NEW_ARRAY(arena, uint32_t, data->clusters + 1); /* entry + 1 of the cluster's latest cohort */
    scores->start = HU_NEW_ARRAY(arena, size_t, data->cohorts + 1);
    scores->cluster = data->cluster ? HU_NEW_ARRAY(arena, uint32_t, data->n + 1) : NULL;
    for (size_t c = 0; c < data->cohorts; c++) {
        scores->start[c] = scores->n;
        for (size_t i = data->start[c]; i < data->start[c + 1]; i++) {
            uint32_t *at = data->cluster ? &last[data->cluster[i]] : NULL;
            if (!at || *at <= scores->start[c]) {
                if (at) {
                    *at = (uint32_t)scores->n + 1;
                    scores->cluster[scores->n] = data->cluster[i];
                }
                scores->n++;
            }
            entry[i] = at ? *at - 1 : (uint32_t)i;
        }
    }
    scores->start[data->cohorts] = scores->n;
    return entry;
}

/*
 * Scores: one stratum a cohort; x = (w, influence on cell 1, …, influence on cell n_cells), summed over the
 * observations of an entry at once, so that memory is entries x cells.
 */
static hu_error *scores_of_cells(did_run *run)
{
    const did_data *data = &run->data;
    run->strata_per_cohort = 1;
    run->scores = (did_scores){.strata = data->cohorts, .m = run->n_cells + 1, .clusters = data->clusters};
    run->entry = entries_of(data, run->scratch, &run->scores);
    if (run->scores.m > most_scores / (run->scores.n + 1))
        return hu_fail(HU_LIMIT,
                       "%zu effects by cohort and period on %zu units: with covariates their influences take %.0f GB; "
                       "merge periods or cohorts, cluster by a coarser column, or leave the covariates out",
                       run->n_cells, run->scores.n, 8e-9 * (double)run->scores.m * (double)run->scores.n);
    run->scores.x = HU_NEW_ARRAY(run->scratch, double, run->scores.n * run->scores.m);
    for (size_t i = 0; i < data->n; i++)
        run->scores.x[run->entry[i] * run->scores.m] += data->w[i];
    return NULL;
}

/* The observations of a comparison: in a panel units of the two groups, in cross-sections also of the two periods. */
static size_t members(const did_run *run, const did_cell *cell, size_t *member)
{
    const did_data *data = &run->data;
    size_t n = 0;
    for (size_t c = 0; c < data->cohorts; c++) {
        if (c != cell->cohort && !did_is_control(run, cell, c))
            continue;
        for (size_t i = data->start[c]; i < data->start[c + 1]; i++)
            if (!data->period || data->period[i] == cell->at || data->period[i] == cell->base)
                member[n++] = i;
    }
    return n;
}

/* Covariates are taken at the earlier of the two periods, as `did` does: what treatment cannot have changed yet. */
static double covariate(const did_data *data, size_t j, size_t i, size_t period)
{
    return data->period ? data->x[j * data->n + i] : data->x[(j * data->periods + period) * data->n + i];
}

static did_2x2 gather(const did_run *run, const did_cell *cell, const size_t *member, size_t n, hu_arena *arena)
{
    const did_data *data = &run->data;
    bool panel = !data->period;
    size_t early = cell->at < cell->base ? cell->at : cell->base;
    did_2x2 pair = {n,
                    data->k,
                    run->options->method,
                    HU_NEW_ARRAY(arena, double, n),
                    HU_NEW_ARRAY(arena, double, n),
                    panel ? NULL : HU_NEW_ARRAY(arena, double, n),
                    HU_NEW_ARRAY(arena, double, n),
                    HU_NEW_ARRAY(arena, double, n * data->k),
                    NAN,
                    HU_NEW_ARRAY(arena, double, n),
                    NULL};
    for (size_t l = 0; l < n; l++) {
        size_t i = member[l];
        const double *y = data->y + i * data->periods;
        pair.y[l] = panel ? y[cell->at] - y[cell->base] : data->y[i];
        pair.d[l] = i >= data->start[cell->cohort] && i < data->start[cell->cohort + 1];
        pair.w[l] = data->w[i];
        if (!panel)
            pair.post[l] = data->period[i] == cell->at;
        for (size_t j = 0; j < data->k; j++)
            pair.x[j * n + l] = covariate(data, j, i, early);
    }
    return pair;
}

/* Both groups must be there, in both periods of cross-sections. */
static const char *nobody(const did_run *run, const did_cell *cell, const did_2x2 *pair, hu_arena *arena)
{
    size_t count[2][2] = {{0}};
    for (size_t l = 0; l < pair->n; l++)
        if (pair->w[l] > 0)
            count[pair->d[l] > 0][pair->post ? pair->post[l] > 0 : 1]++;
    for (int post = pair->post ? 0 : 1; post < 2; post++) {
        double when = run->data.times[post ? cell->at : cell->base];
        if (count[1][post] == 0)
            return hu_printf(arena, "nobody of the cohort is observed in period %g", when);
        if (count[0][post] == 0)
            return hu_printf(arena, "nobody to compare with in period %g", when);
    }
    return NULL;
}

/* The notes of tasks are static text, or made in the result's arena: only before the parallel part. */
static hu_error *estimate(void *context, size_t k)
{
    did_run *run = context;
    did_cell *cell = &run->cells[k];
    if (cell->reference || cell->note)
        return NULL;
    HU_SCRATCH(scratch);
    size_t *member = HU_NEW_ARRAY(scratch, size_t, run->data.n), n = members(run, cell, member);
    did_2x2 pair = gather(run, cell, member, n, scratch);
    if (run->data.period)
        did_2x2_cross(&pair, scratch);
    else
        did_2x2_panel(&pair, scratch);
    if (!pair.note && !isfinite(pair.att))
        pair.note = "no comparison observation is left after trimming those that resemble the treated too much";
    cell->note = pair.note;
    cell->att = pair.note ? NAN : pair.att;
    for (size_t l = 0; l < n && !pair.note; l++)
        run->scores.x[run->entry[member[l]] * run->scores.m + k + 1] += pair.influence[l];
    return NULL;
}

static void check_members(did_run *run, did_cell *cell)
{
    HU_SCRATCH(scratch);
    size_t *member = HU_NEW_ARRAY(scratch, size_t, run->data.n), n = members(run, cell, member);
    did_2x2 pair = gather(run, cell, member, n, scratch);
    for (size_t l = 0; l < n; l++)
        cell->treated += pair.d[l] > 0;
    cell->controls = n - cell->treated;
    cell->note = nobody(run, cell, &pair, run->arena);
    if (cell->note)
        cell->att = NAN;
}

/** Cost: O(n k^2) a cell and step of the propensity score; cells run in parallel. Memory: entries x (cells + 1). */
hu_error *did_cells_adjusted(did_run *run)
{
    HU_TRY(scores_of_cells(run));
    run->estimands.width = run->scores.strata * run->scores.m;
    for (size_t k = 0; k < run->n_cells; k++)
        if (!run->cells[k].reference)
            check_members(run, &run->cells[k]);
    HU_TRY(hu_parallel(run->n_cells, run->options->threads, estimate, run));
    for (size_t k = 0; k < run->n_cells; k++) {
        size_t j = did_estimand_add(run);
        run->estimands.value[j] = run->cells[k].att;
        for (size_t s = 0; s < run->scores.strata && !run->cells[k].note; s++)
            did_coefficients(run, j, s)[k + 1] = 1;
    }
    return NULL;
}
