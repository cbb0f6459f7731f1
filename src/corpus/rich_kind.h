#ifndef HUELLA_CORPUS_RICH_KIND_H
#define HUELLA_CORPUS_RICH_KIND_H

#include <stddef.h>

typedef enum rich_kind {
    RICH_NONE,     /* PDF, plain text, or unknown */
    RICH_ZIP,      /* DOCX, ODT, or another archive */
    RICH_FLAT_ODT, /* one XML file */
    RICH_RTF,
    RICH_HTML,
    RICH_OLE, /* Word before 2007, or a file under a password: not read */
} rich_kind;

/** What a file is by its first bytes; its name does not count. */
rich_kind rich_kind_of(const char *data, size_t length);

#endif
