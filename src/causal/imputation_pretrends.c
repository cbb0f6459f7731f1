/* Effects before treatment, by a regression among untreated rows. */

#include "imputation_parts.h"

#include "huella/numerics/cluster.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

void imputation_note(imputation *m, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    did_vnote(m->arena, &m->result->warnings, &m->result->n_warnings, format, args);
    va_end(args);
}

/* Regressors: one for each event time before treatment that occurs, then the covariates. */
typedef struct leads {
    did_rows rows;
    hu_factor effects[2], cluster;
    size_t count, k; /* leads; leads and covariates */
    double *at;      /* their event times, ascending */
    double *x, *y, *w;
} leads;

static double event_time(const did_rows *rows, size_t i)
{
    return rows->time->numbers[rows->row[i]] - did_rows_cohort(rows, i);
}

static void list_leads(imputation *m, leads *l)
{
    bool *occurs = HU_NEW_ARRAY(m->scratch, bool, (size_t)m->leads + 1);
    for (size_t i = 0; i < l->rows.n; i++)
        for (int lead = 1; lead <= m->leads; lead++)
            occurs[lead] |= event_time(&l->rows, i) == -lead;
    l->at = HU_NEW_ARRAY(m->scratch, double, (size_t)m->leads);
    for (int lead = m->leads; lead >= 1; lead--)
        if (occurs[lead])
            l->at[l->count++] = -lead;
}

static hu_error *fill(imputation *m, leads *l)
{
    did_fixed values;
    did_rows_values(&l->rows, m->scratch, &values);
    l->k = l->count + values.k;
    l->y = values.y;
    l->w = values.w;
    l->x = HU_NEW_ARRAY(m->scratch, double, values.n * l->k);
    for (size_t i = 0; i < values.n; i++)
        for (size_t j = 0; j < l->count; j++)
            l->x[j * values.n + i] = event_time(&l->rows, i) == l->at[j];
    memcpy(l->x + l->count * values.n, values.x, values.n * values.k * sizeof *l->x);
    hu_two_way *fit;
    HU_TRY(hu_two_way_new(&l->effects[0], &l->effects[1], l->w, values.n, m->scratch, &fit));
    hu_two_way_residuals(fit, l->y, NULL, NULL);
    for (size_t j = 0; j < l->k; j++) {
        double *x = l->x + j * values.n, length = cblas_dnrm2((int)values.n, x, 1);
        hu_two_way_residuals(fit, x, NULL, NULL);
        did_zero_absorbed(x, values.n, length);
    }
    return NULL;
}

/* Are all leads zero? A Wald test on those that were estimated. */
static void test(imputation *m, const leads *l, const hu_fit *fit, const double *variance)
{
    double *b = HU_NEW_ARRAY(m->scratch, double, l->count), *v = HU_NEW_ARRAY(m->scratch, double, l->count * l->count);
    size_t *kept = HU_NEW_ARRAY(m->scratch, size_t, l->count), df = 0;
    for (size_t j = 0; j < l->count; j++)
        if (!fit->dropped[j])
            kept[df++] = j;
    for (size_t j = 0; j < df; j++) {
        b[j] = fit->coefficients[kept[j]];
        for (size_t i = 0; i < df; i++)
            v[i + j * df] = variance[kept[i] + kept[j] * l->k];
    }
    if (df == 0)
        return;
    m->result->pretrend_statistic = hu_quadratic_inverse(v, df, b);
    m->result->pretrend_df = (int)df;
    m->result->pretrend_p = hu_chi_square_upper(m->result->pretrend_statistic, (double)df);
}

/* Without variation of leads within units and periods (or enough rows) there is no test, but effects remain. */
static bool regress(imputation *m, leads *l, hu_fit *fit, double **variance)
{
    hu_error *error = hu_least_squares(l->x, l->rows.n, l->k, l->y, l->w, m->scratch, fit);
    if (!error) {
        size_t parameters = hu_count_parameters(fit->rank, l->effects, 2, &l->cluster);
        error = hu_cluster_variance(fit, l->x, l->w, &l->cluster, HU_CR1S, parameters, m->scratch, variance);
    }
    if (error)
        imputation_note(m, "effects before treatment cannot be estimated: %s", error->message);
    bool done = error == NULL;
    hu_error_free(error);
    return done;
}

hu_error *imputation_pretrends(imputation *m, const did_rows *untreated)
{
    leads l = {.rows = *untreated};
    l.rows.row = HU_NEW_ARRAY(m->scratch, uint32_t, untreated->n + 1);
    memcpy(l.rows.row, untreated->row, untreated->n * sizeof *l.rows.row);
    const char **notes = NULL; /* about rows alone in an effect: of no interest beside the effects */
    size_t n_notes = 0;
    did_rows_drop_singletons(&l.rows, m->scratch, l.effects, m->scratch, &notes, &n_notes);
    if (l.rows.n == 0)
        return NULL;
    list_leads(m, &l);
    if (l.count == 0)
        return NULL;
    did_rows_clusters(&l.rows, &l.effects[0], m->scratch, &l.cluster);
    HU_TRY(fill(m, &l));
    hu_fit fit;
    double *variance;
    if (!regress(m, &l, &fit, &variance))
        return NULL;
    for (size_t j = 0; j < l.count; j++) {
        if (fit.dropped[j]) {
            imputation_note(m, "the effect at event time %g is not identified: units and periods determine it",
                            l.at[j]);
            continue;
        }
        m->result->event_study[m->result->n_event_study++] =
            (hu_did_cell){l.at[j], imputation_effect(m, fit.coefficients[j], sqrt(variance[j + j * l.k]))};
    }
    test(m, &l, &fit, variance);
    return NULL;
}
