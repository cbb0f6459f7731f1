#ifndef HUELLA_CLI_HAND_H
#define HUELLA_CLI_HAND_H

/* --hand and --probability: hand labels of a sample correct an outcome that a machine read. */

#include "print.h"

#include "huella/causal/reading_errors.h"

#define HU_OPTIONS_HAND                                                                                            \
    {"hand", HU_OPT_TEXT, "COLUMN", NULL,                                                                          \
     "The outcome as people read it in a random sample of rows, empty elsewhere: corrects errors of reading in "   \
     "--outcome."},                                                                                                \
        {"probability", HU_OPT_TEXT, "COLUMN", NULL,                                                               \
         "With --hand: with which probability the row came into that sample."},                                    \
        {"predictors", HU_OPT_LIST, "A,B", NULL,                                                                   \
         "With --hand: columns that tell the hand label, beside the reading."},                                    \
    {                                                                                                              \
        "correction", HU_OPT_CHOICE, "dsl|ppi", "dsl",                                                             \
            "With --hand: design-based supervised learning, or prediction-powered inference with its best weight." \
    }

/** The columns that these options name, for reading the table; NULL-terminated. HU_USAGE: some without --hand. */
hu_error *hu_hand_columns_of(const hu_run *run, const char *const **names);

/**
 * Puts the corrected outcome into *table and what was found into *correction; leaves both alone without --hand.
 *
 * estimate, context   one estimate of that outcome, as in causal/reading_errors.h
 */
hu_error *hu_correct_by_hand(const hu_run *run, const char *outcome, hu_reestimate *estimate, const void *context,
                             const hu_table **table, const hu_corrected **correction);

void hu_json_put_correction(hu_json *json, const hu_corrected *correction); /* "reading_errors"; NULL = nothing */
void hu_print_correction(FILE *out, const hu_corrected *correction);

#endif
