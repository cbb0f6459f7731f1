/* Sealing and opening records: see vault.h. The file of keys is in vault_keys.c. */

#include "vault_keys.h"

#include "huella/registry/database.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    WRAPPED = NONCE + HU_VAULT_KEY + TAG,
};

/* nonce, then cipher text; `out` has room for both */
static void encrypt(const unsigned char *key, hu_str plain, hu_str label, unsigned char *out)
{
    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, (const unsigned char *)plain.data, plain.length,
                                               (const unsigned char *)label.data, label.length, NULL, out, key);
}

static bool decrypt(const unsigned char *key, hu_str sealed, hu_str label, unsigned char *out)
{
    const unsigned char *bytes = (const unsigned char *)sealed.data;
    return sealed.length >= NONCE + TAG &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, bytes + NONCE, sealed.length - NONCE,
                                                      (const unsigned char *)label.data, label.length, bytes, key) == 0;
}

static hu_error *unwrap(const hu_vault *vault, const char *record, int64_t master, hu_str wrapped,
                        unsigned char key[HU_VAULT_KEY])
{
    const unsigned char *with = vault_master(vault, master);
    if (!with)
        return hu_fail(HU_STORE,
                       "the key of record %s is wrapped by master key %lld, which the file of keys does not hold: give "
                       "the right file by --keys",
                       record, (long long)master);
    if (wrapped.length != WRAPPED || !decrypt(with, wrapped, hu_str_of(record), key))
        return hu_fail(HU_STORE,
                       "the key of record %s does not open: the store was altered, or --keys names the file of "
                       "another store",
                       record);
    return NULL;
}

static hu_error *wrap(const hu_vault *vault, hu_store *store, const char *record, const unsigned char *key)
{
    unsigned char wrapped[WRAPPED];
    int64_t master = vault_newest(vault);
    encrypt(vault_master(vault, master), (hu_str){(const char *)key, HU_VAULT_KEY}, hu_str_of(record), wrapped);
    return hu_db_run(store,
                     "INSERT INTO vault_keys (record_id, master, wrapped) VALUES (?1, ?2, ?3) ON CONFLICT (record_id) "
                     "DO UPDATE SET master = excluded.master, wrapped = excluded.wrapped",
                     "tib", record, master, (hu_str){(const char *)wrapped, sizeof wrapped});
}

static hu_error *find_key(const hu_vault *vault, hu_store *store, const char *record, unsigned char *key, bool *found)
{
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(store, &row, found, "SELECT master, wrapped FROM vault_keys WHERE record_id = ?", "t", record));
    if (!*found)
        return NULL;
    hu_str wrapped = {sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1)};
    hu_error *error = unwrap(vault, record, sqlite3_column_int64(row, 0), wrapped, key);
    hu_db_done(row);
    return error;
}

/* What is authenticated with a sealed record. */
static hu_str label_of(hu_arena *arena, const char *record, int64_t revision)
{
    return hu_str_of(hu_printf(arena, "%s/%lld", record, (long long)revision));
}

hu_error *hu_vault_seal(const hu_vault *vault, hu_store *store, const char *record, int64_t revision, hu_str plain,
                        hu_arena *arena, hu_str *sealed)
{
    unsigned char key[HU_VAULT_KEY];
    bool found = false;
    hu_error *error = find_key(vault, store, record, key, &found);
    if (!error && !found) {
        randombytes_buf(key, sizeof key);
        error = wrap(vault, store, record, key);
    }
    if (!error) {
        unsigned char *out = hu_alloc(arena, NONCE + plain.length + TAG);
        encrypt(key, plain, label_of(arena, record, revision), out);
        *sealed = (hu_str){(const char *)out, NONCE + plain.length + TAG};
    }
    sodium_memzero(key, sizeof key);
    return error;
}

hu_error *hu_vault_unseal(const hu_vault *vault, hu_store *store, const char *record, int64_t revision, hu_str sealed,
                          hu_arena *arena, hu_str *plain)
{
    unsigned char key[HU_VAULT_KEY];
    bool found = false;
    hu_error *error = find_key(vault, store, record, key, &found);
    if (!error && !found)
        error = hu_fail(HU_NOT_FOUND, "record %s was erased: its key was destroyed", record);
    if (!error) {
        unsigned char *out = hu_alloc(arena, sealed.length + 1);
        if (decrypt(key, sealed, label_of(arena, record, revision), out))
            *plain = (hu_str){(const char *)out, sealed.length - NONCE - TAG};
        else
            error = hu_fail(HU_STORE, "record %s does not open: it was altered, or put in another's place", record);
    }
    sodium_memzero(key, sizeof key);
    return error;
}

hu_error *hu_vault_shred(hu_store *store, const char *record)
{
    return hu_db_run(store, "DELETE FROM vault_keys WHERE record_id = ?", "t", record);
}

/* ---- rotation ---- */

/* Keys that an earlier master wraps, a thousand at a time: a statement is not stepped while its table changes. */
static hu_error *wrap_some(const hu_vault *vault, hu_store *store, int64_t *count, bool *more)
{
    HU_SCRATCH(arena);
    struct {
        const char *record;
        unsigned char key[HU_VAULT_KEY];
    } *keys = hu_alloc_array(arena, 1000, sizeof *keys);
    size_t n = 0;
    sqlite3_stmt *row;
    hu_error *error = NULL;
    HU_TRY(hu_db_bind(store, &row, "SELECT record_id, master, wrapped FROM vault_keys WHERE master <> ? LIMIT 1000",
                      "i", vault_newest(vault)));
    for (*more = true; !(error = hu_db_step(store, row, more)) && *more; n++) {
        keys[n].record = hu_db_text(row, 0, arena);
        hu_str wrapped = {sqlite3_column_blob(row, 2), (size_t)sqlite3_column_bytes(row, 2)};
        error = unwrap(vault, keys[n].record, sqlite3_column_int64(row, 1), wrapped, keys[n].key);
        if (error)
            break;
    }
    hu_db_done(row);
    for (size_t i = 0; i < n && !error; i++)
        error = wrap(vault, store, keys[i].record, keys[i].key);
    for (size_t i = 0; i < n; i++)
        sodium_memzero(keys[i].key, sizeof keys[i].key);
    *count += (int64_t)n;
    *more = n == 1000;
    return error;
}

static hu_error *wrap_all(const hu_vault *vault, hu_store *store, int64_t *count)
{
    for (bool more = true; more;)
        HU_TRY(wrap_some(vault, store, count, &more));
    return NULL;
}

hu_error *hu_vault_rotate(const char *path, hu_store *store, int64_t *count)
{
    hu_vault *vault;
    bool nested;
    int held;
    *count = 0;
    HU_TRY(hu_vault_open(path, false, &vault));
    hu_error *error = vault_hold(path, true, &held);
    if (!error)
        error = vault_add_master(vault, path);
    if (!error)
        error = hu_db_begin(store, &nested);
    if (!error)
        error = hu_db_end(store, nested, wrap_all(vault, store, count));
    if (held >= 0)
        close(held);
    hu_vault_close(vault);
    return error;
}
