/* Reparation: which sums of the operative part are owed, by whom, jointly or not. */

#include "sums.h"

#include <ctype.h>
#include <string.h>

enum {
    JUST_BEFORE = 34,  /* "a razón de", "cuotas de" */
    JUST_BEHIND = 90,  /* "a favor de cada agraviada" */
    KEPT_BACK = 40,    /* "Sexto. Reparación civil. Quince mil soles …" */
    PAYER_BEFORE = 40, /* "a cargo de A la suma de" */
    WORDS_BEFORE = 60, /* "cada sentenciado pagará" */
    EACH_BEFORE = 90,  /* "a cada una de las agraviadas, por el daño sufrido," */
    LISTED = 6,        /* between names of a list: ", ", " y " */
};

/* ---- who pays ---- */

static bool names_between(hu_reader_state *s, size_t from, size_t to, bool afresh)
{
    const hu_reading_context *c = s->c;
    bool found = false;
    for (size_t i = occurrence_from(c, from); i < c->n_occurrences && c->occurrences[i].at.start < to; i++) {
        if (!found && afresh)
            no_subjects(s);
        found = true;
        s->subjects[c->occurrences[i].who] = true;
    }
    return found;
}

/* "a cargo de A la suma de …, y de B la suma de …": each of several sums stands behind its payer. */
static bool payers_lead(const hu_reading_context *c, const hu_scope *scope, size_t first)
{
    size_t last = first, name = occurrence_from(c, first), end = scope->at.end;
    for (size_t next = next_sum(c, first + 1, end); next < end; next = next_sum(c, next + 1, end))
        last = next;
    return last > first && name > 0 && c->occurrences[name - 1].at.start >= scope->at.start &&
           first - c->occurrences[name - 1].at.end < PAYER_BEFORE &&
           occurrence_from(c, last) == occurrence_from(c, sentence_end(c, last, end));
}

/* Those named behind the sum ("que pagará A") or, where the first sum has them before it, before it. */
static void find_payers(hu_reader_state *s, const hu_sum *sum, const hu_scope *scope, size_t first, bool joint)
{
    const hu_reading_context *c = s->c;
    size_t second = next_sum(c, first + 1, scope->at.end), before = scope->at.start;
    hu_sums sums = {0};
    list_sums(c, scope, &sums);
    hu_paid paid = paid_apart(c, scope, &sums);
    if (sum->at.start > first && s->served > before)
        before = s->served;
    size_t except = sum->except ? next_mention(c, "except", mention_from(c, scope->at.start), sum->at.start) : 0;
    if (sum->except && names_between(s, c->mentions.items[except].start, sum->at.start, true))
        return; /* "salvo A, que pagará …" */
    bool leads = paid == PAID_BEHIND_NAME || payers_lead(c, scope, first);
    if (leads && named_between(c, before, sum->at.start)) {
        no_subjects(s);
        s->subjects[c->occurrences[occurrence_from(c, sum->at.start) - 1].who] = true;
        return;
    }
    bool behind = !leads && named_between(c, first, sentence_end(c, first, second));
    if (behind && names_between(s, sum->at.end, sentence_end(c, sum->at.end, sum->end), true)) {
        if (joint && sum->at.start == first) /* "A abonará …, solidariamente con B" */
            names_between(s, scope->at.start, sum->at.start, false);
        return;
    }
    size_t near = sentence_start(c, sum->at.start, before);
    near = near + WORDS_BEFORE < sum->at.start ? sum->at.start - WORDS_BEFORE : near;
    if (!behind && (take_words(s, sum->at.end, sentence_end(c, sum->at.end, sum->end)) ||
                    take_words(s, near, sum->at.start))) /* "cada sentenciado pagará …" */
        return;
    if (scope->ruling)
        return; /* the ruling's subjects */
    if (!behind && names_between(s, before, sum->at.start, true))
        return;
    s->served_topic = TOPIC_NONE;
    subjects_of_amount(s, sum->at, TOPIC_MONEY);
}

/* ---- up to a sum ---- */

