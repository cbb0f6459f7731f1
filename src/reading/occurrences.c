/* Where the text names the defendants: by their names, parts of them that fit nobody else, or one surname alone. */

#include "names.h"

#include <ctype.h>
#include <string.h>

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

static bool defendant_at(hu_reading_context *c, size_t at, size_t limit, hu_stretch *name, size_t *who)
{
    *who = c->n_defendants;
    if (name_at(c, at, limit, name) && name->start == at) {
        hu_defendant found = {0};
        name_tokens(c, *name, &found);
        *who = found.n_tokens ? who_is(c, &found) : c->n_defendants;
    }
    return *who < c->n_defendants || surname_at(c, at, limit, who, name);
}

static void push_occurrence(hu_reading_context *c, size_t *capacity, hu_occurrence found)
{
    if (c->n_occurrences == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 32;
        c->occurrences = hu_regrow(c->arena, c->occurrences, c->n_occurrences, *capacity, sizeof *c->occurrences);
    }
    c->occurrences[c->n_occurrences++] = found;
}

void find_occurrences(hu_reading_context *c, hu_stretch where)
{
    const char *text = c->document->text;
    size_t capacity = 0, who;
    hu_stretch bytes = to_bytes(c, where), name;
    bool pseudonyms = false; /* they may stand in small letters: "el acusado A" */
    for (size_t i = 0; i < c->n_defendants; i++)
        pseudonyms |= word_in(c->defendants[i].tokens[0], strlen(c->defendants[i].tokens[0]), c->reader->pseudonym);
    c->n_occurrences = 0;
    c->occurrences = NULL;
    for (size_t at = bytes.start; at < bytes.end;) {
        bool opens = word_opens(text, at);
        bool capital = isupper((unsigned char)text[at]) || (unsigned char)text[at] >= 0x80 || text[at] == '*' ||
                       text[at] == 'x' || pseudonyms;
        if (!opens || !capital || !defendant_at(c, at, bytes.end, &name, &who)) {
            at++;
            continue;
        }
        push_occurrence(c, &capacity, (hu_occurrence){who, {to_folded(c, name.start), to_folded(c, name.end)}});
        at = name.end;
    }
}
