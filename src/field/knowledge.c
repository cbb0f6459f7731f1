/* The bank of knowledge items, its forms and their order: see knowledge.h. */

#include "huella/field/knowledge.h"

#include "huella/base/file.h"
#include "huella/base/random.h"
#include "rules.h"

#include <string.h>

static hu_error *load_item(const hu_node *node, hu_knowledge_item *item)
{
    const hu_node *options;
    item->node = node;
    HU_TRY(rules_text(node, "id", &item->id));
    HU_TRY(rules_text(node, "topic", &item->topic));
    HU_TRY(rules_text(node, "form", &item->form));
    HU_TRY(rules_text(node, "right", &item->right));
    HU_TRY(rules_list(node, "options", &options));
    size_t right = 0;
    for (size_t i = 0; i < options->count; i++) {
        const char *key = "", *text;
        HU_TRY(rules_text(options->items[i], "key", &key));
        HU_TRY(rules_text(options->items[i], "es", &text));
        HU_TRY(rules_text(options->items[i], "en", &text));
        right += strcmp(key, item->right) == 0;
    }
    if (right != 1 || options->count < 3)
        return hu_node_fail(node, "%s: expected three options or more, one of them the right one", item->id);
    if (strcmp(item->form, "A") != 0 && strcmp(item->form, "B") != 0 && strcmp(item->form, "AB") != 0)
        return hu_node_fail(node, "%s: form \"%s\": expected A, B or AB", item->id, item->form);
    return NULL;
}

static size_t length_of(const hu_knowledge *k, const char *form)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++)
        n += strstr(k->items[i].form, form) != NULL;
    return n;
}

hu_error *hu_knowledge_load(const char *rules_dir, hu_arena *arena, hu_knowledge **knowledge)
{
    hu_node *root;
    const hu_node *list;
    hu_knowledge *k = HU_NEW(arena, hu_knowledge);
    HU_TRY(hu_yaml_load(hu_path_join(arena, rules_dir, "knowledge.yaml"), arena, &root));
    HU_TRY(rules_text(root, "version", &k->version));
    HU_TRY(rules_list(root, "items", &list));
    k->items = HU_NEW_ARRAY(arena, hu_knowledge_item, list->count);
    for (; k->n < list->count; k->n++) {
        HU_TRY(load_item(list->items[k->n], &k->items[k->n]));
        for (size_t j = 0; j < k->n; j++)
            if (strcmp(k->items[j].id, k->items[k->n].id) == 0)
                return hu_node_fail(list->items[k->n], "item %s stands twice", k->items[j].id);
    }
    if (length_of(k, "A") != length_of(k, "B"))
        return hu_node_fail(list, "form A has %zu items and form B %zu: expected as many", length_of(k, "A"),
                            length_of(k, "B"));
    *knowledge = k;
    return NULL;
}

/* FNV-1a, as streams are named elsewhere. */
static hu_random random_of(const char *sitting, size_t item)
{
    return hu_random_start(hu_random_stream(sitting, 0), hu_random_stream("field.knowledge", item));
}

void hu_knowledge_order(const hu_knowledge *k, const char *form, const char *sitting, hu_arena *arena,
                        const hu_knowledge_item ***items, size_t *n)
{
    size_t *order = HU_NEW_ARRAY(arena, size_t, k->n + 1);
    *n = 0;
    for (size_t i = 0; i < k->n; i++)
        if (strstr(k->items[i].form, form))
            order[(*n)++] = i;
    hu_random random = random_of(sitting, 0);
    hu_random_shuffle(&random, order, *n);
    *items = HU_NEW_ARRAY(arena, const hu_knowledge_item *, *n + 1);
    for (size_t i = 0; i < *n; i++)
        (*items)[i] = &k->items[order[i]];
}

static void put_words(hu_json *json, const hu_node *node)
{
    static const char *const languages[] = {"es", "en", NULL};
    for (const char *const *language = languages; *language; language++) {
        const hu_node *text = hu_node_get(node, *language);
        hu_json_put_text(json, *language, text ? text->text : NULL);
    }
}

void hu_knowledge_print(const hu_knowledge *k, const char *form, const char *sitting, hu_json *json)
{
    HU_SCRATCH(arena);
    const hu_knowledge_item **items;
    size_t n;
    hu_knowledge_order(k, form, sitting, arena, &items, &n);
    hu_json_array(json);
    for (size_t i = 0; i < n; i++) {
        const hu_node *options = hu_node_get(items[i]->node, "options");
        size_t *order = HU_NEW_ARRAY(arena, size_t, options->count);
        hu_random random = random_of(sitting, i + 1);
        for (size_t o = 0; o < options->count; o++)
            order[o] = o;
        hu_random_shuffle(&random, order, options->count);
        hu_json_object(json);
        hu_json_put_text(json, "id", items[i]->id);
        put_words(json, items[i]->node);
        hu_json_key(json, "options");
        hu_json_array(json);
        for (size_t o = 0; o < options->count; o++) {
            const hu_node *option = options->items[order[o]];
            hu_json_object(json);
            hu_json_put_text(json, "key", hu_node_get(option, "key")->text);
            put_words(json, option);
            hu_json_object_end(json);
        }
        hu_json_array_end(json);
        hu_json_object_end(json);
    }
    hu_json_array_end(json);
}
