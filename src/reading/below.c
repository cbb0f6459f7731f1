/* What the judgment below ruled, where this decision leaves it as it was: told at the opening of an appeal. */

#include "rulings.h"

#include <string.h>

enum {
    FIRM_WITHIN = 240, /* between a name and "did not appeal" */
    OPENING = 12000,   /* in which an appeal tells what was ruled below */
};

/* Whom this decision does not judge, because the judgment below became final about him: he did not appeal, or withdrew.
 */
void find_bystanders(hu_reading_context *c)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (!rule_sets(mention->rule, "firm"))
            continue;
        size_t from =
            sentence_start(c, mention->start, mention->start > FIRM_WITHIN ? mention->start - FIRM_WITHIN : 0);
        size_t to = sentence_end(c, mention->end, mention->end + FIRM_WITHIN),
               name = occurrence_from(c, mention->start);
        if (name > 0 && c->occurrences[name - 1].at.start >= from)
            name--;
        else if (name == c->n_occurrences || c->occurrences[name].at.start >= to)
            continue;
        c->defendants[c->occurrences[name].who].bystander = true;
    }
}

/* Whom the operative part rules on all the same is none. */
static void drop_bystanders(hu_reading_context *c)
{
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_defendant *who = &c->defendants[i];
        who->bystander &= !(who->reversed || who->annulled || who->ruled);
        if (who->bystander)
            who->confirmed = false;
    }
}

/* What is owed jointly is owed by those too whom this decision does not judge. */
static void share_joint_reparation(hu_reading_context *c)
{
    const hu_phase *joint = NULL;
    if (next_mention(c, "joint_other", mention_from(c, c->operative.start), c->operative.end) == c->mentions.count)
        return;
    for (size_t i = 0; i < c->n_defendants; i++)
        if (c->defendants[i].stands.joint)
            joint = &c->defendants[i].stands;
    for (size_t i = 0; i < c->n_defendants && joint; i++) {
        hu_phase *phase = &c->defendants[i].stands;
        if (!c->defendants[i].bystander || phase->standing != CONVICTED || phase->reparation_at.end)
            continue;
        phase->reparation = joint->reparation;
        phase->reparation_at = joint->reparation_at;
        phase->joint = true;
    }
}

/* Anybody whose standing or penalty the operative part leaves open; where it names nobody, its mode is everybody's. */
static bool leaves_open(hu_reading_context *c, hu_reader_state *s)
{
    bool open = false, untouched = true; /* rest: "CONFIRMARON en lo demás que contiene" */
    bool rest = next_mention(c, "rest", mention_from(c, c->operative.start), c->operative.end) < c->mentions.count;
    for (size_t i = 0; i < c->n_defendants; i++)
        untouched &= !c->defendants[i].confirmed && !c->defendants[i].reversed && !c->defendants[i].annulled &&
                     c->defendants[i].stands.standing == NOT_RULED;
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_defendant *who = &c->defendants[i];
        if (untouched && s->mode_at.end)
            mark_mode(s, who);
        const hu_phase *stands = &who->stands;
        bool owes = stands->reparation_at.end || who->fallen.reparation_at.end || !rest;
        bool bare = stands->standing == CONVICTED && (!stands->n_penalties || !stands->convicted.count || !owes);
        open |= who->bystander || (who->confirmed && (stands->standing == NOT_RULED || bare));
    }
    return open;
}

/* An appeal that confirms without saying what: the judgment below is told at the opening. */
void fill_from_opening(hu_reading_context *c, hu_reader_state *s)
{
    drop_bystanders(c);
    if (!leaves_open(c, s))
        return;
    size_t reach = c->operative.start < OPENING ? c->operative.start : OPENING;
    hu_reader_state opening = {.c = c,
                               .mode = MODE_CONFIRM,
                               .mode_at = s->mode_at,
                               .appeal = true,
                               .subjects = HU_NEW_ARRAY(c->arena, bool, c->n_defendants),
                               .punished = HU_NEW_ARRAY(c->arena, bool, c->n_defendants),
                               .fill = true};
    hu_defendant *before = HU_NEW_ARRAY(c->arena, hu_defendant, c->n_defendants);
    memcpy(before, c->defendants, c->n_defendants * sizeof *before);
    read_span(&opening, (hu_stretch){0, reach});
    for (size_t i = 0; i < c->n_defendants; i++)
        if (!before[i].confirmed && !before[i].bystander) /* not whom this decision confirmed anything about */
            c->defendants[i] = before[i];
    share_joint_reparation(c);
}
