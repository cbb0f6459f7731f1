/*
 * Group-time average treatment effects (Callaway & Sant'Anna 2021). The way of the data:
 *
 *   did_rows.c       rows without missing values; who is never treated
 *   did_data.c       observations in the order of cohorts
 *   did_cells.c      the comparisons; without covariates also their estimates and scores
 *   did_adjusted.c   with covariates: each comparison by did_2x2.c (panel) or did_2x2_cross.c
 *   did_aggregate.c  simple, group, dynamic, calendar: sums of cells with estimated weights
 *   did_scores.c     variances and bootstrap draws from influence functions
 *   did_effects.c    errors, intervals, bands, the pre-trend test
 */

#include "did_rows.h"

#include <math.h>
#include <string.h>

void did_warn(did_run *run, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    did_vnote(run->arena, &run->result->warnings, &run->result->n_warnings, format, args);
    va_end(args);
}

static void weigh_cohorts(did_run *run)
{
    double *weight = HU_NEW_ARRAY(run->scratch, double, run->data.cohorts);
    for (size_t c = 0; c < run->data.cohorts; c++)
        for (size_t i = run->data.start[c]; i < run->data.start[c + 1]; i++)
            weight[c] += run->data.w[i];
    run->cohort_weight = weight;
}

/* As `did`: a cohort smaller than five and the covariates (a period, in cross-sections) is pointed out. */
static void warn_small_cohorts(did_run *run)
{
    const did_data *data = &run->data;
    for (size_t c = 0; c < data->cohorts; c++) {
        double size = (double)(data->start[c + 1] - data->start[c]) / (data->period ? (double)data->periods : 1);
        if (size >= (double)data->k - 1 + 5)
            continue;
        const char *who = isinf(data->cohort[c]) ? "those never treated"
                                                 : hu_printf(run->scratch, "the cohort of %g", data->cohort[c]);
        did_warn(run,
                 data->period ? "%s: %.3g observations a period on average: intervals that rest on large samples "
                                "are too short"
                              : "%s: %.3g units only: intervals that rest on large samples are too short",
                 who, size);
    }
}

/* A cohort none of whose comparisons could be made is in no average at all. */
static void warn_lost_cohorts(did_run *run)
{
    for (size_t c = 0; c < run->data.cohorts; c++) {
        size_t cells = 0, failed = 0;
        const char *why = NULL;
        for (size_t k = 0; k < run->n_cells; k++) {
            if (run->cells[k].cohort != c || !run->cells[k].post)
                continue;
            cells++;
            failed += run->cells[k].note != NULL;
            why = why ? why : run->cells[k].note;
        }
        if (cells && failed == cells)
            did_warn(run, "the cohort of %g has no comparison after treatment and is in no average: %s",
                     run->data.cohort[c], why);
    }
}

/* Clusters that are treated within the data. */
static size_t treated_clusters(const did_run *run)
{
    const did_data *data = &run->data;
    size_t treated = 0;
    bool *seen = HU_NEW_ARRAY(run->scratch, bool, data->clusters + 1);
    for (size_t c = 0; c < data->cohorts; c++)
        for (size_t i = data->start[c]; !isinf(data->cohort[c]) && i < data->start[c + 1]; i++) {
            size_t cluster = data->cluster ? data->cluster[i] : i;
            treated += !seen[cluster];
            seen[cluster] = true;
        }
    return treated;
}

/*
 * Below 40 clusters the errors keep their formula, but intervals take each cohort's part n / (n - 1) times
 * (did_scores.c) and use t, with the degrees of freedom of the side that has fewer clusters: Satterthwaite's lie
 * between that and clusters - 2 (Bell & McCaffrey 2002; Donald & Lang 2007). `make check-slow` shows what these cover.
 */
static void count_degrees(did_run *run)
{
    enum { MANY = 40 };
    const did_data *data = &run->data;
    run->result->df = INFINITY;
    if ((!data->cluster && data->period) || data->clusters >= MANY)
        return;
    size_t treated = treated_clusters(run), others = data->clusters - treated;
    size_t fewer = others > 0 && others < treated ? others : treated;
    run->result->df = fewer > 1 ? (double)fewer - 1 : 1;
    did_warn(run,
             "%zu of %zu clusters are treated: intervals use t with %g degrees of freedom and may still be too short; "
             "--permutations gives a set that covers",
             treated, data->clusters, run->result->df);
}

