/* Whom a clause of the operative part is about: names, words that stand for names, or who was spoken of last. */

#include "rulings.h"

#include <ctype.h>
#include <string.h>

enum {
    BESIDE = 60,      /* a name directly before an amount */
    BEHIND = 45,      /* or directly behind it */
    COLLECTIVE = 160, /* "both", "the first" before an amount */
    LISTED = 4,       /* between names of a list: ", ", " y " */
    AT_ONCE = 12,     /* "diez para la segunda" */
};

bool any_subject(const hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        if (s->subjects[i])
            return true;
    return false;
}

void no_subjects(hu_reader_state *s)
{
    memset(s->subjects, 0, s->c->n_defendants * sizeof *s->subjects);
}

void all_subjects(hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        s->subjects[i] = true;
}

size_t occurrence_from(const hu_reading_context *c, size_t start)
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

size_t event_end(const hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    size_t end = item_of(s, c->mentions.items[index].start).end;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < end; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (mention->start < c->mentions.items[index].end)
            continue;
        if (rule_sets(mention->rule, "ruling") || rule_sets(mention->rule, "mode"))
            return mention->start;
    }
    return end;
}

/* ---- names ---- */

bool take_run(hu_reader_state *s, size_t start, size_t within, size_t end)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, start), at = start;
    if (i == c->n_occurrences || c->occurrences[i].at.start > start + within || c->occurrences[i].at.start >= end)
        return false;
    no_subjects(s);
    at = c->occurrences[i].at.start;
    for (; i < c->n_occurrences && c->occurrences[i].at.start < end && c->occurrences[i].at.start <= at + NAME_GAP;
         i++) {
        if (memchr(c->document->folded + at, ';', c->occurrences[i].at.start - at))
            break;
        s->subjects[c->occurrences[i].who] = true;
        at = c->occurrences[i].at.end;
    }
    return true;
}

/* The last run of names between two places. */
static bool take_run_before(hu_reader_state *s, size_t start, size_t end)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, end);
    if (i == 0 || c->occurrences[i - 1].at.start < start)
        return false;
    no_subjects(s);
    size_t at = c->occurrences[i - 1].at.start;
    while (i-- > 0 && c->occurrences[i].at.start >= start && c->occurrences[i].at.end + NAME_GAP / 2 > at) {
        s->subjects[c->occurrences[i].who] = true;
        at = c->occurrences[i].at.start;
    }
    return true;
}

/* "lo CONDENARON", "CONDENÁNDOLO": about somebody named before. */
static bool has_pronoun(const hu_reading_context *c, const hu_mention *verb)
{
    const char *text = c->document->folded;
    size_t end = verb->start, start;
    while (end > 0 && strchr(" \n", text[end - 1]))
        end--;
    start = end;
    while (start > 0 && isalpha((unsigned char)text[start - 1]))
        start--;
    if (end > start && word_in(text + start, end - start, c->reader->pronoun))
        return true;
    size_t length = verb->end - verb->start;
    if (memchr(text + verb->start, ' ', length))
        return false;
    for (size_t n = 2; n <= 3 && n < length; n++)
        if (word_in(text + verb->end - n, n, c->reader->pronoun))
            return true;
    return false;
}

/* ---- words that stand for names ---- */

static size_t count_subjects(const hu_reader_state *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->c->n_defendants; i++)
        n += s->subjects[i];
    return n;
}

/* "both", "the three": those of the clause where they are several, else all who stand so convicted, else all. */
static void take_everybody(hu_reader_state *s, bool convicted)
{
    if (count_subjects(s) > 1)
        return;
    no_subjects(s);
    for (size_t i = 0; convicted && i < s->c->n_defendants; i++)
        s->subjects[i] = phase_of(s, &s->c->defendants[i])->standing == CONVICTED;
    if (!any_subject(s))
        all_subjects(s);
}

