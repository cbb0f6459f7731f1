#ifndef HUELLA_SRC_CLI_STAGES_H
#define HUELLA_SRC_CLI_STAGES_H

#include "study.h"

/**
 * The stages from raw records to the report, in order. A stage's fingerprint is the hash of all that its result depends
 * on: contents of its inputs, versions, plan, and the fingerprints of the stages before it. The store remembers the
 * fingerprint that each stage was done with, so only what changed is done again.
 */
typedef enum stage_id { STAGE_IMPORT, STAGE_READ, STAGE_LINK, STAGE_OUTCOMES, STAGE_ESTIMATE, STAGE_REPORT } stage_id;
enum { N_STAGES = STAGE_REPORT + 1 };

/** Does the stages from `first` to `last`; those whose fingerprint is unchanged only if `force`. A line a stage. */
hu_error *stages_run(open_study *study, stage_id first, stage_id last, bool force);

/** The results that the last estimate stored; HU_NOT_FOUND when there are none. */
hu_error *stages_results(const open_study *study, hu_arena *arena, hu_results **results);
const char *stages_report_path(const open_study *study);

/* --- between stages.c and the files that do the work --- */

/** What a stage depends on, hashed as it is added. */
typedef struct fingerprint {
    hu_buf text;
} fingerprint;

void fingerprint_add(fingerprint *print, const char *key, const char *value);
/** A file's content; a file that is not there counts as its absence. */
hu_error *fingerprint_add_file(fingerprint *print, const char *key, const char *path);

/** A stage: what it depends on beside earlier stages, and its work, which says what it did in `counts`. */
typedef struct stage {
    const char *name;
    hu_error *(*inputs)(const open_study *study, fingerprint *print);
    hu_error *(*work)(open_study *study, hu_buf *counts);
    stage_id after[2]; /* the stages whose results it uses; its own number = none */
} stage;

extern const stage stage_table[N_STAGES]; /* stage_steps.c */

#endif
