/* Prison, and the terms beside it: disqualification, probation, days-fine. How much, and for whom. */

#include "rulings.h"

#include <ctype.h>
#include <string.h>

enum {
    KIND_WITHIN = 320, /* behind a penalty: effective or suspended */
    FOR_WITHIN = 90,   /* behind a penalty: "por el delito de …" */
    NTH_BEFORE = 24,   /* "al segundo" before a penalty */
    MAX_MONTHS = 35 * 12
};

/* ---- what a duration is about ---- */

static hu_topic topic_named(const char *name)
{
    if (strcmp(name, "prison") == 0)
        return TOPIC_PRISON;
    if (strcmp(name, "ban") == 0)
        return TOPIC_BAN;
    return strcmp(name, "trial") == 0 ? TOPIC_TRIAL : TOPIC_NONE;
}

/* "16 años con 8 meses a Bravo; 12 años a Gutarra" */
static bool leads_to_person(const hu_reading_context *c, const hu_mention *duration)
{
    const char *text = c->document->folded + duration->end;
    size_t name = occurrence_from(c, duration->end);
    return strchr(" \n", text[0]) && text[0] && text[1] == 'a' && strchr(" \n", text[2]) && name < c->n_occurrences &&
           c->occurrences[name].at.start <= duration->end + 4;
}

/* The topic of the term before this one in its point. */
static hu_topic topic_before(const hu_reader_state *s, size_t index)
{
    const hu_mention_list *list = &s->c->mentions;
    size_t from = item_of(s, list->items[index].start).start;
    for (size_t i = index; i-- > 0 && list->items[i].start >= from;)
        if (rule_sets(list->items[i].rule, "penalty") && !rule_sets(list->items[i].rule, "bare"))
            return duration_topic(s, i);
    return TOPIC_NONE;
}

/* "prohibición de … por cinco años (artículo 36, inciso 5)" */
static bool is_ban_by_article(const hu_reader_state *s, const hu_mention *duration)
{
    const hu_reading_context *c = s->c;
    size_t to = sentence_end(c, duration->end, item_of(s, duration->start).end);
    return next_mention(c, "ban_article", mention_from(c, duration->end), to) < c->mentions.count;
}

/* The words behind a duration say what it is; else the last topic before it in its sentence does. */
static hu_topic topic_told(const hu_reader_state *s, size_t index)
{
    static const char *const named[] = {"prison", "ban", "trial", "other"};
    const hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (mention_capture(mention, named[i]))
            return topic_named(named[i]);
    hu_stretch item = item_of(s, mention->start);
    size_t from = sentence_start(c, mention->start, item.start);
    while (from > item.start && c->document->folded[from - 1] == ';') /* "a A, diez años de pena; a B, ocho años" */
        from = sentence_start(c, from - 1, item.start);
    for (size_t i = mention_from(c, mention->start); i-- > 0 && c->mentions.items[i].start >= item.start;) {
        const hu_mention *before = &c->mentions.items[i];
        const char *topic = rule_sets(before->rule, "topic"), *ruling = rule_sets(before->rule, "ruling");
        if (topic && before->start >= from && before->end <= mention->start)
            return topic_named(topic);
        if (ruling) /* "CONDENAR a A como autor de …, a DOCE AÑOS" */
            return strcmp(ruling, "convict") == 0 && (mention_capture(mention, "to") || leads_to_person(c, mention))
                       ? TOPIC_PRISON
                       : TOPIC_NONE;
    }
    return TOPIC_NONE;
}

hu_topic duration_topic(const hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    if (strcmp(rule_sets(mention->rule, "penalty"), "life") == 0)
        return TOPIC_PRISON;
    if (rule_sets(mention->rule, "bare"))
        return topic_before(s, index);
    hu_topic topic = topic_told(s, index);
    if (topic == TOPIC_NONE && leads_to_person(s->c, mention))
        topic = topic_before(s, index); /* "trece años a A, que vencen …, y doce años a B" */
    return topic == TOPIC_NONE && is_ban_by_article(s, mention) ? TOPIC_BAN : topic;
}

/* "(catorce años por el primero y diez por el segundo)" behind a penalty tells its parts. */
static bool in_parentheses(const hu_reader_state *s, const hu_mention *mention)
{
    const char *text = s->c->document->folded;
    hu_stretch item = item_of(s, mention->start);
    size_t at = mention->start;
    while (at > item.start && !strchr("()", text[at - 1]))
        at--;
    if (at == item.start || text[at - 1] != '(' || !s->served || s->served < item.start)
        return false;
    return s->served_topic == TOPIC_PRISON && at > s->served && at - s->served < KIND_WITHIN / 2;
}

