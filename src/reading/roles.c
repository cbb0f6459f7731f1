/* How each person took part: the role that stands beside the name, where this decision rules or else where it tells. */

#include "context.h"

#include <string.h>

enum {
    ROLE_REACH = 260, /* bytes between a name and its role */
    ROLE_AHEAD = 160, /* and between a role and the name that it leads to */
    RUN_GAP = 70,     /* between names of one list */
};

static size_t occurrence_at(const hu_reading_context *c, size_t start)
{
    size_t low = 0, high = c->n_occurrences;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->occurrences[middle].at.start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool parted(const hu_reading_context *c, size_t from, size_t to)
{
    return memchr(c->document->folded + from, ';', to - from) != NULL;
}

static bool role_between(const hu_reading_context *c, size_t from, size_t to)
{
    return next_mention(c, "role", mention_from(c, from), to) < c->mentions.count;
}

/* Names first..last are one list: close together, no semicolon or other role between. Grows it to the given side. */
static size_t run_back(const hu_reading_context *c, size_t last)
{
    size_t first = last;
    while (first > 0) {
        size_t from = c->occurrences[first - 1].at.end, to = c->occurrences[first].at.start;
        if (to < from || to - from > RUN_GAP || parted(c, from, to) || role_between(c, from, to))
            break;
        first--;
    }
    return first;
}

static size_t run_on(const hu_reading_context *c, size_t first, size_t end)
{
    size_t last = first;
    while (last + 1 < c->n_occurrences && c->occurrences[last + 1].at.start < end) {
        size_t from = c->occurrences[last].at.end, to = c->occurrences[last + 1].at.start;
        if (to < from || to - from > RUN_GAP || parted(c, from, to) || role_between(c, from, to))
            break;
        last++;
    }
    return last;
}

/* The names that a role is about: the list before it in its sentence, else the one that it leads to. */
static bool names_of(const hu_reading_context *c, const hu_mention *role, size_t *first, size_t *last)
{
    hu_stretch sentence = sentence_around(c->document, (hu_stretch){role->start, role->end});
    size_t behind = occurrence_at(c, role->start);
    if (behind > 0) {
        hu_stretch at = c->occurrences[behind - 1].at;
        if (at.start >= sentence.start && role->start - at.end < ROLE_REACH && !parted(c, at.end, role->start) &&
            !role_between(c, at.end, role->start)) {
            *last = behind - 1;
            *first = run_back(c, *last);
            return true;
        }
    }
    if (behind == c->n_occurrences)
        return false;
    size_t start = c->occurrences[behind].at.start;
    if (start >= sentence.end || start - role->end > ROLE_AHEAD || parted(c, role->end, start) ||
        role_between(c, role->end, start))
        return false;
    *first = behind;
    *last = run_on(c, behind, sentence.end);
    return true;
}

static bool in_operative(const hu_reading_context *c, size_t at)
{
    return at >= c->operative.start && at < c->operative.end;
}

static void take(hu_reading_context *c, bool operative)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *role = rule_sets(mention->rule, "role");
        size_t first, last;
        if (!role || in_operative(c, mention->start) != operative || !names_of(c, mention, &first, &last))
            continue;
        for (size_t k = first; k <= last; k++) {
            hu_defendant *who = &c->defendants[c->occurrences[k].who];
            if (who->role)
                continue;
            who->role = role;
            who->role_at = (hu_stretch){mention->start, mention->end};
        }
    }
}

/* Where no role stands beside a name ("los condenó como coautores"), the first that is told is everybody's. */
static void take_for_all(hu_reading_context *c)
{
    size_t i = next_mention(c, "role", 0, c->document->folded_length);
    if (i == c->mentions.count)
        return;
    const hu_mention *mention = &c->mentions.items[i];
    for (size_t k = 0; k < c->n_defendants; k++) {
        c->defendants[k].role = rule_sets(mention->rule, "role");
        c->defendants[k].role_at = (hu_stretch){mention->start, mention->end};
    }
}

static bool any_role(const hu_reading_context *c)
{
    for (size_t i = 0; i < c->n_defendants; i++)
        if (c->defendants[i].role)
            return true;
    return false;
}

void read_roles(hu_reading_context *c)
{
    take(c, true);
    for (size_t i = 0; i < c->n_defendants; i++) { /* a ruling that reforms another has the last word */
        hu_defendant *who = &c->defendants[i];
        if (who->stands.role && (who->reformed || !who->role)) {
            who->role = who->stands.role;
            who->role_at = who->stands.role_at;
        }
    }
    take(c, false);
    if (!any_role(c))
        take_for_all(c);
}
