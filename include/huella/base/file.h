#ifndef HUELLA_BASE_FILE_H
#define HUELLA_BASE_FILE_H

#include "huella/base/text.h"

#include <stdio.h>

/**
 * A whole file (or pipe) in memory: mapped when large, read when small. Not NUL-terminated. HU_NOT_FOUND for a folder
 * or a file that is not there, HU_LIMIT above `limit` bytes (0 = 4 GiB).
 */
typedef struct hu_file {
    const char *data;
    size_t length;
    void *mapping; /* NULL when `data` was read instead */
} hu_file;

hu_error *hu_file_open(const char *path, size_t limit, hu_file *file);
void hu_file_close(hu_file *file); /* harmless when repeated */

/** Whether these are the first bytes of a file packed by gzip. */
bool hu_is_gzip(const char *bytes, size_t length);

/**
 * The same of a file packed by gzip: its text, unpacked into a temporary file without a name ($TMPDIR or /tmp), which
 * goes when `file` is closed. HU_BAD_INPUT says where a file is cut short or damaged; HU_LIMIT above `limit` bytes of
 * text.
 */
hu_error *hu_gzip_open(const char *path, size_t limit, hu_file *file);

/**
 * Says that [from, to) of a mapped file has been read: its pages leave the process, and come back by themselves when
 * they are looked at again. A large file read front to back then takes no more memory than what is made of it.
 */
void hu_file_let_go(const hu_file *file, const char *from, const char *to);

/** SHA-256 in lower-case hexadecimal. */
void hu_sha256_hex(const void *data, size_t length, char out[65]);

/**
 * A file written whole or not at all: a temporary beside it, renamed by hu_write_commit; hu_write_cancel removes it.
 * An error of writing shows at the latest in hu_write_commit, which then leaves what stood there before. A pipe or
 * device (/dev/stdout) is written to directly.
 */
typedef struct hu_write {
    FILE *file;
    char *path, *temporary;
} hu_write;

hu_error *hu_write_start(const char *path, hu_write *write);
hu_error *hu_write_commit(hu_write *write); /* flush, fsync, rename; ends `write` also when it fails */
void hu_write_cancel(hu_write *write);      /* harmless after commit */
hu_error *hu_write_file(const char *path, const char *data, size_t length);

hu_error *hu_make_folder(const char *path); /* with its parents; fine if there */
bool hu_is_folder(const char *path);
bool hu_file_exists(const char *path); /* anything but a folder */
/**
 * Files below `path`, at any depth, sorted by path in byte order, that end in one of `endings` (".pdf"; in any case;
 * NULL-terminated; NULL = all). Hidden files and folders (".git") are left out, links are followed once. When `path` is
 * itself a file it is the one result, whatever its ending.
 */
hu_error *hu_list_files(const char *path, const char *const *endings, hu_arena *arena, char ***paths, size_t *count);
char *hu_path_join(hu_arena *arena, const char *folder, const char *name);
const char *hu_path_name(const char *path); /* after the last slash */

/**
 * The user's folder for what can be made again ($XDG_CACHE_HOME/huella, else ~/.cache/huella), made if it is not there;
 * NULL where there is none or it cannot be made: then nothing is kept.
 */
char *hu_cache_folder(hu_arena *arena);

#endif
