#ifndef HUELLA_CORPUS_RICH_XML_H
#define HUELLA_CORPUS_RICH_XML_H

#include "protocol.h"

#include "huella/base/text.h"

#include <libxml/xmlreader.h>

/**
 * Walks an XML file from node to node, in memory that does not grow with its length. A document type is refused (no
 * word processor writes one; it is how entities blow up), nothing is fetched, and libxml2's own limits on depth and
 * length of names and texts hold.
 *
 * open, close, text  called for each element and each run of text; `reader` stands on it. open returns false to pass
 *                    over all that is inside. NULL = not wanted.
 *
 * Returns 0 or PDF_DOCUMENT_BROKEN; what was well-formed before the fault has been walked.
 */
typedef struct rich_walk {
    bool (*open)(void *context, const char *name, xmlTextReaderPtr reader);
    void (*close)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t length);
} rich_walk;

pdf_trouble rich_walk_xml(const hu_buf *xml, const rich_walk *walk, void *context);

/** An attribute by its name without prefix, or NULL; the caller frees it by xmlFree. */
char *rich_attribute(xmlTextReaderPtr reader, const char *name);
/** An attribute as a number; `fallback` when it is not there or no number from 0 to 1,000,000. */
long rich_attribute_number(xmlTextReaderPtr reader, const char *name, long fallback);
/** An attribute is there and equals the word. */
bool rich_attribute_is(xmlTextReaderPtr reader, const char *name, const char *word);

#endif