/* ---- prison ---- */

/* What a revoked or imposed penalty was for stands between the mode's verb and the next. */
static hu_charge_list charge_offences(hu_reader_state *s, size_t at)
{
    size_t index = next_mention(s->c, "mode", mention_from(s->c, at), s->end);
    size_t end = index < s->c->mentions.count ? s->c->mentions.items[index].start : s->end;
    return collect_offences(s->c, s->mode_at.start, end);
}

/* At first instance a penalty without a word of condemnation condemns. */
static void condemn_by_penalty(hu_reader_state *s, hu_defendant *who, const hu_penalty *penalty)
{
    if (s->appeal || s->fill || who->stands.standing != NOT_RULED)
        return;
    size_t end = paragraph_end(s->c, penalty->at.end), start = penalty->at.start > 600 ? penalty->at.start - 600 : 0;
    if (start < s->start)
        start = s->start;
    hu_charge_list offences = collect_offences(s->c, start, end < s->end ? end : s->end);
    charges_merge(s->c, &who->stands.convicted, &offences);
    who->stands.standing = CONVICTED;
    who->stands.rule = penalty->rule;
    who->stands.ruling = penalty->at;
}

/* A penalty that is revoked or confirmed without a word on the conviction: the conviction is what it was imposed for.
 */
static void imply_conviction(hu_reader_state *s, hu_defendant *who, const hu_penalty *penalty)
{
    hu_phase *phase = phase_of(s, who);
    bool reforms = s->reforming && who->fallen.standing == NOT_RULED;
    if (phase->standing != NOT_RULED || s->fill)
        return;
    if (s->reforming && who->fallen.standing == CONVICTED && !who->fallen.convicted.count) {
        hu_charge_list named = charge_offences(s, penalty->at.end); /* only the new penalty says for what */
        charges_merge(s->c, &phase->convicted, &named);
    }
    if (s->mode == MODE_REVOKE)
        s->limited = true;
    else if (s->mode != MODE_CONFIRM && !reforms)
        return;
    hu_charge_list offences = charge_offences(s, penalty->at.end);
    if (!offences.count)
        offences = s->offences;
    charges_merge(s->c, &phase->convicted, &offences);
    phase->standing = CONVICTED;
    phase->rule = penalty->rule;
    phase->ruling = penalty->at;
    if (who->bystander)
        return;
    mark_mode(s, who);
    if (reforms && !who->confirmed) {
        who->confirmed = true;
        who->confirmed_at = s->mode_at;
    }
}

/* Filling from the opening, only penalties of one point are taken, and none where the operative part has its own. */
static bool told_elsewhere(const hu_reader_state *s, const hu_phase *phase, const hu_penalty *penalty)
{
    hu_stretch item = item_of(s, penalty->at.start);
    return phase->n_penalties &&
           (phase->penalties[0].at.start < item.start || phase->penalties[0].at.start >= item.end);
}

static void apply_penalty(hu_reader_state *s, const hu_penalty *penalty)
{
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_defendant *who = &s->c->defendants[i];
        hu_phase *phase = phase_of(s, who);
        if (!s->subjects[i] || (s->fill && told_elsewhere(s, phase, penalty)))
            continue;
        if (s->reforming && phase->n_penalties && phase->penalties[0].at.start < s->mode_at.start)
            phase->n_penalties = 0;
        if (s->reforming && phase->n_penalties == 0)
            phase->prison_kind = NULL;
        if (phase->n_penalties < HU_MAX_PENALTIES)
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

/* Effective or suspended: said behind the penalty, before the next ruling or another person's penalty. */
static void read_prison_kind(hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    size_t reach = c->mentions.items[index].start + KIND_WITHIN, behind = c->mentions.items[index].end;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < reach; i++) {
        const hu_mention *next = &c->mentions.items[i];
        if (next->start >= behind && (rule_sets(next->rule, "ruling") || rule_sets(next->rule, "mode") ||
                                      (rule_sets(next->rule, "penalty") && duration_topic(s, i) == TOPIC_PRISON)))
            break;
        if (rule_sets(next->rule, "prison_kind"))
            apply_prison_kind(s, next);
    }
}

