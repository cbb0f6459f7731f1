/* Trained readers: fitting, calibration across folds, the choice between rules and model; see train.h. */

#include "huella/learning/train.h"

#include "platt.h"
#include "training_set.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/base/parallel.h"
#include "huella/base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PENALTY = 1; /* C of liblinear, the inverse of the L2 penalty */

typedef struct training_job {
    const training_set *set;
    const hu_training_options *options;
    hu_training *training;
    double **weights; /* of each key, n_features + 1: the bias last */
} training_job;

/* One key in all texts. */
typedef struct key_data {
    const training_set *set;
    bool *known, *found, *blocked; /* the truth; what the rules say; the rules say something else than nothing */
    const bool **quoted;           /* passages that are evidence */
    size_t *n_quoted;
    double *scores, *probabilities; /* of texts by a model that has not seen them */
    bool *both;                     /* the combination, by choices made without the text */
} key_data;

/* ---- what is known ---- */

static const json_t *member(const json_t *root, const char *key)
{
    char group[32];
    const char *dot = strchr(key, '.');
    snprintf(group, sizeof group, "%.*s", (int)(dot - key), key);
    return json_object_get(json_object_get(root, group), dot + 1);
}

static const char *word_of(const json_t *value)
{
    const json_t *plain = json_is_object(value) ? json_object_get(value, "value") : value;
    return json_is_string(plain) ? json_string_value(plain) : "";
}

/* Marks the passages that a quotation touches; quotations are compared as the stems' letters are: folded. */
static void mark_quote(const training_text *text, const char *quote, bool *marks, size_t *n_marks)
{
    HU_SCRATCH(scratch);
    char *words;
    size_t length;
    const hu_document *document = text->source->document;
    hu_fold(quote, strlen(quote), scratch, &words, &length, NULL);
    for (size_t i = 0; i < length; i++)
        if (words[i] == '\n' || words[i] == '\t')
            words[i] = ' ';
    const char *at = length ? memmem(document->folded, document->folded_length, words, length) : NULL;
    if (!at)
        return;
    size_t start = document->byte_of[at - document->folded], end = document->byte_of[at - document->folded + length];
    for (size_t p = 0; p < text->count; p++)
        if (text->passages[p].at.start < end && text->passages[p].at.end > start && !marks[p]) {
            marks[p] = true;
            ++*n_marks;
        }
}

static void mark_evidence(const training_text *text, const char *key, bool *marks, size_t *n_marks)
{
    const json_t *quotes = json_object_get(json_object_get(text->source->known, "evidence"), key);
    if (json_is_string(quotes))
        mark_quote(text, json_string_value(quotes), marks, n_marks);
    for (size_t i = 0; i < json_array_size(quotes); i++)
        mark_quote(text, word_of(json_array_get(quotes, i)), marks, n_marks);
}

static key_data gather(const training_set *set, const hu_trained_row *row, hu_arena *arena)
{
    size_t n = set->n_texts;
    key_data data = {.set = set,
                     .known = HU_NEW_ARRAY(arena, bool, n),
                     .found = HU_NEW_ARRAY(arena, bool, n),
                     .blocked = HU_NEW_ARRAY(arena, bool, n),
                     .quoted = HU_NEW_ARRAY(arena, const bool *, n),
                     .n_quoted = HU_NEW_ARRAY(arena, size_t, n),
                     .scores = HU_NEW_ARRAY(arena, double, n),
                     .probabilities = HU_NEW_ARRAY(arena, double, n),
                     .both = HU_NEW_ARRAY(arena, bool, n)};
    for (size_t t = 0; t < n; t++) {
        const training_text *text = &set->texts[t];
        const char *read = word_of(member(text->source->read, row->key));
        bool *marks = HU_NEW_ARRAY(arena, bool, text->count);
        data.known[t] = strcmp(word_of(member(text->source->known, row->key)), row->value) == 0;
        data.found[t] = strcmp(read, row->value) == 0;
        data.blocked[t] = !data.found[t] && *read && strcmp(read, "absent") != 0;
        if (data.known[t])
            mark_evidence(text, row->key, marks, &data.n_quoted[t]);
        data.quoted[t] = marks;
    }
    return data;
}

