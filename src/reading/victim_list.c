/* Victims by initials ("A.B.C.") and codes ("clave 03-2017", "TP-01-2019 a TP-07-2019"): each is one person. */

#include "victims.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIST_GAP = 48,   /* bytes between two of one list */
    AGE_WITHIN = 44, /* bytes behind a name in which its age stands */
    SEX_BEFORE = 24, /* bytes before the words that lead to a list in which its sex is told */
    LETTERS = 10,
    SERIES = 3, /* times that a code is told before it is a victim's for being made like another's */
    LONGEST_RANGE = 60,
};

typedef struct found_name {
    char key[40];
    hu_stretch at;
    bool code;
} found_name;

static bool is_capital(const hu_reading_context *c, size_t at)
{
    unsigned char byte = (unsigned char)c->document->text[c->document->byte_of[at]];
    return isupper(byte) || byte >= 0x80;
}

/* "A.B.C.", "A. B. Ch." */
static bool initials_at(const hu_reading_context *c, size_t at, found_name *found)
{
    const char *text = c->document->folded;
    size_t n = 0, end = at, letters = 0;
    while (letters < LETTERS && isalpha((unsigned char)text[end]) && is_capital(c, end)) {
        size_t stop = end + 1 + (isalpha((unsigned char)text[end + 1]) && text[end + 2] == '.');
        if (text[stop] == ' ' && text[stop + 1] == '.')
            stop++;
        if (text[stop] != '.')
            break;
        found->key[n++] = text[end];
        letters++;
        at = letters == 1 ? end : at;
        end = stop + 1;
        found->at = (hu_stretch){at, end};
        while (text[end] == ' ')
            end++;
    }
    found->key[n] = '\0';
    found->code = false;
    return letters >= 2;
}

/* "TP-01-2019", "03-2017", "U1"; a bare number only where codes are spoken of. */
static bool code_at(const hu_reading_context *c, size_t at, bool bare, found_name *found)
{
    const char *text = c->document->folded;
    size_t end = at, letters = 0, digits = 0, marks = 0;
    while (isalpha((unsigned char)text[end]) && is_capital(c, end) && letters < 4)
        letters++, end++;
    while (end - at < 24 && (isdigit((unsigned char)text[end]) ||
                             (strchr("-/", text[end]) && text[end] && isdigit((unsigned char)text[end + 1])))) {
        digits += isdigit((unsigned char)text[end]) != 0;
        marks += !isdigit((unsigned char)text[end]);
        end++;
    }
    if (!digits || isalpha((unsigned char)text[end]) || (!letters && !marks && !bare) || end - at >= sizeof found->key)
        return false;
    memcpy(found->key, text + at, end - at);
    found->key[end - at] = '\0';
    found->at = (hu_stretch){at, end};
    found->code = true;
    return true;
}

static bool one_at(const hu_reading_context *c, size_t at, bool bare, found_name *found)
{
    return initials_at(c, at, found) || code_at(c, at, bare, found);
}

static bool is_defendant(const hu_reading_context *c, const char *key)
{
    for (size_t i = 0; i < c->n_defendants; i++)
        if (c->defendants[i].initials && strcmp(c->defendants[i].initials, key) == 0)
            return true;
    return false;
}

static bool stands_for_age(int age)
{
    return age > 0 && age < 100;
}

/* The next column of a table behind a name. */
static int age_in_column(const hu_reading_context *c, size_t at)
{
    const char *raw = c->document->text + c->document->byte_of[at];
    size_t blanks = strspn(raw, " \t|"), digits = strspn(raw + blanks, "0123456789");
    if (blanks > 2 && (digits == 1 || digits == 2) && strchr(" \t|", raw[blanks + digits]))
        return (int)strtol(raw + blanks, NULL, 10);
    return 0;
}

/* "(15)", "(13 años)", ", de quince años" behind a name */
static int age_behind(hu_reading_context *c, size_t at)
{
    const char *text = c->document->folded;
    size_t open = at;
    while (strchr(" ,", text[open]) && text[open] && open - at < 4)
        open++;
    if (text[open] == '(' && isdigit((unsigned char)text[open + 1])) {
        char *behind;
        long told = strtol(text + open + 1, &behind, 10);
        int age = told < 100 ? (int)told : 0;
        return stands_for_age(age) && (*behind == ')' || *behind == ' ') ? age : 0;
    }
    int bare = age_in_column(c, at);
    if (stands_for_age(bare))
        return bare;
    size_t limit = at + strcspn(text + at, ".;(");
    limit = limit < at + AGE_WITHIN ? limit : at + AGE_WITHIN;
    if (text[open] == '(') /* "(dieciséis años)" */
        limit = open + AGE_WITHIN;
    for (size_t i = mention_from(c, at); i < c->mentions.count && c->mentions.items[i].start < limit; i++) {
        const char *how = rule_sets(c->mentions.items[i].rule, "victim_age");
        int age = 0;
        bool disagrees = false;
        if (how && (strcmp(how, "years") == 0 || strcmp(how, "bare") == 0) &&
            read_count(c, mention_capture(&c->mentions.items[i], "age"), &age, &disagrees))
            return age;
    }
    return 0;
}

