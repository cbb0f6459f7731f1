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

/** `what` must outlive the bar; total 0 = not known. Returns NULL where nothing can be shown: no terminal. */
hu_progress *hu_progress_start(FILE *terminal, const char *what, size_t total);
void hu_progress_step(hu_progress *progress, size_t steps);
void hu_progress_end(hu_progress *progress); /* removes the bar and frees it */

/** The text of the bar after `seconds` of work. */
void hu_progress_line(const char *what, size_t done, size_t total, double seconds, char out[160]);

#endif
