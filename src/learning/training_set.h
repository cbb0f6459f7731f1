#ifndef HUELLA_LEARNING_TRAINING_SET_H
#define HUELLA_LEARNING_TRAINING_SET_H

#include "huella/learning/train.h"
#include "huella/reading/passages.h"

#include <linear.h>

/* Inside learning/: documents as passages over one vocabulary. */

typedef struct training_passage {
    struct feature_node *x; /* ends with index -1; the last feature before it is the bias */
} training_passage;

typedef struct training_text {
    const hu_training_document *source;
    hu_passage *passages;
    training_passage *rows;
    size_t count;
    size_t fold;
} training_text;

typedef struct training_set {
    training_text *texts; /* in order of the documents' hashes */
    size_t n_texts;
    const char **vocabulary; /* in byte order */
    size_t n_features;
} training_set;

enum { N_FOLDS = 10, IN_DOCUMENTS = 3 };

/** Passages in parallel, the vocabulary, folds: the i-th text by hash is of fold i mod 10. */
hu_error *training_set_make(const hu_training_document *documents, size_t count, int threads, hu_arena *arena,
                            training_set *set);

#endif
