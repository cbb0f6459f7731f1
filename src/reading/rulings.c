/*
 * The operative part read from left to right.
 *
 * A mode (confirm, revoke, annul, reform) says what becomes of the contents that follow: convictions, acquittals,
 * penalties, sums. At first instance everything holds. On appeal what is confirmed stands, what is revoked falls, and
 * what follows "reforming it" takes its place. A relative clause ("which revoked the judgment that …") tells of a lower
 * court: inside it a lower revocation hides what it revoked. Each defendant gathers two phases: what stands, and what
 * fell.
 */

#include "context.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAME_WITHIN = 220, /* bytes behind a ruling's verb in which its first name stands */
    NAME_GAP = 60,     /* between names of one list */
    RELATIVE_WITHIN = 48,
    KIND_WITHIN = 320, /* behind a penalty: effective or suspended */
    BESIDE = 60,       /* a name directly before a penalty */
    BEHIND = 45,       /* or directly behind it */
};

typedef enum hu_ruling_mode { MODE_NONE, MODE_DIRECT, MODE_CONFIRM, MODE_REVOKE, MODE_ANNUL } hu_ruling_mode;

/* From `start` on, a ruling's words are about these persons. */
typedef struct hu_clause {
    size_t start;
    bool *subjects;
} hu_clause;

enum { MAX_CLAUSES = 64 };

typedef struct hu_reader_state {
    hu_reading_context *c;
    hu_ruling_mode mode;
    bool appeal;       /* contents need a mode */
    bool hidden;       /* inside what a lower court revoked */
    bool reforming;    /* behind "reforming it" */
    bool limited;      /* the mode reaches penalty or reparation only */
    bool content_seen; /* since the mode began */
    bool *subjects;    /* of the latest content, one a defendant */
    hu_stretch mode_at;
    size_t last_used; /* occurrence that a penalty in front of it took */
    size_t end;
    hu_clause clauses[MAX_CLAUSES]; /* of the latest ruling or mode */
    size_t n_clauses;
    bool fill; /* only fill what is still unknown */
} hu_reader_state;

/* ---- whom a clause is about ---- */

static bool any_subject(const hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        if (s->subjects[i])
            return true;
    return false;
}

static void all_subjects(hu_reader_state *s)
{
    for (size_t i = 0; i < s->c->n_defendants; i++)
        s->subjects[i] = true;
}

static size_t occurrence_from(const hu_reading_context *c, size_t start)
{
    size_t i = 0;
    while (i < c->n_occurrences && c->occurrences[i].at.start < start)
        i++;
    return i;
}

/* The end of what a content event says: the next ruling or mode. */
static size_t event_end(const hu_reader_state *s, size_t index)
{
    const hu_reading_context *c = s->c;
    for (size_t i = index + 1; i < c->mentions.count && c->mentions.items[i].start < s->end; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (mention->start < c->mentions.items[index].end)
            continue;
        if (rule_sets(mention->rule, "ruling") || rule_sets(mention->rule, "mode"))
            return mention->start;
    }
    return s->end;
}

/* Names in one run from `start`: sets the subjects, returns true if there are any. */
static bool take_run(hu_reader_state *s, size_t start, size_t within, size_t end)
{
    const hu_reading_context *c = s->c;
    size_t i = occurrence_from(c, start), at = start;
    if (i == c->n_occurrences || c->occurrences[i].at.start > start + within || c->occurrences[i].at.start >= end)
        return false;
    memset(s->subjects, 0, c->n_defendants * sizeof *s->subjects);
    at = c->occurrences[i].at.start;
    for (; i < c->n_occurrences && c->occurrences[i].at.start < end && c->occurrences[i].at.start <= at + NAME_GAP;
         i++) {
        const char *between = c->document->folded + at;
        if (memchr(between, ';', c->occurrences[i].at.start - at))
            break;
        s->subjects[c->occurrences[i].who] = true;
        at = c->occurrences[i].at.end;
    }
    return true;
}

