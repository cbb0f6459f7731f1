#ifndef HUELLA_REPORT_REPORT_H
#define HUELLA_REPORT_REPORT_H

#include "huella/registry/store.h"
#include "huella/report/results.h"

/** Accuracy of a variable's reading against known truth, as learning/accuracy.h counts it. */
typedef struct hu_report_accuracy {
    const char *variable;
    size_t known, read, correct;
    double precision, precision_lower, precision_upper;
    double recall, recall_lower, recall_upper, f1;
} hu_report_accuracy;

/** A file that the numbers rest on, for the foot of the page. */
typedef struct hu_report_input {
    const char *name, *sha256;
} hu_report_input;

typedef struct hu_report_options {
    const char *folder;  /* where index.html and the plots' PDF go; made if absent */
    const char *gnuplot; /* NULL = "gnuplot" */
    const char *reader;  /* version of the reader and its rules; NULL = nothing was read */
    const hu_report_accuracy *accuracy;
    size_t n_accuracy; /* 0 = truth is not known */
    const hu_report_input *inputs;
    size_t n_inputs;
} hu_report_options;

/**
 * Writes the evidence report: index.html, one file that needs nothing else, and a PDF of each event-study plot.
 *
 * The page leads from the answer to the design, the effects, their cells of cohort and period, the cases in them, and
 * the sentences of the judgments that each case's outcomes rest on. Whatever stands in judgments or tables is escaped.
 * The same store, results and options give the same bytes.
 *
 * path  of index.html, in the arena
 *
 * Errors: those of the store; HU_NOT_FOUND no gnuplot; HU_IO a file cannot be written. Each file is whole or not there.
 */
hu_error *hu_report_write(hu_store *store, const hu_results *results, const hu_report_options *options, hu_arena *arena,
                          const char **path);

#endif
