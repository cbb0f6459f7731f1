/* rules/referrals.yaml into memory. */

#include "huella/base/file.h"
#include "huella/field/referral.h"
#include "rules.h"

#include <string.h>

static hu_error *state_of(const hu_node *map, const char *key, const hu_referral_rules *to, const char **state)
{
    HU_TRY(rules_text(map, key, state));
    return hu_referral_has(to->states, *state) ? NULL : hu_node_fail(map, "\"%s\" is not among the states", *state);
}

static hu_error *side_of(const hu_node *map, hu_side *side)
{
    const char *text = "";
    HU_TRY(rules_text(map, "by", &text));
    *side = strcmp(text, "sender") == 0     ? HU_SENDER
            : strcmp(text, "receiver") == 0 ? HU_RECEIVER
            : strcmp(text, "either") == 0   ? HU_EITHER
                                            : (hu_side)0;
    return *side ? NULL : hu_node_fail(map, "by: \"%s\": expected sender, receiver or either", text);
}

static hu_error *load_steps(const hu_node *root, hu_arena *arena, hu_referral_rules *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "steps", &list));
    hu_step_rule *steps = HU_NEW_ARRAY(arena, hu_step_rule, list->count);
    for (size_t i = 0; i < list->count; i++) {
        HU_TRY(state_of(list->items[i], "from", to, &steps[i].from));
        HU_TRY(state_of(list->items[i], "to", to, &steps[i].to));
        HU_TRY(side_of(list->items[i], &steps[i].by));
    }
    to->steps = steps;
    to->n_steps = list->count;
    return NULL;
}

static hu_error *load_clocks(const hu_node *root, hu_arena *arena, hu_referral_rules *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "clocks", &list));
    hu_clock_rule *clocks = HU_NEW_ARRAY(arena, hu_clock_rule, list->count);
    for (size_t i = 0; i < list->count; i++) {
        HU_TRY(rules_text(list->items[i], "key", &clocks[i].key));
        HU_TRY(state_of(list->items[i], "from", to, &clocks[i].from));
        HU_TRY(state_of(list->items[i], "to", to, &clocks[i].to));
    }
    to->clocks = clocks;
    to->n_clocks = list->count;
    return NULL;
}

static hu_error *load_due(const hu_node *node, hu_arena *arena, const hu_referral_rules *to, hu_referral_kind *kind)
{
    const hu_node *due;
    HU_TRY(hu_node_require(node, "due_hours", &due));
    if (due->kind != HU_MAP)
        return hu_node_fail(due, "due_hours: expected a map from states to hours");
    kind->due_states = HU_NEW_ARRAY(arena, const char *, due->count);
    kind->due_hours = HU_NEW_ARRAY(arena, long, due->count);
    for (size_t i = 0; i < due->count; i++) {
        kind->due_states[i] = due->keys[i]->text;
        if (!hu_referral_has(to->states, kind->due_states[i]))
            return hu_node_fail(due, "\"%s\" is not among the states", kind->due_states[i]);
        HU_TRY(hu_node_integer(due->items[i], &kind->due_hours[i]));
        if (kind->due_hours[i] <= 0 || kind->due_hours[i] > 24L * 365)
            return hu_node_fail(due, "expected hours above 0, a year at most");
    }
    kind->n_due = due->count;
    return NULL;
}

static hu_error *load_kinds(const hu_node *root, hu_arena *arena, hu_referral_rules *to)
{
    const hu_node *list;
    HU_TRY(rules_list(root, "kinds", &list));
    hu_referral_kind *kinds = HU_NEW_ARRAY(arena, hu_referral_kind, list->count);
    for (size_t i = 0; i < list->count; i++) {
        HU_TRY(rules_text(list->items[i], "key", &kinds[i].key));
        HU_TRY(rules_text(list->items[i], "es", &kinds[i].es));
        HU_TRY(rules_text(list->items[i], "en", &kinds[i].en));
        HU_TRY(rules_words(list->items[i], "agencies", arena, &kinds[i].agencies));
        for (const char **agency = kinds[i].agencies; *agency; agency++)
            if (!hu_referral_has(to->agencies, *agency))
                return hu_node_fail(list->items[i], "agency \"%s\" is not among the agencies", *agency);
        HU_TRY(load_due(list->items[i], arena, to, &kinds[i]));
    }
    to->kinds = kinds;
    to->n_kinds = list->count;
    return NULL;
}

static hu_error *load_keys(const hu_node *root, const char *list_key, hu_arena *arena, const char ***keys)
{
    const hu_node *list;
    HU_TRY(rules_list(root, list_key, &list));
    *keys = HU_NEW_ARRAY(arena, const char *, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(rules_text(list->items[i], "key", &(*keys)[i]));
    return NULL;
}

hu_error *hu_referral_rules_load(const char *rules_dir, hu_arena *arena, hu_referral_rules **rules)
{
    hu_node *root;
    hu_referral_rules *to = HU_NEW(arena, hu_referral_rules);
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "referrals.yaml"), arena, &root));
    HU_TRY(load_keys(root, "states", arena, &to->states));
    to->first = to->states[0];
    HU_TRY(rules_words(root, "ended", arena, &to->ended));
    HU_TRY(rules_words(root, "completed", arena, &to->completed));
    HU_TRY(load_keys(root, "agencies", arena, &to->agencies));
    HU_TRY(load_steps(root, arena, to));
    HU_TRY(load_clocks(root, arena, to));
    HU_TRY(load_kinds(root, arena, to));
    to->json = rules_as_json(root, arena);
    *rules = to;
    return NULL;
}
