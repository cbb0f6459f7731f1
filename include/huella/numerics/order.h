#ifndef HUELLA_NUMERICS_ORDER_H
#define HUELLA_NUMERICS_ORDER_H

#include "huella/base/arena.h"

#include <stdint.h>

/**
 * The order in which values ascend: values[order[0]] <= values[order[1]] <= …; equal values keep their order, so that
 * an order by several keys is an order by the last of them, refined backwards. -0 equals 0; infinities are fine, NaN is
 * not. At most UINT32_MAX values. Cost: O(n), a radix sort on the bits of the numbers.
 */
uint32_t *hu_order_numbers(const double *values, size_t n, hu_arena *arena);

/** Refines an order: by code (below `levels`) first, then as it stood. Cost: O(n + levels). */
void hu_order_by_code(uint32_t *order, const uint32_t *code, size_t n, size_t levels);

#endif
