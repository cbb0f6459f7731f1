#include "huella/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below this size reading is as fast as mapping, and a file cut short meanwhile cannot hurt. */
enum { MAP_FROM = 256 * 1024 };

static hu_error *too_large(const char *path, size_t limit)
{
    return hu_fail_at(HU_LIMIT, path, 0, NULL, "more than %zu bytes, the most that is read: split the file", limit);
}

/* Reads to the end: small files, pipes and devices. `expected` is a first guess of the length. */
static hu_error *read_whole(int descriptor, const char *path, size_t expected, size_t limit, hu_file *file)
{
    size_t capacity = expected + 1, length = 0;
    char *data = hu_xrealloc(NULL, capacity);
    for (;;) {
        ssize_t got = read(descriptor, data + length, capacity - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int reason = errno;
            free(data);
            return hu_fail_system(reason, "reading %s", path);
        }
        length += (size_t)got;
        if (got == 0 || length > limit)
            break;
        if (length == capacity) {
            capacity = capacity < 32768 ? 65536 : capacity * 2;
            data = hu_xrealloc(data, capacity);
        }
    }
    if (length > limit) {
        free(data);
        return too_large(path, limit);
    }
    *file = (hu_file){.data = data, .length = length};
    return NULL;
}

static hu_error *read_or_map(int descriptor, const char *path, size_t limit, hu_file *file)
{
    struct stat about;
    if (fstat(descriptor, &about) != 0)
        return hu_fail_system(errno, "reading %s", path);
    if (S_ISDIR(about.st_mode))
        return hu_fail_at(HU_NOT_FOUND, path, 0, NULL, "is a folder: name a file in it");
    if (!S_ISREG(about.st_mode))
        return read_whole(descriptor, path, MAP_FROM, limit, file);
    size_t size = (size_t)about.st_size;
    if (size > limit)
        return too_large(path, limit);
    if (size >= MAP_FROM) {
        void *mapping = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapping != MAP_FAILED) {
            *file = (hu_file){.data = mapping, .length = size, .mapping = mapping};
            return NULL;
        }
    }
    return read_whole(descriptor, path, size, limit, file);
}

hu_error *hu_file_open(const char *path, size_t limit, hu_file *file)
{
    *file = (hu_file){0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return hu_fail_system(errno, "opening %s", path);
    hu_error *error = read_or_map(descriptor, path, limit ? limit : (size_t)4 << 30, file);
    close(descriptor);
    return error;
}

void hu_file_close(hu_file *file)
{
    if (file->mapping)
        munmap(file->mapping, file->length);
    else
        free((void *)(uintptr_t)file->data);
    *file = (hu_file){0};
}

void hu_file_let_go(const hu_file *file, const char *from, const char *to)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), start = (size_t)(from - file->data), stop = (size_t)(to - file->data);
    start -= start % page;
    stop -= stop % page;
    if (file->mapping && stop > start)
        madvise((char *)file->mapping + start, stop - start, MADV_DONTNEED); /* a hint: failing costs only memory */
}

void hu_sha256_hex(const void *data, size_t length, char out[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, data, length);
    sodium_bin2hex(out, 65, hash, sizeof hash);
}

/* A new file beside `path` with the permissions that a plain open would give; its name ends in ".part". */
static int open_temporary(const char *path, mode_t mode, char **temporary)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        if (asprintf(temporary, "%s.%ld-%d.part", path, (long)getpid(), attempt) < 0) {
            *temporary = NULL;
            errno = ENOMEM;
            return -1;
        }
        int descriptor = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
        free(*temporary);
        *temporary = NULL;
    }
    return -1;
}

static void forget(hu_write *write)
{
    free(write->path);
    free(write->temporary);
    *write = (hu_write){0};
}

hu_error *hu_write_start(const char *path, hu_write *write)
{
    *write = (hu_write){0};
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (there && S_ISDIR(about.st_mode))
        return hu_fail_at(HU_NOT_FOUND, path, 0, NULL, "is a folder: name a file to write");
    /* Through a symbolic link, the file it points to is replaced, not the link. */
    write->path = there ? realpath(path, NULL) : NULL;
    if (!write->path)
        write->path = strcpy(hu_xcalloc(strlen(path) + 1, 1), path);
    int descriptor;
    /* A pipe or device cannot be replaced, only written to; nor may the file that stands behind /dev/stdout. */
    if (there && (!S_ISREG(about.st_mode) || strncmp(path, "/dev/", 5) == 0))
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    else
        descriptor = open_temporary(write->path, there ? about.st_mode & 0777 : 0666, &write->temporary);
    if (descriptor >= 0)
        write->file = fdopen(descriptor, "w");
    if (!write->file) {
        hu_error *error = hu_fail_system(errno, "writing %s", path);
        if (descriptor >= 0)
            close(descriptor);
        if (write->temporary)
            unlink(write->temporary);
        forget(write);
        return error;
    }
    return NULL;
}

/* The rename itself must survive a power cut: its folder is flushed too. File systems that cannot are left alone. */
static void flush_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int descriptor = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

