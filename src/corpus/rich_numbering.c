#include "rich_numbering.h"

#include "rich_xml.h"

#include <stdlib.h>
#include <string.h>

enum { N_LEVELS = 9, MAX_LISTS = 4096, MAX_STYLES = 1024, MAX_SHOWN = 64 };

typedef enum format {
    DECIMAL,
    DECIMAL_ZERO,
    UPPER_ROMAN,
    LOWER_ROMAN,
    UPPER_LETTER,
    LOWER_LETTER,
    ORDINAL,
    ORDINAL_TEXT,
    NOTHING
} format;

typedef struct level {
    long start;
    format format;
    char shown[MAX_SHOWN]; /* "%1.%2)" */
} level;

/* w:abstractNum: what a list looks like, and where its counting stands. */
typedef struct pattern {
    long id;
    level levels[N_LEVELS];
    long counts[N_LEVELS]; /* 0 = not begun */
} pattern;

/* w:num: a list of that look, which may begin anew. */
typedef struct list {
    long id, pattern;
    long restart[N_LEVELS]; /* -1 = goes on counting */
} list;

typedef struct style {
    char *name;
    rich_list_item item;
} style;

struct rich_numbering {
    pattern *patterns;
    list *lists;
    style *styles;
    size_t n_patterns, n_lists, n_styles;
    /* while the files are read */
    long in_level;
    bool in_list;
};

/* ---- reading the files ---- */

static format format_named(const char *name)
{
    static const struct {
        const char *name;
        format format;
    } names[] = {{"decimal", DECIMAL},        {"decimalZero", DECIMAL_ZERO}, {"upperRoman", UPPER_ROMAN},
                 {"lowerRoman", LOWER_ROMAN}, {"upperLetter", UPPER_LETTER}, {"lowerLetter", LOWER_LETTER},
                 {"ordinal", ORDINAL},        {"ordinalText", ORDINAL_TEXT}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0)
            return names[i].format;
    return NOTHING;
}

/* Arrays double at powers of two. */
static void *room_for_one(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    char *more = hu_xcalloc(count ? 2 * count : 1, size);
    if (count)
        memcpy(more, array, count * size);
    free(array);
    return more;
}

static void add_pattern(rich_numbering *n, long id)
{
    n->patterns = room_for_one(n->patterns, n->n_patterns, sizeof *n->patterns);
    pattern *p = &n->patterns[n->n_patterns++];
    *p = (pattern){.id = id};
    for (int i = 0; i < N_LEVELS; i++)
        p->levels[i] = (level){.start = 1, .format = NOTHING};
}

static void add_list(rich_numbering *n, long id)
{
    n->lists = room_for_one(n->lists, n->n_lists, sizeof *n->lists);
    list *l = &n->lists[n->n_lists++];
    *l = (list){.id = id, .pattern = -1};
    for (int i = 0; i < N_LEVELS; i++)
        l->restart[i] = -1;
}

static void read_level(level *l, const char *name, xmlTextReaderPtr reader)
{
    if (strcmp(name, "start") == 0) {
        l->start = rich_attribute_number(reader, "val", 1);
    } else if (strcmp(name, "numFmt") == 0) {
        char *value = rich_attribute(reader, "val");
        l->format = format_named(value ? value : "");
        xmlFree(value);
    } else if (strcmp(name, "lvlText") == 0) {
        char *value = rich_attribute(reader, "val");
        if (value && strlen(value) < MAX_SHOWN)
            memcpy(l->shown, value, strlen(value) + 1);
        xmlFree(value);
    }
}

static bool open_lists(void *context, const char *name, xmlTextReaderPtr reader)
{
    rich_numbering *n = context;
    if (strcmp(name, "abstractNum") == 0 && n->n_patterns < MAX_LISTS) {
        n->in_list = false;
        n->in_level = -1;
        add_pattern(n, rich_attribute_number(reader, "abstractNumId", -1));
    } else if (strcmp(name, "num") == 0 && n->n_lists < MAX_LISTS) {
        n->in_list = true;
        add_list(n, rich_attribute_number(reader, "numId", -1));
    } else if (strcmp(name, "lvl") == 0 || strcmp(name, "lvlOverride") == 0) {
        n->in_level = rich_attribute_number(reader, "ilvl", -1);
    } else if (n->in_list && n->n_lists && strcmp(name, "abstractNumId") == 0) {
        n->lists[n->n_lists - 1].pattern = rich_attribute_number(reader, "val", -1);
    } else if (n->in_level >= 0 && n->in_level < N_LEVELS) {
        if (!n->in_list && n->n_patterns)
            read_level(&n->patterns[n->n_patterns - 1].levels[n->in_level], name, reader);
        else if (n->in_list && n->n_lists && strcmp(name, "startOverride") == 0)
            n->lists[n->n_lists - 1].restart[n->in_level] = rich_attribute_number(reader, "val", 1);
    }
    return true;
}

static bool open_styles(void *context, const char *name, xmlTextReaderPtr reader)
{
    rich_numbering *n = context;
    if (strcmp(name, "style") == 0) {
        n->in_list = rich_attribute_is(reader, "type", "paragraph") && n->n_styles < MAX_STYLES;
        if (!n->in_list)
            return true;
        n->styles = room_for_one(n->styles, n->n_styles, sizeof *n->styles);
        char *id = rich_attribute(reader, "styleId");
        n->styles[n->n_styles++] = (style){id ? id : (char *)xmlStrdup(BAD_CAST ""), {-1, -1}};
    } else if (n->in_list && n->n_styles && strcmp(name, "numId") == 0) {
        n->styles[n->n_styles - 1].item.list = rich_attribute_number(reader, "val", -1);
    } else if (n->in_list && n->n_styles && strcmp(name, "ilvl") == 0) {
        n->styles[n->n_styles - 1].item.level = rich_attribute_number(reader, "val", -1);
    }
    return true;
}

