#include "huella/corpus/document.h"

#include "huella/base/file.h"
#include "layout.h"
#include "normalise.h"
#include "ocr.h"
#include "phrases.h"
#include "plain.h"
#include "readable.h"
#include "rich.h"
#include "split.h"
#include "stamps.h"
#include "worker.h"

#include <stdlib.h>
#include <string.h>

struct hu_corpus {
    hu_arena *arena;
    hu_phrases phrases;
    hu_pdf_pool *pool;
    size_t text_limit;
    bool no_ocr;
    const char *cache_dir;
};

const char *const hu_document_endings[] = {".pdf", ".txt", ".docx", ".odt", ".fodt", ".rtf", ".html", ".htm", NULL};

static const char *const part_names[HU_N_PARTS] = {"header", "facts", "reasoning", "operative", "after"};

const char *hu_part_name(hu_part part)
{
    return part_names[part];
}

hu_error *hu_corpus_open(const hu_corpus_options *options, hu_corpus **out)
{
    hu_corpus *corpus = hu_xcalloc(1, sizeof *corpus);
    corpus->arena = hu_arena_new();
    corpus->text_limit = options->text_limit ? options->text_limit : (size_t)64 << 20;
    corpus->no_ocr = options->no_ocr;
    corpus->cache_dir = options->cache_dir ? hu_strdup(corpus->arena, options->cache_dir) : NULL;
    corpus->pool = hu_pdf_pool_open(&(hu_pdf_pool_options){
        .worker = options->worker ? hu_strdup(corpus->arena, options->worker) : NULL,
        .timeout_seconds = options->timeout_seconds > 0 ? options->timeout_seconds : 60,
        .memory_limit = options->memory_limit ? options->memory_limit : (size_t)1 << 30,
        .page_seconds = options->page_seconds > 0 ? options->page_seconds : 120,
        .page_memory = options->page_memory ? options->page_memory : (size_t)2 << 30,
    });
    hu_error *error =
        hu_phrases_load(options->rules_dir ? options->rules_dir : "rules", corpus->arena, &corpus->phrases);
    if (error) {
        hu_corpus_close(corpus);
        return error;
    }
    *out = corpus;
    return NULL;
}

void hu_corpus_close(hu_corpus *corpus)
{
    if (!corpus)
        return;
    hu_pdf_pool_close(corpus->pool);
    hu_phrases_free(&corpus->phrases);
    hu_arena_free(corpus->arena);
    free(corpus);
}

static hu_error *no_text(const hu_document *document, const hu_corpus *corpus, int page, const hu_error *why)
{
    if (corpus->no_ocr)
        return hu_fail(HU_BAD_INPUT,
                       "%s: no text layer (page %d is an image or glyph codes without text): read it without --no-ocr",
                       document->path, page);
    if (why)
        return hu_fail(
            HU_BAD_INPUT, "%s: no text layer: needs OCR (page %d is an image or glyph codes without text); %s",
            document->path, page, why->message + (why->code == HU_NOT_FOUND ? strlen(document->path) + 2 : 0));
    return hu_fail(
        HU_BAD_INPUT,
        "%s: no text layer, and no text could be recognised in its pictures (page %d …): look whether it is a "
        "judgment, and scan it anew",
        document->path, page);
}

/* The pages whose text layer is none: recognised, or without words. */
static hu_error *find_unreadable(const hu_corpus *corpus, const char *data, size_t length, hu_pdf_words *words,
                                 hu_arena *scratch, hu_document *document)
{
    size_t n = 0, n_words = 0, *pages = HU_NEW_ARRAY(scratch, size_t, words->n_pages);
    hu_ocr ocr = {corpus->pool, &corpus->phrases, corpus->cache_dir};
    hu_ocr_outcome outcome = {0};
    for (size_t i = 0; i < words->n_pages; i++)
        if (!hu_page_is_readable(&corpus->phrases, &words->pages[i]))
            pages[n++] = i;
    if (!n)
        return NULL;
    if (!corpus->no_ocr)
        HU_TRY(hu_ocr_pages(&ocr, document->path, document->sha256, data, length, pages, n, words, scratch, &outcome));
    for (size_t i = 0; corpus->no_ocr && i < n; i++)
        words->pages[pages[i]].n_words = 0;
    for (size_t i = 0; i < words->n_pages; i++)
        n_words += words->pages[i].n_words;
    document->ocr = outcome.recognised > 0;
    document->has_image_pages = corpus->no_ocr || outcome.missed > 0;
    hu_error *error = n_words ? NULL : no_text(document, corpus, words->pages[pages[0]].number, outcome.why);
    hu_error_free(outcome.why);
    return error;
}

