#ifndef HUELLA_BASE_PARALLEL_H
#define HUELLA_BASE_PARALLEL_H

#include "huella/base/error.h"

#include <stddef.h>

/**
 * Runs task(context, i) for i = 0 … count-1 on `threads` threads (0 = all), in chunks of whatever is free.
 *
 * Results must depend on i only (never on the thread), so that any number of threads gives the same bytes. The first
 * error by index is returned, the others are freed; tasks not yet begun are skipped after an error.
 */
typedef hu_error *hu_task(void *context, size_t index);

hu_error *hu_parallel(size_t count, int threads, hu_task *task, void *context);
int hu_threads_default(void); /* processors this process may use */

#endif
