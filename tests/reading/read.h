#ifndef HUELLA_TESTS_READ_H
#define HUELLA_TESTS_READ_H

/* What the tests of reading share: a corpus and a reader over the project's rules, and text read in one call. */

#include "check.h"

#include "huella/reading/reading.h"

typedef struct fixture {
    hu_corpus *corpus;
    hu_reader *reader;
    hu_arena *arena;
} fixture;

static inline int open_fixture(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    char worker[4096]; /* it stands beside the program */
    snprintf(worker, sizeof worker, "%s-pdf-worker", getenv("HUELLA_PROGRAM"));
    hu_corpus_options options = {.worker = worker, .rules_dir = getenv("HUELLA_RULES")};
    CHECK_OK(hu_corpus_open(&options, &f->corpus));
    CHECK_OK(hu_reader_open(options.rules_dir, &f->reader));
    f->arena = hu_arena_new();
    *state = f;
    return 0;
}

static inline int close_fixture(void **state)
{
    fixture *f = *state;
    hu_reader_close(f->reader);
    hu_corpus_close(f->corpus);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

static inline hu_reading *read_text(fixture *f, const char *text)
{
    hu_document *document;
    hu_reading *reading;
    CHECK_OK(hu_document_from_text(f->corpus, "text", text, strlen(text), f->arena, &document));
    CHECK_OK(hu_read(f->reader, document, f->arena, &reading));
    return reading;
}

/* The value as text; "" when there is none. */
static inline const char *value(const hu_reading *reading, const char *key)
{
    const hu_finding *finding = hu_reading_find(reading, key);
    return finding && finding->text ? finding->text : "";
}

static inline double number(const hu_reading *reading, const char *key)
{
    const hu_finding *finding = hu_reading_find(reading, key);
    return finding ? finding->number : NAN;
}

#endif
