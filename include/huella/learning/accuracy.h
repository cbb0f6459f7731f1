#ifndef HUELLA_LEARNING_ACCURACY_H
#define HUELLA_LEARNING_ACCURACY_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <jansson.h>
#include <stddef.h>

/**
 * How often reading is right: values read against values known, per variable.
 *
 * precision = correct / read, recall = correct / known, F1 their harmonic mean, each with a Wilson 95 % interval.
 * A value that is null on both sides counts nowhere; "absent" is null. Only keys that `known` holds are scored. Texts
 * are compared by their letters and digits, whatever case, accents and blanks. An offence is right when its code is,
 * and its article where both sides cite one. Defendants are matched by label (exactly, else one label's words within
 * the other's), lists as sets; "defendants" scores who was found, and a verdict on somebody who is nobody is a wrong
 * one. Source of the interval: Wilson (1927), J. Amer. Stat. Assoc. 22, 209-212.
 */
typedef struct hu_accuracy {
    const char *variable; /* "verdict", "prison_months", "practices.gesell_chamber" … */
    size_t known, read, correct;
    double precision, recall, f1;
    double precision_lower, precision_upper, recall_lower, recall_upper;
} hu_accuracy;

typedef struct hu_scorer hu_scorer;
hu_scorer *hu_scorer_new(hu_arena *arena);
/** `read`: one object of `huella read`; `known`: an object with the same keys whose leaves are plain values. */
hu_error *hu_scorer_add(hu_scorer *scorer, const json_t *read, const json_t *known);
/** Rows in the order of the codebook. */
void hu_scorer_rows(const hu_scorer *scorer, const hu_accuracy **rows, size_t *count);

#endif
