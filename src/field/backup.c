/* Copies of a store to keep elsewhere: see backup.h. */

#include "huella/field/backup.h"

#include "huella/base/file.h"
#include "huella/registry/database.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIECE = 1 << 16,
    SEALED = PIECE + crypto_secretstream_xchacha20poly1305_ABYTES,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    MOST_KEYS = PIECE,
    MAGIC = 16,
};

static const char magic[MAGIC + 1] = "huella backup 1\n";

/* ---- one moment of the store ---- */

static hu_error *check_copy(sqlite3 *db, const char *path)
{
    sqlite3_stmt *statement = NULL;
    bool sound = sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW &&
                 strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    hu_error *error = sound ? NULL : hu_fail(HU_STORE, "%s: the copy is not sound: %s", path, sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    return error;
}

static hu_error *copy_pages(sqlite3 *from, sqlite3 *to, const char *path)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return hu_fail(HU_STORE, "%s: %s", path, sqlite3_errmsg(to));
    int code;
    while ((code = sqlite3_backup_step(backup, -1)) == SQLITE_BUSY || code == SQLITE_LOCKED)
        sqlite3_sleep(20);
    sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE)
        return NULL;
    return hu_fail(HU_STORE, "copying the store to %s: %s", path, sqlite3_errstr(code));
}

