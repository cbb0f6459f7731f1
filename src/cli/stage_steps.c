/* What each stage depends on and does. */

#include "plan_lock.h"
#include "stages.h"

#include "huella/base/file.h"
#include "huella/learning/accuracy.h"
#include "huella/report/people.h"
#include "huella/report/report.h"
#include "read_documents.h"

#include <string.h>

/* --- import: the tables --- */

static const char *planned_path(const open_study *study, const char *name)
{
    return name ? study_path(study, name) : NULL;
}

static const char *regions_path(const open_study *study)
{
    return hu_path_join(study->run->arena, hu_rules_dir(study->run->arena), "regions.yaml");
}

static hu_error *import_inputs(const open_study *study, fingerprint *print)
{
    HU_TRY(fingerprint_add_file(print, "regions", regions_path(study)));
    HU_TRY(fingerprint_add_file(print, "cases", planned_path(study, study->plan->cases)));
    HU_TRY(fingerprint_add_file(print, "prosecutors", planned_path(study, study->plan->prosecutors)));
    return fingerprint_add_file(print, "rollout", planned_path(study, study->plan->rollout));
}

static hu_error *import_work(open_study *study, hu_buf *counts)
{
    hu_arena *arena = study->run->arena;
    hu_import_files files = {.cases = planned_path(study, study->plan->cases),
                             .prosecutors = planned_path(study, study->plan->prosecutors),
                             .rollout = planned_path(study, study->plan->rollout)};
    hu_import_counts rows = {0};
    hu_regions *regions = NULL;
    HU_TRY(hu_regions_load(regions_path(study), arena, &regions));
    HU_TRY(hu_import_study(study->store, &files, regions, &rows));
    hu_buf_printf(counts, "%s cases, %s prosecutors, %s regions", hu_people_count(arena, rows.cases),
                  hu_people_count(arena, rows.prosecutors), hu_people_count(arena, rows.rollout));
    return NULL;
}

/* --- read: the judgments --- */

/* The rules that read, so that the patterns need not be compiled only to learn that nothing changed. */
static hu_error *add_rules(const open_study *study, fingerprint *print)
{
    static const char *const endings[] = {".yaml", NULL}, *const others[] = {"simulation/", "templates/", NULL};
    const char *rules = hu_rules_dir(study->run->arena);
    char **paths = NULL;
    size_t count = 0;
    HU_TRY(hu_list_files(rules, endings, study->run->arena, &paths, &count));
    for (size_t i = 0; i < count; i++) {
        const char *name = paths[i] + strlen(rules) + 1;
        bool reads = true;
        for (size_t k = 0; others[k]; k++)
            reads = reads && strncmp(name, others[k], strlen(others[k])) != 0;
        if (reads)
            HU_TRY(fingerprint_add_file(print, name, paths[i]));
    }
    return NULL;
}

static hu_error *read_inputs(const open_study *study, fingerprint *print)
{
    if (!study->documents)
        return NULL;
    HU_TRY(add_rules(study, print));
    fingerprint_add(print, "scans", reads_scans(study->run) ? "yes" : "no");
    for (size_t i = 0; i < study->documents->count; i++)
        fingerprint_add(print, study->documents->files[i].name, study->documents->files[i].sha256);
    return NULL;
}

static void say_what_was_read(const open_study *study, const read_counts *done, hu_buf *counts)
{
    hu_arena *arena = study->run->arena;
    hu_buf_printf(counts, "%s documents, %s read", hu_people_count(arena, done->documents),
                  hu_people_count(arena, done->read));
    if (done->kept)
        hu_buf_printf(counts, ", %s read before", hu_people_count(arena, done->kept));
    hu_buf_printf(counts, ", %s left out", hu_people_count(arena, done->left_out));
    if (done->example)
        hu_say(study->run, "left out: %s%s", done->example,
               done->left_out > 1 ? hu_printf(arena, "; and %s more, which the report lists with their reasons",
                                              hu_people_count(arena, done->left_out - 1))
                                  : "");
}

static hu_error *read_work(open_study *study, hu_buf *counts)
{
    document_reader reader;
    read_counts done;
    if (!study->documents) {
        hu_buf_add_text(counts, "the plan names no judgments");
        return NULL;
    }
    HU_TRY(document_reader_open(study->run, &reader));
    hu_error *error = forget_other_documents(study->run, study->documents, study->store);
    if (!error)
        error = read_documents(study->run, &reader, study->documents, study->store, &done);
    if (!error)
        error = hu_store_set_note(study->store, "reader", hu_reader_version(reader.reader));
    document_reader_close(&reader);
    if (!error)
        say_what_was_read(study, &done, counts);
    return error;
}

