/* Every day that the text names, with the act of the proceedings whose words stand nearest in its sentence. */

#include "dated.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    REACH_BACK = 260, /* bytes in which the act's words stand before the date */
    REACH_ON = 140,   /* and behind it */
    NOUN_GAP = 90,    /* between a noun and its date */
    CLAUSE_COST = 80, /* a semicolon parts more than so many bytes do */
    COMMA_COST = 8,
    BEHIND_COST = 15,
    WEAK_COST = 60,   /* any other act's words stand nearer */
    APPOSED = 6,      /* ", el " */
    ECHO_REACH = 600, /* behind the day that "esa noche" goes by */
};

/* ---- days ---- */

bool read_day(hu_reading_context *c, const char *written, hu_date *date)
{
    char *plain = hu_strdup(c->arena, written), *out = plain; /* "2,019" and "2.019" are years too */
    for (const char *p = written; *p; p++)
        if (!(strchr(",.", *p) && p > written && p[-1] == '2' && strspn(p + 1, "0123456789") == 3))
            *out++ = *p;
    *out = '\0';
    return hu_spanish_date(hu_str_of(plain), date);
}

static void push_day(hu_reading_context *c, hu_dated_list *list, size_t *capacity, hu_dated day)
{
    if (list->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 32;
        list->items = hu_regrow(c->arena, list->items, list->count, *capacity, sizeof *list->items);
    }
    list->items[list->count++] = day;
}

static void add_day(hu_reading_context *c, hu_dated_list *list, size_t *capacity, hu_stretch at, const char *written)
{
    hu_date date;
    if (read_day(c, written, &date))
        push_day(c, list, capacity, (hu_dated){.at = at, .date = date});
}

/* "15 y 22 de abril de 2016", "3 de enero al 5 de mayo de 2019": the first day of a span or list. */
static const char *first_day(hu_reading_context *c, const hu_capture *first, const hu_capture *date)
{
    const char *day = as_folded(c, (hu_stretch){first->start, first->end});
    const char *rest = strstr(as_folded(c, (hu_stretch){date->start, date->end}), " de ");
    const char *own_month = strstr(day, " de ");
    if (rest && own_month) {
        const char *year = strstr(rest + 4, " de");
        return year ? hu_printf(c->arena, "%s%s", day, year) : NULL;
    }
    return rest ? hu_printf(c->arena, "%s%s", day, rest) : NULL;
}

static void add_days_in_words(hu_reading_context *c, hu_dated_list *list, size_t *capacity)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "dated");
        const hu_capture *date = how && strcmp(how, "day") == 0 ? mention_capture(mention, "date") : NULL;
        if (!date)
            continue;
        const hu_capture *first = mention_capture(mention, "first");
        const char *span = first ? first_day(c, first, date) : NULL;
        hu_date tried;
        bool spans = span && hu_spanish_date(hu_str_of(span), &tried);
        hu_stretch at = {spans ? first->start : date->start, date->end};
        add_day(c, list, capacity, at, spans ? span : as_folded(c, at));
    }
}

/* A month in Roman figures, as "19-IX-2018" has it; 0 when it is none. */
static int roman_month(const char *text, size_t length)
{
    static const char *const months[] = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"};
    for (int i = 0; i < 12; i++)
        if (strlen(months[i]) == length && memcmp(text, months[i], length) == 0)
            return i + 1;
    return 0;
}

/* "09/11/2013", "1.3.2022", "19-IX-2018": day, month and year between the same marks. Returns the end, or 0. */
static size_t figures_end(const char *text, size_t at, size_t end, hu_date *date)
{
    int parts[3] = {0};
    char mark = 0;
    for (int part = 0; part < 3; part++) {
        size_t start = at;
        while (at < end && isalnum((unsigned char)text[at]) && at - start < 5)
            at++;
        size_t n = at - start;
        int roman = part == 1 ? roman_month(text + start, n) : 0;
        bool digits = strspn(text + start, "0123456789") >= n;
        if (!n || (!digits && !roman) || (part == 2 ? n != 4 : !roman && n > 2))
            return 0;
        parts[part] = roman ? roman : (int)strtol(text + start, NULL, 10);
        if (part < 2 && (at == end || !strchr("/.-", text[at]) || (part && text[at] != mark)))
            return 0;
        mark = text[at];
        at += part < 2;
    }
    *date = (hu_date){.year = parts[2], .month = parts[1], .day = parts[0]};
    return hu_date_valid(*date) && date->year >= 1900 ? at : 0;
}