static bool has_amount(const hu_phase *phase, hu_topic topic)
{
    switch (topic) {
    case TOPIC_PRISON:
        return phase->n_penalties > 0;
    case TOPIC_BAN:
        return phase->disqualification.at.end > 0;
    case TOPIC_TRIAL:
        return phase->probation.at.end > 0;
    case TOPIC_FINE:
        return phase->day_fines.at.end > 0;
    case TOPIC_MONEY:
        return phase->reparation_at.end > 0;
    case TOPIC_NONE:
        break;
    }
    return false;
}

/* "A los tres": those of the clause, those convicted or all, whichever are so many. */
static bool take_number(hu_reader_state *s, const hu_mention *mention, bool convicted)
{
    static const char *const names[] = {"n2", "n3", "n4", "n5", "n6", "n7", "n8"};
    size_t number = 0, n_convicted = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mention_capture(mention, names[i]))
            number = i + 2;
    for (size_t i = 0; i < s->c->n_defendants; i++)
        n_convicted += phase_of(s, &s->c->defendants[i])->standing == CONVICTED;
    if (count_subjects(s) == number && convicted)
        return true;
    if (n_convicted != number && s->c->n_defendants != number)
        return false; /* "de las seis personas" */
    no_subjects(s);
    take_everybody(s, n_convicted == number);
    return true;
}

/* Words that stand for several persons. */
static bool take_persons(hu_reader_state *s, const hu_mention *mention, bool convicted)
{
    if (strcmp(rule_sets(mention->rule, "persons"), "number") == 0)
        return take_number(s, mention, convicted);
    take_everybody(s, convicted);
    return true;
}

/* "The others": whoever is convicted and has no such amount yet. */
static bool take_rest(hu_reader_state *s)
{
    const hu_reading_context *c = s->c;
    bool *rest = HU_NEW_ARRAY(c->arena, bool, c->n_defendants), found = false;
    for (size_t i = 0; i < c->n_defendants; i++) {
        const hu_phase *phase = phase_of(s, &c->defendants[i]);
        rest[i] = phase->standing == CONVICTED && !has_amount(phase, s->served_topic);
        found |= rest[i];
    }
    if (found)
        memcpy(s->subjects, rest, c->n_defendants * sizeof *rest);
    return found;
}

/* "The first", "the first two": in the order in which the span names those convicted; places are figures. */
static bool take_nth(hu_reader_state *s, size_t before, const char *places)
{
    const hu_reading_context *c = s->c;
    bool *seen = HU_NEW_ARRAY(c->arena, bool, c->n_defendants), found = false;
    size_t n = 0;
    for (size_t i = occurrence_from(c, s->start); i < c->n_occurrences && c->occurrences[i].at.start < before; i++) {
        size_t who = c->occurrences[i].who;
        if (seen[who] || phase_of(s, &c->defendants[who])->standing != CONVICTED)
            continue;
        seen[who] = true;
        n++;
        if (n > 9 || !strchr(places, (char)('0' + n)))
            continue;
        if (!found)
            no_subjects(s);
        found = true;
        s->subjects[who] = true;
    }
    return found;
}

bool take_words(hu_reader_state *s, size_t from, size_t to)
{
    const hu_reading_context *c = s->c;
    for (size_t i = mention_from(c, to); i-- > 0 && c->mentions.items[i].start >= from;) {
        const char *nth = rule_sets(c->mentions.items[i].rule, "nth");
        if (nth && strcmp(nth, "rest") == 0 && take_rest(s))
            return true;
        if (nth && take_nth(s, c->mentions.items[i].start, nth))
            return true;
        if (rule_sets(c->mentions.items[i].rule, "persons") && take_persons(s, &c->mentions.items[i], true))
            return true;
    }
    return false;
}

/* ---- rulings ---- */