hu_error *hu_write_commit(hu_write *write)
{
    int reason = ferror(write->file) ? EIO : 0; /* why an earlier write failed is forgotten by now */
    if (fflush(write->file) != 0 && !reason)
        reason = errno;
    if (!reason && write->temporary && fsync(fileno(write->file)) != 0)
        reason = errno;
    if (fclose(write->file) != 0 && !reason)
        reason = errno;
    write->file = NULL;
    if (!reason && write->temporary && rename(write->temporary, write->path) != 0)
        reason = errno;
    hu_error *error = NULL;
    if (reason) {
        error = hu_fail_system(reason, "writing %s", write->path);
        if (write->temporary)
            unlink(write->temporary);
    } else if (write->temporary) {
        flush_folder(write->path);
    }
    forget(write);
    return error;
}

void hu_write_cancel(hu_write *write)
{
    if (!write->file)
        return;
    fclose(write->file);
    if (write->temporary)
        unlink(write->temporary);
    forget(write);
}

hu_error *hu_write_file(const char *path, const char *data, size_t length)
{
    hu_write write;
    HU_TRY(hu_write_start(path, &write));
    if (length)
        fwrite(data, 1, length, write.file); /* a failure shows in commit */
    return hu_write_commit(&write);
}

hu_error *hu_make_folder(const char *path)
{
    char *part = strcpy(hu_xcalloc(strlen(path) + 1, 1), path);
    hu_error *error = NULL;
    for (char *p = part; *p && !error; p++) {
        if (p[1] != '/' && p[1] != '\0')
            continue;
        char end = p[1];
        p[1] = '\0';
        if (mkdir(part, 0777) != 0) {
            int reason = errno;
            if (!hu_is_folder(part))
                error = hu_fail_system(reason, "making the folder %s", part);
        }
        p[1] = end;
    }
    if (!*path)
        error = hu_fail(HU_BAD_INPUT, "a folder's name is expected, not an empty text");
    free(part);
    return error;
}

bool hu_is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool hu_file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISDIR(about.st_mode);
}

static bool has_ending(const char *name, const char *const *endings)
{
    if (!endings)
        return true;
    size_t length = strlen(name);
    for (; *endings; endings++) {
        size_t n = strlen(*endings);
        if (n <= length && strcasecmp(name + length - n, *endings) == 0)
            return true;
    }
    return false;
}

/* What one entry of the walk is: to take, to leave out, or an error. */
static hu_error *judge_entry(const FTSENT *entry, const char *const *endings, bool *take)
{
    bool named = entry->fts_level == FTS_ROOTLEVEL;
    *take = false;
    switch (entry->fts_info) {
    case FTS_F:
        *take = named || has_ending(entry->fts_name, endings);
        return NULL;
    case FTS_DEFAULT: /* pipes and devices: only when named */
        *take = named;
        return NULL;
    case FTS_SLNONE:
        if (!named && !has_ending(entry->fts_name, endings))
            return NULL;
        return hu_fail_at(HU_NOT_FOUND, entry->fts_path, 0, NULL, "is a link to a file that is not there");
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return hu_fail_system(entry->fts_errno, "reading %s", entry->fts_path);
    default:
        return NULL;
    }
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

hu_error *hu_list_files(const char *path, const char *const *endings, hu_arena *arena, char ***paths, size_t *count)
{
    *paths = NULL;
    *count = 0;
    char *roots[] = {hu_strdup(arena, path), NULL};
    FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    if (!walk)
        return hu_fail_system(errno, "reading %s", path);
    size_t capacity = 0;
    hu_error *error = NULL;
    for (FTSENT *entry; !error && (errno = 0, entry = fts_read(walk));) {
        if (entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.') {
            fts_set(walk, entry, FTS_SKIP);
            continue;
        }
        bool take;
        error = judge_entry(entry, endings, &take);
        if (!take)
            continue;
        if (*count == capacity) {
            size_t more = capacity ? capacity * 2 : 64;
            *paths = hu_regrow(arena, *paths, capacity, more, sizeof **paths);
            capacity = more;
        }
        (*paths)[(*count)++] = hu_strdup(arena, entry->fts_path);
    }
    if (!error && errno)
        error = hu_fail_system(errno, "reading %s", path);
    fts_close(walk);
    if (*count)
        qsort(*paths, *count, sizeof **paths, compare_paths);
    return error;
}

char *hu_path_join(hu_arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    if (!length || name[0] == '/')
        return hu_strdup(arena, name);
    return hu_printf(arena, folder[length - 1] == '/' ? "%s%s" : "%s/%s", folder, name);
}

const char *hu_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *hu_cache_folder(hu_arena *arena)
{
    const char *given = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *folder = NULL;
    if (given && given[0] == '/') /* a relative one is to be ignored: XDG Base Directory Specification */
        folder = hu_path_join(arena, given, "huella");
    else if (home && home[0] == '/')
        folder = hu_path_join(arena, home, ".cache/huella");
    if (!folder)
        return NULL;
    hu_error *error = hu_make_folder(folder);
    hu_error_free(error);
    return error ? NULL : folder;
}
