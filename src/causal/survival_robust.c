/* Score residuals of a Cox or Fine-Gray model, summed by cluster. */

#include "survival_parts.h"

#include <string.h>

/*
 * The score residual of a row is w times the sum over events of (x - xbar(t)) dM(t) (Therneau, Grambsch & Fleming
 * 1990). Walking backwards, h0 and h1 are the sums over times so far of dH and xbar dH, so a row gathers
 * r (x (h0' - h0) - (h1' - h1)) between when it comes (no prime) and when it goes (prime). For ghosts dH is weighed by
 * G(t-) (h0 and h1 of their own).
 */
typedef struct residuals {
    const cox_model *model;
    const double *r;
    double h0, *h1, g0, *g1; /* of rows, of ghosts */
    double *scores;
} residuals;

static void add_part(residuals *res, size_t row, double r, double h0, const double *h1)
{
    const hu_survival *data = res->model->data;
    size_t k = res->model->k;
    double *to = res->scores + data->cluster[row] * k;
    const double *x = data->x + row * k;
    for (size_t j = 0; j < k; j++)
        to[j] += r * (x[j] * h0 - h1[j]);
}

static void seen(void *context, size_t row, bool ghost, bool comes)
{
    residuals *res = context;
    double sign = comes ? 1 : -1;
    if (ghost)
        add_part(res, row, sign * res->r[row] / res->model->stay[row], res->g0, res->g1);
    else
        add_part(res, row, sign * res->r[row], res->h0, res->h1);
}

/*
 * One time. Under Efron the dead count as 1, (d-1)/d, …: the increments of a row that dies here are short of those of
 * the others by c0, c1 (Therneau & Grambsch 2000, section 7.2), and its own event is measured against the mean of the
 * means.
 */
static void one_time(residuals *res, const cox_risk *risk, double *mean, double *c1)
{
    const hu_survival *data = res->model->data;
    size_t k = risk->k, parts = res->model->ties == HU_EFRON ? risk->deaths : 1;
    double c0 = 0;
    memset(mean, 0, k * sizeof *mean);
    memset(c1, 0, k * sizeof *c1);
    for (size_t l = 0; l < parts; l++) {
        double gone = (double)l / (double)parts, below = risk->at.s0 - gone * risk->dead.s0;
        double dh = risk->weight / (double)parts / below;
        res->h0 += dh;
        res->g0 += risk->stay * dh;
        c0 += gone * dh;
        for (size_t j = 0; j < k; j++) {
            double xbar = (risk->at.s1[j] - gone * risk->dead.s1[j]) / below;
            mean[j] += xbar / (double)parts;
            res->h1[j] += xbar * dh;
            res->g1[j] += risk->stay * xbar * dh;
            c1[j] += gone * xbar * dh;
        }
    }
    for (size_t i = risk->from; i < risk->to; i++) {
        if (data->event[i] != res->model->cause)
            continue;
        add_part(res, i, surv_weight(data, i), 1, mean);
        add_part(res, i, res->r[i], c0, c1);
    }
}

void cox_scores(const cox_model *model, const double *b, double *scores)
{
    HU_SCRATCH(scratch);
    const hu_survival *data = model->data;
    size_t k = model->k;
    double *r = HU_NEW_ARRAY(scratch, double, data->n), *mean = HU_NEW_ARRAY(scratch, double, k + 1),
           *c1 = HU_NEW_ARRAY(scratch, double, k + 1);
    residuals res = {.model = model,
                     .r = r,
                     .h1 = HU_NEW_ARRAY(scratch, double, k + 1),
                     .g1 = HU_NEW_ARRAY(scratch, double, k + 1),
                     .scores = scores};
    memset(scores, 0, data->clusters * k * sizeof *scores);
    cox_relative_risk(model, b, r);
    cox_risk risk;
    cox_risk_start(&risk, model, r, false, scratch);
    risk.seen = seen;
    risk.context = &res;
    for (size_t s = 0; s < data->strata; s++) {
        res.h0 = res.g0 = 0;
        memset(res.h1, 0, k * sizeof *res.h1);
        memset(res.g1, 0, k * sizeof *res.g1);
        cox_risk_stratum(&risk, s);
        while (cox_risk_next(&risk))
            one_time(&res, &risk, mean, c1);
        /* Who is still there at the beginning goes now. */
        for (size_t i = data->first[s]; i < data->first[s + 1]; i++)
            if (!data->start && i >= risk.next)
                seen(&res, i, false, false);
        for (size_t e = data->first[s]; data->start && e < risk.entry; e++)
            seen(&res, data->entry[e], false, false);
        for (size_t i = data->first[s]; model->stay && i < risk.ghost; i++)
            if (cox_is_ghost(model, i))
                seen(&res, i, true, false);
    }
}