/* The documents of one file. */
typedef struct documents {
    hu_document **all;
    size_t count;
    bool split; /* several decisions give several */
} documents;

static bool any_recognised(const hu_line_list *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        if (lines->lines[i].ocr > 0)
            return true;
    return false;
}

/* The k-th decision of a file (k from 2), which stands behind others. */
static hu_document *next_document(const hu_document *file, size_t k, hu_arena *arena)
{
    hu_document *document = HU_NEW(arena, hu_document);
    *document = *file;
    document->path = hu_printf(arena, "%s#%zu", file->path, k);
    const char *key = hu_printf(arena, "%s#%zu", file->sha256, k);
    hu_sha256_hex(key, strlen(key), document->sha256);
    return document;
}

static hu_error *normalise_pdf(hu_corpus *corpus, const hu_pdf_words *words, hu_arena *arena, hu_document *file,
                               documents *out)
{
    HU_SCRATCH(scratch);
    hu_line_list lines = {0};
    for (size_t i = 0; i < words->n_pages; i++)
        hu_layout_page(&words->pages[i], &corpus->phrases, scratch, &lines);
    size_t *starts = HU_NEW_ARRAY(scratch, size_t, lines.n_pages + 1), n = 1;
    if (out->split)
        n = hu_split_pages(&corpus->phrases, &lines, starts);
    if (n == 1)
        return hu_normalise(&corpus->phrases, &lines, arena, file);
    const hu_document template = *file;
    starts[n] = lines.n_pages;
    out->all = HU_NEW_ARRAY(arena, hu_document *, n);
    out->count = n;
    for (size_t k = 0; k < n; k++) {
        hu_document *document = k ? next_document(&template, k + 1, arena) : file;
        hu_line_list part = hu_split_part(&lines, starts[k], starts[k + 1], scratch);
        document->ocr = any_recognised(&part);
        document->first_page = (int)starts[k] + 1;
        out->all[k] = document;
        HU_TRY(hu_normalise(&corpus->phrases, &part, arena, document));
    }
    return NULL;
}

/* The text of a word processor's file, which says where its paragraphs begin. */
static hu_error *normalise_rich(hu_corpus *corpus, hu_str text, hu_arena *arena, hu_document *document)
{
    HU_SCRATCH(scratch);
    hu_line_list lines = {0};
    hu_paragraph_lines(text.data, text.length, scratch, &lines);
    hu_stamps_drop_lines(&corpus->phrases, &lines);
    return hu_normalise(&corpus->phrases, &lines, arena, document);
}

static hu_error *from_worker(hu_corpus *corpus, const char *data, size_t length, hu_arena *arena, hu_document *document,
                             documents *out)
{
    HU_SCRATCH(scratch);
    hu_pdf_words words;
    HU_TRY(hu_pdf_pool_read(corpus->pool, document->path, data, length, scratch, &words));
    if (words.text.length && words.text.data[0] == RICH_SHEET)
        return hu_fail(HU_BAD_INPUT, "%s: a workbook, not a judgment: expected PDF, DOCX, ODT, RTF, HTML or plain text",
                       document->path);
    if (words.text.data)
        return normalise_rich(corpus, words.text, arena, document);
    HU_TRY(find_unreadable(corpus, data, length, &words, scratch, document));
    return normalise_pdf(corpus, &words, arena, document, out);
}