/* "hasta los S/ 30,000" */
static bool is_cap(const hu_reading_context *c, size_t at)
{
    for (size_t i = mention_from(c, at); i-- > 0 && c->mentions.items[i].start + WORDS_BEFORE > at;) {
        const char *about = rule_sets(c->mentions.items[i].rule, "about");
        if (about && strcmp(about, "cap") == 0 && c->mentions.items[i].end <= at && at - c->mentions.items[i].end < 3)
            return true;
    }
    return false;
}

/* The last list of names between two places. */
static bool last_names(const hu_reading_context *c, size_t from, size_t to, bool *who)
{
    size_t i = occurrence_from(c, to), next = to;
    bool found = false;
    while (i-- > 0 && c->occurrences[i].at.start >= from && (!found || next - c->occurrences[i].at.end <= LISTED)) {
        who[c->occurrences[i].who] = found = true;
        next = c->occurrences[i].at.start;
    }
    return found;
}

/* Whom the cap is for: those named before it, else all but those who bear "the rest" behind it. */
static bool find_capped(const hu_reader_state *s, hu_stretch at, bool *capped)
{
    const hu_reading_context *c = s->c;
    hu_stretch item = item_of(s, at.start);
    size_t from = sentence_start(c, at.start, item.start), to = sentence_end(c, at.end, item.end);
    if (last_names(c, s->served > from ? s->served : from, at.start, capped))
        return true;
    size_t rest = next_mention(c, "rest_of_sum", mention_from(c, at.end), to);
    bool *alone = HU_NEW_ARRAY(c->arena, bool, c->n_defendants);
    if (rest == c->mentions.count || !last_names(c, c->mentions.items[rest].end, to, alone))
        return false;
    for (size_t i = 0; i < c->n_defendants; i++)
        capped[i] = !alone[i];
    return true;
}

/* Of a sum told before in the point these owe no more than this, jointly with the others. */
static void cap_sum(hu_reader_state *s, hu_stretch at, double amount)
{
    bool *capped = HU_NEW_ARRAY(s->c->arena, bool, s->c->n_defendants);
    if (!find_capped(s, at, capped))
        return;
    size_t item = item_of(s, at.start).start;
    for (size_t i = 0; i < s->c->n_defendants; i++) {
        hu_phase *phase = phase_of(s, &s->c->defendants[i]);
        bool owes = phase->reparation_at.end && phase->reparation_item == item;
        if (owes || (capped[i] && phase->standing == CONVICTED))
            phase->joint = true;
        if (!capped[i] || phase->standing != CONVICTED || (owes && phase->reparation <= amount))
            continue;
        phase->reparation = amount;
        phase->reparation_at = at;
        phase->reparation_item = item;
    }
}

/* ---- for each victim ---- */

/* "001-2010", "TP-07", "U1": the length of a code that stands for a person; 0 when there is none. */
static size_t code_length(const char *text)
{
    size_t letters = 0, digits;
    while (letters < 4 && isalpha((unsigned char)text[letters]))
        letters++;
    size_t at = letters + (letters && text[letters] == '-');
    digits = strspn(text + at, "0123456789");
    if (letters > 3 || digits == 0 || digits > 4 || (letters == 0 && (digits < 2 || text[digits] != '-')))
        return 0;
    return at + digits + strspn(text + at + digits, "-0123456789");
}

/* "J. Q. C., N.Q.C. y P.L.V." are three persons, "claves 001-2010 y 002-2010" two. */
static size_t count_initials(const char *text, size_t from, size_t to)
{
    size_t persons = 0, letters = 0;
    for (size_t i = from; i + 1 < to; i++) {
        bool opens = !isalnum((unsigned char)text[i - 1]);
        bool alone = opens && isalpha((unsigned char)text[i]) && text[i + 1] == '.';
        size_t code = opens ? code_length(text + i) : 0;
        if (code) {
            persons++;
            i += code;
            letters = 0;
        } else if (alone) {
            persons += ++letters == 2;
            i++;
        } else if (text[i] != ' ' && text[i] != '\n') {
            letters = 0;
        }
    }
    return persons;
}

