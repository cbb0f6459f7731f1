#ifndef HUELLA_BASE_FILE_H
#define HUELLA_BASE_FILE_H

#include "huella/base/text.h"

#include <stdio.h>

/** A whole file in memory: mapped where possible. Refuses directories and files above `limit` bytes (0 = 4 GiB). */
typedef struct hu_file {
    const char *data;
    size_t length;
    void *mapping;
} hu_file;

hu_error *hu_file_open(const char *path, size_t limit, hu_file *file);
void hu_file_close(hu_file *file);

/** SHA-256 in lower-case hexadecimal. */
void hu_sha256_hex(const void *data, size_t length, char out[65]);

/** A file written whole or not at all: a temporary beside it, renamed by hu_write_commit; hu_write_cancel removes it.
 */
typedef struct hu_write {
    FILE *file;
    char *path, *temporary;
} hu_write;

hu_error *hu_write_start(const char *path, hu_write *write);
hu_error *hu_write_commit(hu_write *write); /* flush, fsync, rename */
void hu_write_cancel(hu_write *write);      /* harmless after commit */
hu_error *hu_write_file(const char *path, const char *data, size_t length);

hu_error *hu_make_folder(const char *path); /* with its parents; fine if there */
bool hu_is_folder(const char *path);
bool hu_file_exists(const char *path);
/** Files below `path` (or `path` itself), sorted by name, that end in one of `endings` (NULL-terminated; NULL = all).
 */
hu_error *hu_list_files(const char *path, const char *const *endings, hu_arena *arena, char ***paths, size_t *count);
char *hu_path_join(hu_arena *arena, const char *folder, const char *name);
const char *hu_path_name(const char *path); /* after the last slash */

#endif
