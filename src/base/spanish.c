/*
 * Numbers and dates in Spanish words. The tables here are language, not law: how one counts and what months are called.
 * Phrases, articles and agencies stand in rules/.
 *
 * Text is folded (lower case, no accents) and its blanks are dropped before it is read, because justified and scanned
 * pages put them anywhere: "dos mil vein tiuno", "202 4", "dosmil". What is then read must be read to the end, so a
 * blank that separated two numbers makes the text no number rather than a wrong one.
 */
#include "huella/base/date.h"

#include <inttypes.h>
#include <string.h>

enum { LONGEST = 256 }; /* bytes: no number below 10^12 and no date is longer */

static const char *const units[] = {NULL, "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"};
static const char *const teens[] = {"diez", "once", "doce", "trece", "catorce", "quince"};
/* The stems of treinta … noventa: "treinta y uno", and fused as often in Peru, "treintiuno", "treintaiuno". */
static const char *const tens[] = {"treint", "cuarent", "cincuent", "sesent", "setent", "ochent", "novent"};
static const char *const months[][5] = {
    {"enero", "ene"},   {"febrero", "feb"},   {"marzo", "mar"},
    {"abril", "abr"},   {"mayo", "may"},      {"junio", "jun"},
    {"julio", "jul"},   {"agosto", "ago"},    {"setiembre", "septiembre", "sept", "set", "sep"},
    {"octubre", "oct"}, {"noviembre", "nov"}, {"diciembre", "dic"},
};

/* ---- numbers: each take_… moves `*at` past what it read, or leaves it and says no ---- */

static bool take(const char **at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool starts(const char *at, const char *word)
{
    return strncmp(at, word, strlen(word)) == 0;
}

/* 1 to 9, or 0. The feminine is read only where it ends a count, for "un abril" has lost its blank. */
static int take_unit(const char **at)
{
    for (int value = 1; value <= 9; value++)
        if (take(at, units[value]))
            return value;
    const char *p = *at;
    if (take(&p, "una") && (*p == '\0' || starts(p, "mil"))) {
        *at = p;
        return 1;
    }
    return take(at, "un") ? 1 : 0;
}

/* `tens` + a unit from `least` to 9 if one follows, else `otherwise`, having read nothing. */
static int with_unit(const char **at, const char *join, int value, int least, int otherwise)
{
    const char *p = *at;
    int unit = take(&p, join) ? take_unit(&p) : 0;
    if (unit < least)
        return otherwise;
    *at = p;
    return value + unit;
}

/* 1 to 99, or 0 */
static int take_below_hundred(const char **at)
{
    const char *start = *at;
    for (int i = 0; i < 6; i++)
        if (take(at, teens[i]))
            return i == 0 ? with_unit(at, "y", 10, 6, 10) : 10 + i;
    if (take(at, "veinte"))
        return with_unit(at, "y", 20, 1, 20);
    int value = 0;
    if (take(at, "dieci"))
        value = with_unit(at, "", 10, 6, 0);
    else if (take(at, "veinti") || take(at, "venti"))
        value = with_unit(at, "", 20, 1, 0);
    for (int i = 0; i < 7 && !value; i++) {
        if (!take(at, tens[i]))
            continue;
        int ten = 30 + 10 * i;
        if (take(at, "a"))
            value = with_unit(at, "y", ten, 1, with_unit(at, "i", ten, 1, ten));
        else
            value = with_unit(at, "i", ten, 1, 0);
    }
    if (!value && *at == start)
        value = take_unit(at);
    if (!value)
        *at = start;
    return value;
}

/* 100 to 900, or 0; *whole when nothing may follow ("cien") */
static int take_hundreds(const char **at, bool *whole)
{
    static const struct {
        const char *stem;
        int value;
    } irregular[] = {{"quinient", 500}, {"setecient", 700}, {"novecient", 900}};
    *whole = false;
    const char *p = *at;
    int value = 0;
    for (int i = 0; i < 3 && !value; i++)
        if (take(&p, irregular[i].stem))
            value = take(&p, "os") || take(&p, "as") ? irregular[i].value : 0;
    if (!value && p == *at) {
        int unit = take_unit(&p);
        value = unit >= 2 && (take(&p, "cientos") || take(&p, "cientas")) ? 100 * unit : 0;
    }
    if (value) {
        *at = p;
        return value;
    }
    if (take(at, "ciento"))
        return 100;
    *whole = take(at, "cien");
    return *whole ? 100 : 0;
}

/* 1 to 999, or 0 */
static int take_below_thousand(const char **at)
{
    bool whole;
    int hundreds = take_hundreds(at, &whole);
    return whole ? hundreds : hundreds + take_below_hundred(at);
}

/* 1 to 999,999, or 0; "mil" and "un mil" are the same */
static int take_below_million(const char **at)
{
    int value = take_below_thousand(at);
    if (starts(*at, "millon") || !take(at, "mil"))
        return value;
    return 1000 * (value ? value : 1) + take_below_thousand(at);
}

/* 1 to 999,999,999,999, or 0 */
static int64_t take_number(const char **at)
{
    int64_t value = take_below_million(at);
    if (value && (take(at, "millones") || take(at, "millon")))
        value = value * 1000000 + take_below_million(at);
    return value;
}

static bool take_first(const char **at)
{
    return take(at, "primero") || take(at, "primera") || take(at, "primer");
}

/* The folded text without blanks, with every kind of dash as '-'; NULL where it cannot be a number or date. */
static const char *squeeze(hu_str text, hu_arena *arena)
{
    if (!text.length || text.length > LONGEST)
        return NULL;
    char *folded;
    size_t length, n = 0;
    hu_fold(text.data, text.length, arena, &folded, &length, NULL);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)folded[i];
        if (c == '\0')
            return NULL;
        if (c == ' ' || (c >= '\t' && c <= '\r'))
            continue;
        if (c == 0xE2 && length - i > 2 && (unsigned char)folded[i + 1] == 0x80 &&
            (unsigned char)folded[i + 2] >= 0x90 && (unsigned char)folded[i + 2] <= 0x95) { /* U+2010 … U+2015 */
            c = '-';
            i += 2;
        }
        folded[n++] = (char)c;
    }
    folded[n] = '\0';
    return folded;
}

