/* The course of the case: dates of the facts and of what followed them, and the number at the court of origin. */

#include "dated.h"

#include <string.h>

/* In the order in which they come to pass. */
static const struct {
    const char *event, *key;
} events[] = {{"facts", "decision.facts_date"},
              {"complaint", "decision.complaint_date"},
              {"formalization", "decision.formalization_date"},
              {"accusation", "decision.accusation_date"}};
enum { N_EVENTS = sizeof events / sizeof *events };

enum {
    ATTACHED = 75,        /* confidence, in hundredths, of a date that stands near its act */
    SECOND = 60,          /* of one near words that tell of the act less surely */
    LEFT_OVER = 55,       /* and of one that no act claims */
    NARRATIVE = 1500,     /* bytes behind the first day told of the facts in which an earlier one may stand */
    MOST_YEARS = 4,       /* and how much earlier */
    HEADER = 1200,        /* bytes that tell of no facts; minutes date their ruling at the end */
    SENTENCE_REACH = 400, /* bytes before a verb in which the day stands that opens its sentence */
};

typedef struct event_date {
    bool told;
    double confidence;
    const hu_rule *rule;
    hu_stretch at;
    hu_date date;
} event_date;

static bool plausible(const hu_reading_context *c, hu_date date)
{
    return date.year >= 1990 && date.year <= 2100 && (!c->date.year || hu_date_compare(date, c->date) < 0);
}

/* What a rule of its own says: the first mention of the highest confidence. */
static event_date by_rule(hu_reading_context *c, const char *event)
{
    event_date best = {0};
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "event");
        const hu_capture *capture = set && strcmp(set, event) == 0 ? mention_capture(mention, "date") : NULL;
        if (!capture || (best.told && mention->rule->confidence <= best.confidence))
            continue;
        hu_stretch at = {capture->start, capture->end};
        hu_date date;
        if (hu_spanish_date(hu_str_of(as_folded(c, at)), &date) && plausible(c, date))
            best = (event_date){true, mention->rule->confidence, mention->rule, at, date};
    }
    return best;
}

/* "El 3 de febrero una vecina la encontró … y luego la denuncia": the day that opens the verb's sentence. */
static event_date by_sentence(const hu_reading_context *c, const hu_dated_list *days, const char *event)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *act = rule_sets(mention->rule, "act"), *form = rule_sets(mention->rule, "form");
        if (!act || !form || strcmp(act, event) != 0 || strcmp(form, "verb") != 0)
            continue;
        size_t start = sentence_around(c->document, (hu_stretch){mention->start, mention->end}).start;
        for (size_t k = days->count; k-- > 0;) {
            const hu_dated *day = &days->items[k];
            if (day->at.end > mention->start)
                continue;
            if (day->at.start < start || mention->start - day->at.end > SENTENCE_REACH)
                break;
            if ((!day->act || strcmp(day->act, "raid") == 0) && plausible(c, day->date))
                return (event_date){true, LEFT_OVER / 100.0, mention->rule, day->at, day->date};
            break;
        }
    }
    return (event_date){0};
}

/* The first day whose nearest act is this one; words of the second rank ("avisó a la policía") only behind others. */
static event_date by_act(const hu_reading_context *c, const hu_dated_list *days, const char *event)
{
    event_date second = {0};
    for (size_t i = 0; i < days->count; i++) {
        const hu_dated *day = &days->items[i];
        if (!day->act || strcmp(day->act, event) != 0 || !plausible(c, day->date))
            continue;
        if (!rule_sets(day->rule, "rank"))
            return (event_date){true, ATTACHED / 100.0, day->rule, day->at, day->date};
        if (!second.told)
            second = (event_date){true, SECOND / 100.0, day->rule, day->at, day->date};
    }
    return second;
}

