#include "fixture.h"

#include <ftw.h>

static char folder[64];

int fixture_set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/huella-registry-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

int fixture_tear_down(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fixture_path(hu_arena *arena, const char *name)
{
    return hu_printf(arena, "%s/%s", folder, name);
}

const char *fixture_uri(hu_arena *arena, const char *path)
{
    return hu_printf(arena, "sqlite:%s", path);
}

hu_store *fixture_open(hu_arena *arena, const char *path)
{
    hu_store *store;
    CHECK_OK(hu_store_open(fixture_uri(arena, path), &store));
    return store;
}

const char *fixture_file(hu_arena *arena, const char *name, const char *content)
{
    const char *path = fixture_path(arena, name);
    CHECK_OK(hu_write_file(path, content, strlen(content)));
    return path;
}

int64_t fixture_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

bool fixture_is_sound(const char *path)
{
    return fixture_number(path, "SELECT (SELECT group_concat(integrity_check) FROM pragma_integrity_check) = 'ok' AND "
                                "(SELECT count(*) FROM pragma_foreign_key_check) = 0") == 1;
}

void fixture_execute(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

int64_t fixture_schema_version(void)
{
    HU_SCRATCH(arena);
    int64_t n = 0;
    while (access(check_source(arena, hu_printf(arena, "src/registry/schema/%04d.sql", (int)n + 1)), R_OK) == 0)
        n++;
    assert_true(n > 0);
    return n;
}

const char *fixture_sha(hu_arena *arena, const char *document)
{
    char *hex = hu_alloc(arena, 65);
    hu_sha256_hex(document, strlen(document), hex);
    return hex;
}

void fixture_judgment(hu_store *store, hu_arena *arena, const char *document, const fixture_finding *findings)
{
    hu_stored_finding stored[64];
    size_t n = 0;
    for (; findings[n].key; n++) {
        const char *quote = findings[n].unquoted ? NULL : hu_printf(arena, "quote of %s", findings[n].key);
        stored[n] = (hu_stored_finding){
            findings[n].key, findings[n].json, 0.9, "test", quote, 10, 10 + (quote ? (int64_t)strlen(quote) : 0), 1};
    }
    hu_stored_judgment judgment = {document, fixture_sha(arena, document), "rules-1", 3, 1000, "text", "{}", stored, n};
    CHECK_OK(hu_store_put_judgment(store, &judgment));
}
