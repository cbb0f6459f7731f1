/* The law table: which offence an article meant, and what it was punished with. */

#include "law.h"

#include <ctype.h>
#include <string.h>

/* "153-A" to "153a" */
static const char *fold_article(const char *article, hu_arena *arena)
{
    char *folded;
    size_t length, n = 0;
    hu_fold(article, strlen(article), arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if (isalnum((unsigned char)folded[i]))
            folded[n++] = folded[i];
    folded[n] = '\0';
    return folded;
}

static hu_error *read_months(const hu_node *map, const char *key, int *months)
{
    const hu_node *node = hu_node_get(map, key);
    long value = 0;
    if (node)
        HU_TRY(hu_node_integer(node, &value));
    if (value < 0 || value > 12 * 100)
        return hu_node_fail(node, "%ld is no number of months: expected 0 to 1200", value);
    *months = (int)value;
    return NULL;
}

static hu_error *read_article(const hu_node *node, hu_arena *arena, hu_law_article *article)
{
    static const char *const keys[] = {"article", "from", "until", "minimum", "maximum", "highest", "strict", NULL};
    HU_TRY(hu_node_check_keys(node, keys));
    if (!hu_node_get(node, "article"))
        return hu_node_fail(node, "an article needs its number: article: \"153-A\"");
    HU_TRY(hu_node_text(hu_node_get(node, "article"), &article->article));
    article->folded = fold_article(article->article, arena);
    if (hu_node_get(node, "from"))
        HU_TRY(hu_node_text(hu_node_get(node, "from"), &article->from));
    if (hu_node_get(node, "until"))
        HU_TRY(hu_node_text(hu_node_get(node, "until"), &article->until));
    if (hu_node_get(node, "strict"))
        HU_TRY(hu_node_bool(hu_node_get(node, "strict"), &article->strict));
    HU_TRY(read_months(node, "minimum", &article->minimum));
    HU_TRY(read_months(node, "maximum", &article->maximum));
    return read_months(node, "highest", &article->highest);
}

static hu_error *read_offence(const hu_node *node, hu_arena *arena, hu_rule_sources *sources, hu_law_offence *offence)
{
    static const char *const keys[] = {"code", "rank", "names", "articles", NULL};
    HU_TRY(hu_node_check_keys(node, keys));
    const hu_node *names = hu_node_get(node, "names"), *articles = hu_node_get(node, "articles");
    if (!hu_node_get(node, "code") || !hu_node_get(node, "rank") || !names)
        return hu_node_fail(node, "an offence needs code, rank and names");
    HU_TRY(hu_node_text(hu_node_get(node, "code"), &offence->code));
    long rank;
    HU_TRY(hu_node_integer(hu_node_get(node, "rank"), &rank));
    offence->rank = (int)rank;
    for (size_t i = 0; i < names->count; i++) {
        hu_name_phrase name = {.node = names->items[i], .id = hu_printf(arena, "law.%s", offence->code)};
        HU_TRY(hu_node_text(names->items[i], &name.phrase));
        name.sets[0] = (hu_rule_value){"offence", offence->code};
        rule_sources_add_name(sources, arena, name);
    }
    offence->n_articles = articles ? articles->count : 0;
    offence->articles = HU_NEW_ARRAY(arena, hu_law_article, offence->n_articles);
    for (size_t i = 0; i < offence->n_articles; i++)
        HU_TRY(read_article(articles->items[i], arena, &offence->articles[i]));
    return NULL;
}

hu_error *law_load(const char *path, hu_arena *arena, hu_rule_sources *sources, hu_law **result)
{
    hu_node *root;
    HU_TRY(hu_yaml_load(path, arena, &root));
    const hu_node *offences = hu_node_get(root, "offences");
    if (!offences || offences->kind != HU_LIST)
        return hu_node_fail(root, "the law table needs a list of offences");
    hu_law *law = HU_NEW(arena, struct hu_law);
    law->n_offences = offences->count;
    law->offences = HU_NEW_ARRAY(arena, hu_law_offence, offences->count);
    for (size_t i = 0; i < offences->count; i++)
        HU_TRY(read_offence(offences->items[i], arena, sources, &law->offences[i]));
    *result = law;
    return NULL;
}

const hu_law_offence *law_find(const hu_law *law, const char *code)
{
    for (size_t i = 0; i < law->n_offences; i++)
        if (strcmp(law->offences[i].code, code) == 0)
            return &law->offences[i];
    return NULL;
}

static bool in_force(const hu_law_article *article, const char *day)
{
    return day && (!article->from || strcmp(article->from, day) <= 0) &&
           (!article->until || strcmp(day, article->until) <= 0);
}

const hu_law_offence *law_of_article(const hu_law *law, const char *folded, const char *day,
                                     const hu_law_article **article)
{
    const hu_law_offence *found = NULL;
    for (size_t i = 0; i < law->n_offences; i++)
        for (size_t j = 0; j < law->offences[i].n_articles; j++) {
            const hu_law_article *row = &law->offences[i].articles[j];
            bool holds = in_force(row, day);
            if (strcmp(row->folded, folded) != 0 || (found && !holds) || (row->strict && !holds))
                continue;
            *article = row;
            found = &law->offences[i];
            if (holds)
                return found;
        }
    return found;
}
