#ifndef HUELLA_SRC_CLI_READ_DOCUMENTS_H
#define HUELLA_SRC_CLI_READ_DOCUMENTS_H

#include "command.h"

#include "huella/reading/reading.h"
#include "huella/registry/store.h"

/** A file to read: where it is, what the store calls it, what is in it. */
typedef struct document_file {
    const char *path; /* as seen from here */
    const char *name; /* as seen from the study's folder: "judgments/0001.pdf" */
    char sha256[65];
} document_file;

typedef struct document_list {
    document_file *files; /* by name */
    size_t count;
} document_list;

/** What is needed to read: patterns and rules, compiled once. */
typedef struct document_reader {
    hu_corpus *corpus;
    hu_reader *reader;
    bool no_ocr;
} document_reader;

/**
 * How a command reads documents: the worker, the rules, --no-ocr where the command takes it. Recognised pages are kept
 * in the study's folder when they are read into a study (DIR/.cache/ocr), else in the user's cache.
 */
hu_corpus_options document_options(hu_run *run, bool into_study);
bool reads_scans(const hu_run *run); /* not --no-ocr */

hu_error *document_reader_open(hu_run *run, document_reader *reader);
void document_reader_close(document_reader *reader);

/** The judgments below a folder, by name, with their hashes. HU_NOT_FOUND no such folder. */
hu_error *list_documents(hu_run *run, const char *folder, document_list *list);

typedef struct read_counts {
    size_t documents, read, kept, left_out; /* kept: read before by this reader; left out: could not be read */
    const char *example;                    /* the first that was left out, and why; NULL = none */
} read_counts;

/** Files by their paths, with their hashes; one that cannot be opened is left to the reader to complain of. */
hu_error *hash_documents(hu_run *run, char *const *paths, size_t count, document_list *list);

/**
 * Reads documents into the store: those that this reader has not read yet, in parallel; what is done is stored every
 * few documents, so that a run that is killed goes on from there. Documents that cannot be read are stored with their
 * reason.
 *
 * Errors: HU_STORE, HU_IO (the PDF reader is missing); never for what is wrong with one document.
 */
hu_error *read_documents(hu_run *run, const document_reader *reader, const document_list *list, hu_store *store,
                         read_counts *counts);

/** Drops from the store what it knows of documents that are not listed. */
hu_error *forget_other_documents(hu_run *run, const document_list *list, hu_store *store);

/** `huella read PATH… --study DIR`: reads into the study's store and prints what it then holds of each document. */
hu_error *read_into_study(hu_run *run, char *const *paths, size_t count);

#endif
