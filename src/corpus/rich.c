#include "rich.h"

#include "rich_readers.h"
#include "rich_zip.h"

#include <string.h>

static pdf_trouble extract_container(const char *data, size_t length, hu_buf *out)
{
    static const char odt[] = "application/vnd.oasis.opendocument.text";
    rich_parts parts;
    pdf_trouble trouble = rich_unzip(data, length, RICH_MAX_PARTS, &parts);
    const rich_part *type = rich_parts_find(&parts, "mimetype", 8);
    const rich_part *content = rich_parts_find(&parts, "content.xml", 11);
    if (trouble) {
    } else if (type && content && type->data.length >= sizeof odt - 1 &&
               memcmp(type->data.data, odt, sizeof odt - 1) == 0) {
        const rich_part *styles = rich_parts_find(&parts, "styles.xml", 10);
        trouble = rich_read_odt(&content->data, styles ? &styles->data : NULL, out);
    } else if (rich_parts_find(&parts, "xl/workbook.xml", 15)) {
        trouble = rich_read_xlsx(&parts, out);
    } else {
        trouble = rich_read_docx(&parts, out);
    }
    rich_parts_free(&parts);
    return trouble;
}

pdf_trouble rich_extract(rich_kind kind, const char *data, size_t length, hu_buf *out)
{
    switch (kind) {
    case RICH_ZIP:
        return extract_container(data, length, out);
    case RICH_FLAT_ODT: {
        hu_buf all = {(char *)(uintptr_t)data, length, length};
        return rich_read_odt(&all, &all, out);
    }
    case RICH_RTF:
        return rich_read_rtf(data, length, out);
    case RICH_HTML:
        return rich_read_html(data, length, out);
    case RICH_OLE:
        return PDF_DOCUMENT_OLD;
    case RICH_NONE:
        break;
    }
    return PDF_DOCUMENT_UNKNOWN;
}
