#ifndef HUELLA_CORPUS_PAGE_H
#define HUELLA_CORPUS_PAGE_H

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"

/** A word of a PDF page and its box, in points from the page's top left. */
typedef struct hu_pdf_box_word {
    hu_str text; /* valid UTF-8, not empty */
    float x0, y0, x1, y1;
    bool glued;     /* no blank stands between the word before and this one */
    int confidence; /* 1 … 100 when it was recognised in a picture; 0 = from the text layer */
} hu_pdf_box_word;

/** What the worker found on a page, in the order of the text stream. */
typedef struct hu_pdf_page_words {
    int number; /* from 1 */
    double width, height;
    bool has_images, is_image; /* only looked for on a page with little text; is_image: one covers most of it */
    hu_pdf_box_word *words;
    size_t n_words;
} hu_pdf_page_words;

typedef struct hu_pdf_words {
    hu_pdf_page_words *pages;
    size_t n_pages;
    hu_str text; /* of a document without pages (rich.h); data NULL for a PDF */
} hu_pdf_words;

/**
 * The worker's records (protocol.h) to pages, everything checked: the worker is not trusted. `path` is for messages.
 *
 * Errors: HU_BAD_INPUT what the worker says is wrong with the PDF (broken, encrypted, no page), or records that are no
 * records; HU_LIMIT too many pages; HU_IO the worker could not shut itself in.
 */
hu_error *hu_pdf_parse(const char *bytes, size_t length, const char *path, hu_arena *arena, hu_pdf_words *words);

/** The answer to a request for one recognised page. Errors beside those above: HU_NOT_FOUND the language data. */
hu_error *hu_pdf_parse_page(const char *bytes, size_t length, const char *path, int number, hu_arena *arena,
                            hu_pdf_page_words *page);

#endif
