/* Durations as outcomes of huella did and huella sensitivity: --within, --hazard. */

#include "did.h"

#include "huella/causal/within.h"

hu_error *hu_did_durations(const hu_run *run, hu_did_columns *columns, hu_table **table)
{
    if (!hu_opt_given(run, "stop"))
        return NULL;
    hu_within_result *result;
    hu_within_columns names = {.start = hu_opt_text(run, "start"),
                               .stop = hu_opt_text(run, "stop"),
                               .event = hu_opt_text(run, "event"),
                               .time = columns->time,
                               .cohort = columns->cohort,
                               .weights = columns->weights};
    if (hu_opt_flag(run, "hazard")) {
        HU_TRY(hu_hazard_panel(*table, &names, run->arena, &result));
        columns->time = "period";
    } else {
        hu_censoring censoring = hu_opt_is(run, "censoring", "weights") ? HU_CENSORING_WEIGHTS : HU_CENSORING_PSEUDO;
        HU_TRY(hu_resolved_within(*table, &names, hu_opt_number(run, "within"), censoring, run->arena, &result));
    }
    columns->outcome = result->outcome;
    if (result->weights)
        columns->weights = result->weights;
    *table = result->table;
    for (size_t i = 0; i < result->n_warnings; i++)
        hu_say(run, "huella: note: %s", result->warnings[i]);
    return NULL;
}
