/* Progression criteria: pilot.yaml read key by key. */

#include "huella/design/pilot.h"

#include "huella/base/yaml.h"

#include <math.h>
#include <string.h>

static const char *const kind_names[] = {"proportion", "rate", "mean", NULL};
static const char *const rule_names[] = {"estimate", "interval", "posterior", NULL};
static const char *const direction_names[] = {"at_least", "at_most", NULL};
static const char *const decision_names[] = {"go", "amend", "stop"};

const char *hu_pilot_kind_name(hu_pilot_kind kind)
{
    return kind_names[kind];
}

const char *hu_pilot_decision_name(hu_pilot_decision decision)
{
    return decision_names[decision];
}

const char *hu_pilot_rule_in_words(const hu_pilot_criteria *c, hu_arena *arena)
{
    static const char *const all = "All indicators go: go. One stops: stop. Else amend.";
    switch (c->rule) {
    case HU_PILOT_BY_ESTIMATE:
        return hu_printf(arena,
                         "An indicator goes when its estimate reaches its go value, stops when it falls short of its "
                         "stop value, else amends. %s",
                         all);
    case HU_PILOT_BY_INTERVAL:
        return hu_printf(
            arena,
            "An indicator goes when its estimate reaches its go value and the %g %% interval rules its stop "
            "value out, stops when it falls short of its stop value and the interval rules its go value out, "
            "else amends. %s",
            100 * c->level, all);
    case HU_PILOT_BY_POSTERIOR:
        return hu_printf(
            arena,
            "An indicator goes when the probability that it reaches its go value is at least %g, stops when "
            "the probability that it falls short of its stop value is, else amends. %s",
            c->certainty, all);
    }
    return all;
}

/* --- values of a key; an absent one leaves the default --- */

static hu_error *choice(const hu_node *map, const char *key, const char *const *names, int *index)
{
    HU_SCRATCH(scratch);
    const hu_node *node = hu_node_get(map, key);
    const char *text = NULL, *list = names[0];
    if (!node)
        return NULL;
    HU_TRY(hu_node_text(node, &text));
    for (int i = 0; names[i]; i++)
        if (text && strcmp(text, names[i]) == 0) {
            *index = i;
            return NULL;
        }
    for (size_t i = 1; names[i]; i++)
        list = hu_printf(scratch, "%s, %s", list, names[i]);
    return hu_node_fail(node, "\"%s\": \"%s\" is not known; expected one of %s", key, text ? text : "", list);
}

static hu_error *number(const hu_node *map, const char *key, double low, double high, double *value)
{
    const hu_node *node = hu_node_get(map, key);
    double read = NAN;
    if (!node)
        return NULL;
    HU_TRY(hu_wrap(hu_node_number(node, &read), "%s", key));
    if (!(read >= low && read <= high))
        return hu_node_fail(node, "\"%s\" is %g: expected a number from %g to %g", key, read, low, high);
    *value = read;
    return NULL;
}

static hu_error *text(const hu_node *map, const char *key, const char **value)
{
    const hu_node *node = hu_node_get(map, key);
    return node && !hu_node_is_null(node) ? hu_wrap(hu_node_text(node, value), "%s", key) : NULL;
}

static hu_error *map_of(const hu_node *node, const char *what, const char *const *allowed)
{
    return node->kind == HU_MAP ? hu_node_check_keys(node, allowed)
                                : hu_node_fail(node, "%s must be lines of \"key: value\"", what);
}

static hu_error *read_where(const hu_node *node, hu_pilot_criterion *c)
{
    const hu_node *where = hu_node_get(node, "where");
    if (!where)
        return NULL;
    if (where->kind != HU_MAP || where->count != 1 || where->items[0]->kind != HU_SCALAR)
        return hu_node_fail(where, "\"where\" names one column and what it reads: {wave: after}");
    c->where = where->keys[0]->text;
    c->is = where->items[0]->text;
    return NULL;
}

