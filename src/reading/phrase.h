#ifndef HUELLA_READING_PHRASE_H
#define HUELLA_READING_PHRASE_H

#include "huella/base/arena.h"
#include "huella/base/text.h"
#include "huella/base/yaml.h"

/**
 * The pattern language of rules/: phrases as a lawyer writes them, compiled to regular expressions over folded text.
 *
 *   no haber nulidad     words, whatever blanks or line breaks stand between them; accents and case do not matter
 *   condena*             any ending
 *   (uno|dos)            one of several
 *   [la]                 may be missing
 *   ...                  up to 80 characters of the same clause
 *   {person}             a word list or shape of lexicon.yaml
 */
typedef struct hu_lexicon hu_lexicon;

/** Reads lexicon.yaml: `words` (lists of phrases) and `shapes` (regular expressions, which may name others). */
hu_error *lexicon_load(const char *path, hu_arena *arena, hu_lexicon **result);
/** Adds a shape that is any of these expressions, in this order (the places of regions.yaml). */
void lexicon_add(hu_lexicon *lexicon, hu_arena *arena, const char *name, const char *const *regexes, size_t n);
/** A word list, folded, and the same sorted: those whose first byte is b stand from from[b] up to from[b + 1]. */
typedef struct hu_words {
    const char *const *list; /* as it is written, NULL-terminated */
    const char **sorted;
    uint32_t from[257];
} hu_words;

/** A list of words that C code asks for by name. */
hu_error *lexicon_words(const hu_lexicon *lexicon, const char *name, const hu_words **words);
bool word_in(const char *word, size_t length, const hu_words *words);
/** The regular expression of a word list or shape. */
hu_error *lexicon_shape(const hu_lexicon *lexicon, const char *name, const char **regex);

/** A word list or shape as one compiled PCRE2 pattern; the caller frees it. */
hu_error *lexicon_regex(const hu_lexicon *lexicon, const char *name, void **code);

enum { HU_LOOK_BACK = 240 }; /* a phrase begins at most so many bytes before its anchor ends */

typedef struct hu_phrase_regex {
    const char *whole;  /* for PCRE2 */
    const char *anchor; /* for Hyperscan, in a text of single blanks: the part without placeholders and gaps that has
                           most letters, without an ending behind it */
    size_t reach;       /* bytes from the phrase's beginning to the anchor's end, at most HU_LOOK_BACK */
    size_t fixed;       /* bytes of the phrase when it is one word, which the anchor finds alone; else 0 */
    size_t letters;     /* weight of the anchor: what it is surely made of */
} hu_phrase_regex;

/** Compiles a phrase; errors are told at `node`. */
hu_error *phrase_compile(const hu_lexicon *lexicon, const hu_node *node, const char *phrase, hu_arena *arena,
                         hu_phrase_regex *result);
/** Replaces {names} in a regular expression by what the lexicon says. */
hu_error *regex_expand(const hu_lexicon *lexicon, const hu_node *node, const char *regex, hu_arena *arena,
                       const char **result);

#endif
