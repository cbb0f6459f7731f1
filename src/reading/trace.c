/* What was set aside on the way to the findings, and why. */

#include "context.h"

void trace_aside(hu_trace *trace, const hu_mention *mention, const char *why)
{
    if (!trace)
        return;
    if (trace->count == trace->capacity) {
        size_t capacity = trace->capacity ? trace->capacity * 2 : 64;
        trace->items = hu_regrow(trace->arena, trace->items, trace->count, capacity, sizeof *trace->items);
        trace->capacity = capacity;
    }
    trace->items[trace->count].mention = *mention;
    trace->items[trace->count++].why = why;
}

static hu_candidate candidate_of(const hu_document *document, const hu_mention *mention, const char *why)
{
    return (hu_candidate){.rule = mention->rule->id,
                          .source = mention->rule->source,
                          .value = mention->rule->n_sets ? mention->rule->sets[0].value : NULL,
                          .line = mention->rule->line,
                          .at = {document->byte_of[mention->start], document->byte_of[mention->end]},
                          .why_not = why};
}

void list_candidates(const hu_reading_context *c, hu_reading *reading)
{
    size_t n = c->trace->count + c->mentions.count;
    reading->candidates = HU_NEW_ARRAY(c->arena, hu_candidate, n);
    for (size_t i = 0; i < c->trace->count; i++)
        reading->candidates[reading->n_candidates++] =
            candidate_of(c->document, &c->trace->items[i].mention, c->trace->items[i].why);
    for (size_t i = 0; i < c->mentions.count; i++)
        reading->candidates[reading->n_candidates++] = candidate_of(c->document, &c->mentions.items[i], NULL);
}
