/* huella read: judgments to findings with their evidence. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/base/parallel.h"
#include "huella/reading/reading.h"
#include "huella/report/reading_page.h"
#include "read_documents.h"
#include "read_explain.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 64 }; /* documents in memory at a time: output comes in order, memory does not grow with their number */

typedef struct reading_job {
    hu_run *run;
    hu_corpus *corpus;
    hu_reader *reader;
    char **paths;
    struct slot {
        hu_buf text;     /* what is printed */
        hu_error *error; /* why there is nothing to print */
    } slots[WINDOW];
    size_t first, failed;
} reading_job;

/* ---- one document ---- */

static const char *value_of(const hu_reading *reading, const char *key)
{
    const hu_finding *finding = hu_reading_find(reading, key);
    return finding && finding->text ? finding->text : "";
}

static void write_cell(hu_buf *out, const char *text, bool csv)
{
    if (!csv || !strpbrk(text, ",\"\n")) {
        hu_buf_add_text(out, text);
        return;
    }
    hu_buf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            hu_buf_add_char(out, '"');
        hu_buf_add_char(out, *text);
    }
    hu_buf_add_char(out, '"');
}

static void write_number_cell(hu_buf *out, const hu_reading *reading, const char *key)
{
    char number[32];
    const hu_finding *finding = hu_reading_find(reading, key);
    if (finding)
        hu_buf_add_text(out, hu_format_double(finding->number, number));
}

static const char *const decision_columns[] = {"kind", "expediente", "region", "date", NULL};
static const char *const person_columns[] = {"label", "verdict", "final_verdict", "convicted[0]", NULL};

/* A line a defendant (one without any when there is none), as comma-separated values. */
static void write_csv(hu_buf *out, const hu_reading *reading)
{
    char key[96];
    size_t lines = reading->n_defendants ? reading->n_defendants : 1;
    for (size_t i = 0; i < lines; i++) {
        write_cell(out, reading->document->path, true);
        for (const char *const *column = decision_columns; *column; column++) {
            snprintf(key, sizeof key, "decision.%s", *column);
            hu_buf_add_char(out, ',');
            write_cell(out, value_of(reading, key), true);
        }
        for (const char *const *column = person_columns; *column; column++) {
            snprintf(key, sizeof key, "defendants[%zu].%s", i, *column);
            hu_buf_add_char(out, ',');
            write_cell(out, value_of(reading, key), true);
        }
        hu_buf_add_char(out, ',');
        snprintf(key, sizeof key, "defendants[%zu].prison_months", i);
        write_number_cell(out, reading, key);
        hu_buf_add_char(out, '\n');
    }
}

/* A paragraph for a person. */
static void write_summary(hu_buf *out, const hu_reading *reading)
{
    char key[96];
    hu_buf_printf(out, "%s\n  %s %s, %s, %s, %s\n", reading->document->path, value_of(reading, "decision.kind"),
                  value_of(reading, "decision.expediente"), value_of(reading, "decision.court"),
                  value_of(reading, "decision.region"), value_of(reading, "decision.date"));
    for (size_t i = 0; i < reading->n_defendants; i++) {
        hu_buf_add_text(out, "    ");
        for (const char *const *column = person_columns; *column; column++) {
            snprintf(key, sizeof key, "defendants[%zu].%s", i, *column);
            hu_buf_printf(out, "%s%s", column == person_columns ? "" : "  ", value_of(reading, key));
        }
        snprintf(key, sizeof key, "defendants[%zu].prison_months", i);
        if (hu_reading_find(reading, key)) {
            hu_buf_add_text(out, "  ");
            write_number_cell(out, reading, key);
            hu_buf_add_text(out, " months");
        }
        hu_buf_add_char(out, '\n');
    }
}

