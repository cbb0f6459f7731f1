#ifndef HUELLA_CORPUS_PHRASES_H
#define HUELLA_CORPUS_PHRASES_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "huella/base/arena.h"
#include "huella/base/error.h"
#include "huella/base/text.h"
#include "huella/corpus/document.h"

#include <pcre2.h>

/** A set of words or texts, sorted. */
typedef struct hu_word_set {
    hu_str *items;
    size_t count;
} hu_word_set;

bool hu_word_set_has(const hu_word_set *set, hu_str word);

/** The same for a word as written, folded first; words beyond 32 bytes are in no set. */
bool hu_word_set_has_folded(const hu_word_set *set, hu_str word);

typedef struct hu_repair {
    pcre2_code *find;
    const char *put;
    bool scans; /* only where text was recognised in a picture */
} hu_repair;

/** rules/corpus.yaml, compiled; what each entry means is said there. Patterns meet folded text (hu_fold). */
typedef struct hu_phrases {
    hu_word_set stamp_marks, stamp_ends;
    long stamp_needs, stamp_lines;
    pcre2_code *stamp_start;    /* at the start of a line of plain text */
    pcre2_code *page_number;    /* a whole line at the edge of a page */
    pcre2_code *page_header;    /* a whole line among the first of a page after the first */
    pcre2_code *page_mark;      /* a whole line anywhere in a plain text */
    pcre2_code *enumerator;     /* at the start of a line */
    pcre2_code *heading_number; /* before a heading */
    hu_word_set connectives, heading_words, common_words;
    hu_repair *repairs; /* these meet text as written */
    size_t n_repairs;
    pcre2_code *any_repair; /* where one of them that is not for scans alone has something to do; NULL = none is */
    pcre2_code *headings[HU_N_PARTS]; /* NULL for the header */
    pcre2_code *leads, *rulings, *decision_verbs, *votes;
    long lead_reach, cluster_reach;
    pcre2_code *split_court, *split_heading,
        *split_label;                     /* at the start of a line in the head of a page; see split.h */
    pcre2_code *split_number, *split_end; /* anywhere in a line */
} hu_phrases;

hu_error *hu_phrases_load(const char *rules_dir, hu_arena *arena, hu_phrases *phrases);
void hu_phrases_free(hu_phrases *phrases); /* the compiled patterns; the rest is the arena's */

/** Where a pattern matches first, from `from` on; `anchored`: only there. */
bool hu_phrase_find(const pcre2_code *pattern, hu_str text, size_t from, bool anchored, size_t *start, size_t *end);

#endif
