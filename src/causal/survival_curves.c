/* Kaplan-Meier, Nelson-Aalen and Aalen-Johansen curves. */

#include "survival_jackknife.h"
#include "survival_parts.h"

#include "huella/numerics/distributions.h"

#include <math.h>

/* The curve that a walk over one stratum draws. */
typedef enum target { EVENT_FREE, HAZARD, INCIDENCE } target;

typedef struct curve {
    const hu_survival *data;
    target target;
    size_t stratum, cause;
    bool robust;   /* jackknife; else Greenwood's and Nelson's sums */
    double z;      /* of the intervals */
    double free;   /* S just before the step, then after */
    double f;      /* the curve */
    hu_sum spread; /* sum d / (Y (Y - d)), or d / Y^2 */
    jackknife jack;
} curve;

/* Rows that come under observation before this step. */
static void enter(curve *c, size_t *entered, const surv_step *step)
{
    const hu_survival *data = c->data;
    for (; *entered < step->entered; (*entered)++) {
        size_t i = data->entry ? data->entry[*entered] : *entered;
        jackknife_enter(&c->jack, data->cluster[i], surv_weight(data, i));
    }
}

/*
 * What an event and a row at risk add to the influence (survival_jackknife.c), with Y at risk, d ended, h = d/Y:
 *   incidence of k   dP = S(u-)/Y (dN_k - h_k), dQ = (dN - h)/(Y - d), a gathers dP + F_k(u) dQ, b gathers dQ
 *   event-free       -S(t) times the sum of dQ: b gathers dQ, and the curve stands for f
 *   hazard           a gathers (dN - h)/Y
 * Where all end (Y = d), S is 0 from there on and dQ no longer matters.
 */
static void gather(curve *c, const surv_step *step)
{
    const hu_survival *data = c->data;
    double y = step->at_risk, d = step->died[0], left = step->entered == step->to && d == y ? 0 : y - d;
    double q = left > 0 ? 1 / left : 0, p = c->target == HAZARD ? 1 / y : c->target == INCIDENCE ? c->free / y : 0;
    double dk = c->target == INCIDENCE ? step->died[c->cause] : d;
    double fq = c->target == INCIDENCE ? (c->f + c->free * dk / y) * q : 0; /* F_k after the step */
    q = c->target == HAZARD ? 0 : q;
    for (size_t i = step->from; i < step->to; i++) {
        if (!data->event[i])
            continue;
        double w = surv_weight(data, i), own = c->target != INCIDENCE || data->event[i] == c->cause;
        jackknife_event(&c->jack, data->cluster[i], w * (own * p + fq), w * q);
    }
    c->jack.A -= dk / y * p + d / y * fq;
    c->jack.B -= d / y * q;
}

static void leave(curve *c, const surv_step *step)
{
    for (size_t i = step->from; i < step->to; i++)
        jackknife_leave(&c->jack, c->data->cluster[i], surv_weight(c->data, i));
}

static void advance(curve *c, const surv_step *step)
{
    double y = step->at_risk, d = step->died[0], survive = step->entered == step->to && d == y ? 0 : 1 - d / y;
    if (c->target == INCIDENCE)
        c->f += c->free * step->died[c->cause] / y;
    c->free *= survive;
    if (c->target == EVENT_FREE)
        c->f = c->free;
    if (c->target == HAZARD)
        c->f += d / y;
    hu_sum_add(&c->spread, c->target == HAZARD ? d / (y * y) : survive > 0 ? d / (y * (y - d)) : 0);
}

static double standard_error(const curve *c)
{
    if (c->target == EVENT_FREE && c->f == 0)
        return NAN;
    if (c->robust)
        return sqrt(jackknife_variance(&c->jack, c->target == HAZARD ? 0 : c->f));
    return (c->target == HAZARD ? 1 : c->f) * sqrt(hu_sum_value(&c->spread));
}