static hu_error *from_plain(hu_corpus *corpus, const char *data, size_t length, hu_arena *arena, hu_document *document)
{
    HU_SCRATCH(scratch);
    hu_line_list lines = {0};
    if (length > corpus->text_limit)
        return hu_fail(HU_LIMIT,
                       "%s: %zu MiB of plain text, above the limit of %zu MiB: no judgment is that long; split it",
                       document->path, length >> 20, corpus->text_limit >> 20);
    if (memchr(data, '\0', length < 4096 ? length : 4096))
        return hu_fail(
            HU_BAD_INPUT,
            "%s: neither PDF, DOCX, ODT, RTF, HTML nor plain text (it holds zero bytes): convert it to one of them",
            document->path);
    hu_plain_lines(data, length, scratch, &lines);
    hu_stamps_drop_lines(&corpus->phrases, &lines);
    return hu_normalise(&corpus->phrases, &lines, arena, document);
}

/* The header may stand after some bytes of junk, as readers allow. */
static bool is_pdf(const char *data, size_t length)
{
    return memmem(data, length < 1024 ? length : 1024, "%PDF-", 5) != NULL;
}

static hu_error *from_bytes(hu_corpus *corpus, const char *path, const char *data, size_t length, hu_arena *arena,
                            documents *out)
{
    if (!length)
        return hu_fail(HU_BAD_INPUT, "%s: the file is empty: fetch it again", path);
    hu_document *document = HU_NEW(arena, hu_document);
    document->path = hu_strdup(arena, path);
    document->first_page = 1;
    hu_sha256_hex(data, length, document->sha256);
    out->all = HU_NEW(arena, hu_document *);
    out->all[0] = document;
    out->count = 1;
    bool by_worker = is_pdf(data, length) || rich_kind_of(data, length) != RICH_NONE;
    return by_worker ? from_worker(corpus, data, length, arena, document, out)
                     : from_plain(corpus, data, length, arena, document);
}

static hu_error *open_file(hu_corpus *corpus, const char *path, hu_arena *arena, documents *out)
{
    hu_file file;
    HU_TRY(hu_file_open(path, 0, &file));
    hu_error *error = from_bytes(corpus, path, file.data, file.length, arena, out);
    hu_file_close(&file);
    return error;
}

hu_error *hu_documents_open(hu_corpus *corpus, const char *path, hu_arena *arena, hu_document ***all, size_t *count)
{
    documents out = {.split = true};
    HU_TRY(open_file(corpus, path, arena, &out));
    *all = out.all;
    *count = out.count;
    return NULL;
}

static hu_error *only_one(const documents *found, const char *path, hu_document **document)
{
    if (!found->all)
        return hu_fail(HU_BUG, "%s: nothing was read and no reason given", path);
    *document = found->all[0];
    return NULL;
}

hu_error *hu_document_open(hu_corpus *corpus, const char *path, hu_arena *arena, hu_document **document)
{
    documents out = {0};
    HU_TRY(open_file(corpus, path, arena, &out));
    return only_one(&out, path, document);
}

hu_error *hu_document_from_text(hu_corpus *corpus, const char *name, const char *text, size_t length, hu_arena *arena,
                                hu_document **document)
{
    documents out = {0};
    HU_TRY(from_bytes(corpus, name, text, length, arena, &out));
    return only_one(&out, name, document);
}

hu_place hu_document_place(const hu_document *document, size_t byte)
{
    size_t low = 0, high = document->n_runs;
    while (low < high) { /* the last run that starts at or before the byte */
        size_t middle = low + (high - low) / 2;
        if (document->runs[middle].start <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? document->runs[low - 1].place : (hu_place){0};
}

size_t hu_document_code_point(const hu_document *document, size_t byte)
{
    return hu_utf8_count(document->text, byte < document->length ? byte : document->length);
}

hu_part hu_document_part(const hu_document *document, size_t byte)
{
    for (size_t i = document->n_sections; i-- > 0;)
        if (document->sections[i].start <= byte)
            return document->sections[i].part;
    return HU_PART_HEADER;
}

double hu_document_ocr_confidence(const hu_document *document, size_t start, size_t end)
{
    double least = 1;
    for (size_t i = 0; document->ocr && i < document->n_runs && document->runs[i].start < end; i++) {
        bool over = i + 1 == document->n_runs || document->runs[i + 1].start > start;
        if (over && document->runs[i].place.ocr > 0 && document->runs[i].place.ocr < least)
            least = document->runs[i].place.ocr;
    }
    return least;
}
