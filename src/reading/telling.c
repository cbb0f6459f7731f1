/* How what a judgment speaks of is told: as done, as not done, or as what is only asked for, supposed or cited. */

#include "context.h"

hu_telling telling_of(const hu_reading_context *c, hu_stretch at)
{
    const hu_reader *reader = c->reader;
    hu_stretch clause = clause_around(c->document, at);
    if (engine_found(reader->cited, c->document, clause.start, at.start))
        return SUPPOSED;
    if ((engine_found(reader->denied_before, c->document, clause.start, at.start) &&
         !engine_found(reader->weighed, c->document, clause.start, at.start)) ||
        engine_found(reader->denied_behind, c->document, at.end, clause.end))
        return DENIED;
    bool ordered = at.start >= c->operative.start && at.start < c->operative.end &&
                   !engine_found(reader->advised, c->document, clause.start, at.start);
    if (!ordered && engine_found(reader->wished, c->document, clause.start, at.start))
        return SUPPOSED;
    return TOLD;
}
