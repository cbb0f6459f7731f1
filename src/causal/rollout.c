/* The efficient estimator for randomized rollouts: panel, weights, estimates, Fisher tests. */

#include "rollout_parts.h"

#include <math.h>

static hu_error *check_options(const hu_did_columns *columns, const hu_rollout_options *o)
{
    if (columns->weights || (columns->covariates && columns->covariates[0]))
        return hu_fail(HU_USAGE, "a rollout is estimated without weights and covariates: leave them out");
    if (o->level < 0 || o->level >= 1 || isnan(o->level))
        return hu_fail(HU_USAGE, "%g is no level of confidence: expected a share such as 0.95", o->level);
    if (o->beta == HU_BETA_NUMBER && !isfinite(o->beta_number))
        return hu_fail(HU_USAGE, "--beta: expected efficient, did or a finite number");
    return NULL;
}

/* What a reader must know: who there is, and who lends a variance. */
static void describe(rollout *r, const hu_did_columns *columns)
{
    hu_rollout_result *result = r->result;
    const did_panel *p = &r->panel;
    size_t single = 0, short_of = 0;
    result->n = columns->cluster ? p->n : p->units * p->periods;
    result->units = p->units;
    result->dropped = p->dropped;
    result->incomplete_units = p->incomplete;
    result->cohorts = HU_NEW_ARRAY(r->arena, hu_rollout_cohort, p->cohorts);
    result->n_cohorts = p->cohorts;
    for (size_t g = 0; g < p->cohorts; g++) {
        result->cohorts[g] = (hu_rollout_cohort){p->cohort[g], p->size[g]};
        single += p->size[g] == 1;
        short_of += p->size[g] > 1 && p->size[g] <= r->from[0] + 1;
    }
    if (single == p->cohorts)
        did_note(r->arena, &result->warnings, &result->n_warnings,
                 "every cohort has one unit, so no error can be computed; Fisher tests (--permutations) need none");
    else if (single)
        did_note(
            r->arena, &result->warnings, &result->n_warnings,
            "%zu cohorts have one unit, whose variance cannot be seen: each borrows that of the cohort under which "
            "its part of the error is largest",
            single);
    if (short_of)
        did_note(r->arena, &result->warnings, &result->n_warnings,
                 "%zu cohorts have hardly more units than there are periods before anybody is treated (%zu), so the "
                 "refinement of the error by those periods fits by chance: rely on Neyman's error (se_neyman), or on a "
                 "Fisher test",
                 short_of, r->from[0]);
    result->se_type = hu_printf(r->arena,
                                "design-based, refined by outcomes before treatment (Roth & Sant'Anna 2023), %s of "
                                "assignment: %zu",
                                columns->cluster ? "clusters" : "units", p->units);
}

static hu_error *estimate_all(rollout *r)
{
    hu_rollout_result *result = r->result;
    result->n_estimates = r->n_weights;
    result->estimates = HU_NEW_ARRAY(r->arena, hu_rollout_estimate, r->n_weights);
    for (size_t k = 0; k < r->n_weights; k++)
        HU_TRY(rollout_estimate(r, &r->weights[k], &result->estimates[k]));
    return NULL;
}

hu_error *hu_rollout(const hu_table *table, const hu_did_columns *columns, const hu_rollout_options *options,
                     hu_arena *arena, hu_rollout_result **out)
{
    HU_SCRATCH(scratch);
    HU_TRY(check_options(columns, options));
    hu_rollout_result *result = HU_NEW(arena, hu_rollout_result);
    rollout r = {.options = options, .arena = arena, .scratch = scratch, .result = result};
    did_panel_options panel = {.aggregate = columns->cluster, .totals = options->totals};
    HU_TRY(did_panel_build(table, columns, &panel, scratch, arena, &result->warnings, &result->n_warnings, &r.panel));
    HU_TRY(hu_wrap(rollout_weights_build(&r), "%s: column \"%s\"", table->source, columns->cohort));
    describe(&r, columns);
    HU_TRY(hu_wrap(estimate_all(&r), "%s", table->source));
    if (options->permute)
        HU_TRY(rollout_fisher(&r, table, columns));
    *out = result;
    return NULL;
}
