#include "confusions.h"

#include <ctype.h>
#include <string.h>

/* A run of letters and figures in the folded text, and how it is written. */
typedef struct run {
    const char *text;
    const uint32_t *byte_of;
    char *folded;
    size_t start, end;
} run;

static bool is_vowel(char c)
{
    return c && strchr("aeiou", c);
}

static bool is_figure(char c)
{
    return isdigit((unsigned char)c);
}

static char written(const run *r, size_t i)
{
    return r->text[r->byte_of[i]];
}

static size_t count(const run *r, int (*is)(int))
{
    size_t n = 0;
    for (size_t i = r->start; i < r->end; i++)
        n += is((unsigned char)written(r, i)) != 0;
    return n;
}

/* Figures, and letters that look like them; ",OOO" behind figures goes on with a number. */
static bool is_number(const run *r)
{
    for (size_t i = r->start; i < r->end; i++)
        if (!is_figure(written(r, i)) && !strchr("OlI", written(r, i)))
            return false;
    bool goes_on = r->start >= 2 && strchr(",.-", r->folded[r->start - 1]) && is_figure(r->folded[r->start - 2]);
    return r->end - r->start >= 2 && (count(r, isdigit) > 0 || (goes_on && written(r, r->start) == 'O'));
}

static void mend_number(run *r)
{
    for (size_t i = r->start; i < r->end; i++)
        if (!is_figure(written(r, i)))
            r->folded[i] = written(r, i) == 'O' ? '0' : '1';
}

/* Every figure is a 0 or 1 between letters, or a 0 at the end behind one. */
static bool is_word(const run *r)
{
    size_t letters = 0;
    for (size_t i = r->start; i < r->end; i++) {
        char c = r->folded[i];
        letters += !is_figure(c);
        if (!is_figure(c))
            continue;
        bool behind = i > r->start && !is_figure(r->folded[i - 1]);
        bool before = i + 1 < r->end ? !is_figure(r->folded[i + 1]) : c == '0';
        if (!strchr("01", c) || !behind || !before)
            return false;
    }
    return letters >= 3;
}

/* "lca", "lnvestigación": no Spanish word begins with l and another consonant but "ll". */
static bool opens_as_i(const run *r)
{
    char next = r->folded[r->start + 1];
    return written(r, r->start) == 'l' && !is_vowel(next) && !strchr("lhy", next);
}

static void mend_word(run *r)
{
    bool capitals = count(r, isupper) >= 2;
    for (size_t i = r->start; i < r->end; i++)
        capitals &= !islower((unsigned char)written(r, i)) || written(r, i) == 'l';
    for (size_t i = r->start; i < r->end; i++) {
        char c = written(r, i);
        bool behind_small = i > r->start && islower((unsigned char)written(r, i - 1));
        if (is_figure(c))
            r->folded[i] = c == '0' ? 'o' : 'i';
        else if (c == 'l' && (capitals || (i == r->start && opens_as_i(r))))
            r->folded[i] = 'i';
        else if (c == 'I' && behind_small)
            r->folded[i] = 'l';
    }
}

/* What the letters and figures of a run are, as written: bits, for most runs have nothing to mend. */
enum { FIGURE = 1, SMALL = 2, SMALL_L = 4, CAPITAL = 8, CAPITAL_I = 16, LOOKS_ALIKE = 32 };

static unsigned kind_of(char c)
{
    if (is_figure(c))
        return FIGURE | LOOKS_ALIKE;
    if (c == 'l')
        return SMALL_L | LOOKS_ALIKE;
    if (islower((unsigned char)c))
        return SMALL;
    return isupper((unsigned char)c) ? CAPITAL | (c == 'I' ? CAPITAL_I : 0u) | (strchr("OI", c) ? LOOKS_ALIKE : 0u) : 0;
}

/* False where neither a number nor a word can hold anything that was taken for something else. */
static bool may_confuse(const run *r)
{
    unsigned any = 0, all = ~0u;
    for (size_t i = r->start; i < r->end; i++) {
        unsigned kind = kind_of(written(r, i));
        any |= kind;
        all &= kind;
    }
    bool small_l = any & SMALL_L && (!(any & SMALL) || written(r, r->start) == 'l');
    return any & (FIGURE | CAPITAL_I) || all & LOOKS_ALIKE || small_l;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): what `run` points to is mended in place */
void hu_confusions_mend(const char *text, const uint32_t *byte_of, char *folded, size_t length)
{
    for (size_t at = 0; at < length;) {
        if (!isalnum((unsigned char)folded[at])) {
            at++;
            continue;
        }
        run r = {text, byte_of, folded, at, at};
        while (r.end < length && isalnum((unsigned char)folded[r.end]))
            r.end++;
        if (!may_confuse(&r))
            ; /* the rule */
        else if (is_number(&r))
            mend_number(&r);
        else if (is_word(&r))
            mend_word(&r);
        at = r.end;
    }
}
