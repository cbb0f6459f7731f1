#ifndef HUELLA_FIELD_ACCOUNTS_H
#define HUELLA_FIELD_ACCOUNTS_H

#include "huella/field/permit.h"
#include "huella/field/vault.h"

/**
 * Accounts, signing in, sessions.
 *
 * Passwords: Argon2id (libsodium), 19 MiB and two passes, the first choice of OWASP's password storage guide. One-time
 * codes: TOTP of RFC 6238 (liboath), 30 s, a step to either side, each code once. After five failures in a row an
 * account rests for a minute, and twice as long after each further one, at most an hour. Sessions: 256 random bits,
 * kept as a hash; they end after HU_SESSION_IDLE without use, after HU_SESSION_LIFE at the latest, and at once when the
 * account is disabled or its password changes.
 */
enum { HU_SESSION_IDLE = 12 * 3600, HU_SESSION_LIFE = 7 * 24 * 3600, HU_PASSWORD_LEAST = 12, HU_PASSWORD_MOST = 128 };

typedef struct hu_new_account {
    const char *username, *password;
    hu_role role;
    const char *district, *institution; /* NULL = none; the role says which it must have */
    bool must_change;
} hu_new_account;

/** HU_BAD_INPUT: the name is taken, or what the role needs is missing. *id lives in the arena. Slow: it hashes. */
hu_error *hu_account_add(hu_store *store, const hu_new_account *account, int64_t now, hu_arena *arena, const char **id);
/** A hash of a password, to be stored. HU_BAD_INPUT: too short, too long, or among the commonest. Slow. */
hu_error *hu_password_hash(const char *password, hu_arena *arena, const char **hash);
/** Replaces the password and ends every session of the account. */
hu_error *hu_account_set_password(hu_store *store, const char *id, const char *hash, bool must_change);

/** A new secret for one-time codes; base32 and the otpauth address, to be shown once. Stored by hu_account_set_totp. */
hu_error *hu_totp_new(const char *username, hu_arena *arena, const char **secret, const char **address);
hu_error *hu_account_set_totp(const hu_vault *vault, hu_store *store, const char *id, const char *secret);
/** The time step at which `code` is right, or -1. */
int64_t hu_totp_step(const char *secret, const char *code, int64_t now);

typedef enum hu_sign_in_result {
    HU_SIGNED_IN,
    HU_SIGN_IN_WRONG, /* name, password or code */
    HU_SIGN_IN_LOCKED,
    HU_SIGN_IN_NEEDS_CODE, /* the password is right, and the account asks for a code */
} hu_sign_in_result;

typedef struct hu_sign_in {
    const char *username, *password, *code; /* code: NULL = none given */
    /* after hu_sign_in_check */
    const char *id; /* NULL: no such account */
    hu_sign_in_result result;
    int64_t step; /* time step of the code */
} hu_sign_in;

/** Looks at name, password and code; takes as long for a name that is not there. Slow: it hashes. Changes nothing. */
hu_error *hu_sign_in_check(const hu_vault *vault, hu_store *store, int64_t now, hu_arena *arena, hu_sign_in *in);
/** Counts a failure, or opens a session: *token is the cookie's value. May turn the result into another. */
hu_error *hu_sign_in_finish(hu_store *store, int64_t now, hu_arena *arena, hu_sign_in *in, const char **token);

/** Who a cookie's value stands for. *found false: nobody, or not any more. `stale`: hu_session_touch is due. */
hu_error *hu_session_find(hu_store *store, const char *token, int64_t now, hu_arena *arena, hu_account *account,
                          bool *found, bool *stale);
hu_error *hu_session_touch(hu_store *store, const char *token, int64_t now);
hu_error *hu_session_end(hu_store *store, const char *token);
/** Ends every session of an account but that of `but` (NULL = all). */
hu_error *hu_sessions_end(hu_store *store, const char *account, const char *but);
/** What a page of this session sends back with every change: a function of the cookie, which no other site can read. */
const char *hu_session_csrf(const char *token, hu_arena *arena);

/** A random UUID (version 4). */
const char *hu_uuid_new(hu_arena *arena);
bool hu_uuid_valid(const char *text); /* 8-4-4-4-12 hexadecimal digits, lower case */

#endif
