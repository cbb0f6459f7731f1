#ifndef HUELLA_FIELD_AUDIT_H
#define HUELLA_FIELD_AUDIT_H

#include "huella/field/vault.h"

/**
 * The trail of what was done: entries numbered 1, 2, 3 … whose codes chain them.
 *
 *     mac(n) = HMAC-SHA256(key, mac(n-1), n, at, actor, action, object, detail),  mac(0) = 32 zero bytes
 *
 * and the head holds HMAC-SHA256(key, n, mac(n)) of the last. The key comes from the file of keys: whoever can write
 * the store but has not the file can neither alter, remove, insert nor reorder an entry unseen, nor cut entries off the
 * end without the head's code of that moment.
 */
typedef struct hu_audit_entry {
    int64_t at;         /* instant */
    const char *actor;  /* account, "handover", "command" */
    const char *action; /* "incident.create" */
    const char *object; /* record, or "" */
    const char *detail; /* JSON object; NULL = {}. Never what a record holds */
} hu_audit_entry;

/** Adds an entry: within the transaction of what it tells of. */
hu_error *hu_audit_add(const hu_vault *vault, hu_store *store, const hu_audit_entry *entry);

typedef struct hu_audit_check {
    int64_t entries; /* that were read */
    int64_t bad;     /* number of the first that does not hold; 0 = the chain holds */
    const char *why; /* what does not hold; static */
    char head[65];   /* code of the last entry, to be kept elsewhere and compared later */
} hu_audit_check;

/** Reads the whole trail. Its error is about reading; what does not hold stands in *check. */
hu_error *hu_audit_verify(const hu_vault *vault, hu_store *store, hu_audit_check *check);

#endif
