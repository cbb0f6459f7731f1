/* Compiled patterns, kept between runs. */

#include "pattern_database.h"

#include "huella/base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KEPT_SECONDS = 3 * 24 * 3600 };

/* "CACHE/patterns-HASH"; NULL where nothing can be kept. */
static char *cache_path(const hu_pattern_set *set, hu_arena *arena)
{
    char *folder = hu_cache_folder(arena), hash[65];
    if (!folder)
        return NULL;
    HU_BUF(all);
    hu_buf_add_text(&all, hs_version());
    for (size_t i = 0; i < set->count; i++) {
        hu_buf_printf(&all, "\n%u %u ", set->ids[i], set->flags[i]);
        hu_buf_add_text(&all, set->expressions[i]);
    }
    hu_sha256_hex(all.data, all.length, hash);
    return hu_path_join(arena, folder, hu_printf(arena, "patterns-%.32s", hash));
}

/* Hyperscan checks version, processor and checksum of what it is given. */
static hs_database_t *take_kept(const char *path)
{
    hu_file file;
    hs_database_t *database = NULL;
    hu_error *error = hu_file_open(path, 1u << 30, &file);
    if (error) {
        hu_error_free(error);
        return NULL;
    }
    if (hs_deserialize_database(file.data, file.length, &database) != HS_SUCCESS)
        database = NULL;
    hu_file_close(&file);
    return database;
}

/* Rules that changed leave their database behind, 13 MB each: only those of the last days may be asked for again. */
static void drop_old(const char *path, hu_arena *arena)
{
    size_t folder_length = (size_t)(strrchr(path, '/') - path);
    const char *folder = hu_printf(arena, "%.*s", (int)folder_length, path);
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    struct stat about;
    while (entries && (entry = readdir(entries)))
        if (strncmp(entry->d_name, "patterns-", 9) == 0 &&
            fstatat(dirfd(entries), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            about.st_mtime + KEPT_SECONDS < time(NULL))
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
}

static void keep(const hs_database_t *database, const char *path)
{
    char *bytes = NULL;
    size_t length = 0;
    if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS)
        return;
    hu_error_free(hu_write_file(path, bytes, length));
    free(bytes);
}

hs_database_t *pattern_database_open(const hu_pattern_set *set, hs_compile_error_t **failure)
{
    HU_SCRATCH(scratch);
    const char *path = cache_path(set, scratch);
    hs_database_t *database = path ? take_kept(path) : NULL;
    if (database)
        return database;
    if (hs_compile_multi(set->expressions, set->flags, set->ids, (unsigned)set->count, HS_MODE_BLOCK, NULL, &database,
                         failure) != HS_SUCCESS)
        return NULL;
    if (path) {
        keep(database, path);
        drop_old(path, scratch);
    }
    return database;
}
