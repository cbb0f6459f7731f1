/* Offences named or cited in a stretch of text, as the law table knows them. */

#include "context.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    CITED_WITHIN = 140,     /* bytes behind "artículo" in which numbers are articles */
    AGGRAVATED_WITHIN = 120 /* bytes behind the offence's name in which "forma agravada" is about it */
};

bool is_trafficking(const hu_charge *charge)
{
    return charge->offence->rank >= 2;
}

static hu_charge *find_charge(hu_charge_list *list, const hu_law_offence *offence)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].offence == offence)
            return &list->items[i];
    return NULL;
}

static hu_charge *find_trafficking(hu_charge_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_trafficking(&list->items[i]))
            return &list->items[i];
    return NULL;
}

static void add_charge(hu_reading_context *c, hu_charge_list *list, hu_charge new_charge)
{
    list->items = hu_regrow(c->arena, list->items, list->count, list->count + 1, sizeof *list->items);
    list->items[list->count++] = new_charge;
}

/* Trafficking is one offence in two degrees: the aggravated takes the place of the basic. */
static void add_offence(hu_reading_context *c, hu_charge_list *list, const hu_law_offence *offence, hu_stretch at)
{
    hu_charge *same = find_charge(list, offence), *other = find_trafficking(list);
    if (same)
        return;
    if (offence->rank >= 2 && other) {
        if (offence->rank > other->offence->rank) {
            other->offence = offence;
            other->evidence[0] = at;
        }
        return;
    }
    add_charge(c, list, (hu_charge){.offence = offence, .evidence = {at}, .n_evidence = 1});
}

/* The offence that a mention names, aggravated where the words behind say so. */
static const hu_law_offence *named_offence(const hu_reading_context *c, size_t index, size_t end)
{
    const hu_mention *mention = &c->mentions.items[index];
    const hu_law_offence *offence = law_find(c->reader->law, rule_sets(mention->rule, "offence"));
    if (offence->rank != 2)
        return offence;
    size_t reach = mention->end + AGGRAVATED_WITHIN < end ? mention->end + AGGRAVATED_WITHIN : end;
    if (next_mention(c, "aggravated", index, reach) < c->mentions.count)
        for (size_t i = 0; i < c->reader->law->n_offences; i++)
            if (c->reader->law->offences[i].rank == 3)
                return &c->reader->law->offences[i];
    return offence;
}

/* The day whose law rules: that of the facts, else that of the decision; NULL when neither is known. */
static const char *law_day(const hu_reading_context *c)
{
    static const char *const keys[] = {"decision.facts_date", "decision.date"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        for (size_t i = 0; i < c->n_findings; i++)
            if (strcmp(c->findings[i].key, keys[k]) == 0 && c->findings[i].text)
                return c->findings[i].text;
    return NULL;
}

/* Attaches an article to the offence that it means; alone it stands for the offence only where none is named. */
static void add_article(hu_reading_context *c, hu_charge_list *list, const char *folded, hu_stretch at, bool names)
{
    const hu_law_article *article = NULL;
    const hu_law_offence *offence = law_of_article(c->reader->law, folded, law_day(c), &article);
    if (!offence)
        return;
    hu_charge *charge = find_charge(list, offence);
    if (!charge && offence->rank >= 2 && (charge = find_trafficking(list))) {
        if (offence->rank < charge->offence->rank)
            return; /* the basic article cited beside the aggravated one */
        charge->offence = offence;
        charge->article = NULL;
        charge->n_evidence = 1;
    }
    if (!charge && !names && offence->rank > 0) {
        add_charge(
            c, list,
            (struct hu_charge){.offence = offence, .article = article->article, .evidence = {at}, .n_evidence = 1});
        return;
    }
    if (charge && !charge->article) {
        charge->article = article->article;
        charge->evidence[charge->n_evidence++] = at;
    }
}

/* "153-A", "153 A", "153°-A", "129-B" behind the word for article */
static size_t article_at(const char *text, size_t at, size_t end, char folded[8])
{
    size_t n = 0, start = at;
    while (at < end && isdigit((unsigned char)text[at]) && n < 4)
        folded[n++] = text[at++];
    if (n != 3 || (at < end && isdigit((unsigned char)text[at])))
        return start + (n ? n : 1);
    size_t after = at, letter = at;
    while (letter < end && (strchr(" -.'", text[letter]) || (unsigned char)text[letter] >= 0x80) && letter - at < 6)
        letter++;
    if (letter < end && text[letter] == 'o' && letter == at) /* º folds to o */
        letter++;
    while (letter < end && strchr(" -", text[letter]) && letter - at < 6)
        letter++;
    bool alone = letter < end && isalpha((unsigned char)text[letter]) &&
                 (letter + 1 >= end || !isalnum((unsigned char)text[letter + 1]));
    bool joined = memchr(text + at, '-', letter - at) != NULL;
    if (alone && (joined || strchr("abcdfghij", text[letter]))) {
        folded[n++] = text[letter];
        after = letter + 1;
    }
    folded[n] = '\0';
    return after;
}

static void cite_articles(hu_reading_context *c, hu_charge_list *list, const hu_mention *mention, size_t end,
                          bool names)
{
    const char *text = c->document->folded;
    if (end > mention->end + CITED_WITHIN)
        end = mention->end + CITED_WITHIN;
    for (size_t at = mention->end; at < end;) {
        char folded[8] = {0};
        if (!isdigit((unsigned char)text[at]) || isalnum((unsigned char)text[at - 1])) {
            if (text[at] == ';')
                return;
            at++;
            continue;
        }
        size_t start = at;
        at = article_at(text, at, end, folded);
        add_article(c, list, folded, (hu_stretch){start, at}, names);
    }
}

hu_charge_list collect_offences(hu_reading_context *c, size_t start, size_t end)
{
    hu_charge_list list = {0};
    size_t covered = 0; /* end of the longest name so far: shorter ones inside it do not count */
    for (size_t i = mention_from(c, start); i < c->mentions.count && c->mentions.items[i].start < end; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (!rule_sets(mention->rule, "offence") || mention->end <= covered || mention->start < covered)
            continue;
        covered = mention->end;
        add_offence(c, &list, named_offence(c, i, end), (hu_stretch){mention->start, mention->end});
    }
    bool names = list.count > 0;
    for (size_t i = mention_from(c, start); i < c->mentions.count && c->mentions.items[i].start < end; i++)
        if (rule_sets(c->mentions.items[i].rule, "cites"))
            cite_articles(c, &list, &c->mentions.items[i], end, names);
    bool highest = next_mention(c, "highest", mention_from(c, start), end) < c->mentions.count;
    for (size_t i = 0; i < list.count; i++)
        list.items[i].highest = highest && list.items[i].offence->rank == 3;
    return list;
}

void charges_merge(hu_reading_context *c, hu_charge_list *into, const hu_charge_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        hu_charge *same = find_charge(into, from->items[i].offence);
        if (!same)
            add_charge(c, into, from->items[i]);
        else if (!same->article && from->items[i].article)
            *same = from->items[i];
    }
}
