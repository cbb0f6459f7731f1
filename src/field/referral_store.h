#ifndef HUELLA_FIELD_REFERRAL_STORE_H
#define HUELLA_FIELD_REFERRAL_STORE_H

/* Inside field/: referrals in the store. */

#include "call.h"
#include "huella/field/referral.h"

typedef struct referral {
    const char *id, *incident, *person, *district, *recorded_by, *institution, *state;
    int64_t revision, sequence, state_at, due_at, received_at, changed_at;
    hu_str text;                           /* the record as JSON */
    const char *agency, *institution_name; /* of the institution */
} referral;

typedef struct referral_way {
    hu_reached *reached;
    const char **actors, **notes; /* notes[i] NULL = none */
    size_t n;
} referral_way;

hu_error *referral_find(call *c, const char *id, referral *one, bool *found);
hu_error *referral_require(call *c, hu_act act, const char *id, referral *one);
hu_error *referral_insert(call *c, const referral *one);
hu_error *referral_replace(call *c, const referral *next);
hu_error *referral_way_of(call *c, const char *id, referral_way *way);
/**
 * Takes a step: the state machine decides (409 when it does not know the step), the way grows, what is due is computed
 * anew. `actor` is written into the way and the trail.
 */
hu_error *referral_step_to(call *c, referral *one, hu_side side, const char *to, const char *note, const char *actor);
hu_error *referral_list(call *c, int64_t cursor, int64_t limit, bool overdue, referral **list, size_t *n);
hu_error *referral_print(call *c, const referral *one, bool with_way, hu_buf *out);

extern const shape referral_shape[];
extern const char referral_example[];

#endif
