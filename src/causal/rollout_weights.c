/* Estimands as weights on mean outcomes by cohort and period. Roth & Sant'Anna (2023), section 2.2. */

#include "rollout_parts.h"

#include <math.h>

static double size_of(const rollout *r, size_t g)
{
    return (double)r->panel.size[g];
}

static size_t last_cohort(const rollout *r)
{
    return r->panel.cohorts - 1;
}

/* Adds share times the effect on cohort g in period t: against cohorts treated after both g and t. */
static void add_effect(const rollout *r, const rollout_weights *w, size_t g, size_t t, double share)
{
    size_t periods = r->panel.periods, before = r->from[g] - 1;
    size_t after = r->from[g] > t ? r->from[g] : t;
    double controls = 0;
    for (size_t c = 0; c < r->panel.cohorts; c++)
        if (r->from[c] > after && (!r->options->last_control || c == last_cohort(r)))
            controls += size_of(r, c);
    for (size_t c = 0; c < r->panel.cohorts; c++) {
        double weight = c == g ? share : 0;
        if (r->from[c] > after && (!r->options->last_control || c == last_cohort(r)))
            weight = -share * size_of(r, c) / controls;
        w->theta[c * periods + t] += weight;
        w->pre[c * periods + before] += weight;
    }
}

/* The effect on g in t has a later cohort to compare with. */
static bool identified(const rollout *r, size_t g, size_t t)
{
    size_t end = r->from[last_cohort(r)];
    return r->from[g] < end && t < end;
}

static void simple(const rollout *r, const rollout_weights *w)
{
    double total = 0;
    size_t end = r->from[last_cohort(r)];
    for (size_t g = 0; g < last_cohort(r); g++)
        total += size_of(r, g) * (double)(end - r->from[g]);
    for (size_t g = 0; g < last_cohort(r); g++)
        for (size_t t = r->from[g]; t < end; t++)
            add_effect(r, w, g, t, size_of(r, g) / total);
}

static void by_cohort(const rollout *r, const rollout_weights *w)
{
    double total = 0;
    size_t end = r->from[last_cohort(r)];
    for (size_t g = 0; g < last_cohort(r); g++)
        total += r->from[g] < end ? size_of(r, g) : 0;
    for (size_t g = 0; g < last_cohort(r); g++)
        for (size_t t = r->from[g]; t < end; t++)
            add_effect(r, w, g, t, size_of(r, g) / total / (double)(end - r->from[g]));
}

static void calendar(const rollout *r, const rollout_weights *w)
{
    size_t end = r->from[last_cohort(r)];
    double periods = (double)(end - r->from[0]);
    for (size_t t = r->from[0]; t < end; t++) {
        double total = 0;
        for (size_t g = 0; g < last_cohort(r); g++)
            total += r->from[g] <= t ? size_of(r, g) : 0;
        for (size_t g = 0; g < last_cohort(r); g++)
            if (r->from[g] <= t)
                add_effect(r, w, g, t, size_of(r, g) / total / periods);
    }
}

/* The period at event time e of cohort g; `periods` when there is none, or nothing to compare with. */
static size_t event_period(const rollout *r, size_t g, double e)
{
    double time = r->panel.cohort[g] + e;
    size_t t = did_panel_period(&r->panel, time);
    return t < r->panel.periods && r->panel.times[t] == time && identified(r, g, t) ? t : r->panel.periods;
}

static double event_units(const rollout *r, double e)
{
    double units = 0;
    for (size_t g = 0; g < last_cohort(r); g++)
        units += event_period(r, g, e) < r->panel.periods ? size_of(r, g) : 0;
    return units;
}

static void event_time(const rollout *r, const rollout_weights *w, double units)
{
    for (size_t g = 0; g < last_cohort(r); g++) {
        size_t t = event_period(r, g, w->at);
        if (t < r->panel.periods)
            add_effect(r, w, g, t, size_of(r, g) / units);
    }
}

static rollout_weights *add_estimand(rollout *r, double at)
{
    r->weights = hu_regrow(r->scratch, r->weights, r->n_weights, r->n_weights + 1, sizeof *r->weights);
    rollout_weights *w = &r->weights[r->n_weights++];
    size_t cells = r->panel.cohorts * r->panel.periods;
    *w = (rollout_weights){at, HU_NEW_ARRAY(r->scratch, double, cells), HU_NEW_ARRAY(r->scratch, double, cells)};
    return w;
}

/* Event times that exist are differences of a period and a cohort. */
static hu_error *event_study(rollout *r)
{
    double from = r->options->event_from, to = r->options->event_to;
    if (!r->options->event_given)
        from = 0, to = INFINITY;
    const did_panel *p = &r->panel;
    double *at = HU_NEW_ARRAY(r->scratch, double, p->cohorts * p->periods);
    size_t n = 0;
    for (size_t g = 0; g < last_cohort(r); g++)
        for (size_t t = 0; t < p->periods; t++) {
            double e = p->times[t] - p->cohort[g];
            if (e >= from && e <= to)
                at[n++] = e;
        }
    hu_factor events;
    hu_factor_numbers(at, n, r->scratch, &events);
    for (size_t e = 0; e < events.levels; e++) {
        double time = at[events.first[e]], units = event_units(r, time);
        if (units > 0)
            event_time(r, add_estimand(r, time), units);
    }
    if (r->n_weights == 0)
        return hu_fail(HU_EMPTY, "no cohort is observed with a later one to compare with at event times %g to %g", from,
                       to);
    return NULL;
}

hu_error *rollout_weights_build(rollout *r)
{
    const did_panel *p = &r->panel;
    r->from = HU_NEW_ARRAY(r->scratch, size_t, p->cohorts);
    for (size_t g = 0; g < p->cohorts; g++)
        r->from[g] = did_panel_period(p, p->cohort[g]);
    if (r->from[0] >= r->from[last_cohort(r)])
        return hu_fail(HU_NO_CONTROLS, "everybody is treated in the same period: a rollout has somebody treated later, "
                                       "or never, to compare with");
    switch (r->options->estimand) {
    case HU_ROLLOUT_SIMPLE:
        simple(r, add_estimand(r, NAN));
        break;
    case HU_ROLLOUT_COHORT:
        by_cohort(r, add_estimand(r, NAN));
        break;
    case HU_ROLLOUT_CALENDAR:
        calendar(r, add_estimand(r, NAN));
        break;
    case HU_ROLLOUT_EVENTSTUDY:
        return event_study(r);
    }
    return NULL;
}
