#include "huella/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* Set while a thread runs tasks: work inside a task stays on that thread, for all processors are taken already. */
static _Thread_local int inside;

typedef struct crew {
    hu_task *task;
    void *context;
    size_t count;
    atomic_size_t next;         /* the first task that nobody took */
    atomic_size_t failed_index; /* the lowest index that failed so far; count = none */
    pthread_mutex_t lock;       /* guards error, and failed_index when it is written */
    hu_error *error;
} crew;

static void note_error(crew *c, size_t index, hu_error *error)
{
    pthread_mutex_lock(&c->lock);
    if (index < atomic_load(&c->failed_index)) {
        hu_error_free(c->error);
        c->error = error;
        atomic_store(&c->failed_index, index);
    } else {
        hu_error_free(error);
    }
    pthread_mutex_unlock(&c->lock);
}

/*
 * Tasks are taken in order of index, and one that was taken is left out only if a lower one failed. So every task below
 * the lowest failure runs, and the error that is returned is the same on any number of threads.
 */
static void *work(void *argument)
{
    crew *c = argument;
    int outer = inside;
    inside = 1;
    for (;;) {
        size_t index = atomic_fetch_add(&c->next, 1);
        if (index >= c->count || index > atomic_load(&c->failed_index))
            break;
        hu_error *error = c->task(c->context, index);
        if (error)
            note_error(c, index, error);
    }
    inside = outer;
    return NULL;
}

int hu_threads_default(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        return CPU_COUNT(&allowed);
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* more than 1,024 processors */
    return online > 0 ? (int)online : 1;
}

hu_error *hu_parallel(size_t count, int threads, hu_task *task, void *context)
{
    enum { MOST = 1024 };
    size_t wanted = inside ? 1 : (size_t)(threads > 0 ? threads : hu_threads_default());
    if (wanted > count)
        wanted = count;
    if (wanted > MOST)
        wanted = MOST;
    crew c = {.task = task, .context = context, .count = count};
    atomic_init(&c.next, 0);
    atomic_init(&c.failed_index, count);
    pthread_mutex_init(&c.lock, NULL);
    pthread_t helpers[MOST];
    size_t started = 0;
    while (started + 1 < wanted && pthread_create(&helpers[started], NULL, work, &c) == 0)
        started++; /* where the system gives no more threads, those there are do the work */
    work(&c);
    for (size_t i = 0; i < started; i++)
        pthread_join(helpers[i], NULL);
    pthread_mutex_destroy(&c.lock);
    return c.error;
}
