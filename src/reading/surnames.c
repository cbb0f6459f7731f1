/* A surname alone ("Ulloa abonará …") stands for the one defendant who bears it. */

#include "context.h"

#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

enum { LEAST_LETTERS = 4, WORD_BYTES = 64 };

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_capital(const char *text, size_t at, size_t end)
{
    utf8proc_int32_t code = -1;
    utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(end - at), &code);
    return code >= 0 && utf8proc_isupper(code);
}

/* The word before is part of a longer name: "Ana Ulloa". */
static bool in_longer_name(const hu_reading_context *c, size_t at)
{
    const char *text = c->document->text;
    size_t end = at, start;
    if (end == 0 || text[end - 1] != ' ')
        return false;
    end--;
    start = end;
    while (start > 0 && is_letter(text[start - 1]))
        start--;
    if (start == end || !is_capital(text, start, end))
        return end > 0 && text[end - 1] == '.' && end > 1 && isupper((unsigned char)text[end - 2]); /* "J. Ulloa" */
    size_t from = to_folded(c, start), to = to_folded(c, end);
    const char *word = c->document->folded + from;
    return !word_in(word, to - from, c->reader->name_end) && !word_in(word, to - from, c->reader->no_name);
}

bool surname_at(const hu_reading_context *c, size_t at, size_t limit, size_t *who, hu_stretch *bytes)
{
    const char *text = c->document->text;
    size_t end = at;
    while (end < limit && end - at < WORD_BYTES && is_letter(text[end]))
        end++;
    size_t from = to_folded(c, at), length = to_folded(c, end) - from, found = c->n_defendants;
    if (length < LEAST_LETTERS || !is_capital(text, at, end))
        return false;
    for (size_t i = 0; i < c->n_defendants; i++) {
        const hu_defendant *one = &c->defendants[i];
        for (size_t j = 1; j < one->n_tokens; j++) {
            if (strlen(one->tokens[j]) != length || memcmp(one->tokens[j], c->document->folded + from, length) != 0)
                continue;
            if (found < c->n_defendants && found != i)
                return false; /* borne by two */
            found = i;
        }
    }
    if (found == c->n_defendants || word_in(c->document->folded + from, length, c->reader->given_name) ||
        in_longer_name(c, at))
        return false;
    *who = found;
    *bytes = (hu_stretch){at, end};
    return true;
}
