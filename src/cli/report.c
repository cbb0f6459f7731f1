/* huella report: the page that leads from an effect to the sentences it rests on. */

#include "stages.h"

static hu_error *report(open_study *study)
{
    HU_TRY(study_find_documents(study));
    HU_TRY(stages_run(study, STAGE_REPORT, STAGE_REPORT, true));
    fprintf(study->run->out, "%s\n", stages_report_path(study));
    return NULL;
}

static hu_error *run_report(hu_run *run)
{
    open_study study;
    hu_error *error = study_open(run, &study);
    if (!error)
        error = report(&study);
    study_close(&study);
    return error;
}

const hu_command hu_command_report = {
    .name = "report",
    .summary = "write the evidence report",
    .usage = "[--study DIR]",
    .description = "Writes DIR/report/index.html from the results that the store holds: the answer, the design, the "
                   "data, the effects by "
                   "every estimator and over time, the accuracy of reading where truth is known, and from every effect "
                   "a way down to the cases "
                   "and the sentences of the judgments. One file that needs nothing else, no network either. Each plot "
                   "stands beside it as "
                   "PDF.\n\n"
                   "The same study gives the same bytes. Prints the path of the page.",
    .example = "  huella report --study mystudy",
    .options = (const hu_option[]){{0}},
    .run = run_report,
};
