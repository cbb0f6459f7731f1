/* The list of regions, rules/regions.yaml. Only names and codes are read here; the courts in it are the readers'. */

#include "regions.h"

#include "huella/base/yaml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_ubigeo(const char *text)
{
    return strlen(text) == 2 && isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]);
}

static hu_error *read_region(const hu_node *node, const hu_regions *before, hu_region *region)
{
    const hu_node *name = hu_node_get(node, "name"), *ubigeo = hu_node_get(node, "ubigeo");
    if (!name || !ubigeo)
        return hu_node_fail(node, "a region needs a name and an ubigeo");
    HU_TRY(hu_node_text(name, &region->name));
    HU_TRY(hu_node_text(ubigeo, &region->ubigeo));
    if (!is_ubigeo(region->ubigeo))
        return hu_node_fail(ubigeo, "\"%s\" is not a geographic code: expected two digits in quotes, like \"05\"",
                            region->ubigeo);
    if (hu_regions_find(before, hu_str_of(region->name)))
        return hu_node_fail(name, "the region %s stands twice", region->name);
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->items[i].ubigeo, region->ubigeo) == 0)
            return hu_node_fail(ubigeo, "the code %s stands twice: also for %s", region->ubigeo, before->items[i].name);
    return NULL;
}

static int by_ubigeo(const void *a, const void *b)
{
    return strcmp(((const hu_region *)a)->ubigeo, ((const hu_region *)b)->ubigeo);
}

hu_error *hu_regions_load(const char *path, hu_arena *arena, hu_regions **regions)
{
    hu_node *root;
    HU_TRY(hu_yaml_load(path, arena, &root));
    const hu_node *list = hu_node_get(root, "regions");
    if (!list || list->kind != HU_LIST || !list->count)
        return hu_fail_at(HU_BAD_INPUT, path, 1, NULL, "expected a list named \"regions\"");
    hu_region *items = HU_NEW_ARRAY(arena, hu_region, list->count);
    hu_regions *read = HU_NEW(arena, hu_regions);
    read->items = items;
    for (; read->count < list->count; read->count++)
        HU_TRY(read_region(list->items[read->count], read, &items[read->count]));
    qsort(items, read->count, sizeof *items, by_ubigeo);
    *regions = read;
    return NULL;
}

const char *hu_fold_name(hu_str text, hu_arena *arena)
{
    char *folded;
    size_t length, out = 0;
    text = hu_str_trim(text);
    hu_fold(text.data ? text.data : "", text.length, arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)folded[i]) || !isspace((unsigned char)folded[i + 1]))
            folded[out++] = isspace((unsigned char)folded[i]) ? ' ' : folded[i];
    folded[out] = '\0';
    return folded;
}

const hu_region *hu_regions_find(const hu_regions *regions, hu_str name)
{
    HU_SCRATCH(scratch);
    const char *wanted = hu_fold_name(name, scratch);
    for (size_t i = 0; i < regions->count; i++)
        if (strcmp(hu_fold_name(hu_str_of(regions->items[i].name), scratch), wanted) == 0)
            return &regions->items[i];
    return NULL;
}

const char *hu_regions_closest(const hu_regions *regions, hu_str name)
{
    HU_SCRATCH(scratch);
    const char **folded = HU_NEW_ARRAY(scratch, const char *, regions->count + 1);
    for (size_t i = 0; i < regions->count; i++)
        folded[i] = hu_fold_name(hu_str_of(regions->items[i].name), scratch);
    const char *close = hu_closest(hu_fold_name(name, scratch), folded);
    for (size_t i = 0; close && i < regions->count; i++)
        if (folded[i] == close)
            return regions->items[i].name;
    return NULL;
}