static hu_error *write_document(reading_job *job, const hu_document *document, hu_arena *arena, hu_buf *out)
{
    hu_reading *reading;
    if (hu_opt_flag(job->run, "text")) {
        hu_buf_add(out, document->text, document->length);
        hu_buf_add_char(out, '\n');
        return NULL;
    }
    const char *explain = hu_opt_text(job->run, "explain");
    HU_TRY(explain ? hu_read_explained(job->reader, document, arena, &reading)
                   : hu_read(job->reader, document, arena, &reading));
    if (explain) {
        explain_reading(reading, explain, out);
    } else if (hu_opt_flag(job->run, "html")) {
        hu_reading_page_write(reading, hu_reader_version(job->reader), out);
    } else if (job->run->format == HU_FORMAT_TABLE) {
        write_summary(out, reading);
    } else if (job->run->format == HU_FORMAT_CSV) {
        write_csv(out, reading);
    } else {
        hu_reading_write_json(job->reader, reading, out);
        hu_buf_add_char(out, '\n');
    }
    return NULL;
}

static hu_error *read_document(reading_job *job, const char *path, hu_buf *out)
{
    HU_SCRATCH(arena);
    hu_document **documents;
    size_t count;
    HU_TRY(hu_documents_open(job->corpus, path, arena, &documents, &count));
    for (size_t i = 0; i < count; i++)
        HU_TRY(write_document(job, documents[i], arena, out));
    return NULL;
}

static hu_error *read_task(void *context, size_t index)
{
    reading_job *job = context;
    struct slot *slot = &job->slots[index];
    slot->error = read_document(job, job->paths[job->first + index], &slot->text);
    return NULL;
}

/* ---- all of them ---- */

/* The document is at fault, not the machine: the others are read all the same. */
static bool is_its_own_fault(const hu_error *error)
{
    return error->code == HU_BAD_INPUT || error->code == HU_LIMIT || error->code == HU_NOT_FOUND ||
           error->code == HU_EMPTY;
}

static hu_error *write_slot(reading_job *job, struct slot *slot)
{
    hu_error *error = slot->error;
    slot->error = NULL;
    if (!error) {
        fwrite(slot->text.data, 1, slot->text.length, job->run->out);
    } else if (is_its_own_fault(error)) {
        fprintf(stderr, "huella: %s\n", error->message);
        hu_error_free(error);
        error = NULL;
        job->failed++;
    }
    return error;
}

static hu_error *read_window(reading_job *job, size_t count)
{
    hu_error *error = hu_parallel(count, job->run->threads, read_task, job);
    for (size_t i = 0; i < count; i++) {
        if (!error)
            error = write_slot(job, &job->slots[i]);
        hu_error_free(job->slots[i].error);
        hu_buf_free(&job->slots[i].text);
        job->slots[i] = (struct slot){0};
    }
    return error;
}

static hu_error *read_paths(reading_job *job, size_t count)
{
    hu_progress *progress = hu_progress_start(hu_run_terminal(job->run), "reading", count);
    hu_error *error = NULL;
    if (job->run->format == HU_FORMAT_CSV && !hu_opt_flag(job->run, "text"))
        fputs("document,kind,expediente,region,date,defendant,verdict,final_verdict,convicted,prison_months\n",
              job->run->out);
    for (job->first = 0; job->first < count && !error; job->first += WINDOW) {
        size_t n = count - job->first < WINDOW ? count - job->first : WINDOW;
        error = read_window(job, n);
        hu_progress_step(progress, n);
    }
    hu_progress_end(progress);
    return error;
}

/* Files as named, and what stands below folders. */
static hu_error *list_paths(hu_run *run, char ***paths, size_t *count)
{
    char **all = NULL;
    size_t n = 0;
    for (size_t i = 0; i < run->n_files; i++) {
        char **found = NULL;
        size_t n_found = 1;
        if (hu_is_folder(run->files[i]))
            HU_TRY(hu_list_files(run->files[i], hu_document_endings, run->arena, &found, &n_found));
        all = hu_regrow(run->arena, all, n, n + n_found, sizeof *all);
        for (size_t j = 0; j < n_found; j++)
            all[n++] = found ? found[j] : hu_strdup(run->arena, run->files[i]);
        if (n_found == 0)
            return hu_fail(HU_EMPTY,
                           "%s: no judgment (.pdf, .docx, .odt, .rtf, .html, .txt) in this folder: name the folder of "
                           "the judgments",
                           run->files[i]);
    }
    *paths = all;
    *count = n;
    return NULL;
}