/* "03 MAY. 2019", "11-MAR-2021": the end, or 0 */
static size_t short_month_end(const char *text, size_t at)
{
    size_t start = at;
    at += strspn(text + at, "0123456789");
    size_t first = at - start, gap = strspn(text + at, " ./-");
    at += gap;
    size_t letters = 0;
    while (letters < 5 && isalpha((unsigned char)text[at + letters]))
        letters++;
    at += letters;
    size_t behind = strspn(text + at, " ./-");
    at += behind;
    size_t year = strspn(text + at, "0123456789");
    bool fits = first >= 1 && first <= 2 && gap >= 1 && gap <= 2 && (letters == 3 || letters == 4) && behind >= 1 &&
                behind <= 2 && year == 4;
    return fits ? at + year : 0;
}

static void add_days_in_figures(hu_reading_context *c, hu_dated_list *list, size_t *capacity)
{
    const char *text = c->document->folded;
    size_t end = c->document->folded_length;
    for (size_t at = 0; at < end; at++) {
        if (!isdigit((unsigned char)text[at]))
            continue;
        hu_date date;
        size_t behind = at && strchr("/.-", text[at - 1]) ? 0 : figures_end(text, at, end, &date);
        if (behind && !strchr("/-", text[behind]))
            push_day(c, list, capacity, (hu_dated){.at = {at, behind}, .date = date});
        if (!behind && (behind = short_month_end(text, at)))
            add_day(c, list, capacity, (hu_stretch){at, behind}, as_folded(c, (hu_stretch){at, behind}));
        while (at + 1 < end && isdigit((unsigned char)text[at + 1]))
            at++;
    }
}

/* "El ocho del mismo mes", "el 12 de julio" without a year: what is not told is 0, or any year, until it is resolved.
 */
static void add_references(hu_reading_context *c, hu_dated_list *list, size_t *capacity)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "dated");
        const hu_capture *day = how && strcmp(how, "reference") == 0 ? mention_capture(mention, "day") : NULL;
        const hu_capture *month = mention_capture(mention, "month");
        if (!day)
            continue;
        hu_dated found = {
            .at = {day->start, mention->end}, .inferred = true, .same = mention_capture(mention, "same") != NULL};
        const char *full =
            hu_printf(c->arena, "%s, 2000", as_folded(c, (hu_stretch){day->start, month ? month->end : day->end}));
        int number = 0;
        bool disagrees = false;
        if (month && !hu_spanish_date(hu_str_of(full), &found.date))
            continue;
        if (!month && read_count(c, day, &number, &disagrees))
            found.date.day = number;
        push_day(c, list, capacity, found);
    }
}

/* "De enero a mayo de 2016": no day, but what references behind it may go by. */
static void add_months(hu_reading_context *c, hu_dated_list *list, size_t *capacity)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "dated");
        hu_dated found = {.at = {mention->start, mention->end}};
        const char *full = hu_printf(c->arena, "1 de %s", as_folded(c, found.at));
        if (!how || strcmp(how, "month") != 0 || !hu_spanish_date(hu_str_of(full), &found.date))
            continue;
        found.date.day = 0;
        push_day(c, list, capacity, found);
    }
}

/* "Esa misma noche", "al día siguiente": until it is resolved the date holds how many days to add. */
static void add_echoes(hu_reading_context *c, hu_dated_list *list, size_t *capacity)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *how = rule_sets(mention->rule, "dated");
        if (!how || strcmp(how, "echo") != 0)
            continue;
        hu_dated found = {.at = {mention->start, mention->end}, .inferred = true, .echo = true};
        found.date.day = mention_capture(mention, "next") != NULL;
        push_day(c, list, capacity, found);
    }
}

static hu_date echoed(const hu_dated *echo, const hu_dated *last)
{
    bool near = last && hu_date_valid(last->date) && echo->at.start - last->at.end < ECHO_REACH;
    return near ? hu_date_from_days(hu_date_to_days(last->date) + echo->date.day) : (hu_date){0};
}

/* What a reference leaves out is that of the day or month told last; references to nothing are dropped. */
static void resolve_references(hu_dated_list *list)
{
    size_t kept = 0;
    hu_date last = {0};
    for (size_t i = 0; i < list->count; i++) {
        hu_dated *day = &list->items[i];
        if (day->echo && i + 1 < list->count && list->items[i + 1].at.start <= day->at.end + APPOSED)
            continue; /* "al día siguiente, 3 de mayo de 2018" */
        if (day->echo) {
            day->date = echoed(day, kept ? &list->items[kept - 1] : NULL);
        } else if (day->inferred) {
            day->date.year = last.year;
            if (day->date.month == 0)
                day->date.month = last.month;
        }
        bool month_only = day->date.day == 0;
        if (!day->inferred || hu_date_valid(day->date))
            last = day->date;
        if (month_only || !hu_date_valid(day->date))
            continue;
        list->items[kept++] = *day;
    }
    list->count = kept;
}

static int compare_days(const void *a, const void *b)
{
    const hu_dated *x = a, *y = b;
    return (x->at.start > y->at.start) - (x->at.start < y->at.start);
}

