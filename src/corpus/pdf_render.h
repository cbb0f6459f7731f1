#ifndef HUELLA_CORPUS_PDF_RENDER_H
#define HUELLA_CORPUS_PDF_RENDER_H

#include "protocol.h"

#include <leptonica/allheaders.h>
#include <stddef.h>

/** A page as grey picture, 8 bits a point, and how large its points are. */
typedef struct pdf_picture {
    PIX *pix;              /* NULL when there is none; owned */
    double points_per_dot; /* of the page, 1/72 inch */
} pdf_picture;

/** Draws a page (from 1) at 300 dots an inch, fewer when the page is huge. Returns 0 or what is wrong with the PDF. */
pdf_trouble pdf_render(const char *data, size_t length, uint32_t page, pdf_picture *picture);

#endif
