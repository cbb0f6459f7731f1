#ifndef HUELLA_CORPUS_OCR_PAGE_H
#define HUELLA_CORPUS_OCR_PAGE_H

#include "pdf_render.h"

#include "huella/base/text.h"

#include <tesseract/capi.h>

/**
 * Tesseract with the Spanish model, loaded while files may still be opened; NULL when the language data are missing.
 * Each forked child then finds it in memory.
 */
TessBaseAPI *ocr_load(void);

/**
 * Recognises a page: turned upright, straightened, its shading taken off, then Tesseract. Appends a PDF_PAGE record's
 * bytes: words with boxes in points of the upright page, all of one line as high as its letters, so that layout.h sees
 * lines as in a page of text; each word bears its confidence in its flags. Takes the picture.
 *
 * Returns 0, or PDF_BROKEN when there is no picture, PDF_OCR_FAILED.
 */
pdf_trouble ocr_page(TessBaseAPI *tesseract, pdf_picture *picture, uint32_t number, hu_buf *record);

#endif