/* ---- acts ---- */

/* A full stop that ends a sentence: behind a word of some length, before a capital. */
static bool ends_sentence(const hu_reading_context *c, size_t at)
{
    const char *folded = c->document->folded;
    if (folded[at] == '\n')
        return folded[at + 1] == '\n';
    if (folded[at] != '.' || !(folded[at + 1] == ' ' || folded[at + 1] == '\n') || at < 3)
        return false;
    unsigned char next = (unsigned char)c->document->text[c->document->byte_of[at + 2]];
    bool word = isalnum((unsigned char)folded[at - 1]) && isalnum((unsigned char)folded[at - 2]) &&
                isalnum((unsigned char)folded[at - 3]);
    return (word || strchr(")\"", folded[at - 1])) && !islower(next) && !isdigit(next);
}

static hu_stretch words_around(const hu_reading_context *c, hu_stretch at)
{
    size_t start = at.start, end = at.end, length = c->document->folded_length;
    while (start > 0 && at.start - start < REACH_BACK && !ends_sentence(c, start - 1))
        start--;
    while (end < length && end - at.end < REACH_ON && !ends_sentence(c, end))
        end++;
    return (hu_stretch){start, end};
}

static size_t cost_of(const hu_reading_context *c, size_t from, size_t to)
{
    size_t cost = to - from;
    for (size_t i = from; i < to; i++) {
        char mark = c->document->folded[i];
        cost += mark == ';' ? CLAUSE_COST : mark == ',' ? COMMA_COST : 0;
    }
    return cost;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/*
 * Does the date stand in what the act says ("según la acusación, el …", "denunció que el …")? In a list of acts it is
 * the act's own ("el requerimiento acusatorio, el 11 de abril de 2022;").
 */
static bool tells(const hu_reading_context *c, size_t from, hu_stretch at, bool noun)
{
    const char *text = c->document->folded;
    if (engine_found(c->reader->tells, c->document, from, at.start, c->match))
        return true;
    bool opens = begins(text + from, ", el ") || (begins(text + from, ", con fecha ") && text[at.end] == ',');
    return (noun && opens && !strchr(";.", text[at.end])) || begins(text + from, ", desde ");
}

/* What it costs to give the date to this act; SIZE_MAX when it cannot be. */
static size_t attach_cost(const hu_reading_context *c, const hu_mention *cue, hu_stretch at)
{
    const char *form = rule_sets(cue->rule, "form");
    if (cue->start < at.start && at.end <= cue->end)
        return 0; /* "acudió el 6 de mayo a la comisaría" */
    bool noun = form && strcmp(form, "noun") == 0, weak = form && strcmp(form, "weak") == 0;
    if (cue->end <= at.start) {
        if (form && !weak && tells(c, cue->end, at, noun))
            return SIZE_MAX;
        size_t cost = cost_of(c, cue->end, at.start) + (weak ? WEAK_COST : 0);
        return noun && cost > NOUN_GAP ? SIZE_MAX : cost;
    }
    const char *behind = c->document->folded + at.end;
    bool next_clause = cue->start > at.end + 1 && (begins(behind, " y ") || begins(behind, ", y "));
    if (cue->start < at.end || noun || weak || next_clause)
        return SIZE_MAX;
    return cost_of(c, at.end, cue->start) + (form ? BEHIND_COST : 2 * BEHIND_COST);
}

/* Words between the dates beside this one and in its sentence. */
static void attach(hu_reading_context *c, hu_dated_list *list, size_t index)
{
    hu_dated *day = &list->items[index];
    hu_stretch within = words_around(c, day->at);
    if (index && list->items[index - 1].at.end > within.start)
        within.start = list->items[index - 1].at.end;
    if (index + 1 < list->count && list->items[index + 1].at.start < within.end)
        within.end = list->items[index + 1].at.start;
    size_t best = REACH_ON;
    for (size_t i = mention_from(c, within.start); i < c->mentions.count && c->mentions.items[i].start < within.end;
         i++) {
        const hu_mention *cue = &c->mentions.items[i];
        const char *act = rule_sets(cue->rule, "act");
        size_t cost = act ? attach_cost(c, cue, day->at) : SIZE_MAX;
        if (cost >= best)
            continue;
        best = cost;
        day->act = act;
        day->rule = cue->rule;
    }
}

hu_dated_list dated_days(hu_reading_context *c)
{
    hu_dated_list list = {0};
    size_t capacity = 0;
    add_days_in_words(c, &list, &capacity);
    add_days_in_figures(c, &list, &capacity);
    add_references(c, &list, &capacity);
    add_months(c, &list, &capacity);
    add_echoes(c, &list, &capacity);
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, compare_days);
    resolve_references(&list);
    for (size_t i = 0; i < list.count; i++)
        attach(c, &list, i);
    return list;
}