/* --- link, outcomes --- */

static hu_error *no_inputs(const open_study *study, fingerprint *print)
{
    (void)study;
    (void)print;
    return NULL;
}

static hu_error *link_work(open_study *study, hu_buf *counts)
{
    hu_arena *arena = study->run->arena;
    hu_link_counts links;
    HU_TRY(hu_link_by_expediente(study->store, &links));
    hu_buf_printf(counts, "%s of %s judgments linked to %s cases", hu_people_count(arena, links.linked),
                  hu_people_count(arena, links.judgments), hu_people_count(arena, links.cases_with_judgment));
    if (links.duplicates)
        hu_buf_printf(counts, ", %s copies of others", hu_people_count(arena, links.duplicates));
    return NULL;
}

static hu_error *outcomes_work(open_study *study, hu_buf *counts)
{
    size_t values = 0;
    HU_TRY(hu_derive_outcomes(study->store, &values));
    hu_buf_printf(counts, "%s outcomes of cases", hu_people_count(study->run->arena, values));
    return NULL;
}

/* --- estimate --- */

static hu_error *estimate_inputs(const open_study *study, fingerprint *print)
{
    const char *lock;
    HU_TRY(fingerprint_add_file(print, "plan", study->plan->source));
    HU_TRY(fingerprint_add_file(print, "truth", planned_path(study, study->plan->truth)));
    HU_TRY(plan_lock_note(study, study->run->arena, &lock));
    fingerprint_add(print, "lock", lock);
    fingerprint_add(print, "seed", hu_printf(study->run->arena, "%llu", (unsigned long long)study->seed));
    return NULL;
}

static hu_error *estimate_work(open_study *study, hu_buf *counts)
{
    HU_SCRATCH(scratch);
    HU_BUF(json);
    hu_results *results = NULL;
    size_t failed = 0, count;
    HU_TRY(study_estimate(study, scratch, &results));
    count = results->n_outcomes * results->n_estimators;
    for (size_t i = 0; i < count; i++)
        failed += results->estimates[i].failure != NULL;
    hu_results_write_json(results, &json);
    HU_TRY(hu_store_set_note(study->store, "results", json.data));
    hu_buf_printf(counts, "%zu outcomes by %zu estimators", results->n_outcomes, results->n_estimators);
    if (failed)
        hu_buf_printf(counts, ", %zu without an estimate", failed);
    return NULL;
}

/* --- report --- */

static hu_error *report_inputs(const open_study *study, fingerprint *print)
{
    HU_TRY(fingerprint_add_file(print, "truth", planned_path(study, study->plan->truth)));
    return fingerprint_add_file(print, "page", stages_report_path(study));
}

/* What was read of a document, scored against what is known to stand in it; documents that were not read are skipped.
 */
static hu_error *score(const open_study *study, const json_t *known, hu_scorer *scorer)
{
    HU_SCRATCH(scratch);
    const char *document = json_string_value(json_object_get(known, "document"));
    hu_table *table = NULL;
    if (!document)
        return NULL;
    HU_TRY(
        hu_store_query(study->store, scratch, &table, "SELECT json FROM judgments WHERE document = ?", 1, &document));
    const char *text = table->rows ? hu_table_text(table, &table->columns[0], 0, scratch) : NULL;
    json_t *read = text ? json_loads(text, 0, NULL) : NULL;
    if (!read)
        return NULL;
    hu_error *error = hu_scorer_add(scorer, read, json_object_get(known, "truth"));
    json_decref(read);
    return error;
}

