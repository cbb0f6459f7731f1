#ifndef HUELLA_BASE_TEXT_H
#define HUELLA_BASE_TEXT_H

#include "huella/base/arena.h"
#include "huella/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A view of bytes that somebody else owns; data NULL means missing. Not NUL-terminated. */
typedef struct hu_str {
    const char *data;
    size_t length;
} hu_str;

hu_str hu_str_of(const char *text);
bool hu_str_equal(hu_str a, hu_str b);
bool hu_str_is(hu_str a, const char *b);
hu_str hu_str_trim(hu_str text);                  /* white space at both ends */
int hu_str_compare(const void *a, const void *b); /* byte order, for qsort over hu_str */
/** The beginning of a text for a message: at most 60 bytes, cut between code points, "…" where cut; control characters
 * become spaces. */
const char *hu_excerpt(hu_str text, char out[80]);
#define HU_STR_ARG(s) (int)(s).length, (s).data /* for "%.*s" */

/** Bytes that grow, on malloc; text is always NUL-terminated. Start from {0}; hu_buf_free ends it. */
typedef struct hu_buf {
    char *data;
    size_t length, capacity;
} hu_buf;

void hu_buf_add(hu_buf *buf, const void *bytes, size_t length);
void hu_buf_add_text(hu_buf *buf, const char *text);
void hu_buf_add_char(hu_buf *buf, char c);
void hu_buf_printf(hu_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void hu_buf_free(hu_buf *buf);
#define HU_BUF(name) __attribute__((cleanup(hu_buf_free))) hu_buf name = {0}

/** Reads the code point at `*text` and moves past it; -1 (moving one byte) where the bytes are not UTF-8. */
int32_t hu_utf8_next(const char **text, const char *end);
void hu_utf8_add(hu_buf *buf, uint32_t code_point);
bool hu_utf8_valid(const char *text, size_t length);
size_t hu_utf8_count(const char *text, size_t length); /* code points; length must be valid UTF-8 */
/** Latin-1 (in fact Windows-1252, its superset in practice) to UTF-8. */
void hu_latin1_to_utf8(const char *text, size_t length, hu_buf *out);

/**
 * Text as patterns see it: lower case, without accents (ñ becomes n), ligatures and other compatible forms as their
 * letters (ﬁ becomes fi, º becomes o, a hard blank a blank), whether composed or decomposed. Bytes that are not UTF-8
 * become '?', one each. Never longer than the text, which is shorter than 4 GiB; NUL-terminated; lives in `arena`.
 *
 * folded     the folded text
 * byte_of    byte_of[i] is the byte offset in `text` of the code point that folded byte i came from;
 *            byte_of[folded length] = length. NULL when not wanted.
 */
void hu_fold(const char *text, size_t length, hu_arena *arena, char **folded, size_t *folded_length,
             uint32_t **byte_of);

/** Edit distance (Levenshtein, over bytes), to suggest what was meant; stops above `limit`. */
size_t hu_edit_distance(const char *a, const char *b, size_t limit);

/** The candidate (NULL-terminated list) closest to `word`, or NULL if none is close. */
const char *hu_closest(const char *word, const char *const *candidates);

#endif
