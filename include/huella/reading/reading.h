#ifndef HUELLA_READING_READING_H
#define HUELLA_READING_READING_H

#include "huella/base/json.h"
#include "huella/corpus/document.h"

/**
 * Text to findings: every value with the span that bears it. Keys and codes: docs/codebook.md.
 *
 * A reading is a flat list of findings whose keys are paths: "decision.date", "defendants[0].verdict",
 * "defendants[0].convicted[1]", "practices.gesell_chamber". What was not found is absent from the list and null in
 * JSON.
 */
typedef enum hu_value_kind { HU_VALUE_TEXT, HU_VALUE_NUMBER, HU_VALUE_BOOL, HU_VALUE_OFFENCE } hu_value_kind;

typedef struct hu_span {
    size_t start, end; /* bytes of the document's text */
} hu_span;

typedef struct hu_finding {
    const char *key;
    hu_value_kind kind;
    const char *text;    /* HU_VALUE_TEXT; the offence code for HU_VALUE_OFFENCE */
    const char *article; /* HU_VALUE_OFFENCE: as cited, "153-A"; NULL if none */
    double number;       /* HU_VALUE_NUMBER */
    bool truth;          /* HU_VALUE_BOOL */
    double confidence;   /* 0 … 1 */
    const hu_span *evidence;
    size_t n_evidence; /* at least 1; 0 only for what was looked for and is not there: "absent", and an index that
                          counts nothing */
    const char *rule;  /* id of the rule that decided */
} hu_finding;

/** A place where a rule's words stand: one that holds, or one that was set aside. */
typedef struct hu_candidate {
    const char *rule, *source; /* id; file of the rules */
    const char *value;         /* what the rule sets first: "convict", "shelter"; NULL if nothing */
    long line;
    hu_span at;
    const char *why_not; /* NULL when the rule holds there */
} hu_candidate;

typedef struct hu_reading {
    const hu_document *document;
    size_t n_defendants;
    hu_finding *findings;
    size_t n_findings;
    hu_candidate *candidates; /* only by hu_read_explained: first those set aside, then those that hold */
    size_t n_candidates;
} hu_reading;

/** Rules from a folder (rules/), compiled once; used by any number of threads. HU_BAD_INPUT names file, line, rule. */
typedef struct hu_reader hu_reader;
hu_error *hu_reader_open(const char *rules_dir, hu_reader **reader);
/** With a file of `huella train` in that folder; NULL = the rules alone. hu_reader_open takes model.json if it is
 * there. */
hu_error *hu_reader_open_with(const char *rules_dir, const char *model, hu_reader **reader);
void hu_reader_close(hu_reader *reader);
const char *hu_reader_version(const hu_reader *reader); /* "rules-0.1.0+ab12cd34": version and hash of the rules */

hu_error *hu_read(hu_reader *reader, const hu_document *document, hu_arena *arena, hu_reading **reading);

/** The same, with every place that was looked at and, where it does not count, why. */
hu_error *hu_read_explained(hu_reader *reader, const hu_document *document, hu_arena *arena, hu_reading **reading);

const hu_finding *hu_reading_find(const hu_reading *reading, const char *key);

/** The value alone as JSON text: "\"convicted\"", "150", "{\"article\":…}". */
void hu_finding_write_value(const hu_finding *finding, hu_buf *out);

/** One JSON object as contracts.md says, on one line, without the line break. */
void hu_reading_write_json(const hu_reader *reader, const hu_reading *reading, hu_buf *out);

#endif
