#include "fuzz.h"

#include "huella/base/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    HU_SCRATCH(arena);
    const char *text = (const char *)data;
    char *folded, *again;
    size_t length, again_length;
    uint32_t *byte_of;
    hu_fold(text, size, arena, &folded, &length, &byte_of);
    MUST(length <= size && hu_utf8_valid(folded, length) && folded[length] == '\0' && byte_of[length] == size);
    for (size_t i = 0; i < length; i++) {
        MUST(byte_of[i] <= byte_of[i + 1] && byte_of[i] < size);
        MUST(!(folded[i] >= 'A' && folded[i] <= 'Z'));
    }
    hu_fold(folded, length, arena, &again, &again_length, NULL);
    MUST(again_length == length && memcmp(folded, again, length) == 0);
    HU_BUF(out);
    hu_latin1_to_utf8(text, size, &out);
    MUST(hu_utf8_valid(out.data ? out.data : "", out.length) && hu_utf8_count(out.data, out.length) == size);
    return 0;
}
