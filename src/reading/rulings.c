/*
 * The operative part read from left to right.
 *
 * A mode (confirm, revoke, annul, reform) says what becomes of the contents that follow: convictions, acquittals,
 * penalties, sums. At first instance everything holds. On appeal what is confirmed stands, what is revoked falls, and
 * what follows "reforming it" takes its place. A relative clause ("which revoked the judgment that …") tells of a lower
 * court: inside it a lower revocation hides what it revoked. Each defendant gathers two phases: what stands, and what
 * fell.
 */

#include "rulings.h"

#include <stdlib.h>
#include <string.h>

enum { RELATIVE_WITHIN = 48 }; /* bytes between a relative pronoun and the verb of its clause */

/* ---- relative clauses ---- */

static bool told_of_lower_court(const hu_reader_state *s, const hu_mention *mention)
{
    const char *tense = rule_sets(mention->rule, "tense"), *text = s->c->document->folded;
    if (tense && strcmp(tense, "lower") == 0)
        return true;
    size_t start = mention->start > RELATIVE_WITHIN ? mention->start - RELATIVE_WITHIN : 0;
    for (const char *const *word = s->c->reader->relative; *word; word++) {
        size_t length = strlen(*word);
        for (size_t at = start; at + length < mention->start; at++)
            if ((at == 0 || strchr(" \n,", text[at - 1])) && strncmp(text + at, *word, length) == 0 &&
                strchr(" ,\n", text[at + length])) {
                const char *rest = text + at + length;
                size_t gap = (size_t)(text + mention->start - rest);
                if (!memchr(rest, ';', gap) && !memchr(rest, '.', gap))
                    return true;
            }
    }
    return false;
}

/* ---- contents ---- */

hu_phase *phase_of(hu_reader_state *s, hu_defendant *who)
{
    return s->mode == MODE_REVOKE || s->mode == MODE_ANNUL ? &who->fallen : &who->stands;
}

/* What was said before falls when a reform begins to speak of the person. */
void begin_reform(hu_reader_state *s, hu_defendant *who)
{
    if (!s->reforming || who->reformed)
        return;
    who->reformed = true;
}

static void apply_standing(hu_reader_state *s, hu_defendant *who, hu_standing standing, const hu_mention *mention,
                           const hu_charge_list *offences)
{
    hu_phase *phase = phase_of(s, who);
    if (s->fill && phase->standing != NOT_RULED)
        return;
    begin_reform(s, who);
    if (s->reforming && phase == &who->stands && !s->fill && phase->rule && phase->ruling.start < s->mode_at.start)
        *phase = (struct hu_phase){.reparation = phase->reparation, .reparation_at = phase->reparation_at};
    if (standing == CONVICTED)
        charges_merge(s->c, &phase->convicted, offences);
    else
        charges_merge(s->c, &phase->acquitted, offences);
    if (phase->standing == CONVICTED && standing != CONVICTED)
        return; /* acquitted of one charge, convicted of another: convicted */
    phase->standing = standing;
    phase->rule = mention->rule;
    phase->ruling = (hu_stretch){mention->start, mention->end};
}

void mark_mode(hu_reader_state *s, hu_defendant *who)
{
    if (s->mode == MODE_CONFIRM && !who->confirmed) {
        who->confirmed = true;
        who->confirmed_at = s->mode_at;
    } else if (s->mode == MODE_REVOKE && !who->reversed) {
        who->reversed = true;
        who->limited = s->limited;
        who->reversed_at = s->mode_at;
    } else if (s->mode == MODE_ANNUL) {
        who->annulled = true;
        who->annulled_at = s->mode_at;
    }
}

static void take_role(hu_reader_state *s, hu_phase *phase, size_t start, size_t end)
{
    size_t i = next_mention(s->c, "role", mention_from(s->c, start), end);
    if (i == s->c->mentions.count || phase->role)
        return;
    phase->role = rule_sets(s->c->mentions.items[i].rule, "role");
    phase->role_at = (hu_stretch){s->c->mentions.items[i].start, s->c->mentions.items[i].end};
}

