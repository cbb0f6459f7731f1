/* Whom a clause of the operative part is about. */

#include "rulings.h"

#include <string.h>

bool any_subject(const hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        if (s->subjects[i])
            return true;
    return false;
}

void all_subjects(hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        s->subjects[i] = true;
}

size_t occurrence_from(const hu_reading_context *c, size_t start)
{
    size_t low = 0, high = c->n_occurrences;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->occurrences[middle].at.start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The end of what a content event says: the next ruling or mode. */
size_t event_end(const hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < s->end; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (mention->start < c->mentions.items[index].end)
            continue;
        if (rule_sets(mention->rule, "ruling") || rule_sets(mention->rule, "mode"))
            return mention->start;
    }
    return s->end;
}

/* Names in one run from `start`: sets the subjects, returns true if there are any. */
bool take_run(hu_reader_state *s, size_t start, size_t within, size_t end)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, start), at = start;
    if (i == c->n_occurrences || c->occurrences[i].at.start > start + within || c->occurrences[i].at.start >= end)
        return false;
    memset(s->subjects, 0, c->n_defendants * sizeof *s->subjects);
    at = c->occurrences[i].at.start;
    for (; i < c->n_occurrences && c->occurrences[i].at.start < end && c->occurrences[i].at.start <= at + NAME_GAP;
         i++) {
        const char *between = c->document->folded + at;
        if (memchr(between, ';', c->occurrences[i].at.start - at))
            break;
        s->subjects[c->occurrences[i].who] = true;
        at = c->occurrences[i].at.end;
    }
    return true;
}

static bool everybody_named(const hu_reader_state *s, size_t start, size_t end)
{
    const char *text = s->c->document->folded;
    for (const char *const *word = s->c->reader->everybody; *word; word++)
        if (end > start && memmem(text + start, end - start, *word, strlen(*word)))
            return true;
    return false;
}

void find_subjects(hu_reader_state *s, size_t index)
{
    size_t start = s->c->mentions.items[index].start, end = event_end(s, index);
    if (take_run(s, start, NAME_WITHIN, end))
        return;
    size_t reach = start + NAME_WITHIN < end ? start + NAME_WITHIN : end;
    if (s->c->n_defendants == 1 || !any_subject(s) || everybody_named(s, start, reach))
        all_subjects(s);
}

void add_clause(hu_reader_state *s, size_t start)
{
    if (s->n_clauses == MAX_CLAUSES)
        return;
    size_t size = s->c->n_defendants * sizeof *s->subjects;
    hu_clause *clause = &s->clauses[s->n_clauses++];
    *clause = (hu_clause){start, hu_alloc(s->c->arena, size)};
    memcpy(clause->subjects, s->subjects, size);
}

/* The subjects that hold at a place: those of the clause that it stands in. */
void enter_clause(hu_reader_state *s, size_t at)
{
    for (size_t i = s->n_clauses; i-- > 0;)
        if (s->clauses[i].start <= at) {
            memcpy(s->subjects, s->clauses[i].subjects, s->c->n_defendants * sizeof *s->subjects);
            return;
        }
}
