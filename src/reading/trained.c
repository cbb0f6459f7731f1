/* Trained readers beside the rules: the model's file, and what it adds to or takes back from what the rules found. */

#include "huella/reading/passages.h"

#include "context.h"

#include "huella/base/json.h"

#include <math.h>
#include <string.h>

/* ---- the file ---- */

static hu_error *read_number(const char *path, const json_t *object, const char *key, double *number)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_number(value))
        return hu_fail_at(HU_BAD_INPUT, path, 0, NULL, "\"%s\": expected a number", key);
    *number = json_number_value(value);
    return NULL;
}

static hu_error *read_word(const char *path, const json_t *object, const char *key, hu_arena *arena, const char **word)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return hu_fail_at(HU_BAD_INPUT, path, 0, NULL, "\"%s\": expected a text", key);
    *word = hu_strdup(arena, json_string_value(value));
    return NULL;
}

static hu_error *read_weights(const char *path, const json_t *weights, hu_arena *arena, hu_trained_key *key)
{
    const char *feature;
    json_t *weight;
    size_t n = json_object_size(weights);
    key->features = HU_NEW_ARRAY(arena, const char *, n);
    key->weights = HU_NEW_ARRAY(arena, double, n);
    json_object_foreach((json_t *)weights, feature, weight) {
        size_t i = key->n_features;
        if (!json_is_number(weight) || (i && strcmp(key->features[i - 1], feature) >= 0))
            return hu_fail_at(HU_BAD_INPUT, path, 0, NULL,
                              "weights of \"%s\": expected numbers, their features in order, at \"%s\"", key->key,
                              feature);
        key->features[i] = hu_strdup(arena, feature);
        key->weights[i] = json_number_value(weight);
        key->n_features++;
    }
    return NULL;
}

static hu_error *read_key(const char *path, const json_t *object, hu_arena *arena, hu_trained_key *key)
{
    HU_TRY(read_word(path, object, "key", arena, &key->key));
    HU_TRY(read_word(path, object, "value", arena, &key->value));
    HU_TRY(read_word(path, object, "otherwise", arena, &key->otherwise));
    HU_TRY(read_number(path, object, "bias", &key->bias));
    HU_TRY(read_number(path, object, "slope", &key->slope));
    HU_TRY(read_number(path, object, "offset", &key->offset));
    HU_TRY(read_number(path, object, "add_from", &key->add_from));
    HU_TRY(read_number(path, object, "drop_to", &key->drop_to));
    return read_weights(path, json_object_get(object, "weights"), arena, key);
}

static hu_error *read_model(const char *path, const json_t *root, hu_arena *arena, hu_trained_model *model)
{
    const json_t *keys = json_object_get(root, "keys"), *format = json_object_get(root, "format");
    if (!json_is_integer(format) || json_integer_value(format) != 1 || !json_is_array(keys))
        return hu_fail_at(HU_BAD_INPUT, path, 0, NULL, "expected a model of `huella train`, format 1");
    HU_TRY(read_word(path, root, "trained_on", arena, &model->name));
    model->keys = HU_NEW_ARRAY(arena, hu_trained_key, json_array_size(keys));
    for (size_t i = 0; i < json_array_size(keys); i++)
        HU_TRY(read_key(path, json_array_get(keys, i), arena, &model->keys[model->n_keys++]));
    return NULL;
}

hu_error *hu_trained_model_load(const char *path, hu_arena *arena, hu_trained_model **model)
{
    json_t *root;
    hu_trained_model *read = HU_NEW(arena, hu_trained_model);
    HU_TRY(hu_json_load(path, &root));
    hu_error *error = read_model(path, root, arena, read);
    json_decref(root);
    *model = error ? NULL : read;
    return error;
}

/* ---- scores ---- */

double hu_passage_score(const hu_trained_key *key, const hu_passage *passage)
{
    double sum = 0;
    size_t w = 0;
    for (size_t i = 0; i < passage->n_features && w < key->n_features; i++) { /* both in order: one pass */
        int order = -1;
        while (w < key->n_features && (order = strcmp(key->features[w], passage->features[i])) < 0)
            w++;
        if (w < key->n_features && order == 0)
            sum += key->weights[w];
    }
    return key->bias + sum / sqrt((double)passage->n_features);
}

double hu_trained_probability(const hu_trained_key *key, double score)
{
    return 1 / (1 + exp(-(key->slope * score + key->offset)));
}

/* ---- beside the rules ---- */

static const hu_passage *best_passage(const hu_trained_key *key, const hu_passage *passages, size_t count,
                                      double *score)
{
    const hu_passage *best = NULL;
    *score = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        double here = hu_passage_score(key, &passages[i]);
        if (here > *score) {
            *score = here;
            best = &passages[i];
        }
    }
    return best;
}

/* What the model finds where the rules found nothing stands in the place of that nothing. */
static void add_value(hu_reading_context *c, size_t index, const hu_trained_key *key, const hu_passage *passage,
                      double probability)
{
    hu_stretch at = {to_folded(c, passage->at.start), to_folded(c, passage->at.end)};
    const char *name = c->findings[index].key; /* a reading outlives its reader, and so the model's own words */
    hu_finding fresh = *add_finding(c, name, probability, NULL, &at, 1);
    fresh.text = hu_strdup(c->arena, key->value);
    fresh.rule = "trained";
    c->n_findings--;
    c->findings[index] = fresh;
}

static void take_back(hu_reading_context *c, hu_finding *finding, const hu_trained_key *key, double probability)
{
    finding->text = hu_strdup(c->arena, key->otherwise);
    finding->confidence = 1 - probability;
    finding->rule = "trained";
    if (strcmp(key->otherwise, "absent") == 0)
        finding->n_evidence = 0;
}

static void apply_key(hu_reading_context *c, const hu_trained_key *key, const hu_passage *passages, size_t count)
{
    double score;
    size_t index = 0;
    while (index < c->n_findings && strcmp(c->findings[index].key, key->key) != 0)
        index++;
    const hu_passage *best = best_passage(key, passages, count, &score);
    if (!best || index == c->n_findings || c->findings[index].kind != HU_VALUE_TEXT)
        return;
    hu_finding *finding = &c->findings[index];
    double probability = hu_trained_probability(key, score);
    bool found = strcmp(finding->text, key->value) == 0;
    if (!finding->n_evidence && probability >= key->add_from)
        add_value(c, index, key, best, probability);
    else if (found && probability <= key->drop_to)
        take_back(c, finding, key, probability);
}

hu_error *apply_trained(hu_reading_context *c)
{
    const hu_trained_model *model = c->reader->model;
    if (!model || !model->n_keys)
        return NULL;
    HU_SCRATCH(scratch);
    hu_passage *passages;
    size_t count;
    HU_TRY(hu_passages(c->document, scratch, &passages, &count));
    for (size_t k = 0; k < model->n_keys; k++)
        apply_key(c, &model->keys[k], passages, count);
    return NULL;
}
