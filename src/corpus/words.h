#ifndef HUELLA_CORPUS_WORDS_H
#define HUELLA_CORPUS_WORDS_H

#include "line.h"
#include "phrases.h"

typedef struct hu_word_count {
    hu_str word;
    uint32_t count, hash; /* count 0: a free slot */
} hu_word_count;

/** The words of a document with how often each stands in it. */
typedef struct hu_vocabulary {
    hu_word_count *slots; /* found by hash; their number is a power of two */
    size_t n_slots, n_words;
} hu_vocabulary;

/** Words are parted by blanks and narrow gaps, without punctuation at their ends. Empty for texts beyond 8 MiB. */
void hu_vocabulary_build(const hu_line_list *lines, hu_arena *arena, hu_vocabulary *vocabulary);
size_t hu_vocabulary_count(const hu_vocabulary *vocabulary, hu_str word);

/**
 * Mends blanks inside lines: spaced-out headings ("C O R T E  S U P E R I O R"), narrow gaps, repairs of phrases.h; one
 * blank between words afterwards. A narrow gap is closed between digits, and between letters when the whole word stands
 * elsewhere in the document or a half stands nowhere else. In plain text any blank may be spurious: it is closed when
 * both pieces are rare and the whole is a word of the document.
 */
void hu_words_mend(const hu_phrases *phrases, const hu_vocabulary *vocabulary, hu_arena *arena, hu_line_list *lines);

/** One line's text, for tests: the steps of words_mend. What it returns is in `text` itself where nothing changes. */
hu_str hu_words_mend_text(const hu_phrases *phrases, const hu_vocabulary *vocabulary, hu_arena *arena, hu_str text,
                          bool plain);

#endif
