/* From rows to a balanced panel of units, or of clusters whose rows are summed up. */

#include "did_panel.h"

#include "huella/numerics/sums.h"

#include <math.h>

/* Units under construction: all of the rows, before some are left out. */
typedef struct draft {
    size_t units, periods;
    double *y;         /* units x periods */
    bool *complete;    /* units */
    uint32_t *row_one; /* units: an index into rows */
} draft;

/* One row a unit and period. */
static hu_error *place_units(const did_rows *rows, hu_arena *arena, draft *d)
{
    d->units = rows->unit_of.levels;
    d->row_one = rows->unit_of.first;
    HU_SCRATCH(scratch);
    uint32_t *slot = HU_NEW_ARRAY(scratch, uint32_t, d->units * d->periods);
    HU_TRY(did_rows_place(rows, NULL, slot, scratch));
    d->y = HU_NEW_ARRAY(arena, double, d->units * d->periods);
    d->complete = HU_NEW_ARRAY(arena, bool, d->units);
    for (size_t u = 0; u < d->units; u++) {
        d->complete[u] = true;
        for (size_t t = 0; t < d->periods; t++) {
            size_t i = slot[u * d->periods + t];
            d->complete[u] &= i > 0;
            d->y[u * d->periods + t] = i ? hu_number_at(rows->outcome, rows->row[i - 1]) : NAN;
        }
    }
    return NULL;
}

/* Any number of rows a cluster and period: their mean, or their sum as a share of the period's mean cluster. */
static hu_error *place_clusters(const did_rows *rows, bool totals, hu_arena *room, hu_arena *arena, draft *d)
{
    hu_factor cluster;
    hu_factor_column(rows->cluster, rows->row, rows->n, room, &cluster);
    d->units = cluster.levels;
    d->row_one = cluster.first;
    size_t cells = d->units * d->periods;
    HU_SCRATCH(scratch);
    hu_sum *sum = HU_NEW_ARRAY(scratch, hu_sum, cells);
    double *count = HU_NEW_ARRAY(scratch, double, cells), *in_period = HU_NEW_ARRAY(scratch, double, d->periods);
    d->y = HU_NEW_ARRAY(arena, double, cells);
    d->complete = HU_NEW_ARRAY(arena, bool, d->units);
    for (size_t i = 0; i < rows->n; i++) {
        size_t c = cluster.code[i], t = rows->period_of.code[i];
        if (did_rows_cohort(rows, i) != did_rows_cohort(rows, cluster.first[c]))
            return did_rows_fail(rows, i, rows->cohort->name,
                                 "rows of one cluster were first treated in different periods: expected one cohort for "
                                 "each cluster, as the rollout assigned it",
                                 arena);
        hu_sum_add(&sum[c * d->periods + t], hu_number_at(rows->outcome, rows->row[i]));
        count[c * d->periods + t]++;
        in_period[t]++;
    }
    for (size_t c = 0; c < d->units; c++) {
        d->complete[c] = true;
        for (size_t t = 0; t < d->periods; t++) {
            size_t at = c * d->periods + t;
            d->y[at] = hu_sum_value(&sum[at]) * (totals ? (double)d->units / in_period[t] : 1 / count[at]);
            d->complete[c] &= totals || count[at] > 0;
        }
    }
    return NULL;
}

/* Which units stay, and their cohorts. The outcomes of those who stay move up within the draft's. */
static void keep_units(const did_rows *rows, const draft *d, bool keep_always, hu_arena *arena, did_panel *panel)
{
    HU_SCRATCH(scratch);
    double *cohort = HU_NEW_ARRAY(scratch, double, d->units);
    panel->row = HU_NEW_ARRAY(arena, uint32_t, d->units);
    panel->y = d->y;
    for (size_t u = 0; u < d->units; u++) {
        double g = did_rows_cohort(rows, d->row_one[u]);
        if (!d->complete[u]) {
            panel->incomplete++;
        } else if (g <= panel->times[0] && !keep_always) {
            panel->always++;
        } else {
            cohort[panel->units] = g;
            panel->row[panel->units] = rows->row[d->row_one[u]];
            for (size_t t = 0; t < d->periods; t++)
                panel->y[panel->units * d->periods + t] = d->y[u * d->periods + t];
            panel->units++;
        }
    }
    hu_factor levels;
    hu_factor_numbers(cohort, panel->units, arena, &levels);
    panel->cohorts = levels.levels;
    panel->cohort_of = levels.code;
    panel->cohort = HU_NEW_ARRAY(arena, double, levels.levels + 1);
    panel->size = HU_NEW_ARRAY(arena, size_t, levels.levels + 1);
    for (size_t g = 0; g < levels.levels; g++)
        panel->cohort[g] = cohort[levels.first[g]];
    for (size_t u = 0; u < panel->units; u++)
        panel->size[levels.code[u]]++;
}

static hu_error *check(const did_rows *rows, const did_panel *panel, const char *what)
{
    if (panel->units == 0)
        return hu_fail(HU_EMPTY,
                       "%s: no %s is left: %zu of them are not observed in every one of the %zu periods, %zu "
                       "are treated from the first period on",
                       rows->table->source, what, panel->incomplete, panel->periods, panel->always);
    if (panel->cohorts == 1 && isinf(panel->cohort[0]))
        return did_rows_nobody_treated(rows);
    return NULL;
}

hu_error *did_panel_build(const hu_table *table, const hu_did_columns *names, const did_panel_options *options,
                          hu_arena *arena, hu_arena *note_arena, const char ***notes, size_t *n_notes, did_panel *panel)
{
    *panel = (did_panel){0};
    HU_SCRATCH(room); /* for what lives no longer than the rows: the panel is in `arena` */
    did_rows rows;
    HU_TRY(did_rows_complete(table, names, room, &rows));
    did_rows_close(&rows);
    const char *what = options->aggregate ? "cluster" : "unit";
    if (options->aggregate ? !rows.cluster : !rows.unit)
        return hu_fail(HU_USAGE, "a panel needs the column of its %ss", what);
    hu_factor_column(rows.time, rows.row, rows.n, room, &rows.period_of);
    draft d = {.periods = rows.period_of.levels};
    panel->periods = d.periods;
    panel->times = HU_NEW_ARRAY(arena, double, d.periods);
    for (size_t t = 0; t < d.periods; t++)
        panel->times[t] = hu_number_at(rows.time, rows.row[rows.period_of.first[t]]);
    if (!options->aggregate)
        hu_factor_column(rows.unit, rows.row, rows.n, room, &rows.unit_of);
    HU_TRY(options->aggregate ? place_clusters(&rows, options->totals, room, arena, &d)
                              : place_units(&rows, arena, &d));
    panel->n = rows.n;
    panel->dropped = rows.dropped;
    keep_units(&rows, &d, options->keep_always, arena, panel);
    HU_TRY(check(&rows, panel, what));
    if (panel->incomplete)
        did_note(note_arena, notes, n_notes, "%zu %ss are not observed in every period and are left out%s",
                 panel->incomplete, what,
                 options->aggregate ? "; totals (--aggregate total) keep them, a period without rows being zero" : "");
    if (panel->always)
        did_note(note_arena, notes, n_notes, "%zu %ss were treated from the first period on and are left out",
                 panel->always, what);
    return NULL;
}

size_t did_panel_period(const did_panel *panel, double time)
{
    size_t t = 0;
    while (t < panel->periods && panel->times[t] < time)
        t++;
    return t;
}