static void warn_cells(did_run *run)
{
    size_t failed = 0;
    warn_lost_cohorts(run);
    count_degrees(run);
    for (size_t k = 0; k < run->n_cells; k++)
        failed += run->cells[k].note != NULL;
    if (failed)
        did_warn(run,
                 "%zu of %zu effects by cohort and period could not be estimated (their notes say why); "
                 "aggregates leave them out",
                 failed, run->n_cells);
}

/* When every comparison failed there is no result, only a reason. */
static hu_error *some_cell(const did_run *run, const char *source)
{
    const char *note = NULL;
    for (size_t k = 0; k < run->n_cells; k++) {
        if (run->cells[k].note)
            note = note ? note : run->cells[k].note;
        else if (!run->cells[k].reference)
            return NULL;
    }
    return note ? hu_fail(HU_SINGULAR, "%s: no effect can be estimated: %s", source, note) : NULL;
}

static void report_cells(did_run *run)
{
    hu_did_result *result = run->result;
    size_t *family = HU_NEW_ARRAY(run->scratch, size_t, run->n_cells + 1);
    result->n_att_gt = run->n_cells;
    result->att_gt = HU_NEW_ARRAY(run->arena, hu_att_gt, run->n_cells + 1);
    for (size_t k = 0; k < run->n_cells; k++)
        family[k] = k;
    double critical = result->critical = did_uniform_critical(run, family, run->n_cells);
    for (size_t k = 0; k < run->n_cells; k++) {
        const did_cell *cell = &run->cells[k];
        result->att_gt[k] = (hu_att_gt){.cohort = run->data.cohort[cell->cohort],
                                        .time = run->data.times[cell->at],
                                        .effect = did_effect(run, k),
                                        .treated = cell->treated,
                                        .controls = cell->controls,
                                        .reference = cell->reference,
                                        .note = cell->note};
        did_effect_band(&result->att_gt[k].effect, critical);
    }
}

static const char *describe_errors(const did_run *run, const hu_did_columns *columns)
{
    const char *by = run->data.cluster  ? hu_printf(run->scratch, "clustered by %s", columns->cluster)
                     : run->data.period ? "rows independent"
                                        : hu_printf(run->scratch, "clustered by %s", columns->unit);
    if (run->draws)
        return hu_printf(run->arena, "multiplier bootstrap of influence functions (Mammen, %d draws), %s",
                         run->options->draws, by);
    if (isfinite(run->result->df))
        return hu_printf(
            run->arena,
            "influence functions, analytic, %s; intervals and p: each cohort's part times n/(n-1) of its n "
            "clusters, t with %g degrees of freedom",
            by, run->result->df);
    return hu_printf(run->arena, "influence functions, analytic, %s", by);
}

static hu_error *check_options(const hu_did_options *options)
{
    if (options->anticipation < 0)
        return hu_fail(HU_USAGE, "anticipation is %d periods: expected zero or more", options->anticipation);
    if (options->draws < 2)
        return hu_fail(HU_USAGE, "%d bootstrap draws: expected at least 2", options->draws);
    if (!(options->level > 0 && options->level < 1))
        return hu_fail(HU_USAGE, "a level of %g: expected a share between 0 and 1, like 0.95", options->level);
    return NULL;
}

hu_error *hu_did(const hu_table *table, const hu_did_columns *columns, const hu_did_options *options, hu_arena *arena,
                 hu_did_result **result)
{
    HU_SCRATCH(scratch);
    hu_did_options filled = *options;
    if (filled.draws == 0)
        filled.draws = 1000;
    if (filled.level == 0)
        filled.level = 0.95;
    HU_TRY(check_options(&filled));
    did_run run = {.options = &filled, .arena = arena, .scratch = scratch, .result = HU_NEW(arena, hu_did_result)};
    HU_TRY(did_data_build(&run, table, columns));
    weigh_cohorts(&run);
    warn_small_cohorts(&run);
    did_cells_list(&run);
    if (run.data.k > 1)
        HU_TRY(did_cells_adjusted(&run));
    else
        did_cells_means(&run);
    HU_TRY(some_cell(&run, table->source));
    warn_cells(&run);
    did_scores_collapse(&run);
    did_aggregates_build(&run);
    did_pretrend(&run);
    if (filled.bootstrap)
        HU_TRY(did_scores_bootstrap(&run));
    report_cells(&run);
    did_aggregates_report(&run);
    if (filled.keep_influence)
        did_scores_influence(&run);
    run.result->clusters = run.data.clusters;
    run.result->se_type = describe_errors(&run, columns);
    *result = run.result;
    return NULL;
}
