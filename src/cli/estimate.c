/* huella estimate: the plan's estimators on what the store holds. */

#include "stages.h"

static hu_error *estimate(open_study *study)
{
    hu_results *results = NULL;
    HU_TRY(stages_run(study, STAGE_ESTIMATE, STAGE_ESTIMATE, true));
    HU_TRY(stages_results(study, study->run->arena, &results));
    study_print_results(study->run, results);
    return NULL;
}

static hu_error *run_estimate(hu_run *run)
{
    open_study study;
    hu_error *error = study_open(run, &study);
    if (!error)
        error = estimate(&study);
    study_close(&study);
    return error;
}

const hu_command hu_command_estimate = {
    .name = "estimate",
    .summary = "run the analysis plan in study.yaml",
    .usage = "[--study DIR] [--seed N]",
    .description = "Runs every estimator of the plan on every outcome, with the cases and outcomes that stand in the "
                   "store, keeps the results "
                   "there for the report, and prints them: effect, standard error, interval, p, cases and clusters. As "
                   "JSON with all "
                   "cells of cohort and period.\n\n"
                   "Tables and judgments are not looked at again: `huella run` does that.",
    .example = "  huella estimate --study mystudy --format csv --out effects.csv",
    .options = (const hu_option[]){{0}},
    .run = run_estimate,
};
