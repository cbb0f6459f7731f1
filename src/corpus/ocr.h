#ifndef HUELLA_CORPUS_OCR_H
#define HUELLA_CORPUS_OCR_H

#include "phrases.h"
#include "worker.h"

/** What recognising the pages of documents needs. */
typedef struct hu_ocr {
    hu_pdf_pool *pool;
    const hu_phrases *phrases;
    const char *cache; /* folder where recognised pages are kept; NULL = nowhere */
} hu_ocr;

/** What came of it, beside the words: */
typedef struct hu_ocr_outcome {
    size_t recognised; /* pages whose words are now those of their picture */
    size_t missed;     /* pages that stay without text: it could not be done in time, or what came out is no text */
    hu_error *why;     /* why the first page was missed; owned; NULL when it was only no text */
} hu_ocr_outcome;

/**
 * Recognises the pages of a PDF that are named: replaces their words. A page is asked of the cache first; its key is
 * the hash of the file, the number of the page, and what else the result depends on.
 *
 * Errors: HU_IO the worker cannot be started, HU_LIMIT more pages than OCR_MAX_PAGES. What is wrong with one page is
 * in the outcome.
 */
enum { OCR_MAX_PAGES = 500 };
hu_error *hu_ocr_pages(const hu_ocr *ocr, const char *path, const char *sha256, const char *data, size_t length,
                       const size_t *pages, size_t n_pages, hu_pdf_words *words, hu_arena *arena,
                       hu_ocr_outcome *outcome);

#endif
