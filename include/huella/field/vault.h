#ifndef HUELLA_FIELD_VAULT_H
#define HUELLA_FIELD_VAULT_H

#include "huella/base/text.h"
#include "huella/registry/store.h"

/**
 * Sealed records: each has a key of its own, wrapped by a master key that stands in a file outside the store.
 *
 * A record is sealed by XChaCha20-Poly1305 (libsodium) with a fresh 192-bit nonce; its name and revision are
 * authenticated with it, so that a sealed record cannot be put in another's place, nor an old version in a new one's.
 * Destroying a record's wrapped key (hu_vault_shred) erases the record, its earlier versions and every copy of them
 * (crypto-shredding), but for copies of the store that still hold the wrapped key.
 *
 * The file of keys, JSON, mode 0600: {"root": 64 hexadecimal digits, "masters": [{"id": 1, "key": …}, …]}. The last
 * master key wraps; earlier ones open what they wrapped. The root, from which the codes of the audit trail and of links
 * are made, never changes. After hu_vault_open a vault only reads its memory: threads share it.
 */
typedef struct hu_vault hu_vault;

enum { HU_VAULT_KEY = 32, HU_MAC = 32 };

/** Opens the file of keys. `create`: makes one when there is none. HU_BAD_INPUT: no such file, or others may read it.
 */
hu_error *hu_vault_open(const char *path, bool create, hu_vault **vault);
void hu_vault_close(hu_vault *vault); /* wipes the keys; NULL is fine */

/** Seals bytes as revision `revision` of `record`, whose key is made and stored when it has none. */
hu_error *hu_vault_seal(const hu_vault *vault, hu_store *store, const char *record, int64_t revision, hu_str plain,
                        hu_arena *arena, hu_str *sealed);
/** HU_NOT_FOUND: erased. HU_STORE: altered, of another record or revision, or of another file of keys. */
hu_error *hu_vault_unseal(const hu_vault *vault, hu_store *store, const char *record, int64_t revision, hu_str sealed,
                          hu_arena *arena, hu_str *plain);
/** Destroys the record's key. */
hu_error *hu_vault_shred(hu_store *store, const char *record);

/**
 * A new master key: written to the file first (the old ones stay), then every record's key is wrapped anew, in one
 * transaction. Interrupted in between, nothing is lost: keys wrapped by an earlier master still open. *count: keys
 * wrapped.
 */
hu_error *hu_vault_rotate(const char *path, hu_store *store, int64_t *count);

/** HMAC-SHA256 under a key for `purpose` (at most 8 letters) derived from the root: over parts, each with its length.
 */
void hu_vault_mac(const hu_vault *vault, const char *purpose, const hu_str *parts, size_t n, unsigned char mac[HU_MAC]);

#endif
