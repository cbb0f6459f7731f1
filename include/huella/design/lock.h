#ifndef HUELLA_DESIGN_LOCK_H
#define HUELLA_DESIGN_LOCK_H

#include "huella/base/text.h"

/**
 * Locking a plan: what it says is written down field by field with its hash before outcomes are looked at, so that
 * every later change can be told, before and after, as trial registries do ("Fields Changed").
 *
 * Fields are the plan's scalars by their path ("estimators[main].control"), in order of paths; items of a list that
 * have a name go by it, lists of plain values are one field. Comments, order of keys and layout do not count; nor do
 * `title`, `sources` and `truth`, which say where things stand and not what is estimated.
 */
typedef struct hu_plan_field {
    const char *key, *value;
} hu_plan_field;

hu_error *hu_plan_fields(const char *path, hu_arena *arena, hu_plan_field **fields, size_t *n);

/** SHA-256 of all fields, each with its length before it. */
void hu_plan_hash(const hu_plan_field *fields, size_t n, char hex[65]);

/** A lock, or an amendment of it: the first is what counts, later ones give a reason for what they change. */
typedef struct hu_lock {
    const char *time, *version, *hash, *reason; /* reason NULL for the first */
    bool after_results;                         /* effects had been estimated before */
    hu_plan_field *fields;
    size_t n;
} hu_lock;

typedef struct hu_locks {
    hu_lock *items;
    size_t n;
} hu_locks;

/** From what hu_locks_write wrote; NULL or "" = none. HU_BAD_INPUT: something else, or a field that its hash belies. */
hu_error *hu_locks_parse(const char *json, hu_arena *arena, hu_locks *locks);
void hu_locks_write(const hu_locks *locks, hu_buf *out);
void hu_locks_add(hu_locks *locks, const hu_lock *lock, hu_arena *arena);

/** A field that is not as it was locked; before or after NULL where it was or is not there. */
typedef struct hu_deviation {
    const char *field, *before, *after;
    const char *amended, *reason; /* when and why it was amended to this value; NULL = it was not */
} hu_deviation;

/** What differs from the first lock, in order of fields. */
void hu_lock_deviations(const hu_locks *locks, const hu_plan_field *fields, size_t n, hu_arena *arena,
                        hu_deviation **deviations, size_t *n_deviations);

#endif
