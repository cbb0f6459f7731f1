/* What the prosecution asked to convict for, and whether the case is about trafficking. */

#include "rulings.h"

#include <string.h>

enum { ACCUSATION_WITHIN = 700 };

static const hu_charge *trafficking_in(const hu_charge_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_trafficking(&list->items[i]))
            return &list->items[i];
    return NULL;
}

static bool only_trafficking(const hu_charge_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!is_trafficking(&list->items[i]))
            return false;
    return list->count > 0;
}

/* The header's "DELITO : …" */
static hu_charge_list header_charges(hu_reading_context *c)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *charge = rule_sets(mention->rule, "charge");
        const hu_capture *offences =
            charge && strcmp(charge, "header") == 0 ? mention_capture(mention, "offences") : NULL;
        if (!offences)
            continue;
        hu_charge_list list = collect_offences(c, offences->start, offences->end);
        if (list.count)
            return list;
    }
    return (hu_charge_list){0};
}

/* Named one right behind another: "contra A y B". */
enum { NAMES_GAP = 6 };

/* What an accusation of several says of one of them: the words behind each naming, up to the next other person's. */
static hu_charge_list own_part(hu_reading_context *c, size_t who, size_t start, size_t end)
{
    hu_charge_list own = {0};
    for (size_t i = occurrence_from(c, start); i < c->n_occurrences && c->occurrences[i].at.start < end; i++) {
        if (c->occurrences[i].who != who)
            continue;
        size_t next = i + 1, to = c->occurrences[i].at.end;
        while (next < c->n_occurrences &&
               (c->occurrences[next].who == who || c->occurrences[next].at.start <= to + NAMES_GAP)) {
            to = c->occurrences[next].at.end;
            next++;
        }
        size_t stop =
            next < c->n_occurrences && c->occurrences[next].at.start < end ? c->occurrences[next].at.start : end;
        hu_charge_list part = collect_offences(c, c->occurrences[i].at.start, stop);
        charges_merge(c, &own, &part);
    }
    return own;
}

static hu_charge_list only(const hu_charge *charge)
{
    return charge ? (hu_charge_list){.items = (hu_charge *)charge, .count = 1} : (hu_charge_list){0};
}

/* The first accusation that names an offence; the one that names this defendant before another's. */
static hu_charge_list accusation(hu_reading_context *c, size_t who)
{
    hu_charge_list general = {0}, shared = {0};
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *charge = rule_sets(mention->rule, "charge");
        if (!charge || strcmp(charge, "accusation") != 0)
            continue;
        size_t end = paragraph_end(c, mention->start);
        if (end > mention->start + ACCUSATION_WITHIN)
            end = mention->start + ACCUSATION_WITHIN;
        hu_charge_list list = collect_offences(c, mention->start, end);
        if (!list.count)
            continue;
        bool named = false, other = false;
        size_t j = occurrence_from(c, mention->start);
        for (; j < c->n_occurrences && c->occurrences[j].at.start < end; j++) {
            named |= c->occurrences[j].who == who;
            other |= c->occurrences[j].who != who;
        }
        if (named && !other)
            return list;
        if (named && !shared.count) {
            shared = own_part(c, who, mention->start, end);
            if (!shared.count) /* "… como cómplice de lo mismo" */
                shared = only(trafficking_in(&list));
        }
        if (!general.count)
            general = list;
    }
    return shared.count ? shared : general;
}

/* Is the offence one of those that the header or any accusation names? */
static bool is_accused(hu_reading_context *c, const hu_charge_list *header, const hu_law_offence *offence)
{
    for (size_t i = 0; i < header->count; i++)
        if (header->items[i].offence == offence)
            return true;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *charge = rule_sets(c->mentions.items[i].rule, "charge");
        if (!charge || strcmp(charge, "accusation") != 0)
            continue;
        size_t start = c->mentions.items[i].start, end = paragraph_end(c, start);
        if (end > start + ACCUSATION_WITHIN)
            end = start + ACCUSATION_WITHIN;
        hu_charge_list list = collect_offences(c, start, end);
        for (size_t k = 0; k < list.count; k++)
            if (list.items[k].offence == offence)
                return true;
    }
    return false;
}

