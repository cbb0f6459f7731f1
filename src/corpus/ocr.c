#include "ocr.h"

#include "readable.h"

#include "huella/base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Counted up when the same page would be recognised otherwise than before: pages that are kept are then not used. */
enum { OCR_REVISION = 1 };

/* Where a page is kept; NULL = nowhere. */
static const char *cached_path(const hu_ocr *ocr, const char *sha256, int page, hu_arena *arena)
{
    char key[65];
    const char *tessdata = getenv("TESSDATA_PREFIX");
    if (!ocr->cache)
        return NULL;
    const char *all = hu_printf(arena, "%d %s %d %s", OCR_REVISION, sha256, page, tessdata ? tessdata : "");
    hu_sha256_hex(all, strlen(all), key);
    return hu_printf(arena, "%s/%.2s/%s", ocr->cache, key, key + 2);
}

static bool read_cached(const char *kept, hu_buf *answer)
{
    hu_file file;
    hu_error *error = kept ? hu_file_open(kept, 0, &file) : NULL;
    if (!kept || error) {
        hu_error_free(error);
        return false;
    }
    hu_buf_add(answer, file.data, file.length);
    hu_file_close(&file);
    return true;
}

/* A page that cannot be kept is recognised again the next time. It may name victims: nobody else may read it. */
static void keep(const hu_ocr *ocr, const char *kept, const hu_buf *answer)
{
    HU_SCRATCH(scratch);
    if (!kept)
        return;
    const char *folder = hu_printf(scratch, "%.*s", (int)(strlen(ocr->cache) + 3), kept);
    hu_error *error = hu_make_folder(folder);
    if (!error && chmod(ocr->cache, 0700) == 0)
        error = hu_write_file(kept, answer->data, answer->length);
    hu_error_free(error);
}

/* Words that are no text (a photograph, a drawing, a signature) are no words. */
static bool is_text(const hu_ocr *ocr, hu_pdf_page_words *page)
{
    if (page->n_words && hu_page_is_readable(ocr->phrases, page))
        return true;
    page->n_words = 0;
    return false;
}

typedef struct scanned_file {
    const char *path, *sha256, *data;
    size_t length;
} scanned_file;

static hu_error *recognise(const hu_ocr *ocr, const scanned_file *scan, hu_pdf_page_words *page, hu_arena *arena)
{
    HU_BUF(answer);
    const char *kept = cached_path(ocr, scan->sha256, page->number, arena);
    if (read_cached(kept, &answer)) {
        hu_error *broken = hu_pdf_parse_page(answer.data, answer.length, scan->path, page->number, arena, page);
        if (!broken)
            return NULL;
        hu_error_free(broken); /* as if it were not there */
        answer.length = 0;
    }
    HU_TRY(hu_pdf_pool_recognise(ocr->pool, scan->path, scan->data, scan->length, page->number, &answer));
    HU_TRY(hu_pdf_parse_page(answer.data ? answer.data : "", answer.length, scan->path, page->number, arena, page));
    keep(ocr, kept, &answer);
    return NULL;
}

hu_error *hu_ocr_pages(const hu_ocr *ocr, const char *path, const char *sha256, const char *data, size_t length,
                       const size_t *pages, size_t n_pages, hu_pdf_words *words, hu_arena *arena,
                       hu_ocr_outcome *outcome)
{
    scanned_file scan = {path, sha256, data, length};
    *outcome = (hu_ocr_outcome){0};
    if (n_pages > OCR_MAX_PAGES)
        return hu_fail(HU_LIMIT, "%s: %zu pages are pictures, above the limit of %d that are recognised: split it",
                       path, n_pages, OCR_MAX_PAGES);
    for (size_t i = 0; i < n_pages; i++) {
        hu_pdf_page_words *page = &words->pages[pages[i]];
        page->n_words = 0;
        hu_error *error = recognise(ocr, &scan, page, arena);
        if (!error && is_text(ocr, page)) {
            outcome->recognised++;
            continue;
        }
        page->n_words = 0;
        if (error && error->code == HU_IO) {
            hu_error_free(outcome->why);
            outcome->why = NULL;
            return error;
        }
        outcome->missed++;
        bool hopeless = error && error->code == HU_NOT_FOUND; /* no language data: no page will do */
        if (outcome->why)
            hu_error_free(error);
        else
            outcome->why = error;
        if (hopeless) {
            for (; i < n_pages; i++)
                words->pages[pages[i]].n_words = 0;
            return NULL;
        }
    }
    return NULL;
}
