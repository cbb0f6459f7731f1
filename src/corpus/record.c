#include "record.h"

#include <unistd.h>

static bool write_all(int out, const void *bytes, size_t length)
{
    for (const char *p = bytes; length;) {
        ssize_t n = write(out, p, length);
        if (n <= 0)
            return false;
        p += n;
        length -= (size_t)n;
    }
    return true;
}

bool record_write(int out, uint32_t kind, const void *bytes, size_t length)
{
    pdf_record record = {kind, (uint32_t)length};
    return write_all(out, &record, sizeof record) && write_all(out, bytes, length);
}
