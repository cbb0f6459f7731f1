#ifndef HUELLA_DESIGN_MATCH_H
#define HUELLA_DESIGN_MATCH_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdint.h>

/**
 * Optimal pairs: the perfect matching of units whose summed distance is least.
 *
 * distance   units x units, symmetric, finite, not negative
 * mate       units: whom each is paired with
 *
 * Up to HU_MATCH_LISTED units by dynamic programming over sets, O(2^n n) time and 2^n (8 + 1) bytes; beyond that by an
 * integer program (each unit in one pair), branched and bounded by GLPK until it is proven that none is better.
 * Sources: Greevy, Lu, Silber & Rosenbaum (2004), Biostatistics 5(2); Edmonds (1965) for the relaxation's odd sets,
 * which the branching takes care of.
 *
 * Errors: HU_BAD_INPUT an odd number of units; HU_LIMIT more than HU_MATCH_LIMIT units.
 */
enum { HU_MATCH_LISTED = 20, HU_MATCH_LIMIT = 200 };
hu_error *hu_match_pairs(const double *distance, size_t units, uint32_t *mate);

/** The same by one of the two ways, so that each can be held against the other. */
hu_error *hu_match_by_sets(const double *distance, size_t units, uint32_t *mate);
hu_error *hu_match_by_program(const double *distance, size_t units, uint32_t *mate);

#endif
