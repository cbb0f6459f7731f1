#ifndef HUELLA_TESTS_CORPUS_DRAWN_H
#define HUELLA_TESTS_CORPUS_DRAWN_H

#include "corpus_check.h"

/* A corpus, and the path of a file that the test draws and that goes with it. */
typedef struct fixture {
    hu_arena *arena;
    hu_corpus *corpus;
    const char *path;
} fixture;

static inline int set_up_drawn(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->corpus = open_corpus(f->arena);
    f->path = temporary(f->arena, "drawn.pdf");
    *state = f;
    return 0;
}

static inline int tear_down_drawn(void **state)
{
    fixture *f = *state;
    remove_temporary(f->path);
    hu_corpus_close(f->corpus);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

#endif
