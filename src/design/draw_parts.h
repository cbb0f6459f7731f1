#ifndef HUELLA_SRC_DESIGN_DRAW_PARTS_H
#define HUELLA_SRC_DESIGN_DRAW_PARTS_H

#include "huella/base/random.h"
#include "huella/design/draw.h"

/** Deals arms out anew within strata among the `n` units listed; `items` and `kept` have room for all units. */
void draw_shuffle(const hu_draw *draw, const uint32_t *units, size_t n, hu_random *random, size_t *items,
                  uint32_t *arm);

/** One run of minimisation; `counts` is draw_minimise_room numbers. */
void draw_minimise(const hu_draw *draw, hu_random *random, size_t *counts, uint32_t *arm);
size_t draw_minimise_room(const hu_draw *draw);

#endif