static hu_standing standing_of(const char *ruling)
{
    if (strcmp(ruling, "convict") == 0)
        return CONVICTED;
    if (strcmp(ruling, "acquit") == 0)
        return ACQUITTED;
    return strcmp(ruling, "dismiss") == 0 ? DISMISSED : RESERVED;
}

static void apply_content(hu_reader_state *s, const hu_mention *mention, const char *ruling, size_t start, size_t end)
{
    hu_charge_list offences = collect_offences(s->c, start, end);
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_defendant *who = &s->c->defendants[i];
        if (!s->subjects[i])
            continue;
        apply_standing(s, who, standing_of(ruling), mention, &offences);
        mark_mode(s, who);
        take_role(s, phase_of(s, who), start, end);
    }
    s->content_seen = true;
}

/* True when the name is led to by what leads to a person in a list of rulings: "; y a B como cómplice". */
static bool led_to(const hu_reading_context *c, size_t at)
{
    const char *text = c->document->folded;
    size_t start = at > 40 ? at - 40 : 0;
    for (size_t i = at; i-- > start;)
        if (strchr(";\n,)", text[i]))
            return true;
        else if (text[i] == ' ' && i + 2 < at && text[i + 1] == 'y' && text[i + 2] == ' ')
            return true;
    return false;
}

/* A ruling's verb may govern several clauses: each further defendant named in it begins a new one. */
static void read_ruling(hu_reader_state *s, size_t index, const char *ruling)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    if (s->hidden)
        return;
    size_t end = event_end(s, index), at = mention->start, start = at;
    s->n_clauses = 0;
    find_subjects(s, index);
    add_clause(s, start);
    for (size_t i = occurrence_from(c, at); i < c->n_occurrences && c->occurrences[i].at.start < end; i++) {
        const hu_occurrence *next = &c->occurrences[i];
        bool in_run = next->at.start < at + NAME_WITHIN && s->subjects[next->who];
        if (in_run || s->subjects[next->who] || !led_to(c, next->at.start))
            continue;
        size_t penalty = next_mention(c, "role", mention_from(c, next->at.end), next->at.end + NAME_GAP);
        if (penalty == c->mentions.count)
            continue; /* named in passing */
        apply_content(s, mention, ruling, start, next->at.start);
        start = next->at.start;
        take_run(s, start, 0, end);
        add_clause(s, start);
    }
    apply_content(s, mention, ruling, start, end);
}

/* ---- modes ---- */

static void annul_again(hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_defendant *who = &s->c->defendants[i];
        if ((s->mode == MODE_REVOKE || s->mode == MODE_ANNUL) &&
            ((who->reversed && who->reversed_at.start == s->mode_at.start) || s->c->n_defendants == 1)) {
            who->annulled = true;
            who->annulled_at = s->mode_at;
        }
    }
}

static void reform(hu_reader_state *s)
{
    if (s->hidden) {
        s->hidden = false; /* the lower court's own reform: what follows is what it put in place */
        return;
    }
    if (s->mode == MODE_REVOKE || s->mode == MODE_ANNUL) {
        s->mode = MODE_DIRECT;
        s->reforming = true;
        s->limited = false;
    }
}

static hu_ruling_mode mode_named(const char *name)
{
    if (strcmp(name, "confirm") == 0 || strcmp(name, "uphold") == 0)
        return MODE_CONFIRM;
    if (strcmp(name, "revoke") == 0)
        return MODE_REVOKE;
    return strcmp(name, "annul") == 0 ? MODE_ANNUL : MODE_NONE;
}

static void read_mode(hu_reader_state *s, size_t index, const char *name)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    if (!s->appeal)
        return;
    if (strcmp(name, "reform") == 0) {
        reform(s);
    } else if (strcmp(name, "again") == 0) {
        annul_again(s);
    } else if (told_of_lower_court(s, mention)) {
        if (s->mode != MODE_NONE)
            s->hidden = strcmp(name, "revoke") == 0;
    } else {
        s->mode = mode_named(name);
        s->mode_at = (hu_stretch){mention->start, mention->end};
        s->hidden = s->reforming = s->limited = s->content_seen = false;
        s->n_clauses = 0;
        if (take_run(s, mention->end, NAME_WITHIN, event_end(s, index)))
            add_clause(s, mention->start);
    }
}

