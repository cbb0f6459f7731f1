/* How the operative part is cut: points, sentences, and the stretch that one ruling governs. */

#include "rulings.h"

#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

enum { MAX_ORDINAL = 16 };

bool in_capitals(const hu_reading_context *c, const hu_mention *mention)
{
    hu_stretch bytes = to_bytes(c, (hu_stretch){mention->start, mention->end});
    const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)c->document->text;
    size_t lower = 0, upper = 0;
    for (size_t i = bytes.start; i < bytes.end;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t step = utf8proc_iterate(text + i, (utf8proc_ssize_t)(bytes.end - i), &code);
        if (step <= 0)
            break;
        lower += utf8proc_islower(code) && code != 0xBA && code != 0xAA; /* ordinal marks: "R.N. N.º" */
        upper += utf8proc_isupper(code) != 0;
        i += (size_t)step;
    }
    return upper > 4 * lower;
}

static bool is_upper_at(const hu_reading_context *c, size_t at)
{
    utf8proc_int32_t code = -1;
    size_t byte = c->document->byte_of[at];
    utf8proc_iterate((const utf8proc_uint8_t *)c->document->text + byte, (utf8proc_ssize_t)(c->document->length - byte),
                     &code);
    return code >= 0 && utf8proc_isupper(code);
}

/* "II.", "3)", "b)", "4.2.-", "SEGUNDO:" at `at`: the place behind it, or `at` when there is none. */
static size_t behind_number(const hu_reading_context *c, size_t at, size_t end)
{
    const char *text = c->document->folded;
    size_t p = at + (text[at] == '('), word = 0;
    while (p + word < end && isalpha((unsigned char)text[p + word]) && word < MAX_ORDINAL)
        word++;
    bool ordinal = word > 0 && word_in(text + p, word, c->reader->ordinal);
    bool roman = word > 0 && word <= 5 && strspn(text + p, "ivx") == word;
    if (ordinal || roman || (word == 1 && text[p] <= 'm')) {
        p += word;
    } else if (isdigit((unsigned char)text[p])) {
        while (p < end && p - at < 8 && strchr("0123456789.", text[p]))
            p++;
        if (p < end && text[p] == 'o') /* º folds to o */
            p++;
        if (strchr(".o", text[p - 1]) && p < end && text[p] == ' ')
            return p;
    } else {
        return at;
    }
    while (p < end && (unsigned char)text[p] >= 0x80)
        p++;
    size_t marks = strspn(text + p, ".:-)");
    bool letter = word == 1 && !roman;
    return marks && !(letter && !memchr(text + p, ')', marks)) ? p + marks : at;
}

/* "… de iniciales C." */
static bool ends_initial(const char *text, size_t end)
{
    return text[end - 1] == '.' && end > 2 && isalpha((unsigned char)text[end - 2]) &&
           !isalnum((unsigned char)text[end - 3]);
}

/* A point begins with a paragraph that goes on from none, or with a number behind the end of a sentence. */
static bool item_begins(const hu_reading_context *c, size_t at, size_t start, size_t end)
{
    const char *text = c->document->folded;
    if (at == start)
        return true;
    if (!strchr(" \n", text[at - 1]) || strchr(" \n", text[at]))
        return false;
    bool paragraph = at >= 2 && text[at - 1] == '\n' && text[at - 2] == '\n';
    if (paragraph && (is_upper_at(c, at) || behind_number(c, at, end) > at))
        return true;
    size_t before = at;
    while (before > start && strchr(" \n", text[before - 1]))
        before--;
    if (before == start || !strchr(".;:", text[before - 1]))
        return false;
    size_t behind = behind_number(c, at, end), word = behind;
    if (behind == at || behind >= end || !strchr(" \n", text[behind]) || ends_initial(text, before))
        return false;
    while (word < end && strchr(" \n", text[word]))
        word++;
    return word + 2 < end && isalpha((unsigned char)text[word + 1]) && isalpha((unsigned char)text[word + 2]) &&
           is_upper_at(c, word);
}

void find_items(hu_reader_state *s)
{
    size_t capacity = 0, *items = NULL, n = 0;
    for (size_t at = s->start; at <= s->end; at++) {
        if (at < s->end && !item_begins(s->c, at, s->start, s->end))
            continue;
        if (n == capacity) {
            capacity = capacity ? 2 * capacity : 32;
            items = hu_regrow(s->c->arena, items, n, capacity, sizeof *items);
        }
        items[n++] = at;
    }
    s->items = items;
    s->n_items = n;
}

hu_stretch item_of(const hu_reader_state *s, size_t at)
{
    size_t low = 0, high = s->n_items;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->items[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return (hu_stretch){low ? s->items[low - 1] : s->start, low < s->n_items ? s->items[low] : s->end};
}

/* A full stop at `at` ends a sentence: a capital follows, and no abbreviation or initial stands before it. */
static bool ends_sentence(const hu_reading_context *c, size_t at)
{
    const char *text = c->document->folded;
    size_t next = at + 1, before = at;
    if (text[at] != '.' || next >= c->document->folded_length || !strchr(" \n", text[next]))
        return false;
    while (next < c->document->folded_length && strchr(" \n\"(", text[next]))
        next++;
    if (next == c->document->folded_length)
        return true;
    while (before > 0 && isalnum((unsigned char)text[before - 1]))
        before--;
    size_t word = at - before;
    bool initial = word == 1 && isalpha((unsigned char)text[before]);
    if (initial || word_in(text + before, word, c->reader->abbreviation))
        return false;
    return is_upper_at(c, next) || isdigit((unsigned char)text[next]) || text[next - 1] == '(';
}

size_t sentence_start(const hu_reading_context *c, size_t at, size_t limit)
{
    while (at > limit && !(ends_sentence(c, at - 1) || c->document->folded[at - 1] == ';'))
        at--;
    return at;
}

size_t sentence_end(const hu_reading_context *c, size_t at, size_t limit)
{
    while (at < limit && !(ends_sentence(c, at) || c->document->folded[at] == ';'))
        at++;
    return at;
}

static bool governs(const hu_rule *rule)
{
    return rule_sets(rule, "ruling") || rule_sets(rule, "mode");
}

hu_scope scope_of(const hu_reader_state *s, size_t at)
{
    const hu_mention_list *list = &s->c->mentions;
    hu_scope scope = {.at = item_of(s, at)};
    for (size_t i = mention_from(s->c, at); i < list->count && list->items[i].start < scope.at.end; i++)
        if (governs(list->items[i].rule)) {
            scope.at.end = list->items[i].start;
            break;
        }
    for (size_t i = mention_from(s->c, at); i-- > 0 && list->items[i].start >= scope.at.start;)
        if (governs(list->items[i].rule)) {
            scope.at.start = list->items[i].start;
            scope.ruling = rule_sets(list->items[i].rule, "ruling") != NULL;
            scope.mode = !scope.ruling;
            break;
        }
    return scope;
}
