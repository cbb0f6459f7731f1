#include "sections.h"

#include "characters.h"

#include <string.h>

enum { MAX_HEADING = 160, MAX_NUMBER = 40 };

/* A paragraph, in folded bytes, and what it opens. */
typedef struct paragraph {
    size_t start, end; /* without the line breaks */
    size_t body;       /* after its number */
    bool heading[HU_N_PARTS];
    size_t lead;   /* where the words after a lead begin; 0 = no lead */
    size_t ruling; /* where a ruling in capitals begins in it; 0 = nowhere (a ruling at 0 is a heading) */
    bool decides;  /* opens an operative part by a lead or a ruling */
    bool vote;
} paragraph;

typedef struct finder {
    const hu_phrases *phrases;
    const hu_document *document;
    hu_str folded;
    paragraph *paragraphs;
    size_t count;
} finder;

/* Are the letters of this stretch of folded text capitals in the text? */
static bool in_capitals(const finder *f, size_t start, size_t end)
{
    const char *p = f->document->text + f->document->byte_of[start],
               *stop = f->document->text + f->document->byte_of[end];
    size_t capitals = 0;
    while (p < stop) {
        int32_t c = hu_utf8_next(&p, stop);
        if (hu_character_is_lower(c))
            return false;
        capitals += hu_character_is_upper(c);
    }
    return capitals >= 2;
}

static hu_str upto(const finder *f, size_t end)
{
    return (hu_str){f->folded.data, end};
}

/* The start of the words after "III.", "§ II.", "4.1.", "a)". */
static size_t skip_number(const finder *f, const paragraph *p)
{
    size_t at = p->start;
    for (int twice = 0; twice < 2; twice++) {
        size_t start, end;
        if (!hu_phrase_find(f->phrases->heading_number, upto(f, p->end), at, true, &start, &end) ||
            end > p->start + MAX_NUMBER)
            break;
        at = end;
    }
    return at;
}

/* A heading ends its paragraph, or stands in capitals before a comma, colon, stop, dash or small letters. */
static bool is_heading(const finder *f, const paragraph *p, const pcre2_code *pattern)
{
    size_t start, end;
    if (!hu_phrase_find(pattern, upto(f, p->end), p->body, true, &start, &end) || end == start)
        return false;
    size_t rest = end;
    while (rest < p->end && strchr(" .:-", f->folded.data[rest]))
        rest++;
    if (rest == p->end)
        return end - p->start < MAX_HEADING;
    if (f->folded.data[end] >= 'a' && f->folded.data[end] <= 'z')
        return false;
    if (!in_capitals(f, start, end))
        return false;
    if (f->folded.data[end] == ',' || rest - end > strspn(f->folded.data + end, " "))
        return true;
    const char *next = f->document->text + f->document->byte_of[rest];
    return hu_character_is_lower(hu_utf8_next(&next, f->document->text + f->document->length));
}

/* Where a pattern first stands in capitals between two places; false when nowhere. */
static bool find_capitals(const finder *f, const pcre2_code *pattern, size_t from, size_t to, size_t *at)
{
    size_t start, end;
    while (from < to && hu_phrase_find(pattern, upto(f, to), from, false, &start, &end) && end > start) {
        bool word_start = start == 0 || !(f->folded.data[start - 1] >= 'a' && f->folded.data[start - 1] <= 'z');
        bool word_end = end == to || !(f->folded.data[end] >= 'a' && f->folded.data[end] <= 'z');
        if (word_start && word_end && in_capitals(f, start, end)) {
            *at = start + strspn(f->folded.data + start, " ,");
            return true;
        }
        from = end;
    }
    return false;
}

static void look_at(const finder *f, paragraph *p)
{
    size_t at, start, end;
    p->body = skip_number(f, p);
    for (int part = HU_PART_FACTS; part < HU_N_PARTS; part++)
        p->heading[part] = is_heading(f, p, f->phrases->headings[part]);
    p->vote =
        hu_phrase_find(f->phrases->votes, upto(f, p->end), p->body, true, &start, &end) && in_capitals(f, start, end);
    p->lead = hu_phrase_find(f->phrases->leads, upto(f, p->end), p->body, true, &start, &end) ? end : 0;
    if (find_capitals(f, f->phrases->rulings, p->start, p->end, &at)) {
        p->decides = true;
        p->ruling = p->lead || at <= p->body ? 0 : at;
    }
}

static bool opens_other(const paragraph *p)
{
    return p->heading[HU_PART_FACTS] || p->heading[HU_PART_REASONING];
}

/*
 * A lead decides when a verb in capitals follows in reach, in the same paragraph or the next ones: "Por estos
 * fundamentos, …:" "I. DECLARARON …". A heading or another lead between them is the better place to begin.
 */