static hu_error *read_criterion(const hu_node *node, hu_pilot_criterion *c)
{
    int kind = 0, direction = 0;
    HU_TRY(map_of(node, "an indicator",
                  (const char *const[]){"name", "label", "column", "kind", "exposure", "direction", "go", "stop",
                                        "where", "effect", NULL}));
    *c = (hu_pilot_criterion){.go = NAN, .stop = NAN, .effect = NAN};
    HU_TRY(text(node, "name", &c->name));
    if (!c->name)
        return hu_node_fail(node, "\"name\" is missing: results are shown under it");
    c->label = c->column = c->name;
    HU_TRY(text(node, "label", &c->label));
    HU_TRY(text(node, "column", &c->column));
    HU_TRY(text(node, "exposure", &c->exposure));
    HU_TRY(choice(node, "kind", kind_names, &kind));
    HU_TRY(choice(node, "direction", direction_names, &direction));
    HU_TRY(number(node, "go", -1e300, 1e300, &c->go));
    HU_TRY(number(node, "stop", -1e300, 1e300, &c->stop));
    HU_TRY(number(node, "effect", -1e300, 1e300, &c->effect));
    HU_TRY(read_where(node, c));
    c->kind = (hu_pilot_kind)kind;
    c->at_most = direction == 1;
    if (isnan(c->go) || isnan(c->stop))
        return hu_node_fail(node, "%s: \"go\" and \"stop\" are both needed", c->name);
    if (c->at_most ? c->stop < c->go : c->stop > c->go)
        return hu_node_fail(node, "%s: stop at %g and go at %g: expected stop %s go", c->name, c->stop, c->go,
                            c->at_most ? "above" : "below");
    if ((kind == HU_PILOT_RATE) != (c->exposure != NULL))
        return hu_node_fail(node, "%s: \"exposure\" names the column a rate is per, and only a rate has one", c->name);
    return NULL;
}

static hu_error *read_trial(const hu_node *root, hu_pilot_criteria *c)
{
    const hu_node *node = hu_node_get(root, "trial"), *pairs;
    double clusters = 20;
    c->power = 0.8;
    if (!node)
        return NULL;
    HU_TRY(map_of(node, "\"trial\"",
                  (const char *const[]){"clusters", "size", "baseline", "pairs", "pairs_share", "power", NULL}));
    HU_TRY(number(node, "clusters", 4, 100000, &clusters));
    HU_TRY(number(node, "size", 1e-6, 1e9, &c->size));
    HU_TRY(number(node, "baseline", -0.999, 0.999, &c->baseline));
    HU_TRY(number(node, "pairs_share", 0, 0.999, &c->pairs_share));
    HU_TRY(number(node, "power", 0.06, 0.999, &c->power));
    pairs = hu_node_get(node, "pairs");
    if (pairs)
        HU_TRY(hu_wrap(hu_node_bool(pairs, &c->pairs), "pairs"));
    c->clusters = (size_t)clusters;
    c->trial = true;
    return NULL;
}

hu_error *hu_pilot_load(const char *path, hu_arena *arena, hu_pilot_criteria **out)
{
    hu_node *root;
    int rule = HU_PILOT_BY_INTERVAL;
    hu_pilot_criteria *c = *out = HU_NEW(arena, hu_pilot_criteria);
    HU_TRY(hu_yaml_load(path, arena, &root));
    HU_TRY(
        map_of(root, "the criteria",
               (const char *const[]){"title", "cluster", "rule", "level", "certainty", "indicators", "trial", NULL}));
    *c = (hu_pilot_criteria){.source = hu_strdup(arena, path), .title = "Pilot", .level = 0.9, .certainty = 0.8};
    HU_TRY(text(root, "title", &c->title));
    HU_TRY(text(root, "cluster", &c->cluster));
    HU_TRY(choice(root, "rule", rule_names, &rule));
    c->rule = (hu_pilot_rule)rule;
    HU_TRY(number(root, "level", 0.5, 0.9999, &c->level));
    HU_TRY(number(root, "certainty", 0.5, 0.9999, &c->certainty));
    HU_TRY(read_trial(root, c));
    const hu_node *list = hu_node_get(root, "indicators");
    if (!list || list->kind != HU_LIST || !list->count)
        return hu_node_fail(list ? list : root, "\"indicators\" must be a list of at least one \"- name: …\"");
    c->items = HU_NEW_ARRAY(arena, hu_pilot_criterion, list->count);
    for (; c->n < list->count; c->n++) {
        HU_TRY(read_criterion(list->items[c->n], &c->items[c->n]));
        for (size_t i = 0; i < c->n; i++)
            if (c->items[i].name && c->items[c->n].name && strcmp(c->items[i].name, c->items[c->n].name) == 0)
                return hu_node_fail(list->items[c->n], "the indicator \"%s\" stands twice", c->items[i].name);
    }
    return NULL;
}
