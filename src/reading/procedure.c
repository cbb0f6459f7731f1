/* The course of the case: dates of the facts and of what followed them, and the number at the court of origin. */

#include "context.h"

#include <string.h>

/* In the order in which they come to pass. */
static const struct {
    const char *event, *key;
} events[] = {{"facts", "decision.facts_date"},
              {"complaint", "decision.complaint_date"},
              {"formalization", "decision.formalization_date"},
              {"accusation", "decision.accusation_date"}};
enum { N_EVENTS = sizeof events / sizeof *events };

typedef struct event_date {
    const hu_mention *mention; /* NULL: not told */
    hu_stretch at;
    hu_date date;
} event_date;

static bool plausible(const hu_reading_context *c, hu_date date)
{
    return date.year >= 1990 && date.year <= 2100 && (!c->date.year || hu_date_compare(date, c->date) <= 0);
}

/* The first mention of the highest confidence. */
static event_date best_date(hu_reading_context *c, const char *event)
{
    event_date best = {0};
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "event");
        const hu_capture *capture = set && strcmp(set, event) == 0 ? mention_capture(mention, "date") : NULL;
        if (!capture || (best.mention && mention->rule->confidence <= best.mention->rule->confidence))
            continue;
        hu_stretch at = {capture->start, capture->end};
        hu_date date;
        if (hu_spanish_date(hu_str_of(as_written(c, at)), &date) && plausible(c, date))
            best = (event_date){mention, at, date};
    }
    return best;
}

/* Of two dates in the wrong order one was misread: the less sure goes, both when they are equally sure. */
static void drop_disorder(event_date dates[N_EVENTS])
{
    bool drop[N_EVENTS] = {false};
    for (size_t i = 0; i < N_EVENTS; i++)
        for (size_t j = i + 1; j < N_EVENTS; j++) {
            if (!dates[i].mention || !dates[j].mention || hu_date_compare(dates[i].date, dates[j].date) <= 0)
                continue;
            double before = dates[i].mention->rule->confidence, after = dates[j].mention->rule->confidence;
            drop[i] |= before <= after;
            drop[j] |= after <= before;
        }
    for (size_t i = 0; i < N_EVENTS; i++)
        if (drop[i])
            dates[i].mention = NULL;
}

static void read_events(hu_reading_context *c)
{
    event_date dates[N_EVENTS];
    for (size_t i = 0; i < N_EVENTS; i++)
        dates[i] = best_date(c, events[i].event);
    drop_disorder(dates);
    for (size_t i = 0; i < N_EVENTS; i++) {
        if (!dates[i].mention)
            continue;
        char *iso = hu_alloc(c->arena, 16);
        hu_date_format_iso(dates[i].date, iso);
        add_text(c, events[i].key, iso, dates[i].mention->rule->confidence, dates[i].mention->rule, dates[i].at);
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
