/* Agreement between labellers: items by variable, kappa with its jackknife; see agreement.h. */

#include "huella/learning/agreement.h"

#include "huella/base/text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct rating {
    const char *labeller, *value;
} rating;

typedef struct item {
    rating *ratings; /* in order of labeller */
    size_t count;
} item;

typedef struct variable {
    const char *name;
    item *items;
    size_t count, capacity;
} variable;

struct hu_agreement {
    hu_arena *arena;
    variable *variables;
    size_t count;
    const char **labellers;
    size_t n_labellers;
};

hu_agreement *hu_agreement_new(hu_arena *arena)
{
    hu_agreement *agreement = HU_NEW(arena, hu_agreement);
    agreement->arena = arena;
    return agreement;
}

static variable *variable_of(hu_agreement *agreement, const char *name)
{
    for (size_t i = 0; i < agreement->count; i++)
        if (strcmp(agreement->variables[i].name, name) == 0)
            return &agreement->variables[i];
    agreement->variables = hu_regrow(agreement->arena, agreement->variables, agreement->count, agreement->count + 1,
                                     sizeof *agreement->variables);
    variable *added = &agreement->variables[agreement->count++];
    added->name = hu_strdup(agreement->arena, name);
    return added;
}

static void know_labeller(hu_agreement *agreement, const char *name)
{
    for (size_t i = 0; i < agreement->n_labellers; i++)
        if (strcmp(agreement->labellers[i], name) == 0)
            return;
    agreement->labellers = hu_regrow(agreement->arena, agreement->labellers, agreement->n_labellers,
                                     agreement->n_labellers + 1, sizeof *agreement->labellers);
    agreement->labellers[agreement->n_labellers++] = hu_strdup(agreement->arena, name);
}

/* A value as a category: texts by letters and digits, lists whatever their order. */
static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *letters(const char *text, hu_arena *arena)
{
    char *folded;
    size_t length, n = 0;
    hu_fold(text, strlen(text), arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if ((folded[i] >= 'a' && folded[i] <= 'z') || (folded[i] >= '0' && folded[i] <= '9') || folded[i] == '_')
            folded[n++] = folded[i];
    folded[n] = '\0';
    return folded;
}

static const char *category(const json_t *value, hu_arena *arena)
{
    if (!value || json_is_null(value))
        return "";
    if (json_is_string(value))
        return letters(json_string_value(value), arena);
    if (json_is_array(value)) {
        size_t n = json_array_size(value);
        const char **parts = HU_NEW_ARRAY(arena, const char *, n), *all = "";
        for (size_t i = 0; i < n; i++) {
            char *text = json_dumps(json_array_get(value, i), JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
            parts[i] = hu_strdup(arena, text ? text : "");
            free(text);
        }
        if (n)
            qsort(parts, n, sizeof *parts, by_text);
        for (size_t i = 0; i < n; i++)
            all = hu_printf(arena, "%s%s;", all, parts[i]);
        return all;
    }
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *kept = hu_strdup(arena, text ? text : "");
    free(text);
    return kept;
}

static void add_item(hu_agreement *agreement, const char *name, const json_t *const *values,
                     const char *const *labellers, size_t count)
{
    variable *to = variable_of(agreement, name);
    if (to->count == to->capacity) {
        to->capacity = to->capacity ? 2 * to->capacity : 32;
        to->items = hu_regrow(agreement->arena, to->items, to->count, to->capacity, sizeof *to->items);
    }
    item *added = &to->items[to->count++];
    added->ratings = HU_NEW_ARRAY(agreement->arena, rating, count);
    added->count = count;
    for (size_t i = 0; i < count; i++)
        added->ratings[i] = (rating){hu_strdup(agreement->arena, labellers[i]), category(values[i], agreement->arena)};
}

/* Every key that the first one's object has, in each one's object. */
static void add_object(hu_agreement *agreement, const char *prefix, const json_t *const *objects,
                       const char *const *labellers, size_t count)
{
    HU_SCRATCH(scratch);
    const char *key;
    json_t *value;
    const json_t **values = HU_NEW_ARRAY(scratch, const json_t *, count);
    json_object_foreach((json_t *)objects[0], key, value) {
        for (size_t i = 0; i < count; i++)
            values[i] = json_object_get(objects[i], key);
        add_item(agreement, hu_printf(scratch, "%s%s", prefix, key), values, labellers, count);
    }
}

static const json_t *same_person(const json_t *defendants, const char *label, hu_arena *arena)
{
    for (size_t i = 0; i < json_array_size(defendants); i++) {
        const json_t *one = json_array_get(defendants, i);
        if (strcmp(category(json_object_get(one, "label"), arena), label) == 0)
            return one;
    }
    return NULL;
}

static void add_defendants(hu_agreement *agreement, const json_t *const *labels, const char *const *labellers,
                           size_t count)
{
    HU_SCRATCH(scratch);
    const json_t *first = json_object_get(labels[0], "defendants");
    const json_t **people = HU_NEW_ARRAY(scratch, const json_t *, count);
    for (size_t d = 0; d < json_array_size(first); d++) {
        const char *label = category(json_object_get(json_array_get(first, d), "label"), scratch);
        size_t named = 0;
        for (size_t i = 0; i < count; i++) {
            people[i] = same_person(json_object_get(labels[i], "defendants"), label, scratch);
            named += people[i] != NULL;
        }
        if (named == count)
            add_object(agreement, "", people, labellers, count);
    }
}

hu_error *hu_agreement_add(hu_agreement *agreement, const json_t *const *labels, const char *const *labellers,
                           size_t count)
{
    static const char *const groups[] = {"decision", "victims", "practices", "agencies", "indices"};
    HU_SCRATCH(scratch);
    const json_t **parts = HU_NEW_ARRAY(scratch, const json_t *, count);
    if (count < 2)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (!json_is_object(labels[i]))
            return hu_fail(HU_BAD_INPUT, "labels of %s: expected an object", labellers[i]);
        know_labeller(agreement, labellers[i]);
    }
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        for (size_t i = 0; i < count; i++)
            parts[i] = json_object_get(labels[i], groups[g]);
        add_object(agreement, g ? hu_printf(scratch, "%s.", groups[g]) : "", parts, labellers, count);
    }
    for (size_t i = 0; i < count; i++)
        parts[i] = json_object_get(labels[i], "exploitation");
    add_item(agreement, "exploitation", parts, labellers, count);
    add_defendants(agreement, labels, labellers, count);
    return NULL;
}