void find_subjects(hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    const hu_mention *verb = &c->mentions.items[index];
    hu_stretch item = item_of(s, verb->start);
    size_t end = event_end(s, index), sentence = sentence_end(c, verb->end, end);
    if (has_pronoun(c, verb) && take_run_before(s, item.start, verb->start))
        return;
    if (take_run(s, verb->start, NAME_WITHIN, sentence))
        return;
    size_t reach = verb->end + NAME_WITHIN < sentence ? verb->end + NAME_WITHIN : sentence;
    size_t words = next_mention(c, "persons", mention_from(c, verb->end), reach);
    if (c->n_defendants == 1) {
        all_subjects(s);
        return;
    }
    if (words < c->mentions.count && take_persons(s, &c->mentions.items[words], false))
        return;
    if (take_run_before(s, sentence_start(c, verb->start, item.start), verb->start))
        return;
    if (!any_subject(s))
        all_subjects(s);
}

void add_clause(hu_reader_state *s, size_t start)
{
    if (s->n_clauses == s->clause_capacity) {
        size_t capacity = s->clause_capacity ? 2 * s->clause_capacity : 32;
        s->clauses = hu_regrow(s->c->arena, s->clauses, s->n_clauses, capacity, sizeof *s->clauses);
        s->clause_capacity = capacity;
    }
    size_t size = s->c->n_defendants * sizeof *s->subjects;
    hu_clause *clause = &s->clauses[s->n_clauses++];
    *clause = (hu_clause){start, hu_alloc(s->c->arena, size)};
    memcpy(clause->subjects, s->subjects, size);
}

void enter_clause(hu_reader_state *s, size_t at)
{
    for (size_t i = s->n_clauses; i-- > 0;)
        if (s->clauses[i].start <= at) {
            memcpy(s->subjects, s->clauses[i].subjects, s->c->n_defendants * sizeof *s->subjects);
            return;
        }
}

/* ---- amounts ---- */

/* Nothing stands between but words that lead on: no ";", no offence, no way of taking part. */
static bool is_beside(const hu_reading_context *c, size_t from, size_t to, size_t within)
{
    return to >= from && to - from < within && !memchr(c->document->folded + from, ';', to - from) &&
           next_mention(c, "offence", mention_from(c, from), to) == c->mentions.count &&
           next_mention(c, "role", mention_from(c, from), to) == c->mentions.count &&
           next_mention(c, "ruling", mention_from(c, from), to) == c->mentions.count;
}

/* "a A y B, diez años": names directly before. */
static bool take_before(hu_reader_state *s, hu_stretch at, size_t from)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, at.start);
    if (i == 0 || i - 1 == s->last_used || c->occurrences[i - 1].at.start < from ||
        !is_beside(c, c->occurrences[i - 1].at.end, at.start, BESIDE))
        return false;
    return take_run_before(s, from, at.start);
}

/* "diez años para A", "diez años a A"; not "diez años, y a A": there a new clause begins. */
static bool leads_behind(const hu_reading_context *c, size_t from, size_t to)
{
    if (next_mention(c, "leads", mention_from(c, from), to) < c->mentions.count)
        return true;
    if (memchr(c->document->folded + from, ',', to - from))
        return false;
    return next_mention(c, "joins", mention_from(c, from), to) == c->mentions.count;
}

/* Nothing but a comma or "y" parts a name from the next. */
static bool is_listed(const hu_reading_context *c, size_t name)
{
    size_t from = c->occurrences[name].at.end, to = c->occurrences[name + 1].at.start;
    return to - from <= LISTED && !memchr(c->document->folded + from, ';', to - from) &&
           !memchr(c->document->folded + from, '.', to - from);
}

/* Names directly behind an amount. */
static bool take_behind(hu_reader_state *s, hu_stretch at, size_t to)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, at.end);
    if (i == c->n_occurrences || c->occurrences[i].at.start >= to ||
        !is_beside(c, at.end, c->occurrences[i].at.start, BEHIND) ||
        !leads_behind(c, at.end, c->occurrences[i].at.start) ||
        next_mention(c, "penalty", mention_from(c, at.end), c->occurrences[i].at.start) < c->mentions.count)
        return false;
    no_subjects(s);
    s->subjects[c->occurrences[i].who] = true;
    while (i + 1 < c->n_occurrences && is_listed(c, i)) /* "cinco años a A, B y C" */
        s->subjects[c->occurrences[++i].who] = true;
    s->last_used = i;
    return true;
}

