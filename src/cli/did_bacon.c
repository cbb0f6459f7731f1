/* What the Goodman-Bacon decomposition prints: each comparison, then how much weight each kind has. */

#include "did.h"
#include "plot.h"

#include <math.h>

static const char *type_name(hu_bacon_type type)
{
    switch (type) {
    case HU_BACON_NEVER:
        return "Treated vs Untreated";
    case HU_BACON_EARLIER_LATER:
        return "Earlier vs Later Treated";
    case HU_BACON_LATER_EARLIER:
        return "Later vs Earlier Treated";
    case HU_BACON_LATER_ALWAYS:
        return "Later vs Always Treated";
    }
    return "";
}

static void body(hu_json *json, const void *context)
{
    const hu_bacon_result *result = context;
    hu_json_object(json);
    hu_json_put_did_counts(json, "bacon", result->n, result->units, result->units, result->dropped);
    hu_json_put_number(json, "twfe", result->twfe);
    hu_json_put_number(json, "forbidden_weight", result->forbidden);
    hu_json_put_number(json, "without_forbidden", result->without_forbidden);
    hu_json_key(json, "comparisons");
    hu_json_array(json);
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const hu_bacon_comparison *c = &result->comparisons[i];
        hu_json_object(json);
        hu_json_put_number(json, "treated", c->treated);
        hu_json_put_number(json, "control", isinf(c->control) ? NAN : c->control); /* null = never */
        hu_json_put_text(json, "type", type_name(c->type));
        hu_json_put_number(json, "estimate", c->estimate);
        hu_json_put_number(json, "weight", c->weight);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
    hu_json_put_notes(json, "none: a decomposition of an estimate", (const char *const *)result->warnings,
                      result->n_warnings);
    hu_json_object_end(json);
}

static void csv(FILE *out, const hu_bacon_result *result)
{
    fputs("type,treated,control,estimate,weight\n", out);
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const hu_bacon_comparison *c = &result->comparisons[i];
        const double values[] = {c->treated, isinf(c->control) ? NAN : c->control, c->estimate, c->weight};
        hu_print_csv_text(out, type_name(c->type));
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            hu_print_csv_number(out, values[v]);
        fputc('\n', out);
    }
}

static void table(FILE *out, const char *title, const hu_bacon_result *result)
{
    char treated[32], control[32];
    hu_print_did_counts(out, title, result->n, result->units, result->units, result->dropped);
    fprintf(out, "\n  %-26s %10s %10s %10s %9s\n", "comparison", "treated", "control", "effect", "weight");
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const hu_bacon_comparison *c = &result->comparisons[i];
        fprintf(out, "  %-26s %10s %10s %10.4f %9.4f\n", type_name(c->type), hu_format_double(c->treated, treated),
                isinf(c->control) ? "never" : hu_format_double(c->control, control), c->estimate, c->weight);
    }
    for (int type = HU_BACON_NEVER; type <= HU_BACON_LATER_ALWAYS; type++) {
        double weight = 0, sum = 0;
        for (size_t i = 0; i < result->n_comparisons; i++)
            if ((int)result->comparisons[i].type == type) {
                weight += result->comparisons[i].weight;
                sum += result->comparisons[i].weight * result->comparisons[i].estimate;
            }
        if (weight > 0)
            fprintf(out, "%s  all %-44s %10.4f %9.4f\n", type == HU_BACON_NEVER ? "\n" : "",
                    type_name((hu_bacon_type)type), sum / weight, weight);
    }
    fprintf(out, "  %-48s %10.4f %9.4f\n", "two-way fixed effects", result->twfe, 1.0);
    for (size_t i = 0; i < result->n_warnings; i++)
        fprintf(out, "%sNote: %s.\n", i ? "" : "\n", result->warnings[i]);
}

typedef struct drawn_bacon {
    hu_series kinds[HU_BACON_LATER_ALWAYS + 1];
    size_t n;
    double twfe;
} drawn_bacon;

static hu_error *draw(const hu_figure *figure, const void *context, hu_buf *out)
{
    const drawn_bacon *drawn = context;
    return hu_draw_parts(figure, drawn->kinds, drawn->n, drawn->twfe, out);
}

hu_error *hu_plot_bacon(const hu_run *run, const char *title, const char *y_label, const hu_bacon_result *result)
{
    drawn_bacon drawn = {.twfe = result->twfe};
    for (int type = HU_BACON_NEVER; type <= HU_BACON_LATER_ALWAYS; type++) {
        double *x = HU_NEW_ARRAY(run->arena, double, result->n_comparisons + 1);
        double *y = HU_NEW_ARRAY(run->arena, double, result->n_comparisons + 1);
        size_t n = 0;
        for (size_t i = 0; i < result->n_comparisons; i++)
            if ((int)result->comparisons[i].type == type) {
                x[n] = result->comparisons[i].weight;
                y[n++] = result->comparisons[i].estimate;
            }
        if (n > 0)
            drawn.kinds[drawn.n++] =
                (hu_series){.label = type_name((hu_bacon_type)type), .n = n, .x = x, .estimate = y};
    }
    return hu_plot_file(run, title, "Weight", y_label, draw, &drawn);
}

void hu_print_bacon(const hu_run *run, const char *title, const hu_bacon_result *result)
{
    if (run->format == HU_FORMAT_TABLE)
        table(run->out, title, result);
    else if (run->format == HU_FORMAT_CSV)
        csv(run->out, result);
    else
        hu_print_json(run, body, result);
}
