#ifndef HUELLA_REGISTRY_STORE_H
#define HUELLA_REGISTRY_STORE_H

#include "huella/base/date.h"
#include "huella/base/table.h"

/**
 * The store: judgments, findings, cases, prosecutors, rollout, and what is derived from them. SQLite; see
 * docs/schema.md.
 *
 * All changes of one call happen in one transaction: whole or not at all. A store is used by one thread at a time.
 */
typedef struct hu_store hu_store;

/** Opens "sqlite:FILE", creating and migrating it. HU_STORE: no database, newer than this program, or locked. */
hu_error *hu_store_open(const char *uri, hu_store **store);
/** The same, but the store must be there already: HU_NOT_FOUND says what makes one. */
hu_error *hu_store_open_existing(const char *uri, hu_store **store);
void hu_store_close(hu_store *store);

hu_error *hu_store_begin(hu_store *store);
hu_error *hu_store_commit(hu_store *store);
void hu_store_rollback(hu_store *store);

/* --- judgments and findings (written by `huella read --study`) --- */

typedef struct hu_stored_finding {
    const char *key;  /* "defendants[0].verdict" */
    const char *json; /* the value as JSON text: "\"convicted\"", "150", "{\"article\":…}" */
    double confidence;
    const char *rule;
    const char *quote; /* first evidence span; NULL = none */
    int64_t start, end, page;
} hu_stored_finding;

typedef struct hu_stored_judgment {
    const char *document, *sha256, *reader;
    int64_t pages, characters;
    const char *text; /* normalised text, for the way down from an effect to its sentence */
    const char *json; /* the object that `huella read` prints */
    const hu_stored_finding *findings;
    size_t n_findings;
} hu_stored_judgment;

/** True when this document (by sha256) stands in the store, read by this reader version. */
hu_error *hu_store_has_judgment(hu_store *store, const char *sha256, const char *reader, bool *has);
/** Replaces an earlier reading of the same document. */
hu_error *hu_store_put_judgment(hu_store *store, const hu_stored_judgment *judgment);
/** A document that could not be read, with its reason, so that the report can say so. */
hu_error *hu_store_put_unreadable(hu_store *store, const char *document, const char *reason);
/** Drops all that is known of a document that is no longer part of the study; fine if nothing is. */
hu_error *hu_store_forget_document(hu_store *store, const char *document);

/* --- regions (regions.c): the list in rules/regions.yaml, which imports check names against --- */

typedef struct hu_region {
    const char *name;   /* "Madre de Dios", as the store and reports write it */
    const char *ubigeo; /* "17", the two-digit code of the department */
} hu_region;

typedef struct hu_regions {
    const hu_region *items; /* in order of ubigeo */
    size_t count;
} hu_regions;

/** Reads a list of regions; HU_BAD_INPUT names file and line of what is missing or stands twice. */
hu_error *hu_regions_load(const char *path, hu_arena *arena, hu_regions **regions);
/** The region of that name, whatever its case and accents; NULL when there is none. */
const hu_region *hu_regions_find(const hu_regions *regions, hu_str name);

/* --- tables (import.c) --- */

/**
 * Reads a file to import (CSV or .dta), identifiers and dates kept as text, so that "0012" stays "0012".
 */
hu_error *hu_import_read(const char *path, hu_arena *arena, hu_table **table);

/**
 * Each checks every cell before it writes anything, and replaces what was imported before; links and outcomes that
 * rested on it are dropped. HU_BAD_INPUT lists the first ten problems, each with file, line, column, what stood there
 * and what was expected, and counts the rest. docs/import.md says what the columns hold.
 *
 * regions  the regions there are; NULL: any name is one
 * rows     rows imported; may be NULL
 *
 * A case may only name a prosecutor who is known, once prosecutors are in the store: import them first, or all
 * together by hu_import_study.
 */
hu_error *hu_import_prosecutors(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows);
hu_error *hu_import_rollout(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows);
hu_error *hu_import_cases(hu_store *store, const hu_table *table, const hu_regions *regions, size_t *rows);

/** Paths of the files of a study; NULL = not given, what was imported before stays. */
typedef struct hu_import_files {
    const char *prosecutors, *rollout, *cases;
} hu_import_files;

typedef struct hu_import_counts {
    size_t prosecutors, rollout, cases;
} hu_import_counts;

/** Reads and imports all files given, in one transaction; problems of all of them are listed together. */
hu_error *hu_import_study(hu_store *store, const hu_import_files *files, const hu_regions *regions,
                          hu_import_counts *counts);

/* --- linkage and derivation (link.c, outcomes.c) --- */

/**
 * Finds the judgments that repeat another one and stores them (table "duplicates"; see duplicates.c): the original is
 * the first by name of those that are no scan, else the first. `count` is that of the copies. hu_link_by_expediente
 * does this first.
 */
hu_error *hu_store_find_duplicates(hu_store *store, size_t *count);

/**
 * Every judgment is counted once: as a copy of another, which belongs to no case and bears on no outcome; linked; or by
 * the reason why not (table "unlinked").
 */
typedef struct hu_link_counts {
    size_t judgments, duplicates, linked, without_expediente, not_identifying, unmatched, ambiguous,
        cases_with_judgment;
} hu_link_counts;

/** Links judgments to cases by expediente (year-number-court code; incident and organ may differ); see link.c. */
hu_error *hu_link_by_expediente(hu_store *store, hu_link_counts *counts);

/** Derives the outcomes of every case from the findings of its judgments; each value keeps its findings. */
hu_error *hu_derive_outcomes(hu_store *store, size_t *values);

/**
 * One row a case, for estimators. Columns: case_id (text), region (text), region_code, period (see hu_period_of, of the
 * date the case was opened), cohort (period in which the region's training began; NaN never), victims, minors,
 * foreign_victims, defendants, and one column an outcome, NaN where it is not known: conviction, resolution_months,
 * prison_months, charge_severity, victim_centred, collaboration (docs/outcomes.md defines them). Rows are in order of
 * case_id. HU_EMPTY: no cases or no rollout in the store.
 */
hu_error *hu_store_analysis_table(hu_store *store, hu_period_unit unit, hu_arena *arena, hu_table **table);

/**
 * Any SELECT as a table, for reports; parameters are bound as text in order (NULL = missing). A column is of numbers
 * when every value that is not missing is one, else of text.
 */
hu_error *hu_store_query(hu_store *store, hu_arena *arena, hu_table **table, const char *sql, size_t n_parameters,
                         const char *const *parameters);

/** A key-value memory, for stage hashes and the like. NULL when absent. */
hu_error *hu_store_set_note(hu_store *store, const char *key, const char *value);
hu_error *hu_store_note(hu_store *store, const char *key, hu_arena *arena, const char **value);
/** Drops every note whose key begins so. */
hu_error *hu_store_forget_notes(hu_store *store, const char *prefix);

#endif
