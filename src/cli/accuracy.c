/* huella accuracy: what the reader finds against what people labelled by hand, or what a simulated study wrote. */

#include "command.h"
#include "read_documents.h"
#include "rows.h"

#include "huella/base/file.h"
#include "huella/base/parallel.h"
#include "huella/learning/accuracy.h"
#include "huella/reading/reading.h"

#include <math.h>
#include <string.h>

/* A document whose truth is known. */
typedef struct labelled {
    const char *path, *gold; /* gold: the file that the truth stands in */
    json_t *root;            /* owned: the file of its own; NULL when `known` is part of a study's truth */
    const json_t *known;
    json_t *read; /* owned */
} labelled;

typedef struct accuracy_job {
    hu_run *run;
    hu_corpus *corpus;
    hu_reader *reader;
    labelled *items;
    size_t count, room;
    json_t **truths; /* owned: truth.json of each path, or NULL */
} accuracy_job;

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

static labelled *add_item(accuracy_job *job)
{
    if (job->count == job->room) {
        job->room = job->room ? 2 * job->room : 64;
        job->items = hu_regrow(job->run->arena, job->items, job->count, job->room, sizeof *job->items);
    }
    return &job->items[job->count++];
}

/* Documents with a gold file beside them. */
static hu_error *list_labelled(accuracy_job *job, const char *path)
{
    char **found = NULL;
    size_t n = 0, unlabelled = 0;
    HU_TRY(hu_list_files(path, hu_document_endings, job->run->arena, &found, &n));
    for (size_t i = 0; i < n; i++) {
        const char *gold = gold_of(job->run->arena, found[i]);
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
        hu_say(job->run, "%s: %zu of %zu documents have no .gold.json beside them and are left out", path, unlabelled,
               n);
    return NULL;
}

/* The judgments of a simulated study, whose truth is one file. */
static hu_error *list_simulated(accuracy_job *job, const char *folder, const char *truth, json_t **root)
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
        if (json_is_true(json_object_get(one, "scan")) && !hu_opt_flag(job->run, "scans"))
            continue;
        *add_item(job) = (labelled){.path = hu_path_join(job->run->arena, folder, json_string_value(document)),
                                    .gold = truth,
                                    .known = json_object_get(one, "truth")};
    }
    return NULL;
}

static hu_error *list_all(accuracy_job *job)
{
    job->truths = HU_NEW_ARRAY(job->run->arena, json_t *, job->run->n_files);
    for (size_t i = 0; i < job->run->n_files; i++) {
        const char *path = job->run->files[i], *truth = hu_path_join(job->run->arena, path, "truth.json");
        HU_TRY(hu_is_folder(path) && hu_file_exists(truth) ? list_simulated(job, path, truth, &job->truths[i])
                                                           : list_labelled(job, path));
    }
    if (!job->count)
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
    json_object_foreach((json_t *)known, key, value)
    {
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

/* ---- reading and scoring ---- */

static hu_error *read_task(void *context, size_t index)
{
    accuracy_job *job = context;
    labelled *item = &job->items[index];
    HU_SCRATCH(arena);
    HU_BUF(json);
    hu_document *document;
    hu_reading *reading;
    HU_TRY(hu_document_open(job->corpus, item->path, arena, &document));
    HU_TRY(hu_read(job->reader, document, arena, &reading));
    hu_reading_write_json(job->reader, reading, &json);
    HU_TRY(hu_json_parse(json.data, json.length, item->path, &item->read));
    return check_gold(item);
}

/* The mean F1 of the variables of a group that are known or read anywhere; NaN when there is none. */
static double macro_f1(const hu_accuracy *rows, size_t count, const char *prefix)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(rows[i].variable, prefix, strlen(prefix)) == 0) {
            sum += rows[i].f1;
            n++;
        }
    return n ? sum / (double)n : NAN;
}

static hu_table *table_of(hu_run *run, const hu_accuracy *rows, size_t count)
{
    static const char *const numbers[] = {
        "known",        "read",         "right", "precision", "precision_lower", "precision_upper", "recall",
        "recall_lower", "recall_upper", "f1",    NULL};
    bool rounded = run->format == HU_FORMAT_TABLE;
    hu_table *table = hu_table_new(run->arena, "accuracy", count);
    hu_column *names = hu_table_add_texts(table, run->arena, "variable");
    for (size_t r = 0; r < count; r++)
        names->texts[r] = hu_str_of(rows[r].variable);
    for (size_t k = 0; numbers[k]; k++) {
        hu_column *column = hu_table_add_numbers(table, run->arena, numbers[k]);
        for (size_t r = 0; r < count; r++) {
            const hu_accuracy *row = &rows[r];
            const double values[] = {
                (double)row->known,   (double)row->read, (double)row->correct, row->precision,    row->precision_lower,
                row->precision_upper, row->recall,       row->recall_lower,    row->recall_upper, row->f1};
            column->numbers[r] = rounded && isfinite(values[k]) ? round(values[k] * 1000) / 1000 : values[k];
        }
    }
    return table;
}

