/* Who is judged: from the header block, from the rulings, else from how the text speaks of the accused. */

#include "names.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEFENDANTS = 40, LIST_GAP = 40, LIST_REMARK = 80 };

static bool has_initials(const hu_defendant *one)
{
    for (size_t i = 0; i < one->n_tokens; i++)
        if (one->tokens[i][0] && strchr(".*", one->tokens[i][1]))
            return true;
    return false;
}

/* The same person under a fuller name: what was known as "QUISPE MAMANI" is ruled on as "JULIA QUISPE MAMANI". */
static void complete(hu_defendant *known, const hu_defendant *candidate)
{
    bool fuller = candidate->n_tokens > known->n_tokens && !has_initials(known);
    bool spelt =
        has_initials(known) && !has_initials(candidate) && (known->initials || candidate->n_tokens >= known->n_tokens);
    if (!fuller && !spelt)
        return;
    known->label = candidate->label;
    known->at = candidate->at;
    known->rule = candidate->rule;
    known->tokens = candidate->tokens;
    known->n_tokens = candidate->n_tokens;
    known->initials = candidate->initials;
}

/* `label` is NULL where the name is written as it is to be told. */
static void add_person(hu_reading_context *c, hu_stretch bytes, const char *label, const hu_rule *rule)
{
    if (c->n_defendants == MAX_DEFENDANTS)
        return;
    hu_defendant candidate = {.at = {to_folded(c, bytes.start), to_folded(c, bytes.end)}, .rule = rule};
    candidate.label = label ? label : as_written(c, candidate.at);
    name_tokens(c, bytes, &candidate);
    if (candidate.n_tokens == 0)
        return;
    for (size_t i = 0; i < c->n_defendants; i++)
        if (same_person(&c->defendants[i], &candidate)) {
            complete(&c->defendants[i], &candidate);
            return;
        }
    c->defendants[c->n_defendants++] = candidate;
}

static void add_defendant(hu_reading_context *c, hu_stretch bytes, const hu_rule *rule)
{
    add_person(c, bytes, NULL, rule);
}

/* True when what stands between two names only joins them: commas, "y", "e", numbering, roles. */
static bool joins(const hu_reading_context *c, size_t from, size_t to)
{
    if (to - from > LIST_GAP)
        return false;
    const char *text = c->document->text;
    for (size_t i = from; i < to; i++)
        if (strchr(".;()", text[i]) || (text[i] == '\n' && i + 1 < to && text[i + 1] == '\n'))
            return false;
    return true;
}

/* "A (proxenetismo), B": past what stands in brackets behind a name. */
static size_t behind_remark(const char *text, size_t at, size_t limit)
{
    size_t open = at;
    while (open < limit && text[open] == ' ')
        open++;
    if (open == limit || text[open] != '(')
        return at;
    size_t reach = limit - open < LIST_REMARK ? limit - open : LIST_REMARK;
    const char *close = memchr(text + open, ')', reach);
    return close ? (size_t)(close - text) + 1 : at;
}

/* Names one behind the other: "A, B y C". Returns true if there was at least one. */
static bool add_list(hu_reading_context *c, size_t start, size_t limit, const hu_rule *rule)
{
    hu_stretch name;
    if (!name_at(c, start, limit, &name))
        return false;
    add_defendant(c, name, rule);
    const char *text = c->document->text;
    for (int i = 0; i < MAX_DEFENDANTS; i++) {
        size_t at = name.end = behind_remark(text, name.end, limit);
        while (at < limit && strchr(" ,\n", text[at]))
            at++;
        bool comma = at > name.end && memchr(text + name.end, ',', at - name.end);
        if (at + 1 < limit && strchr("yYeE", text[at]) && text[at + 1] == ' ') /* the conjunction */
            at += 2;
        else if (!comma)
            return true;
        hu_stretch next;
        if (!name_at(c, at, limit, &next) || !joins(c, name.end, next.start))
            return true;
        add_defendant(c, next, rule);
        name = next;
    }
    return true;
}

/* Where a name begins: behind the cue, or with its last word where that may open a pseudonym ("al acusado A"). */
static size_t name_start(const hu_reading_context *c, const hu_mention *mention)
{
    const char *folded = c->document->folded;
    size_t end = mention->end;
    while (end > mention->start && !isalpha((unsigned char)folded[end - 1]))
        end--;
    size_t start = end;
    while (start > mention->start && isalpha((unsigned char)folded[start - 1]))
        start--;
    bool role = word_in(folded + start, end - start, c->reader->pseudonym);
    return c->document->byte_of[role ? start : mention->end];
}

/* In a list of rulings ("; y a B como cómplice") a name counts only when what is ruled about it follows. */
static bool is_ruled(const hu_reading_context *c, size_t start)
{
    hu_stretch name;
    if (!name_at(c, start, c->document->length, &name))
        return false;
    size_t at = to_folded(c, name.end), index = mention_from(c, at), reach = at + LIST_GAP;
    return next_mention(c, "role", index, reach) < c->mentions.count ||
           next_mention(c, "charge", index, reach) < c->mentions.count ||
           next_mention(c, "penalty", index, reach) < c->mentions.count;
}

static bool names_how(const hu_mention *mention, const char *names)
{
    const char *set = rule_sets(mention->rule, "names");
    return set && strcmp(set, names) == 0;
}

