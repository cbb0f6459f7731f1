/* The app's files: see web_files.h. */

#include "web_files.h"

#include "huella/base/file.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 64 << 20 };

typedef struct web_file {
    const char *path; /* "/assets/app.js" */
    const char *type, *etag;
    hu_str bytes, zipped;
} web_file;

struct web_files {
    hu_arena *arena;
    web_file *files; /* by path */
    size_t n;
};

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

static bool ends_in(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcmp(text + n - m, ending) == 0;
}

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ends_in(path, types[i].ending))
            return types[i].type;
    return "application/octet-stream";
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const web_file *)a)->path, ((const web_file *)b)->path);
}

static web_file *find(const web_files *files, const char *path)
{
    web_file wanted = {.path = path};
    return files->n ? bsearch(&wanted, files->files, files->n, sizeof wanted, by_path) : NULL;
}

static hu_error *read_one(web_files *files, const char *folder, const char *path, size_t *total)
{
    hu_file file;
    char hash[65];
    HU_TRY(hu_file_open(path, MOST_BYTES, &file));
    web_file *added = &files->files[files->n++];
    added->path = hu_strdup(files->arena, path + strlen(folder));
    added->type = type_of(added->path);
    added->bytes = (hu_str){hu_strndup(files->arena, file.data ? file.data : "", file.length), file.length};
    hu_sha256_hex(added->bytes.data, added->bytes.length, hash);
    added->etag = hu_printf(files->arena, "\"%.16s\"", hash);
    *total += file.length;
    hu_file_close(&file);
    return *total > MOST_BYTES ? hu_fail(HU_LIMIT, "%s: more than %d bytes of files", folder, MOST_BYTES) : NULL;
}

hu_error *web_files_open(const char *folder, web_files **opened)
{
    hu_arena *arena = hu_arena_new();
    web_files *made = HU_NEW(arena, web_files);
    char **paths;
    size_t n = 0, total = 0;
    made->arena = arena;
    hu_error *error = hu_list_files(folder, NULL, arena, &paths, &n);
    made->files = HU_NEW_ARRAY(arena, web_file, n);
    for (size_t i = 0; i < n && !error; i++)
        error = read_one(made, folder, paths[i], &total);
    if (error) {
        hu_arena_free(arena);
        return error;
    }
    qsort(made->files, made->n, sizeof *made->files, by_path);
    for (size_t i = 0; i < made->n; i++) {
        const web_file *zipped = find(made, hu_printf(arena, "%s.gz", made->files[i].path));
        if (zipped)
            made->files[i].zipped = zipped->bytes;
    }
    *opened = made;
    return NULL;
}

void web_files_close(web_files *closing)
{
    if (closing)
        hu_arena_free(closing->arena);
}

/* A name that holds a hash of what is in the file never means anything else. */
static const char *caching(const char *path)
{
    return strncmp(path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable" : "no-cache";
}

bool web_files_answer(const web_files *files, hu_exchange *exchange)
{
    const web_file *file = files ? find(files, exchange->path) : NULL;
    if (files && !file && !strchr(exchange->path, '.') && strncmp(exchange->path, "/api/", 5) != 0)
        file = find(files, "/index.html");
    if (!file)
        return false;
    const char *known = hu_exchange_header(exchange, "If-None-Match");
    const char *encodings = hu_exchange_header(exchange, "Accept-Encoding");
    hu_exchange_set_header(exchange, "ETag", file->etag);
    hu_exchange_set_header(exchange, "Cache-Control", caching(file->path));
    hu_exchange_set_header(exchange, "Vary", "Accept-Encoding");
    exchange->type = file->type;
    if (known && strcmp(known, file->etag) == 0) {
        exchange->status = 304;
        return true;
    }
    exchange->answer = file->bytes;
    if (file->zipped.data && encodings && strstr(encodings, "gzip")) {
        hu_exchange_set_header(exchange, "Content-Encoding", "gzip");
        exchange->answer = file->zipped;
    }
    return true;
}
