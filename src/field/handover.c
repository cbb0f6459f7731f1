/* Links of hand-over sheets: made, found, used. See handover.h. */

#include "handover.h"

#include "inside.h"

#include <sodium.h>
#include <string.h>

enum { RANDOM = 16, SIGNATURE = 16, SECRET = RANDOM + SIGNATURE, HASH = 32 };
enum { SECRET_TEXT = sodium_base64_ENCODED_LEN(SECRET, sodium_base64_VARIANT_URLSAFE_NO_PADDING) };

static void sign(const call *c, const unsigned char *random, unsigned char mac[HU_MAC])
{
    hu_str part = {(const char *)random, RANDOM};
    hu_vault_mac(call_vault(c), "handover", &part, 1, mac);
}

const char *handover_new(call *c)
{
    unsigned char secret[SECRET], mac[HU_MAC];
    char *text = hu_alloc(c->arena, SECRET_TEXT);
    randombytes_buf(secret, RANDOM);
    sign(c, secret, mac);
    memcpy(secret + RANDOM, mac, SIGNATURE);
    return sodium_bin2base64(text, SECRET_TEXT, secret, SECRET, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool is_signed(const call *c, const char *text)
{
    unsigned char secret[SECRET], mac[HU_MAC];
    size_t length = 0;
    if (strlen(text) != SECRET_TEXT - 1 ||
        sodium_base642bin(secret, sizeof secret, text, strlen(text), NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != SECRET)
        return false;
    sign(c, secret, mac);
    return sodium_memcmp(secret + RANDOM, mac, SIGNATURE) == 0;
}

static hu_str hash_of(const char *secret, unsigned char hash[HASH])
{
    crypto_generichash(hash, HASH, (const unsigned char *)secret, strlen(secret), NULL, 0);
    return (hu_str){(const char *)hash, HASH};
}

hu_error *handover_keep(call *c, const char *secret, const char *referral_id)
{
    unsigned char hash[HASH];
    HU_TRY(hu_db_run(c->store, "UPDATE handover_links SET revoked = 1 WHERE referral_id = ?", "t", referral_id));
    HU_TRY(hu_db_run(c->store,
                     "INSERT INTO handover_links (token, referral_id, made_by, made_at, expires_at) "
                     "VALUES (?, ?, ?, ?, ?)",
                     "bttii", hash_of(secret, hash), referral_id, c->account.id, c->now, c->now + HANDOVER_LIFE));
    return call_audit(c, "referral.sheet", referral_id, NULL);
}

hu_error *handover_find(call *c, const char *secret, referral *one, bool *found)
{
    unsigned char hash[HASH];
    sqlite3_stmt *row;
    *found = false;
    if (!is_signed(c, secret))
        return NULL;
    HU_TRY(hu_db_first(c->store, &row, found,
                       "SELECT referral_id FROM handover_links WHERE token = ? AND revoked = 0 AND expires_at > ?",
                       "bi", hash_of(secret, hash), c->now));
    if (!*found)
        return NULL;
    const char *referral_id = hu_db_text(row, 0, c->arena);
    hu_db_done(row);
    return referral_find(c, referral_id, one, found);
}

hu_error *handover_take(call *c, const char *secret, referral *one, const char *to, const char *note, bool *used)
{
    unsigned char hash[HASH];
    sqlite3_stmt *row;
    HU_TRY(hu_db_first(c->store, &row, used, "SELECT 1 FROM handover_uses WHERE token = ? AND state = ?", "bt",
                       hash_of(secret, hash), to));
    hu_db_done(row);
    if (*used)
        return NULL;
    HU_TRY(referral_step_to(c, one, HU_RECEIVER, to, note, "sheet"));
    return hu_db_run(c->store, "INSERT INTO handover_uses (token, state, at) VALUES (?, ?, ?)", "bti",
                     hash_of(secret, hash), to, c->now);
}

const char *handover_word(const call *c, const char *group, const char *key, const char *language)
{
    const hu_node *words = hu_node_get(hu_node_get(c->field->rules->handover, group), key);
    const hu_node *word = hu_node_get(words, language);
    return word && word->text ? word->text : key;
}
