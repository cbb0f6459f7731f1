/* The roster: every name that stands in the running text, so that a list's names can be told apart. */

#include "names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct roster_name {
    const char *key;
    hu_stretch bytes;
} roster_name;

struct hu_roster {
    roster_name *names; /* in order of key, then place; then only the first of each key */
    size_t count;
};

static const char *key_of(hu_reading_context *c, hu_stretch bytes)
{
    HU_BUF(key);
    hu_token token;
    for (size_t at = bytes.start; at < bytes.end;) {
        if (!token_at(c, at, bytes.end, &token)) {
            at++;
            continue;
        }
        if (key.length)
            hu_buf_add_char(&key, ' ');
        hu_buf_add(&key, token.folded, bare_length(&token));
        at = token.end;
    }
    return hu_strndup(c->arena, key.data ? key.data : "", key.length);
}

static int compare_names(const void *a, const void *b)
{
    const roster_name *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->bytes.start > y->bytes.start) - (x->bytes.start < y->bytes.start);
}

const hu_roster *roster_new(hu_reading_context *c, size_t from)
{
    hu_roster *roster = HU_NEW(c->arena, hu_roster);
    const char *text = c->document->text;
    size_t capacity = 0, length = c->document->length;
    hu_stretch name;
    for (size_t at = from; at < length;) {
        bool opens = word_opens(text, at);
        bool capital = isupper((unsigned char)text[at]) || (unsigned char)text[at] >= 0x80;
        if (!opens || !capital || !name_at(c, at, length, &name) || name.start != at) {
            at++;
            continue;
        }
        if (roster->count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            roster->names = hu_regrow(c->arena, roster->names, roster->count, capacity, sizeof *roster->names);
        }
        roster->names[roster->count++] = (roster_name){key_of(c, name), name};
        at = name.end;
    }
    if (roster->count)
        qsort(roster->names, roster->count, sizeof *roster->names, compare_names);
    size_t kept = 0;
    for (size_t i = 0; i < roster->count; i++)
        if (kept == 0 || strcmp(roster->names[kept - 1].key, roster->names[i].key) != 0)
            roster->names[kept++] = roster->names[i];
    roster->count = kept;
    return roster;
}

bool roster_find(const hu_roster *roster, const char *key, hu_stretch *bytes)
{
    size_t low = 0, high = roster->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(roster->names[middle].key, key);
        if (order == 0) {
            *bytes = roster->names[middle].bytes;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The words of `part` stand in `key` behind its first word. */
static bool holds_behind_first(const char *key, const char *part)
{
    size_t n = strlen(part);
    const char *at = strchr(key, ' ');
    while (at && (at = strstr(at, part))) {
        if (at[-1] == ' ' && (at[n] == ' ' || at[n] == '\0'))
            return true;
        at++;
    }
    return false;
}

/* A whole name: of three words or more, or of two with a given name in front. */
static bool is_whole(const hu_reader *reader, const char *key)
{
    size_t blanks = 0, first = strcspn(key, " ");
    for (const char *p = key; *p; p++)
        blanks += *p == ' ';
    return blanks >= 2 || (blanks == 1 && word_in(key, first, reader->given_name));
}

static bool same_or_within(const char *key, const char *other)
{
    return strstr(key, other) != NULL || strstr(other, key) != NULL;
}

bool roster_complete(hu_reading_context *c, const hu_roster *roster, hu_stretch *bytes)
{
    const char *part = key_of(c, *bytes);
    const roster_name *found = NULL;
    for (size_t i = 0; i < roster->count; i++) {
        const roster_name *name = &roster->names[i];
        if (!holds_behind_first(name->key, part) || !is_whole(c->reader, name->key))
            continue;
        if (found && !same_or_within(found->key, name->key))
            return false; /* two persons of these surnames */
        if (!found || strlen(name->key) > strlen(found->key))
            found = name;
    }
    if (found)
        *bytes = found->bytes;
    return found != NULL;
}
