#ifndef HUELLA_SRC_CLI_STUDY_H
#define HUELLA_SRC_CLI_STUDY_H

#include "command.h"

#include "huella/base/csv.h"
#include "huella/design/plan.h"
#include "huella/registry/store.h"
#include "huella/report/results.h"
#include "read_documents.h"

/** A study that is being worked on: its plan and its store, opened together. */
typedef struct open_study {
    hu_run *run;
    hu_plan *plan;
    hu_store *store;
    uint64_t seed;            /* --seed where it was given, else the plan's */
    document_list *documents; /* the judgments that the plan names; NULL = none named, or not looked for */
} open_study;

/** Reads DIR/study.yaml and opens the store. HU_NOT_FOUND says how to start a study. */
hu_error *study_open(hu_run *run, open_study *study);
void study_close(open_study *study);

/** Lists and hashes the judgments that the plan names. */
hu_error *study_find_documents(open_study *study);

/** A path that the plan names, as seen from here. */
const char *study_path(const open_study *study, const char *name);

/** The analysis table without what the plan leaves out; cohorts shifted by the plan's delay. */
hu_table *study_used_rows(const hu_plan *plan, const hu_table *table, hu_arena *arena);

/**
 * The table that an estimator works on: DATA where it is named, else the analysis table of the study that --study or
 * --store names (hu_store_analysis_table, the plan's rows and cohorts). HU_USAGE when neither is.
 */
hu_error *study_or_data(hu_run *run, const hu_csv_options *csv, hu_table **table);

/** Runs every estimator of the plan on every outcome; what cannot be estimated says why in its place. */
hu_error *study_estimate(const open_study *study, hu_arena *arena, hu_results **results);

/** Prints results as --format says. */
void study_print_results(const hu_run *run, const hu_results *results);

#endif
