/* Where the operative part of this decision stands, and which mentions hold where they stand. */

#include "rulings.h"

#include <string.h>

enum {
    RULING_REACH = 1500, /* a heading counts when a ruling follows within so many bytes */
    CHAIN = 900,         /* headings closer than this belong together ("por estos fundamentos … FALLA") */
};

size_t mention_from(const hu_reading_context *c, size_t start)
{
    size_t low = 0, high = c->mentions.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->mentions.items[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t next_mention(const hu_reading_context *c, const char *key, size_t from, size_t end)
{
    for (size_t i = from; i < c->mentions.count && c->mentions.items[i].start < end; i++)
        if (rule_sets(c->mentions.items[i].rule, key))
            return i;
    return c->mentions.count;
}

size_t paragraph_end(const hu_reading_context *c, size_t at)
{
    const char *text = c->document->folded;
    size_t length = c->document->folded_length;
    while (at + 1 < length && !(text[at] == '\n' && text[at + 1] == '\n'))
        at++;
    return at + 1 < length ? at : length;
}

/* Opens a paragraph (behind numbering, bullets) or is written in capitals. */
static bool is_title(const hu_reading_context *c, const hu_mention *mention)
{
    const char *folded = c->document->folded;
    size_t before = mention->start;
    while (before > 0 && mention->start - before < 12 && strchr(" .:-)(0123456789ivx\"", folded[before - 1]))
        before--;
    if (before == 0 || folded[before - 1] == '\n')
        return true;
    return in_capitals(c, mention);
}

static unsigned part_bit(const hu_reading_context *c, size_t at)
{
    if (c->operative.end > c->operative.start) {
        if (at >= c->operative.start && at < c->operative.end)
            return 1u << HU_PART_OPERATIVE;
        if (at >= c->operative.end)
            return 1u << HU_PART_AFTER;
    }
    hu_part part = hu_document_part(c->document, c->document->byte_of[at]);
    if (part == HU_PART_OPERATIVE || part == HU_PART_AFTER)
        part = HU_PART_REASONING;
    return 1u << part;
}

enum {
    SHORT = 120,   /* a paragraph of fewer bytes is a heading of the next … */
    SENTENCE = 70, /* … but one that ends with a full stop is a sentence from so many on */
};

/* Who speaks from a place on, and up to where; behind that the court does. */
typedef struct hu_turn {
    hu_speaker speaker;
    size_t end;
} hu_turn;

/* A speaker named speaks to the end of the sentence; named in a heading, to the end of the next paragraph. */
static hu_turn turn_of(const hu_reading_context *c, const hu_mention *mention)
{
    hu_stretch at = {mention->start, mention->end};
    hu_turn turn = {mention->rule->speaks, sentence_around(c->document, at).end};
    size_t start = mention->start, end = paragraph_end(c, mention->start);
    while (start > 0 && mention->start - start < SHORT && c->document->folded[start - 1] != '\n')
        start--;
    size_t heading = end > start && c->document->folded[end - 1] == '.' ? SENTENCE : SHORT;
    if (end - start < heading && end + 2 < c->document->folded_length)
        turn.end = paragraph_end(c, end + 2);
    return turn;
}

/* What a rule asks of the place as such and does not hold; NULL when all does. */
static const char *place_broken(const hu_reading_context *c, const hu_mention *mention, hu_speaker speaker)
{
    const hu_rule *rule = mention->rule;
    if (rule->parts && !(rule->parts & part_bit(c, mention->start)))
        return "not in a part where the rule holds";
    if (rule->title && !is_title(c, mention))
        return "no title";
    if (rule->speakers && !(rule->speakers & 1u << speaker))
        return "somebody else speaks";
    return NULL;
}

void filter_mentions(hu_reading_context *c)
{
    hu_mention *kept = HU_NEW_ARRAY(c->arena, hu_mention, c->mentions.count);
    hu_turn turn = {HU_SPEAKER_COURT, 0};
    size_t n = 0;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const hu_rule *rule = mention->rule;
        if (rule->speaks != HU_N_SPEAKERS) {
            turn = turn_of(c, mention);
            continue; /* has told what it can */
        }
        hu_speaker speaker = mention->start < turn.end ? turn.speaker : HU_SPEAKER_COURT;
        const char *broken = place_broken(c, mention, speaker);
        if (broken)
            trace_aside(c->trace, mention, broken);
        else
            kept[n++] = *mention;
    }
    c->mentions = (hu_mention_list){kept, n};
}

/* True when a ruling or a mode follows within reach. */
static bool ruling_follows(const hu_reading_context *c, size_t index, size_t end)
{
    size_t reach = c->mentions.items[index].start + RULING_REACH;
    if (reach > end)
        reach = end;
    return next_mention(c, "ruling", index, reach) < c->mentions.count ||
           next_mention(c, "mode", index, reach) < c->mentions.count ||
           next_mention(c, "kind", index, reach) < c->mentions.count;
}

/* A separate opinion does not rule: the text ends where its title stands. */
static size_t end_before_dissent(const hu_reading_context *c)
{
    size_t length = c->document->folded_length;
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *operative = rule_sets(mention->rule, "operative");
        if (operative && strcmp(operative, "end") == 0 && mention->rule->title && mention->start > length / 3 &&
            is_title(c, mention))
            return mention->start;
    }
    return length;
}

