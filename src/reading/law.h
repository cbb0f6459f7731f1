#ifndef HUELLA_READING_LAW_H
#define HUELLA_READING_LAW_H

#include "engine.h"

/** The law table (rules/law.yaml): offences, their articles, ranges. */
typedef struct hu_law_article {
    const char *article;           /* "153-A" as written in the table */
    const char *folded;            /* "153a": how it is looked up */
    const char *from, *until;      /* ISO, NULL = open */
    bool strict;                   /* outside these dates the number means something else */
    int minimum, maximum, highest; /* months; 0 = not in the table */
} hu_law_article;

typedef struct hu_law_offence {
    const char *code;
    int rank; /* 0 unrelated, 1 related lesser, 2 trafficking, 3 trafficking aggravated */
    hu_law_article *articles;
    size_t n_articles;
} hu_law_offence;

typedef struct hu_law {
    hu_law_offence *offences;
    size_t n_offences;
} hu_law;

/** Reads the table and adds the offences' names to what the engine looks for ({offence: code}). */
hu_error *law_load(const char *path, hu_arena *arena, hu_rule_sources *sources, hu_law **result);
const hu_law_offence *law_find(const hu_law *law, const char *code);
/**
 * The offence that an article meant on a day ("153a": digits and letter, folded; the day in ISO, NULL = not known). A
 * row in force on that day goes before others; the two numberings of 2021 are cited for either, so a row out of force
 * will do, unless it is strict. NULL if none.
 */
const hu_law_offence *law_of_article(const hu_law *law, const char *folded, const char *day,
                                     const hu_law_article **article);

#endif