static hu_error *snapshot(hu_store *store, const char *path)
{
    sqlite3 *copy = NULL;
    unlink(path);
    hu_error *error =
        sqlite3_open(path, &copy) == SQLITE_OK ? NULL : hu_fail(HU_IO, "%s: %s", path, sqlite3_errmsg(copy));
    if (!error)
        error = copy_pages(store->db, copy, path);
    /* the file alone is the copy: no log beside it */
    if (!error && sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        error = hu_fail(HU_STORE, "%s: %s", path, sqlite3_errmsg(copy));
    if (!error)
        error = check_copy(copy, path);
    sqlite3_close(copy);
    return error;
}

/* ---- sealing ---- */

static hu_error *key_of(const char *passphrase, const unsigned char *salt, unsigned char *key)
{
    if (crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, passphrase, strlen(passphrase), salt,
                      crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return hu_fail(HU_LIMIT, "making a key of the passphrase takes 256 MiB of memory, which are not there");
    return NULL;
}

static bool push(crypto_secretstream_xchacha20poly1305_state *state, FILE *out, const unsigned char *piece,
                 size_t length, bool last)
{
    unsigned char sealed[SEALED];
    unsigned char tag =
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    uint32_t size = (uint32_t)length;
    unsigned char head[4] = {(unsigned char)size, (unsigned char)(size >> 8), (unsigned char)(size >> 16),
                             (unsigned char)(size >> 24)};
    crypto_secretstream_xchacha20poly1305_push(state, sealed, NULL, piece, length, head, sizeof head, tag);
    return fwrite(head, 1, sizeof head, out) == sizeof head &&
           fwrite(sealed, 1, length + crypto_secretstream_xchacha20poly1305_ABYTES, out) ==
               length + crypto_secretstream_xchacha20poly1305_ABYTES;
}

static bool push_all(FILE *out, FILE *from, hu_str keys, const unsigned char *key)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char header[HEADER], piece[PIECE], next[PIECE];
    crypto_secretstream_xchacha20poly1305_init_push(&state, header, key);
    bool fine = fwrite(header, 1, HEADER, out) == HEADER &&
                push(&state, out, (const unsigned char *)keys.data, keys.length, false);
    size_t n = fread(piece, 1, PIECE, from);
    while (fine && n > 0) {
        size_t after = fread(next, 1, PIECE, from);
        fine = push(&state, out, piece, n, after == 0);
        memcpy(piece, next, after);
        n = after;
    }
    sodium_memzero(&state, sizeof state);
    return fine && !ferror(from);
}

static hu_error *seal_into(FILE *out, FILE *from, hu_str keys, const char *passphrase, const char *path)
{
    unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    randombytes_buf(salt, sizeof salt);
    HU_TRY(key_of(passphrase, salt, key));
    errno = 0;
    bool fine = fwrite(magic, 1, MAGIC, out) == MAGIC && fwrite(salt, 1, sizeof salt, out) == sizeof salt &&
                push_all(out, from, keys, key) && fflush(out) == 0 && fsync(fileno(out)) == 0;
    sodium_memzero(key, sizeof key);
    return fine ? NULL : hu_fail_system(errno ? errno : EIO, "writing %s", path);
}

static hu_error *seal(const char *plain, const char *sealed, const hu_backup_options *options)
{
    hu_file keys = {0};
    if (options->keys)
        HU_TRY(hu_file_open(options->keys, MOST_KEYS, &keys));
    FILE *from = fopen(plain, "rbe"), *out = fopen(sealed, "wbxe");
    hu_error *error = from && out ? NULL : hu_fail_system(errno, "opening %s", out ? plain : sealed);
    if (!error)
        error = seal_into(out, from, (hu_str){keys.data, keys.length}, options->passphrase, sealed);
    if (from)
        fclose(from);
    if (out && fclose(out) != 0 && !error)
        error = hu_fail_system(errno, "writing %s", sealed);
    if (options->keys)
        hu_file_close(&keys);
    return error;
}

hu_error *hu_backup_write(hu_store *store, const char *path, const hu_backup_options *options)
{
    HU_SCRATCH(arena);
    const char *plain = hu_printf(arena, "%s.part", path), *sealed = hu_printf(arena, "%s.sealed", path);
    if (options->keys && !options->passphrase)
        return hu_fail(HU_USAGE, "the file of keys goes into a backup that is encrypted only: give a passphrase");
    if (hu_file_exists(path))
        return hu_fail(HU_BAD_INPUT, "%s is there already: nothing is written over; name another file", path);
    if (sodium_init() < 0)
        return hu_fail(HU_IO, "the system gives no random numbers");
    mode_t before = umask(077);
    unlink(sealed);
    hu_error *error = snapshot(store, plain);
    if (!error && options->passphrase)
        error = seal(plain, sealed, options);
    if (!error && rename(options->passphrase ? sealed : plain, path) != 0)
        error = hu_fail_system(errno, "writing %s", path);
    umask(before);
    unlink(plain);
    unlink(sealed);
    return error;
}

/* ---- bringing it back ---- */

static hu_error *altered(const char *path)
{
    return hu_fail(HU_BAD_INPUT, "%s does not open: the passphrase is another, or the backup was altered or cut off",
                   path);
}

/* The next piece; *length SIZE_MAX when there is none or it does not open. */
static size_t pull(crypto_secretstream_xchacha20poly1305_state *state, FILE *from, unsigned char *piece, bool *last)
{
    unsigned char head[4], sealed[SEALED], tag = 0;
    unsigned long long length = 0;
    if (fread(head, 1, sizeof head, from) != sizeof head)
        return SIZE_MAX;
    size_t size = (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
    size_t whole = size + crypto_secretstream_xchacha20poly1305_ABYTES;
    if (size > PIECE || fread(sealed, 1, whole, from) != whole ||
        crypto_secretstream_xchacha20poly1305_pull(state, piece, &length, &tag, sealed, whole, head, sizeof head) != 0)
        return SIZE_MAX;
    *last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return (size_t)length;
}

static hu_error *unseal_into(FILE *from, FILE *out, const char *passphrase, const char *path, hu_buf *keys)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char salt[crypto_pwhash_SALTBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES], header[HEADER];
    unsigned char piece[PIECE];
    bool last = false;
    if (fread(salt, 1, sizeof salt, from) != sizeof salt || fread(header, 1, HEADER, from) != HEADER)
        return altered(path);
    HU_TRY(key_of(passphrase, salt, key));
    bool fine = crypto_secretstream_xchacha20poly1305_init_pull(&state, header, key) == 0;
    sodium_memzero(key, sizeof key);
    size_t n = fine ? pull(&state, from, piece, &last) : SIZE_MAX;
    if (n == SIZE_MAX)
        return altered(path);
    hu_buf_add(keys, piece, n);
    while (!last) {
        if ((n = pull(&state, from, piece, &last)) == SIZE_MAX)
            return altered(path);
        if (fwrite(piece, 1, n, out) != n)
            return hu_fail_system(errno, "writing the store");
    }
    return fgetc(from) == EOF ? NULL : altered(path);
}

static hu_error *copy_plain(FILE *from, FILE *out)
{
    char piece[PIECE];
    size_t n;
    rewind(from);
    while ((n = fread(piece, 1, PIECE, from)) > 0)
        if (fwrite(piece, 1, n, out) != n)
            return hu_fail_system(errno, "writing the store");
    return NULL;
}

static hu_error *bring_back(FILE *from, const char *path, const char *passphrase, FILE *out, hu_buf *keys)
{
    char start[MAGIC];
    if (fread(start, 1, MAGIC, from) != MAGIC)
        return hu_fail(HU_BAD_INPUT, "%s: expected a backup that `huella backup` made", path);
    if (memcmp(start, "SQLite format 3", MAGIC) == 0)
        return copy_plain(from, out);
    if (memcmp(start, magic, MAGIC) != 0)
        return hu_fail(HU_BAD_INPUT, "%s: expected a backup that `huella backup` made", path);
    if (!passphrase)
        return hu_fail(HU_USAGE, "%s is encrypted: give its passphrase", path);
    return unseal_into(from, out, passphrase, path, keys);
}

static hu_error *check_restored(const char *path)
{
    sqlite3 *db = NULL;
    hu_error *error = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
                          ? check_copy(db, path)
                          : hu_fail(HU_BAD_INPUT, "%s: %s", path, sqlite3_errmsg(db));
    sqlite3_close(db);
    return error;
}

static hu_error *write_store(const char *path, const char *passphrase, const char *part, hu_buf *keys)
{
    FILE *from = fopen(path, "rbe");
    if (!from)
        return hu_fail_system(errno, "opening %s", path);
    unlink(part);
    FILE *out = fopen(part, "wbxe");
    hu_error *error = out ? bring_back(from, path, passphrase, out, keys) : hu_fail_system(errno, "writing %s", part);
    fclose(from);
    if (out && (fflush(out) != 0 || fsync(fileno(out)) != 0) && !error)
        error = hu_fail_system(errno, "writing %s", part);
    if (out)
        fclose(out);
    return error ? error : check_restored(part);
}

hu_error *hu_backup_restore(const char *path, const char *passphrase, const char *store, const char *keys,
                            bool *with_keys)
{
    HU_SCRATCH(arena);
    HU_BUF(key_file);
    const char *part = hu_printf(arena, "%s.part", store);
    *with_keys = false;
    if (hu_file_exists(store))
        return hu_fail(HU_BAD_INPUT, "%s is there already: nothing is written over; move it away first", store);
    if (sodium_init() < 0)
        return hu_fail(HU_IO, "the system gives no random numbers");
    mode_t before = umask(077);
    hu_error *error = write_store(path, passphrase, part, &key_file);
    *with_keys = !error && key_file.length > 0;
    if (*with_keys && hu_file_exists(keys))
        error = hu_fail(HU_BAD_INPUT, "%s is there already: nothing is written over; move it away first", keys);
    else if (*with_keys)
        error = hu_write_file(keys, key_file.data, key_file.length);
    if (!error && rename(part, store) != 0)
        error = hu_fail_system(errno, "writing %s", store);
    umask(before);
    unlink(part);
    if (key_file.length)
        sodium_memzero(key_file.data, key_file.length);
    return error;
}
