/* Runs a fuzzing target on files instead of on invented bytes: replay FOLDER… ARCHIVE.zip…
 * What the fuzzers found worth keeping (fuzz/found) stays a test of every build this way, under its sanitizers. */

#include "fuzz.h"

#include "huella/base/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hu_error *replay_folder(const char *path, size_t *replayed)
{
    HU_SCRATCH(arena);
    char **paths;
    size_t n;
    HU_TRY(hu_list_files(path, NULL, arena, &paths, &n));
    for (size_t i = 0; i < n; i++) {
        hu_file file;
        HU_TRY(hu_file_open(paths[i], 0, &file));
        LLVMFuzzerTestOneInput((const uint8_t *)file.data, file.length);
        hu_file_close(&file);
    }
    *replayed += n;
    return NULL;
}

/* A copy of its own size, so that a read beyond the input's end is seen. */
static void run_entry(const hu_buf *bytes)
{
    uint8_t *input = malloc(bytes->length ? bytes->length : 1);
    if (!input)
        return;
    if (bytes->length)
        memcpy(input, bytes->data, bytes->length);
    LLVMFuzzerTestOneInput(input, bytes->length);
    free(input);
}

/* The files of an archive, each an input. */
static hu_error *replay_archive(const char *path, size_t *replayed)
{
    struct archive *archive = archive_read_new();
    archive_read_support_format_zip(archive);
    int status = archive_read_open_filename(archive, path, 1 << 16);
    struct archive_entry *entry;
    while (status == ARCHIVE_OK && (status = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        HU_BUF(bytes);
        char block[4096];
        la_ssize_t got;
        while ((got = archive_read_data(archive, block, sizeof block)) > 0)
            hu_buf_add(&bytes, block, (size_t)got);
        if (got < 0)
            status = ARCHIVE_FATAL;
        else
            run_entry(&bytes);
        ++*replayed;
    }
    hu_error *error =
        status == ARCHIVE_EOF ? NULL : hu_fail(HU_BAD_INPUT, "%s: %s", path, archive_error_string(archive));
    archive_read_free(archive);
    return error;
}

int main(int argc, char **argv)
{
    size_t replayed = 0;
    for (int i = 1; i < argc; i++) {
        hu_error *error =
            hu_is_folder(argv[i]) ? replay_folder(argv[i], &replayed) : replay_archive(argv[i], &replayed);
        if (error) {
            fprintf(stderr, "replay: %s\n", error->message);
            hu_error_free(error);
            return 1;
        }
    }
    printf("%zu inputs\n", replayed);
    return replayed ? 0 : 1;
}
