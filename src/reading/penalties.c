/* Penalties, reparation and other terms: how much, and for whom. */

#include "rulings.h"

#include <stdlib.h>
#include <string.h>

enum {
    KIND_WITHIN = 320, /* behind a penalty: effective or suspended */
    BESIDE = 60,       /* a name directly before a penalty */
    BEHIND = 45,       /* or directly behind it */
};

/* The end of the words that several rules take for one penalty: "imponiéndole CUATRO AÑOS", "CUATRO AÑOS de pena …". */
static size_t chain_end(const hu_reading_context *c, size_t index)
{
    size_t end = c->mentions.items[index].end;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < end; i++)
        if (rule_sets(c->mentions.items[i].rule, "penalty") && c->mentions.items[i].end > end)
            end = c->mentions.items[i].end;
    return end;
}

/* Nothing stands between but words that lead on: no ";", no offence, no way of taking part. */
static bool is_beside(const hu_reading_context *c, size_t from, size_t to, size_t within)
{
    const char *text = c->document->folded;
    return to >= from && to - from < within && !memchr(text + from, ';', to - from) &&
           next_mention(c, "offence", mention_from(c, from), to) == c->mentions.count &&
           next_mention(c, "role", mention_from(c, from), to) == c->mentions.count &&
           next_mention(c, "ruling", mention_from(c, from), to) == c->mentions.count;
}

/* Whom a penalty is for: those named directly before it ("a A y B, diez años") or behind it ("diez años para A"). */
static void subjects_of_penalty(hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    size_t start = c->mentions.items[index].start, end = chain_end(c, index), i = occurrence_from(c, start);
    if (i > 0 && i - 1 != s->last_used && is_beside(c, c->occurrences[i - 1].at.end, start, BESIDE)) {
        size_t first = i - 1;
        while (first > 0 && c->occurrences[first].at.start - c->occurrences[first - 1].at.end < 6)
            first--;
        memset(s->subjects, 0, c->n_defendants * sizeof *s->subjects);
        for (; first < i; first++)
            s->subjects[c->occurrences[first].who] = true;
        return;
    }
    i = occurrence_from(c, end);
    if (i == c->n_occurrences || !is_beside(c, end, c->occurrences[i].at.start, BEHIND) ||
        memchr(c->document->folded + end, '.', c->occurrences[i].at.start - end))
        return;
    memset(s->subjects, 0, c->n_defendants * sizeof *s->subjects);
    s->subjects[c->occurrences[i].who] = true;
    s->last_used = i;
}

/* What the revoked penalty was for stands between the mode's verb and the next. */
static void charge_offences(hu_reader_state *s, hu_defendant *who, size_t at)
{
    size_t index = next_mention(s->c, "mode", mention_from(s->c, at), s->end);
    size_t end = index < s->c->mentions.count ? s->c->mentions.items[index].start : s->end;
    hu_charge_list offences = collect_offences(s->c, s->mode_at.start, end);
    charges_merge(s->c, &who->fallen.convicted, &offences);
}

/* At first instance a penalty without a word of condemnation condemns. */
static void condemn_by_penalty(hu_reader_state *s, hu_defendant *who, const hu_penalty *penalty)
{
    if (s->appeal || s->fill || who->stands.standing != NOT_RULED)
        return;
    size_t end = paragraph_end(s->c, penalty->at.end), start = penalty->at.start > 600 ? penalty->at.start - 600 : 0;
    if (start < s->c->operative.start)
        start = s->c->operative.start;
    hu_charge_list offences = collect_offences(s->c, start, end < s->end ? end : s->end);
    charges_merge(s->c, &who->stands.convicted, &offences);
    who->stands.standing = CONVICTED;
    who->stands.rule = penalty->rule;
    who->stands.ruling = penalty->at;
}

/* A penalty that is revoked without a word on the conviction: the conviction is what it was imposed for. */
static void imply_conviction(hu_reader_state *s, hu_defendant *who, const hu_penalty *penalty)
{
    if (s->mode != MODE_REVOKE || who->fallen.standing != NOT_RULED)
        return;
    charge_offences(s, who, penalty->at.end);
    who->fallen.standing = CONVICTED;
    who->fallen.rule = penalty->rule;
    who->fallen.ruling = penalty->at;
    s->limited = true;
    mark_mode(s, who);
}

static void apply_penalty(hu_reader_state *s, const hu_penalty *penalty)
{
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_defendant *who = &s->c->defendants[i];
        hu_phase *phase = phase_of(s, who);
        if (!s->subjects[i] || (s->fill && phase->n_penalties && phase->penalties[0].at.start >= s->c->operative.start))
            continue;
        if (s->reforming && phase->n_penalties && phase->penalties[0].at.start < s->mode_at.start)
            phase->n_penalties = 0;
        if (s->reforming && phase->n_penalties == 0)
            phase->prison_kind = NULL;
        if (phase->n_penalties < 8)
            phase->penalties[phase->n_penalties++] = *penalty;
        begin_reform(s, who);
        imply_conviction(s, who, penalty);
        condemn_by_penalty(s, who, penalty);
    }
}

