#ifndef HUELLA_FIELD_INCIDENT_H
#define HUELLA_FIELD_INCIDENT_H

/* Inside field/: incidents in the store. */

#include "call.h"

typedef struct incident {
    const char *id, *district, *recorded_by;
    int64_t revision, sequence, occurred_at, received_at, changed_at;
    hu_str text; /* the record as JSON */
} incident;

/** Reads and opens one; *found false: there is none. */
hu_error *incident_find(call *c, const char *id, incident *found_one, bool *found);
/** One that the account may do this with; else the same 404 as for one that is not there. */
hu_error *incident_require(call *c, hu_act act, const char *id, incident *one);
hu_error *incident_insert(call *c, const incident *one);
/** The stored one becomes an earlier version; `next` has its revision + 1. */
hu_error *incident_replace(call *c, const incident *stored, const incident *next);
/** Newest change first, within the account's reach, those before `cursor`. */
hu_error *incident_list(call *c, int64_t cursor, int64_t limit, incident **list, size_t *n);
/** The same of everybody's, for what nobody can be recognised in. */
hu_error *incident_list_all(call *c, int64_t cursor, int64_t limit, incident **list, size_t *n);
hu_error *incident_print(call *c, const incident *one, hu_buf *out);

extern const shape incident_shape[];
extern const char incident_example[];

#endif
