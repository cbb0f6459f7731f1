#ifndef HUELLA_CORPUS_RICH_H
#define HUELLA_CORPUS_RICH_H

#include "protocol.h"
#include "rich_kind.h"

#include "huella/base/text.h"

/**
 * Text of a document of a word processor or of a page of the web: DOCX, ODT (and its flat form), RTF, HTML; and the
 * cells of a workbook, XLSX.
 *
 * Paragraphs are parted by "\n\n", lines that the writer broke inside one by "\n". The cells of a table's row stand on
 * one line, two blanks apart ("EXPEDIENTE  : 00123-2019"), unless they are columns of running text. Footnotes and text
 * boxes follow the paragraph that they hang on; numbers that the word processor counts are written out; what was
 * deleted with changes tracked, hidden text and comments are left out.
 *
 * Runs inside the worker's sandbox (protocol.h), because the libraries that take these files apart are as exposed as
 * Poppler. Never recurses; entities are not expanded, nothing is fetched. `out` gets at most DOC_MAX_TEXT bytes of
 * UTF-8.
 *
 * Returns 0, or what is wrong: PDF_DOCUMENT_*.
 */
/* A workbook becomes RICH_SHEET name, then for each row RICH_ROW and its cells, RICH_CELL between them. */
enum { RICH_SHEET = '\x1d', RICH_ROW = '\x1e', RICH_CELL = '\x1f' };
enum { RICH_MAX_TEXT = 60 << 20, RICH_MAX_PARTS = 192 << 20 /* of a container, unpacked */ };
pdf_trouble rich_extract(rich_kind kind, const char *data, size_t length, hu_buf *out);

#endif
