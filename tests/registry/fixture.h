#ifndef HUELLA_TESTS_REGISTRY_FIXTURE_H
#define HUELLA_TESTS_REGISTRY_FIXTURE_H

/* What the tests of registry/ share: a folder of their own, stores in it, judgments made by hand. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/registry/store.h"

#include <sqlite3.h>

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* A path in the test's folder, which goes when the test ends. */
const char *fixture_path(hu_arena *arena, const char *name);
const char *fixture_uri(hu_arena *arena, const char *path);
hu_store *fixture_open(hu_arena *arena, const char *path);
/* Writes a file into the test's folder and returns its path. */
const char *fixture_file(hu_arena *arena, const char *name, const char *content);

/* Look into the store, and break it, past the library. */
int64_t fixture_number(const char *path, const char *sql);
bool fixture_is_sound(const char *path); /* integrity and foreign keys */
void fixture_execute(const char *path, const char *sql);
/* The number of migrations in src/registry/schema. */
int64_t fixture_schema_version(void);

/* A finding: a value as JSON; its quote is "quote of KEY" unless `unquoted`. A row of zeros ends a list. */
typedef struct fixture_finding {
    const char *key, *json;
    bool unquoted;
} fixture_finding;

const char *fixture_sha(hu_arena *arena, const char *document);
void fixture_judgment(hu_store *store, hu_arena *arena, const char *document, const fixture_finding *findings);

#endif
