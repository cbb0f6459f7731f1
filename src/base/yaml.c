#include "huella/base/yaml.h"

#include "huella/base/file.h"
#include "huella/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

enum { DEEPEST = 64, LARGEST = 64 * 1024 * 1024 };

/* A list or map that is not yet closed. */
typedef struct level {
    hu_node *node, *key; /* key: read, and its value not yet */
    size_t capacity;
} level;

typedef struct builder {
    const char *source;
    hu_arena *arena;
    hu_node *root;
    level levels[DEEPEST];
    int depth;
} builder;

static hu_node *new_node(const builder *b, hu_node_kind kind, const yaml_mark_t *mark)
{
    hu_node *node = HU_NEW(b->arena, hu_node);
    node->kind = kind;
    node->source = b->source;
    node->line = (long)mark->line + 1;
    node->column = (long)mark->column + 1;
    node->text = "";
    return node;
}

static void grow(hu_arena *arena, level *l)
{
    hu_node *node = l->node;
    if (node->count < l->capacity)
        return;
    size_t more = l->capacity ? l->capacity * 2 : 8;
    node->items = hu_regrow(arena, node->items, node->count, more, sizeof *node->items);
    if (node->kind == HU_MAP)
        node->keys = hu_regrow(arena, node->keys, node->count, more, sizeof *node->keys);
    l->capacity = more;
}

/* Puts a node where it belongs: at the root, in a list, as a key or as the value of the key before it. */
static hu_error *place(builder *b, hu_node *node)
{
    if (!b->depth) {
        b->root = node;
        return NULL;
    }
    level *l = &b->levels[b->depth - 1];
    if (l->node->kind == HU_MAP && !l->key) { /* NOLINT: a level below depth has a node */
        if (node->kind != HU_SCALAR)
            return hu_node_fail(node, "a key must be a text, not a list or a map");
        l->key = node;
        return NULL;
    }
    grow(b->arena, l);
    if (l->node->kind == HU_MAP) {
        l->node->keys[l->node->count] = l->key;
        l->key = NULL;
    }
    l->node->items[l->node->count++] = node;
    return NULL;
}

static hu_error *open_level(builder *b, hu_node_kind kind, const yaml_mark_t *mark)
{
    hu_node *node = new_node(b, kind, mark);
    if (b->depth == DEEPEST)
        return hu_fail_at(HU_LIMIT, b->source, node->line, NULL, "more than %d levels, one in another", DEEPEST);
    HU_TRY(place(b, node));
    b->levels[b->depth++] = (level){.node = node};
    return NULL;
}

