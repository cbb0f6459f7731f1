#ifndef HUELLA_SRC_CLI_LABELLED_H
#define HUELLA_SRC_CLI_LABELLED_H

#include "command.h"

#include "huella/base/json.h"
#include "huella/corpus/document.h"
#include "huella/reading/reading.h"

/** A document whose truth is known. */
typedef struct labelled {
    const char *path, *gold; /* gold: the file that the truth stands in */
    json_t *root;            /* owned: the file of its own; NULL when `known` is part of a study's truth */
    const json_t *known;
    json_t *read;                /* owned */
    const hu_document *document; /* where documents are kept */
    hu_arena *arena;             /* that it is kept in */
    bool ocr;
} labelled;

typedef struct labelled_set {
    hu_run *run;
    labelled *items;
    size_t count, room;
    json_t **truths; /* owned: truth.json of each path, or NULL */
} labelled_set;

typedef struct labelled_options {
    bool scans;       /* a simulated study's scans too */
    bool keep;        /* documents stay in memory */
    bool rules_alone; /* read without the trained model */
} labelled_options;

/**
 * Every document below the run's paths that has its truth beside it, or in a simulated study's truth.json, read and
 * its labels checked. HU_BAD_INPUT: none, or a gold file that is broken. labelled_close in any case.
 */
hu_error *labelled_open(hu_run *run, const labelled_options *options, labelled_set *set);
void labelled_close(labelled_set *set);

#endif
