/* Any bytes as a flat ODT file. with: src/corpus/rich*.c -lxml2 -larchive */

#include "rich.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_BUF(text);
    hu_buf file = {(char *)(uintptr_t)data, size, size};
    check_rich(rich_read_odt(&file, &file, &text), &text);
    return 0;
}
