/* Documents as passages over one vocabulary; see training_set.h. */

#include "training_set.h"

#include "huella/base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct splitting {
    training_set *set;
    hu_arena **arenas;
} splitting;

static int by_hash(const void *a, const void *b)
{
    const training_text *x = a, *y = b;
    int order = strcmp(x->source->document->sha256, y->source->document->sha256);
    return order ? order : strcmp(x->source->document->path, y->source->document->path);
}

static hu_error *split_text(void *context, size_t index)
{
    splitting *job = context;
    training_text *text = &job->set->texts[index];
    return hu_passages(text->source->document, job->arenas[index], &text->passages, &text->count);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The features of a text, each once, added to `all`. */
static size_t collect(const training_text *text, const char **all, size_t n)
{
    size_t from = n;
    for (size_t p = 0; p < text->count; p++)
        for (size_t i = 0; i < text->passages[p].n_features; i++)
            all[n++] = text->passages[p].features[i];
    if (n > from)
        qsort(all + from, n - from, sizeof *all, by_text);
    size_t kept = from;
    for (size_t i = from; i < n; i++)
        if (kept == from || strcmp(all[kept - 1], all[i]) != 0)
            all[kept++] = all[i];
    return kept;
}

static void make_vocabulary(training_set *set, hu_arena *arena)
{
    HU_SCRATCH(scratch);
    size_t most = 0, n = 0;
    for (size_t t = 0; t < set->n_texts; t++)
        for (size_t p = 0; p < set->texts[t].count; p++)
            most += set->texts[t].passages[p].n_features;
    const char **all = HU_NEW_ARRAY(scratch, const char *, most);
    for (size_t t = 0; t < set->n_texts; t++)
        n = collect(&set->texts[t], all, n);
    if (n)
        qsort(all, n, sizeof *all, by_text);
    set->vocabulary = HU_NEW_ARRAY(arena, const char *, n);
    for (size_t i = 0, end; i < n; i = end) { /* a run is as long as there are documents that have the feature */
        for (end = i + 1; end < n && strcmp(all[end], all[i]) == 0;)
            end++;
        if (end - i >= IN_DOCUMENTS)
            set->vocabulary[set->n_features++] = hu_strdup(arena, all[i]);
    }
}

/* Nodes of liblinear: indices from 1, in order; the bias is one more feature, without a part in the length. */
static void make_row(const training_set *set, const hu_passage *passage, hu_arena *arena, training_passage *row)
{
    size_t n = 0;
    row->x = HU_NEW_ARRAY(arena, struct feature_node, passage->n_features + 2);
    for (size_t i = 0; i < passage->n_features; i++) {
        const char **found = bsearch(&passage->features[i], set->vocabulary, set->n_features, sizeof(char *), by_text);
        if (found)
            row->x[n++] =
                (struct feature_node){(int)(found - set->vocabulary) + 1, 1 / sqrt((double)passage->n_features)};
    }
    row->x[n++] = (struct feature_node){(int)set->n_features + 1, 1};
    row->x[n] = (struct feature_node){-1, 0};
}

hu_error *training_set_make(const hu_training_document *documents, size_t count, int threads, hu_arena *arena,
                            training_set *set)
{
    *set = (training_set){.texts = HU_NEW_ARRAY(arena, training_text, count), .n_texts = count};
    splitting job = {.set = set, .arenas = HU_NEW_ARRAY(arena, hu_arena *, count)};
    for (size_t i = 0; i < count; i++) {
        set->texts[i].source = &documents[i];
        job.arenas[i] = hu_arena_new();
        hu_arena_at_end(arena, (void (*)(void *))hu_arena_free, job.arenas[i]);
    }
    if (count)
        qsort(set->texts, count, sizeof *set->texts, by_hash);
    HU_TRY(hu_parallel(count, threads, split_text, &job));
    make_vocabulary(set, arena);
    for (size_t i = 0; i < count; i++) {
        training_text *text = &set->texts[i];
        text->fold = i % N_FOLDS;
        text->rows = HU_NEW_ARRAY(arena, training_passage, text->count);
        for (size_t p = 0; p < text->count; p++)
            make_row(set, &text->passages[p], arena, &text->rows[p]);
    }
    return NULL;
}
