/* How fast a CSV file becomes typed columns: csv FILE [COLUMN…]. Prints MB/s (best of five) and the peak of memory. */

#include "huella/base/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    struct stat about;
    if (argc < 2 || stat(argv[1], &about) != 0) {
        fputs("usage: csv FILE [COLUMN…]\n", stderr);
        return 2;
    }
    hu_csv_options options = {.columns = argc > 2 ? (const char *const *)(void *)(argv + 2) : NULL};
    double best = 1e300;
    size_t rows = 0, columns = 0;
    for (int run = 0; run < 5; run++) {
        HU_SCRATCH(arena);
        hu_table *table;
        double start = seconds();
        hu_error *error = hu_csv_read(argv[1], &options, arena, &table);
        double took = seconds() - start;
        if (error) {
            fprintf(stderr, "%s\n", error->message);
            hu_error_free(error);
            return 3;
        }
        best = took < best ? took : best;
        rows = table->rows;
        columns = table->n_columns;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double megabytes = (double)about.st_size / 1e6;
    printf("csv: %.1f MB, %zu rows x %zu columns: %.3f s, %.0f MB/s, peak %.0f MB\n", megabytes, rows, columns, best,
           megabytes / best, (double)usage.ru_maxrss / 1024);
    return 0;
}
