/* Regions of Peru and the courts that sit in them. */

#include "regions.h"

#include <stdlib.h>
#include <string.h>

static const char *fold(const char *text, hu_arena *arena)
{
    char *folded;
    size_t length;
    hu_fold(text, strlen(text), arena, &folded, &length, NULL);
    return folded;
}

static void add_place(hu_regions *regions, hu_arena *arena, const char *name, hu_region_place place)
{
    place.folded = fold(name, arena);
    regions->places =
        hu_regrow(arena, regions->places, regions->n_places, regions->n_places + 1, sizeof *regions->places);
    regions->places[regions->n_places++] = place;
}

static hu_error *add_district(hu_regions *regions, hu_arena *arena, const hu_node *node, hu_region_place place)
{
    const hu_node *aliases = hu_node_get(node, "aliases");
    const char *code, *alias;
    if (!hu_node_get(node, "name") || !hu_node_get(node, "code"))
        return hu_node_fail(node, "a judicial district needs name and code");
    HU_TRY(hu_node_text(hu_node_get(node, "name"), &place.district));
    HU_TRY(hu_node_text(hu_node_get(node, "code"), &code));
    add_place(regions, arena, place.district, place);
    for (size_t i = 0; aliases && i < aliases->count; i++) {
        HU_TRY(hu_node_text(aliases->items[i], &alias));
        add_place(regions, arena, alias, place);
    }
    regions->codes = hu_regrow(arena, regions->codes, regions->n_codes, regions->n_codes + 1, sizeof *regions->codes);
    regions->codes[regions->n_codes++] = (struct court_code){code, place.district, place.region, place.ubigeo};
    return NULL;
}

static hu_error *add_region(hu_regions *regions, hu_arena *arena, const hu_node *node)
{
    hu_region_place place = {0};
    const char *name;
    const hu_node *districts = hu_node_get(node, "districts"), *cities = hu_node_get(node, "places");
    if (!hu_node_get(node, "name") || !hu_node_get(node, "ubigeo") || !districts)
        return hu_node_fail(node, "a region needs name, ubigeo and districts");
    HU_TRY(hu_node_text(hu_node_get(node, "name"), &place.region));
    HU_TRY(hu_node_text(hu_node_get(node, "ubigeo"), &place.ubigeo));
    for (size_t i = 0; i < districts->count; i++)
        HU_TRY(add_district(regions, arena, districts->items[i], place));
    for (size_t i = 0; cities && i < cities->count; i++) {
        HU_TRY(hu_node_text(cities->items[i], &name));
        add_place(regions, arena, name, place);
    }
    return NULL;
}

/* Longest first, so that "lima norte" is tried before "lima"; a district before a city of the same name. */
static int compare_places(const void *a, const void *b)
{
    const hu_region_place *x = a, *y = b;
    size_t m = strlen(x->folded), n = strlen(y->folded);
    if (m != n)
        return m > n ? -1 : 1;
    int order = strcmp(x->folded, y->folded);
    return order ? order : (x->district == NULL) - (y->district == NULL);
}

static void add_shape(const hu_regions *regions, hu_lexicon *lexicon, hu_arena *arena)
{
    const char **names = HU_NEW_ARRAY(arena, const char *, regions->n_places);
    for (size_t i = 0; i < regions->n_places; i++) {
        HU_BUF(regex);
        hu_buf_add_text(&regex, "\\b");
        for (const char *p = regions->places[i].folded; *p; p++)
            hu_buf_printf(&regex, *p == ' ' ? "\\s+" : "%c", *p);
        hu_buf_add_text(&regex, "\\b");
        names[i] = hu_strndup(arena, regex.data, regex.length);
    }
    lexicon_add(lexicon, arena, "place", names, regions->n_places);
}

hu_error *regions_load(const char *path, hu_arena *arena, hu_lexicon *lexicon, hu_regions **result)
{
    hu_node *root;
    HU_TRY(hu_yaml_load(path, arena, &root));
    const hu_node *list = hu_node_get(root, "regions");
    if (!list || list->kind != HU_LIST || list->count == 0)
        return hu_node_fail(root, "the table needs a list of regions");
    hu_regions *regions = HU_NEW(arena, struct hu_regions);
    for (size_t i = 0; i < list->count; i++)
        HU_TRY(add_region(regions, arena, list->items[i]));
    qsort(regions->places, regions->n_places, sizeof *regions->places, compare_places);
    add_shape(regions, lexicon, arena);
    *result = regions;
    return NULL;
}

const hu_region_place *regions_place(const hu_regions *regions, const char *folded, size_t length)
{
    for (size_t i = 0; i < regions->n_places; i++) { /* blanks may be line breaks, or several */
        const char *a = regions->places[i].folded, *b = folded, *end = folded + length;
        while (*a && b < end && (*a == *b || (*a == ' ' && (*b == '\n' || *b == ' ')))) {
            bool blank = *a == ' ';
            a++, b++;
            while (blank && b < end && (*b == ' ' || *b == '\n'))
                b++;
        }
        if (!*a && b == end)
            return &regions->places[i];
    }
    return NULL;
}

const struct court_code *regions_code(const hu_regions *regions, const char *two_digits)
{
    for (size_t i = 0; i < regions->n_codes; i++)
        if (strncmp(regions->codes[i].code, two_digits, 2) == 0)
            return &regions->codes[i];
    return NULL;
}
