/* huella power --vary: one thing about a trial at several values. */

#include "power.h"

#include "huella/base/number.h"

#include <math.h>
#include <string.h>

static const char *const what[] = {"icc",      "between-cv",   "clusters", "size", "size-cv",
                                   "baseline", "strata-share", "mean",     NULL};

/* The design with that value in the place of its own. */
static hu_power_design with(const hu_power_design *design, const char *name, double value)
{
    hu_power_design d = *design;
    double *const places[] = {&d.icc, &d.between_cv, NULL, &d.size, &d.size_cv, &d.baseline, &d.strata_share, &d.mean};
    for (size_t i = 0; what[i]; i++)
        if (strcmp(name, what[i]) == 0 && places[i])
            *places[i] = value;
    if (strcmp(name, "clusters") != 0)
        return d;
    bool pairs = 2 * d.strata == d.clusters;
    d.treated = (size_t)llround(value * (double)d.treated / (double)d.clusters);
    d.clusters = (size_t)value;
    d.strata = pairs ? d.clusters / 2 : d.strata;
    return d;
}

/* "icc=0.01", "0.05", "0.1": the name stands before the first value. */
static hu_error *parse(const hu_run *run, power_result *r)
{
    const char **list = hu_opt_list(run, "vary", &r->n_vary), *equals = strchr(list[0], '=');
    if (!equals)
        return hu_fail(HU_USAGE, "--vary: \"%s\": expected a name and values, like icc=0.01,0.05,0.1", list[0]);
    r->vary = hu_strndup(run->arena, list[0], (size_t)(equals - list[0]));
    bool known = false;
    for (size_t i = 0; what[i]; i++)
        known = known || strcmp(what[i], r->vary) == 0;
    const char *close = hu_closest(r->vary, what);
    if (!known)
        return hu_fail(
            HU_USAGE,
            "--vary: \"%s\" is none of icc, between-cv, clusters, size, size-cv, baseline, strata-share, mean%s",
            r->vary, close ? hu_printf(run->arena, " (did you mean \"%s\"?)", close) : "");
    r->vary_values = HU_NEW_ARRAY(run->arena, double, r->n_vary);
    for (size_t i = 0; i < r->n_vary; i++) {
        hu_number number = {0};
        const char *text = i ? list[i] : equals + 1;
        if (!hu_number_parse(hu_str_of(text), '.', &number) || !isfinite(number.value))
            return hu_fail(HU_USAGE, "--vary: \"%s\" is not a number", text);
        if (strcmp(r->vary, "clusters") == 0 && !(number.value >= 4 && number.value <= 100000))
            return hu_fail(HU_USAGE, "--vary: %s clusters: expected from 4 to 100,000", text);
        r->vary_values[i] = number.value;
    }
    return NULL;
}

hu_error *power_vary(const hu_run *run, power_result *r)
{
    HU_TRY(parse(run, r));
    bool downward = r->n && r->effects[0] < 0;
    r->vary_mde = HU_NEW_ARRAY(run->arena, double, r->n_vary);
    r->vary_power = HU_NEW_ARRAY(run->arena, double, r->n_vary * r->n);
    for (size_t i = 0; i < r->n_vary; i++) {
        hu_power_design d = with(&r->design, r->vary, r->vary_values[i]);
        HU_TRY(hu_wrap(hu_power_check(&d), "--vary %s=%g", r->vary, r->vary_values[i]));
        r->vary_mde[i] = hu_power_mde(&d, r->wanted, downward);
        for (size_t e = 0; e < r->n; e++)
            r->vary_power[i * r->n + e] = hu_power_of(&d, r->effects[e]);
    }
    return NULL;
}

void power_vary_print(FILE *out, const power_result *r)
{
    fprintf(out, "\n  %12s %14s", r->vary, "detectable");
    for (size_t e = 0; e < r->n; e++) {
        char head[32];
        snprintf(head, sizeof head, "power at %.3g", r->effects[e]);
        fprintf(out, " %14s", head);
    }
    fputc('\n', out);
    for (size_t i = 0; i < r->n_vary; i++) {
        fprintf(out, "  %12.4g %14.4g", r->vary_values[i], r->vary_mde[i]);
        for (size_t e = 0; e < r->n; e++)
            fprintf(out, " %14.3f", r->vary_power[i * r->n + e]);
        fputc('\n', out);
    }
}

void power_vary_json(hu_json *json, const power_result *r)
{
    hu_json_key(json, "vary");
    hu_json_array(json);
    for (size_t i = 0; i < r->n_vary; i++) {
        hu_json_object(json);
        hu_json_put_number(json, r->vary, r->vary_values[i]);
        hu_json_put_number(json, "mde", r->vary_mde[i]);
        hu_json_key(json, "power");
        hu_json_array(json);
        for (size_t e = 0; e < r->n; e++)
            hu_json_number(json, r->vary_power[i * r->n + e]);
        hu_json_array_end(json);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}

hu_error *power_vary_draw(const hu_figure *figure, const void *context, hu_buf *out)
{
    HU_SCRATCH(scratch);
    const power_result *r = context;
    hu_series *series = HU_NEW_ARRAY(scratch, hu_series, r->n_vary);
    for (size_t i = 0; i < r->n_vary; i++) {
        const double *power = r->vary_power + i * r->n;
        series[i] = (hu_series){.label = hu_printf(scratch, "%s %g", r->vary, r->vary_values[i]),
                                .n = r->n,
                                .x = r->effects,
                                .estimate = power,
                                .lower = power,
                                .upper = power};
    }
    return hu_draw_power(figure, series, r->n_vary, r->wanted, out);
}
