#ifndef HUELLA_FIELD_BACKUP_H
#define HUELLA_FIELD_BACKUP_H

#include "huella/registry/store.h"

/**
 * Copies of a store to keep elsewhere, made while it is in use.
 *
 * The copy is of one moment (SQLite's online backup) and is checked before it is kept. With a passphrase it is
 * encrypted: Argon2id (libsodium, 256 MiB, three passes) makes the key, XChaCha20-Poly1305 as a stream of 64 KiB pieces
 * seals store and file of keys, so that a piece that was altered, moved or cut off is noticed.
 *
 *     "huella backup 1\n", 16 bytes of salt, 24 of the stream's header; a piece with the file of keys (may be empty);
 *     pieces of the store, the last marked as the last
 *
 * Without a passphrase the copy is a SQLite file: what is sealed in the store is sealed in it.
 */
typedef struct hu_backup_options {
    const char *passphrase; /* NULL = not encrypted */
    const char *keys;       /* the file of keys to put in; NULL = none. Only with a passphrase */
} hu_backup_options;

/** Writes the copy to `path`, whole or not at all. HU_USAGE: keys without a passphrase. HU_IO, HU_STORE. */
hu_error *hu_backup_write(hu_store *store, const char *path, const hu_backup_options *options);

/**
 * Brings a copy back as the store file `store` (and the file of keys `keys`, where the copy holds it), whole or not at
 * all, after its check: SQLite's integrity check. Neither file may be there. HU_BAD_INPUT: no copy of ours, a wrong
 * passphrase, an altered or cut copy.
 */
hu_error *hu_backup_restore(const char *path, const char *passphrase, const char *store, const char *keys,
                            bool *with_keys);

#endif