rich_numbering *rich_numbering_new(const hu_buf *lists, const hu_buf *styles)
{
    rich_numbering *n = hu_xcalloc(1, sizeof *n);
    n->in_level = -1;
    if (lists)
        rich_walk_xml(lists, &(rich_walk){.open = open_lists}, n);
    n->in_list = false;
    if (styles)
        rich_walk_xml(styles, &(rich_walk){.open = open_styles}, n);
    return n;
}

void rich_numbering_free(rich_numbering *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n_styles; i++)
        xmlFree(n->styles[i].name);
    free(n->styles);
    free(n->patterns);
    free(n->lists);
    free(n);
}

void rich_numbering_style(const rich_numbering *n, const char *name, rich_list_item *item)
{
    for (size_t i = 0; i < n->n_styles; i++)
        if (strcmp(n->styles[i].name, name) == 0) {
            *item = n->styles[i].item;
            return;
        }
}

/* ---- numbers as they are shown ---- */

static void add_roman(long number, bool upper, hu_buf *out)
{
    static const struct {
        long value;
        const char *upper, *lower;
    } digits[] = {{1000, "M", "m"}, {900, "CM", "cm"}, {500, "D", "d"},  {400, "CD", "cd"}, {100, "C", "c"},
                  {90, "XC", "xc"}, {50, "L", "l"},    {40, "XL", "xl"}, {10, "X", "x"},    {9, "IX", "ix"},
                  {5, "V", "v"},    {4, "IV", "iv"},   {1, "I", "i"}};
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        for (; number >= digits[i].value; number -= digits[i].value)
            hu_buf_add_text(out, upper ? digits[i].upper : digits[i].lower);
}

/* Z is followed by AA, that by BB. */
static void add_letters(long number, char first, hu_buf *out)
{
    for (long i = 0; i <= (number - 1) / 26; i++)
        hu_buf_add_char(out, (char)(first + (number - 1) % 26));
}

static void add_ordinal_word(long number, hu_buf *out)
{
    static const char *const units[] = {"",       "Primero", "Segundo", "Tercero", "Cuarto",
                                        "Quinto", "Sexto",   "Séptimo", "Octavo",  "Noveno"};
    static const char *const tens[] = {
        "",           "Décimo",       "Vigésimo",   "Trigésimo", "Cuadragésimo", "Quincuagésimo",
        "Sexagésimo", "Septuagésimo", "Octogésimo", "Nonagésimo"};
    hu_buf_printf(out, "%s%s%s", tens[number / 10], number > 10 && number % 10 ? " " : "", units[number % 10]);
}

static void add_number(long number, format shown, hu_buf *out)
{
    if (number < 1 || number > 999 || (shown == ORDINAL_TEXT && number > 99))
        shown = DECIMAL;
    switch (shown) {
    case UPPER_ROMAN:
    case LOWER_ROMAN:
        add_roman(number, shown == UPPER_ROMAN, out);
        break;
    case UPPER_LETTER:
    case LOWER_LETTER:
        add_letters(number, shown == UPPER_LETTER ? 'A' : 'a', out);
        break;
    case ORDINAL_TEXT:
        add_ordinal_word(number, out);
        break;
    case ORDINAL:
        hu_buf_printf(out, "%ldº", number);
        break;
    case DECIMAL_ZERO:
        hu_buf_printf(out, "%02ld", number);
        break;
    case DECIMAL:
        hu_buf_printf(out, "%ld", number);
        break;
    case NOTHING:
        break;
    }
}

static pattern *pattern_of(rich_numbering *n, long id)
{
    for (size_t i = 0; id >= 0 && i < n->n_patterns; i++)
        if (n->patterns[i].id == id)
            return &n->patterns[i];
    return NULL;
}

static list *list_of(rich_numbering *n, long id)
{
    for (size_t i = 0; id > 0 && i < n->n_lists; i++)
        if (n->lists[i].id == id)
            return &n->lists[i];
    return NULL;
}

void rich_numbering_next(rich_numbering *n, const rich_list_item *item, hu_buf *out)
{
    list *l = list_of(n, item->list);
    pattern *p = l ? pattern_of(n, l->pattern) : NULL;
    long at = item->level < 0 ? 0 : item->level;
    if (!p || at >= N_LEVELS)
        return;
    if (l->restart[at] >= 0) {
        p->counts[at] = l->restart[at];
        l->restart[at] = -1;
    } else {
        p->counts[at] = p->counts[at] ? p->counts[at] + 1 : p->levels[at].start;
    }
    for (long deeper = at + 1; deeper < N_LEVELS; deeper++)
        p->counts[deeper] = 0;
    if (p->levels[at].format == NOTHING)
        return;
    for (const char *c = p->levels[at].shown; *c; c++) {
        long which = *c == '%' && c[1] >= '1' && c[1] <= '9' ? c[1] - '1' : -1;
        if (which < 0) {
            hu_buf_add_char(out, *c);
            continue;
        }
        c++;
        if (which <= at)
            add_number(p->counts[which] ? p->counts[which] : p->levels[which].start, p->levels[which].format, out);
    }
}
