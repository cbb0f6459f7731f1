#ifndef HUELLA_REGISTRY_VALUES_H
#define HUELLA_REGISTRY_VALUES_H

/* Inside registry/: values of findings, kept as JSON text. */

#include "huella/base/arena.h"

/** The text of a JSON string; NULL when the value is none (or `json` is NULL). */
const char *hu_value_text(const char *json, hu_arena *arena);

/** The number of a JSON number; NaN when the value is none. */
double hu_value_number(const char *json);

#endif
