/* The sums of money that a clause tells: which say another again, share it out or are its parts. */

#include "sums.h"

#include <math.h>
#include <string.h>

enum { JUST_BEFORE = 34 /* "a razón de", "cuotas de" */ };

bool speaks_about(const hu_reading_context *c, const char *about, size_t from, size_t to)
{
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < to; i++) {
        const char *set = rule_sets(c->mentions.items[i].rule, "about");
        if (set && strcmp(set, about) == 0)
            return true;
    }
    return false;
}

/* "(S/ 12,000.00)" behind "DOCE MIL SOLES" says it again. */
size_t again(const hu_reading_context *c, const hu_mention *first, size_t index, double *amount, bool *disagrees)
{
    const char *text = c->document->folded;
    size_t end = first->end;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < end + 8; i++) {
        const hu_mention *next = &c->mentions.items[i];
        double other;
        if (!rule_sets(next->rule, "money") || next->start < end)
            continue;
        size_t gap = next->start - end;
        if (!memchr(text + end, '(', gap) && !memchr(text + end, '-', gap) && text[next->start - 1] != '(')
            break;
        if (read_money((hu_reading_context *)c, next, &other) && fabs(other - *amount) > 0.5) {
            *disagrees = true;
            if (mention_capture(next, "words")) /* what is written in words decides */
                *amount = other;
        }
        end = next->end;
    }
    return end;
}

bool is_again(const hu_reading_context *c, size_t index)
{
    const hu_mention *mention = &c->mentions.items[index];
    for (size_t i = index; i-- > 0 && c->mentions.items[i].start + 160 > mention->start;) {
        const hu_mention *before = &c->mentions.items[i];
        if (!rule_sets(before->rule, "money"))
            continue;
        if (before->end > mention->start)
            return true;
        size_t gap = mention->start - before->end;
        return gap < 8 && memchr(c->document->folded + before->end, '(', gap);
    }
    return false;
}

/* "en cuotas de …"; but not "doscientos días multa, y se fija en …", where a new thing is fixed. */
bool is_other(const hu_reading_context *c, size_t near, size_t at)
{
    for (size_t i = mention_from(c, at); i-- > 0 && c->mentions.items[i].start >= near;) {
        const char *about = rule_sets(c->mentions.items[i].rule, "about");
        if (about && (strcmp(about, "other") == 0 || strcmp(about, "fixing") == 0))
            return strcmp(about, "other") == 0;
    }
    return false;
}

/* "a razón de S/ 5,000.00" shares out a sum that was told before. */
bool is_share(const hu_reading_context *c, size_t at)
{
    size_t near = sentence_start(c, at, at > JUST_BEFORE ? at - JUST_BEFORE : 0);
    return speaks_about(c, "share", near, at);
}

/* The first sum behind `from` that stands for itself. */
size_t next_sum(const hu_reading_context *c, size_t from, size_t end)
{
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < end; i++)
        if (rule_sets(c->mentions.items[i].rule, "money") && !is_again(c, i) &&
            !is_share(c, c->mentions.items[i].start))
            return c->mentions.items[i].start;
    return end;
}

void list_sums(const hu_reading_context *c, const hu_scope *scope, hu_sums *sums)
{
    for (size_t i = mention_from(c, scope->at.start);
         i < c->mentions.count && c->mentions.items[i].start < scope->at.end && sums->n < MAX_SUMS; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (!rule_sets(mention->rule, "money") || is_again(c, i) ||
            !read_money((hu_reading_context *)c, mention, &sums->amounts[sums->n]))
            continue;
        sums->starts[sums->n++] = mention->start;
    }
}

bool named_between(const hu_reading_context *c, size_t from, size_t to)
{
    return occurrence_from(c, from) < occurrence_from(c, to);
}

/* "S/ 4,000, de los que A pagará S/ 2,500 y B S/ 1,500": parts that add up to the first sum, each with a payer. */
hu_paid paid_apart(const hu_reading_context *c, const hu_scope *scope, const hu_sums *sums)
{
    double rest = 0;
    bool before = sums->n > 2, behind = before;
    for (size_t i = 1; i < sums->n; i++) {
        size_t next = i + 1 < sums->n ? sums->starts[i + 1] : sentence_end(c, sums->starts[i], scope->at.end);
        rest += sums->amounts[i];
        before &= named_between(c, sums->starts[i - 1], sums->starts[i]);
        behind &= named_between(c, sums->starts[i], next);
    }
    if (sums->n < 3 || fabs(rest - sums->amounts[0]) >= 0.5)
        return PAID_TOGETHER;
    return behind ? PAID_BEFORE_NAME : before ? PAID_BEHIND_NAME : PAID_TOGETHER;
}

/*
 * Of three sums or more in one clause, those behind the first that add up to it are its parts, and a last one that the
 * others add up to is their total: which of them is owed beside the others? Two equal sums say the same twice unless
 * each has a payer of its own.
 */
bool is_part(const hu_reading_context *c, const hu_scope *scope, size_t at)
{
    hu_sums sums = {0};
    double all = 0;
    size_t place = MAX_SUMS;
    list_sums(c, scope, &sums);
    for (size_t i = 0; i < sums.n; i++) {
        all += sums.amounts[i];
        if (sums.starts[i] == at)
            place = i;
    }
    if (sums.n < 2 || place == MAX_SUMS)
        return false;
    if (sums.n == 2)
        return place == 1 && sums.amounts[0] == sums.amounts[1] && !named_between(c, sums.starts[1], scope->at.end);
    if (paid_apart(c, scope, &sums) != PAID_TOGETHER)
        return place == 0;
    if (fabs(all - 2 * sums.amounts[0]) < 0.5)
        return place > 0;
    return fabs(all - 2 * sums.amounts[sums.n - 1]) < 0.5 && place < sums.n - 1;
}

bool tells(const hu_reading_context *c, const char *key, size_t from, size_t to)
{
    return next_mention(c, key, mention_from(c, from), to) < c->mentions.count;
}

bool has_sum(const hu_reading_context *c, size_t from, size_t to)
{
    return next_mention(c, "money", mention_from(c, from), to) < c->mentions.count;
}

/* Where the words about a sum end: at the next one that is no part of it. */
size_t end_of_sum(const hu_reading_context *c, const hu_scope *scope, size_t at)
{
    size_t end = next_sum(c, at, scope->at.end);
    while (end < scope->at.end && is_part(c, scope, end))
        end = next_sum(c, end + 1, scope->at.end);
    size_t except = next_mention(c, "except", mention_from(c, at), end);
    return except < c->mentions.count ? c->mentions.items[except].start : end;
}
