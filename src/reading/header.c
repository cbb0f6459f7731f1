/* File numbers, judicial district and region, date: what stands at the head of a decision. */

#include "dated.h"

#include <ctype.h>
#include <string.h>

enum {
    HEADING = 4000,     /* bytes in which the line of place and date stands */
    NUMBER_BESIDE = 60, /* between two numbers of one file */
};

/* The first mention of a number of this kind. */
static const hu_mention *number_mention(const hu_reading_context *c, const char *which)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const char *number = rule_sets(c->mentions.items[i].rule, "number");
        if (number && strcmp(number, which) == 0)
            return &c->mentions.items[i];
    }
    return NULL;
}

static void add_number_text(hu_reading_context *c, const char *key, const hu_mention *mention)
{
    const hu_capture *capture = mention ? mention_capture(mention, "number") : NULL;
    if (!capture)
        return;
    hu_stretch at = {capture->start, capture->end};
    add_text(c, key, without_blanks(c, at), mention->rule->confidence, mention->rule, at);
}

/* "Caso 4521-2019-64" in a running footer is the file's own number, cut short. */
static bool is_same_number(hu_reading_context *c, const hu_mention *file, const hu_mention *other)
{
    const hu_capture *a = file ? mention_capture(file, "number") : NULL;
    const hu_capture *b = other ? mention_capture(other, "number") : NULL;
    if (!a || !b)
        return false;
    const char *whole = without_blanks(c, (hu_stretch){a->start, a->end});
    const char *part = without_blanks(c, (hu_stretch){b->start, b->end});
    return strncmp(whole + strspn(whole, "0"), part + strspn(part, "0"), strlen(part + strspn(part, "0"))) == 0;
}

/* "Exp. 213-2019 (00387-2018-76-3403-JR-PE-01)": of two numbers beside each other the whole one. */
static const hu_mention *file_mention(const hu_reading_context *c)
{
    const hu_mention *first = number_mention(c, "expediente"), *best = first;
    for (const hu_mention *next = first;
         next && next < c->mentions.items + c->mentions.count && next->start < first->end + NUMBER_BESIDE; next++) {
        const char *number = rule_sets(next->rule, "number");
        const hu_capture *a = mention_capture(best, "number"), *b = mention_capture(next, "number");
        if (number && strcmp(number, "expediente") == 0 && a && b && b->end - b->start > a->end - a->start)
            best = next;
    }
    return best;
}

void read_numbers(hu_reading_context *c)
{
    const hu_mention *file = file_mention(c);
    bool high = c->level && strcmp(c->level, "supreme") == 0;
    if (!(high && number_mention(c, "supreme"))) /* a recourse's number is not the file's, what it cites the origin's */
        add_number_text(c, "decision.expediente", file);
    if (!is_same_number(c, file, number_mention(c, "carpeta")))
        add_number_text(c, "decision.carpeta_fiscal", number_mention(c, "carpeta"));
}

/* ---- where the case arose ---- */

static void add_place(hu_reading_context *c, const char *district, const char *region, const char *ubigeo,
                      double confidence, const hu_rule *rule, hu_stretch at)
{
    if (district)
        add_text(c, "decision.judicial_district", district, confidence, rule, at);
    add_text(c, "decision.region", region, confidence, rule, at);
    add_text(c, "decision.ubigeo", ubigeo, confidence, rule, at);
}

/* The longest place that ends the match: "corte superior de justicia de MADRE DE DIOS". */
static const hu_region_place *place_in(const hu_reading_context *c, hu_stretch at, hu_stretch *where)
{
    const char *folded = c->document->folded;
    for (size_t start = at.start; start < at.end; start++) {
        if (start > at.start && isalpha((unsigned char)folded[start - 1]))
            continue;
        const hu_region_place *found = regions_place(c->reader->regions, folded + start, at.end - start);
        if (found) {
            *where = (hu_stretch){start, at.end};
            return found;
        }
    }
    return NULL;
}

static bool district_from_supreme_header(hu_reading_context *c)
{
    const hu_mention *mention = number_mention(c, "supreme");
    const hu_capture *capture = mention ? mention_capture(mention, "place") : NULL;
    if (!capture)
        return false;
    hu_stretch at = {capture->start, capture->end}, where;
    const hu_region_place *place = place_in(c, at, &where);
    if (place)
        add_place(c, place->district, place->region, place->ubigeo, 0.97, mention->rule, where);
    return place != NULL;
}

/* A rule that names a district ("Corte Superior de Justicia de …"); seats of courts only when `seats`. */
static bool district_from_rules(hu_reading_context *c, const char *which)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "district");
        hu_stretch where;
        const hu_region_place *place =
            set && strcmp(set, which) == 0 ? place_in(c, (hu_stretch){mention->start, mention->end}, &where) : NULL;
        if (!place)
            continue;
        add_place(c, place->district, place->region, place->ubigeo, mention->rule->confidence, mention->rule, where);
        return true;
    }
    return false;
}

