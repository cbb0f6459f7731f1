#ifndef HUELLA_FIELD_LANES_H
#define HUELLA_FIELD_LANES_H

/*
 * Inside field/: the threads that work on what may not hold up the answering threads.
 *
 * The writer takes whatever waits, up to a batch, works it off within one transaction (each in a savepoint: one that
 * fails undoes nothing of the others), commits, and only then tells each. One fsync thus serves a whole batch, and
 * nothing is acknowledged that is not on the disk. The slow lane does one costly thing after another: hashing, drawing.
 */

#include "huella/registry/store.h"

typedef struct lane lane;

typedef struct lane_job {
    struct lane_job *next;
    /** Works; in the writer within the transaction. Its error undoes what it changed. */
    hu_error *(*work)(hu_store *store, void *data);
    /** Told when it stands on the disk (NULL), or what went wrong; owns the error and the job. */
    void (*done)(void *data, hu_error *error);
    void *data;
} lane_job;

/** A thread of its own over a connection of its own. `writes`: the writer; else jobs run without a transaction. */
hu_error *lane_open(const char *uri, bool writes, lane **opened);
/** Any thread may add; the job must stay until it is done. False: the lane takes nothing any more. */
bool lane_add(lane *to, lane_job *job);
/** Takes nothing more, works off what waits, and ends the thread; lane_add may still be called, and says no. */
void lane_end(lane *ending);
void lane_free(lane *ended); /* both: NULL is fine */

typedef struct lane_counts {
    int64_t jobs, batches, waiting;
} lane_counts;
lane_counts lane_count(lane *of);

#endif
