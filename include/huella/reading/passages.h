#ifndef HUELLA_READING_PASSAGES_H
#define HUELLA_READING_PASSAGES_H

#include "huella/reading/reading.h"

/**
 * Sentences of a document as trained readers see them: stems of their words (Snowball's Spanish stemmer, on folded
 * text), pairs of neighbouring stems, and where the sentence stands.
 *
 * A figure is "#"; words of one letter are left out. "part=operative" names the part, "place=0" … "place=4" the fifth
 * of the text. Features are in byte order, each once.
 */
typedef struct hu_passage {
    hu_span at; /* bytes of the document's text */
    const char **features;
    size_t n_features;
} hu_passage;

/** The passages in order, covering what is not blank. HU_BUG when the stemmer is missing. */
hu_error *hu_passages(const hu_document *document, hu_arena *arena, hu_passage **passages, size_t *count);

/**
 * A trained reader of one key: logistic regression over a passage's features, each of value 1/sqrt(n); a document's
 * score is its best passage's; probability = 1/(1 + exp(-(slope * score + offset))).
 *
 * Where the rules found nothing and the probability reaches add_from, the value is set, with the passage as evidence;
 * where the rules found it and the probability is at most drop_to, it is taken back. All else is the rules'.
 */
typedef struct hu_trained_key {
    const char *key, *value, *otherwise; /* "practices.shelter", "present"; what taking back leaves: "absent" */
    double bias, slope, offset, add_from, drop_to;
    const char **features; /* in byte order */
    double *weights;
    size_t n_features;
} hu_trained_key;

typedef struct hu_trained_model {
    const char *name; /* "42 documents, 1a2b3c4d": what it was trained on */
    hu_trained_key *keys;
    size_t n_keys;
} hu_trained_model;

/** Reads a file of `huella train`. HU_BAD_INPUT says what is wrong with it. */
hu_error *hu_trained_model_load(const char *path, hu_arena *arena, hu_trained_model **model);
/** The score of a passage. */
double hu_passage_score(const hu_trained_key *key, const hu_passage *passage);
double hu_trained_probability(const hu_trained_key *key, double score);

#endif
