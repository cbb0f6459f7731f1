/* Which assignments of a trial are visited. */

#include "trial_parts.h"

static const double too_long = 5e9; /* doubles read: a few seconds; beyond only when asked for */

hu_error *trial_assignments(const trial_rows *rows, const hu_trial_options *options, double cost, hu_arena *arena,
                            hu_assignments **all)
{
    *all = NULL;
    if (options->no_permutations)
        return NULL;
    hu_assignment_options which = options->permutations;
    which.seed = options->seed;
    hu_assignments *plan;
    if (options->draw) {
        HU_TRY(trial_draw_assignments(rows, options->draw, &which, options->threads, arena, &plan));
    } else {
        hu_assignment_design *design = HU_NEW(arena, hu_assignment_design);
        *design = (hu_assignment_design){rows->unit.levels, rows->unit_arm, rows->unit_stratum};
        HU_TRY(hu_assignments_plan(design, &which, arena, &plan));
    }
    if (options->permutations_asked || (double)plan->count * cost <= too_long)
        *all = plan;
    return NULL;
}
