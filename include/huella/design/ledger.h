#ifndef HUELLA_DESIGN_LEDGER_H
#define HUELLA_DESIGN_LEDGER_H

#include "huella/base/json.h"
#include "huella/design/draw.h"

/**
 * The ledger of an allocation: a file of JSON lines, each of which carries the BLAKE2b-256 hash of the line before it
 * in "previous", so that no line can be changed, taken out or put in without the next one telling. Whoever keeps the
 * last hash ("head") can tell for the last line too: it belongs into the trial's registration.
 *
 *     commit    the method, the table's rows (by hash), and a commitment to the seed: BLAKE2b-256 of seed and nonce
 *     draw      the allocation, with seed and nonce; or, sealed, each unit's arm encrypted
 *     enrol     a unit has been enrolled
 *     reveal    its arm, opened after that
 *     open      seed and nonce of a sealed draw, and all arms: from here on anyone can run the draw again
 *
 * Between commit and draw, and as long as a draw is sealed, seed and nonce stand only in LEDGER.key (mode 0600). Arms
 * are sealed by libsodium's secretbox under a key derived from the nonce; an arm of any name takes the same room.
 */
typedef struct hu_ledger {
    const char *path;
    hu_arena *arena;
    json_t **entries;
    size_t n;
    char head[65]; /* hash of the last line; zeros while there is none */
    const char *text;
    size_t length;
} hu_ledger;

/** Loads and checks the chain: HU_BAD_INPUT names the first line that was changed. A file that is not there is empty.
 */
hu_error *hu_ledger_load(const char *path, hu_arena *arena, hu_ledger **ledger);

/** The last entry of that kind (of that unit, unless NULL); NULL = none. */
const json_t *hu_ledger_find(const hu_ledger *ledger, const char *kind, const char *unit);

/** What the seed's owner keeps: LEDGER.key. */
typedef struct hu_ledger_key {
    uint64_t seed;
    char nonce[65]; /* 32 bytes in hexadecimal */
} hu_ledger_key;

hu_ledger_key hu_ledger_key_new(uint64_t seed);
uint64_t hu_ledger_random_seed(void); /* from the system, below 2^53 */
const char *hu_ledger_key_path(const char *ledger, hu_arena *arena);
hu_error *hu_ledger_key_write(const char *path, const hu_ledger_key *key); /* refuses to write over one */
hu_error *hu_ledger_key_read(const char *path, hu_ledger_key *key);

/**
 * The steps. `source` is the table as it is named in the ledger (relative to its folder), `time` when it happens
 * (ISO 8601, UTC). HU_BAD_INPUT: a step that is not due (a second draw, an arm of a unit that is not enrolled), and
 * what to do instead.
 */
hu_error *hu_ledger_commit(hu_ledger *ledger, const hu_draw *draw, const hu_draw_setup *asked, const hu_ledger_key *key,
                           bool sealed, const char *source, const char *sha256, const char *time);
/**
 * Draws into `draw` as committed. `beacon` (NULL = none): a public value nobody could know at the commitment, a lottery
 * draw say, that is mixed into the seed.
 */
hu_error *hu_ledger_draw(hu_ledger *ledger, hu_draw *draw, const hu_ledger_key *key, const char *beacon,
                         const char *time);
hu_error *hu_ledger_enrol(hu_ledger *ledger, const char *unit, const char *time);
hu_error *hu_ledger_reveal(hu_ledger *ledger, const hu_ledger_key *key, const char *unit, const char *time,
                           const char **arm);
hu_error *hu_ledger_open(hu_ledger *ledger, const hu_draw *draw, const hu_ledger_key *key, const char *time);

/** Where a ledger stands: committed, sealed, or public (drawn and not sealed, or opened). */
typedef enum hu_ledger_state {
    HU_LEDGER_EMPTY,
    HU_LEDGER_COMMITTED,
    HU_LEDGER_SEALED,
    HU_LEDGER_PUBLIC
} hu_ledger_state;
hu_ledger_state hu_ledger_state_of(const hu_ledger *ledger);
bool hu_ledger_sealed(const hu_ledger *ledger); /* as committed */

/** The setup as committed, and the table's path as seen from here. */
hu_error *hu_ledger_setup(const hu_ledger *ledger, hu_arena *arena, hu_draw_setup *setup, const char **table);

/** What does not hold when the draw is run again; no finding = identical. */
typedef struct hu_ledger_check {
    const char **findings;
    size_t n;
    const char **notes; /* what could not be checked yet, what changed without bearing on the draw */
    size_t n_notes;
    hu_draw *draw; /* run again; NULL where that was not possible */
} hu_ledger_check;

/**
 * Runs the draw again from the table and compares everything: rows (which changed, are new, gone, or in another order),
 * seed and nonce against the commitment, threshold and number of tries, arms, sealed arms that were revealed.
 *
 * key         NULL, or that of a draw that is still sealed
 * sha256      of the table's file
 * assignments the table of assignments that was handed out, with columns `unit` (as in the setup) and arm; or NULL
 */
hu_error *hu_ledger_verify(const hu_ledger *ledger, const hu_table *table, const char *sha256, const hu_ledger_key *key,
                           const hu_table *assignments, hu_arena *arena, hu_ledger_check **check);

/** The identifier and arm of a unit may not be numbers: columns to be read as text from either table. */
extern const char *const hu_ledger_arm_column; /* "arm" */

#endif
