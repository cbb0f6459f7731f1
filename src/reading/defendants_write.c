/* What was read about each defendant, as findings. */

#include "rulings.h"

#include <math.h>
#include <string.h>

enum { DISMISSAL_REASON = 200 }; /* bytes around a dismissal in which its reason stands */

static const char *key_of(hu_reading_context *c, size_t who, const char *field)
{
    return hu_printf(c->arena, "defendants[%zu].%s", who, field);
}

static const char *standing_name(hu_standing standing)
{
    static const char *const names[] = {NULL, "convicted", "acquitted", "dismissed", "reserved", NULL};
    return names[standing];
}

static void keep_term(struct hu_term *stands, const struct hu_term *fallen)
{
    if (!stands->at.end)
        *stands = *fallen;
}

/* What the reform of one point left as it was. */
static void keep_rest(hu_phase *stands, const hu_phase *fallen)
{
    if (!stands->n_penalties) {
        memcpy(stands->penalties, fallen->penalties, sizeof stands->penalties);
        stands->n_penalties = fallen->n_penalties;
        stands->prison_kind = fallen->prison_kind;
        stands->prison_kind_at = fallen->prison_kind_at;
    }
    if (!stands->reparation_at.end) {
        stands->reparation = fallen->reparation;
        stands->reparation_at = fallen->reparation_at;
        stands->joint = fallen->joint;
        stands->sums_disagree = fallen->sums_disagree;
    }
    keep_term(&stands->probation, &fallen->probation);
    keep_term(&stands->disqualification, &fallen->disqualification);
    keep_term(&stands->day_fines, &fallen->day_fines);
}

/* What stands, once a reform of the penalty alone has left the conviction that it reviewed. */
static void settle(hu_defendant *d)
{
    hu_phase *stands = &d->stands, *fallen = &d->fallen;
    if (!d->reversed || d->annulled || stands->standing != NOT_RULED || !(d->reformed || d->limited))
        return;
    stands->standing = fallen->standing;
    stands->ruling = fallen->ruling;
    stands->rule = fallen->rule;
    if (fallen->convicted.count)
        stands->convicted = fallen->convicted;
    stands->acquitted = fallen->acquitted;
    if (!stands->role) {
        stands->role = fallen->role;
        stands->role_at = fallen->role_at;
    }
    keep_rest(stands, fallen);
    d->reversed = false;
    d->confirmed = true;
    d->confirmed_at = d->reversed_at;
}

/* The verdict of this decision about the person, and what it rests on. */
static const char *verdict_of(const hu_defendant *d, hu_stretch *at, const hu_rule **rule)
{
    *rule = d->stands.rule ? d->stands.rule : d->fallen.rule;
    if (d->bystander) {
        *at = d->stands.ruling;
        return NULL;
    }
    bool partly = d->confirmed && d->stands.standing != NOT_RULED; /* annulled in a point beside what stands */
    if (d->annulled && !d->reformed && !partly) {
        *at = d->annulled_at;
        return "annulled";
    }
    bool turned = d->reversed && !d->limited && (d->stands.standing != d->fallen.standing || !d->confirmed);
    if (turned || d->revived) {
        *at = turned ? d->reversed_at : d->confirmed_at;
        return "reversed";
    }
    if (d->confirmed) {
        *at = d->confirmed_at;
        return "confirmed";
    }
    *at = d->stands.ruling;
    bool anew = d->above && (d->stands.standing == CONVICTED || d->stands.standing == ACQUITTED);
    return anew ? "reversed" : standing_name(d->stands.standing); /* a recourse that succeeds: ruled anew */
}

/* A dismissal has the force of an acquittal, unless the person died. */
static const char *final_of_dismissal(const hu_reading_context *c, hu_stretch at)
{
    size_t from = at.start > DISMISSAL_REASON ? at.start - DISMISSAL_REASON : 0;
    size_t to = sentence_end(c, at.end, at.end + DISMISSAL_REASON);
    return next_mention(c, "death", mention_from(c, from), to) < c->mentions.count ? NULL : "acquitted";
}

static const char *final_of(const hu_reading_context *c, const hu_defendant *d, const char *verdict, hu_stretch *at)
{
    *at = d->stands.ruling;
    if (verdict && strcmp(verdict, "annulled") == 0) {
        *at = d->annulled_at;
        return "open";
    }
    switch (d->stands.standing) {
    case CONVICTED:
        return "convicted";
    case ACQUITTED:
        return "acquitted";
    case DISMISSED:
        return final_of_dismissal(c, *at);
    case RESERVED:
    case CONTINUED:
        return "open";
    case NOT_RULED:
        break;
    }
    if (d->reversed) {
        *at = d->reversed_at;
        return "open";
    }
    return NULL;
}

static void write_term(hu_reading_context *c, size_t who, const char *field, const struct hu_term *term)
{
    if (term->at.end)
        add_number(c, key_of(c, who, field), term->value, term->confidence, term->rule, term->at);
}

