#ifndef HUELLA_CORPUS_READABLE_H
#define HUELLA_CORPUS_READABLE_H

#include "page.h"
#include "phrases.h"

/**
 * Whether a PDF page's text layer is text. It is not when the page is an image without text, when its words are glyph
 * codes ("/g3/g19/g18"), when hardly any character is a letter or digit, or when many words hold hardly one of the
 * small words that any Spanish text is full of (letters behind a wrong encoding). Neither is it on a scan that bears
 * nothing but a signature stamp as text. An empty page without images is readable: there is nothing to read.
 */
bool hu_page_is_readable(const hu_phrases *phrases, const hu_pdf_page_words *page);

#endif
