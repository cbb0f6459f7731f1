/*
 * Persons across the decisions of a case. Courts name a defendant in full, by initials or masked, and not always the
 * same way; reviews speak only of those who appealed. docs/outcomes.md, "Following persons", states the rules.
 */

#include "decisions.h"

#include <string.h>

enum { LONGEST_INITIALS = 8 };

/* "j. p. r." or "j.p.r" to "jpr"; false when the label is no initials. */
static bool initials_of_label(const char *label, char out[LONGEST_INITIALS + 1])
{
    size_t n = 0;
    bool dotted = false;
    for (; *label; label++) {
        bool letter = (*label >= 'a' && *label <= 'z');
        dotted = dotted || *label == '.';
        if (letter && (n == LONGEST_INITIALS || (n && label[-1] >= 'a' && label[-1] <= 'z')))
            return false;
        if (letter)
            out[n++] = *label;
        else if (*label != '.' && *label != ' ')
            return false;
    }
    out[n] = '\0';
    return dotted && n >= 2;
}

/* First letters of the words of a name. */
static bool initials_of_name(const char *label, char out[LONGEST_INITIALS + 1])
{
    size_t n = 0;
    for (const char *p = label; *p; p++)
        if (*p >= 'a' && *p <= 'z' && (p == label || p[-1] == ' ' || p[-1] == ',')) {
            if (n == LONGEST_INITIALS)
                return false;
            out[n++] = *p;
        }
    out[n] = '\0';
    return n >= 2;
}

/* "jpr" and "prj": given names first or family names first. */
static bool is_rotation(const char *a, const char *b)
{
    size_t n = strlen(a);
    if (n != strlen(b))
        return false;
    for (size_t shift = 0; shift < n; shift++)
        if (strncmp(a + shift, b, n - shift) == 0 && strncmp(a, b + n - shift, shift) == 0)
            return true;
    return false;
}

/* Every word of `part` stands in `whole`, and there are at least two. */
static bool words_within(const char *part, const char *whole)
{
    size_t words = 0;
    while (*part) {
        size_t length = strcspn(part, " ,");
        bool found = !length;
        for (const char *p = whole; *p && !found; p += strcspn(p, " ,"), p += strspn(p, " ,"))
            found = strcspn(p, " ,") == length && strncmp(p, part, length) == 0;
        if (!found)
            return false;
        words += length > 0;
        part += length;
        part += strspn(part, " ,");
    }
    return words >= 2;
}

static bool names_agree(const char *a, const char *b)
{
    char of_a[LONGEST_INITIALS + 1], of_b[LONGEST_INITIALS + 1];
    if (words_within(a, b) || words_within(b, a))
        return true;
    bool short_a = initials_of_label(a, of_a), short_b = initials_of_label(b, of_b);
    if (short_a == short_b)
        return false;
    return (short_a || initials_of_name(a, of_a)) && (short_b || initials_of_name(b, of_b)) && is_rotation(of_a, of_b);
}

/* The persons of a case while its decisions are gone through. */
typedef struct following {
    hu_person *items;
    size_t count, capacity;
    hu_arena *arena;
} following;

enum { NOBODY = -1 };

static bool same_label(const char *a, const char *b)
{
    return *a && strcmp(a, b) == 0;
}

/* who[i]: the person that ruling i is about, by a test of labels; each person is taken once. */
static void match_by(const following *f, const hu_decision *decision, bool (*agree)(const char *, const char *),
                     long *who, bool *taken)
{
    for (size_t i = 0; i < decision->n_rulings; i++)
        for (size_t p = 0; p < f->count && who[i] == NOBODY; p++)
            if (!taken[p] && agree(decision->rulings[i].label, f->items[p].label)) {
                who[i] = (long)p;
                taken[p] = true;
            }
}

/* At first instance only a retrial rules on a person again: one whose standing is open, not known, or without a name.
 */
