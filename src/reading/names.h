#ifndef HUELLA_READING_NAMES_H
#define HUELLA_READING_NAMES_H

#include "context.h"

enum { MAX_NAME_TOKENS = 8, NAME_TOKEN_BYTES = 64 };

/* A word as names see it. */
typedef struct hu_token {
    size_t start, end; /* bytes of the text */
    char folded[NAME_TOKEN_BYTES];
    size_t length;
    bool capital, initials, mask;
} hu_token;

bool word_opens(const char *text, size_t at);
bool token_at(const hu_reading_context *c, size_t at, size_t limit, hu_token *token);
/** The word's folded letters without the full stop that ends a sentence. */
size_t bare_length(const hu_token *token);
/** False for words in small letters, roles and whatever else ends a name; particles are not told apart. */
bool is_name_word(const hu_reading_context *c, const hu_token *token);

/* roster.c: every name that stands in the text from byte `from` on */
typedef struct hu_roster hu_roster;
const hu_roster *roster_new(hu_reading_context *c, size_t from);
/** Where the name first stands whose folded words, joined by blanks, are these; false when it stands nowhere. */
bool roster_find(const hu_roster *roster, const char *key, hu_stretch *bytes);
/** Surnames alone become the one whole name in the text that holds them; false when there is none, or two persons. */
bool roster_complete(hu_reading_context *c, const hu_roster *roster, hu_stretch *bytes);

/* occurrences.c */
/** Where a stretch of the text names the defendants; takes the place of what was found before. */
void find_occurrences(hu_reading_context *c, hu_stretch where);

/* header_names.c */
/** The persons of a list in the header block; `found` is called with each, its label in natural order. */
typedef void hu_name_found(hu_reading_context *c, hu_stretch bytes, const char *label, const hu_rule *rule);
void header_names(hu_reading_context *c, const hu_roster *roster, const hu_mention *mention, hu_name_found *found);

#endif
