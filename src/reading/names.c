/* Names of persons in running text: capitals, initials, masks. */

#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LEAST_WORD = 4, LEAST_INITIALS = 3 };

bool one_of(const char *text, const char *const *list)
{
    while (*list && strcmp(*list, text) != 0)
        list++;
    return *list != NULL;
}

static size_t skip_blanks(const char *text, size_t at, size_t limit)
{
    while (at < limit && (text[at] == ' ' || (text[at] == '\n' && at + 1 < limit && text[at + 1] != '\n')))
        at++;
    return at;
}

static bool is_token_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '.' || c == '*' || c == '\'' || c == '-' || !c;
}

/* "J.R.P.", "J.": letters each followed by a full stop (the last may lack it) */
static bool are_initials(const char *folded, size_t length)
{
    bool stop = false;
    for (size_t i = 0; i < length; i++) {
        if (i % 2 ? folded[i] != '.' : !isalpha((unsigned char)folded[i]))
            return false;
        stop |= folded[i] == '.';
    }
    return stop;
}

/* A dash, quotation mark or ordinal sign of more than one byte begins here: no letter. */
static bool is_sign(const char *text, size_t at)
{
    return (unsigned char)text[at] == 0xE2 || (unsigned char)text[at] == 0xC2;
}

bool word_opens(const char *text, size_t at)
{
    size_t before = at;
    while (before > 0 && ((unsigned char)text[before - 1] & 0xC0) == 0x80)
        before--;
    if (before < at)
        return before > 0 && is_sign(text, before - 1);
    return at == 0 || !isalnum((unsigned char)text[at - 1]);
}

bool token_at(const hu_reading_context *c, size_t at, size_t limit, hu_token *token)
{
    const char *text = c->document->text;
    size_t end = at;
    bool inside = ((unsigned char)text[at] & 0xC0) == 0x80; /* of a letter or sign */
    while (!inside && end < limit && is_token_byte(text[end]) && !is_sign(text, end))
        end++;
    if (end == at)
        return false;
    size_t from = to_folded(c, at), to = to_folded(c, end);
    *token = (struct hu_token){.start = at, .end = end, .length = to - from};
    if (token->length == 0 || token->length >= NAME_TOKEN_BYTES)
        return false;
    memcpy(token->folded, c->document->folded + from, token->length);
    utf8proc_int32_t first = -1;
    utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(end - at), &first);
    bool numbers = end < limit && (unsigned char)text[end] == 0xC2; /* "N.°" */
    token->capital = first >= 0 && utf8proc_isupper(first) && !numbers;
    token->initials = token->capital && are_initials(token->folded, token->length);
    token->mask = strspn(text + at, "*xX.") >= end - at && end - at > 2 && text[at] != '.';
    return true;
}

size_t bare_length(const hu_token *token)
{
    return !token->initials && token->length > 1 && token->folded[token->length - 1] == '.' ? token->length - 1
                                                                                            : token->length;
}

bool is_name_word(const hu_reading_context *c, const hu_token *token)
{
    size_t length = bare_length(token);
    if (token->initials || token->mask)
        return true;
    return token->capital && isalpha((unsigned char)token->folded[0]) && !strpbrk(token->folded, "0123456789") &&
           !word_in(token->folded, length, c->reader->name_end) && !word_in(token->folded, length, c->reader->no_name);
}

/* "… a Luis Soto Ruiz. II. Ordenaron": a whole word with a full stop ends the name, and the sentence. */
static bool ends_there(const hu_token *token)
{
    return !token->initials && bare_length(token) >= LEAST_WORD && bare_length(token) < token->length;
}

/* Where a name that may go on at `at` goes on: behind particles ("de la Cruz"); false when it ends. */
static bool next_name_token(const hu_reading_context *c, size_t at, size_t limit, hu_token *token)
{
    const hu_reader *reader = c->reader;
    for (int particles = 0; particles < 4; particles++) {
        at = skip_blanks(c->document->text, at, limit);
        if (!token_at(c, at, limit, token))
            return false;
        if (!word_in(token->folded, bare_length(token), reader->name_particle))
            return is_name_word(c, token);
        at = token->end;
    }
    return false;
}

/* Skips words before a name that are none: "los procesados", "el acusado". False where nothing but them stands;
 * `token` is the first, then the one behind them. */
static bool skip_roles(const hu_reading_context *c, size_t limit, hu_token *token)
{
    for (int i = 0; i < 6; i++) {
        if (token->initials || !word_in(token->folded, bare_length(token), c->reader->no_name))
            return true;
        size_t at = token->end;
        if (at < limit && strchr(":,", c->document->text[at]))
            at++;
        if (!token_at(c, skip_blanks(c->document->text, at, limit), limit, token))
            return false;
    }
    return true;
}

/* A letter or number that tells persons apart: capital, alone, and what follows does not go on ("AL ACUSADO A DOCE").
 */