static bool may_be_ruled_on(const hu_person *person, const hu_decision *decision)
{
    return decision->level > 0 || person->standing == HU_STANDING_OPEN || person->standing == HU_STANDING_UNKNOWN ||
           !*person->label;
}

/* As many left on both sides: they are the same, in the order in which they are named. */
static bool match_the_rest(const following *f, const hu_decision *decision, long *who, bool *taken)
{
    size_t rulings = 0, persons = 0, p = 0;
    for (size_t i = 0; i < decision->n_rulings; i++)
        rulings += who[i] == NOBODY;
    for (size_t i = 0; i < f->count; i++)
        persons += !taken[i] && may_be_ruled_on(&f->items[i], decision);
    if (!rulings)
        return true;
    if (rulings != persons)
        return false;
    for (size_t i = 0; i < decision->n_rulings; i++) {
        if (who[i] != NOBODY)
            continue;
        while (taken[p] || !may_be_ruled_on(&f->items[p], decision))
            p++;
        who[i] = (long)p;
        taken[p] = true;
    }
    return true;
}

static long add_person(following *f, const char *label)
{
    if (f->count == f->capacity) {
        size_t capacity = 2 * f->capacity + 4;
        f->items = hu_regrow(f->arena, f->items, f->count, capacity, sizeof *f->items);
        f->capacity = capacity;
    }
    f->items[f->count] = (hu_person){.label = label};
    return (long)f->count++;
}

/* A reversal that does not say where the person stands: convicted when it names the offence or the penalty, else not
 * known. */
static void apply_reversal(hu_person *person, const hu_decision *decision, const hu_ruling *ruling)
{
    bool convicts = ruling->names_offence || ruling->prison_months.finding;
    person->standing = convicts ? HU_STANDING_CONVICTED : HU_STANDING_UNKNOWN;
    person->standing_finding = ruling->reversed_finding;
    person->standing_judgment = decision->judgment;
}

/* What the decision says takes the place of what was; what it does not restate stays, as long as the person stands
 * convicted throughout. */
static void apply(hu_person *person, const hu_decision *decision, const hu_ruling *ruling)
{
    if (ruling->standing_finding) {
        person->standing = ruling->standing;
        person->standing_finding = ruling->standing_finding;
        person->standing_judgment = decision->judgment;
    } else if (ruling->reversed_finding) {
        apply_reversal(person, decision, ruling);
    }
    if (person->standing != HU_STANDING_CONVICTED) {
        person->prison_months = person->charge_severity = (hu_read_number){0};
        return;
    }
    if (ruling->prison_months.finding)
        person->prison_months = ruling->prison_months;
    if (decision->charge_severity.finding && (ruling->names_offence || !ruling->confirmed))
        person->charge_severity = decision->charge_severity;
}

static void follow_decision(following *f, const hu_decision *decision)
{
    long *who = HU_NEW_ARRAY(f->arena, long, decision->n_rulings);
    bool *taken = HU_NEW_ARRAY(f->arena, bool, f->count);
    for (size_t i = 0; i < decision->n_rulings; i++)
        who[i] = NOBODY;
    match_by(f, decision, same_label, who, taken);
    match_by(f, decision, names_agree, who, taken);
    bool known = match_the_rest(f, decision, who, taken);
    if (!known && decision->level > 0 && f->count) { /* a review of persons we cannot follow: it alone counts */
        f->count = 0;
        for (size_t i = 0; i < decision->n_rulings; i++)
            who[i] = NOBODY;
    }
    for (size_t i = 0; i < decision->n_rulings; i++) {
        if (who[i] == NOBODY)
            who[i] = add_person(f, decision->rulings[i].label);
        apply(&f->items[who[i]], decision, &decision->rulings[i]);
    }
}

void hu_persons_follow(const hu_case_decisions *of, hu_arena *arena, hu_person **persons, size_t *count)
{
    following f = {.arena = arena};
    for (size_t i = 0; i < of->n_decisions; i++)
        follow_decision(&f, &of->decisions[i]);
    *persons = f.items;
    *count = f.count;
}
