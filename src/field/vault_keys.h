#ifndef HUELLA_FIELD_VAULT_KEYS_H
#define HUELLA_FIELD_VAULT_KEYS_H

/* Inside field/: the file of keys. */

#include "huella/field/vault.h"

/** The newest master key's number. */
int64_t vault_newest(const hu_vault *vault);
/** A master key's bytes; NULL when the file has none of that number. */
const unsigned char *vault_master(const hu_vault *vault, int64_t id);
/**
 * Holds the file of keys for as long as the descriptor is open: `exclusive` against servers that hold it shared.
 * HU_STORE: somebody else holds it.
 */
hu_error *vault_hold(const char *path, bool exclusive, int *descriptor);
/** Adds a new master key and writes the file. */
hu_error *vault_add_master(hu_vault *vault, const char *path);

#endif
