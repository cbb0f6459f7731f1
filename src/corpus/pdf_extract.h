#ifndef HUELLA_CORPUS_PDF_EXTRACT_H
#define HUELLA_CORPUS_PDF_EXTRACT_H

#include <stddef.h>

/** Writes the records of protocol.h for a PDF in memory to a descriptor; returns the exit status. */
int pdf_extract(const char *data, size_t length, int out);

/** Makes Poppler load what it loads once, and keeps it loaded, so that each forked child finds it there. */
void pdf_warm_up(void);

#endif