/* Trafficking was charged in the higher of the degrees told: the basic one falls away beside the aggravated one. */
static void raise_trafficking(hu_charge_list *list, const hu_charge_list *other)
{
    const hu_charge *highest = NULL;
    for (size_t i = 0; i < list->count + other->count; i++) {
        const hu_charge *one = i < list->count ? &list->items[i] : &other->items[i - list->count];
        if (is_trafficking(one) && (!highest || one->offence->rank > highest->offence->rank))
            highest = one;
    }
    if (!highest || !list->items || !trafficking_in(list))
        return;
    hu_charge kept = *highest;
    bool done = false;
    size_t n = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!is_trafficking(&list->items[i]))
            list->items[n++] = list->items[i];
        else if (!done)
            list->items[n++] = kept, done = true;
    }
    list->count = n;
}

/* Where the court took another offence, what it convicted for was not charged unless an accusation names it. */
static void drop_reclassified(hu_reading_context *c, hu_charge_list *ruled, const hu_charge_list *header)
{
    size_t n = 0;
    for (size_t i = 0; i < ruled->count; i++)
        if (is_trafficking(&ruled->items[i]) || is_accused(c, header, ruled->items[i].offence))
            ruled->items[n++] = ruled->items[i];
    if (n)
        ruled->count = n;
}

/*
 * What this decision, or the one it reviews, ruled on is what was charged, unless the court reclassified: then the
 * accusation says it.
 */
static hu_charge_list charged_of(hu_reading_context *c, size_t who, const hu_charge_list *header, bool reclassified)
{
    const hu_defendant *d = &c->defendants[who];
    hu_charge_list ruled = {0};
    charges_merge(c, &ruled, &d->stands.convicted);
    charges_merge(c, &ruled, &d->stands.acquitted);
    charges_merge(c, &ruled, &d->fallen.convicted);
    charges_merge(c, &ruled, &d->fallen.acquitted);
    hu_charge_list asked = accusation(c, who);
    if (reclassified)
        drop_reclassified(c, &ruled, header);
    if (reclassified && !trafficking_in(&asked) && trafficking_in(header))
        asked = *header;
    raise_trafficking(&ruled, &asked);
    bool drops_trafficking =
        ruled.count && !trafficking_in(&ruled) && (trafficking_in(&asked) || (!asked.count && trafficking_in(header)));
    bool everybody = c->n_defendants == 1 || only_trafficking(header); /* the header's charge is this person's */
    if (ruled.count && !((reclassified || everybody) && drops_trafficking))
        return ruled;
    if (asked.count)
        return asked;
    return header->count ? *header : ruled;
}

/* Where nobody is told to be charged: the first offence that the text names, trafficking before others. */
static void trafficking_by_name(hu_reading_context *c)
{
    const hu_mention *other = NULL;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *code = rule_sets(mention->rule, "offence");
        if (!code)
            continue;
        if (law_find(c->reader->law, code)->rank >= 2) {
            add_bool(c, "decision.trafficking", true, 0.6, mention->rule, (hu_stretch){mention->start, mention->end});
            return;
        }
        other = other ? other : mention;
    }
    if (other && strcmp(c->kind, "other") != 0)
        add_bool(c, "decision.trafficking", false, 0.5, other->rule, (hu_stretch){other->start, other->end});
}

static void read_trafficking(hu_reading_context *c, const hu_charge_list *header)
{
    const hu_charge *found = trafficking_in(header), *other = header->count ? &header->items[0] : NULL;
    for (size_t i = 0; i < c->n_defendants && !found; i++) {
        found = trafficking_in(&c->defendants[i].charged);
        if (!other && c->defendants[i].charged.count)
            other = &c->defendants[i].charged.items[0];
    }
    if (found)
        add_bool(c, "decision.trafficking", true, 0.95, NULL, found->evidence[0]);
    else if (other)
        add_bool(c, "decision.trafficking", false, 0.8, NULL, other->evidence[0]);
    else
        trafficking_by_name(c);
}

void read_charges(hu_reading_context *c)
{
    if (strcmp(c->kind, "plenary_agreement") == 0 || !c->kind_rule) /* no paper of a case */
        return;
    hu_charge_list header = header_charges(c);
    bool reclassified = next_mention(c, "reclassified", 0, c->document->folded_length) < c->mentions.count;
    for (size_t i = 0; i < c->n_defendants; i++)
        c->defendants[i].charged = charged_of(c, i, &header, reclassified);
    if (!header.count && c->n_defendants == 0)
        header = accusation(c, 0);
    read_trafficking(c, &header);
}
