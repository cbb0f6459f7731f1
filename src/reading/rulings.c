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

enum {
    RELATIVE_WITHIN = 48, /* bytes between a relative pronoun and the verb of its clause */
};

/* ---- relative clauses ---- */

/* A relative pronoun stands so close before the verb that the verb is its clause's. */
static bool in_relative_clause(const hu_reader_state *s, const hu_mention *mention)
{
    const char *text = s->c->document->folded;
    size_t start = mention->start > RELATIVE_WITHIN ? mention->start - RELATIVE_WITHIN : 0;
    for (const char *const *word = s->c->reader->relative->list; *word; word++) {
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

static bool told_of_lower_court(const hu_reader_state *s, const hu_mention *mention)
{
    const char *tense = rule_sets(mention->rule, "tense");
    if (tense && strcmp(tense, "this") == 0)
        return false; /* "la que queda NULA" */
    if (tense && strcmp(tense, "lower") == 0 && !in_capitals(s->c, mention))
        return true; /* "revocó"; but "REVOCÓ" is what this court does */
    return in_relative_clause(s, mention);
}

/* "en que, reformando la de primera instancia, condenó": the reform is the lower court's. */
static bool reforms_below(const hu_reader_state *s, const hu_mention *mention)
{
    if (in_capitals(s->c, mention) || !in_relative_clause(s, mention))
        return false;
    size_t start = mention->start > RELATIVE_WITHIN ? mention->start - RELATIVE_WITHIN : 0;
    return next_mention(s->c, "ruling", mention_from(s->c, start), mention->start) == s->c->mentions.count;
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

static bool is_disjoint(const hu_charge_list *a, const hu_charge_list *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (a->items[i].offence == b->items[j].offence ||
                (is_trafficking(&a->items[i]) && is_trafficking(&b->items[j])))
                return false;
    return a->count && b->count;
}

static void apply_standing(hu_reader_state *s, hu_defendant *who, hu_standing standing, const hu_mention *mention,
                           const hu_charge_list *offences)
{
    hu_phase *phase = phase_of(s, who);
    if (s->fill && phase->standing != NOT_RULED) {
        if (phase->standing == CONVICTED && standing == CONVICTED && !phase->convicted.count)
            charges_merge(s->c, &phase->convicted, offences);
        return;
    }
    begin_reform(s, who);
    if (standing == ACQUITTED && phase->standing == CONVICTED && is_disjoint(offences, &phase->convicted)) {
        charges_merge(s->c, &phase->acquitted, offences); /* of one of several offences: convicted of the others */
        return;
    }
    if (s->reforming && phase == &who->stands && !s->fill && phase->rule && phase->ruling.start < s->mode_at.start)
        *phase = (struct hu_phase){
            .reparation = phase->reparation, .reparation_at = phase->reparation_at, .joint = phase->joint};
    if (standing == CONVICTED)
        charges_merge(s->c, &phase->convicted, offences);
    else
        charges_merge(s->c, &phase->acquitted, offences);
    if (phase->standing == CONVICTED && standing != CONVICTED)
        return; /* acquitted of one charge, convicted of another: convicted */
    if (phase->standing == ACQUITTED && standing != CONVICTED)
        return;
    phase->standing = standing;
    phase->rule = mention->rule;
    phase->ruling = (hu_stretch){mention->start, mention->end};
}

void mark_mode(hu_reader_state *s, hu_defendant *who)
{
    if (s->mode == MODE_CONFIRM && !who->confirmed) {
        who->confirmed = true;
        who->confirmed_at = s->mode_at;
        who->revived = s->instance;
    } else if (s->mode == MODE_REVOKE && !who->reversed) {
        who->reversed = true;
        who->limited = s->limited;
        who->reversed_at = s->mode_at;
    } else if (s->mode == MODE_ANNUL) {
        who->annulled = true;
        who->annulled_at = s->mode_at;
    }
}

static hu_standing standing_of(const char *ruling)
{
    if (strcmp(ruling, "convict") == 0)
        return CONVICTED;
    if (strcmp(ruling, "acquit") == 0)
        return ACQUITTED;
    if (strcmp(ruling, "continue") == 0)
        return CONTINUED;
    return strcmp(ruling, "dismiss") == 0 ? DISMISSED : RESERVED;
}

/* One name of a ruling and what is said of it, up to the next. */
typedef struct hu_share {
    size_t who, start, end;
} hu_share;

enum { MAX_SHARES = 40 };

/* How the person took part: said behind the name, or behind the next one ("a A y B como coautores"). */
static void take_role(hu_reader_state *s, hu_phase *phase, size_t verb, size_t start, size_t end)
{
    size_t i = next_mention(s->c, "role", mention_from(s->c, start), end);
    if (i == s->c->mentions.count) /* "en calidad de COAUTORES, a A y B" */
        i = next_mention(s->c, "role", mention_from(s->c, verb), start);
    if (i >= s->c->mentions.count || s->c->mentions.items[i].start >= end || phase->role)
        return;
    phase->role = rule_sets(s->c->mentions.items[i].rule, "role");
    phase->role_at = (hu_stretch){s->c->mentions.items[i].start, s->c->mentions.items[i].end};
}

/* "Desvinculándose de la acusación, CONDENA …": the court leaves the charge. */
static void take_requalified(hu_reader_state *s, hu_phase *phase, const hu_mention *verb)
{
    const hu_reading_context *c = s->c;
    size_t from = sentence_start(c, verb->start, item_of(s, verb->start).start);
    size_t i = next_mention(c, "reclassified", mention_from(c, from), verb->start);
    if (i < c->mentions.count && phase->standing == CONVICTED)
        phase->requalified = (hu_stretch){c->mentions.items[i].start, c->mentions.items[i].end};
}

/* The offences of a share: its own, else those of the shares behind, else of those before. */
static hu_charge_list share_offences(hu_reader_state *s, const hu_share *shares, size_t n, size_t share, size_t end)
{
    hu_charge_list found = {0};
    for (size_t i = share; i < n && !found.count; i++)
        found = collect_offences(s->c, shares[i].start, i + 1 < n ? shares[i].end : end);
    for (size_t i = share; i-- > 0 && !found.count;)
        found = collect_offences(s->c, shares[i].start, shares[i].end);
    return found;
}

static void apply_content(hu_reader_state *s, const hu_mention *mention, const char *ruling, size_t who,
                          const hu_charge_list *offences, hu_stretch role)
{
    hu_defendant *one = &s->c->defendants[who];
    apply_standing(s, one, standing_of(ruling), mention, offences);
    mark_mode(s, one);
    one->ruled |= !s->fill;
    one->above = s->appeal;
    if (s->reforming && !one->reversed &&
        !one->confirmed) { /* "REVOCARON la sentencia y, REFORMÁNDOLA, ABSOLVIERON a A" */
        one->reversed = true;
        one->reversed_at = s->mode_at;
    }
    take_role(s, phase_of(s, one), mention->start, role.start, role.end);
    take_requalified(s, phase_of(s, one), mention);
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

/* The names that the ruling is about, in order: its subjects, and further ones that a part or a penalty follows. */
static size_t find_shares(hu_reader_state *s, size_t start, size_t end, hu_share *shares)
{
    const hu_reading_context *c = s->c;
    size_t n = 0;
    for (size_t i = occurrence_from(c, start); i < c->n_occurrences && c->occurrences[i].at.start < end; i++) {
        const hu_occurrence *name = &c->occurrences[i];
        size_t behind = mention_from(c, name->at.end), reach = name->at.end + NAME_GAP;
        bool further = led_to(c, name->at.start) && (next_mention(c, "role", behind, reach) < c->mentions.count ||
                                                     next_mention(c, "penalty", behind, reach) < c->mentions.count);
        bool known = false;
        for (size_t j = 0; j < n; j++)
            known |= shares[j].who == name->who;
        if (known || n == MAX_SHARES || !(s->subjects[name->who] || further))
            continue;
        if (n)
            shares[n - 1].end = name->at.start;
        shares[n++] = (hu_share){name->who, name->at.start, end};
    }
    return n;
}

static bool has_penalty(const hu_reader_state *s, const hu_share *share)
{
    const hu_mention_list *list = &s->c->mentions;
    for (size_t i = mention_from(s->c, share->start); i < list->count && list->items[i].start < share->end; i++)
        if (rule_sets(list->items[i].rule, "penalty") && duration_topic(s, i) == TOPIC_PRISON)
            return true;
    return false;
}

/* "a A …, a cadena perpetua; y a B …, a diez años": where several names have a penalty of their own, each begins a
 * clause with the names before it that have none. */
static void add_shares(hu_reader_state *s, const hu_share *shares, size_t n)
{
    size_t own = 0, first = 0;
    for (size_t i = 0; i < n; i++)
        own += has_penalty(s, &shares[i]);
    if (own < 2)
        return;
    bool *all = HU_NEW_ARRAY(s->c->arena, bool, s->c->n_defendants);
    memcpy(all, s->subjects, s->c->n_defendants * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        if (!has_penalty(s, &shares[i]))
            continue;
        no_subjects(s);
        for (size_t j = first; j <= i; j++)
            s->subjects[shares[j].who] = true;
        add_clause(s, shares[first].start);
        first = i + 1;
    }
    memcpy(s->subjects, all, s->c->n_defendants * sizeof *all);
}

/* A ruling's verb governs the names behind it: each with its own part and offences, or with those of the next. */
static void read_ruling(hu_reader_state *s, size_t index, const char *ruling)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    size_t end = event_end(s, index);
    hu_share shares[MAX_SHARES];
    find_subjects(s, index);
    size_t n = find_shares(s, mention->start, end, shares);
    for (size_t i = 0; i < n; i++)
        s->subjects[shares[i].who] = true;
    add_clause(s, mention->start);
    add_shares(s, shares, n);
    hu_charge_list all = collect_offences(c, mention->start, end);
    if (!all.count)
        all = s->offences; /* "del mismo delito" */
    s->offences = all;
    for (size_t who = 0; who < c->n_defendants; who++) {
        size_t share = 0;
        while (share < n && shares[share].who != who)
            share++;
        if (!s->subjects[who])
            continue;
        hu_charge_list offences = share < n ? share_offences(s, shares, n, share, end) : all;
        hu_stretch role = share < n ? (hu_stretch){shares[share].start, end} : (hu_stretch){mention->start, end};
        apply_content(s, mention, ruling, who, offences.count ? &offences : &all, role);
    }
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
    if (s->mode == MODE_REVOKE || s->mode == MODE_ANNUL || (s->mode == MODE_NONE && !s->fill)) {
        s->mode = MODE_DIRECT; /* of MODE_NONE: "REFORMAR la pena, que se fija en …" */
        s->reforming = true;
        s->limited = false;
    }
}

/* Acting as a court of instance, what was quashed is decided again: what follows rules on the first instance. */
static void decide_again(hu_reader_state *s)
{
    if (s->mode == MODE_REVOKE || s->mode == MODE_ANNUL || s->mode == MODE_NONE)
        s->instance = !s->limited;
    s->hidden = false;
}

static hu_ruling_mode mode_named(const char *name)
{
    if (strcmp(name, "confirm") == 0 || strcmp(name, "uphold") == 0)
        return MODE_CONFIRM;
    if (strcmp(name, "revoke") == 0)
        return MODE_REVOKE;
    return strcmp(name, "annul") == 0 ? MODE_ANNUL : MODE_NONE;
}

/* "CONFIRMAR la de A": a mode that names persons and is no ruling's: it is about how they stand. */
static void take_named(hu_reader_state *s, size_t index, bool named)
{
    const hu_reading_context *c = s->c;
    size_t next = index + 1, end = item_of(s, s->mode_at.start).end;
    while (next < c->mentions.count && c->mentions.items[next].start < end &&
           !rule_sets(c->mentions.items[next].rule, "mode") && !rule_sets(c->mentions.items[next].rule, "ruling"))
        next++;
    bool rules = next < c->mentions.count && c->mentions.items[next].start < end &&
                 rule_sets(c->mentions.items[next].rule, "ruling");
    size_t name = occurrence_from(c, s->mode_at.end);
    if (rules || !(s->mode == MODE_CONFIRM || (s->mode == MODE_ANNUL && named)) || name == c->n_occurrences ||
        c->occurrences[name].at.start > s->mode_at.end + NAME_GAP)
        return;
    for (size_t i = 0; i < c->n_defendants; i++)
        if (s->subjects[i])
            mark_mode(s, &s->c->defendants[i]);
}

static void read_mode(hu_reader_state *s, size_t index, const char *name)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    if (!s->appeal)
        return;
    if (strcmp(name, "reform") == 0) {
        if (!reforms_below(s, mention))
            reform(s);
    } else if (strcmp(name, "instance") == 0) {
        decide_again(s);
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
        bool named = take_run(s, mention->end, NAME_WITHIN, event_end(s, index));
        if (named)
            add_clause(s, mention->start);
        take_named(s, index, named);
    }
}

static void read_amount(hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    const char *penalty = rule_sets(mention->rule, "penalty");
    if (penalty && strcmp(penalty, "life") == 0)
        read_life(s, index);
    else if (penalty)
        read_duration_event(s, index);
    else if (rule_sets(mention->rule, "money"))
        read_reparation(s, index);
    else if (rule_sets(mention->rule, "fine"))
        read_fine(s, mention);
    else
        read_same_term(s, mention);
}

static bool is_amount(const hu_rule *rule)
{
    return rule_sets(rule, "penalty") || rule_sets(rule, "money") || rule_sets(rule, "fine") || rule_sets(rule, "same");
}

static void read_event(hu_reader_state *s, size_t index)
{
    const hu_mention *mention = &s->c->mentions.items[index];
    const char *mode = rule_sets(mention->rule, "mode"), *ruling = rule_sets(mention->rule, "ruling");
    if (mode) {
        read_mode(s, index, mode);
        return;
    }
    if (rule_sets(mention->rule, "scope") && s->mode == MODE_REVOKE && !s->content_seen)
        s->limited = true;
    if (!ruling && !is_amount(mention->rule))
        return;
    bool holds = s->mode != MODE_NONE || !s->appeal || !told_of_lower_court(s, mention);
    if (!holds || s->hidden)
        return;
    if (s->appeal && s->mode == MODE_NONE && ruling)
        s->mode = MODE_DIRECT; /* it rules without saying what becomes of the judgment below */
    bool told = ruling ? rule_sets(mention->rule, "tells") || told_of_lower_court(s, mention)
                       : scope_of(s, mention->start).ruling;
    if (s->fill && !told)
        return; /* a request, a plea: not the judgment below */
    if (ruling && rule_sets(mention->rule, "noun") && (s->mode == MODE_NONE || s->mode == MODE_DIRECT))
        return; /* "the conviction of A" is content of what confirms, revokes or annuls it */
    if (ruling) {
        read_ruling(s, index, ruling);
        return;
    }
    enter_clause(s, mention->start);
    read_amount(s, index);
}

void read_span(hu_reader_state *s, hu_stretch where)
{
    s->start = where.start;
    s->end = where.end;
    s->last_used = SIZE_MAX;
    find_items(s);
    const hu_mention_list *list = &s->c->mentions;
    for (size_t i = mention_from(s->c, where.start); i < list->count && list->items[i].start < where.end; i++)
        read_event(s, i);
}

void read_rulings(hu_reading_context *c)
{
    if (!c->on_merits || c->n_defendants == 0)
        return;
    static const char *const appeals[] = {"appeal", "cassation", "nullity_appeal", NULL};
    bool appeal = one_of(c->kind, appeals);
    hu_reader_state state = {.c = c,
                             .mode = appeal ? MODE_NONE : MODE_DIRECT,
                             .appeal = appeal,
                             .subjects = HU_NEW_ARRAY(c->arena, bool, c->n_defendants),
                             .punished = HU_NEW_ARRAY(c->arena, bool, c->n_defendants)};
    if (appeal)
        find_bystanders(c);
    read_span(&state, c->operative);
    if (appeal) {
        fill_from_opening(c, &state);
        keep_reparation(c);
    }
}