/* How many victims the span speaks of: the longest list behind "en agravio de", else a number before the word. */
static double count_victims(const hu_reading_context *c, size_t from, size_t to)
{
    size_t most = 0;
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < to; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const hu_capture *count = mention_capture(mention, "victims");
        int number = 0;
        bool disagrees = false;
        size_t n = 0;
        if (count && read_count((hu_reading_context *)c, count, &number, &disagrees))
            n = (size_t)number;
        else if (rule_sets(mention->rule, "victims"))
            n = count_initials(c->document->folded, mention->end,
                               sentence_end(c, mention->end, mention->end + 240 < to ? mention->end + 240 : to));
        if (n > most && n < 200)
            most = n;
    }
    return most ? (double)most : 1;
}

static double victims_of(const hu_reader_state *s, const hu_mention *each)
{
    int times = 0;
    bool disagrees = false;
    if (read_count((hu_reading_context *)s->c, mention_capture(each, "times"), &times, &disagrees) && times > 0)
        return times;
    double n = count_victims(s->c, s->start, s->end);
    return n > 1 ? n : count_victims(s->c, 0, s->start);
}

/* "180 días-multa, que hacen un total de S/ 1,116.00": the last that the sentence spoke of is a fine. */
static bool is_fine(const hu_reading_context *c, size_t from, size_t at)
{
    from = sentence_start(c, at, from);
    for (size_t i = mention_from(c, at); i-- > 0 && c->mentions.items[i].start >= from;) {
        const char *about = rule_sets(c->mentions.items[i].rule, "about");
        if (rule_sets(c->mentions.items[i].rule, "fine"))
            return true;
        if (about && (strcmp(about, "reparation") == 0 || strcmp(about, "fixing") == 0))
            return false;
    }
    return false;
}

/* ---- what is owed ---- */

static void owe(hu_reader_state *s, hu_phase *phase, const hu_sum *sum, double amount, bool joint, bool fixes,
                size_t item)
{
    bool older = s->reforming && phase->reparation_at.start < s->mode_at.start;
    bool known = phase->reparation_at.end && !older;
    bool adds = known && !s->fill && (phase->reparation_item == item || (s->mode == MODE_DIRECT && fixes));
    if (known && sum->except && phase->reparation_item == item) { /* "salvo A, que pagará …" */
        phase->reparation = amount;
        phase->reparation_at = sum->at;
        return;
    }
    if (known && (!adds || (phase->reparation_item != item && phase->reparation == amount)))
        return;
    if (adds) {
        phase->reparation += amount;
        phase->joint |= joint;
        return;
    }
    phase->reparation = amount;
    phase->reparation_at = sum->at;
    phase->reparation_item = item;
    phase->joint = joint;
    phase->sums_disagree = sum->disagrees;
}

/* "a favor de cada agraviada" behind the sum, with no other sum or share before it; "por cada agraviada" before it. */
static const hu_mention *owes_each(const hu_reading_context *c, const hu_sum *sum, const char *whom, size_t from)
{
    size_t to = sum->at.end + JUST_BEHIND < sum->end ? sum->at.end + JUST_BEHIND : sum->end;
    for (size_t i = mention_from(c, from); i < c->mentions.count && c->mentions.items[i].start < to; i++) {
        const hu_mention *next = &c->mentions.items[i];
        const char *each = rule_sets(next->rule, "each"), *about = rule_sets(next->rule, "about");
        if (each && strcmp(each, whom) == 0)
            return next;
        if (about && next->start >= sum->at.end && (strcmp(about, "share") == 0 || strcmp(about, "part") == 0))
            return NULL;
    }
    return NULL;
}

/* "a cada una de las agraviadas, por el daño sufrido, cinco mil soles": the victims are named before the sum. */
static const hu_mention *named_each(const hu_reading_context *c, const hu_scope *scope, size_t at)
{
    size_t from = sentence_start(c, at, scope->at.start);
    from = from + EACH_BEFORE < at ? at - EACH_BEFORE : from;
    size_t i = next_mention(c, "named", mention_from(c, from), at);
    return i < c->mentions.count ? &c->mentions.items[i] : NULL;
}

