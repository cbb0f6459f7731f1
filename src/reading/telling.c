/* How what a judgment speaks of is told: as done, as not done, or as what is only asked for, supposed or cited. */

#include "context.h"

/* How far what comes behind the clause may take it back: "…; en su momento no se la solicitó". */
enum { LATER = 240 };

bool tells_between(const hu_reading_context *c, hu_telling_condition condition, size_t start, size_t end)
{
    return engine_found(c->reader->telling[condition], c->document, start, end, c->match);
}

static bool is_denied(const hu_reading_context *c, hu_stretch at, hu_stretch clause)
{
    return (tells_between(c, DENIED_BEFORE, clause.start, at.start) &&
            !tells_between(c, WEIGHED, clause.start, at.start)) ||
           tells_between(c, DENIED_BEHIND, at.end, clause.end);
}

hu_telling telling_of(const hu_reading_context *c, hu_stretch at)
{
    hu_stretch clause = clause_around(c->document, at);
    size_t later = at.end + LATER < c->document->folded_length ? at.end + LATER : c->document->folded_length;
    if (tells_between(c, DENIED_LATER, at.end, later))
        return DENIED;
    if (tells_between(c, CITED, clause.start, at.start) || tells_between(c, CITED_BEHIND, at.end, clause.end))
        return SUPPOSED;
    if (is_denied(c, at, clause))
        return DENIED;
    bool ordered = at.start >= c->operative.start && at.start < c->operative.end &&
                   !tells_between(c, ADVISED, clause.start, at.start);
    return !ordered && tells_between(c, WISHED, clause.start, at.start) ? SUPPOSED : TOLD;
}
