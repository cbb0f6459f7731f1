/* Fine and Gray's regression of a subdistribution hazard. */

#include "survival_parts.h"

#include <math.h>
#include <string.h>

/*
 * G(t-) at each row's stop: the product over censoring times before it of 1 - censored / at risk, within its stratum.
 * events_first: who has an event at a censoring time has left by then (survival::finegray); else they count as at risk
 * (cmprsk::crr).
 */
static double *staying(const hu_survival *data, bool events_first, hu_arena *scratch)
{
    double *stay = HU_NEW_ARRAY(scratch, double, data->n);
    for (size_t s = 0; s < data->strata; s++) {
        surv_step step = surv_first(data, s, scratch);
        double g = 1;
        while (surv_next(data, s, &step)) {
            double censored = 0, events = 0;
            for (size_t i = step.from; i < step.to; i++) {
                stay[i] = g;
                if (data->event[i])
                    events++;
                else
                    censored++;
            }
            double at_risk = step.at_risk - (events_first ? events : 0);
            if (censored > 0)
                g *= 1 - censored / at_risk;
        }
    }
    return stay;
}

/* Sums over event times t >= the entry's of G(t-) dH(t) and G(t-) xbar(t) dH(t), from the last time to the first. */
typedef struct weighed_hazard {
    size_t n;
    double *time, *h0, *h1; /* n; n x k */
} weighed_hazard;

static void weigh_hazard(cox_risk *risk, size_t stratum, weighed_hazard *out)
{
    size_t k = risk->k;
    double h0 = 0;
    out->n = 0;
    cox_risk_stratum(risk, stratum);
    while (cox_risk_next(risk)) {
        double dh = risk->stay * risk->weight / risk->at.s0;
        double *h1 = out->h1 + out->n * k;
        h0 += dh;
        for (size_t j = 0; j < k; j++)
            h1[j] = (out->n ? h1[j - k] : 0) + dh * risk->at.s1[j] / risk->at.s0;
        out->time[out->n] = risk->time;
        out->h0[out->n++] = h0;
    }
}

/*
 * What estimating G adds to the scores (Fine & Gray 1999, eq. 7): psi_i = integral of q(u) / Y(u) dM_i^c(u), with q(u)
 * the sum over ghosts that ended before u of r/G(T-) times the sum over event times t >= u of (x - xbar(t)) G(t-)
 * dH(t). At u = t the jump of G at u is not in G(t-), so strictly t > u belongs here; crr() takes t >= u, and so do
 * we, to be comparable with it.
 */
static void add_censoring(const cox_model *model, const double *r, size_t stratum, const weighed_hazard *h,
                          hu_arena *scratch, double *scores)
{
    const hu_survival *data = model->data;
    size_t k = model->k, left = h->n;
    double *q = HU_NEW_ARRAY(scratch, double, k), *compensator = HU_NEW_ARRAY(scratch, double, k),
           *s1 = HU_NEW_ARRAY(scratch, double, k), s0 = 0;
    surv_step step = surv_first(data, stratum, scratch);
    while (surv_next(data, stratum, &step)) {
        while (left > 0 && h->time[left - 1] < step.time)
            left--;
        double censored = 0;
        for (size_t i = step.from; i < step.to; i++)
            censored += data->event[i] == 0;
        for (size_t j = 0; j < k; j++) {
            q[j] = left ? s1[j] * h->h0[left - 1] - s0 * h->h1[(left - 1) * k + j] : 0;
            compensator[j] += q[j] * censored / (step.at_risk * step.at_risk);
        }
        for (size_t i = step.from; i < step.to; i++) {
            double *to = scores + data->cluster[i] * k;
            for (size_t j = 0; j < k; j++)
                to[j] += (data->event[i] == 0 ? q[j] / step.at_risk : 0) - compensator[j];
            if (!cox_is_ghost(model, i))
                continue;
            double weight = r[i] / model->stay[i];
            s0 += weight;
            for (size_t j = 0; j < k; j++)
                s1[j] += weight * data->x[i * k + j];
        }
    }
}

static void censoring_scores(const cox_model *model, const double *b, double *scores)
{
    HU_SCRATCH(scratch);
    size_t n = model->data->n, k = model->k;
    double *r = HU_NEW_ARRAY(scratch, double, n);
    weighed_hazard h = {.time = HU_NEW_ARRAY(scratch, double, model->events + 1),
                        .h0 = HU_NEW_ARRAY(scratch, double, model->events + 1),
                        .h1 = HU_NEW_ARRAY(scratch, double, (model->events + 1) * k)};
    cox_relative_risk(model, b, r);
    cox_risk risk;
    cox_risk_start(&risk, model, r, false, scratch);
    for (size_t s = 0; s < model->data->strata; s++) {
        weigh_hazard(&risk, s, &h);
        add_censoring(model, r, s, &h, scratch, scores);
    }
}

static hu_error *check(const hu_survival *data, const cox_model *model)
{
    if (data->k == 0)
        return hu_fail(HU_USAGE, "Fine and Gray's model needs covariates (--covariates)");
    if (data->start || data->weight)
        return hu_fail(HU_USAGE,
                       "Fine and Gray's model takes durations from the beginning without weights: no column of "
                       "start, weights or time of treatment; a cause-specific Cox model (--cause) does");
    if (model->cause > data->causes || model->events == 0)
        return hu_fail(HU_EMPTY, "%s: no event of this cause", data->source);
    return NULL;
}

hu_error *hu_fine_gray(const hu_survival *data, const hu_cox_options *options, hu_arena *arena, hu_cox_result **out)
{
    HU_SCRATCH(scratch);
    cox_model model = {.data = data, .ties = options->ties, .cause = options->cause ? options->cause : 1, .k = data->k};
    cox_fit fit;
    for (size_t i = 0; i < data->n; i++)
        model.events += data->event[i] == model.cause;
    HU_TRY(check(data, &model));
    model.stay = staying(data, model.ties == HU_EFRON, scratch);
    HU_TRY(cox_newton(&model, scratch, &fit));
    hu_cox_result *result = *out = HU_NEW(arena, hu_cox_result);
    result->robust = true;
    result->se_type = model.ties == HU_EFRON
                          ? "robust, weights taken as known (survival::finegray), by case or cluster"
                          : "robust, with the estimation of the weights (Fine & Gray; cmprsk::crr), by case or cluster";
    double *scores = HU_NEW_ARRAY(scratch, double, data->clusters * data->k);
    cox_scores(&model, fit.b, scores);
    if (model.ties == HU_BRESLOW)
        censoring_scores(&model, fit.b, scores);
    cox_report(&model, &fit, scores, options->level, arena, result);
    return NULL;
}
