/* Statements over SQLite: prepared once, bound by a string of types; changes that nest. */

#include "huella/registry/database.h"

#include <stdlib.h>
#include <string.h>

static const char *remedy(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "; another program is writing to it: wait until it is done, then try again";
    case SQLITE_FULL:
        return "; nothing was changed: make room on the disk, then try again";
    case SQLITE_IOERR:
        return "; nothing was changed: see whether the disk is full or failing, then try again";
    case SQLITE_READONLY:
        return "; give yourself the right to write to it and to its folder";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "; restore it from a copy, or name another file";
    default:
        return "";
    }
}

hu_error *hu_db_error(hu_store *store)
{
    return hu_fail(HU_STORE, "the store %s: %s%s", store->path, sqlite3_errmsg(store->db),
                   remedy(sqlite3_errcode(store->db)));
}

static hu_error *find_statement(hu_store *store, const char *sql, sqlite3_stmt **statement)
{
    for (size_t i = 0; i < store->n_statements; i++)
        if (store->statements[i].sql == sql) {
            *statement = store->statements[i].prepared;
            sqlite3_reset(*statement);
            sqlite3_clear_bindings(*statement);
            return NULL;
        }
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
        return hu_db_error(store);
    store->statements = hu_xrealloc(store->statements, (store->n_statements + 1) * sizeof *store->statements);
    store->statements[store->n_statements++] = (hu_statement){sql, *statement};
    return NULL;
}

static hu_error *bind_text(hu_store *store, sqlite3_stmt *statement, int index, hu_str text)
{
    if (!text.data)
        return NULL; /* bindings were cleared: missing */
    if (memchr(text.data, '\0', text.length) || !hu_utf8_valid(text.data, text.length))
        return hu_fail(HU_BAD_INPUT, "the text is not valid UTF-8, or holds a NUL byte: convert it first");
    if (sqlite3_bind_text64(statement, index, text.data, text.length, SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK)
        return hu_db_error(store);
    return NULL;
}

static hu_error *bind_all(hu_store *store, sqlite3_stmt *statement, const char *types, va_list *args)
{
    for (int i = 1; *types; types++, i++) {
        int code = SQLITE_OK;
        if (*types == 't') {
            HU_TRY(bind_text(store, statement, i, hu_str_of(va_arg(*args, const char *))));
        } else if (*types == 's') {
            HU_TRY(bind_text(store, statement, i, va_arg(*args, hu_str)));
        } else if (*types == 'i') {
            code = sqlite3_bind_int64(statement, i, va_arg(*args, int64_t));
        } else if (*types == 'I') {
            int64_t number = va_arg(*args, int64_t);
            code = number < 0 ? SQLITE_OK : sqlite3_bind_int64(statement, i, number);
        } else if (*types == 'b') {
            hu_str bytes = va_arg(*args, hu_str);
            if (bytes.data)
                code = sqlite3_bind_blob64(statement, i, bytes.data, bytes.length, SQLITE_STATIC);
        } else {
            code = sqlite3_bind_double(statement, i, va_arg(*args, double)); /* SQLite takes NaN for missing */
        }
        if (code != SQLITE_OK)
            return hu_db_error(store);
    }
    return NULL;
}

hu_error *hu_db_bind(hu_store *store, sqlite3_stmt **statement, const char *sql, const char *types, ...)
{
    HU_TRY(find_statement(store, sql, statement));
    va_list args;
    va_start(args, types);
    hu_error *error = bind_all(store, *statement, types, &args);
    va_end(args);
    return error;
}

hu_error *hu_db_step(hu_store *store, sqlite3_stmt *statement, bool *row)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    if (*row)
        return NULL;
    hu_error *error = code == SQLITE_DONE ? NULL : hu_db_error(store);
    sqlite3_reset(statement);
    return error;
}

hu_error *hu_db_run(hu_store *store, const char *sql, const char *types, ...)
{
    sqlite3_stmt *statement;
    HU_TRY(find_statement(store, sql, &statement));
    va_list args;
    va_start(args, types);
    hu_error *error = bind_all(store, statement, types, &args);
    va_end(args);
    if (error)
        return error;
    bool row;
    error = hu_db_step(store, statement, &row);
    sqlite3_reset(statement);
    return error;
}

const char *hu_db_text(sqlite3_stmt *statement, int column, hu_arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? hu_strndup(arena, text, (size_t)sqlite3_column_bytes(statement, column)) : NULL;
}

hu_str hu_db_bytes(sqlite3_stmt *statement, int column, hu_arena *arena)
{
    const char *bytes = sqlite3_column_blob(statement, column);
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    return bytes ? (hu_str){hu_strndup(arena, bytes, length), length} : (hu_str){0};
}

hu_error *hu_db_first(hu_store *store, sqlite3_stmt **statement, bool *found, const char *sql, const char *types, ...)
{
    HU_TRY(find_statement(store, sql, statement));
    va_list args;
    va_start(args, types);
    hu_error *error = bind_all(store, *statement, types, &args);
    va_end(args);
    return error ? error : hu_db_step(store, *statement, found);
}

void hu_db_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

int64_t hu_db_changes(hu_store *store)
{
    return sqlite3_changes64(store->db);
}

hu_error *hu_db_make_durable(hu_store *store)
{
    static const char settings[] = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                                   "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8192";
    if (sqlite3_exec(store->db, settings, NULL, NULL, NULL) != SQLITE_OK)
        return hu_db_error(store);
    return NULL;
}

/* A full disk or a failed write makes SQLite undo the whole transaction: what follows must not look as if in it. */
static hu_error *still_in_transaction(hu_store *store)
{
    if (store->in_transaction && sqlite3_get_autocommit(store->db))
        return hu_fail(HU_STORE, "the store %s: an earlier failure undid the whole change", store->path);
    return NULL;
}

hu_error *hu_db_begin(hu_store *store, bool *nested)
{
    HU_TRY(still_in_transaction(store));
    *nested = !sqlite3_get_autocommit(store->db);
    return hu_db_run(store, *nested ? "SAVEPOINT change" : "BEGIN IMMEDIATE", "");
}

static void undo(hu_store *store, bool nested)
{
    for (size_t i = 0; i < store->n_statements; i++) /* one left half-way would keep its old view of the store */
        sqlite3_reset(store->statements[i].prepared);
    if (sqlite3_get_autocommit(store->db))
        return; /* SQLite undid it already */
    hu_error_free(hu_db_run(store, nested ? "ROLLBACK TO change" : "ROLLBACK", ""));
    if (nested)
        hu_error_free(hu_db_run(store, "RELEASE change", ""));
}

hu_error *hu_db_end(hu_store *store, bool nested, hu_error *error)
{
    if (!error)
        error = still_in_transaction(store);
    if (!error)
        error = hu_db_run(store, nested ? "RELEASE change" : "COMMIT", "");
    if (error)
        undo(store, nested);
    return error;
}

hu_error *hu_store_begin(hu_store *store)
{
    if (store->in_transaction)
        return hu_fail(HU_BUG, "a transaction was begun within a transaction");
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    store->in_transaction = true;
    return NULL;
}

hu_error *hu_store_commit(hu_store *store)
{
    if (!store->in_transaction)
        return hu_fail(HU_BUG, "a transaction was ended that was never begun");
    hu_error *error = hu_db_end(store, false, NULL);
    store->in_transaction = false;
    return error;
}

void hu_store_rollback(hu_store *store)
{
    if (store->in_transaction)
        undo(store, false);
    store->in_transaction = false;
}
