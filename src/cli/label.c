/* huella label: the local page on which people label judgments; labels in and out as files. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/corpus/document.h"
#include "huella/labelling/labelling.h"

#include <stdlib.h>
#include <string.h>

typedef struct label_job {
    hu_run *run;
    hu_store *store;
    hu_questionnaire *questionnaire;
} label_job;

/* ---- the page ---- */

static hu_error *serve(const label_job *job)
{
    hu_run *run = job->run;
    hu_label_site site = {.store = job->store,
                          .questionnaire = job->questionnaire,
                          .labeller = hu_opt_text(run, "labeller"),
                          .all = hu_opt_flag(run, "all"),
                          .show_reader = hu_opt_flag(run, "show-reader"),
                          .adjudicate = hu_opt_flag(run, "adjudicate")};
    hu_http_options options = {
        .port = (int)hu_opt_integer(run, "port"), .handler = hu_label_site_answer, .context = &site};
    hu_http_server *server;
    hu_http_block_signals();
    HU_TRY(hu_http_open(&options, &server));
    fprintf(run->out, "%s\n", hu_http_url(server));
    fflush(run->out);
    hu_say(run, "open this address in a browser on this machine; Ctrl+C ends it, every answer is saved as it is given");
    hu_http_wait_for_signal();
    hu_http_close(server);
    return NULL;
}

/* ---- files in ---- */

static hu_error *import_one(const label_job *job, hu_corpus *corpus, const char *gold, const char *path, size_t *lost)
{
    HU_SCRATCH(scratch);
    hu_document *document;
    hu_label_sheet sheet, before;
    json_t *root;
    size_t missing = 0;
    const char *labeller = hu_opt_text(job->run, "labeller");
    bool conflict;
    HU_TRY(hu_document_open(corpus, path, scratch, &document));
    const char *text = hu_strndup(scratch, document->text, document->length);
    HU_TRY(hu_json_load(gold, &root));
    hu_error *error = hu_sheet_from_gold(job->questionnaire, text, root, scratch, &sheet, &missing);
    json_decref(root);
    if (error)
        return hu_wrap(error, "%s", gold);
    if (missing)
        hu_say(job->run, "%s: %zu quotes do not stand in the text and are left out", gold, missing);
    *lost += missing;
    HU_TRY(hu_store_put_label_text(job->store, document->sha256, hu_path_name(path), text));
    HU_TRY(hu_store_label_sheet(job->store, document->sha256, labeller, scratch, &before));
    sheet.sha256 = document->sha256;
    sheet.labeller = labeller;
    sheet.revision = before.revision; /* what this labeller had before is replaced */
    return hu_store_put_label_sheet(job->store, &sheet, &conflict);
}

/* "a/b.gold.json" stands beside "a/b.txt", or another kind of document; NULL when it stands alone. */
static const char *document_beside(hu_arena *arena, const char *gold)
{
    int stem = (int)(strlen(gold) - strlen(".gold.json"));
    for (size_t i = 0; hu_document_endings[i]; i++) {
        const char *path = hu_printf(arena, "%.*s%s", stem, gold, hu_document_endings[i]);
        if (hu_file_exists(path))
            return path;
    }
    return NULL;
}

static hu_error *import_all(const label_job *job, hu_corpus *corpus, const char *folder)
{
    static const char *const endings[] = {".gold.json", NULL};
    char **golds;
    size_t n, lost = 0;
    HU_TRY(hu_list_files(folder, endings, job->run->arena, &golds, &n));
    if (!n)
        return hu_fail(HU_BAD_INPUT, "%s: expected NAME.gold.json beside NAME.txt", folder);
    for (size_t i = 0; i < n; i++) {
        const char *path = document_beside(job->run->arena, golds[i]);
        if (!path)
            return hu_fail(HU_BAD_INPUT, "%s: its document is not beside it (.txt, .pdf …)", golds[i]);
        HU_TRY(import_one(job, corpus, golds[i], path, &lost));
    }
    hu_say(job->run, "%zu documents labelled by %s are in the store; %zu quotes were not found", n,
           hu_opt_text(job->run, "labeller"), lost);
    return NULL;
}

