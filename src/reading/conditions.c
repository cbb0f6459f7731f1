/* What a rule asks of the words around the place where it fires. */

#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine.h"

#include <pcre2.h>
#include <string.h>

enum { REACH = 400, POINT = 5 };

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* "ii)" opens a point of a list, though it is written small; "inc. a)" cites one. */
static bool opens_point(const hu_document *document, size_t at)
{
    size_t end = at;
    while (end < document->folded_length && end - at < POINT && is_letter(document->folded[end]))
        end++;
    return end - at > 1 && end < document->folded_length && document->folded[end] == ')';
}

/* A full stop at `at` ends a sentence: no letters of initials or of an abbreviation stand before it, none of the same
 * sentence behind it. */
static bool stop_ends(const hu_document *document, size_t at)
{
    const char *text = document->folded;
    if (at + 1 >= document->folded_length || !strchr(" \n", text[at + 1]))
        return at + 1 >= document->folded_length;
    size_t letters = 0;
    while (letters < at && letters < 4 && is_letter(text[at - letters - 1]))
        letters++;
    size_t next = at + 1;
    while (next < document->folded_length && strchr(" \n", text[next]))
        next++;
    char written = next < document->folded_length ? document->text[document->byte_of[next]] : 'A';
    if (is_letter(written)) /* goes on in small letters */
        return letters >= 4 || opens_point(document, next);
    return letters == 0 ? !(written >= '0' && written <= '9') : letters >= 3;
}

static bool ends(const hu_document *document, size_t at, bool clause)
{
    char c = document->folded[at];
    return c == '\n' || (c == ';' && clause) || (c == '.' && stop_ends(document, at));
}

static hu_stretch stretch_around(const hu_document *document, hu_stretch at, bool clause)
{
    hu_stretch found = at;
    while (found.start > 0 && at.start - found.start < REACH && !ends(document, found.start - 1, clause))
        found.start--;
    while (found.end < document->folded_length && found.end - at.end < REACH && !ends(document, found.end, clause))
        found.end++;
    return found;
}

hu_stretch sentence_around(const hu_document *document, hu_stretch at)
{
    return stretch_around(document, at, false);
}

hu_stretch clause_around(const hu_document *document, hu_stretch at)
{
    return stretch_around(document, at, true);
}

static bool stands(const void *code, const hu_document *document, size_t start, size_t end, void *match)
{
    return pcre2_match(code, (PCRE2_SPTR)document->folded, end, start, 0, match, NULL) >= 0;
}

const char *condition_broken(const hu_document *document, const hu_mention *mention, void *match)
{
    const hu_rule *rule = mention->rule;
    if (!rule->unless_before && !rule->unless_after && !rule->with && !rule->and_with && !rule->without)
        return NULL;
    hu_stretch sentence = sentence_around(document, (hu_stretch){mention->start, mention->end});
    size_t before = mention->start - sentence.start < rule->window ? sentence.start : mention->start - rule->window;
    size_t after = sentence.end - mention->end < rule->window ? sentence.end : mention->end + rule->window;
    if (rule->unless_before && stands(rule->unless_before, document, before, mention->start, match))
        return "a word of unless_before stands before it";
    if (rule->unless_after && stands(rule->unless_after, document, mention->end, after, match))
        return "a word of unless_after stands behind it";
    if (rule->with && !stands(rule->with, document, sentence.start, sentence.end, match))
        return "no word of with stands in its sentence";
    if (rule->and_with && !stands(rule->and_with, document, sentence.start, sentence.end, match))
        return "no word of and stands in its sentence";
    if (rule->without && stands(rule->without, document, sentence.start, sentence.end, match))
        return "a word of without stands in its sentence";
    return NULL;
}
