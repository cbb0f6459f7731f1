#ifndef HUELLA_CAUSAL_TRIAL_MODEL_PARTS_H
#define HUELLA_CAUSAL_TRIAL_MODEL_PARTS_H

/* Ratios in their parts: the fit, the rows it takes, the randomization test. */

#include "huella/causal/trial_model.h"

#include "trial_parts.h"

/** Fits on the regression's rows and fills ratio … marginal_upper. exposure: by place in trial_rows, or NULL. */
hu_error *trial_model_fit(const trial_regression *on, const double *exposure, hu_trial_family family,
                          const hu_trial_options *options, hu_trial_ratio *out);

/** The test of Mantel and Haenszel's ratio over all assignments; y NaN where missing. */
hu_error *trial_model_permute(const trial_rows *rows, const double *y, const double *exposure,
                              const hu_assignments *all, const hu_trial_options *options, hu_arena *arena,
                              hu_fisher **fisher);

#endif