void read_reparation(hu_reader_state *s, size_t index)
{
    hu_reading_context *c = s->c;
    const hu_mention *mention = &c->mentions.items[index];
    hu_sum sum = {.at = {mention->start, mention->end}, .mention = mention};
    if (is_again(c, index) || !read_money(c, mention, &sum.amount))
        return;
    bool disagrees = false;
    hu_scope scope = scope_of(s, mention->start);
    hu_stretch item = item_of(s, mention->start);
    sum.at.end = again(c, mention, index, &sum.amount, &disagrees);
    sum.disagrees = disagrees;
    sum.end = end_of_sum(c, &scope, sum.at.end);
    size_t near = sentence_start(c, mention->start, scope.at.start);
    if (near + JUST_BEFORE < mention->start)
        near = mention->start - JUST_BEFORE;
    if (!speaks_about(c, "reparation", item.start, item.end) || is_other(c, near, mention->start) ||
        is_fine(c, item.start, mention->start))
        return;
    if (is_cap(c, mention->start)) {
        cap_sum(s, sum.at, sum.amount);
        return;
    }
    size_t first = next_sum(c, scope.at.start, scope.at.end);
    bool opens = first == mention->start || !has_sum(c, scope.at.start, mention->start);
    const hu_mention *each = owes_each(c, &sum, "victim", opens ? near : mention->start);
    if (!each && opens)
        each = named_each(c, &scope, mention->start);
    bool own = s->served > scope.at.start && occurrence_from(c, s->served) < occurrence_from(c, mention->start);
    bool share = !opens && !own && (each || is_share(c, mention->start)) && has_sum(c, scope.at.start, mention->start);
    hu_sums sums = {0};
    list_sums(c, &scope, &sums);
    share &= paid_apart(c, &scope, &sums) == PAID_TOGETHER;
    if (share || is_part(c, &scope, mention->start))
        return; /* of a sum told beside it */
    sum.except = !opens && tells(c, "except", scope.at.start, mention->start);
    bool apart = owes_each(c, &sum, "defendant", near) != NULL;
    bool joint = !apart && next_mention(c, "joint", mention_from(c, near), sum.end) < c->mentions.count;
    find_payers(s, &sum, &scope, first, joint);
    size_t n_payers = 0;
    for (size_t i = 0; i < c->n_defendants; i++)
        n_payers += s->subjects[i];
    double amount = each ? sum.amount * victims_of(s, each) : sum.amount;
    if (n_payers > 1 && tells(c, "split", scope.at.start, scope.at.end) &&
        !tells(c, "solidary", scope.at.start, scope.at.end)) {
        amount /= (double)n_payers;
        joint = false;
    }
    for (size_t i = 0; i < c->n_defendants; i++)
        if (s->subjects[i])
            owe(s, phase_of(s, &c->defendants[i]), &sum, amount, joint, speaks_about(c, "fixing", item.start, item.end),
                item.start);
    s->served = sum.at.end;
    s->served_topic = TOPIC_MONEY;
}

/* ---- what was not contested ---- */

/* "Quince mil soles se ordenó en primera instancia y no se impugnó", outside the operative part. */
static const hu_mention *kept_sum(hu_reading_context *c, hu_stretch *sentence, double *amount)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        if (!rule_sets(mention->rule, "money") || mention->start >= c->operative.start || is_again(c, i))
            continue;
        *sentence = sentence_around(c->document, (hu_stretch){mention->start, mention->end});
        size_t before = sentence->start > KEPT_BACK ? sentence->start - KEPT_BACK : 0; /* a heading is one too */
        if (tells(c, "kept", sentence->start, sentence->end) && speaks_about(c, "reparation", before, sentence->end) &&
            !speaks_about(c, "other", sentence->start, mention->start) && read_money(c, mention, amount))
            return mention;
    }
    return NULL;
}

void keep_reparation(hu_reading_context *c)
{
    hu_stretch sentence;
    double amount;
    if (!c->operative.end || !c->level || strcmp(c->level, "first_instance") == 0)
        return;
    for (size_t i = 0; i < c->n_defendants; i++)
        if (c->defendants[i].stands.reparation_at.end || c->defendants[i].fallen.reparation_at.end)
            return;
    const hu_mention *sum = kept_sum(c, &sentence, &amount);
    for (size_t i = 0; sum && i < c->n_defendants; i++) {
        hu_phase *phase = &c->defendants[i].stands;
        if (phase->standing == ACQUITTED)
            continue;
        phase->reparation = amount;
        phase->reparation_at = (hu_stretch){sum->start, sum->end};
        phase->joint = tells(c, "joint", sentence.start, sentence.end);
    }
}