static bool is_mark(const hu_reading_context *c, const hu_token *mark, size_t limit)
{
    const char *text = c->document->text;
    size_t length = bare_length(mark);
    bool letter = length == 1 && mark->capital, figure = strspn(mark->folded, "0123456789") == length && length <= 2;
    if (!letter && !figure)
        return false;
    size_t at = skip_blanks(text, mark->end, limit);
    hu_token next;
    return mark->length > length || at >= limit || !token_at(c, at, limit, &next) ||
           word_in(next.folded, bare_length(&next), c->reader->pseudonym_next);
}

/* "Imputado A", "Procesada 2" */
static bool is_pseudonym(const hu_reading_context *c, const hu_token *role, size_t limit, hu_stretch *bytes)
{
    hu_token mark;
    if (!word_in(role->folded, role->length, c->reader->pseudonym))
        return false;
    size_t at = skip_blanks(c->document->text, role->end, limit);
    if (!token_at(c, at, limit, &mark) || !is_mark(c, &mark, limit))
        return false;
    *bytes = (hu_stretch){role->start, mark.start + 1 + (mark.length > 1 && mark.folded[1] != '.')};
    return true;
}

bool name_at(const hu_reading_context *c, size_t at, size_t limit, hu_stretch *bytes)
{
    hu_token token;
    if (!token_at(c, skip_blanks(c->document->text, at, limit), limit, &token))
        return false;
    if (is_pseudonym(c, &token, limit, bytes))
        return true;
    if (!skip_roles(c, limit, &token) || !is_name_word(c, &token) || token.folded[token.length - 1] == '-')
        return false;
    *bytes = (hu_stretch){token.start, token.end};
    bool masked = token.initials || token.mask;
    int n = 1;
    while (n < MAX_NAME_TOKENS && !ends_there(&token) && next_name_token(c, bytes->end, limit, &token)) {
        bytes->end = token.end;
        masked |= token.initials || token.mask;
        n++;
    }
    const char *text = c->document->text;
    if (!masked && text[bytes->end - 1] == '.')
        bytes->end--;
    return masked || n >= 2;
}

void name_tokens(hu_reading_context *c, hu_stretch bytes, hu_defendant *defendant)
{
    const char **tokens = HU_NEW_ARRAY(c->arena, const char *, MAX_NAME_TOKENS + 1);
    char initials[NAME_TOKEN_BYTES];
    size_t n_initials = 0;
    bool only_initials = true;
    for (size_t at = bytes.start; at < bytes.end;) {
        hu_token token;
        at = skip_blanks(c->document->text, at, bytes.end);
        if (!token_at(c, at, bytes.end, &token)) {
            at++;
            continue;
        }
        at = token.end;
        if (token.initials) {
            for (size_t i = 0; i < token.length && n_initials + 1 < sizeof initials; i++)
                if (isalpha((unsigned char)token.folded[i]))
                    initials[n_initials++] = token.folded[i];
        } else if (word_in(token.folded, token.length, c->reader->name_particle)) {
            continue;
        } else {
            only_initials = false;
        }
        if (defendant->n_tokens < MAX_NAME_TOKENS)
            tokens[defendant->n_tokens++] = hu_strndup(c->arena, token.folded, bare_length(&token));
    }
    defendant->tokens = tokens;
    if (only_initials && n_initials)
        defendant->initials = hu_strndup(c->arena, initials, n_initials);
}

/* The same word, or an initial of it: "N." of "Norma". */
static bool same_token(const char *a, const char *b)
{
    bool initial = (a[0] && a[1] == '.') || (b[0] && b[1] == '.');
    return initial ? a[0] == b[0] : strcmp(a, b) == 0;
}

static size_t common_tokens(const hu_defendant *a, const hu_defendant *b)
{
    size_t common = 0;
    for (size_t i = 0; i < a->n_tokens; i++)
        for (size_t j = 0; j < b->n_tokens; j++)
            if (same_token(a->tokens[i], b->tokens[j])) {
                common++;
                break;
            }
    return common;
}

/* "Y.M.R.T." stands for the name whose words begin so. */
static bool stands_for(const char *initials, const hu_defendant *whole)
{
    size_t n = strlen(initials);
    for (size_t i = 0; i < n && i < whole->n_tokens; i++)
        if (whole->tokens[i][0] != initials[i])
            return false;
    return n == whole->n_tokens && n >= LEAST_INITIALS;
}

bool same_person(const hu_defendant *a, const hu_defendant *b)
{
    if (a->initials && b->initials)
        return strcmp(a->initials, b->initials) == 0;
    if (a->initials || b->initials)
        return a->initials ? stands_for(a->initials, b) : stands_for(b->initials, a);
    size_t common = common_tokens(a, b), least = a->n_tokens < b->n_tokens ? a->n_tokens : b->n_tokens;
    return common >= 2 && common + 1 > least && common == least;
}
