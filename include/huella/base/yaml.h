#ifndef HUELLA_BASE_YAML_H
#define HUELLA_BASE_YAML_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * YAML as a tree whose nodes know their place, so that an error can name file, line and key.
 *
 * Scalars are kept as text; asking for a number checks it. Aliases, tags, repeated keys, a second document and more
 * than 64 levels are refused. HU_BAD_INPUT names the line; an empty file is a null scalar. Nodes and text live in the
 * arena.
 */
typedef enum hu_node_kind { HU_SCALAR, HU_LIST, HU_MAP } hu_node_kind;

typedef struct hu_node {
    hu_node_kind kind;
    const char *source;
    long line, column;      /* from 1 */
    const char *text;       /* scalar */
    bool quoted;            /* scalar was in quotes: never null, number or boolean */
    size_t count;           /* items of a list, pairs of a map */
    struct hu_node **items; /* list: items; map: values */
    struct hu_node **keys;  /* map: keys, scalars */
} hu_node;

hu_error *hu_yaml_load(const char *path, hu_arena *arena, hu_node **root);
hu_error *hu_yaml_parse(const char *text, size_t length, const char *source, hu_arena *arena, hu_node **root);

/** The value of a key of a map, or NULL (also when node is NULL or no map). */
const hu_node *hu_node_get(const hu_node *map, const char *key);

/** The same, and it must be there: HU_BAD_INPUT names the map's place and the key. */
hu_error *hu_node_require(const hu_node *map, const char *key, const hu_node **value);

/** An error at this node: "study.yaml:12: …". */
hu_error *hu_node_fail(const hu_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

/** Refuses a key that is not in the NULL-terminated list, with a suggestion; an absent or null map is fine. */
hu_error *hu_node_check_keys(const hu_node *map, const char *const *allowed);

bool hu_node_is_null(const hu_node *node); /* NULL, empty, ~ or null, unquoted */
/* What a scalar holds; HU_BAD_INPUT says what stands there instead. The result is left alone on errors. */
hu_error *hu_node_text(const hu_node *node, const char **text);
hu_error *hu_node_number(const hu_node *node, double *number);
hu_error *hu_node_integer(const hu_node *node, long *integer);
hu_error *hu_node_bool(const hu_node *node, bool *value); /* true, false, yes, no in any case */

#endif
