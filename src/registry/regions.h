#ifndef HUELLA_REGISTRY_REGIONS_H
#define HUELLA_REGISTRY_REGIONS_H

/* Inside registry/: names compared whatever their case, accents and blanks. */

#include "huella/registry/store.h"

/** The name in lower case, without accents, with single blanks. */
const char *hu_fold_name(hu_str text, hu_arena *arena);

/** The region whose name is closest to a mistyped one, or NULL. */
const char *hu_regions_closest(const hu_regions *regions, hu_str name);

#endif