static hu_curve_point point_of(const curve *c, const surv_step *step)
{
    double se = standard_error(c), lower, upper;
    if (c->target == HAZARD) {
        lower = fmax(0, c->f - c->z * se);
        upper = c->f + c->z * se;
    } else { /* survfit's conf.type = "log" */
        double ratio = c->f > 0 ? exp(c->z * se / c->f) : NAN;
        lower = c->f / ratio;
        upper = c->f * ratio > 1 ? 1 : c->f * ratio;
    }
    return (hu_curve_point){.stratum = c->stratum,
                            .cause = c->target == INCIDENCE ? c->cause : 0,
                            .time = step->time,
                            .at_risk = step->at_risk,
                            .events = step->died[c->target == INCIDENCE ? c->cause : 0],
                            .estimate = c->f,
                            .se = se,
                            .lower = lower,
                            .upper = upper};
}

/* One stratum, one curve: a point at each time at which a row ends. */
static size_t draw(curve *c, hu_curve_point *points, hu_arena *scratch)
{
    const hu_survival *data = c->data;
    surv_step step = surv_first(data, c->stratum, scratch);
    size_t entered = data->first[c->stratum], n = 0;
    c->free = 1;
    c->f = c->target == EVENT_FREE;
    c->spread = (hu_sum){0};
    if (c->robust)
        jackknife_clear(&c->jack, data->cluster, data->first[c->stratum], data->first[c->stratum + 1]);
    while (surv_next(data, c->stratum, &step)) {
        if (c->robust) {
            enter(c, &entered, &step);
            gather(c, &step);
        }
        advance(c, &step);
        if (c->robust)
            leave(c, &step);
        points[n++] = point_of(c, &step);
    }
    return n;
}

static size_t count_times(const hu_survival *data)
{
    size_t times = 0;
    for (size_t s = 0; s < data->strata; s++)
        for (size_t i = data->first[s]; i < data->first[s + 1]; i++)
            times += i == data->first[s] || data->stop[i] != data->stop[i - 1];
    return times;
}

static hu_curves *new_curves(const hu_survival *data, size_t kinds, hu_arena *arena)
{
    hu_curves *curves = HU_NEW(arena, hu_curves);
    curves->points = HU_NEW_ARRAY(arena, hu_curve_point, kinds * count_times(data) + 1);
    return curves;
}

static curve new_curve(const hu_survival *data, target what, bool robust, double level, hu_arena *scratch)
{
    curve c = {
        .data = data, .target = what, .robust = robust, .z = hu_normal_quantile(0.5 + (level > 0 ? level : 0.95) / 2)};
    if (robust)
        jackknife_start(&c.jack, data->clusters, scratch);
    return c;
}

hu_error *hu_kaplan_meier(const hu_survival *data, hu_curve_kind kind, double level, hu_arena *arena, hu_curves **out)
{
    HU_SCRATCH(scratch);
    hu_curves *curves = *out = new_curves(data, 1, arena);
    bool robust = data->clustered || data->weight, hazard = kind == HU_CUMULATIVE_HAZARD;
    curve c = new_curve(data, hazard ? HAZARD : EVENT_FREE, robust, level, scratch);
    for (c.stratum = 0; c.stratum < data->strata; c.stratum++)
        curves->n += draw(&c, curves->points + curves->n, scratch);
    curves->se_type = data->clustered ? "infinitesimal jackknife, summed by cluster"
                      : robust        ? "infinitesimal jackknife, by case"
                      : hazard        ? "Nelson-Aalen: sum of d/Y^2; plain interval"
                                      : "Greenwood; interval on the log scale";
    if (robust && !hazard)
        curves->se_type = hu_printf(arena, "%s; interval on the log scale", curves->se_type);
    return NULL;
}

hu_error *hu_aalen_johansen(const hu_survival *data, double level, hu_arena *arena, hu_curves **out)
{
    HU_SCRATCH(scratch);
    hu_curves *curves = *out = new_curves(data, data->causes + 1, arena);
    curve c = new_curve(data, EVENT_FREE, true, level, scratch);
    for (c.stratum = 0; c.stratum < data->strata; c.stratum++)
        for (c.cause = 0; c.cause <= data->causes; c.cause++) {
            c.target = c.cause ? INCIDENCE : EVENT_FREE;
            curves->n += draw(&c, curves->points + curves->n, scratch);
        }
    curves->se_type = data->clustered ? "infinitesimal jackknife, summed by cluster; interval on the log scale"
                                      : "infinitesimal jackknife, by case; interval on the log scale";
    return NULL;
}