static int compare_keys(const void *a, const void *b)
{
    const hu_node *x = *(hu_node *const *)a, *y = *(hu_node *const *)b;
    int order = strcmp(x->text, y->text);
    if (order)
        return order;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static hu_error *refuse_repeated_keys(const hu_node *map)
{
    HU_SCRATCH(scratch);
    hu_node **sorted = hu_regrow(scratch, map->keys, map->count, map->count, sizeof *sorted);
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    const hu_node *repeated = NULL, *earlier = NULL;
    for (size_t i = 1; i < map->count; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0 && (!repeated || sorted[i]->line < repeated->line)) {
            repeated = sorted[i];
            earlier = sorted[i - 1];
        }
    if (!repeated)
        return NULL;
    return hu_node_fail(repeated, "the key \"%s\" stands already on line %ld: remove one of the two", repeated->text,
                        earlier->line);
}

static hu_error *close_level(builder *b)
{
    const hu_node *node = b->levels[--b->depth].node;
    bool pairs = node->kind == HU_MAP && node->count > 1; /* NOLINT: a level below depth has a node */
    return pairs ? refuse_repeated_keys(node) : NULL;
}

static hu_error *refuse_tag(const builder *b, const unsigned char *tag, const yaml_mark_t *mark)
{
    return hu_fail_at(HU_BAD_INPUT, b->source, (long)mark->line + 1, NULL,
                      "the tag \"%s\" is not understood: remove it, or put the value in quotes if it is a text",
                      (const char *)tag);
}

static hu_error *add_scalar(builder *b, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value, *tag = (const char *)event->data.scalar.tag;
    size_t length = event->data.scalar.length;
    hu_node *node = new_node(b, HU_SCALAR, &event->start_mark);
    if (tag && strcmp(tag, YAML_STR_TAG) != 0 && strcmp(tag, "!") != 0)
        return refuse_tag(b, event->data.scalar.tag, &event->start_mark);
    if (memchr(value, '\0', length))
        return hu_node_fail(node, "a NUL character in a text");
    node->quoted = tag || event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = hu_strndup(b->arena, value, length);
    return place(b, node);
}

static hu_error *take_event(builder *b, const yaml_event_t *event)
{
    const yaml_mark_t *mark = &event->start_mark;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->root)
            return hu_fail_at(HU_BAD_INPUT, b->source, (long)mark->line + 1, NULL,
                              "a second document (after \"---\"): one is expected");
        return NULL;
    case YAML_ALIAS_EVENT:
        return hu_fail_at(HU_BAD_INPUT, b->source, (long)mark->line + 1, NULL,
                          "the alias \"*%s\": aliases are not used here, write the value out or put it in quotes",
                          (const char *)event->data.alias.anchor);
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.tag)
            return refuse_tag(b, event->data.sequence_start.tag, mark);
        return open_level(b, HU_LIST, mark);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.tag)
            return refuse_tag(b, event->data.mapping_start.tag, mark);
        return open_level(b, HU_MAP, mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_level(b);
    default:
        return NULL;
    }
}

static hu_error *parser_error(const yaml_parser_t *parser, const char *source)
{
    bool in_bytes = parser->error == YAML_READER_ERROR;
    long line = (long)(in_bytes ? parser->mark.line : parser->problem_mark.line) + 1;
    const char *problem = parser->problem ? parser->problem : "cannot be read";
    if (in_bytes)
        return hu_fail_at(HU_BAD_INPUT, source, line, NULL, "not UTF-8 text at byte %zu: %s", parser->problem_offset,
                          problem);
    const char *context = parser->context ? parser->context : "";
    return hu_fail_at(HU_BAD_INPUT, source, line, NULL, "not YAML at character %zu: %s%s%s",
                      parser->problem_mark.column + 1, context, *context ? ", " : "", problem);
}

