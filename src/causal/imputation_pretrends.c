/* Effects before treatment, by a regression among untreated rows. */

#include "did_events.h"
#include "imputation_parts.h"

#include "huella/numerics/distributions.h"
#include "huella/numerics/symmetric.h"

#include <math.h>
#include <string.h>

void imputation_note(imputation *m, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    did_vnote(m->arena, &m->result->warnings, &m->result->n_warnings, format, args);
    va_end(args);
}

static void list_leads(imputation *m, did_events *l)
{
    bool *occurs = HU_NEW_ARRAY(m->scratch, bool, (size_t)m->leads + 1);
    for (size_t i = 0; i < l->rows.n; i++)
        for (int lead = 1; lead <= m->leads; lead++)
            occurs[lead] |= did_event_time(&l->rows, i) == -lead;
    l->at = HU_NEW_ARRAY(m->scratch, double, (size_t)m->leads);
    for (int lead = m->leads; lead >= 1; lead--)
        if (occurs[lead])
            l->at[l->count++] = -lead;
}

/* Are all leads zero? A Wald test on those that were estimated. */
static void test(imputation *m, const did_events *l)
{
    double *b = HU_NEW_ARRAY(m->scratch, double, l->count), *v = HU_NEW_ARRAY(m->scratch, double, l->count * l->count);
    size_t *kept = HU_NEW_ARRAY(m->scratch, size_t, l->count), df = 0;
    for (size_t j = 0; j < l->count; j++)
        if (!l->fit.dropped[j])
            kept[df++] = j;
    for (size_t j = 0; j < df; j++) {
        b[j] = l->fit.coefficients[kept[j]];
        for (size_t i = 0; i < df; i++)
            v[i + j * df] = l->variance[kept[i] + kept[j] * l->k];
    }
    if (df == 0)
        return;
    m->result->pretrend_statistic = hu_quadratic_inverse(v, df, b);
    m->result->pretrend_df = (int)df;
    m->result->pretrend_p = hu_chi_square_upper(m->result->pretrend_statistic, (double)df);
}

/* Without variation of leads within units and periods (or enough rows) there is no test, but effects remain. */
static bool regress(imputation *m, did_events *l, hu_arena *scratch)
{
    hu_error *error = did_events_fit(l, scratch);
    if (error)
        imputation_note(m, "effects before treatment cannot be estimated: %s", error->message);
    bool done = error == NULL;
    hu_error_free(error);
    return done;
}

hu_error *imputation_pretrends(imputation *m, const did_rows *untreated)
{
    HU_SCRATCH(scratch);
    did_events l = {.rows = *untreated};
    l.rows.row = HU_NEW_ARRAY(scratch, uint32_t, untreated->n + 1);
    memcpy(l.rows.row, untreated->row, untreated->n * sizeof *l.rows.row);
    const char **notes = NULL; /* about rows alone in an effect: of no interest beside the effects */
    size_t n_notes = 0;
    did_rows_drop_singletons(&l.rows, scratch, l.effects, scratch, &notes, &n_notes);
    if (l.rows.n == 0)
        return NULL;
    list_leads(m, &l);
    if (l.count == 0)
        return NULL;
    did_rows_clusters(&l.rows, &l.effects[0], scratch, &l.cluster);
    HU_TRY(did_events_fill(&l, scratch));
    if (!regress(m, &l, scratch))
        return NULL;
    for (size_t j = 0; j < l.count; j++) {
        if (l.fit.dropped[j]) {
            imputation_note(m, "the effect at event time %g is not identified: units and periods determine it",
                            l.at[j]);
            continue;
        }
        double se = sqrt(l.variance[j + j * l.k]);
        m->result->event_study[m->result->n_event_study++] =
            (hu_did_cell){l.at[j], imputation_effect(m, l.fit.coefficients[j], se, se)};
    }
    test(m, &l);
    return NULL;
}
