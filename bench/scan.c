/* Draws plain texts as scans, the same every time: scan FOLDER TEXT… writes FOLDER/NAME.pdf for each NAME.txt. */

#include "scan.h"

#include "huella/base/file.h"

#include <stdio.h>

static hu_error *draw(const char *folder, const char *path)
{
    HU_SCRATCH(arena);
    hu_file file;
    HU_TRY(hu_file_open(path, 0, &file));
    const char *name = hu_path_name(path), *dot = strrchr(name, '.');
    int stem = dot ? (int)(dot - name) : (int)strlen(name);
    char hash[65];
    hu_sha256_hex(name, strlen(name), hash);
    hash[8] = '\0';
    const char *out = hu_printf(arena, "%s/%.*s.pdf", folder, stem, name);
    const char *text = hu_strndup(arena, file.data, file.length);
    int fine = scan_draw(out, text, (scan_options){.seed = (uint32_t)strtoul(hash, NULL, 16)});
    hu_file_close(&file);
    return fine ? NULL : hu_fail(HU_IO, "%s cannot be written", out);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: scan FOLDER TEXT…\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        hu_error *error = draw(argv[1], argv[i]);
        if (error) {
            fprintf(stderr, "scan: %s\n", error->message);
            hu_error_free(error);
            return 4;
        }
    }
    return 0;
}
