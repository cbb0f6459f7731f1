/* A study's folder: its plan, its store, its results. */

#include "study.h"

#include "huella/base/file.h"

hu_error *study_open(hu_run *run, open_study *study)
{
    *study = (open_study){.run = run};
    const char *path = hu_path_join(run->arena, run->study, "study.yaml");
    if (!hu_file_exists(path))
        return hu_fail(
            HU_NOT_FOUND,
            "%s: no such file: a study is a folder with its plan in study.yaml; `huella new DIR` starts one, "
            "--study DIR names one",
            path);
    HU_TRY(hu_plan_load(path, run->arena, &study->plan));
    study->seed = hu_opt_given(run, "seed") ? run->seed : study->plan->seed;
    return hu_store_open(run->store, &study->store);
}

void study_close(open_study *study)
{
    if (study->store)
        hu_store_close(study->store);
    study->store = NULL;
}

hu_error *study_find_documents(open_study *study)
{
    if (!study->plan->judgments)
        return NULL;
    study->documents = HU_NEW(study->run->arena, document_list);
    hu_error *error = list_documents(study->run, study_path(study, study->plan->judgments), study->documents);
    if (error && error->code == HU_NOT_FOUND)
        error = hu_wrap(error, "%s: \"judgments\" names a folder that is not there", study->plan->source);
    return error;
}

const char *study_path(const open_study *study, const char *name)
{
    return name[0] == '/' ? name : hu_path_join(study->run->arena, study->run->study, name);
}

static hu_error *analysis_table(const open_study *study, hu_table **table)
{
    hu_table *all;
    HU_TRY(hu_store_analysis_table(study->store, study->plan->period, study->run->arena, &all));
    *table = study_used_rows(study->plan, all, study->run->arena);
    return NULL;
}

hu_error *study_or_data(hu_run *run, const hu_csv_options *csv, hu_table **table)
{
    open_study study;
    if (run->n_files)
        return hu_table_read(run->files[0], csv, run->arena, table);
    if (!hu_opt_given(run, "study") && !hu_opt_given(run, "store"))
        return hu_fail(HU_USAGE, "nothing to estimate from: name DATA, or a study by --study; usage: huella %s %s",
                       run->command->name, run->command->usage);
    hu_error *error = study_open(run, &study);
    if (!error)
        error = analysis_table(&study, table);
    study_close(&study);
    return error;
}

void study_print_results(const hu_run *run, const hu_results *results)
{
    HU_BUF(json);
    switch (run->format) {
    case HU_FORMAT_TABLE:
        hu_results_print_table(results, true, run->out);
        return;
    case HU_FORMAT_CSV:
        hu_results_print_csv(results, run->out);
        return;
    case HU_FORMAT_JSON:
    case HU_FORMAT_JSONL:
        break;
    }
    hu_results_write_json(results, &json);
    fprintf(run->out, "%s\n", json.data);
}
