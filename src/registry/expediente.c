/* Court file numbers: reading them as they are written, comparing them as courts mean them. */

#include "expediente.h"

#include <ctype.h>
#include <string.h>

enum { MAX_PARTS = 8, PART_SIZE = 8 };

/* Parts between hyphens, upper case. */
typedef struct parts {
    char text[MAX_PARTS][PART_SIZE];
    size_t count;
} parts;

static bool is_dash(int32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xad || c == 0xfe63 || c == 0xff0d;
}

static bool is_blank(int32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0;
}

static const char *skip_blanks(const char *p, const char *end)
{
    for (const char *next = p; next < end; p = next)
        if (!is_blank(hu_utf8_next(&next, end)))
            break;
    return p;
}

/* Moves past a dash with the blanks around it, or says that there is none. */
static bool skip_dash(const char **p, const char *end)
{
    const char *next = skip_blanks(*p, end);
    if (next >= end || !is_dash(hu_utf8_next(&next, end)))
        return false;
    *p = skip_blanks(next, end);
    return true;
}

/* Reads parts joined by dashes from `p` on; a part too long ends it. Returns where it ended. */
static const char *read_parts(const char *p, const char *end, parts *found)
{
    found->count = 0;
    do {
        size_t length = 0;
        char *part = found->text[found->count];
        while (p + length < end && isalnum((unsigned char)p[length]))
            length++;
        if (!length || length >= PART_SIZE)
            return p + length;
        for (size_t i = 0; i < length; i++)
            part[i] = (char)toupper((unsigned char)p[i]);
        part[length] = '\0';
        found->count++;
        p += length;
    } while (found->count < MAX_PARTS && skip_dash(&p, end));
    return p;
}

/* The value of a part of 1 to `most` digits, or -1. */
static int digits(const char *part, size_t least, size_t most)
{
    size_t length = strlen(part);
    int value = 0;
    if (length < least || length > most || strspn(part, "0123456789") != length)
        return -1;
    for (; *part; part++)
        value = 10 * value + (*part - '0');
    return value;
}

static int year_of(const char *part)
{
    int year = digits(part, 4, 4);
    return year >= 1950 && year <= 2100 ? year : -1;
}

static bool is_letters(const char *part)
{
    return strlen(part) == 2 && isalpha((unsigned char)part[0]) && isalpha((unsigned char)part[1]);
}

static bool interpret(const parts *p, hu_expediente *e)
{
    *e = (hu_expediente){.number = -1, .year = -1, .incident = -1, .court = -1, .sequence = -1};
    if (p->count < 2)
        return false;
    bool year_first = year_of(p->text[1]) < 0;
    e->year = year_of(p->text[year_first ? 0 : 1]);
    e->number = digits(p->text[year_first ? 1 : 0], 1, 7);
    if (e->year < 0 || e->number < 1)
        return false;
    size_t i = 2;
    if (i < p->count && (e->incident = digits(p->text[i], 1, 3)) >= 0)
        i++;
    if (i < p->count && (e->court = digits(p->text[i], 4, 4)) >= 0)
        i++;
    if (e->court >= 0 && i + 1 < p->count && is_letters(p->text[i]) && is_letters(p->text[i + 1])) {
        memcpy(e->organ, p->text[i], sizeof e->organ);
        memcpy(e->specialty, p->text[i + 1], sizeof e->specialty);
        e->sequence = i + 2 < p->count ? digits(p->text[i + 2], 1, 3) : -1;
    }
    return true;
}

bool hu_expediente_parse(hu_str text, hu_expediente *expediente)
{
    const char *p = text.data, *end = text.data + text.length;
    while (p < end) {
        if (!isdigit((unsigned char)*p)) {
            p++;
            continue;
        }
        parts found;
        p = read_parts(p, end, &found);
        if (interpret(&found, expediente))
            return true;
    }
    return false;
}

bool hu_expediente_identifies(const hu_expediente *e)
{
    return e->court >= 0 && strcmp(e->organ, "SU") != 0;
}

int hu_expediente_compare(const hu_expediente *a, const hu_expediente *b)
{
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->court > b->court) - (a->court < b->court);
}

bool hu_expediente_same(const hu_expediente *a, const hu_expediente *b)
{
    return hu_expediente_identifies(a) && hu_expediente_identifies(b) && hu_expediente_compare(a, b) == 0;
}

bool hu_expediente_identical(const hu_expediente *a, const hu_expediente *b)
{
    return hu_expediente_same(a, b) && a->incident >= 0 && a->incident == b->incident && *a->organ &&
           strcmp(a->organ, b->organ) == 0 && strcmp(a->specialty, b->specialty) == 0 && a->sequence >= 0 &&
           a->sequence == b->sequence;
}
