/* Sessions: opened by signing in, found by their cookie, ended. */

#include "huella/field/accounts.h"

#include "huella/registry/database.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN = 32, FREE_FAILURES = 5, LONGEST_REST = 3600, TOUCH_SECONDS = 60 };

static hu_str hash_of(const char *token, unsigned char hash[TOKEN])
{
    crypto_generichash(hash, TOKEN, (const unsigned char *)token, strlen(token), NULL, 0);
    return (hu_str){(const char *)hash, TOKEN};
}

const char *hu_session_csrf(const char *token, hu_arena *arena)
{
    static const char label[] = "csrf";
    unsigned char key[TOKEN], code[TOKEN];
    char *text = hu_alloc(arena, 2 * TOKEN + 1);
    hash_of(token, key);
    crypto_generichash(code, sizeof code, (const unsigned char *)label, sizeof label - 1, (const unsigned char *)token,
                       strlen(token) < crypto_generichash_KEYBYTES_MAX ? strlen(token)
                                                                       : crypto_generichash_KEYBYTES_MAX);
    return sodium_bin2hex(text, 2 * TOKEN + 1, code, sizeof code);
}

/* Failures beyond the free ones rest the account: 60 s, 120 s, 240 s … */
static int64_t rest_after(int64_t failures)
{
    int64_t rest = 60;
    if (failures < FREE_FAILURES)
        return 0;
    for (int64_t i = FREE_FAILURES; i < failures && rest < LONGEST_REST; i++)
        rest *= 2;
    return rest < LONGEST_REST ? rest : LONGEST_REST;
}

static hu_error *count_failure(hu_store *store, int64_t now, const char *id)
{
    sqlite3_stmt *row;
    bool found;
    HU_TRY(hu_db_first(store, &row, &found, "SELECT failed FROM accounts WHERE account_id = ?", "t", id));
    int64_t failures = found ? sqlite3_column_int64(row, 0) + 1 : 0;
    if (found)
        hu_db_done(row);
    int64_t rest = rest_after(failures);
    return hu_db_run(store, "UPDATE accounts SET failed = ?, locked_until = ? WHERE account_id = ?", "iit", failures,
                     rest ? now + rest : 0, id);
}

static hu_error *open_session(hu_store *store, int64_t now, hu_arena *arena, const char *id, const char **token)
{
    unsigned char secret[TOKEN], hash[TOKEN];
    enum { ROOM = sodium_base64_ENCODED_LEN(TOKEN, sodium_base64_VARIANT_URLSAFE_NO_PADDING) };
    char *text = hu_alloc(arena, ROOM);
    randombytes_buf(secret, sizeof secret);
    *token = sodium_bin2base64(text, ROOM, secret, sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    HU_TRY(hu_db_run(store, "DELETE FROM sessions WHERE expires_at < ?1 OR used_at < ?2", "ii", now,
                     now - HU_SESSION_IDLE));
    return hu_db_run(store,
                     "INSERT INTO sessions (token, account_id, created_at, used_at, expires_at) VALUES (?, ?, ?, ?, ?)",
                     "btiii", hash_of(*token, hash), id, now, now, now + HU_SESSION_LIFE);
}

/* Two requests with the same code may both have been checked before either is written: the second is too late. */
static hu_error *take_code(hu_store *store, hu_sign_in *in)
{
    if (!in->step)
        return NULL;
    HU_TRY(hu_db_run(store, "UPDATE accounts SET totp_used = ?1 WHERE account_id = ?2 AND totp_used < ?1", "it",
                     in->step, in->id));
    if (!hu_db_changes(store))
        in->result = HU_SIGN_IN_WRONG;
    return NULL;
}

hu_error *hu_sign_in_finish(hu_store *store, int64_t now, hu_arena *arena, hu_sign_in *in, const char **token)
{
    if (in->result == HU_SIGNED_IN)
        HU_TRY(take_code(store, in));
    if (in->result == HU_SIGN_IN_WRONG)
        return in->id ? count_failure(store, now, in->id) : NULL;
    if (in->result != HU_SIGNED_IN)
        return NULL;
    HU_TRY(hu_db_run(store, "UPDATE accounts SET failed = 0, locked_until = 0 WHERE account_id = ?", "t", in->id));
    return open_session(store, now, arena, in->id, token);
}

hu_error *hu_session_find(hu_store *store, const char *token, int64_t now, hu_arena *arena, hu_account *account,
                          bool *found, bool *stale)
{
    unsigned char hash[TOKEN];
    sqlite3_stmt *row;
    HU_TRY(
        hu_db_first(store, &row, found,
                    "SELECT a.account_id, a.username, a.role, a.district, a.institution_id, a.must_change, s.used_at "
                    "FROM sessions s JOIN accounts a ON a.account_id = s.account_id "
                    "WHERE s.token = ?1 AND s.expires_at > ?2 AND s.used_at > ?3 AND a.disabled = 0",
                    "bii", hash_of(token, hash), now, now - HU_SESSION_IDLE));
    if (!*found)
        return NULL;
    *account = (hu_account){.id = hu_db_text(row, 0, arena),
                            .username = hu_db_text(row, 1, arena),
                            .role = hu_role_of((const char *)sqlite3_column_text(row, 2)),
                            .district = hu_db_text(row, 3, arena),
                            .institution = hu_db_text(row, 4, arena),
                            .must_change = sqlite3_column_int(row, 5)};
    *stale = sqlite3_column_int64(row, 6) < now - TOUCH_SECONDS;
    hu_db_done(row);
    return NULL;
}

hu_error *hu_session_touch(hu_store *store, const char *token, int64_t now)
{
    unsigned char hash[TOKEN];
    return hu_db_run(store, "UPDATE sessions SET used_at = ? WHERE token = ?", "ib", now, hash_of(token, hash));
}

hu_error *hu_session_end(hu_store *store, const char *token)
{
    unsigned char hash[TOKEN];
    return hu_db_run(store, "DELETE FROM sessions WHERE token = ?", "b", hash_of(token, hash));
}

hu_error *hu_sessions_end(hu_store *store, const char *account, const char *but)
{
    unsigned char hash[TOKEN];
    if (!but)
        return hu_db_run(store, "DELETE FROM sessions WHERE account_id = ?", "t", account);
    return hu_db_run(store, "DELETE FROM sessions WHERE account_id = ? AND token <> ?", "tb", account,
                     hash_of(but, hash));
}
