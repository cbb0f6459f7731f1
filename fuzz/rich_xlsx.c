/*
 * Any bytes as the parts of a workbook, parted by zero bytes: workbook, its relations, strings, a sheet.
 * with: src/corpus/rich*.c -lxml2 -larchive
 */

#include "rich.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml",
                                        "xl/worksheets/sheet1.xml"};
    enum { MOST = sizeof names / sizeof *names };
    rich_part parts[MOST];
    rich_parts all = {.parts = parts};
    const char *at = (const char *)data, *end = at + size;
    while (all.count < MOST && at < end) {
        const char *zero = memchr(at, '\0', (size_t)(end - at));
        size_t length = zero ? (size_t)(zero - at) : (size_t)(end - at);
        parts[all.count] =
            (rich_part){.name = (char *)(uintptr_t)names[all.count], .data = {(char *)(uintptr_t)at, length, length}};
        all.count++;
        at += length + (zero != NULL);
    }
    HU_BUF(text);
    check_rich(rich_read_xlsx(&all, &text), &text);
    return 0;
}
