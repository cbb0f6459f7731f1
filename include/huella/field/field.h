#ifndef HUELLA_FIELD_FIELD_H
#define HUELLA_FIELD_FIELD_H

#include "huella/base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * The field system as a server: `huella serve`. docs/field.md says what it keeps and who may do what; the API describes
 * itself at /api/openapi.json.
 *
 * Changes are acknowledged once they stand on the disk; changes that arrive together share one commit. Requests that
 * read are answered by `threads` threads, each with a connection of its own.
 */
typedef struct hu_field_options {
    const char *store;     /* "sqlite:FILE" */
    const char *rules_dir; /* indicators.yaml, referrals.yaml … */
    const char *keys;      /* the file of keys; made when the store is new */
    const char *web_dir;   /* the app's files; NULL = none are served */
    const char *listen, *tls_certificate, *tls_key;
    const char *public_url; /* the address that links on sheets begin with; NULL = hu_field_url */
    bool behind_proxy;
    int threads;          /* 0 = 2 */
    FILE *access_log;     /* a JSON line a request, without personal data; NULL = none */
    int64_t (*now)(void); /* the clock; NULL = hu_instant_now. Tests give their own. */
} hu_field_options;

typedef struct hu_field hu_field;
hu_error *hu_field_open(const hu_field_options *options, hu_field **field);
const char *hu_field_url(const hu_field *field);
/** Takes nothing new, lets what was begun end, closes. NULL is fine. */
void hu_field_close(hu_field *field);

/** One account of the demo municipality, with its password. */
typedef struct hu_demo_account {
    const char *role, *username, *password, *district;
} hu_demo_account;

struct hu_arena;
/**
 * Fills an empty store with a demo municipality: two districts, two offices that receive, an account for each role and
 * some records. HU_STORE: there are accounts already. Passwords are random.
 */
hu_error *hu_field_fill_demo(hu_field *field, struct hu_arena *arena, hu_demo_account **accounts, size_t *n);

#endif
