/* Threads that work off a queue: see lanes.h. */

#include "lanes.h"

#include "huella/registry/database.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 512 };

struct lane {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    lane_job *first, **last;
    bool closing, writes;
    hu_store *store;
    lane_counts counts;
};

/* Up to a batch of what waits; NULL when the lane is closing and empty. */
static lane_job *take(lane *from)
{
    pthread_mutex_lock(&from->lock);
    while (!from->first && !from->closing)
        pthread_cond_wait(&from->filled, &from->lock);
    lane_job *batch = from->first, *end = batch;
    for (int n = 1; end && end->next && n < (from->writes ? BATCH : 1); n++)
        end = end->next;
    if (end) {
        from->first = end->next;
        if (!from->first)
            from->last = &from->first;
        end->next = NULL;
        from->counts.batches++;
    }
    for (const lane_job *job = batch; job; job = job->next) {
        from->counts.jobs++;
        from->counts.waiting--;
    }
    pthread_mutex_unlock(&from->lock);
    return batch;
}

/* One change within the batch's transaction. */
static hu_error *work_nested(hu_store *store, const lane_job *job)
{
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    return hu_db_end(store, nested, job->work(store, job->data));
}

static hu_error *copy_of(const hu_error *error)
{
    return error ? hu_fail(error->code, "%s", error->message) : NULL;
}

/* Errors of jobs are kept until the commit has told whether the batch as a whole holds. */
static void write_batch(lane *writer, lane_job *batch)
{
    hu_error *errors[BATCH] = {0};
    size_t n = 0, i = 0;
    hu_error *whole = hu_store_begin(writer->store);
    for (lane_job *job = batch; job && !whole; job = job->next)
        errors[n++] = work_nested(writer->store, job);
    if (!whole)
        whole = hu_store_commit(writer->store);
    for (lane_job *job = batch, *next; job; job = next, i++) {
        next = job->next; /* done() may free the job */
        hu_error *error = i < n ? errors[i] : NULL;
        job->done(job->data, error ? error : copy_of(whole));
    }
    hu_error_free(whole);
}

static void *run(void *data)
{
    lane *here = data;
    for (lane_job *batch; (batch = take(here));) {
        if (here->writes)
            write_batch(here, batch);
        else
            batch->done(batch->data, batch->work(here->store, batch->data));
    }
    return NULL;
}

hu_error *lane_open(const char *uri, bool writes, lane **opened)
{
    *opened = NULL;
    lane *made = hu_xcalloc(1, sizeof *made);
    made->writes = writes;
    made->last = &made->first;
    hu_error *error = hu_store_open(uri, &made->store);
    if (!error && writes)
        error = hu_db_make_durable(made->store);
    if (error) {
        hu_store_close(made->store);
        free(made);
        return error;
    }
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->filled, NULL);
    if (pthread_create(&made->thread, NULL, run, made) != 0) {
        hu_store_close(made->store);
        free(made);
        return hu_fail(HU_IO, "the system gives no thread");
    }
    *opened = made;
    return NULL;
}

bool lane_add(lane *to, lane_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&to->lock);
    bool takes = !to->closing;
    if (takes) {
        *to->last = job;
        to->last = &job->next;
        to->counts.waiting++;
        pthread_cond_signal(&to->filled);
    }
    pthread_mutex_unlock(&to->lock);
    return takes;
}

void lane_end(lane *ending)
{
    if (!ending)
        return;
    pthread_mutex_lock(&ending->lock);
    ending->closing = true;
    pthread_cond_signal(&ending->filled);
    pthread_mutex_unlock(&ending->lock);
    pthread_join(ending->thread, NULL);
}

void lane_free(lane *ended)
{
    if (!ended)
        return;
    hu_store_close(ended->store);
    pthread_mutex_destroy(&ended->lock);
    pthread_cond_destroy(&ended->filled);
    free(ended);
}

lane_counts lane_count(lane *of)
{
    pthread_mutex_lock(&of->lock);
    lane_counts counts = of->counts;
    pthread_mutex_unlock(&of->lock);
    return counts;
}