/* ---- kappa ---- */

/* The share of a category among all ratings, items weighted alike; `who` NULL = of all labellers. */
static double share(const variable *v, size_t skip, const char *who, const char *value)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < v->count; i++) {
        size_t all = 0, hits = 0;
        if (i == skip)
            continue;
        for (size_t r = 0; r < v->items[i].count; r++) {
            const rating *one = &v->items[i].ratings[r];
            if (who && strcmp(one->labeller, who) != 0)
                continue;
            all++;
            hits += strcmp(one->value, value) == 0;
        }
        sum += all ? (double)hits / (double)all : 0;
        n++;
    }
    return n ? sum / (double)n : NAN;
}

static double observed(const variable *v, size_t skip)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < v->count; i++) {
        const item *one = &v->items[i];
        size_t same = 0;
        if (i == skip)
            continue;
        for (size_t a = 0; a < one->count; a++)
            for (size_t b = a + 1; b < one->count; b++)
                same += strcmp(one->ratings[a].value, one->ratings[b].value) == 0;
        sum += 2 * (double)same / ((double)one->count * (double)(one->count - 1));
        n++;
    }
    return n ? sum / (double)n : NAN;
}

/* Categories that occur, each once. */
static const char **categories(const variable *v, hu_arena *arena, size_t *count)
{
    size_t n = 0, most = 0;
    for (size_t i = 0; i < v->count; i++)
        most += v->items[i].count;
    const char **all = HU_NEW_ARRAY(arena, const char *, most + 1);
    for (size_t i = 0; i < v->count; i++)
        for (size_t r = 0; r < v->items[i].count; r++)
            all[n++] = v->items[i].ratings[r].value;
    if (n)
        qsort(all, n, sizeof *all, by_text);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (!*count || strcmp(all[*count - 1], all[i]) != 0)
            all[(*count)++] = all[i];
    return all;
}

/* (observed - expected) / (1 - expected); of two labellers each has shares of their own. */
static double kappa(const hu_agreement *agreement, const variable *v, const char *const *values, size_t n_values,
                    size_t skip)
{
    bool cohen = agreement->n_labellers == 2;
    double expected = 0;
    for (size_t k = 0; k < n_values; k++)
        expected += share(v, skip, cohen ? agreement->labellers[0] : NULL, values[k]) *
                    share(v, skip, cohen ? agreement->labellers[1] : NULL, values[k]);
    return expected < 1 - 1e-12 ? (observed(v, skip) - expected) / (1 - expected) : NAN;
}

static void interval(const hu_agreement *agreement, const variable *v, const char *const *values, size_t n_values,
                     hu_agreement_row *row)
{
    double sum = 0, squares = 0, n = (double)v->count;
    row->lower = row->upper = NAN;
    for (size_t i = 0; i < v->count; i++) {
        double without = kappa(agreement, v, values, n_values, i);
        sum += without;
        squares += without * without;
    }
    double error = sqrt(fmax(0, (squares - sum * sum / n) * (n - 1) / n));
    if (v->count < 3 || isnan(error))
        return;
    row->lower = fmax(-1, row->kappa - 1.959963984540054 * error);
    row->upper = fmin(1, row->kappa + 1.959963984540054 * error);
}

void hu_agreement_rows(hu_agreement *agreement, const hu_agreement_row **rows, size_t *count)
{
    hu_agreement_row *made = HU_NEW_ARRAY(agreement->arena, hu_agreement_row, agreement->count);
    for (size_t i = 0; i < agreement->count; i++) {
        HU_SCRATCH(scratch);
        const variable *v = &agreement->variables[i];
        size_t n_values;
        const char **values = categories(v, scratch, &n_values);
        made[i] = (hu_agreement_row){.variable = v->name,
                                     .items = v->count,
                                     .agreement = observed(v, v->count),
                                     .kappa = kappa(agreement, v, values, n_values, v->count),
                                     .kind = agreement->n_labellers == 2 ? "cohen" : "fleiss"};
        interval(agreement, v, values, n_values, &made[i]);
    }
    *rows = made;
    *count = agreement->count;
}
