/* rules/indicators.yaml into memory. */

#include "huella/base/file.h"
#include "huella/field/indicators.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

static hu_error *number_of(const hu_node *map, const char *key, double *number)
{
    const hu_node *node;
    HU_TRY(hu_node_require(map, key, &node));
    HU_TRY(hu_node_number(node, number));
    return *number > 0 && *number <= 1 ? NULL : hu_node_fail(node, "expected a share above 0 and up to 1");
}

static hu_error *load_profiles(const hu_node *root, hu_indicators *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "profiles", &list));
    if (list->count != HU_PROFILES)
        return hu_node_fail(list, "expected %d profiles", HU_PROFILES);
    for (size_t i = 0; i < HU_PROFILES; i++)
        HU_TRY(rules_text(list->items[i], "key", &to->profiles[i]));
    return NULL;
}

static hu_error *load_dimensions(const hu_node *root, hu_arena *arena, hu_indicators *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "dimensions", &list));
    hu_dimension *dimensions = HU_NEW_ARRAY(arena, hu_dimension, list->count);
    for (size_t i = 0; i < list->count; i++) {
        HU_TRY(rules_text(list->items[i], "key", &dimensions[i].key));
        HU_TRY(rules_text(list->items[i], "es", &dimensions[i].es));
        HU_TRY(rules_text(list->items[i], "en", &dimensions[i].en));
    }
    to->dimensions = dimensions;
    to->n_dimensions = list->count;
    return NULL;
}

static hu_error *load_rules(const hu_node *root, hu_arena *arena, hu_indicators *to)
{
    static const char *const names[] = {"strong", "medium", "any"};
    const hu_node *list;
    HU_TRY(rules_list(root, "shown_when", &list));
    hu_indicator_rule *rules = HU_NEW_ARRAY(arena, hu_indicator_rule, list->count);
    for (size_t i = 0; i < list->count; i++) {
        long *counts[] = {&rules[i].strong, &rules[i].medium, &rules[i].any};
        for (int k = 0; k < 3; k++) {
            const hu_node *node = hu_node_get(list->items[i], names[k]);
            if (node)
                HU_TRY(hu_node_integer(node, counts[k]));
        }
        if (rules[i].strong + rules[i].medium + rules[i].any <= 0)
            return hu_node_fail(list->items[i], "expected at least one of strong, medium, any");
    }
    to->rules = rules;
    to->n_rules = list->count;
    return NULL;
}

static hu_error *strength_of(const hu_node *node, hu_strength *strength)
{
    static const char *const names[] = {[HU_WEAK] = "weak", [HU_MEDIUM] = "medium", [HU_STRONG] = "strong"};
    const char *text = "";
    HU_TRY(hu_node_text(node, &text));
    for (int s = HU_WEAK; s <= HU_STRONG; s++)
        if (strcmp(text, names[s]) == 0) {
            *strength = (hu_strength)s;
            return NULL;
        }
    return hu_node_fail(node, "\"%s\": expected strong, medium or weak", text);
}

static hu_error *load_item(const hu_node *node, const hu_indicators *to, hu_indicator *item)
{
    static const char *const keys[] = {"id", "dimension", "element", "es", "en", "source", "strength", NULL};
    const hu_node *strength;
    HU_TRY(hu_node_check_keys(node, keys));
    HU_TRY(rules_text(node, "id", &item->id));
    HU_TRY(rules_text(node, "dimension", &item->dimension));
    HU_TRY(rules_text(node, "element", &item->element));
    HU_TRY(rules_text(node, "es", &item->es));
    HU_TRY(rules_text(node, "en", &item->en));
    HU_TRY(rules_text(node, "source", &item->source));
    HU_TRY(hu_node_require(node, "strength", &strength));
    for (size_t i = 0; i < strength->count; i++) {
        int profile = hu_indicators_profile(to, strength->keys[i]->text);
        if (strength->kind != HU_MAP || profile < 0)
            return hu_node_fail(strength, "expected a map from profiles to strong, medium or weak");
        HU_TRY(strength_of(strength->items[i], &item->strength[profile]));
    }
    for (size_t i = 0; i < to->n_dimensions; i++)
        if (strcmp(to->dimensions[i].key, item->dimension) == 0)
            return NULL;
    return hu_node_fail(node, "dimension \"%s\" is not among the dimensions", item->dimension);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const hu_indicator *)a)->id, ((const hu_indicator *)b)->id);
}

static hu_error *load_items(const hu_node *root, hu_arena *arena, hu_indicators *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "indicators", &list));
    hu_indicator *items = HU_NEW_ARRAY(arena, hu_indicator, list->count);
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(load_item(list->items[i], to, &items[i]));
    qsort(items, list->count, sizeof *items, by_id);
    for (size_t i = 1; i < list->count; i++)
        if (strcmp(items[i].id, items[i - 1].id) == 0)
            return hu_node_fail(list, "indicator \"%s\" stands twice", items[i].id);
    to->items = items;
    to->n = list->count;
    return NULL;
}

hu_error *hu_indicators_load(const char *rules_dir, hu_arena *arena, hu_indicators **indicators)
{
    hu_node *root;
    const hu_node *accuracy;
    hu_indicators *to = HU_NEW(arena, hu_indicators);
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "indicators.yaml"), arena, &root));
    HU_TRY(rules_text(root, "version", &to->version));
    HU_TRY(load_profiles(root, to));
    HU_TRY(load_dimensions(root, arena, to));
    HU_TRY(load_rules(root, arena, to));
    HU_TRY(hu_node_require(root, "accuracy", &accuracy));
    HU_TRY(number_of(accuracy, "sensitivity", &to->sensitivity));
    HU_TRY(number_of(accuracy, "specificity", &to->specificity));
    HU_TRY(number_of(accuracy, "base_rate", &to->base_rate));
    HU_TRY(rules_text(accuracy, "source", &to->accuracy_source));
    HU_TRY(load_items(root, arena, to));
    to->json = rules_as_json(root, arena);
    *indicators = to;
    return NULL;
}
