/* Judgments into the store: what is new or changed, in parallel, kept every few documents. */

#include "read_documents.h"

#include "huella/base/file.h"
#include "huella/base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 64 }; /* documents between two commits */

bool reads_scans(const hu_run *run)
{
    for (const hu_option *option = run->command->options; option && option->name; option++)
        if (strcmp(option->name, "no-ocr") == 0)
            return !hu_opt_flag(run, "no-ocr");
    return true;
}

hu_corpus_options document_options(hu_run *run, bool into_study)
{
    const char *cache = hu_cache_folder(run->arena);
    return (hu_corpus_options){
        .worker = hu_pdf_worker(run->arena),
        .rules_dir = hu_rules_dir(run->arena),
        .no_ocr = !reads_scans(run),
        .cache_dir = into_study ? hu_path_join(run->arena, run->study, ".cache/ocr")
                     : cache    ? hu_path_join(run->arena, cache, "ocr")
                                : NULL,
    };
}

hu_error *document_reader_open(hu_run *run, document_reader *reader)
{
    hu_corpus_options options = document_options(run, true);
    *reader = (document_reader){.no_ocr = options.no_ocr};
    HU_TRY(hu_corpus_open(&options, &reader->corpus));
    hu_error *error = hu_reader_open(options.rules_dir, &reader->reader);
    if (error)
        document_reader_close(reader);
    return error;
}

void document_reader_close(document_reader *reader)
{
    if (reader->reader)
        hu_reader_close(reader->reader);
    if (reader->corpus)
        hu_corpus_close(reader->corpus);
    *reader = (document_reader){0};
}

/* --- what there is to read --- */

static hu_error *hash_file(void *context, size_t index)
{
    document_file *document = &((document_file *)context)[index];
    hu_file file;
    hu_error *error = hu_file_open(document->path, 0, &file);
    if (error) { /* reading it will fail too, and say why */
        hu_sha256_hex(document->path, strlen(document->path), document->sha256);
        hu_error_free(error);
        return NULL;
    }
    hu_sha256_hex(file.data, file.length, document->sha256);
    hu_file_close(&file);
    return NULL;
}

