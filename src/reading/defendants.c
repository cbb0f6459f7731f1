/* Who is judged: from the header block, from the rulings, else from how the text speaks of the accused. */

#include "context.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEFENDANTS = 40, LIST_GAP = 40 };

static void add_defendant(hu_reading_context *c, hu_stretch bytes, const hu_rule *rule)
{
    if (c->n_defendants == MAX_DEFENDANTS)
        return;
    hu_defendant candidate = {.at = {to_folded(c, bytes.start), to_folded(c, bytes.end)}, .rule = rule};
    candidate.label = as_written(c, candidate.at);
    name_tokens(c, bytes, &candidate);
    if (candidate.n_tokens == 0)
        return;
    for (size_t i = 0; i < c->n_defendants; i++)
        if (same_person(&c->defendants[i], &candidate))
            return;
    c->defendants[c->n_defendants++] = candidate;
}

/* True when what stands between two names only joins them: commas, "y", "e", numbering, roles. */
static bool joins(const hu_reading_context *c, size_t from, size_t to)
{
    if (to - from > LIST_GAP)
        return false;
    const char *text = c->document->text;
    for (size_t i = from; i < to; i++)
        if (strchr(".;()", text[i]) || (text[i] == '\n' && i + 1 < to && text[i + 1] == '\n'))
            return false;
    return true;
}

/* Names one behind the other: "A, B y C". Returns true if there was at least one. */
static bool add_list(hu_reading_context *c, size_t start, size_t limit, const hu_rule *rule)
{
    hu_stretch name;
    if (!name_at(c, start, limit, &name))
        return false;
    add_defendant(c, name, rule);
    for (int i = 0; i < MAX_DEFENDANTS; i++) {
        size_t at = name.end;
        const char *text = c->document->text;
        while (at < limit && strchr(" ,\n", text[at]))
            at++;
        bool comma = at > name.end && memchr(text + name.end, ',', at - name.end);
        if (at + 1 < limit && strchr("yYeE", text[at]) && text[at + 1] == ' ') /* the conjunction */
            at += 2;
        else if (!comma)
            return true;
        hu_stretch next;
        if (!name_at(c, at, limit, &next) || !joins(c, name.end, next.start))
            return true;
        add_defendant(c, next, rule);
        name = next;
    }
    return true;
}

/* The header's list: every name in it, whatever stands between (commas, line breaks, numbers, roles). */
static void add_header_list(hu_reading_context *c, const hu_mention *mention)
{
    const hu_capture *names = mention_capture(mention, "names");
    if (!names)
        return;
    hu_stretch bytes = to_bytes(c, (hu_stretch){names->start, names->end}), name;
    const char *text = c->document->text;
    for (size_t at = bytes.start; at < bytes.end;) {
        if (name_at(c, at, bytes.end, &name)) {
            add_defendant(c, name, mention->rule);
            at = name.end;
        }
        while (at < bytes.end && !strchr(" ,;\n/", text[at]))
            at++;
        while (at < bytes.end && strchr(" ,;\n/", text[at]))
            at++;
    }
}

/* Where a name begins: behind the cue, or with its last word where that may open a pseudonym ("al acusado A"). */
static size_t name_start(const hu_reading_context *c, const hu_mention *mention)
{
    const char *folded = c->document->folded;
    size_t end = mention->end;
    while (end > mention->start && !isalpha((unsigned char)folded[end - 1]))
        end--;
    size_t start = end;
    while (start > mention->start && isalpha((unsigned char)folded[start - 1]))
        start--;
    bool role = word_in(folded + start, end - start, c->reader->pseudonym);
    return c->document->byte_of[role ? start : mention->end];
}

/* In a list of rulings ("; y a B como cómplice") a name counts only when what is ruled about it follows. */
static bool is_ruled(const hu_reading_context *c, size_t start)
{
    hu_stretch name;
    if (!name_at(c, start, c->document->length, &name))
        return false;
    size_t at = to_folded(c, name.end), index = mention_from(c, at), reach = at + LIST_GAP;
    return next_mention(c, "role", index, reach) < c->mentions.count ||
           next_mention(c, "charge", index, reach) < c->mentions.count ||
           next_mention(c, "penalty", index, reach) < c->mentions.count;
}

