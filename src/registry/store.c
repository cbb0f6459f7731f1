/* Opening the store: finding the file, refusing what is not ours, bringing the schema up to date. Notes. */

#include "huella/registry/database.h"

#include "huella/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    APPLICATION_ID = 0x4855454c, /* "HUEL", in the file's header: SQLite files of other programs are refused */
    BUSY_MILLISECONDS = 5000,
};

static hu_error *path_of(const char *uri, const char **path)
{
    static const char prefix[] = "sqlite:";
    if (strncmp(uri, prefix, sizeof prefix - 1) == 0 && uri[sizeof prefix - 1]) {
        *path = uri + sizeof prefix - 1;
        return NULL;
    }
    if (strncmp(uri, "postgresql:", 11) == 0)
        return hu_fail(HU_USAGE, "--store %s: this version keeps its store in SQLite only: give sqlite:FILE", uri);
    return hu_fail(HU_USAGE, "--store %s: expected sqlite:FILE", uri);
}

/* Runs a statement that yields one number: PRAGMA user_version and the like. */
static hu_error *ask_number(hu_store *store, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return hu_db_error(store);
    int code = sqlite3_step(statement);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    hu_error *error = code == SQLITE_ROW ? NULL : hu_db_error(store);
    sqlite3_finalize(statement);
    return error;
}

static hu_error *execute(hu_store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : hu_db_error(store);
}

/* Changing to WAL does not wait for another program that opens the same new file: try again until the time is up. */
static hu_error *use_write_ahead_log(hu_store *store)
{
    for (int waited = 0;; waited += 10) {
        int code = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (code == SQLITE_OK)
            return NULL;
        if (code != SQLITE_BUSY || waited >= BUSY_MILLISECONDS)
            return hu_db_error(store);
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
}

static hu_error *check_is_ours(hu_store *store)
{
    int64_t id = 0, tables = 0;
    /* tables first: another huella that makes this store between the two reads has set its mark by the second */
    HU_TRY(ask_number(store, "SELECT count(*) FROM sqlite_master", &tables));
    HU_TRY(ask_number(store, "PRAGMA application_id", &id));
    if (id != APPLICATION_ID && (id || tables))
        return hu_fail(HU_STORE, "%s is the database of another program: name another file for the store", store->path);
    return NULL;
}

static hu_error *check_version(hu_store *store, int64_t known, int64_t *version)
{
    HU_TRY(ask_number(store, "PRAGMA user_version", version));
    if (*version > known)
        return hu_fail(HU_STORE,
                       "the store %s was written by a newer huella (schema %lld; this program knows up to %lld): "
                       "install the newer version, or name another file",
                       store->path, (long long)*version, (long long)known);
    return NULL;
}

/* Within a transaction: another program may have migrated between our look and our lock. */
static hu_error *apply_migrations(hu_store *store, int64_t known)
{
    int64_t version = 0;
    HU_TRY(check_is_ours(store));
    HU_TRY(check_version(store, known, &version));
    for (; version < known; version++)
        HU_TRY(hu_wrap(execute(store, hu_schema_migrations[version]), "schema %lld", (long long)version + 1));
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %lld", APPLICATION_ID,
             (long long)known);
    return execute(store, sql);
}

static hu_error *migrate(hu_store *store)
{
    int64_t known = 0, version = 0;
    while (hu_schema_migrations[known])
        known++;
    HU_TRY(check_version(store, known, &version));
    if (version == known)
        return NULL;
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, apply_migrations(store, known));
}

static hu_error *set_up(hu_store *store)
{
    sqlite3_extended_result_codes(store->db, 0);
    sqlite3_busy_timeout(store->db, BUSY_MILLISECONDS);
    HU_TRY(check_is_ours(store));
    HU_TRY(use_write_ahead_log(store));
    HU_TRY(execute(store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF"));
    return migrate(store);
}

hu_error *hu_store_open(const char *uri, hu_store **store)
{
    const char *path = "";
    *store = NULL;
    HU_TRY(path_of(uri, &path));
    hu_store *opened = hu_xcalloc(1, sizeof *opened);
    opened->path = hu_xcalloc(strlen(path) + 1, 1);
    memcpy(opened->path, path, strlen(path));
    hu_error *error = NULL;
    if (sqlite3_open_v2(path, &opened->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        error = hu_fail(HU_STORE, "the store %s cannot be opened (%s): its folder must be there and writable", path,
                        sqlite3_errmsg(opened->db));
    if (!error)
        error = set_up(opened);
    if (error) {
        hu_store_close(opened);
        return error;
    }
    *store = opened;
    return NULL;
}

hu_error *hu_store_open_existing(const char *uri, hu_store **store)
{
    const char *path = "";
    *store = NULL;
    HU_TRY(path_of(uri, &path));
    if (!hu_file_exists(path))
        return hu_fail(
            HU_NOT_FOUND,
            "%s: no such store: `huella import` and `huella read --study` fill one, --study or --store names "
            "another",
            path);
    return hu_store_open(uri, store);
}

void hu_store_close(hu_store *store)
{
    if (!store)
        return;
    hu_store_rollback(store);
    for (size_t i = 0; i < store->n_statements; i++)
        sqlite3_finalize(store->statements[i].prepared);
    sqlite3_close(store->db);
    free(store->statements);
    free(store->path);
    free(store);
}

hu_error *hu_store_set_note(hu_store *store, const char *key, const char *value)
{
    return hu_db_run(store,
                     "INSERT INTO notes (key, value) VALUES (?, ?) "
                     "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                     "tt", key, value);
}

hu_error *hu_store_note(hu_store *store, const char *key, hu_arena *arena, const char **value)
{
    sqlite3_stmt *statement;
    bool row;
    HU_TRY(hu_db_bind(store, &statement, "SELECT value FROM notes WHERE key = ?", "t", key));
    HU_TRY(hu_db_step(store, statement, &row));
    *value = row ? hu_db_text(statement, 0, arena) : NULL;
    sqlite3_reset(statement);
    return NULL;
}

hu_error *hu_store_forget_notes(hu_store *store, const char *prefix)
{
    return hu_db_run(store, "DELETE FROM notes WHERE substr(key, 1, length(?1)) = ?1", "t", prefix);
}