static hu_error *import_folder(const label_job *job)
{
    hu_corpus *corpus;
    hu_corpus_options options = {.worker = hu_pdf_worker(job->run->arena), .rules_dir = hu_rules_dir(job->run->arena)};
    HU_TRY(hu_corpus_open(&options, &corpus));
    hu_error *error = hu_store_begin(job->store);
    if (!error)
        error = import_all(job, corpus, hu_opt_text(job->run, "import"));
    if (!error)
        error = hu_store_commit(job->store);
    else
        hu_store_rollback(job->store);
    hu_corpus_close(corpus);
    return error;
}

/* ---- files out ---- */

/* Whose labels of a text are written: those decided, else those asked for, else those of the only labeller. */
static const char *choose(const label_job *job, const hu_table *sheets, size_t from, size_t to)
{
    const char *wanted = hu_opt_text(job->run, "labeller"), *asked = NULL;
    for (size_t r = from; r < to; r++) {
        const char *labeller = hu_table_text(sheets, &sheets->columns[2], r, job->run->arena);
        if (wanted ? strcmp(labeller, wanted) == 0 : strcmp(labeller, HU_ADJUDICATED) == 0)
            return labeller;
        asked = labeller;
    }
    return wanted || to - from > 1 ? NULL : asked;
}

static hu_error *export_one(const label_job *job, const char *stem, const char *sha256, const char *labeller)
{
    HU_SCRATCH(scratch);
    const char *document, *text;
    hu_label_sheet sheet;
    HU_TRY(hu_store_label_text(job->store, sha256, scratch, &document, &text));
    HU_TRY(hu_store_label_sheet(job->store, sha256, labeller, scratch, &sheet));
    json_t *gold = hu_gold_from_sheet(job->questionnaire, &sheet);
    char *json = json_dumps(gold, JSON_INDENT(1));
    json_decref(gold);
    if (!json)
        return hu_fail(HU_BUG, "%s: its labels are no JSON", document);
    const char *lines = hu_printf(scratch, "%s\n", json);
    free(json);
    HU_TRY(hu_write_file(hu_printf(scratch, "%s.txt", stem), text, strlen(text)));
    return hu_write_file(hu_printf(scratch, "%s.gold.json", stem), lines, strlen(lines));
}

/* The document's name without folder and ending; two of one name are told apart by their hashes. */
static const char *stem_of(const label_job *job, const char *folder, const hu_table *sheets, size_t row)
{
    hu_arena *arena = job->run->arena;
    const char *name = hu_path_name(hu_table_text(sheets, &sheets->columns[1], row, arena));
    const char *sha256 = hu_table_text(sheets, &sheets->columns[0], row, arena), *dot = strrchr(name, '.');
    size_t length = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    for (size_t r = 0; r < sheets->rows; r++) {
        const char *other = hu_path_name(hu_table_text(sheets, &sheets->columns[1], r, arena));
        if (strcmp(hu_table_text(sheets, &sheets->columns[0], r, arena), sha256) != 0 &&
            strncmp(other, name, length) == 0 && (other[length] == '.' || other[length] == '\0'))
            return hu_printf(arena, "%s/%.*s-%.8s", folder, (int)length, name, sha256);
    }
    return hu_printf(arena, "%s/%.*s", folder, (int)length, name);
}

static hu_error *export_folder(const label_job *job)
{
    const char *folder = hu_opt_text(job->run, "export");
    hu_table *sheets;
    size_t written = 0, undecided = 0;
    HU_TRY(hu_store_label_sheets(job->store, job->run->arena, &sheets));
    HU_TRY(hu_make_folder(folder));
    for (size_t from = 0, to; from < sheets->rows; from = to) {
        for (to = from + 1;
             to < sheets->rows && hu_str_equal(sheets->columns[0].texts[to], sheets->columns[0].texts[from]);)
            to++;
        const char *labeller = choose(job, sheets, from, to);
        if (!labeller) {
            undecided++;
            continue;
        }
        HU_TRY(export_one(job, stem_of(job, folder, sheets, from),
                          hu_table_text(sheets, &sheets->columns[0], from, job->run->arena), labeller));
        written++;
    }
    hu_say(job->run, "%zu documents written to %s", written, folder);
    if (undecided)
        hu_say(job->run, "%zu left out: %s", undecided,
               hu_opt_given(job->run, "labeller")
                   ? "not finished by this labeller"
                   : "labelled by several and not decided: --adjudicate decides, --labeller NAME chooses");
    return NULL;
}