/* The part of a path behind the study's folder. */
static const char *name_within(const char *study, const char *path)
{
    size_t length = strlen(study);
    while (length && study[length - 1] == '/')
        length--;
    return strncmp(path, study, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

hu_error *hash_documents(hu_run *run, char *const *paths, size_t count, document_list *list)
{
    list->count = count;
    list->files = HU_NEW_ARRAY(run->arena, document_file, count);
    for (size_t i = 0; i < count; i++) {
        list->files[i].path = paths[i];
        list->files[i].name = name_within(run->study, paths[i]);
    }
    return hu_parallel(count, run->threads, hash_file, list->files);
}

hu_error *list_documents(hu_run *run, const char *folder, document_list *list)
{
    char **paths = NULL;
    size_t count = 0;
    HU_TRY(hu_list_files(folder, hu_document_endings, run->arena, &paths, &count));
    return hash_documents(run, paths, count, list);
}

/* --- one document --- */

/* What reading one document gave: a judgment to store, or the reason why there is none. */
typedef struct document_outcome {
    const document_file *file;
    hu_arena *arena; /* owns the judgments */
    hu_stored_judgment *judgments;
    size_t n_judgments; /* more than one where a file holds several decisions */
    const char *reason; /* NULL = read */
} document_outcome;

typedef struct document_batch {
    const document_reader *reader;
    document_outcome outcomes[BATCH];
} document_batch;

static hu_stored_finding stored_finding(const hu_document *document, const hu_finding *finding, hu_arena *arena)
{
    HU_BUF(json);
    hu_finding_write_value(finding, &json);
    hu_stored_finding stored = {.key = finding->key,
                                .json = hu_strndup(arena, json.data, json.length),
                                .confidence = finding->confidence,
                                .rule = finding->rule};
    if (finding->n_evidence) {
        hu_span span = finding->evidence[0];
        stored.quote = hu_strndup(arena, document->text + span.start, span.end - span.start);
        stored.start = (int64_t)hu_document_code_point(document, span.start);
        stored.end = (int64_t)hu_document_code_point(document, span.end);
        stored.page = hu_document_place(document, span.start).page;
    }
    return stored;
}

/* A document whose scanned pages were not to be recognised is read anew as soon as they are. */
static const char *reader_of(const document_reader *reader, const hu_document *document, hu_arena *arena)
{
    const char *version = hu_reader_version(reader->reader);
    return reader->no_ocr && document->has_image_pages ? hu_printf(arena, "%s, no OCR", version) : version;
}

static hu_error *read_judgment(const document_reader *reader, const hu_document *document, size_t number,
                               const document_file *file, hu_arena *arena, hu_stored_judgment *judgment)
{
    hu_reading *reading = NULL;
    HU_BUF(json);
    HU_TRY(hu_read(reader->reader, document, arena, &reading));
    hu_reading_write_json(reader->reader, reading, &json);
    hu_stored_finding *findings = HU_NEW_ARRAY(arena, hu_stored_finding, reading->n_findings);
    for (size_t i = 0; i < reading->n_findings; i++)
        findings[i] = stored_finding(document, &reading->findings[i], arena);
    *judgment =
        (hu_stored_judgment){.document = number > 1 ? hu_printf(arena, "%s#%zu", file->name, number) : file->name,
                             .sha256 = number > 1 ? document->sha256 : file->sha256,
                             .reader = reader_of(reader, document, arena),
                             .pages = document->pages,
                             .characters = (int64_t)document->characters,
                             .text = document->text,
                             .json = hu_strndup(arena, json.data, json.length),
                             .findings = findings,
                             .n_findings = reading->n_findings};
    return NULL;
}

static hu_error *read_one(const document_reader *reader, document_outcome *result)
{
    hu_document **documents = NULL;
    size_t count = 0;
    HU_TRY(hu_documents_open(reader->corpus, result->file->path, result->arena, &documents, &count));
    result->judgments = HU_NEW_ARRAY(result->arena, hu_stored_judgment, count);
    for (size_t i = 0; i < count; i++)
        HU_TRY(read_judgment(reader, documents[i], i + 1, result->file, result->arena, &result->judgments[i]));
    result->n_judgments = count;
    return NULL;
}

/* The document is at fault, not the machine. */
static bool is_its_own_fault(const hu_error *error)
{
    return error->code == HU_BAD_INPUT || error->code == HU_LIMIT || error->code == HU_NOT_FOUND ||
           error->code == HU_EMPTY;
}

/* The message without the path that it begins with: the store keeps the document's name beside it. */
static const char *reason_of(const hu_error *error, const document_file *file, hu_arena *arena)
{
    size_t length = strlen(file->path);
    const char *message = error->message;
    if (strncmp(message, file->path, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        message += length + 2;
    return hu_strdup(arena, message);
}

static hu_error *read_task(void *context, size_t index)
{
    document_batch *batch = context;
    document_outcome *result = &batch->outcomes[index];
    hu_error *error = read_one(batch->reader, result);
    if (!error || !is_its_own_fault(error))
        return error;
    result->reason = reason_of(error, result->file, result->arena);
    hu_error_free(error);
    return NULL;
}

/* --- all of them --- */

/* What the store holds of the further decisions of a file goes when the file is read again. */
static hu_error *forget_parts(hu_store *store, const char *name)
{
    HU_SCRATCH(scratch);
    hu_table *table = NULL;
    const char *parameters[] = {hu_printf(scratch, "%s#", name)};
    HU_TRY(hu_store_query(store, scratch, &table,
                          "SELECT document FROM judgments WHERE substr(document, 1, length(?1)) = ?1", 1, parameters));
    for (size_t r = 0; r < table->rows; r++)
        HU_TRY(hu_store_forget_document(store, hu_table_text(table, &table->columns[0], r, scratch)));
    return NULL;
}

static hu_error *store_outcome(hu_store *store, const document_outcome *result)
{
    HU_TRY(forget_parts(store, result->file->name));
    if (result->reason)
        return hu_store_put_unreadable(store, result->file->name, result->reason);
    for (size_t i = 0; i < result->n_judgments; i++)
        HU_TRY(hu_store_put_judgment(store, &result->judgments[i]));
    return NULL;
}

static hu_error *store_outcomes(hu_store *store, const document_batch *batch, size_t count, hu_arena *arena,
                                read_counts *counts)
{
    HU_TRY(hu_store_begin(store));
    hu_error *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        const document_outcome *result = &batch->outcomes[i];
        error = store_outcome(store, result);
        counts->read += !result->reason;
        counts->left_out += result->reason != NULL;
        if (result->reason && !counts->example)
            counts->example = hu_printf(arena, "%s: %s", result->file->name, result->reason);
    }
    if (!error)
        return hu_store_commit(store);
    hu_store_rollback(store);
    return error;
}

static hu_error *read_batch(hu_run *run, hu_store *store, document_batch *batch, size_t count, read_counts *counts)
{
    for (size_t i = 0; i < count; i++)
        batch->outcomes[i].arena = hu_arena_new();
    hu_error *error = hu_parallel(count, run->threads, read_task, batch);
    if (!error)
        error = store_outcomes(store, batch, count, run->arena, counts);
    for (size_t i = 0; i < count; i++)
        hu_arena_free(batch->outcomes[i].arena);
    return error;
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The file that a stored document stands in: "a.pdf" of "a.pdf#2". */
static const char *file_of(const char *document, hu_arena *arena)
{
    const char *mark = strrchr(document, '#');
    bool part = mark && mark[1] && mark[strspn(mark + 1, "0123456789") + 1] == '\0';
    return part ? hu_printf(arena, "%.*s", (int)(mark - document), document) : document;
}

hu_error *forget_other_documents(hu_run *run, const document_list *list, hu_store *store)
{
    hu_arena *arena = run->arena;
    hu_table *table = NULL;
    const char **names = HU_NEW_ARRAY(arena, const char *, list->count);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->files[i].name;
    qsort(names, list->count, sizeof *names, compare_text);
    HU_TRY(hu_store_query(store, arena, &table, "SELECT document FROM judgments UNION SELECT document FROM unreadable",
                          0, NULL));
    for (size_t r = 0; r < table->rows; r++) {
        const char *stored = hu_table_text(table, &table->columns[0], r, arena);
        const char *name = file_of(stored, arena);
        if (!bsearch(&stored, names, list->count, sizeof *names, compare_text) &&
            !bsearch(&name, names, list->count, sizeof *names, compare_text))
            HU_TRY(hu_store_forget_document(store, stored));
    }
    return NULL;
}

/* True when the store holds this very document under this name, read by this reader. */
static hu_error *is_known(hu_store *store, const document_file *file, const char *reader, bool *known)
{
    HU_SCRATCH(scratch);
    hu_table *table = NULL;
    const char *parameters[] = {file->name, file->sha256, reader};
    HU_TRY(hu_store_query(store, scratch, &table,
                          "SELECT 1 AS one FROM judgments WHERE document = ? AND sha256 = ? AND reader = ?", 3,
                          parameters));
    *known = table->rows > 0;
    return NULL;
}

static int compare_hash(const void *a, const void *b)
{
    const document_file *x = *(const document_file *const *)a, *y = *(const document_file *const *)b;
    int order = strcmp(x->sha256, y->sha256);
    return order ? order : strcmp(x->name, y->name);
}

/* A judgment that lies there twice is read once: the copies are set aside, with a word on why. */
static hu_error *set_copies_aside(hu_run *run, hu_store *store, const document_list *list, bool *copy,
                                  read_counts *counts)
{
    const document_file **order = HU_NEW_ARRAY(run->arena, const document_file *, list->count);
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->files[i];
    qsort(order, list->count, sizeof(*order), compare_hash);
    for (size_t i = 1, first = 0; i < list->count; i++) {
        if (strcmp(order[i]->sha256, order[first]->sha256) != 0) {
            first = i;
            continue;
        }
        const char *reason = hu_printf(run->arena, "the same file as %s, which counts", order[first]->name);
        HU_TRY(hu_store_put_unreadable(store, order[i]->name, reason));
        copy[order[i] - list->files] = true;
        counts->left_out++;
        if (!counts->example)
            counts->example = hu_printf(run->arena, "%s: %s", order[i]->name, reason);
    }
    return NULL;
}

static hu_error *read_new(hu_run *run, const document_reader *reader, const document_list *list, const bool *copy,
                          hu_store *store, hu_progress *progress, read_counts *counts)
{
    document_batch *batch = HU_NEW(run->arena, document_batch);
    size_t count = 0;
    batch->reader = reader;
    for (size_t i = 0; i < list->count; i++) {
        bool known = copy[i];
        if (!known)
            HU_TRY(is_known(store, &list->files[i], hu_reader_version(reader->reader), &known));
        counts->kept += known && !copy[i];
        if (known)
            hu_progress_step(progress, 1);
        else
            batch->outcomes[count++] = (document_outcome){.file = &list->files[i]};
        if (count == BATCH || (count && i + 1 == list->count)) {
            HU_TRY(read_batch(run, store, batch, count, counts));
            hu_progress_step(progress, count);
            count = 0;
        }
    }
    return NULL;
}

hu_error *read_documents(hu_run *run, const document_reader *reader, const document_list *list, hu_store *store,
                         read_counts *counts)
{
    *counts = (read_counts){.documents = list->count};
    bool *copy = HU_NEW_ARRAY(run->arena, bool, list->count + 1);
    HU_TRY(set_copies_aside(run, store, list, copy, counts));
    hu_progress *progress = hu_progress_start(hu_run_terminal(run), "reading", list->count);
    hu_error *error = read_new(run, reader, list, copy, store, progress, counts);
    hu_progress_end(progress);
    return error;
}