/* Initials that were read in part: "Q.A." is "N.Q.A."; a number without its year: "103" is "103-2017". */
static bool same_victim(const char *a, const char *b, bool initials)
{
    size_t m = strlen(a), n = strlen(b), least = m < n ? m : n;
    if (!initials || least < 2)
        return strncmp(a, b, least) == 0 && (m == n || strchr("-/", (m > n ? a : b)[least]));
    return strncmp(a, b, least) == 0 || strcmp(a + m - least, b + n - least) == 0;
}

static bool all_letters(const char *key)
{
    while (isalpha((unsigned char)*key))
        key++;
    return !*key;
}

static hu_victim *known_victim(hu_victim_list *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_victim(list->items[i].key, key, all_letters(key) && all_letters(list->items[i].key)))
            return &list->items[i];
    return NULL;
}

static hu_victim *add_victim(hu_reading_context *c, hu_victim_list *list, const char *key, hu_stretch at, bool minor)
{
    hu_victim *known = known_victim(list, key);
    if (!known) {
        if (list->count == MAX_VICTIMS || is_defendant(c, key))
            return NULL;
        known = &list->items[list->count++];
        *known = (hu_victim){.key = hu_strdup(c->arena, key), .at = at};
    }
    known->minor |= minor;
    return known;
}

/* Of the words for a sex between two places the last: 'f', 'm', or 0 where none stands or they are for a group. */
static char sex_told(const hu_reading_context *c, size_t from, size_t to)
{
    char sex = 0;
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < to; i++) {
        const char *told = rule_sets(c->mentions.items[i].rule, "sex");
        if (told && strcmp(told, "both") != 0)
            sex = strcmp(told, "female") == 0 ? 'f' : strcmp(told, "male") == 0 ? 'm' : 0;
    }
    return sex;
}

static bool adult_told(const hu_reading_context *c, size_t from, size_t to)
{
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < to; i++) {
        const char *age = rule_sets(c->mentions.items[i].rule, "victim_age");
        if (age && strcmp(age, "adult") == 0)
            return true;
    }
    return false;
}

/* "01-2018 a 06-2018": whoever stands between, by the first number in which the two differ. */
static void add_range(hu_reading_context *c, hu_victim_list *list, const found_name *first, const found_name *last,
                      bool minor)
{
    size_t at = 0;
    const char *a = first->key, *b = last->key;
    while (a[at] && a[at] == b[at])
        at++;
    while (at > 0 && isdigit((unsigned char)a[at - 1]))
        at--;
    size_t width = strspn(a + at, "0123456789");
    long from = strtol(a + at, NULL, 10), to = strtol(b + at, NULL, 10);
    if (!width || to <= from || to - from > LONGEST_RANGE)
        return;
    for (long n = from + 1; n < to; n++)
        add_victim(c, list, hu_printf(c->arena, "%.*s%0*ld%s", (int)at, a, (int)width, n, a + at + width), first->at,
                   minor);
}

/* "24 años" is no code. */
static bool years_at(const char *text, size_t at)
{
    return strncmp(text + at + strspn(text + at, "0123456789"), " ano", 4) == 0;
}

/* The next of the list: behind a remark in brackets, a comma or "y", and words that lead to it. */
static bool next_of_list(const hu_reading_context *c, size_t from, bool bare, found_name *found, bool *range)
{
    const char *text = c->document->folded;
    size_t limit = from + LIST_GAP;
    *range = false;
    for (size_t at = from; at < limit && text[at]; at++) {
        if (text[at] == '(') {
            const char *close = memchr(text + at, ')', LIST_GAP);
            at = close ? (size_t)(close - text) : at;
            limit = at + LIST_GAP;
            continue;
        }
        if (strchr(".;:\n", text[at]))
            return false;
        bool opens = at == from || !isalnum((unsigned char)text[at - 1]);
        bool next_number = bare && at - from <= 3 && !years_at(text, at);
        bool alone = opens && at == from + 1 && strncmp(text + at, "a ", 2) == 0;
        *range |= alone || (opens && at == from + 1 && strncmp(text + at, "al ", 3) == 0);
        if (opens && !alone && one_at(c, at, bare && (*range || next_number), found))
            return true;
    }
    return false;
}