/* ---- fitting ---- */

static void add_text(const key_data *data, size_t t, struct problem *problem, size_t *positive)
{
    const training_text *text = &data->set->texts[t];
    for (size_t p = 0; p < text->count; p++) {
        if (data->known[t] && !data->quoted[t][p])
            continue; /* may show it too: nobody said */
        problem->x[problem->l] = text->rows[p].x;
        problem->y[problem->l++] = data->known[t] ? 1 : -1;
        *positive += data->known[t];
    }
}

/* Weights over the vocabulary, bias last; false when there is nothing to tell apart. */
static bool fit(const key_data *data, const bool *in, double *weights)
{
    HU_SCRATCH(scratch);
    size_t rows = 0, positive = 0, features = data->set->n_features + 1;
    for (size_t t = 0; t < data->set->n_texts; t++)
        rows += data->set->texts[t].count;
    struct problem problem = {.n = (int)features,
                              .bias = -1,
                              .x = HU_NEW_ARRAY(scratch, struct feature_node *, rows),
                              .y = HU_NEW_ARRAY(scratch, double, rows)};
    for (size_t t = 0; t < data->set->n_texts; t++)
        if (in[t])
            add_text(data, t, &problem, &positive);
    if (!positive || positive == (size_t)problem.l)
        return false;
    int labels[] = {1};
    double ratio[] = {sqrt((double)((size_t)problem.l - positive) / (double)positive)};
    struct parameter parameter = {
        .solver_type = L2R_LR, .eps = 0.001, .C = PENALTY, .nr_weight = 1, .weight_label = labels, .weight = ratio};
    struct model *model = train(&problem, &parameter);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (size_t i = 0; i < features; i++)
        weights[i] = sign * model->w[i];
    free_and_destroy_model(&model);
    return true;
}

static double text_score(const training_text *text, const double *weights)
{
    double best = -INFINITY;
    for (size_t p = 0; p < text->count; p++) {
        double sum = 0;
        for (const struct feature_node *x = text->rows[p].x; x->index > 0; x++)
            sum += weights[x->index - 1] * x->value;
        best = sum > best ? sum : best;
    }
    return isinf(best) ? -10 : best;
}

/* The texts outside a fold, or `limit` of them at random. */
static void choose_texts(const training_set *set, size_t fold, const hu_training_options *options, bool *in)
{
    HU_SCRATCH(scratch);
    size_t *order = HU_NEW_ARRAY(scratch, size_t, set->n_texts), taken = 0;
    for (size_t t = 0; t < set->n_texts; t++)
        order[t] = t;
    hu_random random = hu_random_start(options->seed, hu_random_stream("learning curve", 0));
    if (options->documents)
        hu_random_shuffle(&random, order, set->n_texts);
    for (size_t i = 0; i < set->n_texts; i++) {
        size_t t = order[i];
        in[t] = set->texts[t].fold != fold && (!options->documents || taken < options->documents);
        taken += in[t];
    }
}

static void score_unseen(const key_data *data, const hu_training_options *options)
{
    HU_SCRATCH(scratch);
    bool *in = HU_NEW_ARRAY(scratch, bool, data->set->n_texts);
    double *weights = HU_NEW_ARRAY(scratch, double, data->set->n_features + 1);
    for (size_t fold = 0; fold < N_FOLDS; fold++) {
        choose_texts(data->set, fold, options, in);
        bool fitted = fit(data, in, weights);
        for (size_t t = 0; t < data->set->n_texts; t++)
            if (data->set->texts[t].fold == fold)
                data->scores[t] = fitted ? text_score(&data->set->texts[t], weights) : -10;
    }
}

/* ---- rules and model together ---- */

typedef struct thresholds {
    double add_from, drop_to;
} thresholds;

static bool combine(const key_data *data, size_t t, thresholds choice, double probability)
{
    if (data->found[t])
        return probability > choice.drop_to;
    return !data->blocked[t] && probability >= choice.add_from;
}

