#ifndef HUELLA_REGISTRY_DATABASE_H
#define HUELLA_REGISTRY_DATABASE_H

/** Statements over SQLite, kept prepared: all SQL of registry/ and field/ goes through here. */

#include "huella/registry/store.h"

#include <sqlite3.h>

typedef struct hu_statement {
    const char *sql;
    sqlite3_stmt *prepared;
} hu_statement;

struct hu_store {
    sqlite3 *db;
    char *path;
    bool in_transaction; /* between hu_store_begin and its end */
    hu_statement *statements;
    size_t n_statements;
};

/** The migrations in src/registry/schema, in order; ends with NULL. */
extern const char *const hu_schema_migrations[];

/** What SQLite says about the last call, with the store's path and what can be done. */
hu_error *hu_db_error(hu_store *store);

/**
 * A statement, prepared at its first use and kept; `sql` must be a literal. It comes reset, with its parameters bound
 * after `types`, a letter a parameter:
 *   t  const char *, NULL = missing     s  hu_str, data NULL = missing
 *   i  int64_t                          I  int64_t, negative = missing
 *   d  double, NaN = missing              b  hu_str of any bytes, data NULL = missing; they stay where they are until
 * the statement has run Text that is not UTF-8 or holds a NUL is HU_BAD_INPUT.
 */
hu_error *hu_db_bind(hu_store *store, sqlite3_stmt **statement, const char *sql, const char *types, ...);

/** Moves to the next row; *row is false after the last (the statement is then reset). */
hu_error *hu_db_step(hu_store *store, sqlite3_stmt *statement, bool *row);

/** Binds and runs a statement that yields no rows. */
hu_error *hu_db_run(hu_store *store, const char *sql, const char *types, ...);

/** A column of the current row as text in `arena`; NULL when missing. */
const char *hu_db_text(sqlite3_stmt *statement, int column, hu_arena *arena);

/** A column of the current row as bytes in `arena`; data NULL when missing. */
hu_str hu_db_bytes(sqlite3_stmt *statement, int column, hu_arena *arena);

/**
 * A statement that yields one row or none: bound, stepped, *found says which. The row stands until the caller resets
 * the statement (hu_db_done) or asks for it again.
 */
hu_error *hu_db_first(hu_store *store, sqlite3_stmt **statement, bool *found, const char *sql, const char *types, ...);
void hu_db_done(sqlite3_stmt *statement);

/** How many rows the last change touched. */
int64_t hu_db_changes(hu_store *store);

/** Every commit of this store from now on stands on the disk when it returns, and what is erased is overwritten. For a
 * writer that stays open: 16 MB of pages are kept in memory, and the log is folded in every 32 MB, not every 4. */
hu_error *hu_db_make_durable(hu_store *store);

/**
 * A change that happens whole or not at all, within a transaction of the caller's or in one of its own:
 *
 *     bool nested;
 *     HU_TRY(hu_db_begin(store, &nested));
 *     return hu_db_end(store, nested, do_it(store));
 *
 * hu_db_end keeps the change when `error` is NULL and undoes it otherwise; it returns `error`, or its own.
 */
hu_error *hu_db_begin(hu_store *store, bool *nested);
hu_error *hu_db_end(hu_store *store, bool nested, hu_error *error);

#endif
