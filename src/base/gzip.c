/* Files packed by gzip: unpacked into a file without a name, so that a large one takes disk and not memory. */

#include "huella/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 256 * 1024 };

bool hu_is_gzip(const char *bytes, size_t length)
{
    return length >= 2 && (unsigned char)bytes[0] == 0x1F && (unsigned char)bytes[1] == 0x8B;
}

static hu_error *damaged(const char *path, gzFile packed, size_t unpacked)
{
    int code = Z_OK;
    const char *reason = gzerror(packed, &code);
    if (code == Z_ERRNO)
        return hu_fail_system(errno, "reading %s", path);
    bool cut = code == Z_BUF_ERROR;
    return hu_fail_at(HU_BAD_INPUT, path, 0, NULL,
                      "the gzip file is %s after %zu bytes of its text, near byte %lld of the file (%s): copy or "
                      "download it again",
                      cut ? "cut short" : "damaged", unpacked, (long long)gzoffset(packed), reason);
}

static hu_error *unpack_to(FILE *to, gzFile packed, const char *path, size_t limit)
{
    size_t unpacked = 0;
    char *block = hu_xrealloc(NULL, BLOCK);
    hu_error *error = NULL;
    while (!error) {
        int got = gzread(packed, block, BLOCK), code = Z_OK;
        gzerror(packed, &code); /* of a file that is cut short the end is given, and the error beside it */
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
            error = damaged(path, packed, unpacked + (got > 0 ? (size_t)got : 0));
        else if (got == 0)
            break;
        else if (fwrite(block, 1, (size_t)got, to) != (size_t)got)
            error = hu_fail_system(errno, "unpacking %s into the folder for temporary files", path);
        else if ((unpacked += (size_t)got) > limit)
            error = hu_fail_at(HU_LIMIT, path, 0, NULL, "unpacks to more than %zu bytes, the most that is read", limit);
    }
    free(block);
    return error || fflush(to) == 0 ? error
                                    : hu_fail_system(errno, "unpacking %s into the folder for temporary files", path);
}

hu_error *hu_gzip_open(const char *path, size_t limit, hu_file *file)
{
    *file = (hu_file){0};
    gzFile packed = gzopen(path, "rbe");
    if (!packed)
        return hu_fail_system(errno, "opening %s", path);
    FILE *to = tmpfile();
    hu_error *error =
        to ? unpack_to(to, packed, path, limit) : hu_fail_system(errno, "making a temporary file to unpack %s", path);
    if (!error) {
        char own[64];
        snprintf(own, sizeof own, "/proc/self/fd/%d", fileno(to));
        error = hu_wrap(hu_file_open(own, limit, file), "unpacking %s", path);
    }
    if (to)
        fclose(to); /* what is mapped stays */
    gzclose(packed);
    return error;
}