static hu_error *accuracy(const open_study *study, hu_arena *arena, hu_report_options *options)
{
    json_t *truth = NULL;
    const hu_accuracy *rows = NULL;
    if (!study->plan->truth)
        return NULL;
    const char *path = study_path(study, study->plan->truth);
    HU_TRY(hu_json_load(path, &truth));
    hu_scorer *scorer = hu_scorer_new(arena);
    hu_error *error = NULL;
    const json_t *judgments = json_object_get(truth, "judgments");
    for (size_t i = 0; i < json_array_size(judgments) && !error; i++)
        error = hu_wrap(score(study, json_array_get(judgments, i), scorer), "%s: judgments[%zu]", path, i);
    json_decref(truth);
    if (error)
        return error;
    hu_scorer_rows(scorer, &rows, &options->n_accuracy);
    hu_report_accuracy *out = HU_NEW_ARRAY(arena, hu_report_accuracy, options->n_accuracy);
    for (size_t i = 0; i < options->n_accuracy; i++)
        out[i] = (hu_report_accuracy){.variable = rows[i].variable,
                                      .known = rows[i].known,
                                      .read = rows[i].read,
                                      .correct = rows[i].correct,
                                      .precision = rows[i].precision,
                                      .precision_lower = rows[i].precision_lower,
                                      .precision_upper = rows[i].precision_upper,
                                      .recall = rows[i].recall,
                                      .recall_lower = rows[i].recall_lower,
                                      .recall_upper = rows[i].recall_upper,
                                      .f1 = rows[i].f1};
    options->accuracy = out;
    return NULL;
}

static hu_error *add_input(hu_arena *arena, const open_study *study, const char *name, hu_report_options *options,
                           hu_report_input *inputs)
{
    hu_file file;
    char *hash = HU_NEW_ARRAY(arena, char, 65);
    if (!name)
        return NULL;
    HU_TRY(hu_file_open(study_path(study, name), 0, &file));
    hu_sha256_hex(file.data, file.length, hash);
    hu_file_close(&file);
    inputs[options->n_inputs++] = (hu_report_input){name, hash};
    return NULL;
}

/* The plan, the tables, and all judgments under one hash: that of the list of their names and hashes. */
static hu_error *list_inputs(const open_study *study, hu_arena *arena, hu_report_options *options)
{
    const hu_plan *plan = study->plan;
    const char *const names[] = {"study.yaml", plan->cases, plan->prosecutors, plan->rollout, plan->truth};
    hu_report_input *inputs = HU_NEW_ARRAY(arena, hu_report_input, sizeof names / sizeof *names + 1);
    options->inputs = inputs;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        HU_TRY(add_input(arena, study, names[i], options, inputs));
    if (!study->documents)
        return NULL;
    HU_BUF(list);
    for (size_t i = 0; i < study->documents->count; i++)
        hu_buf_printf(&list, "%s  %s\n", study->documents->files[i].sha256, study->documents->files[i].name);
    char *hash = HU_NEW_ARRAY(arena, char, 65);
    hu_sha256_hex(list.data ? list.data : "", list.length, hash);
    inputs[options->n_inputs++] = (hu_report_input){
        hu_printf(arena, "%s (%s files)", plan->judgments, hu_people_count(arena, study->documents->count)), hash};
    return NULL;
}

static hu_error *report_work(open_study *study, hu_buf *counts)
{
    HU_SCRATCH(scratch);
    hu_results *results = NULL;
    const char *path = NULL;
    hu_report_options options = {.folder = study_path(study, "report")};
    HU_TRY(hu_store_note(study->store, "reader", scratch, &options.reader));
    HU_TRY(stages_results(study, scratch, &results));
    HU_TRY(accuracy(study, scratch, &options));
    HU_TRY(list_inputs(study, scratch, &options));
    HU_TRY(hu_report_write(study->store, results, &options, scratch, &path));
    hu_file file;
    HU_TRY(hu_file_open(path, 0, &file));
    hu_buf_printf(counts, "%s, %.1f MB", path, (double)file.length / 1e6);
    hu_file_close(&file);
    return NULL;
}

const stage stage_table[N_STAGES] = {
    [STAGE_IMPORT] = {"import", import_inputs, import_work, {STAGE_IMPORT, STAGE_IMPORT}},
    [STAGE_READ] = {"read", read_inputs, read_work, {STAGE_READ, STAGE_READ}},
    [STAGE_LINK] = {"link", no_inputs, link_work, {STAGE_IMPORT, STAGE_READ}},
    [STAGE_OUTCOMES] = {"outcomes", no_inputs, outcomes_work, {STAGE_LINK, STAGE_OUTCOMES}},
    [STAGE_ESTIMATE] = {"estimate", estimate_inputs, estimate_work, {STAGE_OUTCOMES, STAGE_ESTIMATE}},
    [STAGE_REPORT] = {"report", report_inputs, report_work, {STAGE_ESTIMATE, STAGE_READ}},
};