static void print_csv(FILE *out, const hu_table *table)
{
    char number[32];
    for (size_t c = 0; c < table->n_columns; c++)
        fprintf(out, "%s%s", c ? "," : "", table->columns[c].name);
    for (size_t r = 0; r < table->rows; r++) {
        fprintf(out, "\n%.*s", HU_STR_ARG(table->columns[0].texts[r]));
        for (size_t c = 1; c < table->n_columns; c++)
            fprintf(out, ",%s",
                    isnan(table->columns[c].numbers[r]) ? "" : hu_format_double(table->columns[c].numbers[r], number));
    }
    fputc('\n', out);
}

static void print_json(hu_run *run, const hu_table *table, size_t documents, double practices, double agencies)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    json.pretty = run->format == HU_FORMAT_JSON;
    hu_json_object(&json);
    hu_json_put_integer(&json, "documents", (int64_t)documents);
    hu_json_key(&json, "macro_f1");
    hu_json_object(&json);
    hu_json_put_number(&json, "practices", practices);
    hu_json_put_number(&json, "agencies", agencies);
    hu_json_object_end(&json);
    hu_json_key(&json, "variables");
    hu_json_array(&json);
    for (size_t r = 0; r < table->rows; r++) {
        hu_json_object(&json);
        hu_json_row(&json, table, r);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
}

static hu_error *score(accuracy_job *job)
{
    hu_run *run = job->run;
    hu_scorer *scorer = hu_scorer_new(run->arena);
    const hu_accuracy *rows = NULL;
    size_t count = 0;
    for (size_t i = 0; i < job->count; i++)
        HU_TRY(hu_wrap(hu_scorer_add(scorer, job->items[i].read, job->items[i].known), "%s", job->items[i].gold));
    hu_scorer_rows(scorer, &rows, &count);
    double practices = macro_f1(rows, count, "practices."), agencies = macro_f1(rows, count, "agencies.");
    hu_table *table = table_of(run, rows, count);
    if (run->format == HU_FORMAT_CSV) {
        print_csv(run->out, table);
    } else if (run->format == HU_FORMAT_TABLE) {
        hu_print_rows(run->out, table, 0);
        fprintf(run->out, "\n%zu documents. Macro-F1: practices %.3f, agencies %.3f. Intervals: Wilson, 95 %%.\n",
                job->count, practices, agencies);
    } else {
        print_json(run, table, job->count, practices, agencies);
    }
    return NULL;
}

static hu_error *run_accuracy(hu_run *run)
{
    accuracy_job job = {.run = run};
    hu_corpus_options options = document_options(run, false);
    hu_error *error = list_all(&job);
    if (!error)
        error = hu_corpus_open(&options, &job.corpus);
    if (!error)
        error = hu_reader_open(options.rules_dir, &job.reader);
    if (!error)
        error = hu_parallel(job.count, run->threads, read_task, &job);
    if (!error)
        error = score(&job);
    for (size_t i = 0; i < job.count; i++) {
        json_decref(job.items[i].root);
        json_decref(job.items[i].read);
    }
    for (size_t i = 0; job.truths && i < run->n_files; i++)
        json_decref(job.truths[i]);
    hu_reader_close(job.reader);
    if (job.corpus)
        hu_corpus_close(job.corpus);
    return error;
}

static const hu_option accuracy_options[] = {
    {"scans", HU_OPT_FLAG, NULL, NULL, "Score a simulated study's scans too; recognising a page takes about a second."},
    {0},
};

const hu_command hu_command_accuracy = {
    .name = "accuracy",
    .summary = "what is read against what is known, per variable",
    .usage = "PATH… [--scans]",
    .description =
        "Reads every judgment below the paths that has its truth beside it (NAME.gold.json or NAME.json beside "
        "NAME.txt "
        "or NAME.pdf) and scores each variable: how many values are known, how many were read, how many of these are "
        "right; precision, recall, F1, with Wilson intervals. A folder with a truth.json is a simulated study: its "
        "judgments with a text layer, and with --scans all, are scored against it.\n\n"
        "A gold file holds the keys of `huella read` with plain values. One that is broken is named with its key, and "
        "the exit status is 3.",
    .example = "  huella accuracy labelled/ --format table",
    .options = accuracy_options,
    .min_files = 1,
    .max_files = SIZE_MAX,
    .run = run_accuracy,
};
