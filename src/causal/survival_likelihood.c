/* The partial likelihood and its derivatives. */

#include "survival_parts.h"

#include <math.h>
#include <string.h>

cox_moments cox_moments_new(size_t k, bool with_g, hu_arena *arena)
{
    cox_moments m = {.u = HU_NEW_ARRAY(arena, double, k + 1), .info = HU_NEW_ARRAY(arena, double, k *k + 1)};
    if (with_g) {
        m.ug = HU_NEW_ARRAY(arena, double, k + 1);
        m.info_g = HU_NEW_ARRAY(arena, double, k *k + 1);
        m.info_gg = HU_NEW_ARRAY(arena, double, k *k + 1);
    }
    return m;
}

/* What one time adds: its own score and information, k and k x k (lower triangle). */
typedef struct share {
    double loglik, *u, *info, *mean;
} share;

/*
 * One of the deaths tied at a time: who of them is still there counts in full under Breslow (left = 1 always), and as
 * the share `left` of the dead under Efron, which is 1, (d - 1)/d, …, 1/d for the first to the last.
 */
static void add_death(const cox_risk *risk, double left, double weight, share *out)
{
    size_t k = risk->k;
    double gone = 1 - left, denominator = risk->at.s0 - gone * risk->dead.s0;
    out->loglik -= weight * log(denominator);
    for (size_t j = 0; j < k; j++) {
        out->mean[j] = (risk->at.s1[j] - gone * risk->dead.s1[j]) / denominator;
        out->u[j] -= weight * out->mean[j];
        for (size_t l = 0; l <= j; l++)
            out->info[j * k + l] += weight * ((risk->at.s2[j * k + l] - gone * risk->dead.s2[j * k + l]) / denominator -
                                              out->mean[j] * out->mean[l]);
    }
}

static void one_time(const cox_risk *risk, share *out)
{
    const hu_survival *data = risk->model->data;
    size_t k = risk->k;
    out->loglik = 0;
    memset(out->u, 0, k * sizeof *out->u);
    memset(out->info, 0, k * k * sizeof *out->info);
    for (size_t i = risk->from; i < risk->to; i++) {
        if (data->event[i] != risk->model->cause)
            continue;
        double w = surv_weight(data, i);
        out->loglik += w * log(risk->r[i] / w); /* x b */
        for (size_t j = 0; j < k; j++)
            out->u[j] += w * data->x[i * k + j];
    }
    if (risk->model->ties == HU_BRESLOW || risk->deaths == 1) {
        add_death(risk, 1, risk->weight, out);
        return;
    }
    double d = (double)risk->deaths;
    for (size_t l = 0; l < risk->deaths; l++)
        add_death(risk, 1 - (double)l / d, risk->weight / d, out);
}

static void add_scaled(double *to, const double *from, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += by * from[i];
}

static void fill_upper(double *a, size_t k)
{
    for (size_t j = 0; j < k; j++)
        for (size_t l = 0; l < j; l++)
            a[l * k + j] = a[j * k + l];
}

static void add_time(const share *s, size_t k, const double *g, cox_moments *out)
{
    out->loglik += s->loglik;
    add_scaled(out->u, s->u, 1, k);
    add_scaled(out->info, s->info, 1, k * k);
    if (g) {
        add_scaled(out->ug, s->u, *g, k);
        add_scaled(out->info_g, s->info, *g, k * k);
        add_scaled(out->info_gg, s->info, *g * *g, k * k);
    }
}

void cox_moments_at(const cox_model *model, const double *b, const double *g, cox_moments *out)
{
    HU_SCRATCH(scratch);
    size_t k = model->k;
    double *r = HU_NEW_ARRAY(scratch, double, model->data->n);
    share s = {.u = HU_NEW_ARRAY(scratch, double, k + 1),
               .info = HU_NEW_ARRAY(scratch, double, k *k + 1),
               .mean = HU_NEW_ARRAY(scratch, double, k + 1)};
    out->loglik = 0;
    memset(out->u, 0, k * sizeof *out->u);
    memset(out->info, 0, k * k * sizeof *out->info);
    if (!cox_relative_risk(model, b, r)) {
        out->loglik = NAN;
        return;
    }
    cox_risk risk;
    cox_risk_start(&risk, model, r, true, scratch);
    for (size_t stratum = 0; stratum < model->data->strata; stratum++) {
        cox_risk_stratum(&risk, stratum);
        while (cox_risk_next(&risk)) {
            one_time(&risk, &s);
            add_time(&s, k, g ? &g[risk.from] : NULL, out);
        }
    }
    fill_upper(out->info, k);
    if (g) {
        fill_upper(out->info_g, k);
        fill_upper(out->info_gg, k);
    }
}
