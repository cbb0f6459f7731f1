#ifndef HUELLA_FIELD_RECORDS_H
#define HUELLA_FIELD_RECORDS_H

/* Inside field/: what the records that clients write (incidents, identities, referrals) have in common. */

#include "call.h"

/** The text under which a body is kept: members in order, without blanks, without those that are read only. */
const char *record_canonical(call *c);

/** A record as it is answered: `head` ("\"id\":…") and then the members of `stored`, but those that `hides` names. */
hu_error *record_print(hu_str head, hu_str stored, const char *const *hides, hu_buf *out);

/**
 * What a writer does with a record that is there already. The same text again: *same. Another, on the revision that the
 * client names in If-Match: neither. Else a conflict: the answer is 409 with both versions, member by member; nothing
 * was changed and nothing is merged.
 */
typedef struct record_verdict {
    bool same, conflict;
} record_verdict;
hu_error *record_judge(call *c, int64_t revision, hu_str stored, const char *yours, record_verdict *verdict);

/** {"id":…,"revision":…,"received_at":…} with the ETag. */
void record_acknowledge(call *c, int status, int64_t revision, int64_t received_at);

#endif
