/* The files of rules: what reading them shares. */

#include "rules.h"

#include "huella/base/file.h"

#include <stdbool.h>

enum { DEEPEST = 8 };

hu_error *rules_text(const hu_node *map, const char *key, const char **text)
{
    const hu_node *node;
    HU_TRY(hu_node_require(map, key, &node));
    return hu_node_text(node, text);
}

hu_error *rules_list(const hu_node *map, const char *key, const hu_node **list)
{
    HU_TRY(hu_node_require(map, key, list));
    return (*list)->kind == HU_LIST && (*list)->count ? NULL : hu_node_fail(*list, "%s: expected a list", key);
}

hu_error *rules_words(const hu_node *map, const char *key, hu_arena *arena, const char ***words)
{
    const hu_node *list;
    HU_TRY(rules_list(map, key, &list));
    *words = HU_NEW_ARRAY(arena, const char *, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(hu_node_text(list->items[i], &(*words)[i]));
    return NULL;
}

static void print_scalar(const hu_node *node, hu_json *json)
{
    double number;
    hu_error *error = node->quoted ? NULL : hu_node_number(node, &number);
    if (node->quoted || error)
        hu_json_text(json, node->text);
    else
        hu_json_number(json, number);
    hu_error_free(error);
}

static void print_node(const hu_node *node, hu_json *json, int depth)
{
    if (depth > DEEPEST || hu_node_is_null(node)) {
        hu_json_null(json);
    } else if (node->kind == HU_SCALAR) {
        print_scalar(node, json);
    } else if (node->kind == HU_LIST) {
        hu_json_array(json);
        for (size_t i = 0; i < node->count; i++)
            print_node(node->items[i], json, depth + 1);
        hu_json_array_end(json);
    } else {
        hu_json_object(json);
        for (size_t i = 0; i < node->count; i++) {
            hu_json_key(json, node->keys[i]->text);
            print_node(node->items[i], json, depth + 1);
        }
        hu_json_object_end(json);
    }
}

const char *rules_as_json(const hu_node *root, hu_arena *arena)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    print_node(root, &json, 0);
    return hu_strndup(arena, text.data, text.length);
}

hu_error *field_rules_load(const char *rules_dir, hu_arena *arena, field_rules **rules)
{
    *rules = HU_NEW(arena, field_rules);
    HU_TRY(hu_indicators_load(rules_dir, arena, &(*rules)->indicators));
    HU_TRY(hu_referral_rules_load(rules_dir, arena, &(*rules)->referrals));
    HU_TRY(hu_rubric_load(rules_dir, arena, &(*rules)->rubric));
    HU_TRY(hu_knowledge_load(rules_dir, arena, &(*rules)->knowledge));
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "trust.yaml"), arena, &(*rules)->trust));
    (*rules)->trust_json = rules_as_json((*rules)->trust, arena);
    return hu_yaml_load(hu_path_join(arena, rules_dir, "handover.yaml"), arena, &(*rules)->handover);
}
