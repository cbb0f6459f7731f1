#ifndef HUELLA_LEARNING_AGREEMENT_H
#define HUELLA_LEARNING_AGREEMENT_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <jansson.h>
#include <stddef.h>

/**
 * How far people who label the same documents agree, per variable.
 *
 * An item is a document's value, or a defendant's where all labellers name the person alike (by letters and digits);
 * every value that differs is a category of its own, "the text does not say" too. With two labellers in all kappa is
 * Cohen's (1960, Educ. Psychol. Meas. 20, 37-46), with more Fleiss's (1971, Psychol. Bull. 76, 378-382), its items
 * weighted alike where they have different numbers of labellers. The interval is the jackknife's over items, 95 %.
 * Kappa is NaN where everybody always says the same one thing.
 */
typedef struct hu_agreement_row {
    const char *variable;
    size_t items;
    double agreement;           /* share of pairs of labellers who agree */
    double kappa, lower, upper; /* interval NaN with fewer than three items */
    const char *kind;           /* "cohen", "fleiss" */
} hu_agreement_row;

typedef struct hu_agreement hu_agreement;
hu_agreement *hu_agreement_new(hu_arena *arena);
/** A document's labels, each an object as a gold file has it, and who gave them; fewer than two count for nothing. */
hu_error *hu_agreement_add(hu_agreement *agreement, const json_t *const *labels, const char *const *labellers,
                           size_t count);
/** In the order in which variables came. */
void hu_agreement_rows(hu_agreement *agreement, const hu_agreement_row **rows, size_t *count);

#endif
