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
