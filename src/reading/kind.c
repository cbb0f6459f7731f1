/* Kind of decision, court and its level. */

#include "context.h"

#include <string.h>

/* An order that ends the case rules about persons like a judgment. */
static bool dismisses(const hu_reading_context *c)
{
    return next_mention(c, "dismissal", 0, c->document->folded_length) < c->mentions.count;
}

/* The rules of a kind stand in order of strength: the first that fires decides. */
void read_kind(hu_reading_context *c)
{
    const hu_mention *best = NULL;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (rule_sets(mention->rule, "kind") && (!best || mention->rule->order < best->rule->order))
            best = mention;
    }
    if (best) {
        c->kind = rule_sets(best->rule, "kind");
        c->kind_rule = best->rule;
        c->kind_at = (hu_stretch){best->start, best->end};
        add_text(c, "decision.kind", c->kind, best->rule->confidence, best->rule, (hu_stretch){best->start, best->end});
    } else if (c->document->folded_length) { /* nothing that a decision would say: its opening words bear that */
        size_t end = c->document->folded_length < 120 ? c->document->folded_length : 120;
        c->kind = "other";
        add_text(c, "decision.kind", c->kind, 0.3, NULL, (hu_stretch){0, end});
    } else {
        c->kind = "other";
    }
    static const char *const no_merits[] = {"order", "other", "plenary_agreement", NULL};
    bool order = strcmp(c->kind, "order") == 0;
    c->on_merits = !one_of(c->kind, no_merits) || (order && dismisses(c));
}

/* The kinds that say by themselves which court decides; an order or another paper may be any court's. */
static const char *level_of_kind(const char *kind)
{
    static const char *const levels[][2] = {{"first_instance", "first_instance"},
                                            {"conformity", "first_instance"},
                                            {"early_termination", "first_instance"},
                                            {"appeal", "appeal"},
                                            {"cassation", "supreme"},
                                            {"nullity_appeal", "supreme"}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(kind, levels[i][0]) == 0)
            return levels[i][1];
    return NULL;
}

/* First instance, appeal or supreme, as the court's name says. */
static const char *level_of_court(const hu_reading_context *c, const hu_mention **by)
{
    const char *level = NULL;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *set = rule_sets(c->mentions.items[i].rule, "level");
        bool stronger = set && (!level || strcmp(set, "supreme") == 0 ||
                                (strcmp(set, "appeal") == 0 && strcmp(level, "first_instance") == 0));
        if (stronger && !(level && strcmp(level, set) == 0)) {
            level = set;
            *by = &c->mentions.items[i];
        }
    }
    return level;
}

/* The first court named, of that sort: the header of an appeal also names the court below. */
static bool add_court(hu_reading_context *c, const char *sort)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *court = rule_sets(mention->rule, "court");
        if (!court || strcmp(court, sort) != 0)
            continue;
        hu_stretch at = {mention->start, mention->end};
        add_text(c, "decision.court", as_written(c, at), mention->rule->confidence, mention->rule, at);
        return true;
    }
    return false;
}

/* A chamber that judges at first instance is named like any chamber. */
static void add_court_of_level(hu_reading_context *c)
{
    static const char *const sorts[][2] = {{"first_instance", "trial"}, {"appeal", "chamber"}, {"supreme", "supreme"}};
    for (size_t i = 0; c->level && i < sizeof sorts / sizeof *sorts; i++)
        if (strcmp(c->level, sorts[i][0]) == 0 && add_court(c, sorts[i][1]))
            return;
    if (!add_court(c, "trial"))
        add_court(c, "chamber");
}

void read_court(hu_reading_context *c)
{
    const hu_mention *by = NULL;
    const char *kind_level = level_of_kind(c->kind), *court_level = level_of_court(c, &by);
    bool sure = !court_level || (c->kind_rule && c->kind_rule->confidence >= 0.8);
    c->level = kind_level && sure ? kind_level : court_level;
    if (c->level && by && court_level && strcmp(court_level, c->level) == 0)
        add_text(c, "decision.court_level", c->level, by->rule->confidence, by->rule, (hu_stretch){by->start, by->end});
    else if (c->level)
        add_text(c, "decision.court_level", c->level, c->kind_rule ? c->kind_rule->confidence : 0.3, c->kind_rule,
                 c->kind_at);
    add_court_of_level(c);
}
