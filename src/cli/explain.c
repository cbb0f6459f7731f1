/* --explain: what an estimator estimates, assumes and rests on, from rules/estimators.yaml. */

#include "plot.h"
#include "print.h"

#include "huella/base/file.h"
#include "huella/base/yaml.h"

#include <string.h>

/* The parts of an entry in the order in which they are printed: one text, or a list of them. */
static const struct {
    const char *key, *head;
} parts[] = {
    {"estimand", "What is estimated"}, {"assumes", "What is assumed"}, {"errors", "Errors"},
    {"caution", "With care"},          {"source", "Source"},
};
enum { PARTS = sizeof parts / sizeof *parts };

typedef struct explanation {
    const hu_node **entry;
    size_t n;
} explanation;

static hu_error *find_entry(const hu_node *root, const char *name, const hu_node **entry)
{
    static const char *const keys[] = {"name", "title", "estimand", "assumes", "errors", "caution", "source", NULL};
    const char *text;
    for (size_t i = 0; i < root->count; i++) {
        const hu_node *value;
        HU_TRY(hu_node_require(root->items[i], "name", &value));
        HU_TRY(hu_node_text(value, &text));
        if (strcmp(text, name) != 0)
            continue;
        HU_TRY(hu_node_check_keys(root->items[i], keys));
        HU_TRY(hu_node_require(root->items[i], "title", &value));
        *entry = root->items[i];
        return NULL;
    }
    return hu_fail(HU_BUG, "%s says nothing of \"%s\"", root->source, name);
}

static const char *text_of(const hu_node *node)
{
    return node && node->text ? node->text : "";
}

/* Lines of at most 100 bytes, each after two blanks; `mark` stands before the first. */
static void print_paragraph(FILE *out, const char *mark, const char *text)
{
    size_t at = (size_t)fprintf(out, "  %s", mark), indent = 2 + strlen(mark);
    while (*text) {
        size_t length = strcspn(text, " ");
        if (at > indent && at + 1 + length > 100) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", (int)length, text);
        at += length;
        text += length + strspn(text + length, " ");
    }
    fputc('\n', out);
}

static void print_text(FILE *out, const explanation *e)
{
    for (size_t i = 0; i < e->n; i++) {
        fprintf(out, "%s%s\n", i ? "\n\n" : "", text_of(hu_node_get(e->entry[i], "title")));
        for (size_t p = 0; p < PARTS; p++) {
            const hu_node *node = hu_node_get(e->entry[i], parts[p].key);
            if (hu_node_is_null(node))
                continue;
            fprintf(out, "\n%s\n", parts[p].head);
            if (node->kind == HU_SCALAR)
                print_paragraph(out, "", text_of(node));
            for (size_t l = 0; node->kind == HU_LIST && l < node->count; l++)
                print_paragraph(out, "- ", text_of(node->items[l]));
        }
    }
}

static void put_entry(hu_json *json, const hu_node *entry)
{
    hu_json_object(json);
    hu_json_put_text(json, "name", text_of(hu_node_get(entry, "name")));
    hu_json_put_text(json, "title", text_of(hu_node_get(entry, "title")));
    for (size_t p = 0; p < PARTS; p++) {
        const hu_node *node = hu_node_get(entry, parts[p].key);
        if (hu_node_is_null(node))
            continue;
        hu_json_key(json, parts[p].key);
        if (node->kind == HU_SCALAR) {
            hu_json_text(json, text_of(node));
            continue;
        }
        hu_json_array(json);
        for (size_t l = 0; l < node->count; l++)
            hu_json_text(json, text_of(node->items[l]));
        hu_json_array_end(json);
    }
    hu_json_object_end(json);
}

static void put_entries(hu_json *json, const void *context)
{
    const explanation *e = context;
    hu_json_object(json);
    hu_json_key(json, "explain");
    hu_json_array(json);
    for (size_t i = 0; i < e->n; i++)
        put_entry(json, e->entry[i]);
    hu_json_array_end(json);
    hu_json_object_end(json);
}

hu_error *hu_explain(const hu_run *run, const char *const *names)
{
    hu_node *root;
    explanation e = {0};
    const char *path = hu_path_join(run->arena, hu_rules_dir(run->arena), "estimators.yaml");
    HU_TRY(hu_yaml_load(path, run->arena, &root));
    while (names[e.n])
        e.n++;
    e.entry = HU_NEW_ARRAY(run->arena, const hu_node *, e.n + 1);
    for (size_t i = 0; i < e.n; i++)
        HU_TRY(find_entry(root, names[i], &e.entry[i]));
    if (run->format_given && (run->format == HU_FORMAT_JSON || run->format == HU_FORMAT_JSONL))
        hu_print_json(run, put_entries, &e);
    else
        print_text(run->out, &e);
    return NULL;
}