static double f1_of(const bool *said, const bool *known, size_t count)
{
    size_t right = 0, all = 0;
    for (size_t t = 0; t < count; t++) {
        right += said[t] && known[t];
        all += (size_t)said[t] + known[t];
    }
    return all ? 2 * (double)right / (double)all : NAN;
}

/* The pair of thresholds with the best F1 on the texts that are `in`; the more cautious of equals, none at all first.
 */
static thresholds choose(const key_data *data, const bool *in, double slope, double offset)
{
    static const double adds[] = {2, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5}, drops[] = {-1, 0.02, 0.05, 0.1, 0.2, 0.3};
    thresholds best = {2, -1};
    double best_f1 = -1;
    for (size_t a = 0; a < sizeof adds / sizeof *adds; a++)
        for (size_t d = 0; d < sizeof drops / sizeof *drops; d++) {
            thresholds here = {adds[a], drops[d]};
            size_t right = 0, all = 0;
            for (size_t t = 0; t < data->set->n_texts; t++) {
                if (in && !in[t])
                    continue;
                bool said = combine(data, t, here, platt_probability(slope, offset, data->scores[t]));
                right += said && data->known[t];
                all += (size_t)said + data->known[t];
            }
            double f1 = all ? (double)right / (double)all : 0;
            if (f1 > best_f1 + 1e-12) {
                best_f1 = f1;
                best = here;
            }
        }
    return best;
}

/* In each fold by what was calibrated and chosen on the others. */
static void judge(const key_data *data)
{
    HU_SCRATCH(scratch);
    bool *in = HU_NEW_ARRAY(scratch, bool, data->set->n_texts);
    for (size_t fold = 0; fold < N_FOLDS; fold++) {
        double slope, offset;
        for (size_t t = 0; t < data->set->n_texts; t++)
            in[t] = data->set->texts[t].fold != fold;
        platt_fit(data->scores, data->known, in, data->set->n_texts, &slope, &offset);
        thresholds chosen = choose(data, in, slope, offset);
        for (size_t t = 0; t < data->set->n_texts; t++)
            if (!in[t]) {
                data->probabilities[t] = platt_probability(slope, offset, data->scores[t]);
                data->both[t] = combine(data, t, chosen, data->probabilities[t]);
            }
    }
}

static void compare(const key_data *data, hu_trained_row *row)
{
    HU_SCRATCH(scratch);
    size_t n = data->set->n_texts;
    bool *model = HU_NEW_ARRAY(scratch, bool, n);
    for (size_t t = 0; t < n; t++) {
        model[t] = data->probabilities[t] >= 0.5;
        row->known += data->known[t];
        row->mended += data->both[t] == data->known[t] && data->found[t] != data->known[t];
        row->spoiled += data->both[t] != data->known[t] && data->found[t] == data->known[t];
    }
    row->rules = f1_of(data->found, data->known, n);
    row->model = f1_of(model, data->known, n);
    row->both = f1_of(data->both, data->known, n);
    row->used = row->both > row->rules + 1e-12 && row->mended > row->spoiled;
}

static hu_error *train_key(void *context, size_t index)
{
    training_job *job = context;
    hu_trained_row *row = &job->training->rows[index];
    HU_SCRATCH(arena);
    key_data data = gather(job->set, row, arena);
    score_unseen(&data, job->options);
    judge(&data);
    compare(&data, row);
    bool *all = HU_NEW_ARRAY(arena, bool, job->set->n_texts);
    memset(all, true, job->set->n_texts * sizeof *all);
    row->used = row->used && fit(&data, all, job->weights[index]);
    platt_fit(data.scores, data.known, NULL, job->set->n_texts, &row->slope, &row->offset);
    thresholds chosen = choose(&data, NULL, row->slope, row->offset);
    row->add_from = chosen.add_from;
    row->drop_to = chosen.drop_to;
    row->weights = job->weights[index];
    row->bias = job->weights[index][job->set->n_features];
    return NULL;
}

/* ---- all keys ---- */

