/* huella sensitivity --check power: what a pretest can see. */

#include "sensitivity.h"

#include "huella/causal/pretest.h"

#include <math.h>

typedef struct power_output {
    const sensitivity *s;
    const hu_trends *trends;
    const hu_pretest *pretests;
    size_t n;
    const char *effect;
} power_output;

static void put_pretest(hu_json *json, const hu_trends *t, const hu_pretest *p)
{
    hu_json_object(json);
    hu_json_put_number(json, "power", p->power);
    hu_json_put_number(json, "slope", p->slope);
    hu_json_put_number(json, "passes_without_trend", p->passes_null);
    hu_json_put_number(json, "likelihood_ratio", p->likelihood_ratio);
    hu_json_put_number(json, "bias", p->bias);
    hu_json_put_number(json, "bias_if_passed", p->bias_if_passed);
    hu_json_key(json, "event_study");
    hu_json_array(json);
    for (size_t i = 0; i < t->pre + t->post; i++) {
        hu_json_object(json);
        hu_json_put_number(json, "event_time", t->times[i]);
        hu_json_put_number(json, "estimate", t->beta[i]);
        hu_json_put_number(json, "trend", p->trend[i]);
        hu_json_put_number(json, "mean_if_passed", p->mean_if_passed[i]);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_object_end(json);
}

static void body(hu_json *json, const void *context)
{
    const power_output *o = context;
    hu_json_object(json);
    hu_json_put_text(json, "check", "power");
    hu_json_put_text(json, "estimator", o->s->estimator);
    hu_json_put_text(json, "effect", o->effect);
    hu_json_key(json, "powers");
    hu_json_array(json);
    for (size_t i = 0; i < o->n; i++)
        put_pretest(json, o->trends, &o->pretests[i]);
    hu_json_array_end(json);
    hu_json_put_notes(json, o->s->study.se_type, o->s->warnings, o->s->n_warnings);
    hu_json_object_end(json);
}

static void csv(FILE *out, const power_output *o)
{
    fputs("power,slope,event_time,estimate,trend,mean_if_passed\n", out);
    for (size_t p = 0; p < o->n; p++)
        for (size_t i = 0; i < o->trends->pre + o->trends->post; i++) {
            char text[32];
            const double values[] = {o->pretests[p].slope, o->trends->times[i], o->trends->beta[i],
                                     o->pretests[p].trend[i], o->pretests[p].mean_if_passed[i]};
            fputs(hu_format_double(o->pretests[p].power, text), out);
            for (size_t v = 0; v < sizeof values / sizeof *values; v++)
                hu_print_csv_number(out, values[v]);
            fputc('\n', out);
        }
}

static void table(FILE *out, const power_output *o)
{
    const hu_trends *t = o->trends;
    fprintf(
        out,
        "What the pretest (no effect before treatment significant by itself) can see: linear differences in trends\n"
        "Without any, it passes with probability %.3f\n\n  %-8s %12s %14s %18s %18s\n",
        o->pretests[0].passes_null, "power", "slope", "bias", "bias when passed", "likelihood ratio");
    for (size_t p = 0; p < o->n; p++)
        fprintf(out, "  %-8g %12.5f %14.5f %18.5f %18.3g\n", o->pretests[p].power, o->pretests[p].slope,
                o->pretests[p].bias, o->pretests[p].bias_if_passed, o->pretests[p].likelihood_ratio);
    fprintf(out,
            "\nBias of the effect at %s, were there this trend and no effect; likelihood of what was seen before\n"
            "treatment with this trend, against none.\n\n  %-12s %10s",
            o->effect, "event time", "estimate");
    for (size_t p = 0; p < o->n; p++)
        fprintf(out, "   trend %-5g   if passed", o->pretests[p].power);
    fputc('\n', out);
    for (size_t i = 0; i < t->pre + t->post; i++) {
        char text[32];
        fprintf(out, "  %-12s %10.4f", hu_format_double(t->times[i], text), t->beta[i]);
        for (size_t p = 0; p < o->n; p++)
            fprintf(out, "   %11.4f   %9.4f", o->pretests[p].trend[i], o->pretests[p].mean_if_passed[i]);
        fputc('\n', out);
    }
    hu_print_notes(out, o->s->study.se_type, o->s->warnings, o->s->n_warnings);
}

/* The estimates, and for each power the trend with the reference period's zero. */
static hu_error *plot(const power_output *o)
{
    const hu_run *run = o->s->run;
    const hu_trends *t = o->trends;
    hu_event_study *studies = HU_NEW_ARRAY(run->arena, hu_event_study, o->n + 1);
    const char **labels = HU_NEW_ARRAY(run->arena, const char *, o->n + 1);
    size_t n = t->pre + t->post;
    for (size_t p = 0; p <= o->n; p++) {
        studies[p] = (hu_event_study){.cells = HU_NEW_ARRAY(run->arena, hu_did_cell, n + 1), .critical = NAN};
        labels[p] = p ? hu_printf(run->arena, "Trend seen with probability %g", o->pretests[p - 1].power) : "Estimates";
        for (size_t i = 0; i < n; i++) {
            double se = sqrt(t->sigma[i * (n + 1)]);
            hu_effect e = {.estimate = p ? o->pretests[p - 1].trend[i] : t->beta[i], .lower = NAN, .upper = NAN};
            if (!p) {
                e.lower = e.estimate - 1.959963984540054 * se;
                e.upper = e.estimate + 1.959963984540054 * se;
            }
            studies[p].cells[studies[p].n++] = (hu_did_cell){t->times[i], e};
        }
    }
    return hu_plot_event_studies(run, "Trends that the pretest sees", "Effect", labels, studies, o->n + 1);
}

hu_error *sensitivity_power(sensitivity *s)
{
    hu_trends trends;
    power_output o = {.s = s, .trends = &trends};
    double *powers;
    HU_TRY(sensitivity_trends_of(s, &trends, &o.effect));
    HU_TRY(sensitivity_numbers(s->run, "powers", &powers, &o.n));
    if (o.n == 0 || o.n > HU_FIGURE_SERIES - 1)
        return hu_fail(HU_USAGE, "--powers: expected from one to %d probabilities such as 0.5,0.8",
                       HU_FIGURE_SERIES - 1);
    hu_pretest *pretests = HU_NEW_ARRAY(s->run->arena, hu_pretest, o.n);
    double *periods = HU_NEW_ARRAY(s->run->arena, double, trends.pre + trends.post);
    for (size_t i = 0; i < trends.pre + trends.post; i++)
        periods[i] = trends.times[i] - trends.reference;
    for (size_t p = 0; p < o.n; p++)
        HU_TRY(hu_pretest_power(&trends, periods, powers[p], 0.95, s->run->seed, s->run->arena, &pretests[p]));
    o.pretests = pretests;
    HU_TRY(plot(&o));
    if (s->run->format == HU_FORMAT_TABLE)
        table(s->run->out, &o);
    else if (s->run->format == HU_FORMAT_CSV)
        csv(s->run->out, &o);
    else
        hu_print_json(s->run, body, &o);
    return NULL;
}
