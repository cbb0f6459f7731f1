/* Any bytes as a container, or as whatever its first bytes say. with: src/corpus/rich*.c -lxml2 -larchive */

#include "rich.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_BUF(as_container);
    HU_BUF(as_it_says);
    check_rich(rich_extract(RICH_ZIP, (const char *)data, size, &as_container), &as_container);
    check_rich(rich_extract(rich_kind_of((const char *)data, size), (const char *)data, size, &as_it_says),
               &as_it_says);
    return 0;
}