hu_error *hu_yaml_parse(const char *text, size_t length, const char *source, hu_arena *arena, hu_node **root)
{
    *root = NULL;
    builder b = {.source = hu_strdup(arena, source), .arena = arena};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return hu_fail(HU_IO, "%s: the YAML reader cannot start: out of memory", source);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    hu_error *error = NULL;
    for (bool done = false; !done && !error;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            error = parser_error(&parser, source);
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        error = take_event(&b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!error)
        *root = b.root ? b.root : new_node(&b, HU_SCALAR, &(yaml_mark_t){0});
    return error;
}

hu_error *hu_yaml_load(const char *path, hu_arena *arena, hu_node **root)
{
    *root = NULL;
    hu_file file;
    HU_TRY(hu_file_open(path, LARGEST, &file));
    hu_error *error = hu_yaml_parse(file.data, file.length, path, arena, root);
    hu_file_close(&file);
    return error;
}

const hu_node *hu_node_get(const hu_node *map, const char *key)
{
    if (!map || map->kind != HU_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    return NULL;
}

hu_error *hu_node_fail(const hu_node *node, const char *format, ...)
{
    HU_SCRATCH(scratch);
    va_list args;
    va_start(args, format);
    const char *message = hu_vprintf(scratch, format, args);
    va_end(args);
    if (!node)
        return hu_fail(HU_BAD_INPUT, "%s", message);
    return hu_fail_at(HU_BAD_INPUT, node->source, node->line, NULL, "%s", message);
}

hu_error *hu_node_require(const hu_node *map, const char *key, const hu_node **value)
{
    *value = NULL;
    if (map && map->kind != HU_MAP && !hu_node_is_null(map))
        return hu_node_fail(map, "keys with values are expected here, among them \"%s\"", key);
    *value = hu_node_get(map, key);
    return *value ? NULL : hu_node_fail(map, "the key \"%s\" is missing", key);
}

hu_error *hu_node_check_keys(const hu_node *map, const char *const *allowed)
{
    if (hu_node_is_null(map))
        return NULL;
    HU_BUF(list);
    for (size_t i = 0; allowed[i]; i++)
        hu_buf_printf(&list, "%s%s", i ? ", " : "", allowed[i]);
    if (map->kind != HU_MAP)
        return hu_node_fail(map, "keys with values are expected here: %s", list.length ? list.data : "none");
    for (size_t i = 0; i < map->count; i++) {
        const char *key = map->keys[i]->text;
        size_t j = 0;
        while (allowed[j] && strcmp(allowed[j], key) != 0)
            j++;
        if (allowed[j])
            continue;
        const char *meant = hu_closest(key, allowed);
        if (meant)
            return hu_node_fail(map->keys[i], "unknown key \"%s\": did you mean \"%s\"?", key, meant);
        return hu_node_fail(map->keys[i], "unknown key \"%s\": the keys here are %s", key,
                            list.length ? list.data : "none");
    }
    return NULL;
}

bool hu_node_is_null(const hu_node *node)
{
    return !node || (node->kind == HU_SCALAR && !node->quoted &&
                     (!*node->text || strcmp(node->text, "~") == 0 || strcasecmp(node->text, "null") == 0));
}

/* "expected a number, not …" */
static hu_error *not_a(const hu_node *node, const char *expected)
{
    if (hu_node_is_null(node))
        return hu_node_fail(node, "%s is expected, and nothing stands here", expected);
    if (node->kind != HU_SCALAR)
        return hu_node_fail(node, "%s is expected, not a %s", expected, node->kind == HU_LIST ? "list" : "map");
    return hu_node_fail(node, "%s is expected, not \"%s\"%s", expected, node->text, node->quoted ? " in quotes" : "");
}

hu_error *hu_node_text(const hu_node *node, const char **text)
{
    if (hu_node_is_null(node) || node->kind != HU_SCALAR)
        return not_a(node, "a text");
    *text = node->text;
    return NULL;
}

static bool is_plain(const hu_node *node)
{
    return node && node->kind == HU_SCALAR && !node->quoted && *node->text;
}

hu_error *hu_node_number(const hu_node *node, double *number)
{
    /* strtod alone would also take "0x1p3", "nan" and "infinity". */
    if (!is_plain(node) || node->text[strspn(node->text, "0123456789+-.eE")])
        return not_a(node, "a number");
    char *end;
    double value = strtod(node->text, &end);
    if (*end || end == node->text || !isfinite(value))
        return not_a(node, "a number");
    *number = value;
    return NULL;
}

hu_error *hu_node_integer(const hu_node *node, long *integer)
{
    if (!is_plain(node) || node->text[strspn(node->text, "0123456789+-")])
        return not_a(node, "a whole number");
    char *end;
    errno = 0;
    long value = strtol(node->text, &end, 10);
    if (*end || end == node->text || errno)
        return not_a(node, "a whole number");
    *integer = value;
    return NULL;
}

hu_error *hu_node_bool(const hu_node *node, bool *value)
{
    static const char *const words[] = {"false", "true", "no", "yes"};
    for (int i = 0; i < 4; i++)
        if (is_plain(node) && strcasecmp(node->text, words[i]) == 0) {
            *value = i % 2;
            return NULL;
        }
    return not_a(node, "true or false");
}
