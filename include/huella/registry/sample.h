#ifndef HUELLA_REGISTRY_SAMPLE_H
#define HUELLA_REGISTRY_SAMPLE_H

#include "huella/registry/store.h"

/** The variables that can part judgments into strata, NULL-terminated: "court_level", "year" … */
extern const char *const hu_sampling_variables[];

/**
 * Every judgment in the store that is no copy of another, by hash: columns sha256, document, and stratum, the values of
 * the variables with " / " between ("" parts nothing). Values are what the reader found; what it did not find is
 * "none". verdict: of the defendants, "mixed" where they differ; confidence: the lowest of their verdicts, "high" from
 * 0.9, "middle" from 0.7.
 *
 * Errors: HU_USAGE a variable that does not exist, with the one probably meant.
 */
hu_error *hu_store_sampling_units(hu_store *store, const char *const *variables, size_t n_variables, hu_arena *arena,
                                  hu_table **units);

typedef struct hu_sampling_design {
    int64_t id;         /* 0 = there is none */
    const char *strata; /* "court_level,year" */
    const char *reader, *seed;
    int64_t draws;
} hu_sampling_design;

/** The newest design, of these strata if not NULL. */
hu_error *hu_store_sampling_design(hu_store *store, const char *strata, hu_arena *arena, hu_sampling_design *design);

typedef struct hu_sampling_place {
    const char *stratum, *sha256, *document;
    size_t position;
} hu_sampling_place;

/** Keeps a new design with its frame, and gives it its id; a stratum's population is its number of places. */
hu_error *hu_store_put_sampling_design(hu_store *store, hu_sampling_design *design, const hu_sampling_place *frame,
                                       size_t n_frame);

/** The strata of a design by name: columns stratum, population, drawn. */
hu_error *hu_store_sampling_strata(hu_store *store, int64_t design, hu_arena *arena, hu_table **strata);

/**
 * Makes one draw: takes the first `drawn` of each stratum named into the sample, and computes anew the probability of
 * every judgment in the sample, 1 - prod(1 - drawn/population) over the designs whose frame it is in.
 */
hu_error *hu_store_sampling_draw(hu_store *store, int64_t design, const char *const *strata, const size_t *drawn,
                                 size_t n_strata);

#endif
