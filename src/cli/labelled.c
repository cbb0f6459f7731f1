/* Documents with their truth, for `huella accuracy` and `huella train`: listed, read, their labels checked. */

#include "labelled.h"

#include "read_documents.h"

#include "huella/base/file.h"
#include "huella/base/parallel.h"

#include <string.h>

typedef struct labelled_job {
    labelled_set *set;
    const labelled_options *options;
    hu_corpus *corpus;
    hu_reader *reader;
} labelled_job;

/* ---- what is labelled ---- */

/* "a/b.txt" → "a/b.gold.json", or "a/b.json"; NULL when neither is there. */
static const char *gold_of(hu_arena *arena, const char *path)
{
    const char *dot = strrchr(hu_path_name(path), '.');
    size_t stem = dot ? (size_t)(dot - path) : strlen(path);
    static const char *const endings[] = {".gold.json", ".json", NULL};
    for (const char *const *ending = endings; *ending; ending++) {
        const char *gold = hu_printf(arena, "%.*s%s", (int)stem, path, *ending);
        if (hu_file_exists(gold))
            return gold;
    }
    return NULL;
}

static labelled *add_item(labelled_job *job)
{
    if (job->set->count == job->set->room) {
        job->set->room = job->set->room ? 2 * job->set->room : 64;
        job->set->items =
            hu_regrow(job->set->run->arena, job->set->items, job->set->count, job->set->room, sizeof *job->set->items);
    }
    return &job->set->items[job->set->count++];
}

/* Documents with a gold file beside them. */
static hu_error *list_labelled(labelled_job *job, const char *path)
{
    char **found = NULL;
    size_t n = 0, unlabelled = 0;
    HU_TRY(hu_list_files(path, hu_document_endings, job->set->run->arena, &found, &n));
    for (size_t i = 0; i < n; i++) {
        const char *gold = gold_of(job->set->run->arena, found[i]);
        if (!gold) {
            unlabelled++;
            continue;
        }
        labelled *item = add_item(job);
        *item = (labelled){.path = found[i], .gold = gold};
        HU_TRY(hu_json_load(gold, &item->root));
        item->known = item->root;
    }
    if (unlabelled)
        hu_say(job->set->run, "%s: %zu of %zu documents have no .gold.json beside them and are left out", path,
               unlabelled, n);
    return NULL;
}

/* The judgments of a simulated study, whose truth is one file. */
static hu_error *list_simulated(labelled_job *job, const char *folder, const char *truth, json_t **root)
{
    HU_TRY(hu_json_load(truth, root));
    const json_t *judgments = json_object_get(*root, "judgments");
    if (!json_is_array(judgments))
        return hu_fail_at(HU_BAD_INPUT, truth, 0, NULL,
                          "expected a list under \"judgments\", as huella simulate writes");
    for (size_t i = 0; i < json_array_size(judgments); i++) {
        const json_t *one = json_array_get(judgments, i), *document = json_object_get(one, "document");
        if (!json_is_string(document) || !json_is_object(json_object_get(one, "truth")))
            return hu_fail_at(HU_BAD_INPUT, truth, 0, NULL,
                              "\"judgments[%zu]\": expected an object with \"document\" and \"truth\"", i);
        if (json_is_true(json_object_get(one, "scan")) && !job->options->scans)
            continue;
        *add_item(job) = (labelled){.path = hu_path_join(job->set->run->arena, folder, json_string_value(document)),
                                    .gold = truth,
                                    .known = json_object_get(one, "truth")};
    }
    return NULL;
}

static hu_error *list_all(labelled_job *job)
{
    job->set->truths = HU_NEW_ARRAY(job->set->run->arena, json_t *, job->set->run->n_files);
    for (size_t i = 0; i < job->set->run->n_files; i++) {
        const char *path = job->set->run->files[i], *truth = hu_path_join(job->set->run->arena, path, "truth.json");
        HU_TRY(hu_is_folder(path) && hu_file_exists(truth) ? list_simulated(job, path, truth, &job->set->truths[i])
                                                           : list_labelled(job, path));
    }
    if (!job->set->count)
        return hu_fail(HU_BAD_INPUT,
                       "no labelled document below the paths named: put NAME.gold.json beside NAME.txt or NAME.pdf");
    return NULL;
}

/* ---- what is wrong with a gold file ---- */

