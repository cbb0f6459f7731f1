#ifndef HUELLA_FIELD_KNOWLEDGE_H
#define HUELLA_FIELD_KNOWLEDGE_H

#include "huella/base/json.h"
#include "huella/base/yaml.h"

/**
 * The knowledge test: a bank of items (rules/knowledge.yaml) in two forms with common items (anchors), so that a person
 * does not sit the same test twice and the two can be equated. Items and their options come in a random order of each
 * sitting's own.
 */
typedef struct hu_knowledge_item {
    const char *id, *topic, *form; /* form: "A", "B" or "AB" (an anchor) */
    const char *right;             /* key of the right option */
    const hu_node *node;           /* its words */
} hu_knowledge_item;

typedef struct hu_knowledge {
    const char *version;
    hu_knowledge_item *items;
    size_t n;
} hu_knowledge;

/** HU_BAD_INPUT: an item without exactly one right option, an id that stands twice, forms of different length. */
hu_error *hu_knowledge_load(const char *rules_dir, hu_arena *arena, hu_knowledge **knowledge);

/** The items of a form in the order of a sitting: the same sitting, the same order. */
void hu_knowledge_order(const hu_knowledge *knowledge, const char *form, const char *sitting, hu_arena *arena,
                        const hu_knowledge_item ***items, size_t *n);

/** Writes the items of a sitting, in order, options shuffled, without saying which is right. */
void hu_knowledge_print(const hu_knowledge *knowledge, const char *form, const char *sitting, hu_json *json);

#endif