static hu_error *run_read(hu_run *run)
{
    size_t count = 0;
    reading_job *job = HU_NEW(run->arena, reading_job);
    job->run = run;
    HU_TRY(list_paths(run, &job->paths, &count));
    if (hu_opt_flag(run, "html") && count != 1)
        return hu_fail(HU_USAGE, "--html makes the page of one judgment; %zu were named", count);
    if (hu_opt_given(run, "study") && !hu_opt_flag(run, "text") && !hu_opt_flag(run, "html") &&
        !hu_opt_given(run, "explain"))
        return read_into_study(run, job->paths, count);
    hu_corpus_options options = document_options(run, false);
    HU_TRY(hu_corpus_open(&options, &job->corpus));
    hu_error *error = hu_reader_open(options.rules_dir, &job->reader);
    if (!error)
        error = read_paths(job, count);
    hu_reader_close(job->reader);
    hu_corpus_close(job->corpus);
    if (error)
        return error;
    if (job->failed == count) /* an error, so that no empty file takes the place of --out */
        return hu_fail(HU_BAD_INPUT, "none of %zu documents could be read", count);
    if (job->failed) {
        run->status = 3;
        hu_say(run, "%zu of %zu documents could not be read", job->failed, count);
    }
    return NULL;
}

static const hu_option read_options[] = {
    {"text", HU_OPT_FLAG, NULL, NULL, "Print the normalised text that offsets count in, and no findings."},
    {"explain", HU_OPT_TEXT, "KEY", NULL,
     "Say of a variable (decision.date, verdict, practices …) which passage and rule gave it, and what was set aside "
     "and why."},
    {"html", HU_OPT_FLAG, NULL, NULL,
     "Print one judgment as a page: its text with every quoted passage marked, the values beside it."},
    {"no-ocr", HU_OPT_FLAG, NULL, NULL, "Leave out pages that are pictures; recognising one takes about a second."},
    {0},
};

const hu_command hu_command_read = {
    .name = "read",
    .summary = "judgments to findings, each with the sentence that bears it",
    .usage = "PATH… [--text] [--no-ocr] [--study DIR]",
    .description =
        "Reads judgments (PDF, DOCX, ODT, RTF, HTML, plain text, known by their content; folders are searched) and "
        "prints one JSON object a line "
        "and "
        "document: court, file number, date, kind of decision, each defendant's verdict, penalty and offences, "
        "practices "
        "and agencies. Every value carries its confidence and the quoted span; start and end count Unicode code points "
        "in the text that --text prints. What was not found is null.\n\n"
        "Pages without a text layer, or with one that is no text, are recognised by Tesseract in Spanish: `ocr` is "
        "then "
        "true, and a value's confidence is multiplied by that of the lines it stands in. Recognised pages are kept, in "
        "the user's cache or in the study's folder (.cache/ocr), and not recognised again. A PDF that holds several "
        "decisions, one behind the other, gives an object each where it is certain where they begin: FILE#2 and so on, "
        "with their first_page.\n\n"
        "With --study, what is read is kept in the study's store (documents that stand there, read by the same rules, "
        "are "
        "not read again) and printed as JSON lines; `huella run` reads all of a study's judgments.\n\n"
        "A file that cannot be read is named on standard error; the others are read, and the exit status is 3.",
    .example = "  huella read judgments/ --out findings.jsonl\n  huella read sentencia.pdf --format table",
    .options = read_options,
    .min_files = 1,
    .max_files = SIZE_MAX,
    .streams = true,
    .run = run_read,
};