static bool convicts_later(const hu_reader_state *s, size_t at)
{
    const hu_mention_list *list = &s->c->mentions;
    for (size_t i = mention_from(s->c, at); i < list->count && list->items[i].start < s->end; i++) {
        const char *ruling = rule_sets(list->items[i].rule, "ruling");
        if (ruling && strcmp(ruling, "convict") == 0)
            return true;
    }
    return false;
}

/* A point of its own that names nobody: those convicted so far who have no such amount yet. */
static void take_open(hu_reader_state *s, hu_stretch at, hu_topic topic)
{
    size_t n = 0;
    if (any_subject(s) && (convicts_later(s, at.end) || topic == TOPIC_TRIAL))
        return;
    for (size_t i = 0; i < s->c->n_defendants; i++)
        n += phase_of(s, &s->c->defendants[i])->standing == CONVICTED;
    if (n == 0) {
        if (!any_subject(s) && s->c->n_defendants == 1)
            all_subjects(s);
        return;
    }
    for (int lacking = 1; lacking >= 0; lacking--) {
        no_subjects(s);
        for (size_t i = 0; i < s->c->n_defendants; i++) {
            const hu_phase *phase = phase_of(s, &s->c->defendants[i]);
            s->subjects[i] = phase->standing == CONVICTED && !(lacking && has_amount(phase, topic));
        }
        if (any_subject(s))
            return;
    }
}

/* "diez años para ambos"; not "diez años, que para el primero vencerán …" */
static size_t behind_without_comma(const hu_reading_context *c, size_t at, size_t to)
{
    size_t end = at + BEHIND < to ? at + BEHIND : to;
    const char *comma = end > at ? memchr(c->document->folded + at, ',', end - at) : NULL;
    return comma ? (size_t)(comma - c->document->folded) : end;
}

/* Somebody of the clause is convicted, or nothing is ruled about him yet. */
static bool any_punishable(const hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        const hu_defendant *one = &s->c->defendants[i];
        bool open = one->stands.standing == NOT_RULED && one->fallen.standing == NOT_RULED;
        if (s->subjects[i] && (open || one->stands.standing == CONVICTED || one->fallen.standing == CONVICTED))
            return true;
    }
    return false;
}

void subjects_of_amount(hu_reader_state *s, hu_stretch at, hu_topic topic)
{
    const hu_reading_context *c = s->c;
    hu_scope scope = scope_of(s, at.start);
    size_t from = sentence_start(c, at.start, scope.at.start), to = sentence_end(c, at.end, scope.at.end);
    bool again = topic == s->served_topic && s->served > from && s->served <= at.start;
    if (again)
        from = s->served;
    s->served = at.end;
    s->served_topic = topic;
    if (take_before(s, at, from) || take_behind(s, at, to))
        return;
    size_t at_once = at.end + AT_ONCE < to ? at.end + AT_ONCE : to;
    if (again && next_mention(c, "nth", mention_from(c, at.end), at_once) < c->mentions.count &&
        take_words(s, at.end, behind_without_comma(c, at.end, to)))
        return;
    size_t near = at.start > COLLECTIVE && at.start - COLLECTIVE > from ? at.start - COLLECTIVE : from;
    if (take_words(s, near, at.start) || take_words(s, at.end, behind_without_comma(c, at.end, to)))
        return;
    bool governed = scope.ruling || (scope.mode && topic != TOPIC_MONEY && any_punishable(s));
    if (governed || take_run_before(s, from, at.start))
        return;
    if (again && topic == TOPIC_PRISON) /* "a A, diez años por …, y doce por …, en total veintidós" */
        memcpy(s->subjects, s->punished, c->n_defendants * sizeof *s->subjects);
    else
        take_open(s, at, topic);
}
