#ifndef HUELLA_READING_REGIONS_H
#define HUELLA_READING_REGIONS_H

#include "phrase.h"

/** rules/regions.yaml: regions, judicial districts, cities. */
typedef struct hu_region_place {
    const char *folded;   /* how it is looked for: lower case, no accents */
    const char *district; /* the judicial district of that name; NULL for a city */
    const char *region, *ubigeo;
} hu_region_place;

typedef struct hu_regions {
    hu_region_place *places; /* longest name first */
    size_t n_places;
    struct court_code {
        const char *code, *district, *region, *ubigeo;
    } * codes;
    size_t n_codes;
} hu_regions;

/** Reads the table and gives the lexicon the shape {place}. */
hu_error *regions_load(const char *path, hu_arena *arena, hu_lexicon *lexicon, hu_regions **result);
/** The place of that folded name; a judicial district before a city. NULL if none. */
const hu_region_place *regions_place(const hu_regions *regions, const char *folded, size_t length);
/** The judicial district that a court code's first two digits name. */
const struct court_code *regions_code(const hu_regions *regions, const char *two_digits);

#endif
