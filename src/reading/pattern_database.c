/* Compiled patterns, kept between runs. */

#include "pattern_database.h"

#include "huella/base/file.h"

#include <stdlib.h>
#include <string.h>

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
    if (path)
        keep(database, path);
    return database;
}
