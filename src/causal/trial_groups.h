#ifndef HUELLA_CAUSAL_TRIAL_GROUPS_PARTS_H
#define HUELLA_CAUSAL_TRIAL_GROUPS_PARTS_H

/* Subgroups in their parts: the exact test that their effects are one. */

#include "huella/causal/trial_groups.h"

#include "trial_parts.h"

/** y: rows->n, NaN where missing or of no group; k: covariates that are taken out. Fills fisher and p_at_estimate. */
hu_error *trial_groups_permute(const trial_rows *rows, const hu_factor *group, const double *y, size_t k,
                               const hu_assignments *all, int threads, hu_arena *arena, hu_trial_interaction *out);

#endif