/* "diez años por el delito de trata": the offence that one of several penalties is for. */
static const hu_law_offence *penalty_offence(const hu_reader_state *s, const hu_mention *mention)
{
    const hu_reading_context *c = s->c;
    size_t end = sentence_end(c, mention->end, item_of(s, mention->start).end);
    if (end > mention->end + FOR_WITHIN)
        end = mention->end + FOR_WITHIN;
    size_t next = next_mention(c, "penalty", mention_from(c, mention->end), end);
    if (next < c->mentions.count)
        end = c->mentions.items[next].start;
    size_t found = next_mention(c, "offence", mention_from(c, mention->end), end);
    return found < c->mentions.count ? law_find(c->reader->law, rule_sets(c->mentions.items[found].rule, "offence"))
                                     : NULL;
}

/* "a trece y a doce años, respectivamente": the n-th of the amounts is the n-th person's. */
static bool take_respective(hu_reader_state *s, const hu_mention *mention, size_t n)
{
    const hu_reading_context *c = s->c;
    hu_stretch item = item_of(s, mention->start);
    size_t end = sentence_end(c, mention->end, item.end);
    size_t near = mention->start > NTH_BEFORE ? mention->start - NTH_BEFORE : 0;
    if (next_mention(c, "respective", mention_from(c, mention->end), end) == c->mentions.count ||
        next_mention(c, "nth", mention_from(c, near), mention->start) < c->mentions.count)
        return false;
    bool *seen = HU_NEW_ARRAY(c->arena, bool, c->n_defendants);
    for (size_t i = occurrence_from(c, item.start); i < c->n_occurrences && c->occurrences[i].at.start < mention->start;
         i++) {
        size_t who = c->occurrences[i].who;
        if (seen[who] || !s->subjects[who])
            continue;
        seen[who] = true;
        if (n-- == 0) {
            no_subjects(s);
            s->subjects[who] = true;
            return true;
        }
    }
    return false;
}

/* How many prison terms of the sentence stand before this one. */
static size_t prison_terms_before(const hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    size_t from = sentence_start(c, mention->start, item_of(s, mention->start).start), n = 0;
    for (size_t i = mention_from(c, from); i < index; i++)
        if (rule_sets(c->mentions.items[i].rule, "penalty") && c->mentions.items[i].end <= mention->start &&
            duration_topic(s, i) == TOPIC_PRISON)
            n += 1 + (mention_capture(&c->mentions.items[i], "first") != NULL);
    return n;
}

/* "a trece y a doce años", "a doce y ocho años": the first of the two, which lacks its unit. */
static bool first_of_two(hu_reading_context *c, const hu_mention *mention, hu_penalty *first, hu_penalty *second)
{
    const hu_capture *years = mention_capture(mention, "years");
    int count = 0;
    bool disagrees = false;
    *first = *second;
    if (read_count(c, mention_capture(mention, "first"), &count, &disagrees)) {
        first->months = 12 * count;
        first->days = 0;
        return true;
    }
    if (second->months || !years)
        return false;
    size_t at = years->end;
    while (at > years->start + 2 && memcmp(c->document->folded + at - 3, " y ", 3) != 0)
        at--;
    hu_capture before = {"years", years->start, at - 3}, behind = {"years", at, years->end};
    if (at <= years->start + 3 || !read_count(c, &before, &count, &disagrees))
        return false;
    first->months = 12 * count;
    if (!read_count(c, &behind, &count, &disagrees))
        return false;
    second->months = 12 * count;
    first->at = second->at = (hu_stretch){mention->start, mention->end};
    first->rule = second->rule = mention->rule;
    first->confidence = second->confidence = 0.7;
    return true;
}

static void read_prison(hu_reader_state *s, size_t index, hu_penalty *penalty)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    size_t before = mention->start > 40 ? mention->start - 40 : 0;
    penalty->total = next_mention(c, "penalty_total", mention_from(c, before), mention->end) < c->mentions.count;
    penalty->offence = penalty->life ? NULL : penalty_offence(s, mention);
    size_t place = prison_terms_before(s, index);
    hu_penalty first;
    bool *subjects = HU_NEW_ARRAY(c->arena, bool, c->n_defendants);
    memcpy(subjects, s->subjects, c->n_defendants * sizeof *subjects);
    if (first_of_two(c, mention, &first, penalty) && take_respective(s, mention, place)) {
        apply_penalty(s, &first);
        memcpy(s->subjects, subjects, c->n_defendants * sizeof *subjects);
        place++;
    }
    if (!take_respective(s, mention, place))
        subjects_of_amount(s, penalty->at, TOPIC_PRISON);
    apply_penalty(s, penalty);
    memcpy(s->punished, s->subjects, c->n_defendants * sizeof *subjects);
    read_prison_kind(s, index);
}

