/* Constraints of an XLSForm: a recursive descent over XPath as forms use it, its depth limited. */

#include "huella/measures/xlsform.h"

#include "huella/base/date.h"
#include "huella/base/number.h"

#include <math.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum { MAX_DEPTH = 64, MAX_ARGUMENTS = 8 };

typedef enum xkind { X_NUMBER, X_TEXT, X_TRUTH } xkind;

typedef struct xvalue {
    xkind kind;
    double number; /* and of a truth 0 or 1 */
    hu_str text;
} xvalue;

typedef struct parser {
    const char *all, *at;
    hu_field_value *value;
    const void *context;
    hu_arena *arena;
    int depth;
    hu_error *error;
} parser;

static xvalue number_of(double number)
{
    return (xvalue){X_NUMBER, number, {0}};
}

static xvalue truth_of(bool truth)
{
    return (xvalue){X_TRUTH, truth, {0}};
}

static xvalue complain(parser *p, const char *what)
{
    if (!p->error)
        p->error = hu_fail(HU_BAD_INPUT, "\"%s\": %s at character %zu", p->all, what, (size_t)(p->at - p->all) + 1);
    return number_of(NAN);
}

/* ---- what values are ---- */

static double as_number(xvalue v)
{
    hu_number number;
    hu_date date;
    if (v.kind != X_TEXT)
        return v.number;
    if (v.text.length && hu_number_parse(v.text, '.', &number))
        return number.value;
    hu_str day = {v.text.data, v.text.length > 10 ? 10 : v.text.length}; /* a date with its time counts by its day */
    return v.text.length >= 10 && hu_date_parse_iso(day, &date) ? (double)hu_date_to_days(date) : (double)NAN;
}

static bool as_truth(xvalue v)
{
    return v.kind == X_TEXT ? v.text.length > 0 : v.number != 0 && !isnan(v.number);
}

static hu_str as_text(parser *p, xvalue v)
{
    if (v.kind == X_TEXT)
        return v.text;
    if (v.kind == X_TRUTH)
        return hu_str_of(v.number != 0 ? "true" : "false");
    return hu_str_of(hu_printf(p->arena, "%.15g", v.number));
}

/* ---- the text ---- */

static void blanks(parser *p)
{
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A sign, or a word that ends here. */
static bool take(parser *p, const char *word)
{
    size_t length = strlen(word);
    blanks(p);
    if (strncmp(p->at, word, length) != 0)
        return false;
    char next = p->at[length];
    if (is_letter(word[0]) && (is_letter(next) || next == '-' || (next >= '0' && next <= '9')))
        return false;
    p->at += length;
    return true;
}

static xvalue expression(parser *p);
static xvalue primary(parser *p);

/* ---- functions ---- */

static bool is_selected(hu_str all, hu_str one)
{
    const char *at = all.data, *end = all.data ? all.data + all.length : NULL;
    while (at && at < end) {
        const char *next = memchr(at, ' ', (size_t)(end - at));
        next = next ? next : end;
        if (hu_str_equal((hu_str){at, (size_t)(next - at)}, one))
            return true;
        at = next + 1;
    }
    return false;
}

static double count_selected(hu_str all)
{
    double count = 0;
    for (size_t i = 0; i < all.length; i++)
        count += all.data[i] != ' ' && (i == 0 || all.data[i - 1] == ' ');
    return count;
}

/* The whole text, as ODK and pyxform match; a pattern is bounded, so that none runs for ever. */
static xvalue matches(parser *p, hu_str text, hu_str pattern)
{
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)(pattern.data ? pattern.data : ""), pattern.length,
                                         PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &offset, NULL);
    if (!compiled)
        return complain(p, "the pattern of regex() is none");
    pcre2_match_data *match = pcre2_match_data_create_from_pattern(compiled, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(limits, 100000);
    code = pcre2_match(compiled, (PCRE2_SPTR)(text.data ? text.data : ""), text.length, 0, 0, match, limits);
    pcre2_match_context_free(limits);
    pcre2_match_data_free(match);
    pcre2_code_free(compiled);
    return truth_of(code >= 0);
}

