/* Victim-centred practices and kinds of exploitation. */

#include "context.h"

#include <string.h>

/* What is known of one practice so far. */
typedef struct hu_seen {
    const hu_mention *present, *denied;
} hu_seen;

/* Verdicts are known and none of them is a conviction that stands. */
static bool nobody_convicted(const hu_reading_context *c)
{
    bool known = false;
    for (size_t i = 0; i < c->n_findings; i++) {
        const hu_finding *finding = &c->findings[i];
        if (!strstr(finding->key, "].final_verdict"))
            continue;
        if (strcmp(finding->text, "convicted") == 0)
            return false;
        known = true;
    }
    return known;
}

/* A rule states what it shows (`state`), or the words around the place tell. */
static hu_telling practice_told(const hu_reading_context *c, const hu_mention *mention)
{
    const char *state = rule_sets(mention->rule, "state"), *negated = rule_sets(mention->rule, "negated"),
               *needs = rule_sets(mention->rule, "needs");
    if (needs && strcmp(needs, "conviction") == 0 && nobody_convicted(c))
        return SUPPOSED;
    hu_stretch at = {mention->start, mention->end};
    if (rule_sets(mention->rule, "cited") && tells_between(c, CITED, clause_around(c->document, at).start, at.start))
        return SUPPOSED;
    if (state)
        return strcmp(state, "present") == 0 ? TOLD : DENIED;
    hu_telling telling = telling_of(c, at);
    if (telling != SUPPOSED && rule_sets(mention->rule, "reverse"))
        return telling == DENIED ? TOLD : DENIED;
    if (telling == SUPPOSED && rule_sets(mention->rule, "supposed"))
        return TOLD;
    return telling == DENIED && negated ? SUPPOSED : telling;
}

static void see_mentions(const hu_reading_context *c, hu_seen *seen)
{
    const hu_reader *reader = c->reader;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *key = rule_sets(mention->rule, "practice");
        for (size_t k = 0; key && k < reader->n_practices; k++) {
            if (strcmp(key, reader->practices[k].key) != 0 || seen[k].present)
                continue;
            hu_telling telling = practice_told(c, mention);
            if (telling == TOLD)
                seen[k].present = mention;
            else if (telling == DENIED && !seen[k].denied)
                seen[k].denied = mention;
            else if (telling == SUPPOSED)
                trace_aside(c->trace, mention, "asked for, supposed or cited, not told as done");
        }
    }
}

static void add_practices(hu_reading_context *c, const hu_seen *seen)
{
    for (size_t k = 0; k < c->reader->n_practices; k++) {
        const char *key = hu_printf(c->arena, "practices.%s", c->reader->practices[k].key);
        const hu_mention *by = seen[k].present ? seen[k].present : seen[k].denied;
        if (by)
            add_text(c, key, seen[k].present ? "present" : "denied", seen[k].present ? by->rule->confidence : 0.75,
                     by->rule, (hu_stretch){by->start, by->end});
        else
            add_finding(c, key, 0.8, NULL, NULL, 0)->text = "absent";
    }
}

void read_practices(hu_reading_context *c)
{
    hu_seen *seen = HU_NEW_ARRAY(c->arena, hu_seen, c->reader->n_practices);
    if (strcmp(c->kind, "plenary_agreement") != 0) /* doctrine: nothing was done in a case */
        see_mentions(c, seen);
    add_practices(c, seen);
}
