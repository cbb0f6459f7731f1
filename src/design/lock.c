/* Locks of a plan: its fields, their hash, and what changed since. */

#include "huella/design/lock.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/yaml.h"

#include <stdlib.h>
#include <string.h>

static const char *const not_analysis[] = {"title", "sources", "truth", NULL};

typedef struct collection {
    hu_arena *arena;
    hu_plan_field *fields;
    size_t n;
} collection;

static void add(collection *c, const char *key, const char *value)
{
    c->fields = hu_regrow(c->arena, c->fields, c->n, c->n + 1, sizeof *c->fields);
    c->fields[c->n++] = (hu_plan_field){key, value};
}

static bool plain_list(const hu_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->items[i]->kind != HU_SCALAR)
            return false;
    return node->kind == HU_LIST;
}

static const char *joined(const hu_node *list, hu_arena *arena)
{
    HU_BUF(text);
    hu_buf_add_char(&text, '[');
    for (size_t i = 0; i < list->count; i++)
        hu_buf_printf(&text, "%s%s", i ? ", " : "", list->items[i]->text);
    hu_buf_add_char(&text, ']');
    return hu_strdup(arena, text.data);
}

/* Depth is bounded by the parser (64 levels). */
static void collect(collection *c, const hu_node *node, const char *path)
{
    if (node->kind == HU_SCALAR)
        add(c, path, node->text);
    else if (plain_list(node))
        add(c, path, joined(node, c->arena));
    for (size_t i = 0; node->kind == HU_MAP && i < node->count; i++)
        collect(c, node->items[i],
                *path ? hu_printf(c->arena, "%s.%s", path, node->keys[i]->text) : node->keys[i]->text);
    for (size_t i = 0; node->kind == HU_LIST && !plain_list(node) && i < node->count; i++) {
        const hu_node *name = hu_node_get(node->items[i], "name");
        collect(c, node->items[i],
                name && name->kind == HU_SCALAR ? hu_printf(c->arena, "%s[%s]", path, name->text)
                                                : hu_printf(c->arena, "%s[%zu]", path, i + 1));
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const hu_plan_field *)a)->key, ((const hu_plan_field *)b)->key);
}

hu_error *hu_plan_fields(const char *path, hu_arena *arena, hu_plan_field **fields, size_t *n)
{
    hu_node *root;
    collection c = {.arena = arena};
    HU_TRY(hu_yaml_load(path, arena, &root));
    for (size_t i = 0; root->kind == HU_MAP && i < root->count; i++) {
        bool counts = true;
        for (size_t k = 0; not_analysis[k]; k++)
            counts = counts && strcmp(root->keys[i]->text, not_analysis[k]) != 0;
        if (counts)
            collect(&c, root->items[i], root->keys[i]->text);
    }
    if (c.n)
        qsort(c.fields, c.n, sizeof *c.fields, by_key);
    *fields = c.fields;
    *n = c.n;
    return NULL;
}

void hu_plan_hash(const hu_plan_field *fields, size_t n, char hex[65])
{
    HU_BUF(text);
    for (size_t i = 0; i < n; i++)
        hu_buf_printf(&text, "%zu:%s=%zu:%s\n", strlen(fields[i].key), fields[i].key, strlen(fields[i].value),
                      fields[i].value);
    hu_sha256_hex(text.data ? text.data : "", text.length, hex);
}

/* --- kept as JSON --- */