int64_t hu_spanish_number(hu_str text)
{
    HU_SCRATCH(scratch);
    const char *at = squeeze(text, scratch);
    if (!at || !*at)
        return -1;
    if (strcmp(at, "cero") == 0)
        return 0;
    int64_t value = take_first(&at) ? 1 : take_number(&at);
    return value && !*at ? value : -1;
}

/* ---- dates ---- */

/* 1 to 12, or 0 */
static int take_month(const char **at)
{
    for (int month = 1; month <= 12; month++)
        for (int i = 0; i < 5 && months[month - 1][i]; i++)
            if (take(at, months[month - 1][i]))
                return month;
    return 0;
}

/* A number as it stands in a date. */
typedef struct amount {
    int64_t value;
    int digits; /* 0 = in words */
} amount;

/* "1º", "1°", "1ro", "1er" (º folds to o); "1octubre" is no ordinal. */
static void take_ordinal_mark(const char **at)
{
    const char *p = *at;
    if (!take_month(&p))
        (void)(take(at, "ro") || take(at, "er") || take(at, "o") || take(at, "\u00B0"));
}

static bool take_plain_amount(const char **at, amount *a)
{
    *a = (amount){0};
    while (**at >= '0' && **at <= '9') {
        if (++a->digits > 4)
            return false;
        a->value = 10 * a->value + (*(*at)++ - '0');
    }
    if (a->digits) {
        if (a->value == 1 && a->digits <= 2)
            take_ordinal_mark(at);
        return true;
    }
    a->value = take_first(at) ? 1 : take_number(at);
    return a->value > 0;
}

/* An amount and perhaps, in brackets, the same again: "once (11)". */
static bool take_amount(const char **at, amount *a)
{
    if (!take_plain_amount(at, a))
        return false;
    amount again;
    if (take(at, "("))
        return take_plain_amount(at, &again) && take(at, ")") && again.value == a->value;
    return true;
}

/* A year is written in full, in words or four figures: of living people, and of laws still cited. */
static bool is_year(amount a)
{
    return a.value >= 1800 && a.value <= 2199;
}

static bool is_day(amount a)
{
    return a.digits <= 2 && a.value >= 1 && a.value <= 31;
}

static bool take_any(const char **at, const char *const *words)
{
    for (; *words; words++)
        if (take(at, *words))
            return true;
    return false;
}

/* What stands between day, month and year: "de", "del", "días del mes de", "del año", a comma, a dash. */
static void skip_joint(const char **at)
{
    static const char *const words[] = {"del", "dias", "dia", "de", "mes", "ano", NULL};
    bool mark = false;
    for (int i = 0; i < 6; i++) {
        if (!mark && **at && strchr(",.-/", **at)) {
            mark = true;
            ++*at;
        } else if (!take_any(at, words)) {
            return;
        }
    }
}

/* The rest of a date in figures, "/05/2026" or "-05-21" by what comes last: the same mark twice. */
static bool take_figures(const char **at, amount *month, amount *last)
{
    char mark = **at;
    if (!mark || !strchr("/.-", mark))
        return false;
    const char *p = *at + 1;
    if (!take_plain_amount(&p, month) || month->digits < 1 || month->digits > 2 || *p != mark)
        return false;
    p++;
    if (!take_plain_amount(&p, last) || !last->digits)
        return false;
    *at = p;
    return true;
}

/* "mayo 21, 2026" */
static bool take_month_first(const char **at, hu_date *date)
{
    amount day, year;
    date->month = take_month(at);
    if (!date->month)
        return false;
    skip_joint(at);
    if (!take_amount(at, &day) || !is_day(day))
        return false;
    skip_joint(at);
    if (!take_amount(at, &year) || !is_year(year))
        return false;
    date->day = (int)day.value;
    date->year = (int)year.value;
    return true;
}