static void apply_prison_kind(hu_reader_state *s, const hu_mention *mention)
{
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &s->c->defendants[i]);
        if (!phase->n_penalties || phase->prison_kind)
            continue;
        size_t start = phase->penalties[phase->n_penalties - 1].at.start;
        if (mention->start < start || mention->start > start + KIND_WITHIN)
            continue;
        phase->prison_kind = rule_sets(mention->rule, "prison_kind");
        phase->prison_kind_at = (hu_stretch){mention->start, mention->end};
    }
}

void read_penalty(hu_reader_state *s, size_t index, const char *kind)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    hu_penalty penalty = {.life = strcmp(kind, "life") == 0,
                          .at = {mention->start, mention->end},
                          .rule = mention->rule,
                          .confidence = mention->rule->confidence};
    if (!penalty.life && !read_duration(c, mention, &penalty))
        return;
    size_t before = mention->start > 40 ? mention->start - 40 : 0;
    penalty.total = next_mention(c, "penalty_total", mention_from(c, before), mention->end) < c->mentions.count;
    bool *saved = HU_NEW_ARRAY(c->arena, bool, c->n_defendants);
    memcpy(saved, s->subjects, c->n_defendants * sizeof *saved);
    subjects_of_penalty(s, index);
    if (!any_subject(s) && c->n_defendants == 1)
        all_subjects(s);
    apply_penalty(s, &penalty);
    size_t reach = mention->start + KIND_WITHIN, chain = chain_end(c, index);
    for (size_t i = mention_from(c, mention->start); i < c->mentions.count && c->mentions.items[i].start < reach; i++) {
        if (c->mentions.items[i].start > chain &&
            (rule_sets(c->mentions.items[i].rule, "ruling") || rule_sets(c->mentions.items[i].rule, "penalty")))
            break;
        if (rule_sets(c->mentions.items[i].rule, "prison_kind"))
            apply_prison_kind(s, &c->mentions.items[i]);
    }
    memcpy(s->subjects, saved, c->n_defendants * sizeof *saved);
}

/* The end of the sentence, at most 140 bytes on: initials and figures hold full stops that end none. */
static size_t sentence_end(const hu_reading_context *c, size_t at)
{
    const char *text = c->document->folded;
    size_t end = at + 140 < c->document->folded_length ? at + 140 : c->document->folded_length;
    for (size_t i = at; i + 1 < end; i++)
        if (strchr(";\n", text[i]) || (text[i] == '.' && strchr(" \n", text[i + 1]) && i > 1 && text[i - 2] != ' '))
            return i;
    return end;
}

void read_reparation(hu_reader_state *s, const hu_mention *mention)
{
    hu_reading_context *c = s->c;
    double amount;
    if (!read_money(c, mention, &amount))
        return;
    size_t reach = mention->end + 260 < s->end ? mention->end + 260 : s->end;
    bool joint = next_mention(c, "joint", mention_from(c, mention->start > 30 ? mention->start - 30 : 0), reach) <
                 c->mentions.count;
    bool each = next_mention(c, "each", mention_from(c, mention->start), mention->end + 120) < c->mentions.count;
    bool *who = HU_NEW_ARRAY(c->arena, bool, c->n_defendants), named = false;
    size_t clause_end = sentence_end(c, mention->end);
    for (size_t i = occurrence_from(c, mention->start > 50 ? mention->start - 50 : 0);
         i < c->n_occurrences && c->occurrences[i].at.start < clause_end; i++)
        named = who[c->occurrences[i].who] = true;
    bool convicted = false; /* the convicted pay, unless somebody is named */
    for (size_t i = 0; i < c->n_defendants; i++)
        convicted |= phase_of(s, &c->defendants[i])->standing == CONVICTED;
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &c->defendants[i]);
        bool owes = joint || (named       ? who[i]
                              : convicted ? phase->standing == CONVICTED
                                          : s->subjects[i] || c->n_defendants == 1);
        if (!owes || (phase->reparation_at.end && !(s->reforming && phase->reparation_at.start < s->mode_at.start)))
            continue;
        phase->reparation = amount;
        phase->reparation_at = (hu_stretch){mention->start, mention->end};
        phase->joint = joint;
        phase->each = each;
    }
}

void read_term(hu_reader_state *s, const hu_mention *mention, const char *term)
{
    hu_reading_context *c = s->c;
    hu_penalty duration = {0};
    int count = 0;
    bool disagrees = false, days = strcmp(term, "day_fines") == 0;
    if (days ? !read_count(c, mention_capture(mention, "days"), &count, &disagrees)
             : !read_duration(c, mention, &duration))
        return;
    double value = days ? count : duration.months;
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &c->defendants[i]);
        if (!s->subjects[i])
            continue;
        double *slot = days                             ? &phase->day_fines
                       : strcmp(term, "probation") == 0 ? &phase->probation
                                                        : &phase->disqualification;
        hu_stretch *at = days                             ? &phase->day_fines_at
                         : strcmp(term, "probation") == 0 ? &phase->probation_at
                                                          : &phase->disqualification_at;
        if (!at->end) {
            *slot = value;
            *at = (hu_stretch){mention->start, mention->end};
        }
    }
}
