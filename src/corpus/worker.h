#ifndef HUELLA_CORPUS_WORKER_H
#define HUELLA_CORPUS_WORKER_H

#include "page.h"

/**
 * A pool of huella-pdf-worker processes: as many as threads read PDF files at once, started when first needed.
 *
 * A worker forks a sandboxed child for each document, so nothing of one document reaches the next; a worker that dies
 * or does not answer is replaced.
 */
typedef struct hu_pdf_pool hu_pdf_pool;

typedef struct hu_pdf_pool_options {
    const char *worker;  /* path of the program */
    int timeout_seconds; /* for one document */
    size_t memory_limit; /* bytes of address space, for one document */
    int page_seconds;    /* for a page that is recognised */
    size_t page_memory;
} hu_pdf_pool_options;

hu_pdf_pool *hu_pdf_pool_open(const hu_pdf_pool_options *options);
void hu_pdf_pool_close(hu_pdf_pool *pool); /* NULL is fine */

/**
 * Words of a PDF in memory; from any thread. `path` is for messages.
 *
 * Errors: those of pdf_parse; HU_BAD_INPUT the document crashed its reader; HU_LIMIT it took too long or says too much;
 * HU_IO the worker cannot be started.
 */
hu_error *hu_pdf_pool_read(hu_pdf_pool *pool, const char *path, const char *data, size_t length, hu_arena *arena,
                           hu_pdf_words *words);

/**
 * One page of a PDF, drawn and recognised: the worker's answer as it came, for hu_pdf_parse_page. `seconds` and
 * `memory` are this page's. Errors: those of hu_pdf_pool_read but the parser's.
 */
hu_error *hu_pdf_pool_recognise(hu_pdf_pool *pool, const char *path, const char *data, size_t length, int page,
                                hu_buf *answer);

#endif