void hu_locks_write(const hu_locks *locks, hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    hu_json_array(&json);
    for (size_t i = 0; i < locks->n; i++) {
        const hu_lock *lock = &locks->items[i];
        hu_json_object(&json);
        hu_json_put_text(&json, "time", lock->time);
        hu_json_put_text(&json, "version", lock->version);
        hu_json_put_text(&json, "hash", lock->hash);
        hu_json_put_text(&json, "reason", lock->reason);
        hu_json_put_bool(&json, "after_results", lock->after_results);
        hu_json_key(&json, "fields");
        hu_json_array(&json); /* pairs: an object could not hold a key twice */
        for (size_t f = 0; f < lock->n; f++) {
            hu_json_array(&json);
            hu_json_text(&json, lock->fields[f].key);
            hu_json_text(&json, lock->fields[f].value);
            hu_json_array_end(&json);
        }
        hu_json_array_end(&json);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
}

static const char *text_of(const json_t *value, hu_arena *arena)
{
    return json_is_string(value) ? hu_strdup(arena, json_string_value(value)) : NULL;
}

static bool read_lock(const json_t *object, hu_arena *arena, hu_lock *lock)
{
    char hash[65];
    const json_t *fields = json_object_get(object, "fields");
    *lock = (hu_lock){.time = text_of(json_object_get(object, "time"), arena),
                      .version = text_of(json_object_get(object, "version"), arena),
                      .hash = text_of(json_object_get(object, "hash"), arena),
                      .reason = text_of(json_object_get(object, "reason"), arena),
                      .after_results = json_is_true(json_object_get(object, "after_results")),
                      .fields = HU_NEW_ARRAY(arena, hu_plan_field, json_array_size(fields) + 1)};
    for (size_t f = 0; f < json_array_size(fields); f++) {
        const json_t *pair = json_array_get(fields, f);
        hu_plan_field *field = &lock->fields[lock->n++];
        field->key = text_of(json_array_get(pair, 0), arena);
        field->value = text_of(json_array_get(pair, 1), arena);
        if (!field->key || !field->value)
            return false;
    }
    hu_plan_hash(lock->fields, lock->n, hash);
    return lock->time && lock->version && lock->hash && strcmp(lock->hash, hash) == 0;
}

hu_error *hu_locks_parse(const char *text, hu_arena *arena, hu_locks *locks)
{
    json_t *root = NULL;
    bool whole = true;
    *locks = (hu_locks){0};
    if (!text || !*text)
        return NULL;
    HU_TRY(hu_json_parse(text, strlen(text), "the plan's lock", &root));
    locks->items = HU_NEW_ARRAY(arena, hu_lock, json_array_size(root) + 1);
    for (size_t i = 0; i < json_array_size(root) && whole; i++)
        whole = read_lock(json_array_get(root, i), arena, &locks->items[locks->n++]);
    json_decref(root);
    return whole ? NULL
                 : hu_fail(HU_BAD_INPUT,
                           "the plan's lock in the store was changed by other hands: its fields do not have "
                           "the hash that was locked");
}

void hu_locks_add(hu_locks *locks, const hu_lock *lock, hu_arena *arena)
{
    locks->items = hu_regrow(arena, locks->items, locks->n, locks->n + 1, sizeof *locks->items);
    locks->items[locks->n++] = *lock;
}

/* --- what changed --- */

static const char *value_of(const hu_plan_field *fields, size_t n, const char *key)
{
    const hu_plan_field *found = n ? bsearch(&(hu_plan_field){key, NULL}, fields, n, sizeof *fields, by_key) : NULL;
    return found ? found->value : NULL;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void compare(const hu_locks *locks, const char *key, const char *after, hu_arena *arena, hu_deviation **out,
                    size_t *n)
{
    const char *before = value_of(locks->items[0].fields, locks->items[0].n, key);
    if (same(before, after))
        return;
    hu_deviation found = {.field = key, .before = before, .after = after};
    for (size_t i = locks->n - 1; i > 0; i--) /* the amendment that is in force */
        if (same(value_of(locks->items[i].fields, locks->items[i].n, key), after)) {
            found.amended = locks->items[i].time;
            found.reason = locks->items[i].reason;
        } else {
            break;
        }
    *out = hu_regrow(arena, *out, *n, *n + 1, sizeof **out);
    (*out)[(*n)++] = found;
}

static int by_field(const void *a, const void *b)
{
    return strcmp(((const hu_deviation *)a)->field, ((const hu_deviation *)b)->field);
}

void hu_lock_deviations(const hu_locks *locks, const hu_plan_field *fields, size_t n, hu_arena *arena,
                        hu_deviation **deviations, size_t *n_deviations)
{
    *deviations = NULL;
    *n_deviations = 0;
    if (!locks->n)
        return;
    const hu_lock *first = &locks->items[0];
    for (size_t i = 0; i < n; i++)
        compare(locks, fields[i].key, fields[i].value, arena, deviations, n_deviations);
    for (size_t i = 0; i < first->n; i++)
        if (!value_of(fields, n, first->fields[i].key))
            compare(locks, first->fields[i].key, NULL, arena, deviations, n_deviations);
    if (*n_deviations)
        qsort(*deviations, *n_deviations, sizeof **deviations, by_field);
}
