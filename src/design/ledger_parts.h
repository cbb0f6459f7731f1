#ifndef HUELLA_SRC_DESIGN_LEDGER_PARTS_H
#define HUELLA_SRC_DESIGN_LEDGER_PARTS_H

#include "huella/design/ledger.h"

/** Adds an entry, whose members these are, and writes the file whole. Takes the reference. */
hu_error *ledger_append(hu_ledger *ledger, json_t *entry, const char *kind, const char *time);

void ledger_commitment(const hu_ledger_key *key, char hex[65]);
/** The seed of the draw: the key's, or that and the beacon hashed. */
uint64_t ledger_draw_seed(const hu_ledger_key *key, const char *beacon);
/** Hash of all arms in order under the nonce, so that it cannot be found by trying allocations. */
void ledger_digest(const hu_draw *draw, const hu_ledger_key *key, char hex[65]);
json_t *ledger_seal(uint32_t arm, const hu_ledger_key *key);
hu_error *ledger_unseal(const char *hex, const hu_ledger_key *key, uint32_t *arm);

/** seed and nonce of an entry. */
hu_error *ledger_entry_key(const hu_ledger *ledger, const json_t *entry, hu_ledger_key *key);
const char *ledger_text(const json_t *entry, const char *key); /* "" when absent */

#endif
