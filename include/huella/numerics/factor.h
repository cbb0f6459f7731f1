#ifndef HUELLA_NUMERICS_FACTOR_H
#define HUELLA_NUMERICS_FACTOR_H

#include "huella/base/table.h"

/**
 * A column as levels: each distinct value gets a code 0 … levels-1 in the order of the values (numbers by size, texts
 * by byte), so that codes do not depend on the order of the rows.
 */
typedef struct hu_factor {
    size_t n, levels;
    uint32_t *code;  /* n */
    uint32_t *first; /* levels: the first index (below n) at which the level stands */
} hu_factor;

/**
 * rows     n indices of rows of the column, or NULL for its first n rows
 * factor   code[i] is the level of row rows[i]
 *
 * Values must not be missing. At most UINT32_MAX - 1 rows. Cost: O(n) for whole numbers in a range not much wider than
 * n, and for texts (a hash table) plus the sorting of the levels; O(n log n) for other numbers.
 */
void hu_factor_column(const hu_column *column, const uint32_t *rows, size_t n, hu_arena *arena, hu_factor *factor);
void hu_factor_numbers(const double *values, size_t n, hu_arena *arena, hu_factor *factor);

/** Codes of pairs (a, b) that occur, in the order of a, then b. */
void hu_factor_cross(const hu_factor *a, const hu_factor *b, hu_arena *arena, hu_factor *factor);

#endif