static double rounded(double value, double digits)
{
    double scale = pow(10, digits);
    return floor(value * scale + 0.5) / scale;
}

typedef struct call {
    xvalue a[MAX_ARGUMENTS];
    size_t n;
} call;

static xvalue apply(parser *p, hu_str name, const call *c)
{
    static const struct {
        const char *name;
        size_t least, most;
    } known[] = {
        {"selected", 2, 2},      {"regex", 2, 2},          {"not", 1, 1},    {"if", 3, 3},    {"coalesce", 2, 2},
        {"string-length", 1, 1}, {"count-selected", 1, 1}, {"number", 1, 1}, {"int", 1, 1},   {"round", 1, 2},
        {"date", 1, 1},          {"true", 0, 0},           {"false", 0, 0},  {"string", 1, 1}};
    size_t f = 0, count = sizeof known / sizeof *known;
    while (f < count && !hu_str_is(name, known[f].name))
        f++;
    if (f == count || c->n < known[f].least || c->n > known[f].most)
        return complain(p,
                        f == count ? "a function that is not known here" : "a number of arguments that does not fit");
    const xvalue *a = c->a;
    switch (f) {
    case 0:
        return truth_of(is_selected(as_text(p, a[0]), as_text(p, a[1])));
    case 1:
        return matches(p, as_text(p, a[0]), as_text(p, a[1]));
    case 2:
        return truth_of(!as_truth(a[0]));
    case 3:
        return as_truth(a[0]) ? a[1] : a[2];
    case 4:
        return as_text(p, a[0]).length ? a[0] : a[1];
    case 5: {
        hu_str text = as_text(p, a[0]);
        return number_of((double)hu_utf8_count(text.data ? text.data : "", text.length));
    }
    case 6:
        return number_of(count_selected(as_text(p, a[0])));
    case 8:
        return number_of(trunc(as_number(a[0])));
    case 9:
        return number_of(rounded(as_number(a[0]), c->n > 1 ? as_number(a[1]) : 0));
    case 11:
        return truth_of(true);
    case 12:
        return truth_of(false);
    case 13:
        return (xvalue){X_TEXT, 0, as_text(p, a[0])};
    default: /* number, date */
        return number_of(as_number(a[0]));
    }
}

static xvalue function(parser *p)
{
    call c = {.n = 0};
    hu_str name = {p->at, 0};
    while (is_letter(*p->at) || *p->at == '-' || (*p->at >= '0' && *p->at <= '9'))
        p->at++;
    name.length = (size_t)(p->at - name.data);
    if (!take(p, "("))
        return complain(p, "expected a value");
    while (!p->error && !take(p, ")")) {
        if (c.n == MAX_ARGUMENTS)
            return complain(p, "too many arguments");
        c.a[c.n++] = expression(p);
        if (!take(p, ",") && (blanks(p), *p->at != ')'))
            return complain(p, "expected , or )");
    }
    return p->error ? number_of(NAN) : apply(p, name, &c);
}

/* ---- the grammar ---- */

static xvalue quoted(parser *p)
{
    char quote = *p->at++;
    const char *end = strchr(p->at, quote);
    if (!end)
        return complain(p, "a text that is never closed");
    hu_str text = {p->at, (size_t)(end - p->at)};
    p->at = end + 1;
    return (xvalue){X_TEXT, 0, text};
}

static xvalue field(parser *p)
{
    const char *name = p->at + 2, *end = strchr(name, '}');
    if (!end)
        return complain(p, "a field that is never closed");
    p->at = end + 1;
    return (xvalue){X_TEXT, 0, p->value(p->context, name, (size_t)(end - name))};
}