/* Days between the decision's own and the operative part that no other act claims; a raid only where `raids`. */
static bool may_be_facts(const hu_reading_context *c, const hu_dated *day, size_t behind, bool raids)
{
    bool free = !day->echo && (!day->act || (raids && strcmp(day->act, "raid") == 0));
    return free && (!day->inferred || day->same) && day->at.start > behind && plausible(c, day->date) &&
           (c->operative.end == 0 || day->at.start < c->operative.start);
}

/* The earliest day of the passage that first tells of the facts. */
static event_date left_over(const hu_reading_context *c, const hu_dated_list *days, size_t behind, bool raids)
{
    event_date best = {0};
    size_t reach = 0;
    for (size_t i = 0; i < days->count; i++) {
        const hu_dated *day = &days->items[i];
        if (!may_be_facts(c, day, behind, raids) || (best.told && day->at.start > reach))
            continue;
        if (best.told && (hu_date_compare(day->date, best.date) >= 0 || best.date.year - day->date.year > MOST_YEARS))
            continue;
        if (!best.told)
            reach = day->at.start + NARRATIVE;
        best = (event_date){true, LEFT_OVER / 100.0, day->rule, day->at, day->date};
    }
    return best;
}

static event_date event_of(hu_reading_context *c, const hu_dated_list *days, const char *event)
{
    event_date found = by_rule(c, event);
    if (!found.told)
        found = by_act(c, days, event);
    if (!found.told && strcmp(event, "complaint") == 0)
        found = by_sentence(c, days, event);
    if (found.told || strcmp(event, "facts") != 0)
        return found;
    for (int i = 0; i < 3 && !found.told; i++)
        found = left_over(c, days, i == 2 ? HEADER : c->date_at.end, i == 1);
    return found;
}

/* Of two dates in the wrong order one was misread: the less sure goes, both when they are equally sure. */
static void drop_disorder(event_date dates[N_EVENTS])
{
    bool drop[N_EVENTS] = {false};
    for (size_t i = 0; i < N_EVENTS; i++)
        for (size_t j = i + 1; j < N_EVENTS; j++) {
            if (!dates[i].told || !dates[j].told || hu_date_compare(dates[i].date, dates[j].date) <= 0)
                continue;
            drop[i] |= dates[i].confidence <= dates[j].confidence;
            drop[j] |= dates[j].confidence <= dates[i].confidence;
        }
    for (size_t i = 0; i < N_EVENTS; i++)
        dates[i].told &= !drop[i];
}

static void read_events(hu_reading_context *c)
{
    event_date dates[N_EVENTS];
    hu_dated_list days = dated_days(c);
    for (size_t i = 0; i < N_EVENTS; i++)
        dates[i] = event_of(c, &days, events[i].event);
    drop_disorder(dates);
    for (size_t i = 0; i < N_EVENTS; i++) {
        if (!dates[i].told)
            continue;
        char *iso = hu_alloc(c->arena, 16);
        hu_date_format_iso(dates[i].date, iso);
        add_text(c, events[i].key, iso, dates[i].confidence, dates[i].rule, dates[i].at);
    }
}

/* The Supreme Court numbers its own files. Two numbers of origin are none: one may be a precedent's. */
static void read_origin(hu_reading_context *c)
{
    if (!c->level || strcmp(c->level, "supreme") != 0)
        return;
    const hu_mention *found = NULL;
    hu_stretch where = {0};
    const char *text = NULL;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "number");
        const hu_capture *capture = set && strcmp(set, "origin") == 0 ? mention_capture(mention, "number") : NULL;
        if (!capture)
            continue;
        hu_stretch at = {capture->start, capture->end};
        const char *number = without_blanks(c, at);
        if (text && strcmp(text, number) != 0)
            return;
        if (!found) {
            found = mention;
            where = at;
            text = number;
        }
    }
    if (found)
        add_text(c, "decision.origin_expediente", text, found->rule->confidence, found->rule, where);
}

void read_procedure(hu_reading_context *c)
{
    read_origin(c);
    read_events(c);
}
