#ifndef HUELLA_FUZZ_RICH_H
#define HUELLA_FUZZ_RICH_H

#include "fuzz.h"

#include "../src/corpus/rich.h"
#include "../src/corpus/rich_readers.h"

#include <string.h>

/* The text, whole or up to a fault, has no empty paragraph and no break at its end. */
static inline void check_rich(pdf_trouble trouble, const hu_buf *text)
{
    MUST(trouble == 0 || (trouble >= PDF_DOCUMENT_BROKEN && trouble <= PDF_DOCUMENT_TOO_LARGE));
    MUST(!text->length || (text->data[0] != '\n' && text->data[text->length - 1] != '\n'));
    MUST(!text->length || !memmem(text->data, text->length, "\n\n\n", 3));
    MUST(hu_utf8_valid(text->data ? text->data : "", text->length));
}

#endif
