#include "rich_xml.h"

#include <stdlib.h>
#include <string.h>

static void silent(void *context, const char *message, xmlParserSeverities severity, xmlTextReaderLocatorPtr locator)
{
    (void)context, (void)message, (void)severity, (void)locator;
}

/* The node under the reader. Returns false when what is inside it is to be passed over. */
static bool visit(xmlTextReaderPtr reader, const rich_walk *walk, void *context)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(reader);
    const char *text = (const char *)xmlTextReaderConstValue(reader);
    switch (xmlTextReaderNodeType(reader)) {
    case XML_READER_TYPE_ELEMENT: {
        bool empty = xmlTextReaderIsEmptyElement(reader) == 1;
        bool inside = !walk->open || walk->open(context, name, reader);
        if ((empty || !inside) && walk->close)
            walk->close(context, name);
        return inside || empty;
    }
    case XML_READER_TYPE_END_ELEMENT:
        if (walk->close)
            walk->close(context, name);
        return true;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        if (text && walk->text)
            walk->text(context, text, strlen(text));
        return true;
    default:
        return true;
    }
}

pdf_trouble rich_walk_xml(const hu_buf *xml, const rich_walk *walk, void *context)
{
    if (!xml->length || xml->length > INT32_MAX)
        return PDF_DOCUMENT_BROKEN;
    xmlTextReaderPtr reader = xmlReaderForMemory(xml->data, (int)xml->length, NULL, NULL, XML_PARSE_NONET);
    if (!reader)
        return PDF_DOCUMENT_BROKEN;
    xmlTextReaderSetErrorHandler(reader, silent, NULL);
    int status = xmlTextReaderRead(reader);
    while (status == 1 && xmlTextReaderNodeType(reader) != XML_READER_TYPE_DOCUMENT_TYPE) {
        if (visit(reader, walk, context)) {
            status = xmlTextReaderRead(reader);
            continue;
        }
        /* Inside, down to the element's end. */
        int depth = xmlTextReaderDepth(reader);
        do
            status = xmlTextReaderRead(reader);
        while (status == 1 && xmlTextReaderDepth(reader) > depth);
        if (status == 1) /* on the end of the element that was passed over */
            status = xmlTextReaderRead(reader);
    }
    xmlFreeTextReader(reader);
    return status == 0 ? 0 : PDF_DOCUMENT_BROKEN;
}

char *rich_attribute(xmlTextReaderPtr reader, const char *name)
{
    char *value = NULL;
    if (xmlTextReaderMoveToFirstAttribute(reader) != 1)
        return NULL;
    do
        if (strcmp((const char *)xmlTextReaderConstLocalName(reader), name) == 0)
            value = (char *)xmlTextReaderValue(reader);
    while (!value && xmlTextReaderMoveToNextAttribute(reader) == 1);
    xmlTextReaderMoveToElement(reader);
    return value;
}

long rich_attribute_number(xmlTextReaderPtr reader, const char *name, long fallback)
{
    char *value = rich_attribute(reader, name), *end = value;
    long number = value ? strtol(value, &end, 10) : 0;
    bool fine = value && end != value && *end == '\0' && number >= 0 && number <= 1000000;
    xmlFree(value);
    return fine ? number : fallback;
}

bool rich_attribute_is(xmlTextReaderPtr reader, const char *name, const char *word)
{
    char *value = rich_attribute(reader, name);
    bool is = value && strcmp(value, word) == 0;
    xmlFree(value);
    return is;
}
