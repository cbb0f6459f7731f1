#ifndef HUELLA_BASE_PROGRESS_H
#define HUELLA_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/**
 * A progress bar that shows itself only for work over a second, on a terminal: "reading  1,204/4,000  30 %  12 s left".
 * Safe to step from several threads. It is written by cli/: below, functions take a hu_progress * that may be NULL.
 */
typedef struct hu_progress hu_progress;

hu_progress *hu_progress_start(FILE *terminal, const char *what, size_t total); /* terminal NULL = silent */
void hu_progress_step(hu_progress *progress, size_t steps);
void hu_progress_end(hu_progress *progress); /* removes the bar and frees it */

#endif
