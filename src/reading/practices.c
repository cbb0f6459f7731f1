/* Victim-centred practices, agencies, kinds of exploitation. */

#include "context.h"

#include <string.h>

/* The clause around a mention: between full stops, semicolons and paragraph ends. */
static hu_stretch clause_of(const hu_reading_context *c, const hu_mention *mention)
{
    const char *text = c->document->folded;
    size_t start = mention->start, end = mention->end, length = c->document->folded_length;
    while (start > 0 && mention->start - start < 240 && !strchr(";\n", text[start - 1]) &&
           !(text[start - 1] == '.' && text[start] == ' '))
        start--;
    while (end < length && end - mention->end < 240 && !strchr(";\n", text[end]) &&
           !(text[end] == '.' && end + 1 < length && strchr(" \n", text[end + 1])))
        end++;
    return (hu_stretch){start, end};
}

/* How a practice or an agency's act is told: as done, as not done, or as what should or could be. */
typedef enum hu_telling { TOLD, DENIED, SUPPOSED } hu_telling;

enum { NEGATED_WITHIN = 60, NEGATED_BEHIND = 14 };

/* "no se realizó entrevista única", "la entrevista única no se realizó", "de haberse actuado prueba anticipada" */
static hu_telling telling_of(const hu_reading_context *c, const hu_mention *mention)
{
    hu_stretch clause = clause_of(c, mention);
    size_t start = mention->start > clause.start + NEGATED_WITHIN ? mention->start - NEGATED_WITHIN : clause.start;
    size_t behind = mention->end + NEGATED_BEHIND < clause.end ? mention->end + NEGATED_BEHIND : clause.end;
    if (engine_found(c->reader->hypothetical, c->document, clause.start, mention->start))
        return SUPPOSED;
    if (engine_found(c->reader->negation, c->document, start, mention->start) ||
        engine_found(c->reader->negation, c->document, mention->end, behind))
        return DENIED;
    return TOLD;
}

/* A unit that assists is no practice until the clause says that it did. */
static bool lacks_assistance(const hu_reading_context *c, const hu_mention *mention)
{
    hu_stretch clause = clause_of(c, mention);
    return rule_sets(mention->rule, "needs") &&
           !engine_found(c->reader->assists, c->document, clause.start, clause.end);
}

static void read_practice(hu_reading_context *c, const hu_practice *practice)
{
    const hu_mention *denied = NULL;
    const char *key = hu_printf(c->arena, "practices.%s", practice->key);
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "practice");
        if (!set || strcmp(set, practice->key) != 0)
            continue;
        hu_telling telling = rule_sets(mention->rule, "keeps_negation") ? TOLD : telling_of(c, mention);
        if (telling == TOLD && lacks_assistance(c, mention))
            telling = SUPPOSED;
        if (telling == TOLD) {
            add_text(c, key, "present", mention->rule->confidence, mention->rule,
                     (hu_stretch){mention->start, mention->end});
            return;
        }
        if (telling == DENIED && !denied)
            denied = mention;
    }
    if (denied)
        add_text(c, key, "denied", 0.75, denied->rule, (hu_stretch){denied->start, denied->end});
    else
        add_finding(c, key, 0.8, NULL, NULL, 0)->text = "absent";
}

static void read_agency(hu_reading_context *c, const hu_agency *agency)
{
    const hu_mention *mentioned = NULL;
    const char *key = hu_printf(c->arena, "agencies.%s", agency->key);
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "agency");
        if (!set || strcmp(set, agency->key) != 0)
            continue;
        hu_stretch clause = clause_of(c, mention);
        if (telling_of(c, mention) == TOLD &&
            engine_found(c->reader->agency_acts, c->document, clause.start, clause.end)) {
            add_text(c, key, "acted", 0.8, mention->rule, (hu_stretch){mention->start, mention->end});
            return;
        }
        if (!mentioned)
            mentioned = mention;
    }
    if (mentioned)
        add_text(c, key, "mentioned", 0.7, mentioned->rule, (hu_stretch){mentioned->start, mentioned->end});
    else
        add_finding(c, key, 0.8, NULL, NULL, 0)->text = "absent";
}

static void read_exploitation(hu_reading_context *c)
{
    const char *seen[8] = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->mentions.count && n < 7; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "exploitation");
        if (!set || word_in(set, strlen(set), seen))
            continue;
        const char *key = hu_printf(c->arena, "exploitation[%zu]", n);
        add_text(c, key, set, 0.6, mention->rule, (hu_stretch){mention->start, mention->end});
        seen[n++] = set;
    }
}

void read_practices(hu_reading_context *c)
{
    if (!c->on_merits)
        return;
    for (size_t i = 0; i < c->reader->n_practices; i++)
        read_practice(c, &c->reader->practices[i]);
    for (size_t i = 0; i < c->reader->n_agencies; i++)
        read_agency(c, &c->reader->agencies[i]);
    read_exploitation(c);
}
