/* Figures of `huella survival`: curves with those at risk, hazard ratios, mean times. */

#include "plot.h"
#include "survival.h"

#include <math.h>
#include <string.h>

typedef struct drawing {
    hu_curve_series *curves;
    size_t n;
} drawing;

static hu_error *draw(const hu_figure *figure, const void *context, hu_buf *out)
{
    const drawing *d = context;
    return hu_draw_curves(figure, d->curves, d->n, out);
}

/* Points [from, to) of one curve as the columns of a figure. */
static hu_curve_series curve(const survival_output *o, size_t from, size_t to, bool table, hu_arena *arena)
{
    size_t n = to - from;
    double *column[5];
    for (size_t c = 0; c < 5; c++)
        column[c] = HU_NEW_ARRAY(arena, double, n + 1);
    for (size_t i = 0; i < n; i++) {
        const hu_curve_point *p = &o->curves->points[from + i];
        const double values[] = {p->time, p->estimate, p->lower, p->upper, p->at_risk};
        for (size_t c = 0; c < 5; c++)
            column[c][i] = values[c];
    }
    const hu_curve_point *first = &o->curves->points[from];
    const char *label = o->data->label ? o->data->label[first->stratum] : NULL;
    if (first->cause || o->data->causes > 1) {
        const char *cause = first->cause ? hu_printf(arena, "cause %g", o->data->cause[first->cause]) : "not ended yet";
        label = label ? hu_printf(arena, "%s, %s", label, cause) : cause;
    }
    bool falls = first->cause == 0 && strcmp(o->estimator, "nelson_aalen") != 0;
    return (hu_curve_series){
        .steps =
            {.label = label, .n = n, .x = column[0], .estimate = column[1], .lower = column[2], .upper = column[3]},
        .start = falls ? 1 : 0,
        .at_risk = table ? column[4] : NULL};
}

static hu_error *plot_curves(const hu_run *run, const survival_output *o, const char *y_label)
{
    const hu_curve_point *points = o->curves->points;
    drawing d = {HU_NEW_ARRAY(run->arena, hu_curve_series, o->curves->n + 1), 0};
    bool competing = strcmp(o->estimator, "aalen_johansen") == 0;
    for (size_t from = 0, to; from < o->curves->n; from = to) {
        for (to = from;
             to < o->curves->n && points[to].stratum == points[from].stratum && points[to].cause == points[from].cause;)
            to++;
        /* Of competing causes the incidences are drawn; "not ended yet" is one less their sum. */
        if (competing ? points[from].cause != 0 && (!o->cause || points[from].cause == o->cause) : true)
            d.curves[d.n++] = curve(o, from, to, !competing, run->arena);
    }
    return hu_plot_file(run, o->title, "Time", y_label, draw, &d);
}

static hu_error *plot_ratios(const hu_run *run, const survival_output *o)
{
    const hu_cox_result *r = o->cox;
    const char **labels = HU_NEW_ARRAY(run->arena, const char *, r->k + 1);
    hu_effect *effects = HU_NEW_ARRAY(run->arena, hu_effect, r->k + 1);
    for (size_t j = 0; j < r->k; j++) {
        const hu_hazard_ratio *c = &r->coefficients[j];
        labels[j] = c->name;
        effects[j] = (hu_effect){.estimate = c->estimate, .lower = c->lower, .upper = c->upper};
    }
    return hu_plot_forest(run, o->title, "Log hazard ratio", labels, effects, r->k, NAN);
}

static hu_error *plot_means(const hu_run *run, const survival_output *o)
{
    const char **labels = HU_NEW_ARRAY(run->arena, const char *, o->data->strata + 1);
    for (size_t s = 0; s < o->data->strata; s++)
        labels[s] = o->data->label ? o->data->label[s] : "all";
    return hu_plot_forest(run, o->title, hu_printf(run->arena, "Mean time up to %g", o->rmst->until), labels,
                          o->rmst->mean, o->data->strata, NAN);
}

hu_error *hu_plot_survival(const hu_run *run, const survival_output *o)
{
    static const struct {
        const char *estimator, *y_label;
    } curves[] = {{"kaplan_meier", "Share without the event"},
                  {"nelson_aalen", "Cumulative hazard"},
                  {"aalen_johansen", "Share that has ended"}};
    if (o->cox)
        return plot_ratios(run, o);
    if (o->rmst)
        return plot_means(run, o);
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (strcmp(o->estimator, curves[i].estimator) == 0)
            return plot_curves(run, o, curves[i].y_label);
    return NULL;
}