static void read_list(hu_reading_context *c, hu_victim_list *list, const hu_mention *cue)
{
    const char *age = rule_sets(cue->rule, "age"), *text = c->document->folded;
    bool minors = age != NULL, range = false;
    bool codes = memmem(text + cue->start, cue->end - cue->start, "clave", 5) ||
                 memmem(text + cue->start, cue->end - cue->start, "codigo", 6);
    size_t at = cue->end + strspn(text + cue->end, "\"( ");
    found_name one, next;
    if (!one_at(c, at, codes, &one))
        return;
    char sex = sex_told(c, cue->start > SEX_BEFORE ? cue->start - SEX_BEFORE : 0, one.at.start);
    for (size_t n = 0; n < MAX_VICTIMS; n++) {
        hu_victim *victim = add_victim(c, list, one.key, one.at, minors);
        if (victim && sex)
            victim->sex = victim->sex && victim->sex != sex ? '?' : sex;
        int years = age_behind(c, one.at.end);
        if (victim && years && !victim->age)
            victim->age = years;
        if (!next_of_list(c, one.at.end, codes, &next, &range))
            return;
        char own = sex_told(c, one.at.end, next.at.start);
        sex = own ? own : sex;
        minors = minors && !adult_told(c, one.at.end, next.at.start);
        if (range && one.code && next.code)
            add_range(c, list, &one, &next, minors);
        one = next;
    }
}

/* Ages told where a victim is named again. */
static void find_ages(hu_reading_context *c, hu_victim_list *list)
{
    const char *text = c->document->folded;
    found_name one;
    for (size_t at = 0; at < c->document->folded_length; at++) {
        bool opens = at == 0 || !isalnum((unsigned char)text[at - 1]);
        if (!opens || !(isdigit((unsigned char)text[at]) || is_capital(c, at)) || !one_at(c, at, false, &one))
            continue;
        hu_victim *victim = known_victim(list, one.key);
        if (victim && !victim->age)
            victim->age = age_behind(c, one.at.end);
        at = one.at.end > at ? one.at.end - 1 : at;
    }
}

int victims_named(hu_reading_context *c, hu_victim_list *list, size_t from, size_t to, size_t near)
{
    bool seen[MAX_VICTIMS] = {false};
    int named = 0;
    size_t last = 0;
    found_name one;
    for (size_t at = from; at < to; at++) {
        bool opens = at == 0 || !isalnum((unsigned char)c->document->folded[at - 1]);
        if (!opens || !one_at(c, at, false, &one))
            continue;
        hu_victim *victim = known_victim(list, one.key);
        if (victim && !seen[victim - list->items]) {
            seen[victim - list->items] = true;
            named++;
        }
        at = last = one.at.end;
    }
    return last && last <= to && to - last <= near ? named : 0;
}

/* Letters that open a code: 1 in "M-3". */
static size_t code_letters(const char *key)
{
    size_t n = 0;
    while (isalpha((unsigned char)key[n]))
        n++;
    return key[n] ? n : 0;
}

/* A code made like that of a known victim: "M-1" beside "M-3". */
static bool made_alike(const hu_victim_list *list, const char *key)
{
    size_t letters = code_letters(key);
    for (size_t i = 0; letters && i < list->count; i++) {
        const char *other = list->items[i].key;
        if (code_letters(other) == letters && strlen(other) == strlen(key) && memcmp(other, key, letters) == 0)
            return true;
    }
    return false;
}

/* Whoever is only spoken of by a code of the same series, again and again, suffered too. */
static void add_series(hu_reading_context *c, hu_victim_list *list)
{
    found_name seen[MAX_VICTIMS], one;
    size_t times[MAX_VICTIMS], n = 0;
    const char *text = c->document->folded;
    for (size_t at = 0; at < c->document->folded_length; at++) {
        bool opens = at == 0 || !isalnum((unsigned char)text[at - 1]);
        if (!opens || !is_capital(c, at) || !code_at(c, at, false, &one) || !made_alike(list, one.key) ||
            known_victim(list, one.key))
            continue;
        size_t k = 0;
        while (k < n && strcmp(seen[k].key, one.key) != 0)
            k++;
        if (k == MAX_VICTIMS)
            continue;
        if (k == n)
            seen[n] = one, times[n++] = 0;
        times[k]++;
    }
    for (size_t k = 0; k < n; k++)
        if (times[k] >= SERIES)
            add_victim(c, list, seen[k].key, seen[k].at, false);
}

hu_victim_list *find_victims(hu_reading_context *c)
{
    hu_victim_list *list = HU_NEW(c->arena, hu_victim_list);
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *how = rule_sets(c->mentions.items[i].rule, "sufferer");
        if (how && strcmp(how, "list") == 0)
            read_list(c, list, &c->mentions.items[i]);
    }
    if (list->count)
        add_series(c, list);
    if (list->count)
        find_ages(c, list);
    return list;
}
