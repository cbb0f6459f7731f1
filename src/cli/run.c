/* huella run: every stage whose inputs changed, in order, to the closing table and the report. */

#include "stages.h"

static hu_error *run_stages(open_study *study)
{
    hu_results *results = NULL;
    hu_run *run = study->run;
    HU_TRY(study_find_documents(study));
    if (study->documents && !study->documents->count)
        hu_say(run,
               "%s holds no judgment yet (.pdf, .docx, .odt, .rtf, .html or .txt): outcomes that are read from "
               "judgments stay unknown",
               study_path(study, study->plan->judgments));
    HU_TRY(stages_run(study, STAGE_IMPORT, STAGE_REPORT, false));
    HU_TRY(stages_results(study, run->arena, &results));
    if (run->format != HU_FORMAT_TABLE) {
        study_print_results(run, results);
        hu_say(run, "report: %s", stages_report_path(study));
        return NULL;
    }
    fputc('\n', run->out);
    hu_results_print_table(results, false, run->out);
    fprintf(run->out, "\nreport: %s\n", stages_report_path(study));
    return NULL;
}

static hu_error *run_run(hu_run *run)
{
    open_study study;
    hu_error *error = study_open(run, &study);
    if (!error)
        error = run_stages(&study);
    study_close(&study);
    return error;
}

static const hu_option run_options[] = {
    {"no-ocr", HU_OPT_FLAG, NULL, NULL, "Leave out scans; recognising a page takes about a second."},
    {0},
};

const hu_command hu_command_run = {
    .name = "run",
    .summary = "from raw records to the report: every stage whose inputs changed",
    .usage = "[--study DIR] [--no-ocr]",
    .description = "Imports the tables, reads the judgments, links them to cases, derives outcomes, estimates the "
                   "plan's effects and writes the "
                   "report. A stage is done only when something that it rests on has changed: the content of a file, "
                   "the plan, the "
                   "rules, the version of huella. A line a stage says what was done and how long it took.\n\n"
                   "A document that cannot be read is reported and the run goes on. A run that is stopped, even by "
                   "force, loses nothing that "
                   "was done: the next one goes on from there.\n\n"
                   "Ends with the effect of every outcome by the plan's first estimator, its interval and p, beside "
                   "the planted effects in "
                   "a simulated study, and the path of the report.",
    .example = "  huella new mystudy\n  huella run --study mystudy",
    .options = run_options,
    .run = run_run,
};