static void look_for_verbs(finder *f)
{
    size_t limit = f->folded.length, at;
    for (size_t i = f->count; i-- > 0;) {
        paragraph *p = &f->paragraphs[i];
        size_t reach = p->start + (size_t)f->phrases->lead_reach;
        if (p->lead && !p->decides)
            p->decides = find_capitals(f, f->phrases->decision_verbs, p->lead, reach < limit ? reach : limit, &at);
        if (p->lead || p->heading[HU_PART_OPERATIVE] || opens_other(p))
            limit = p->start;
    }
}

static void split_paragraphs(finder *f, hu_arena *arena)
{
    size_t room = 0;
    for (size_t at = 0; at < f->folded.length;) {
        const char *found = memmem(f->folded.data + at, f->folded.length - at, "\n\n", 2);
        size_t end = found ? (size_t)(found - f->folded.data) : f->folded.length;
        if (f->count == room) {
            f->paragraphs = hu_regrow(arena, f->paragraphs, room, room ? 2 * room : 64, sizeof *f->paragraphs);
            room = room ? 2 * room : 64;
        }
        paragraph *p = &f->paragraphs[f->count++];
        *p = (paragraph){.start = at, .end = end};
        look_at(f, p);
        at = end + 2;
    }
    look_for_verbs(f);
}

static bool opens_operative(const paragraph *p)
{
    return p->heading[HU_PART_OPERATIVE] || p->decides;
}

/* A lead without an end of its own: "Por estos fundamentos;" before "De conformidad con …". */
static bool leads_on(const finder *f, const paragraph *p)
{
    return p->lead && p->body == p->start && strchr(",;:", f->folded.data[p->end - 1]);
}

/* The paragraph that opens the operative part; count when there is none. */
static size_t find_operative(const finder *f)
{
    size_t last = f->count, limit = f->count;
    for (size_t i = 0; i < limit; i++) {
        if (f->paragraphs[i].vote && last < f->count)
            limit = i; /* what follows is another opinion, with its own ruling */
        else if (opens_operative(&f->paragraphs[i]))
            last = i;
    }
    if (last == f->count)
        return last;
    for (size_t i = last; i-- > 0;) {
        const paragraph *p = &f->paragraphs[i];
        if (opens_other(p) || f->paragraphs[last].start - p->start > (size_t)f->phrases->cluster_reach)
            break;
        if (opens_operative(p) || (i + 1 == last && leads_on(f, p)))
            last = i;
    }
    return last;
}

static size_t find_heading(const finder *f, hu_part part, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (f->paragraphs[i].heading[part] || (part == HU_PART_AFTER && f->paragraphs[i].vote))
            return i;
    return to;
}

static void add_section(const finder *f, hu_document *document, hu_part part, size_t folded_start)
{
    /* the first letter may be folded away: the text begins at 0 all the same */
    size_t start = folded_start ? f->document->byte_of[folded_start] : 0;
    if (document->n_sections) {
        hu_section *last = &document->sections[document->n_sections - 1];
        if (start <= last->start) /* nothing stands in the part before */
            document->n_sections--;
        else
            last->end = start;
    }
    document->sections[document->n_sections++] = (hu_section){part, start, document->length};
}

void hu_sections_find(const hu_phrases *phrases, hu_arena *arena, hu_document *document)
{
    HU_SCRATCH(scratch);
    finder f = {phrases, document, {document->folded, document->folded_length}, NULL, 0};
    split_paragraphs(&f, scratch);
    size_t operative = find_operative(&f), facts = find_heading(&f, HU_PART_FACTS, 0, operative);
    size_t reasoning = find_heading(&f, HU_PART_REASONING, facts < operative ? facts + 1 : 0, operative);
    if (facts == operative)
        facts = f.count;
    document->sections = HU_NEW_ARRAY(arena, hu_section, HU_N_PARTS);
    add_section(&f, document, HU_PART_HEADER, 0);
    if (facts < f.count)
        add_section(&f, document, HU_PART_FACTS, f.paragraphs[facts].start);
    if (reasoning < operative)
        add_section(&f, document, HU_PART_REASONING, f.paragraphs[reasoning].start);
    if (operative == f.count)
        return;
    const paragraph *opening = &f.paragraphs[operative];
    add_section(&f, document, HU_PART_OPERATIVE,
                opening->heading[HU_PART_OPERATIVE] || !opening->ruling ? opening->start : opening->ruling);
    size_t after = find_heading(&f, HU_PART_AFTER, operative + 1, f.count);
    if (after < f.count)
        add_section(&f, document, HU_PART_AFTER, f.paragraphs[after].start);
}