static void write_prison(hu_reading_context *c, size_t who, const hu_phase *phase)
{
    hu_penalty penalty;
    if (phase->standing != CONVICTED || !choose_penalty(phase, &penalty))
        return;
    if (penalty.life) {
        add_text(c, key_of(c, who, "prison_kind"), "life", penalty.confidence, penalty.rule, penalty.at);
        return;
    }
    add_number(c, key_of(c, who, "prison_months"), penalty.months, penalty.confidence, penalty.rule, penalty.at);
    if (penalty.days)
        add_number(c, key_of(c, who, "prison_days"), penalty.days, penalty.confidence, penalty.rule, penalty.at);
    if (phase->prison_kind)
        add_text(c, key_of(c, who, "prison_kind"), phase->prison_kind, 0.9, NULL, phase->prison_kind_at);
    else /* terms above four years cannot be suspended (art. 57 of the Penal Code) */
        add_text(c, key_of(c, who, "prison_kind"), "effective", penalty.months > 48 ? 0.7 : 0.4, NULL, penalty.at);
    write_term(c, who, "probation_months", &phase->probation);
}

static void write_charges(hu_reading_context *c, size_t who, const char *field, const hu_charge_list *list,
                          double confidence)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *key = hu_printf(c->arena, "defendants[%zu].%s[%zu]", who, field, i);
        hu_finding *finding = add_finding(c, key, confidence, NULL, list->items[i].evidence, list->items[i].n_evidence);
        finding->kind = HU_VALUE_OFFENCE;
        finding->text = list->items[i].offence->code;
        finding->article = list->items[i].article;
        finding->rule = hu_printf(c->arena, "law.%s", finding->text);
    }
}

static bool same_offences(const hu_charge_list *a, const hu_charge_list *b)
{
    for (size_t i = 0; i < a->count; i++) {
        bool found = false;
        for (size_t j = 0; j < b->count; j++)
            found |= a->items[i].offence == b->items[j].offence ||
                     (is_trafficking(&a->items[i]) && is_trafficking(&b->items[j]));
        if (!found)
            return false;
    }
    return true;
}

static void write_terms(hu_reading_context *c, size_t who, const hu_phase *phase)
{
    if (phase->standing != CONVICTED)
        return;
    write_term(c, who, "day_fines", &phase->day_fines);
    write_term(c, who, "disqualification_months", &phase->disqualification);
    if (phase->reparation_at.end) {
        add_number(c, key_of(c, who, "reparation_pen"), phase->reparation, phase->sums_disagree ? 0.5 : 0.9, NULL,
                   phase->reparation_at);
        add_bool(c, key_of(c, who, "reparation_joint"), phase->joint, 0.85, NULL, phase->reparation_at);
    }
}

/* Of another offence than charged, or than the judgment below that this decision reforms convicted of. */
static bool convicted_of_another(const hu_defendant *d)
{
    const hu_charge_list *below = &d->fallen.convicted;
    return (d->charged.count && !same_offences(&d->stands.convicted, &d->charged)) ||
           (d->reversed && !d->confirmed && d->fallen.standing == CONVICTED && below->count &&
            !same_offences(&d->stands.convicted, below));
}

/* Convicted of another offence than charged. */
static void write_reclassified(hu_reading_context *c, size_t who, const hu_defendant *d, bool convicted, hu_stretch at)
{
    if (convicted && d->stands.requalified.end)
        add_bool(c, key_of(c, who, "reclassified"), true, 0.9, NULL, d->stands.requalified);
    else if (!convicted)
        add_bool(c, key_of(c, who, "reclassified"), false, 0.8, NULL, at);
    else if (d->stands.convicted.count && (d->charged.count || d->fallen.convicted.count))
        add_bool(c, key_of(c, who, "reclassified"), convicted_of_another(d), 0.8, NULL,
                 d->stands.convicted.items[0].evidence[0]);
}

static void write_defendant(hu_reading_context *c, size_t who)
{
    hu_defendant *d = &c->defendants[who];
    add_text(c, key_of(c, who, "label"), d->label, d->rule->confidence, d->rule, d->at);
    settle(d);
    hu_stretch at;
    const hu_rule *rule;
    const char *verdict = verdict_of(d, &at, &rule);
    write_charges(c, who, "charged", &d->charged, 0.8);
    if (!verdict && d->stands.standing == NOT_RULED)
        return;
    if (verdict)
        add_text(c, key_of(c, who, "verdict"), verdict, 0.9, rule, at);
    const char *final = final_of(c, d, verdict, &at);
    if (final)
        add_text(c, key_of(c, who, "final_verdict"), final, 0.9, rule, at);
    bool convicted = final && strcmp(final, "convicted") == 0;
    if (d->role)
        add_text(c, key_of(c, who, "role"), d->role, 0.85, NULL, d->role_at);
    write_reclassified(c, who, d, convicted, at);
    if (!convicted)
        return;
    write_charges(c, who, "convicted", &d->stands.convicted, 0.9);
    write_prison(c, who, &d->stands);
    write_terms(c, who, &d->stands);
}

void write_defendants(hu_reading_context *c)
{
    for (size_t i = 0; i < c->n_defendants; i++)
        write_defendant(c, i);
}
