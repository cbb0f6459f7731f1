/* Effects by time since treatment, as every estimator gives them. */

#include "huella/causal/event_study.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/sup_t.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void hu_event_study_of_did(const hu_did_result *result, hu_arena *arena, hu_event_study *study)
{
    const hu_did_aggregate *from = &result->dynamic;
    *study = (hu_event_study){.cells = HU_NEW_ARRAY(arena, hu_did_cell, from->n_cells + 1),
                              .n = from->n_cells,
                              .variance = from->variance,
                              .df = result->df,
                              .critical = from->critical,
                              .se_type = result->se_type};
    memcpy(study->cells, from->cells, from->n_cells * sizeof *study->cells);
}

static bool event_time_of(const char *name, double *at)
{
    static const char prefix[] = "event_time=";
    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return false;
    *at = strtod(name + strlen(prefix), NULL);
    return true;
}

static const size_t REFERENCE = SIZE_MAX;

/* The period before treatment, zero by construction, in its place among n event times. */
static void add_reference(hu_event_study *study, size_t *from, size_t *n)
{
    size_t at = 0;
    if (*n == 0 || study->cells[0].at >= -1) /* nothing before treatment is measured */
        return;
    while (at < *n && study->cells[at].at < -1)
        at++;
    memmove(study->cells + at + 1, study->cells + at, (*n - at) * sizeof *study->cells);
    memmove(from + at + 1, from + at, (*n - at) * sizeof *from);
    study->cells[at] = (hu_did_cell){-1, {0, NAN, NAN, NAN, NAN, NAN, NAN}};
    from[at] = REFERENCE;
    ++*n;
}

void hu_event_study_of_regression(const hu_regression *result, hu_arena *arena, hu_event_study *study)
{
    size_t k = result->n_coefficients, n = 0, *from = HU_NEW_ARRAY(arena, size_t, k + 2);
    *study = (hu_event_study){.cells = HU_NEW_ARRAY(arena, hu_did_cell, k + 2),
                              .df = result->df,
                              .critical = NAN,
                              .se_type = result->se_type};
    for (size_t j = 0; j < k; j++) {
        const hu_coefficient *c = &result->coefficients[j];
        double at;
        if (!event_time_of(c->name, &at) || isnan(c->estimate))
            continue;
        study->cells[n] = (hu_did_cell){at, {c->estimate, c->se, c->lower, c->upper, c->p, NAN, NAN}};
        from[n++] = j;
    }
    add_reference(study, from, &n);
    study->n = n;
    study->variance = HU_NEW_ARRAY(arena, double, n *n + 1);
    for (size_t b = 0; b < n; b++)
        for (size_t a = 0; a < n; a++)
            if (from[a] != REFERENCE && from[b] != REFERENCE)
                study->variance[a + b * n] = result->variance[from[a] + from[b] * k];
}

void hu_event_study_of_imputation(const hu_imputation_result *result, hu_arena *arena, hu_event_study *study)
{
    *study = (hu_event_study){.cells = HU_NEW_ARRAY(arena, hu_did_cell, result->n_event_study + 1),
                              .n = result->n_event_study,
                              .df = INFINITY,
                              .critical = NAN,
                              .se_type = result->se_type};
    memcpy(study->cells, result->event_study, result->n_event_study * sizeof *study->cells);
}

void hu_event_study_bands(hu_event_study *study, double level, uint64_t seed)
{
    if (!study->variance || !isnan(study->critical))
        return;
    level = level > 0 ? level : 0.95;
    study->critical = hu_sup_t(study->variance, study->n, study->df, level, seed);
    double wider = study->critical / hu_t_quantile(0.5 + level / 2, study->df);
    for (size_t i = 0; i < study->n; i++) {
        hu_effect *e = &study->cells[i].effect;
        e->band_lower = e->estimate - wider * (e->estimate - e->lower);
        e->band_upper = e->estimate + wider * (e->upper - e->estimate);
    }
}