static void read_event(hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    const char *mode = rule_sets(mention->rule, "mode"), *ruling = rule_sets(mention->rule, "ruling"),
               *penalty = rule_sets(mention->rule, "penalty"), *term = rule_sets(mention->rule, "term");
    if (mode) {
        read_mode(s, index, mode);
        return;
    }
    if (rule_sets(mention->rule, "scope") && s->mode == MODE_REVOKE && !s->content_seen)
        s->limited = true;
    bool holds = s->mode != MODE_NONE || !s->appeal || !told_of_lower_court(s, mention);
    if (!holds || s->hidden)
        return;
    if (s->appeal && s->mode == MODE_NONE && ruling)
        s->mode = MODE_DIRECT; /* it rules without saying what becomes of the judgment below */
    if (s->fill && !(ruling ? told_of_lower_court(s, mention) : s->content_seen))
        return; /* a request, a plea: not the judgment below */
    if (!ruling)
        enter_clause(s, mention->start);
    if (ruling)
        read_ruling(s, index, ruling);
    else if (penalty)
        read_penalty(s, index, penalty);
    else if (rule_sets(mention->rule, "money"))
        read_reparation(s, mention);
    else if (term)
        read_term(s, mention, term);
}

static void read_span(hu_reader_state *s, hu_stretch where)
{
    s->end = where.end;
    s->last_used = SIZE_MAX;
    const hu_mention_list *list = &s->c->mentions;
    size_t taken = 0; /* a penalty inside another's words is the same penalty */
    for (size_t i = mention_from(s->c, where.start); i < list->count && list->items[i].start < where.end; i++) {
        if (rule_sets(list->items[i].rule, "penalty")) {
            bool inside = list->items[i].start < taken;
            taken = list->items[i].end > taken ? list->items[i].end : taken;
            if (inside)
                continue;
        }
        read_event(s, i);
    }
}

/* An appeal that confirms without saying what: the judgment below is told at the opening. */
static void fill_from_opening(hu_reading_context *c, hu_reader_state *s)
{
    bool open = false, untouched = true;
    for (size_t i = 0; i < c->n_defendants; i++)
        untouched &= !c->defendants[i].confirmed && !c->defendants[i].reversed && !c->defendants[i].annulled &&
                     c->defendants[i].stands.standing == NOT_RULED;
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_defendant *who = &c->defendants[i];
        if (untouched && s->mode_at.end)
            mark_mode(s, who);
        open |= who->confirmed && (who->stands.standing == NOT_RULED ||
                                   (who->stands.standing == CONVICTED && who->stands.n_penalties == 0));
    }
    if (!open)
        return;
    size_t reach = c->operative.start < 12000 ? c->operative.start : 12000;
    bool *subjects = HU_NEW_ARRAY(c->arena, bool, c->n_defendants);
    hu_reader_state opening = {
        .c = c, .mode = MODE_CONFIRM, .mode_at = s->mode_at, .appeal = true, .subjects = subjects, .fill = true};
    hu_defendant *before = HU_NEW_ARRAY(c->arena, hu_defendant, c->n_defendants);
    memcpy(before, c->defendants, c->n_defendants * sizeof *before);
    read_span(&opening, (hu_stretch){0, reach});
    for (size_t i = 0; i < c->n_defendants; i++)
        if (!before[i].confirmed) /* not whom this decision confirmed anything about */
            c->defendants[i] = before[i];
}

void read_rulings(hu_reading_context *c)
{
    if (!c->on_merits || c->n_defendants == 0)
        return;
    static const char *const appeals[] = {"appeal", "cassation", "nullity_appeal", NULL};
    bool appeal = word_in(c->kind, strlen(c->kind), appeals);
    hu_reader_state state = {.c = c,
                             .mode = appeal ? MODE_NONE : MODE_DIRECT,
                             .appeal = appeal,
                             .subjects = HU_NEW_ARRAY(c->arena, bool, c->n_defendants)};
    read_span(&state, c->operative);
    if (appeal)
        fill_from_opening(c, &state);
}