/* ---- the command ---- */

static hu_error *check_options(const hu_run *run)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *labeller = hu_opt_text(run, "labeller");
    if (hu_opt_given(run, "export") && hu_opt_given(run, "import"))
        return hu_fail(HU_USAGE, "--export and --import exclude each other");
    if (!labeller && !hu_opt_given(run, "export"))
        return hu_fail(HU_USAGE, "--labeller NAME is missing: labels are kept under the name of who gave them");
    if (!labeller)
        return NULL;
    if (!*labeller || strlen(labeller) > 40 || strspn(labeller, letters) != strlen(labeller))
        return hu_fail(HU_USAGE, "--labeller %s: expected up to 40 letters, digits, \"-\", \"_\" and \".\"", labeller);
    if (strcmp(labeller, HU_ADJUDICATED) == 0 && !hu_opt_given(run, "export") && !hu_opt_given(run, "import"))
        return hu_fail(HU_USAGE, "--labeller %s: this name is kept for what --adjudicate decides", labeller);
    return NULL;
}

static hu_error *run_label(hu_run *run)
{
    label_job job = {.run = run};
    HU_TRY(check_options(run));
    HU_TRY(hu_questionnaire_load(hu_rules_dir(run->arena), run->arena, &job.questionnaire));
    HU_TRY(hu_opt_given(run, "import") ? hu_store_open(run->store, &job.store)
                                       : hu_store_open_existing(run->store, &job.store));
    hu_error *error = hu_opt_given(run, "import")   ? import_folder(&job)
                      : hu_opt_given(run, "export") ? export_folder(&job)
                                                    : serve(&job);
    hu_store_close(job.store);
    return error;
}

static const hu_option label_options[] = {
    {"labeller", HU_OPT_TEXT, "NAME", NULL, "Who labels; two names label independently."},
    {"port", HU_OPT_INTEGER, "N", "0", "Port of the page; 0 takes any that is free."},
    {"all", HU_OPT_FLAG, NULL, NULL, "Every judgment of the study, not only the sample."},
    {"show-reader", HU_OPT_FLAG, NULL, NULL, "Highlight what the reader quoted; without it labelling is blind."},
    {"adjudicate", HU_OPT_FLAG, NULL, NULL, "Decide between labellers, whose answers stand side by side."},
    {"export", HU_OPT_TEXT, "FOLDER", NULL, "Write NAME.txt and NAME.gold.json of every finished document, and end."},
    {"import", HU_OPT_TEXT, "FOLDER", NULL, "Take such a folder into the store under the labeller's name, and end."},
    {0},
};

const hu_command hu_command_label = {
    .name = "label",
    .summary = "label judgments by hand, on a page in the browser",
    .usage = "--labeller NAME [--study DIR]",
    .description =
        "Serves a page on this machine only and prints its address, which holds a secret: the text on one side, the "
        "questions of the codebook on the other. Everything can be done by key; the keys stand at the foot of the "
        "page. A piece of text that is selected becomes the evidence of the question at hand. Every answer is saved "
        "as it is given, and labelling goes on where it stopped.\n\n"
        "The sample of `huella sample` is labelled, in the order of its draws, or every judgment when none was drawn. "
        "Labelling is blind: neither the reader's findings nor the answers of others are shown. When two have "
        "finished a text, --adjudicate shows where they differ and keeps the decision.\n\n"
        "--export writes decided labels, else those of the only labeller, as `huella accuracy` and `huella train` "
        "take them; --import is the way back.",
    .example = "  huella label --study mystudy --labeller ana\n"
               "  huella label --study mystudy --labeller carla --adjudicate\n"
               "  huella label --study mystudy --export labelled/",
    .options = label_options,
    .streams = true,
    .run = run_label,
};
