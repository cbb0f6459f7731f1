#include "rich_zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ENTRIES = 20000, MAX_PARTS = 256 };

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n >= e && strcmp(name + n - e, ending) == 0;
}

static bool holds_text(const char *name)
{
    return ends_in(name, ".xml") || ends_in(name, ".rels") || strcmp(name, "mimetype") == 0;
}

static pdf_trouble unpack(struct archive *archive, size_t limit, hu_buf *out)
{
    char chunk[65536];
    la_ssize_t n;
    while ((n = archive_read_data(archive, chunk, sizeof chunk)) > 0) {
        if ((size_t)n > limit)
            return PDF_DOCUMENT_TOO_LARGE;
        limit -= (size_t)n;
        hu_buf_add(out, chunk, (size_t)n);
    }
    return n < 0 ? PDF_DOCUMENT_BROKEN : 0;
}

static pdf_trouble read_entries(struct archive *archive, size_t limit, rich_parts *parts)
{
    struct archive_entry *entry;
    int status;
    for (size_t n = 0; (status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK; n++) {
        const char *name = archive_entry_pathname(entry);
        if (n == MAX_ENTRIES)
            return PDF_DOCUMENT_TOO_LARGE;
        if (!name || !holds_text(name) || parts->count == MAX_PARTS)
            continue;
        if (archive_entry_is_data_encrypted(entry))
            return PDF_DOCUMENT_LOCKED;
        rich_part *part = &parts->parts[parts->count++];
        *part = (rich_part){.name = strdup(name)};
        pdf_trouble trouble = unpack(archive, limit, &part->data);
        if (trouble)
            return trouble;
        limit -= part->data.length;
    }
    return status == ARCHIVE_EOF ? 0 : PDF_DOCUMENT_BROKEN;
}

pdf_trouble rich_unzip(const char *data, size_t length, size_t limit, rich_parts *parts)
{
    pdf_trouble trouble = PDF_DOCUMENT_BROKEN;
    *parts = (rich_parts){.parts = hu_xcalloc(MAX_PARTS, sizeof *parts->parts)};
    struct archive *archive = archive_read_new();
    if (archive && archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK &&
        archive_read_open_memory(archive, data, length) == ARCHIVE_OK)
        trouble = read_entries(archive, limit, parts);
    archive_read_free(archive);
    return trouble;
}

void rich_parts_free(rich_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        free(parts->parts[i].name);
        hu_buf_free(&parts->parts[i].data);
    }
    free(parts->parts);
    *parts = (rich_parts){0};
}

const rich_part *rich_parts_find(const rich_parts *parts, const char *name, size_t length)
{
    if (length && *name == '/')
        name++, length--;
    for (size_t i = 0; i < parts->count; i++)
        if (strlen(parts->parts[i].name) == length && memcmp(parts->parts[i].name, name, length) == 0)
            return &parts->parts[i];
    return NULL;
}
