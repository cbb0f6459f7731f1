/* Any bytes as RTF. with: src/corpus/rich*.c -lxml2 -larchive */

#include "rich.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_BUF(text);
    check_rich(rich_read_rtf((const char *)data, size, &text), &text);
    return 0;
}
