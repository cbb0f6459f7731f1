#ifndef HUELLA_READING_BLANKS_H
#define HUELLA_READING_BLANKS_H

#include "huella/base/arena.h"

/** A text in which each run of blanks and line ends is one blank: what a phrase is then does not vary in length. */
typedef struct hu_one_blank {
    char *text;
    size_t length;
    struct hu_cut {
        size_t at, dropped; /* from this byte on: bytes of the original that are missing before it */
    } * cuts;
    size_t n_cuts;
} hu_one_blank;

void blanks_to_one(const char *text, size_t length, hu_arena *arena, hu_one_blank *result);

/** Where in the original what ends at `end` (more than 0) ends; behind the first of several blanks. */
size_t blanks_end(const hu_one_blank *one, size_t end);

#endif
