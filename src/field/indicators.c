/* What a checklist's answers say, dimension by dimension: see indicators.h. */

#include "huella/field/indicators.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    return strcmp(((const hu_indicator *)a)->id, ((const hu_indicator *)b)->id);
}

const hu_indicator *hu_indicator_find(const hu_indicators *indicators, const char *id)
{
    hu_indicator wanted = {.id = id};
    return bsearch(&wanted, indicators->items, indicators->n, sizeof wanted, by_id);
}

int hu_indicators_profile(const hu_indicators *indicators, const char *profile)
{
    for (int p = 0; profile && p < HU_PROFILES; p++)
        if (strcmp(indicators->profiles[p], profile) == 0)
            return p;
    return -1;
}

double hu_expected_false(const hu_indicators *indicators, double base_rate)
{
    double right = indicators->sensitivity * base_rate, wrong = (1 - indicators->specificity) * (1 - base_rate);
    return right + wrong > 0 ? 100 * wrong / (right + wrong) : 0;
}

/* Indicators that are there, by strength; `open`: those that could still be there. */
typedef struct tally {
    long there[HU_STRONG + 1], open[HU_STRONG + 1];
} tally;

static bool is_met(const hu_indicators *indicators, long strong, long medium, long weak)
{
    for (size_t i = 0; i < indicators->n_rules; i++) {
        const hu_indicator_rule *rule = &indicators->rules[i];
        if (strong >= rule->strong && strong + medium >= rule->medium && strong + medium + weak >= rule->any)
            return true;
    }
    return false;
}

static const char *shown(const hu_indicators *indicators, const tally *t)
{
    if (is_met(indicators, t->there[HU_STRONG], t->there[HU_MEDIUM], t->there[HU_WEAK]))
        return "yes";
    return is_met(indicators, t->there[HU_STRONG] + t->open[HU_STRONG], t->there[HU_MEDIUM] + t->open[HU_MEDIUM],
                  t->there[HU_WEAK] + t->open[HU_WEAK])
               ? "undecided"
               : "no";
}

static const char *answer_of(const json_t *answers, const char *id)
{
    const char *answer = json_string_value(json_object_get(answers, id));
    return answer ? answer : "not_observed";
}

static bool belongs(const hu_indicator *item, const hu_dimension *dimension, int profile)
{
    return item->strength[profile] != HU_NO_STRENGTH && strcmp(item->dimension, dimension->key) == 0;
}

static void list(const hu_indicators *indicators, const hu_dimension *dimension, int profile, const json_t *answers,
                 const char *key, const char *wanted, hu_json *json)
{
    hu_json_key(json, key);
    hu_json_array(json);
    for (size_t i = 0; i < indicators->n; i++)
        if (belongs(&indicators->items[i], dimension, profile) &&
            strcmp(answer_of(answers, indicators->items[i].id), wanted) == 0)
            hu_json_text(json, indicators->items[i].id);
    hu_json_array_end(json);
}

static void assess_dimension(const hu_indicators *indicators, const hu_dimension *dimension, int profile,
                             const json_t *answers, hu_json *json)
{
    tally t = {0};
    bool known = false;
    for (size_t i = 0; i < indicators->n; i++) {
        const hu_indicator *item = &indicators->items[i];
        if (!belongs(item, dimension, profile))
            continue;
        const char *answer = answer_of(answers, item->id);
        known = true;
        t.there[item->strength[profile]] += strcmp(answer, "yes") == 0;
        t.open[item->strength[profile]] += strcmp(answer, "not_observed") == 0;
    }
    if (!known)
        return;
    hu_json_object(json);
    hu_json_put_text(json, "dimension", dimension->key);
    hu_json_put_text(json, "shown", shown(indicators, &t));
    list(indicators, dimension, profile, answers, "speaks_for", "yes", json);
    list(indicators, dimension, profile, answers, "not_observed", "not_observed", json);
    hu_json_object_end(json);
}

void hu_indicators_assess(const hu_indicators *indicators, int profile, const json_t *answers, double base_rate,
                          hu_json *json)
{
    hu_json_object(json);
    hu_json_put_text(json, "checklist", indicators->version);
    hu_json_put_text(json, "profile", indicators->profiles[profile]);
    hu_json_key(json, "dimensions");
    hu_json_array(json);
    for (size_t i = 0; i < indicators->n_dimensions; i++)
        assess_dimension(indicators, &indicators->dimensions[i], profile, answers, json);
    hu_json_array_end(json);
    hu_json_put_number(json, "base_rate", base_rate);
    hu_json_put_number(json, "expected_false_of_100", hu_expected_false(indicators, base_rate));
    hu_json_put_text(json, "accuracy_source", indicators->accuracy_source);
    hu_json_object_end(json);
}
