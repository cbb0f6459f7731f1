/* Agencies: which are named, and which did something in this case. */

#include "context.h"

#include <string.h>

typedef struct hu_seen {
    const hu_mention *acted, *mentioned;
} hu_seen;

/* In a clause that tells of something done, the words around the name make the agency its doer. */
static bool does(const hu_reading_context *c, const hu_agency *agency, hu_stretch at, hu_stretch clause)
{
    size_t length = c->document->folded_length;
    if (tells_between(c, ACTS_BEFORE, clause.start, at.start) ||
        (!agency->source && tells_between(c, ACTS_PAPER, clause.start, at.start)) ||
        (agency->houses && (tells_between(c, PLACED_BEFORE, clause.start, at.start) ||
                            tells_between(c, PLACED_BEHIND, at.end, clause.end))))
        return true;
    bool subject = !tells_between(c, OBLIQUE, clause.start, at.start);
    if (subject && tells_between(c, ACTS_BEHIND, at.end, clause.end))
        return true;
    return !(subject && agency->source) && tells_between(c, ACTS_RELATED, at.end, length);
}

/*
 * An agency acts where the clause makes it the doer of something done, where a document is named that only it makes
 * ("certificado médico legal"), or where persons are placed in it. What is cited, asked for, ordered or denied is no
 * act.
 */
static bool has_acted(const hu_reading_context *c, const hu_agency *agency, const hu_mention *mention)
{
    hu_stretch at = {mention->start, mention->end}, clause = clause_around(c->document, at);
    bool ordered = at.start >= c->operative.start && at.start < c->operative.end;
    if (ordered || strcmp(c->kind, "plenary_agreement") == 0 || telling_of(c, at) != TOLD)
        return false;
    if (rule_sets(mention->rule, "works"))
        return true;
    if (tells_between(c, IDLE, at.end, clause.end))
        return false;
    if (rule_sets(mention->rule, "places") || tells_between(c, ADDRESSED, clause.start, at.start))
        return tells_between(c, ACTS_RELATED, at.end, c->document->folded_length);
    return agency->presumed || does(c, agency, at, clause);
}

/* "Migraciones" inside "Organización Internacional para las Migraciones" names nobody. */
static bool inside_another(const hu_reading_context *c, size_t index, const char *agency)
{
    const hu_mention *mention = &c->mentions.items[index];
    for (size_t i = index; i-- > 0 && mention->start - c->mentions.items[i].start < 200;) {
        const hu_mention *other = &c->mentions.items[i];
        const char *name = rule_sets(other->rule, "agency");
        if (name && other->end >= mention->end && strcmp(name, agency) != 0)
            return true;
    }
    return false;
}

static void see_mention(const hu_reading_context *c, const hu_agency *agency, const hu_mention *mention, hu_seen *seen)
{
    if (seen->acted)
        return;
    if (has_acted(c, agency, mention))
        seen->acted = mention;
    else if (!seen->mentioned)
        seen->mentioned = mention;
}

/* Police of a trafficking unit are police too. */
static void see_also(const hu_reading_context *c, hu_seen *seen)
{
    const hu_reader *reader = c->reader;
    for (size_t k = 0; k < reader->n_agencies; k++)
        for (size_t also = 0; reader->agencies[k].also && also < reader->n_agencies; also++)
            if (strcmp(reader->agencies[k].also, reader->agencies[also].key) == 0) {
                if (!seen[also].acted)
                    seen[also].acted = seen[k].acted;
                if (!seen[also].mentioned)
                    seen[also].mentioned = seen[k].mentioned;
            }
}

void read_agencies(hu_reading_context *c)
{
    const hu_reader *reader = c->reader;
    hu_seen *seen = HU_NEW_ARRAY(c->arena, hu_seen, reader->n_agencies);
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *name = rule_sets(c->mentions.items[i].rule, "agency");
        if (!name || inside_another(c, i, name))
            continue;
        for (size_t k = 0; k < reader->n_agencies; k++)
            if (strcmp(name, reader->agencies[k].key) == 0)
                see_mention(c, &reader->agencies[k], &c->mentions.items[i], &seen[k]);
    }
    see_also(c, seen);
    for (size_t k = 0; k < reader->n_agencies; k++) {
        const char *key = hu_printf(c->arena, "agencies.%s", reader->agencies[k].key);
        const hu_mention *by = seen[k].acted ? seen[k].acted : seen[k].mentioned;
        if (by)
            add_text(c, key, seen[k].acted ? "acted" : "mentioned", seen[k].acted ? 0.8 : 0.7, by->rule,
                     (hu_stretch){by->start, by->end});
        else
            add_finding(c, key, 0.8, NULL, NULL, 0)->text = "absent";
    }
}
