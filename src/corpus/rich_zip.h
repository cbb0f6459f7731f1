#ifndef HUELLA_CORPUS_RICH_ZIP_H
#define HUELLA_CORPUS_RICH_ZIP_H

#include "protocol.h"

#include "huella/base/text.h"

/** The parts of a container that hold text: its XML files, unpacked. */
typedef struct rich_part {
    char *name;
    hu_buf data;
} rich_part;

typedef struct rich_parts {
    rich_part *parts;
    size_t count;
} rich_parts;

/** Unpacks at most `limit` bytes. Returns 0 or PDF_DOCUMENT_BROKEN, _TOO_LARGE, _LOCKED; free in any case. */
pdf_trouble rich_unzip(const char *data, size_t length, size_t limit, rich_parts *parts);
void rich_parts_free(rich_parts *parts);

/** The part of that name (without a leading slash), or NULL. */
const rich_part *rich_parts_find(const rich_parts *parts, const char *name, size_t length);

#endif
