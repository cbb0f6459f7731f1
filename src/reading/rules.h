#ifndef HUELLA_READING_RULES_H
#define HUELLA_READING_RULES_H

#include "engine.h"

/* A phrase of a rule as the engine runs it. */
typedef struct hu_pattern {
    const hu_rule *rule;
    const hu_node *node; /* where it is written, for messages */
    const char *anchor;  /* what Hyperscan looks for */
    void *code;          /* pcre2_code of the whole phrase; NULL when it is one word */
    size_t fixed;        /* the word's length */
    size_t reach;        /* how far before the end of its anchor the phrase may begin */
} hu_pattern;

typedef struct hu_rule_book {
    const hu_lexicon *lexicon;
    size_t n_rules;
    hu_pattern *patterns;
    size_t n_patterns, capacity;
    void **owned; /* pcre2_code of conditions */
    size_t n_owned;
} hu_rule_book;

/** Adds the `rules` list of a file; errors name file, line and rule id. */
hu_error *rule_book_add(hu_rule_book *book, const hu_node *file, hu_arena *arena);
hu_error *rule_book_add_name(hu_rule_book *book, const hu_name_phrase *name, hu_arena *arena);
/** Where a key's values are known, that `value` is one of them. */
hu_error *sets_check(const char *key, const hu_node *value);
void rule_book_close(hu_rule_book *book);

#endif