static void add_by(hu_reading_context *c, const char *names, const char *strength)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "names"), *how = rule_sets(mention->rule, "strength");
        if (!set || strcmp(set, names) != 0 || (strength && (!how || strcmp(how, strength) != 0)))
            continue;
        size_t start = name_start(c, mention);
        if (!strength)
            add_header_list(c, mention);
        else if (strcmp(strength, "list") != 0 || is_ruled(c, start))
            add_list(c, start, c->document->length, mention->rule);
    }
}

/* Does a name found in the text speak of this defendant? A part of the name will do, if it fits nobody else. */
static bool speaks_of(const hu_defendant *one, const hu_defendant *found)
{
    if (same_person(one, found))
        return true;
    if (one->initials || found->initials)
        return false;
    for (size_t i = 0; i < found->n_tokens; i++) {
        bool known = false;
        for (size_t j = 0; j < one->n_tokens; j++)
            known |= strcmp(found->tokens[i], one->tokens[j]) == 0;
        if (!known)
            return false;
    }
    return found->n_tokens >= 2 || strlen(found->tokens[0]) >= 4;
}

static size_t who_is(const hu_reading_context *c, const hu_defendant *found)
{
    size_t who = c->n_defendants;
    for (size_t i = 0; i < c->n_defendants; i++) {
        if (same_person(&c->defendants[i], found))
            return i;
        if (!speaks_of(&c->defendants[i], found))
            continue;
        if (who < c->n_defendants)
            return c->n_defendants; /* fits two */
        who = i;
    }
    return who;
}

/* Where in a stretch of the text the defendants are named. */
static void find_occurrences(hu_reading_context *c, hu_stretch where)
{
    const char *text = c->document->text;
    size_t capacity = 0;
    hu_stretch bytes = to_bytes(c, where), name;
    bool pseudonyms = false; /* they may stand in small letters: "el acusado A" */
    for (size_t i = 0; i < c->n_defendants; i++)
        pseudonyms |= word_in(c->defendants[i].tokens[0], strlen(c->defendants[i].tokens[0]), c->reader->pseudonym);
    for (size_t at = bytes.start; at < bytes.end;) {
        bool opens = at == 0 || !(isalnum((unsigned char)text[at - 1]) || (unsigned char)text[at - 1] >= 0x80);
        bool capital = isupper((unsigned char)text[at]) || (unsigned char)text[at] >= 0x80 || text[at] == '*' ||
                       text[at] == 'x' || pseudonyms;
        if (!opens || !capital || !name_at(c, at, bytes.end, &name) || name.start != at) {
            at++;
            continue;
        }
        hu_defendant found = {0};
        name_tokens(c, name, &found);
        size_t who = found.n_tokens ? who_is(c, &found) : c->n_defendants;
        if (who == c->n_defendants) {
            at++;
            continue;
        }
        if (c->n_occurrences == capacity) {
            capacity = capacity ? capacity * 2 : 32;
            c->occurrences = hu_regrow(c->arena, c->occurrences, c->n_occurrences, capacity, sizeof *c->occurrences);
        }
        c->occurrences[c->n_occurrences++] = (hu_occurrence){who, {to_folded(c, name.start), to_folded(c, name.end)}};
        at = name.end;
    }
}

/* Of the persons from `first` on, those stay whom the operative part names. */
static void keep_ruled(hu_reading_context *c, size_t first)
{
    bool *named = HU_NEW_ARRAY(c->arena, bool, MAX_DEFENDANTS);
    find_occurrences(c, c->operative);
    for (size_t i = 0; i < c->n_occurrences; i++)
        named[c->occurrences[i].who] = true;
    size_t kept = first;
    for (size_t i = first; i < c->n_defendants; i++)
        if (named[i])
            c->defendants[kept++] = c->defendants[i];
    c->n_defendants = kept;
    c->n_occurrences = 0;
    c->occurrences = NULL;
}

void read_defendants(hu_reading_context *c)
{
    c->defendants = HU_NEW_ARRAY(c->arena, hu_defendant, MAX_DEFENDANTS);
    if (!c->on_merits)
        return;
    add_by(c, "header", NULL);
    add_by(c, "cue", "ruling");
    add_by(c, "cue", "list");
    size_t sure = c->n_defendants;
    add_by(c, "cue", "prosecution");
    if (sure)
        keep_ruled(c, sure);
    if (c->n_defendants == 0)
        add_by(c, "cue", "role");
    find_occurrences(c, (hu_stretch){0, c->document->folded_length});
}