/* Day first, or year first: "21 de mayo de 2026", "21/05/2026", "2026, mayo 21", "2026-05-21". */
static bool take_month_between(const char **at, hu_date *date)
{
    amount first, middle, last;
    if (!take_amount(at, &first))
        return false;
    if (first.digits && take_figures(at, &middle, &last)) {
        date->month = (int)middle.value;
    } else {
        skip_joint(at);
        date->month = take_month(at);
        if (!date->month)
            return false;
        take(at, "."); /* of a short month, before what joins it to the year */
        skip_joint(at);
        if (!take_amount(at, &last))
            return false;
    }
    bool year_first = is_year(first);
    amount year = year_first ? first : last, day = year_first ? last : first;
    date->year = (int)year.value;
    date->day = (int)day.value;
    return is_year(year) && is_day(day);
}

/*
 * Forms, in any case and with or without accents: "veintiuno de mayo de dos mil veintiséis" (also "del", "del año",
 * "días del mes de"), "21 de mayo de 2026", words and figures mixed or repeated in brackets, "primero de junio", "1º de
 * junio", "21/05/2026", "21-05-2026", "21.05.2026", "2026-05-21", inverted "dos mil veintiuno marzo once" and "2021,
 * marzo 11", "marzo 11, 2021", short months "11-MAR-2021", a weekday before, a full stop behind.
 */
bool hu_spanish_date(hu_str text, hu_date *date)
{
    static const char *const lead[] = {"alos",   "el",      "dia",    "lunes",   "martes", "miercoles",
                                       "jueves", "viernes", "sabado", "domingo", NULL};
    HU_SCRATCH(scratch);
    const char *at = squeeze(text, scratch);
    if (!at)
        return false;
    bool led = false;
    for (int i = 0; i < 3 && take_any(&at, lead); i++)
        led = true;
    if (led)
        take(&at, ",");
    hu_date read = {0};
    const char *start = at;
    if (!take_month_first(&at, &read)) {
        at = start;
        if (!take_month_between(&at, &read))
            return false;
    }
    if (*at && strchr(".,;", *at))
        at++;
    if (*at || !hu_date_valid(read))
        return false;
    *date = read;
    return true;
}

/* ---- to words ---- */

static void add_word(hu_buf *out, const char *word)
{
    if (out->length)
        hu_buf_add_char(out, ' ');
    hu_buf_add_text(out, word);
}

/* 1 to 999. Before "mil" and "millones" uno is cut short: "veintiún mil". */
static void add_below_thousand(int number, bool cut, hu_buf *out)
{
    static const char *const hundreds[] = {NULL,         "ciento",      "doscientos",  "trescientos", "cuatrocientos",
                                           "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos"};
    static const char *const accented[] = {
        [16] = "dieciséis", [22] = "veintidós", [23] = "veintitrés", [26] = "veintiséis"};
    int rest = number % 100, unit = rest % 10;
    if (number >= 100)
        add_word(out, number == 100 ? "cien" : hundreds[number / 100]);
    if (!rest)
        return;
    const char *unit_word = unit == 1 && cut ? "un" : units[unit];
    if (rest < 10) {
        add_word(out, unit_word);
    } else if (rest < 16) {
        add_word(out, teens[rest - 10]);
    } else if (rest <= 26 && accented[rest]) {
        add_word(out, accented[rest]);
    } else if (rest == 20) {
        add_word(out, "veinte");
    } else if (rest < 30) {
        add_word(out, rest < 20 ? "dieci" : "veinti");
        hu_buf_add_text(out, rest == 21 && cut ? "ún" : unit_word);
    } else {
        add_word(out, tens[rest / 10 - 3]);
        hu_buf_add_char(out, 'a');
        if (unit)
            hu_buf_printf(out, " y %s", unit_word);
    }
}

static void add_below_million(int number, bool cut, hu_buf *out)
{
    if (number >= 2000)
        add_below_thousand(number / 1000, true, out);
    if (number >= 1000)
        add_word(out, "mil");
    if (number % 1000)
        add_below_thousand(number % 1000, cut, out);
}

void hu_spanish_number_words(int64_t number, hu_buf *out)
{
    HU_BUF(words);
    if (number < 0 || number > 999999999999) {
        hu_buf_printf(out, "%" PRId64, number);
        return;
    }
    if (number >= 1000000) {
        add_below_million((int)(number / 1000000), true, &words);
        add_word(&words, number < 2000000 ? "millón" : "millones");
    }
    if (number % 1000000)
        add_below_million((int)(number % 1000000), false, &words);
    hu_buf_add_text(out, number ? words.data : "cero");
}

void hu_spanish_date_words(hu_date date, hu_buf *out)
{
    if (!hu_date_valid(date))
        return;
    if (date.day == 1)
        hu_buf_add_text(out, "primero");
    else
        hu_spanish_number_words(date.day, out);
    hu_buf_printf(out, " de %s de ", months[date.month - 1][0]);
    hu_spanish_number_words(date.year, out);
}
