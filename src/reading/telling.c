/* How what a judgment speaks of is told: as done, as not done, or as what is only asked for, supposed or cited. */

#include "context.h"

/* How far what comes behind the clause may take it back: "…; en su momento no se la solicitó". */
enum { LATER = 240 };

static bool is_denied(const hu_reading_context *c, hu_stretch at, hu_stretch clause)
{
    const hu_reader *reader = c->reader;
    const hu_document *document = c->document;
    if (engine_found(reader->denied_before, document, clause.start, at.start) &&
        !engine_found(reader->weighed, document, clause.start, at.start))
        return true;
    return engine_found(reader->denied_behind, document, at.end, clause.end);
}

hu_telling telling_of(const hu_reading_context *c, hu_stretch at)
{
    const hu_reader *reader = c->reader;
    hu_stretch clause = clause_around(c->document, at);
    size_t later = at.end + LATER < c->document->folded_length ? at.end + LATER : c->document->folded_length;
    if (engine_found(reader->denied_later, c->document, at.end, later))
        return DENIED;
    if (engine_found(reader->cited, c->document, clause.start, at.start) ||
        engine_found(reader->cited_behind, c->document, at.end, clause.end))
        return SUPPOSED;
    if (is_denied(c, at, clause))
        return DENIED;
    bool ordered = at.start >= c->operative.start && at.start < c->operative.end &&
                   !engine_found(reader->advised, c->document, clause.start, at.start);
    if (!ordered && engine_found(reader->wished, c->document, clause.start, at.start))
        return SUPPOSED;
    return TOLD;
}
