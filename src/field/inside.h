#ifndef HUELLA_FIELD_INSIDE_H
#define HUELLA_FIELD_INSIDE_H

/* Inside field/: what a running field system is made of. */

#include "call.h"
#include "huella/field/field.h"
#include "lanes.h"
#include "limiter.h"
#include "rules.h"
#include "stores.h"
#include "traffic.h"
#include "web_files.h"

struct hu_field {
    hu_arena *arena;
    hu_field_options options;
    hu_vault *vault;
    int held_keys; /* descriptor of the file of keys: a rotation waits until the server has ended */
    field_rules *rules;
    stores *readers;
    lane *writer, *slow;
    hu_service *service;
    web_files *web;
    limiter sign_ins; /* by the client's address */
    limiter links;    /* hand-over links, by the client's address */
    traffic traffic;
    hu_buf description; /* of the API */
};

/** Every route, in the order of the description; ends with a row without a method. */
extern const route *const field_routes[];

/** The description of the API, OpenAPI 3.1, from the routes. */
void openapi_print(hu_buf *out);

/* dispatch.c: what the server calls */
hu_when dispatch_answer(void *context, hu_exchange *exchange);
void dispatch_later(void *context, hu_exchange *exchange);
void dispatch_answered(void *context, const hu_exchange *exchange);

/** Runs a step as the writer would, for those who are not a request: the demo. Waits until it is on the disk. */
hu_error *field_write(struct hu_field *field, hu_error *(*work)(hu_store *store, void *data), void *data);

#endif
