#ifndef HUELLA_READING_VICTIMS_H
#define HUELLA_READING_VICTIMS_H

#include "context.h"

enum { MAX_VICTIMS = 200 };

/* Somebody who suffered, known by initials or a code. */
typedef struct hu_victim {
    const char *key; /* letters and digits, folded */
    hu_stretch at;
    int age; /* 0: not told */
    bool minor;
    char sex; /* 'f', 'm'; 0: not told, '?': told as both */
} hu_victim;

typedef struct hu_victim_list {
    hu_victim items[MAX_VICTIMS];
    size_t count;
} hu_victim_list;

/** Everybody whom the text lists by initials or codes as a victim, each once. */
hu_victim_list *find_victims(hu_reading_context *c);

/** How many of them are named between two places, the last of them within `near` bytes of the end. */
int victims_named(hu_reading_context *c, hu_victim_list *list, size_t from, size_t to, size_t near);

#endif
