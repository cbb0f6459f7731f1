/* Accounts: made, their passwords and one-time codes. */

#include "huella/field/accounts.h"

#include "huella/registry/database.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 2, MEMORY = 19 << 20, TOTP_BYTES = 20, TOTP_SECONDS = 30, TOTP_WINDOW = 1 };

const char *hu_uuid_new(hu_arena *arena)
{
    unsigned char b[16];
    randombytes_buf(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    return hu_printf(arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                     b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

bool hu_uuid_valid(const char *text)
{
    if (!text || strlen(text) != 36)
        return false;
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
            return false;
    }
    return true;
}

static hu_error *check_password(const char *password)
{
    size_t length = strlen(password), same = 1;
    if (length < HU_PASSWORD_LEAST || length > HU_PASSWORD_MOST)
        return hu_fail(HU_BAD_INPUT, "the password has %zu characters: expected %d to %d", length, HU_PASSWORD_LEAST,
                       HU_PASSWORD_MOST);
    while (password[same] == password[0])
        same++;
    if (same == length)
        return hu_fail(HU_BAD_INPUT, "the password is one character again and again: take several words");
    return NULL;
}

hu_error *hu_password_hash(const char *password, hu_arena *arena, const char **hash)
{
    char text[crypto_pwhash_STRBYTES];
    HU_TRY(check_password(password));
    if (crypto_pwhash_str(text, password, strlen(password), PASSES, MEMORY) != 0)
        return hu_fail(HU_LIMIT, "no memory to hash a password");
    *hash = hu_strdup(arena, text);
    return NULL;
}

static hu_error *check_account(const hu_new_account *a)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t length = strlen(a->username);
    bool local = a->role == HU_OFFICER || a->role == HU_SUPERVISOR;
    if (length < 3 || length > 40 || strspn(a->username, letters) != length)
        return hu_fail(HU_BAD_INPUT, "username: expected 3 to 40 small letters, digits, \"-\", \"_\" and \".\"");
    if (a->role == HU_NO_ROLE)
        return hu_fail(HU_BAD_INPUT, "role: expected one of those in docs/field.md");
    if (local != (a->district != NULL))
        return hu_fail(HU_BAD_INPUT, "district: an account of role %s has %s", hu_role_name(a->role),
                       local ? "one: give its ubigeo" : "none");
    if ((a->role == HU_INSTITUTION) != (a->institution != NULL))
        return hu_fail(HU_BAD_INPUT, "institution: an account of role %s has %s", hu_role_name(a->role),
                       a->institution ? "none" : "one");
    return NULL;
}

hu_error *hu_account_add(hu_store *store, const hu_new_account *account, int64_t now, hu_arena *arena, const char **id)
{
    const char *hash = "";
    sqlite3_stmt *row;
    bool taken;
    HU_TRY(check_account(account));
    HU_TRY(hu_db_first(store, &row, &taken, "SELECT 1 FROM accounts WHERE username = ?", "t", account->username));
    hu_db_done(row);
    if (taken)
        return hu_fail(HU_BAD_INPUT, "username: \"%s\" is taken", account->username);
    HU_TRY(hu_password_hash(account->password, arena, &hash));
    *id = hu_uuid_new(arena);
    return hu_db_run(store,
                     "INSERT INTO accounts (account_id, username, role, district, institution_id, password, "
                     "must_change, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                     "ttttttii", *id, account->username, hu_role_name(account->role), account->district,
                     account->institution, hash, (int64_t)account->must_change, now);
}

hu_error *hu_account_set_password(hu_store *store, const char *id, const char *hash, bool must_change)
{
    HU_TRY(hu_db_run(store,
                     "UPDATE accounts SET password = ?, must_change = ?, failed = 0, locked_until = 0 "
                     "WHERE account_id = ?",
                     "tit", hash, (int64_t)must_change, id));
    return hu_sessions_end(store, id, NULL);
}

/* ---- one-time codes ---- */

hu_error *hu_totp_new(const char *username, hu_arena *arena, const char **secret, const char **address)
{
    char bytes[TOTP_BYTES], *text = NULL;
    randombytes_buf(bytes, sizeof bytes);
    if (oath_base32_encode(bytes, sizeof bytes, &text, NULL) != OATH_OK)
        return hu_fail(HU_LIMIT, "no memory for a secret");
    *secret = hu_strdup(arena, text);
    free(text);
    *address = hu_printf(arena, "otpauth://totp/huella:%s?secret=%s&issuer=huella", username, *secret);
    return NULL;
}

/* The name under which an account's secret is sealed. */
static const char *totp_record(const char *id, hu_arena *arena)
{
    return hu_printf(arena, "totp:%s", id);
}

hu_error *hu_account_set_totp(const hu_vault *vault, hu_store *store, const char *id, const char *secret)
{
    HU_SCRATCH(arena);
    hu_str sealed;
    HU_TRY(hu_vault_seal(vault, store, totp_record(id, arena), 1, hu_str_of(secret), arena, &sealed));
    return hu_db_run(store, "UPDATE accounts SET totp = ?, totp_used = 0 WHERE account_id = ?", "bt", sealed, id);
}

int64_t hu_totp_step(const char *secret, const char *code, int64_t now)
{
    char *bytes = NULL;
    size_t length = 0;
    int position = 0;
    if (strlen(code) != 6 || strspn(code, "0123456789") != 6 ||
        oath_base32_decode(secret, strlen(secret), &bytes, &length) != OATH_OK)
        return -1;
    int found = oath_totp_validate2(bytes, length, (time_t)now, TOTP_SECONDS, 0, TOTP_WINDOW, &position, code);
    sodium_memzero(bytes, length);
    free(bytes);
    return found < 0 ? -1 : now / TOTP_SECONDS + position;
}

/* ---- signing in ---- */

/* The hash of a password that nobody has, so that an unknown name takes as long as a known one. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static hu_error *check_code(const hu_vault *vault, hu_store *store, hu_str sealed, int64_t used, int64_t now,
                            hu_arena *arena, hu_sign_in *in)
{
    hu_str secret;
    if (!in->code) {
        in->result = HU_SIGN_IN_NEEDS_CODE;
        return NULL;
    }
    HU_TRY(hu_vault_unseal(vault, store, totp_record(in->id, arena), 1, sealed, arena, &secret));
    in->step = hu_totp_step(hu_strndup(arena, secret.data, secret.length), in->code, now);
    if (in->step <= used)
        in->result = HU_SIGN_IN_WRONG;
    return NULL;
}

hu_error *hu_sign_in_check(const hu_vault *vault, hu_store *store, int64_t now, hu_arena *arena, hu_sign_in *in)
{
    sqlite3_stmt *row;
    bool found;
    const char *hash = nobody;
    int64_t locked = 0, disabled = 0, used = 0;
    hu_str totp = {0};
    HU_TRY(hu_db_first(store, &row, &found,
                       "SELECT account_id, password, locked_until, disabled, totp_used, totp FROM accounts "
                       "WHERE username = ?",
                       "t", in->username));
    if (found) {
        in->id = hu_db_text(row, 0, arena);
        hash = hu_db_text(row, 1, arena);
        locked = sqlite3_column_int64(row, 2);
        disabled = sqlite3_column_int64(row, 3);
        used = sqlite3_column_int64(row, 4);
        totp = hu_db_bytes(row, 5, arena);
        hu_db_done(row);
    }
    in->step = 0;
    in->result = HU_SIGN_IN_LOCKED;
    if (locked > now)
        return NULL;
    bool right = strlen(in->password) <= HU_PASSWORD_MOST &&
                 crypto_pwhash_str_verify(hash, in->password, strlen(in->password)) == 0;
    in->result = found && right && !disabled ? HU_SIGNED_IN : HU_SIGN_IN_WRONG;
    return in->result == HU_SIGNED_IN && totp.data ? check_code(vault, store, totp, used, now, arena, in) : NULL;
}