static hu_error *bad_key(const labelled *item, const char *prefix, const char *key, const char *expected)
{
    return hu_fail_at(HU_BAD_INPUT, item->gold, 0, NULL, "key \"%s%s%s\": %s", prefix, *prefix ? "." : "", key,
                      expected);
}

/* A group's keys are those that the reader writes; a practice's or agency's value is one of three words. */
static hu_error *check_group(const labelled *item, const char *group, const json_t *known, const json_t *read)
{
    bool practices = strcmp(group, "practices") == 0, agencies = strcmp(group, "agencies") == 0;
    const char *key;
    json_t *value;
    if (known && !json_is_object(known))
        return bad_key(item, "", group, "expected an object");
    json_object_foreach((json_t *)known, key, value) {
        const char *word = json_is_string(value) ? json_string_value(value) : "";
        if (read && !json_object_get(read, key))
            return bad_key(item, group, key, "the codebook has no such key");
        if (practices && strcmp(word, "present") != 0 && strcmp(word, "denied") != 0 && strcmp(word, "absent") != 0)
            return bad_key(item, group, key, "expected present, denied or absent");
        if (agencies && strcmp(word, "acted") != 0 && strcmp(word, "mentioned") != 0 && strcmp(word, "absent") != 0)
            return bad_key(item, group, key, "expected acted, mentioned or absent");
    }
    return NULL;
}

static hu_error *check_gold(const labelled *item)
{
    static const char *const groups[] = {"decision", "victims", "practices", "agencies", "indices", NULL};
    const json_t *defendants = json_object_get(item->known, "defendants");
    if (!json_is_object(item->known))
        return hu_fail_at(HU_BAD_INPUT, item->gold, 0, NULL, "expected an object with \"decision\", \"defendants\" …");
    if (!json_object_get(item->known, "decision"))
        return bad_key(item, "", "decision", "is missing");
    for (const char *const *group = groups; *group; group++)
        HU_TRY(check_group(item, *group, json_object_get(item->known, *group), json_object_get(item->read, *group)));
    if (defendants && !json_is_array(defendants))
        return bad_key(item, "", "defendants", "expected a list");
    const json_t *read = json_array_get(json_object_get(item->read, "defendants"), 0);
    for (size_t i = 0; i < json_array_size(defendants); i++)
        HU_TRY(check_group(item, "defendants[]", json_array_get(defendants, i), read));
    return NULL;
}

/* ---- reading ---- */

static hu_error *read_task(void *context, size_t index)
{
    labelled_job *job = context;
    labelled *item = &job->set->items[index];
    HU_SCRATCH(scratch);
    HU_BUF(json);
    hu_document *document;
    hu_reading *reading;
    if (job->options->keep)
        item->arena = hu_arena_new();
    hu_arena *arena = item->arena ? item->arena : scratch;
    HU_TRY(hu_document_open(job->corpus, item->path, arena, &document));
    HU_TRY(hu_read(job->reader, document, scratch, &reading));
    hu_reading_write_json(job->reader, reading, &json);
    HU_TRY(hu_json_parse(json.data, json.length, item->path, &item->read));
    item->document = item->arena ? document : NULL;
    item->ocr = json_is_true(json_object_get(item->read, "ocr"));
    return check_gold(item);
}

static hu_error *open_reader(labelled_job *job, const char *rules)
{
    return job->options->rules_alone ? hu_reader_open_with(rules, NULL, &job->reader)
                                     : hu_reader_open(rules, &job->reader);
}

hu_error *labelled_open(hu_run *run, const labelled_options *options, labelled_set *set)
{
    *set = (labelled_set){.run = run};
    labelled_job job = {.set = set, .options = options};
    hu_corpus_options corpus = document_options(run, false);
    hu_error *error = list_all(&job);
    if (!error)
        error = hu_corpus_open(&corpus, &job.corpus);
    if (!error)
        error = open_reader(&job, corpus.rules_dir);
    if (!error)
        error = hu_parallel(set->count, run->threads, read_task, &job);
    hu_reader_close(job.reader);
    if (job.corpus)
        hu_corpus_close(job.corpus);
    return error;
}

void labelled_close(labelled_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        json_decref(set->items[i].root);
        json_decref(set->items[i].read);
        hu_arena_free(set->items[i].arena);
    }
    for (size_t i = 0; set->truths && i < set->run->n_files; i++)
        json_decref(set->truths[i]);
}
