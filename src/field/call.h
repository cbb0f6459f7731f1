#ifndef HUELLA_FIELD_CALL_H
#define HUELLA_FIELD_CALL_H

/* Inside field/: one request on its way through the table of routes, and what the routes share. */

#include "huella/base/json.h"
#include "huella/field/accounts.h"
#include "huella/field/vault.h"
#include "huella/http/service.h"
#include "huella/registry/database.h"
#include "shape.h"

struct hu_field;

typedef struct call {
    struct hu_field *field;
    hu_exchange *exchange;
    const struct route *route;
    hu_arena *arena;
    hu_store *store;    /* of whoever works on it now: an answering thread, the writer */
    hu_account account; /* role HU_NO_ROLE: nobody is signed in */
    const char *token;  /* the session's cookie */
    const char *id;     /* what stands for {…} in the path */
    json_t *body;       /* checked against the route's shape; ends with the arena */
    int64_t now;
    int refused;    /* status of an error that the route chose: call_refuse */
    void *prepared; /* the route's own, from `prepare` to `commit` */
} call;

typedef hu_error *route_step(call *c);

/**
 * A route. `prepare` runs on an answering thread (or in the slow lane) and may only read; `commit` runs in the writer's
 * transaction. A route that only reads has no commit.
 */
typedef struct route {
    const char *method, *path; /* "/api/incidents/{uuid}" */
    hu_act act;
    route_step *prepare, *commit;
    const shape *body;   /* NULL = none */
    const char *example; /* of the body: valid JSON */
    const char *summary;
    const char *query; /* parameters of the query: "cursor, limit" */
    bool slow;         /* prepare goes to the slow lane */
    bool temporary;    /* allowed before a password given by somebody else was changed */
} route;

/* answers (call.c) */

/** The answer is this JSON text. */
void call_answer(call *c, int status, hu_buf *json);
/** An answer of no content. */
void call_done(call *c);
/** A problem document (RFC 9457) as the answer; what was changed stands. */
void call_problem(call *c, int status, const char *detail);
/** An error with this status: what was changed is undone. */
hu_error *call_refuse(call *c, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/** HU_NOT_FOUND for records that are not there or beyond reach: the two look the same. */
hu_error *call_missing(call *c);
void call_etag(call *c, int64_t revision);
/** The revision in If-Match; 0 = none was sent. */
hu_error *call_if_match(call *c, int64_t *revision);

/* what routes share (call.c) */

const hu_vault *call_vault(const call *c);
/** An entry of the audit trail by this account. */
hu_error *call_audit(call *c, const char *action, const char *object, const char *detail);
/** The next number of the order of changes. */
hu_error *call_next_sequence(call *c, int64_t *sequence);
/** A member of the body as text; NULL when it is not there. */
const char *call_text(const call *c, const char *member);
/** ?limit= within 1 … 200, else 50; ?cursor= (0 = from the newest). */
hu_error *call_page(call *c, int64_t *cursor, int64_t *limit);
/** "next": the cursor of the following page as text; null when there is none (0). */
void call_put_next(hu_json *json, int64_t cursor);
void json_put_instant(hu_json *json, const char *key, int64_t instant);
/** An instant in the body; it was checked by its shape. */
int64_t call_instant(const call *c, const char *member);

#endif