void read_life(hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    hu_penalty penalty = {.life = true,
                          .at = {mention->start, mention->end},
                          .rule = mention->rule,
                          .confidence = mention->rule->confidence};
    read_prison(s, index, &penalty);
}

bool choose_penalty(const hu_phase *phase, hu_penalty *result)
{
    if (!phase->n_penalties)
        return false;
    *result = phase->penalties[0];
    int months = result->months, days = result->days;
    bool several = false;
    for (size_t i = 0; i < phase->n_penalties; i++) {
        const hu_penalty *next = &phase->penalties[i];
        bool sum = i && next->months * 30 + next->days == months * 30 + days && several;
        if (next->life || next->total || sum) {
            *result = *next;
            return true;
        }
        bool other = i && (next->months != result->months || next->days != result->days ||
                           (next->offence && result->offence && next->offence != result->offence));
        if (other) {
            several = true;
            months += next->months;
            days += next->days;
        }
    }
    if (several) { /* real concurrence: terms add up, to 35 years (art. 50 of the Penal Code) */
        months += days / 30;
        days %= 30;
        result->months = months < MAX_MONTHS ? months : MAX_MONTHS;
        result->days = months < MAX_MONTHS ? days : 0;
        result->confidence *= 0.7;
    }
    return true;
}

/* ---- the terms beside it ---- */

static struct hu_term *term_of(hu_phase *phase, hu_topic topic)
{
    return topic == TOPIC_BAN ? &phase->disqualification : topic == TOPIC_TRIAL ? &phase->probation : &phase->day_fines;
}

static void apply_term(hu_reader_state *s, hu_topic topic, const struct hu_term *term)
{
    subjects_of_amount(s, term->at, topic);
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        if (!s->subjects[i])
            continue;
        struct hu_term *slot = term_of(phase_of(s, &s->c->defendants[i]), topic);
        if (!slot->at.end || (s->reforming && slot->at.start < s->mode_at.start))
            *slot = *term;
    }
}

void read_duration_event(hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    hu_topic topic = duration_topic(s, index);
    hu_penalty duration = {0};
    if (topic == TOPIC_NONE || in_parentheses(s, mention))
        return;
    bool read = read_duration(s->c, mention, &duration);
    hu_penalty first;
    if (!read && !(topic == TOPIC_PRISON && first_of_two(s->c, mention, &first, &duration)))
        return;
    if (!read)
        duration.months = 0; /* two in one: taken apart again by whom they are for */
    if (topic == TOPIC_PRISON) {
        read_prison(s, index, &duration);
        return;
    }
    apply_term(s, topic, &(struct hu_term){duration.months, duration.at, duration.rule, duration.confidence});
}

void read_fine(hu_reader_state *s, const hu_mention *mention)
{
    int count = 0;
    bool disagrees = false;
    if (!read_count(s->c, mention_capture(mention, "days"), &count, &disagrees))
        return;
    apply_term(
        s, TOPIC_FINE,
        &(struct hu_term){
            count, {mention->start, mention->end}, mention->rule, mention->rule->confidence * (disagrees ? 0.7 : 1)});
}

/* "Inhabilitación por el mismo plazo de la pena": as long as each one's prison. */
void read_same_term(hu_reader_state *s, const hu_mention *mention)
{
    const hu_reading_context *c = s->c;
    hu_stretch item = item_of(s, mention->start), at = {mention->start, mention->end};
    size_t from = sentence_start(c, mention->start, item.start),
           topic = next_mention(c, "topic", mention_from(c, from), mention->start), i = topic;
    for (; i < c->mentions.count && c->mentions.items[i].start < mention->start; i++)
        if (rule_sets(c->mentions.items[i].rule, "topic"))
            topic = i;
    bool named = strcmp(rule_sets(mention->rule, "same"), "ban") == 0; /* "e igual tiempo de inhabilitación" */
    if (!named &&
        (topic == c->mentions.count || topic_named(rule_sets(c->mentions.items[topic].rule, "topic")) != TOPIC_BAN))
        return;
    subjects_of_amount(s, at, TOPIC_BAN);
    for (i = 0; i < c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &s->c->defendants[i]);
        hu_penalty penalty;
        if (!s->subjects[i] || phase->disqualification.at.end || !choose_penalty(phase, &penalty) || penalty.life)
            continue;
        phase->disqualification = (struct hu_term){penalty.months, at, mention->rule, 0.7};
    }
}