/* "Juzgado Penal Colegiado de Piura": the seat bears the district's name; NULL where the head does not write it. */
static const char *named_by_seat(hu_reading_context *c, const char *district)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        hu_stretch where;
        if (!rule_sets(mention->rule, "district") || !place_in(c, (hu_stretch){mention->start, mention->end}, &where))
            continue;
        char *name;
        size_t length;
        hu_fold(district, strlen(district), c->arena, &name, &length, NULL);
        if (length == where.end - where.start && memcmp(name, c->document->folded + where.start, length) == 0)
            return district;
    }
    return NULL;
}

/* 00412-2015-37-2701-JR-PE-02: 27 tells the district, and so the region. */
static bool district_from_number(hu_reading_context *c)
{
    const hu_mention *mention = number_mention(c, "expediente");
    const hu_capture *capture = mention ? mention_capture(mention, "number") : NULL;
    if (!capture)
        return false;
    hu_stretch at = {capture->start, capture->end};
    const char *number = without_blanks(c, at), *group = number;
    for (int i = 0; i < 3 && group; i++) {
        group = strchr(group, '-');
        group = group ? group + 1 : NULL;
    }
    const struct court_code *code =
        group && strspn(group, "0123456789") == 4 ? regions_code(c->reader->regions, group) : NULL;
    if (code)
        add_place(c, named_by_seat(c, code->district), code->region, code->ubigeo, 0.9, mention->rule, at);
    return code != NULL;
}

static bool district_from_date_line(hu_reading_context *c)
{
    size_t i = next_mention(c, "date", 0, c->document->folded_length);
    const hu_capture *capture = i < c->mentions.count ? mention_capture(&c->mentions.items[i], "place") : NULL;
    if (!capture || (c->level && strcmp(c->level, "supreme") == 0))
        return false;
    hu_stretch at = {capture->start, capture->end}, where;
    const hu_region_place *place = place_in(c, at, &where);
    if (place)
        add_place(c, NULL, place->region, place->ubigeo, 0.6, c->mentions.items[i].rule, where);
    return place != NULL;
}

void read_district(hu_reading_context *c)
{
    bool supreme = c->level && strcmp(c->level, "supreme") == 0;
    if (supreme &&
        (district_from_supreme_header(c) || district_from_rules(c, "court") || district_from_rules(c, "prosecutor")))
        return;
    (void)(district_from_rules(c, "court") || district_from_number(c) || district_from_rules(c, "seat") ||
           district_from_supreme_header(c) || district_from_date_line(c));
}

/* ---- date ---- */

static bool take_date(hu_reading_context *c, hu_date date, double confidence, const hu_rule *rule, hu_stretch at)
{
    if (date.year < 1990 || date.year > 2100)
        return false;
    char *iso = hu_alloc(c->arena, 16);
    hu_date_format_iso(date, iso);
    c->date = date;
    c->date_at = at;
    add_text(c, "decision.date", iso, confidence, rule, at);
    return true;
}

static bool date_from(hu_reading_context *c, const char *which)
{
    for (size_t i = 0; i < c->mentions.count; i++) {
        const hu_mention *mention = &c->mentions.items[i];
        const char *set = rule_sets(mention->rule, "date");
        const hu_capture *capture = set && strcmp(set, which) == 0 ? mention_capture(mention, "date") : NULL;
        hu_date date;
        if (!capture)
            continue;
        hu_stretch at = {capture->start, capture->end};
        if (read_day(c, as_folded(c, at), &date) && take_date(c, date, mention->rule->confidence, mention->rule, at))
            return true;
    }
    return false;
}

/* "Ilave, 3.5.2019", "Azángaro 3 de mayo de 2019": a name in capitals, at most a comma, and the day. */
static bool behind_place(const hu_reading_context *c, size_t at)
{
    const char *folded = c->document->folded;
    size_t end = at;
    while (end > 0 && strchr(" ,", folded[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && isalpha((unsigned char)folded[start - 1]))
        start--;
    unsigned char first = (unsigned char)c->document->text[c->document->byte_of[start]];
    return end < at && end - start >= 4 && (isupper(first) || first >= 0x80);
}

/* A town that the table of regions does not know may head the date too. */
static bool date_of_heading(hu_reading_context *c)
{
    hu_dated_list days = dated_days(c);
    for (size_t i = 0; i < days.count && days.items[i].at.start < HEADING; i++) {
        const hu_dated *day = &days.items[i];
        if (!day->inferred && behind_place(c, day->at.start) && take_date(c, day->date, 0.75, NULL, day->at))
            return true;
    }
    return false;
}

void read_date(hu_reading_context *c)
{
    c->date = (hu_date){0};
    (void)(date_from(c, "place_line") || date_of_heading(c) || date_from(c, "titled") || date_from(c, "session") ||
           date_from(c, "header") || date_from(c, "footer"));
}