static bool everybody_named(const hu_reader_state *s, size_t start, size_t end)
{
    const char *text = s->c->document->folded;
    for (const char *const *word = s->c->reader->everybody; *word; word++)
        if (end > start && memmem(text + start, end - start, *word, strlen(*word)))
            return true;
    return false;
}

static void find_subjects(hu_reader_state *s, size_t index)
{
    size_t start = s->c->mentions.items[index].start, end = event_end(s, index);
    if (take_run(s, start, NAME_WITHIN, end))
        return;
    size_t reach = start + NAME_WITHIN < end ? start + NAME_WITHIN : end;
    if (s->c->n_defendants == 1 || !any_subject(s) || everybody_named(s, start, reach))
        all_subjects(s);
}

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

static hu_phase *phase_of(hu_reader_state *s, hu_defendant *who)
{
    return s->mode == MODE_REVOKE || s->mode == MODE_ANNUL ? &who->fallen : &who->stands;
}

/* What was said before falls when a reform begins to speak of the person. */
static void begin_reform(hu_reader_state *s, hu_defendant *who)
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

static void mark_mode(hu_reader_state *s, hu_defendant *who)
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

static void add_clause(hu_reader_state *s, size_t start)
{
    if (s->n_clauses == MAX_CLAUSES)
        return;
    size_t size = s->c->n_defendants * sizeof *s->subjects;
    hu_clause *clause = &s->clauses[s->n_clauses++];
    *clause = (hu_clause){start, hu_alloc(s->c->arena, size)};
    memcpy(clause->subjects, s->subjects, size);
}

/* The subjects that hold at a place: those of the clause that it stands in. */
static void enter_clause(hu_reader_state *s, size_t at)
{
    for (size_t i = s->n_clauses; i-- > 0;)
        if (s->clauses[i].start <= at) {
            memcpy(s->subjects, s->clauses[i].subjects, s->c->n_defendants * sizeof *s->subjects);
            return;
        }
}

/* A ruling's verb may govern several clauses: each further defendant named in it begins a new one. */
static void read_ruling(hu_reader_state *s, size_t index, const char *ruling)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    if (s->hidden)
        return;
    size_t end = event_end(s, index), start = mention->start, at = mention->start;
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

/* ---- penalties and sums ---- */

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

static void read_penalty(hu_reader_state *s, size_t index, const char *kind)
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

static void read_reparation(hu_reader_state *s, const hu_mention *mention)
{
    hu_reading_context *c = s->c;
    double amount;
    if (!read_money(c, mention, &amount))
        return;
    size_t reach = mention->end + 260 < s->end ? mention->end + 260 : s->end;
    bool joint = next_mention(c, "joint", mention_from(c, mention->start), reach) < c->mentions.count;
    bool each = next_mention(c, "each", mention_from(c, mention->start), mention->end + 120) < c->mentions.count;
    bool *who = HU_NEW_ARRAY(c->arena, bool, c->n_defendants), named = false;
    size_t clause_end = sentence_end(c, mention->end);
    for (size_t i = occurrence_from(c, mention->start > 50 ? mention->start - 50 : 0);
         i < c->n_occurrences && c->occurrences[i].at.start < clause_end; i++)
        named = who[c->occurrences[i].who] = true;
    for (size_t i = 0; i < c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &c->defendants[i]);
        bool owes = joint || (named ? who[i] : s->subjects[i] || c->n_defendants == 1);
        if (!owes || (phase->reparation_at.end && !(s->reforming && phase->reparation_at.start < s->mode_at.start)))
            continue;
        phase->reparation = amount;
        phase->reparation_at = (hu_stretch){mention->start, mention->end};
        phase->joint = joint;
        phase->each = each;
    }
}

static void read_term(hu_reader_state *s, const hu_mention *mention, const char *term)
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
