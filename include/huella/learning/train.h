#ifndef HUELLA_LEARNING_TRAIN_H
#define HUELLA_LEARNING_TRAIN_H

#include "huella/reading/reading.h"

#include <jansson.h>

/**
 * Trained readers of practices and agencies, from documents labelled by hand.
 *
 * For each key, sentences quoted as evidence stand against the sentences of documents that have nothing of it (of a
 * document that has it, sentences that were not quoted tell nothing and are left out). Logistic regression with an L2
 * penalty (liblinear, Fan et al. 2008, J. Mach. Learn. Res. 9, 1871-1874) over features that stand in 3 documents or
 * more; classes weighted by the root of their ratio. A document's score is its best sentence's.
 *
 * Folds are of whole documents, by their hashes. Probabilities are calibrated on scores of documents that the model has
 * not seen (Platt 1999, as Lin, Lin & Weng 2007, Mach. Learn. 68, 267-276), and what the model may add to or take back
 * from the rules is chosen on them. The combination is judged in a fold by what was calibrated and chosen on the
 * others. A key goes into the model only when there the combination beats the rules; else it is left to the rules.
 *
 * Deterministic on any number of threads.
 */
typedef struct hu_training_document {
    const hu_document *document;
    const json_t *known; /* labels as a gold file has them, with "evidence" */
    const json_t *read;  /* the object of `huella read`, by the rules alone */
} hu_training_document;

typedef struct hu_trained_row {
    const char *key, *value;   /* "agencies.cem", "acted" */
    size_t known;              /* documents that have it */
    double rules, model, both; /* F1 in cross-validation; NaN where nothing is known or read */
    size_t mended, spoiled;    /* documents in which the combination is right and the rules wrong, and the reverse */
    bool used;
    /* what goes into the file, where used */
    double bias, slope, offset, add_from, drop_to;
    const double *weights; /* of the vocabulary */
} hu_trained_row;

typedef struct hu_training {
    hu_trained_row *rows;
    size_t n_rows, n_documents;
    const char **vocabulary;
    size_t n_features;
    const char *name; /* "42 documents, 1a2b3c4d" */
} hu_training;

typedef struct hu_training_options {
    int threads;
    size_t documents; /* train each fold on this many documents only, at random; 0 = all: points of a learning curve */
    uint64_t seed;    /* which ones */
} hu_training_options;

/** Errors: HU_EMPTY fewer than ten documents. */
hu_error *hu_train(const hu_training_document *documents, size_t count, const hu_training_options *options,
                   hu_arena *arena, hu_training **training);

/** The model's file, JSON; hu_trained_model_load reads it. */
void hu_training_write(const hu_training *training, hu_buf *out);

#endif
