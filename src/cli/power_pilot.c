/* What a pilot says for the power of a trial. */

#include "power.h"

#include <math.h>
#include <string.h>

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static hu_error *find_indicator(const json_t *root, const char *path, const char *name, const json_t **out)
{
    const json_t *indicators = json_object_get(root, "indicators");
    for (size_t i = 0; i < json_array_size(indicators); i++) {
        *out = json_array_get(indicators, i);
        const char *is = json_string_value(json_object_get(*out, "name"));
        if (!name || (is && strcmp(is, name) == 0))
            return NULL;
    }
    return hu_fail(name && json_array_size(indicators) ? HU_NOT_FOUND : HU_BAD_INPUT,
                   "%s: %s%s: expected what `huella pilot --format json` printed", path,
                   name ? "no indicator " : "no indicators", name ? name : "");
}

static hu_error *take(const hu_run *run, const json_t *indicator, const char *path, power_result *r)
{
    hu_power_design *d = &r->design;
    const char *kind = json_string_value(json_object_get(indicator, "kind"));
    const char *name = json_string_value(json_object_get(indicator, "name"));
    bool count = kind && strcmp(kind, "rate") == 0, share = kind && strcmp(kind, "proportion") == 0;
    const json_t *spread = json_object_get(indicator, count ? "between_cv" : "icc");
    const json_t *interval = json_object_get(spread, "ci");
    double value = number_of(spread, "estimate");
    if (!kind || !name || isnan(value))
        return hu_fail(HU_BAD_INPUT,
                       "%s: indicator %s has no %s: clusters are needed for it (\"cluster\" in the criteria)", path,
                       name ? name : "without a name", count ? "between_cv" : "icc");
    d->outcome = count ? HU_POWER_COUNT : share ? HU_POWER_BINARY : HU_POWER_CONTINUOUS;
    d->mean = hu_opt_given(run, "mean") ? d->mean : number_of(indicator, "estimate");
    if (!hu_opt_given(run, "sd") && d->outcome == HU_POWER_CONTINUOUS)
        d->sd = number_of(indicator, "sd");
    *(count ? &d->between_cv : &d->icc) = fmax(0, value);
    r->icc_lower = fmax(0, json_number_value(json_array_get(interval, 0)));
    r->icc_upper = json_number_value(json_array_get(interval, 1));
    if (!hu_opt_given(run, "size") && number_of(indicator, "size") > 0)
        d->size = number_of(indicator, "size");
    r->source = hu_printf(run->arena, "%s, indicator %s", path, name);
    return NULL;
}

hu_error *power_read_pilot(const hu_run *run, const char *path, const char *indicator, power_result *result)
{
    json_t *root = NULL;
    const json_t *found = NULL;
    HU_TRY(hu_json_load(path, &root));
    hu_error *error = find_indicator(root, path, indicator, &found);
    if (!error)
        error = take(run, found, path, result);
    json_decref(root);
    return error;
}