static void add_header(hu_reading_context *c, const hu_roster *roster)
{
    for (size_t i = 0; i < c->mentions.count; i++)
        if (names_how(&c->mentions.items[i], "header"))
            header_names(c, roster, &c->mentions.items[i], add_person);
}

/* The names behind the header's list of the accused. */
static const hu_roster *roster_behind_header(hu_reading_context *c)
{
    size_t from = 0;
    for (size_t i = 0; i < c->mentions.count && !from; i++)
        if (names_how(&c->mentions.items[i], "header"))
            from = c->document->byte_of[c->mentions.items[i].end];
    return roster_new(c, from);
}

/* Surnames alone, where the text tells the whole name. */
static void complete_labels(hu_reading_context *c, const hu_roster *roster)
{
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_defendant *d = &c->defendants[i];
        hu_stretch bytes = to_bytes(c, d->at);
        if (d->n_tokens != 2 || has_initials(d) || word_in(d->tokens[0], strlen(d->tokens[0]), c->reader->given_name) ||
            !roster_complete(c, roster, &bytes))
            continue;
        hu_defendant full = {.at = {to_folded(c, bytes.start), to_folded(c, bytes.end)}, .rule = d->rule};
        full.label = as_written(c, full.at);
        name_tokens(c, bytes, &full);
        complete(d, &full);
    }
}

/* One surname alone ("a Guevara, como cómplice"), where the text tells the whole name of its one bearer. */
static bool add_surname(hu_reading_context *c, const hu_roster *roster, size_t start, const hu_rule *rule)
{
    hu_token token, next;
    const char *text = c->document->text;
    while (start < c->document->length && text[start] == ' ')
        start++;
    if (!token_at(c, start, c->document->length, &token) || !is_name_word(c, &token) || token.initials ||
        bare_length(&token) < 4)
        return false;
    if (token_at(c, token.end + 1, c->document->length, &next) && is_name_word(c, &next))
        return false;
    hu_stretch bytes = {token.start, token.end - (token.length - bare_length(&token))};
    if (!roster_complete(c, roster, &bytes))
        return false;
    add_defendant(c, bytes, rule);
    return true;
}

static void add_by_cue(hu_reading_context *c, const hu_roster *roster, const char *strength)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "strength");
        if (!names_how(mention, "cue") || !how || strcmp(how, strength) != 0)
            continue;
        size_t start = name_start(c, mention);
        if (rule_sets(mention->rule, "ruled") && !is_ruled(c, start))
            continue;
        if (!add_list(c, start, c->document->length, mention->rule) && strcmp(strength, "ruling") == 0)
            add_surname(c, roster, start, mention->rule);
    }
}

/* Of the persons from `first` on, those stay whom the operative part names. */
static void keep_ruled(hu_reading_context *c, size_t first)
{
    bool *named = HU_NEW_ARRAY(c->arena, bool, MAX_DEFENDANTS);
    find_occurrences(c, c->operative);
    for (size_t i = 0; i < c->n_occurrences; i++)
        named[c->occurrences[i].who] = true;
    size_t kept = first;
    for (size_t i = first; i < c->n_defendants; i++)
        if (named[i])
            c->defendants[kept++] = c->defendants[i];
    c->n_defendants = kept;
}

/* On review, whoever the decision below ruled on is judged too, also where the recourse is another's. */
static bool is_review(const hu_reading_context *c)
{
    static const char *const kinds[] = {"appeal", "cassation", "nullity_appeal", NULL};
    return one_of(c->kind, kinds);
}

/* "… trasladaron A y B": whoever the text joins to a person judged, by a whole name, is one more. */
static void add_joined(hu_reading_context *c)
{
    size_t n = c->n_occurrences;
    for (size_t i = 0; i < n; i++) {
        size_t at = to_bytes(c, c->occurrences[i].at).end;
        const char *text = c->document->text;
        hu_stretch name;
        if (at + 3 >= c->document->length || text[at] != ' ' || !strchr("ye", text[at + 1]) || text[at + 2] != ' ' ||
            !name_at(c, at + 3, c->document->length, &name) || name.start != at + 3)
            continue;
        hu_defendant joined = {0};
        name_tokens(c, name, &joined);
        if (joined.n_tokens >= 3 && word_in(joined.tokens[0], strlen(joined.tokens[0]), c->reader->given_name))
            add_defendant(c, name, c->defendants[c->occurrences[i].who].rule);
    }
}

static void find_all_occurrences(hu_reading_context *c)
{
    find_occurrences(c, (hu_stretch){0, c->document->folded_length});
}

void read_defendants(hu_reading_context *c)
{
    c->defendants = HU_NEW_ARRAY(c->arena, hu_defendant, MAX_DEFENDANTS);
    if (!c->on_merits)
        return;
    const hu_roster *roster = roster_behind_header(c);
    add_header(c, roster);
    add_by_cue(c, roster, "ruling");
    add_by_cue(c, roster, "list");
    if (is_review(c))
        add_by_cue(c, roster, "below");
    size_t sure = c->n_defendants;
    add_by_cue(c, roster, "prosecution");
    if (sure)
        keep_ruled(c, sure);
    if (c->n_defendants == 0)
        add_by_cue(c, roster, "role");
    complete_labels(c, roster);
    find_all_occurrences(c);
    if (is_review(c)) {
        size_t known = c->n_defendants;
        add_joined(c);
        if (c->n_defendants > known)
            find_all_occurrences(c);
    }
}
