#ifndef HUELLA_CORPUS_CHARACTERS_H
#define HUELLA_CORPUS_CHARACTERS_H

#include "huella/base/arena.h"
#include "huella/base/text.h"

/**
 * Clean characters: valid UTF-8 in NFC; ligatures taken apart; every kind of blank a blank; no control codes, soft
 * hyphens, joiners, byte-order marks, private-use codes or U+FFFD. `text` must be valid UTF-8.
 */
hu_str hu_characters_clean(hu_str text, hu_arena *arena);

/** A code point that a blank stands for (no-break space, tab, …). */
bool hu_character_is_blank(int32_t code_point);
bool hu_character_is_letter(int32_t code_point);
bool hu_character_is_upper(int32_t code_point);
bool hu_character_is_lower(int32_t code_point);

/** First and last code point of a text; 0 when empty. */
int32_t hu_character_first(hu_str text);
int32_t hu_character_last(hu_str text);

#endif
