#include "huella/base/progress.h"

#include "huella/base/arena.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct hu_progress {
    FILE *terminal;
    const char *what;
    size_t total;
    atomic_size_t done;
    pthread_mutex_t lock; /* guards the terminal, `shown` and `next` */
    double started, next; /* seconds; the bar is drawn when the clock passes `next` */
    bool shown;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

hu_progress *hu_progress_start(FILE *terminal, const char *what, size_t total)
{
    if (!terminal || !isatty(fileno(terminal)))
        return NULL;
    hu_progress *progress = hu_xcalloc(1, sizeof *progress);
    progress->terminal = terminal;
    progress->what = what;
    progress->total = total;
    atomic_init(&progress->done, 0);
    pthread_mutex_init(&progress->lock, NULL);
    progress->started = now();
    progress->next = progress->started + 1;
    return progress;
}

/* 1204 -> "1,204" */
static const char *grouped(size_t number, char out[32])
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%zu", number), at = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

void hu_progress_line(const char *what, size_t done, size_t total, double seconds, char out[160])
{
    char a[32], b[32], left[48] = "";
    if (!total) {
        snprintf(out, 160, "%.40s  %s", what, grouped(done, a));
        return;
    }
    if (done > total)
        done = total;
    double share = (double)done / (double)total;
    double rest = done ? seconds * (1 - share) / share : 0;
    if (done && rest < 90)
        snprintf(left, sizeof left, "  %.0f s left", rest);
    else if (done && rest < 5400)
        snprintf(left, sizeof left, "  %.0f min left", rest / 60);
    else if (done)
        snprintf(left, sizeof left, "  %.0f h left", rest / 3600);
    snprintf(out, 160, "%.40s  %s/%s  %d %%%s", what, grouped(done, a), grouped(total, b), (int)(100 * share), left);
}

void hu_progress_step(hu_progress *progress, size_t steps)
{
    if (!progress)
        return;
    size_t done = atomic_fetch_add(&progress->done, steps) + steps;
    /* A thread that finds another one at the terminal goes back to work. */
    if (pthread_mutex_trylock(&progress->lock) != 0)
        return;
    double time = now();
    if (time >= progress->next) {
        char line[160];
        hu_progress_line(progress->what, done, progress->total, time - progress->started, line);
        fprintf(progress->terminal, "\r%s\033[K", line);
        fflush(progress->terminal);
        progress->shown = true;
        progress->next = time + 0.1;
    }
    pthread_mutex_unlock(&progress->lock);
}

void hu_progress_end(hu_progress *progress)
{
    if (!progress)
        return;
    if (progress->shown) {
        fputs("\r\033[K", progress->terminal);
        fflush(progress->terminal);
    }
    pthread_mutex_destroy(&progress->lock);
    free(progress);
}
