/* The test of proportional hazards. */

#include "survival_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/order.h"
#include "huella/numerics/symmetric.h"

#include <math.h>

/* All rows as one stratum without weights, in the order that is found. Rows of one stratum are in it already. */
static hu_survival pooled(const cox_model *model, uint32_t **order, hu_arena *scratch)
{
    const hu_survival *data = model->data;
    size_t n = data->n;
    hu_survival all = {.n = n, .strata = 1, .causes = 1};
    all.first = HU_NEW_ARRAY(scratch, size_t, 2);
    all.first[1] = n;
    *order = NULL;
    if (data->strata == 1 && data->causes == 1) {
        all.stop = data->stop;
        all.event = data->event;
        all.start = data->start;
        all.entry = data->entry;
        return all;
    }
    *order = hu_order_numbers(data->stop, n, scratch);
    all.stop = HU_NEW_ARRAY(scratch, double, n);
    all.event = HU_NEW_ARRAY(scratch, uint32_t, n);
    all.start = data->start ? HU_NEW_ARRAY(scratch, double, n) : NULL;
    for (size_t i = 0; i < n; i++) {
        all.stop[i] = data->stop[(*order)[i]];
        all.event[i] = data->event[(*order)[i]] == model->cause;
        if (all.start)
            all.start[i] = data->start[(*order)[i]];
    }
    all.entry = all.start ? hu_order_numbers(all.start, n, scratch) : NULL;
    return all;
}

/* g(t) = 1 - S(t-) at each row's stop, S Kaplan & Meier's over all strata, less its mean over events. */
static double *time_function(const cox_model *model, hu_arena *scratch)
{
    size_t n = model->data->n;
    double *g = HU_NEW_ARRAY(scratch, double, n), s = 1;
    HU_SCRATCH(room);
    uint32_t *order; /* NULL: as they are */
    hu_survival all = pooled(model, &order, room);
    surv_step step = surv_first(&all, 0, room);
    hu_sum mean = {0};
    while (surv_next(&all, 0, &step)) {
        for (size_t i = step.from; i < step.to; i++)
            g[order ? order[i] : i] = 1 - s;
        hu_sum_add(&mean, step.died[0] * (1 - s));
        s *= 1 - step.died[0] / step.at_risk;
    }
    for (size_t i = 0; i < n; i++)
        g[i] -= hu_sum_value(&mean) / (double)model->events;
    return g;
}

/*
 * The score test of b_j(t) = b_j + c_j g(t) for the covariates in `tested`, at the fit: (0, ug)' I^-1 (0, ug), I the
 * information about all b and the tested c.
 */
static hu_test score_test(const cox_moments *m, size_t k, const size_t *kept, size_t rank, const size_t *tested,
                          size_t n, const char *name)
{
    HU_SCRATCH(scratch);
    size_t d = rank + n;
    double *info = HU_NEW_ARRAY(scratch, double, d *d), *u = HU_NEW_ARRAY(scratch, double, d);
    for (size_t a = 0; a < d; a++) {
        size_t i = a < rank ? kept[a] : tested[a - rank];
        u[a] = a < rank ? 0 : m->ug[i];
        for (size_t b = 0; b < d; b++) {
            size_t j = b < rank ? kept[b] : tested[b - rank];
            const double *part = a < rank && b < rank ? m->info : a < rank || b < rank ? m->info_g : m->info_gg;
            info[a + b * d] = part[i + j * k];
        }
    }
    hu_test test = {.name = name, .statistic = hu_quadratic_inverse(info, d, u), .df = (int)n};
    test.p = hu_chi_square_upper(test.statistic, test.df);
    return test;
}

void cox_proportional(const cox_model *model, const cox_fit *fit, hu_arena *arena, hu_cox_result *result)
{
    HU_SCRATCH(scratch);
    size_t k = model->k, *kept = HU_NEW_ARRAY(scratch, size_t, k + 1), rank = 0;
    cox_moments m = cox_moments_new(k, true, scratch);
    cox_moments_at(model, fit->b, time_function(model, scratch), &m);
    for (size_t j = 0; j < k; j++)
        if (!fit->dropped[j])
            kept[rank++] = j;
    result->proportional = HU_NEW_ARRAY(arena, hu_test, k + 1);
    for (size_t j = 0; j < k; j++)
        result->proportional[j] = fit->dropped[j] ? (hu_test){.name = model->data->names[j], .statistic = NAN, .p = NAN}
                                                  : score_test(&m, k, kept, rank, &j, 1, model->data->names[j]);
    result->proportional[k] = score_test(&m, k, kept, rank, kept, rank, "GLOBAL");
}
