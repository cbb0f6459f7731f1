#ifndef HUELLA_CORPUS_RICH_READERS_H
#define HUELLA_CORPUS_RICH_READERS_H

#include "rich_zip.h"

/* One format each; see rich.h. Return 0 or PDF_DOCUMENT_*. */
pdf_trouble rich_read_docx(const rich_parts *parts, hu_buf *out);
pdf_trouble rich_read_xlsx(const rich_parts *parts, hu_buf *out); /* cells, see rich.h */
/* `styles`: where the page headers stand; NULL = none. Both may be the same file. */
pdf_trouble rich_read_odt(const hu_buf *content, const hu_buf *styles, hu_buf *out);
pdf_trouble rich_read_rtf(const char *data, size_t length, hu_buf *out);
pdf_trouble rich_read_html(const char *data, size_t length, hu_buf *out);

#endif