/* It stands alone at the head of a paragraph: "S.S." among the initials of victims, "arts. 393 y ss." do not. */
static bool opens_paragraph(const hu_reading_context *c, size_t at)
{
    while (at > 0 && c->document->folded[at - 1] == ' ')
        at--;
    return at == 0 || c->document->folded[at - 1] == '\n';
}

/* The signatures ("SS.") close the part. */
static size_t signature_after(const hu_reading_context *c, size_t start, size_t end)
{
    for (size_t i = mention_from(c, start); i < c->mentions.count && c->mentions.items[i].start < end; i++) {
        const char *operative = rule_sets(c->mentions.items[i].rule, "operative");
        if (operative && strcmp(operative, "end") == 0 && opens_paragraph(c, c->mentions.items[i].start))
            return c->mentions.items[i].start;
    }
    return end;
}

static bool is_heading(const hu_reading_context *c, size_t index)
{
    const char *operative = rule_sets(c->mentions.items[index].rule, "operative");
    return operative && strcmp(operative, "heading") == 0;
}

/* What the corpus takes for the operative part, or the document's end. */
static size_t corpus_start(const hu_reading_context *c)
{
    for (size_t i = c->document->n_sections; i-- > 0;)
        if (c->document->sections[i].part == HU_PART_OPERATIVE)
            return to_folded(c, c->document->sections[i].start);
    return c->document->folded_length;
}

/* No heading at all: the paragraph of the second half in which capitals rule first, else the last quarter if it rules.
 */
static size_t first_ruling(const hu_reading_context *c, size_t end)
{
    size_t quarter = end - end / 4;
    for (size_t i = mention_from(c, end / 2); i < c->mentions.count && c->mentions.items[i].start < end; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if ((!rule_sets(mention->rule, "ruling") && !rule_sets(mention->rule, "mode")) || !in_capitals(c, mention))
            continue;
        size_t start = mention->start;
        while (start > 0 && c->document->folded[start - 1] != '\n')
            start--;
        return start;
    }
    return next_mention(c, "ruling", mention_from(c, quarter), end) < c->mentions.count ? quarter : end;
}

void find_operative(hu_reading_context *c)
{
    size_t end = end_before_dissent(c), start = end;
    for (size_t i = c->mentions.count; i-- > 0;) {
        size_t at = c->mentions.items[i].start;
        if (at >= end || !is_heading(c, i))
            continue;
        if (start == end ? ruling_follows(c, i, end) : start - at < CHAIN)
            start = at;
        else if (start < end)
            break;
    }
    size_t corpus = corpus_start(c);
    if (start == end || (corpus < start && start - corpus < 6000 && corpus > c->document->folded_length / 3))
        start = corpus < end ? corpus : end;
    if (start == end)
        start = first_ruling(c, end);
    c->operative = (hu_stretch){start, signature_after(c, start, end)};
}
