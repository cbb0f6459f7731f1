#include "fuzz.h"

#include "huella/base/yaml.h"

#include <string.h>

/* Asks every node for everything; trees are at most 64 levels deep. */
static void ask(const hu_node *node, int depth)
{
    double number;
    long integer;
    bool value;
    const char *text;
    MUST(depth <= 64 && node->line >= 1 && node->column >= 1);
    hu_error_free(hu_node_number(node, &number));
    hu_error_free(hu_node_integer(node, &integer));
    hu_error_free(hu_node_bool(node, &value));
    hu_error_free(hu_node_text(node, &text));
    if (node->kind == HU_SCALAR)
        MUST(node->text && node->count == 0);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == HU_MAP)
            MUST(node->keys[i]->kind == HU_SCALAR && hu_node_get(node, node->keys[i]->text) == node->items[i]);
        ask(node->items[i], depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const allowed[] = {"name", "cohorts", "outcomes", NULL};
    HU_SCRATCH(arena);
    hu_node *root;
    hu_error *error = hu_yaml_parse((const char *)data, size, "fuzz.yaml", arena, &root);
    MUST(!error == !!root);
    if (error)
        MUST(strncmp(error->message, "fuzz.yaml:", 10) == 0 &&
             (error->code == HU_BAD_INPUT || error->code == HU_LIMIT));
    hu_error_free(error);
    if (root) {
        ask(root, 0);
        hu_error_free(hu_node_check_keys(root, allowed));
    }
    return 0;
}
