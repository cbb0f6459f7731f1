/* huella sensitivity --check trends: Rambachan & Roth's confidence sets. */

#include "sensitivity.h"

#include <math.h>
#include <string.h>

typedef struct trends_output {
    const sensitivity *s;
    const hu_trends *trends;
    const hu_honest_result *result;
    const char *effect;
} trends_output;

static void body(hu_json *json, const void *context)
{
    const trends_output *o = context;
    const hu_run *run = o->s->run;
    hu_json_object(json);
    hu_json_put_text(json, "check", "trends");
    hu_json_put_text(json, "estimator", o->s->estimator);
    hu_json_put_text(json, "restriction", hu_opt_text(run, "restriction"));
    hu_json_put_text(json, "shape", hu_opt_text(run, "shape"));
    hu_json_put_text(json, "interval", o->result->method_name);
    hu_json_put_text(json, "effect", o->effect);
    hu_json_put_integer(json, "periods_before", (int64_t)o->trends->pre);
    hu_json_put_integer(json, "periods_after", (int64_t)o->trends->post);
    hu_json_key(json, "original");
    hu_json_object(json);
    sensitivity_put_effect(json, &o->result->original);
    hu_json_object_end(json);
    hu_json_key(json, "sets");
    hu_json_array(json);
    for (size_t i = 0; i < o->result->n; i++) {
        const hu_honest_set *set = &o->result->sets[i];
        hu_json_object(json);
        hu_json_put_number(json, "m", set->m);
        hu_json_put_interval(json, "ci", set->lower, set->upper);
        hu_json_put_bool(json, "empty", isnan(set->lower));
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_put_number(json, "breakdown", o->result->breakdown); /* null: no M brings zero in */
    hu_json_put_notes(json, o->s->study.se_type, o->s->warnings, o->s->n_warnings);
    hu_json_object_end(json);
}

static void csv(FILE *out, const trends_output *o)
{
    fputs("kind,m,ci_lower,ci_upper\n", out);
    fputs("original", out);
    hu_print_csv_number(out, NAN);
    hu_print_csv_number(out, o->result->original.lower);
    hu_print_csv_number(out, o->result->original.upper);
    for (size_t i = 0; i < o->result->n; i++) {
        fputs("\nrobust", out);
        hu_print_csv_number(out, o->result->sets[i].m);
        hu_print_csv_number(out, o->result->sets[i].lower);
        hu_print_csv_number(out, o->result->sets[i].upper);
    }
    fputs("\nbreakdown", out);
    hu_print_csv_number(out, o->result->breakdown);
    fputs(",,\n", out);
}

static void print_breakdown(FILE *out, const trends_output *o)
{
    const hu_honest_result *r = o->result;
    bool smooth = hu_opt_is(o->s->run, "restriction", "smoothness");
    if (r->breakdown == 0)
        fprintf(out, "\nZero is not excluded even at M = 0%s: there is no conclusion to break down.\n",
                smooth ? " (a linear difference in trends)" : " (parallel trends)");
    else if (isinf(r->breakdown))
        fputs("\nZero is excluded whatever M.\n", out);
    else if (smooth)
        fprintf(out, "\nBreakdown value: zero is excluded as long as the slope changes by less than %.4g a period.\n",
                r->breakdown);
    else
        fprintf(out,
                "\nBreakdown value: zero is excluded as long as %s after treatment stay below %.3g times the largest "
                "before it.\n",
                hu_opt_is(o->s->run, "restriction", "relative") ? "differences in trends" : "changes of slope",
                r->breakdown);
}

static void table(FILE *out, const trends_output *o)
{
    const hu_honest_result *r = o->result;
    fprintf(out, "Sensitivity to parallel trends: effect at %s, %zu periods before and %zu after the reference\n\n",
            o->effect, o->trends->pre, o->trends->post);
    fprintf(out, "  %-22s   %-22s\n", "M", "95 % confidence set");
    fprintf(out, "  %-22s   [%9.4f, %9.4f]   (estimate %.4f)\n", "parallel trends", r->original.lower,
            r->original.upper, r->original.estimate);
    for (size_t i = 0; i < r->n; i++) {
        const hu_honest_set *set = &r->sets[i];
        if (isnan(set->lower))
            fprintf(out, "  %-22.4g   empty: trends before treatment contradict it\n", set->m);
        else
            fprintf(out, "  %-22.4g   [%9.4f, %9.4f]%s\n", set->m, set->lower, set->upper,
                    set->lower <= 0 && set->upper >= 0 ? "   holds zero" : "");
    }
    print_breakdown(out, o);
    fprintf(out, "\nSets: %s.", r->method_name);
    hu_print_notes(out, o->s->study.se_type, o->s->warnings, o->s->n_warnings);
}

static hu_error *draw(const hu_figure *figure, const void *context, hu_buf *out)
{
    const trends_output *o = context;
    const hu_honest_result *r = o->result;
    HU_SCRATCH(scratch);
    double *x = HU_NEW_ARRAY(scratch, double, r->n + 1), *middle = HU_NEW_ARRAY(scratch, double, r->n + 1);
    double *lower = HU_NEW_ARRAY(scratch, double, r->n + 1), *upper = HU_NEW_ARRAY(scratch, double, r->n + 1);
    for (size_t i = 0; i < r->n; i++) {
        x[i] = r->sets[i].m;
        lower[i] = r->sets[i].lower;
        upper[i] = r->sets[i].upper;
        middle[i] = (lower[i] + upper[i]) / 2;
    }
    hu_sensitivity_figure data = {.robust = {.label = "Trends part by at most M",
                                             .n = r->n,
                                             .x = x,
                                             .estimate = middle,
                                             .lower = lower,
                                             .upper = upper},
                                  .original = {r->original.estimate, r->original.lower, r->original.upper},
                                  .original_label = "Parallel trends",
                                  .breakdown = r->breakdown};
    return hu_draw_sensitivity(figure, &data, out);
}

static hu_error *values_of_m(const sensitivity *s, const hu_trends *trends, double **m, size_t *n)
{
    HU_TRY(sensitivity_numbers(s->run, "m", m, n));
    if (*n)
        return NULL;
    bool smooth = hu_opt_is(s->run, "restriction", "smoothness");
    double most = smooth ? hu_honest_smoothness_scale(trends, 0.95) : 2;
    if (isnan(most) || most <= 0)
        most = trends->pre ? sqrt(trends->sigma[0]) : 1;
    *n = smooth ? 10 : 5;
    *m = HU_NEW_ARRAY(s->run->arena, double, *n);
    for (size_t i = 0; i < *n; i++)
        (*m)[i] = most * (double)i / (double)(*n - 1);
    return NULL;
}

static hu_honest_options options_of(const hu_run *run)
{
    static const char *const shapes[] = {"any", "positive", "negative", "increasing", "decreasing"};
    static const char *const methods[] = {"default", "flci", "conditional", "c-lf", "c-flci"};
    hu_honest_options o = {.restriction = hu_opt_is(run, "restriction", "smoothness") ? HU_SMOOTHNESS
                                          : hu_opt_is(run, "restriction", "relative") ? HU_RELATIVE_MAGNITUDES
                                                                                      : HU_RELATIVE_LINEAR,
                           .seed = run->seed,
                           .threads = run->threads};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) /* in the order of the enums */
        if (hu_opt_is(run, "shape", shapes[i]))
            o.shape = (hu_trend_shape)i;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (hu_opt_is(run, "interval", methods[i]))
            o.method = (hu_honest_method)i;
    return o;
}

hu_error *sensitivity_trends(sensitivity *s)
{
    hu_trends trends;
    hu_honest_result *result;
    trends_output o = {.s = s, .trends = &trends};
    hu_honest_options options = options_of(s->run);
    double *m;
    size_t n;
    HU_TRY(sensitivity_trends_of(s, &trends, &o.effect));
    HU_TRY(values_of_m(s, &trends, &m, &n));
    HU_TRY(hu_honest(&trends, &options, m, n, s->run->arena, &result));
    o.result = result;
    HU_TRY(hu_plot_file(s->run, "Sensitivity to parallel trends", "M: how far trends may part",
                        hu_printf(s->run->arena, "Effect, %s", o.effect), draw, &o));
    if (s->run->format == HU_FORMAT_TABLE)
        table(s->run->out, &o);
    else if (s->run->format == HU_FORMAT_CSV)
        csv(s->run->out, &o);
    else
        hu_print_json(s->run, body, &o);
    return NULL;
}
