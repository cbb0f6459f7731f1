/* What reading text costs, stage by stage: reading RULES FOLDER [STAGE]. One thread, CPU time; every document is held
 * in memory first. */

#include "context.h"

#include "huella/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MIN_ROUNDS = 3, MAX_ROUNDS = 400 };
static const double ENOUGH = 1.5; /* seconds a stage: the fastest round counts, the machine has other things to do */

typedef struct texts {
    hu_corpus *corpus;
    hu_reader *reader;
    hu_file *files;
    hu_document **documents;
    size_t count, bytes;
} texts;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static hu_error *normalise(texts *t, size_t i)
{
    HU_SCRATCH(arena);
    hu_document *document;
    return hu_document_from_text(t->corpus, "text", t->files[i].data, t->files[i].length, arena, &document);
}

static hu_error *scan_bare(texts *t, size_t i)
{
    size_t n;
    return engine_count_hits(t->reader->engine, t->documents[i], &n);
}

static hu_error *scan_rules(texts *t, size_t i)
{
    HU_SCRATCH(arena);
    hu_mention_list mentions;
    return engine_scan(t->reader->engine, t->documents[i], arena, NULL, &mentions);
}

static hu_error *read_all_of_it(texts *t, size_t i)
{
    HU_SCRATCH(arena);
    hu_reading *reading;
    return hu_read(t->reader, t->documents[i], arena, &reading);
}

/* Text in, findings out. */
static hu_error *read_text(texts *t, size_t i)
{
    HU_SCRATCH(arena);
    hu_document *document;
    hu_reading *reading;
    HU_TRY(hu_document_from_text(t->corpus, "text", t->files[i].data, t->files[i].length, arena, &document));
    return hu_read(t->reader, document, arena, &reading);
}

static hu_error *measure(texts *t, hu_error *(*stage)(texts *, size_t), double *best)
{
    *best = 1e9;
    double spent = 0;
    for (int round = 0; round < MIN_ROUNDS || (spent < ENOUGH && round < MAX_ROUNDS); round++) {
        double start = seconds();
        for (size_t i = 0; i < t->count; i++)
            HU_TRY(stage(t, i));
        double took = seconds() - start;
        *best = took < *best ? took : *best;
        spent += took;
    }
    return NULL;
}

static hu_error *load(texts *t, const char *rules, const char *folder, hu_arena *arena)
{
    static const char *const endings[] = {".txt", NULL};
    hu_corpus_options options = {.worker = "none", .rules_dir = rules};
    char **paths;
    HU_TRY(hu_corpus_open(&options, &t->corpus));
    HU_TRY(hu_reader_open(rules, &t->reader));
    HU_TRY(hu_list_files(folder, endings, arena, &paths, &t->count));
    t->files = HU_NEW_ARRAY(arena, hu_file, t->count);
    t->documents = HU_NEW_ARRAY(arena, hu_document *, t->count);
    for (size_t i = 0; i < t->count; i++) {
        HU_TRY(hu_file_open(paths[i], 0, &t->files[i]));
        HU_TRY(
            hu_document_from_text(t->corpus, paths[i], t->files[i].data, t->files[i].length, arena, &t->documents[i]));
        t->bytes += t->files[i].length;
    }
    return NULL;
}

static hu_error *run(const char *rules, const char *folder, const char *only, hu_arena *arena)
{
    static const struct {
        const char *name;
        hu_error *(*stage)(texts *, size_t);
    } stages[] = {{"normalise", normalise},
                  {"bare Hyperscan scan", scan_bare},
                  {"all rules", scan_rules},
                  {"all rules and the order of the findings", read_all_of_it},
                  {"text in, findings out", read_text}};
    texts t = {0};
    double bare = 0;
    HU_TRY(load(&t, rules, folder, arena));
    printf("reading %zu texts, %.2f MB, one core\n", t.count, 1e-6 * (double)t.bytes);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        double took;
        if (only && strcmp(only, stages[i].name) != 0)
            continue;
        HU_TRY(measure(&t, stages[i].stage, &took));
        bare = stages[i].stage == scan_bare ? took : bare;
        printf("  %s: %.1f ms, %.1f MB/s", stages[i].name, 1e3 * took, 1e-6 * (double)t.bytes / took);
        if (bare > 0 && stages[i].stage != scan_bare)
            printf(", %.1f x the bare scan", took / bare);
        putchar('\n');
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fputs("usage: reading RULES FOLDER [STAGE]\n", stderr);
        return 2;
    }
    hu_arena *arena = hu_arena_new();
    hu_error *error = run(argv[1], argv[2], argc > 3 ? argv[3] : NULL, arena);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    hu_arena_free(arena);
    return error ? 1 : 0;
}