/* Every practice and agency that a label names, in order. */
static void list_keys(const training_set *set, hu_arena *arena, hu_training *training)
{
    static const char *const groups[][2] = {{"practices", "present"}, {"agencies", "acted"}};
    const char *name;
    json_t *value;
    for (size_t g = 0; g < 2; g++)
        json_object_foreach(json_object_get(set->texts[0].source->read, groups[g][0]), name, value) {
            training->rows =
                hu_regrow(arena, training->rows, training->n_rows, training->n_rows + 1, sizeof *training->rows);
            training->rows[training->n_rows++] =
                (hu_trained_row){.key = hu_printf(arena, "%s.%s", groups[g][0], name), .value = groups[g][1]};
        }
}

/* The model is named by what it was trained on: the documents' hashes, in order, and their labels. */
static const char *name_of(const training_set *set, hu_arena *arena)
{
    HU_BUF(all);
    char hash[65];
    for (size_t t = 0; t < set->n_texts; t++) {
        char *labels = json_dumps(set->texts[t].source->known, JSON_COMPACT | JSON_SORT_KEYS);
        hu_buf_add_text(&all, set->texts[t].source->document->sha256);
        hu_buf_add_text(&all, labels ? labels : "");
        free(labels);
    }
    hu_sha256_hex(all.data, all.length, hash);
    return hu_printf(arena, "%zu documents, %.8s", set->n_texts, hash);
}

static void silent(const char *text)
{
    (void)text;
}

hu_error *hu_train(const hu_training_document *documents, size_t count, const hu_training_options *options,
                   hu_arena *arena, hu_training **training)
{
    training_set set;
    if (count < N_FOLDS)
        return hu_fail(HU_EMPTY, "%zu labelled documents: at least %d are needed to train and to tell whether it helps",
                       count, N_FOLDS);
    HU_TRY(training_set_make(documents, count, options->threads, arena, &set));
    hu_training *result = HU_NEW(arena, hu_training);
    *result = (hu_training){
        .n_documents = count, .vocabulary = set.vocabulary, .n_features = set.n_features, .name = name_of(&set, arena)};
    list_keys(&set, arena, result);
    training_job job = {
        .set = &set, .options = options, .training = result, .weights = HU_NEW_ARRAY(arena, double *, result->n_rows)};
    for (size_t k = 0; k < result->n_rows; k++)
        job.weights[k] = HU_NEW_ARRAY(arena, double, set.n_features + 1);
    set_print_string_function(silent);
    *training = result;
    return hu_parallel(result->n_rows, options->threads, train_key, &job);
}

/* Four digits are more than the weights are sure of, and keep the file small; those that round to nothing are nothing.
 */
static double rounded(double weight)
{
    return round(weight * 1e4) / 1e4;
}

static void write_key(hu_json *json, const hu_training *training, const hu_trained_row *row)
{
    hu_json_object(json);
    hu_json_put_text(json, "key", row->key);
    hu_json_put_text(json, "value", row->value);
    hu_json_put_text(json, "otherwise", strcmp(row->value, "acted") == 0 ? "mentioned" : "absent");
    hu_json_put_number(json, "bias", rounded(row->bias));
    hu_json_put_number(json, "slope", rounded(row->slope));
    hu_json_put_number(json, "offset", rounded(row->offset));
    hu_json_put_number(json, "add_from", row->add_from);
    hu_json_put_number(json, "drop_to", row->drop_to);
    hu_json_key(json, "weights");
    hu_json_object(json);
    for (size_t i = 0; i < training->n_features; i++)
        if (rounded(row->weights[i]) != 0)
            hu_json_put_number(json, training->vocabulary[i], rounded(row->weights[i]));
    hu_json_object_end(json);
    hu_json_object_end(json);
}

void hu_training_write(const hu_training *training, hu_buf *out)
{
    hu_json json;
    hu_json_start(&json, out);
    json.pretty = true;
    hu_json_object(&json);
    hu_json_put_integer(&json, "format", 1);
    hu_json_put_text(&json, "trained_on", training->name);
    hu_json_key(&json, "keys");
    hu_json_array(&json);
    for (size_t k = 0; k < training->n_rows; k++)
        if (training->rows[k].used)
            write_key(&json, training, &training->rows[k]);
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    hu_buf_add_char(out, '\n');
}
