/* Regressions on indicators of event time. */

#include "did_events.h"

#include "huella/numerics/cluster.h"

#include <cblas.h>
#include <string.h>

double did_event_time(const did_rows *rows, size_t i)
{
    return did_periods_since(hu_number_at(rows->time, rows->row[i]), did_rows_cohort(rows, i));
}

double *did_events_columns(const did_events *d, const did_fixed *values, hu_arena *arena)
{
    size_t n = values->n;
    double *x = HU_NEW_ARRAY(arena, double, n *(d->count + values->k) + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d->count; j++)
            x[j * n + i] = did_event_time(&d->rows, i) == d->at[j];
    if (values->k)
        memcpy(x + d->count * n, values->x, n * values->k * sizeof *x);
    return x;
}

hu_error *did_events_fill(did_events *d, hu_arena *arena)
{
    did_fixed values;
    did_rows_values(&d->rows, arena, &values);
    d->k = d->count + values.k;
    d->y = values.y;
    d->w = values.w;
    d->x = did_events_columns(d, &values, arena);
    hu_two_way *fit;
    HU_TRY(hu_two_way_new(&d->effects[0], &d->effects[1], d->w, values.n, arena, &fit));
    hu_two_way_residuals(fit, d->y, NULL, NULL);
    for (size_t j = 0; j < d->k; j++) {
        double *x = d->x + j * values.n, length = cblas_dnrm2((int)values.n, x, 1);
        hu_two_way_residuals(fit, x, NULL, NULL);
        did_zero_absorbed(x, values.n, length);
    }
    return NULL;
}

hu_error *did_events_fit(did_events *d, hu_arena *arena)
{
    HU_TRY(hu_least_squares(d->x, d->rows.n, d->k, d->y, d->w, arena, &d->fit));
    d->parameters = hu_count_parameters(d->fit.rank, d->effects, 2, &d->cluster);
    return hu_cluster_variance(&d->fit, d->x, d->w, &d->cluster, HU_CR1S, d->parameters, arena, &d->variance);
}
