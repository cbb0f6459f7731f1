#ifndef HUELLA_CLI_PLAN_LOCK_H
#define HUELLA_CLI_PLAN_LOCK_H

#include "study.h"

#include "huella/design/lock.h"

/** The study's locks and what its plan deviates in. */
typedef struct plan_lock {
    hu_locks locks;
    hu_plan_field *fields; /* of the plan as it is now */
    size_t n;
    char hash[65];
    hu_deviation *deviations;
    size_t n_deviations;
} plan_lock;

hu_error *plan_lock_load(const open_study *study, hu_arena *arena, plan_lock *lock);

/** HU_BAD_INPUT where the plan's `unblinding` does not let outcomes be estimated as things stand. */
hu_error *plan_lock_permits(const open_study *study);

/** What stands in the results for the report and for readers. */
hu_error *plan_lock_results(const open_study *study, hu_arena *arena, hu_results *results);

/** The store's note; "" when there is none. For fingerprints. */
hu_error *plan_lock_note(const open_study *study, hu_arena *arena, const char **note);

#endif
