/* The risk set of a Cox model, from the last time to the first: sums that grow as rows come. */

#include "survival_parts.h"

#include <math.h>
#include <string.h>

static void sums_new(cox_sums *sums, size_t k, bool squares, hu_arena *arena)
{
    sums->s1 = HU_NEW_ARRAY(arena, double, k + 1);
    sums->s2 = squares ? HU_NEW_ARRAY(arena, double, k *k + 1) : NULL;
}

static void sums_clear(cox_sums *sums, size_t k)
{
    sums->s0 = 0;
    sums->rows = 0;
    memset(sums->s1, 0, k * sizeof *sums->s1);
    if (sums->s2)
        memset(sums->s2, 0, k * k * sizeof *sums->s2);
}

static void sums_add(cox_sums *sums, size_t k, double r, const double *x)
{
    sums->s0 += r;
    for (size_t j = 0; j < k; j++) {
        double rx = r * x[j];
        sums->s1[j] += rx;
        if (sums->s2)
            for (size_t l = 0; l <= j; l++)
                sums->s2[j * k + l] += rx * x[l];
    }
}

static void sums_come(cox_sums *sums, size_t k, double r, const double *x)
{
    sums->rows++;
    sums_add(sums, k, r, x);
}

/* The last to go leaves exact zeros, not rounding. */
static void sums_go(cox_sums *sums, size_t k, double r, const double *x)
{
    if (--sums->rows == 0)
        sums_clear(sums, k);
    else
        sums_add(sums, k, -r, x);
}

/* to = a + scale b */
static void sums_combine(cox_sums *to, size_t k, const cox_sums *a, double scale, const cox_sums *b)
{
    to->s0 = a->s0 + scale * b->s0;
    for (size_t j = 0; j < k; j++)
        to->s1[j] = a->s1[j] + scale * b->s1[j];
    for (size_t j = 0; to->s2 && j < k * k; j++)
        to->s2[j] = a->s2[j] + scale * b->s2[j];
}

bool cox_is_ghost(const cox_model *model, size_t row)
{
    return model->stay && model->data->event[row] != 0 && model->data->event[row] != model->cause;
}

bool cox_relative_risk(const cox_model *model, const double *b, double *r)
{
    const hu_survival *data = model->data;
    bool finite = true;
    for (size_t i = 0; i < data->n; i++) {
        const double *x = data->x + i * model->k;
        double eta = 0;
        for (size_t j = 0; j < model->k; j++)
            eta += x[j] * b[j];
        r[i] = surv_weight(data, i) * exp(eta);
        finite &= isfinite(r[i]) != 0;
    }
    return finite;
}

void cox_risk_start(cox_risk *risk, const cox_model *model, const double *r, bool squares, hu_arena *arena)
{
    *risk = (cox_risk){.model = model, .r = r, .k = model->k};
    sums_new(&risk->alive, risk->k, squares, arena);
    sums_new(&risk->dead, risk->k, squares, arena);
    sums_new(&risk->at, risk->k, squares, arena);
    sums_new(&risk->ghosts, risk->k, squares, arena);
}

static void tell(const cox_risk *risk, size_t row, bool ghost, bool comes)
{
    if (risk->seen)
        risk->seen(risk->context, row, ghost, comes);
}

static double ghost_risk(const cox_risk *risk, size_t row)
{
    return risk->r[row] / risk->model->stay[row];
}

/* Seen from the end, every ghost is there already, and goes at its own time. */
void cox_risk_stratum(cox_risk *risk, size_t stratum)
{
    const hu_survival *data = risk->model->data;
    risk->stratum = stratum;
    risk->next = risk->entry = risk->ghost = data->first[stratum + 1];
    sums_clear(&risk->alive, risk->k);
    sums_clear(&risk->ghosts, risk->k);
    for (size_t i = data->first[stratum]; risk->model->stay && i < data->first[stratum + 1]; i++)
        if (cox_is_ghost(risk->model, i)) {
            tell(risk, i, true, true);
            sums_come(&risk->ghosts, risk->k, ghost_risk(risk, i), data->x + i * risk->k);
        }
}

/* The rows that end at risk->time come, those with the event among them into `dead` too. */
static void come(cox_risk *risk)
{
    const hu_survival *data = risk->model->data;
    size_t first = data->first[risk->stratum];
    sums_clear(&risk->dead, risk->k);
    risk->deaths = 0;
    risk->weight = 0;
    risk->to = risk->next;
    for (; risk->next > first && data->stop[risk->next - 1] == risk->time; risk->next--) {
        size_t i = risk->next - 1;
        const double *x = data->x + i * risk->k;
        tell(risk, i, false, true);
        sums_come(&risk->alive, risk->k, risk->r[i], x);
        if (data->event[i] == risk->model->cause) {
            risk->deaths++;
            risk->weight += surv_weight(data, i);
            sums_come(&risk->dead, risk->k, risk->r[i], x);
        }
    }
    risk->from = risk->next;
}

/* Rows that start at risk->time or later are not at risk at it; ghosts are from after their own time on. */
static void go(cox_risk *risk)
{
    const hu_survival *data = risk->model->data;
    size_t first = data->first[risk->stratum];
    for (; data->start && risk->entry > first; risk->entry--) {
        size_t i = data->entry[risk->entry - 1];
        if (data->start[i] < risk->time)
            break;
        tell(risk, i, false, false);
        sums_go(&risk->alive, risk->k, risk->r[i], data->x + i * risk->k);
    }
    for (; risk->model->stay && risk->ghost > first; risk->ghost--) {
        size_t i = risk->ghost - 1;
        if (data->stop[i] < risk->time)
            break;
        if (cox_is_ghost(risk->model, i)) {
            tell(risk, i, true, false);
            sums_go(&risk->ghosts, risk->k, ghost_risk(risk, i), data->x + i * risk->k);
        }
    }
}

bool cox_risk_next(cox_risk *risk)
{
    const hu_survival *data = risk->model->data;
    while (risk->next > data->first[risk->stratum]) {
        risk->time = data->stop[risk->next - 1];
        come(risk);
        if (risk->deaths == 0)
            continue;
        go(risk);
        risk->stay = risk->model->stay ? risk->model->stay[risk->from] : 1;
        sums_combine(&risk->at, risk->k, &risk->alive, risk->model->stay ? risk->stay : 0, &risk->ghosts);
        return true;
    }
    return false;
}