static xvalue atom(parser *p)
{
    hu_number number;
    blanks(p);
    if (*p->at == '\'' || *p->at == '"')
        return quoted(p);
    if (p->at[0] == '$' && p->at[1] == '{')
        return field(p);
    const char *end = (*p->at >= '0' && *p->at <= '9') || (*p->at == '.' && p->at[1] >= '0' && p->at[1] <= '9')
                          ? hu_number_scan(p->at, p->at + strlen(p->at), '.', &number)
                          : NULL;
    if (end) {
        p->at = end;
        return number_of(number.value);
    }
    if (take(p, "(")) {
        xvalue inside = expression(p);
        return take(p, ")") ? inside : complain(p, "expected )");
    }
    if (take(p, "-"))
        return number_of(-as_number(primary(p)));
    if (take(p, "."))
        return (xvalue){X_TEXT, 0, p->value(p->context, NULL, 0)};
    return is_letter(*p->at) ? function(p) : complain(p, "expected a value");
}

/* Whatever nests comes through here. */
static xvalue primary(parser *p)
{
    if (++p->depth > MAX_DEPTH)
        return complain(p, "brackets too deep in each other");
    xvalue value = atom(p);
    p->depth--;
    return value;
}

static xvalue product(parser *p)
{
    xvalue left = primary(p);
    while (!p->error) {
        if (take(p, "*"))
            left = number_of(as_number(left) * as_number(primary(p)));
        else if (take(p, "div"))
            left = number_of(as_number(left) / as_number(primary(p)));
        else if (take(p, "mod"))
            left = number_of(fmod(as_number(left), as_number(primary(p))));
        else
            break;
    }
    return left;
}

static xvalue sum(parser *p)
{
    xvalue left = product(p);
    while (!p->error) {
        if (take(p, "+"))
            left = number_of(as_number(left) + as_number(product(p)));
        else if (take(p, "-"))
            left = number_of(as_number(left) - as_number(product(p)));
        else
            break;
    }
    return left;
}

static bool equal(parser *p, xvalue a, xvalue b)
{
    if (a.kind == X_TRUTH || b.kind == X_TRUTH)
        return as_truth(a) == as_truth(b);
    if (a.kind == X_NUMBER || b.kind == X_NUMBER)
        return as_number(a) == as_number(b);
    return hu_str_equal(as_text(p, a), as_text(p, b)) || (!a.text.length && !b.text.length);
}

static xvalue comparison(parser *p)
{
    static const char *const signs[] = {"<=", ">=", "!=", "<", ">", "="};
    xvalue left = sum(p);
    for (size_t i = 0; i < 6 && !p->error; i++) {
        if (!take(p, signs[i]))
            continue;
        xvalue right = sum(p);
        double a = as_number(left), b = as_number(right);
        const bool holds[] = {a <= b, a >= b, !equal(p, left, right), a<b, a> b, equal(p, left, right)};
        left = truth_of(holds[i]);
        i = SIZE_MAX; /* and on: a < b = c */
    }
    return left;
}

static xvalue conjunction(parser *p)
{
    xvalue left = comparison(p);
    while (!p->error && take(p, "and")) {
        bool right = as_truth(comparison(p));
        left = truth_of(as_truth(left) && right);
    }
    return left;
}

static xvalue expression(parser *p)
{
    xvalue left = conjunction(p);
    while (!p->error && take(p, "or")) {
        bool right = as_truth(conjunction(p));
        left = truth_of(as_truth(left) || right);
    }
    return left;
}

hu_error *hu_form_holds(const char *text, hu_field_value *value, const void *context, bool *holds)
{
    HU_SCRATCH(scratch);
    parser p = {.all = text, .at = text, .value = value, .context = context, .arena = scratch};
    *holds = as_truth(expression(&p));
    blanks(&p);
    if (!p.error && *p.at)
        complain(&p, "expected the end");
    return p.error;
}
