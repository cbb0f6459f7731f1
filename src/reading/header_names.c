/* The persons of the header block: "QUISPE MAMANI, JULIA / Luis Soto Ruiz y otros", one a line or several. */

#include "names.h"

#include <ctype.h>
#include <string.h>

enum { MAX_WORDS = 160, MAX_GIVEN = 3, MAX_SURNAMES = 2, MAX_LINE = 120, MAX_LINES = 40 };

/* What stands between a word and the one before it, from the weakest to what no name crosses. */
typedef enum hu_gap { GAP_BLANK, GAP_LINE, GAP_COMMA, GAP_END } hu_gap;

typedef struct list_word {
    hu_token token;
    hu_gap before;
} list_word;

typedef struct name_list {
    hu_reading_context *c;
    const hu_roster *roster;
    list_word words[MAX_WORDS + 1]; /* the last only bears the gap at the end */
    size_t count;
} name_list;

/* ---- words ---- */

/* Does a line of the file begin between these bytes? */
static bool line_begins(const hu_document *document, size_t from, size_t to)
{
    size_t low = 0, high = document->n_runs;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (document->runs[middle].start <= from)
            low = middle + 1;
        else
            high = middle;
    }
    return low < document->n_runs && document->runs[low].start <= to;
}

/* Past an alias or remark in brackets or quotes, which is no name of the list. */
static size_t skip_remark(const char *text, size_t at, size_t limit)
{
    static const char *const pairs[] = {"()", "\"\"", "[]", NULL};
    for (const char *const *pair = pairs; *pair; pair++) {
        if (text[at] != (*pair)[0])
            continue;
        const char *close = memchr(text + at + 1, (*pair)[1], limit - at - 1);
        return close ? (size_t)(close - text) + 1 : limit;
    }
    return at;
}

static hu_gap worse(hu_gap a, hu_gap b)
{
    return a > b ? a : b;
}

static bool is_particle(const name_list *list, const hu_token *token)
{
    return word_in(token->folded, token->length, list->c->reader->name_particle);
}

/* A word in small letters that neither joins names nor tells a role. */
static bool opens_prose(const name_list *list, const hu_token *token)
{
    const hu_reader *reader = list->c->reader;
    size_t length = bare_length(token);
    return !token->capital && length > 2 && isalpha((unsigned char)token->folded[0]) &&
           !word_in(token->folded, length, reader->no_name) && !word_in(token->folded, length, reader->name_particle) &&
           !word_in(token->folded, length, reader->more_names);
}

/* Words that may be of a name; whatever else stands there ends the name before it. */
static void find_words(name_list *list, hu_stretch bytes)
{
    const char *text = list->c->document->text;
    size_t before = bytes.start;
    hu_gap gap = GAP_END;
    bool prose = false; /* "identificado con DNI, natural de San Juan": no name follows until a new line or list mark */
    for (size_t at = bytes.start; at < bytes.end && list->count < MAX_WORDS;) {
        hu_token token;
        size_t behind = skip_remark(text, at, bytes.end);
        if (behind > at || !token_at(list->c, at, bytes.end, &token)) {
            prose = prose && !strchr(";/\n", text[at]);
            if (behind > at || !strchr(" \n,", text[at]))
                gap = GAP_END;
            else if (text[at] == ',')
                gap = worse(gap, GAP_COMMA);
            at = behind > at ? behind : at + 1;
            continue;
        }
        at = token.end;
        bool inside = is_particle(list, &token) && list->count && gap < GAP_COMMA;
        bool new_line = line_begins(list->c->document, before, token.start);
        prose = (prose && !new_line) || (!inside && opens_prose(list, &token));
        if (prose || (!inside && !is_name_word(list->c, &token))) {
            before = token.start;
            gap = GAP_END;
            continue;
        }
        if (gap < GAP_COMMA && new_line)
            gap = GAP_LINE;
        list->words[list->count++] = (list_word){token, gap};
        before = token.start;
        gap = GAP_BLANK;
    }
    list->words[list->count].before = GAP_END;
}

/* ---- names ---- */

/* The end of the run from word i whose gaps are weaker than `gap`. */
static size_t run_end(const name_list *list, size_t i, hu_gap gap)
{
    size_t end = i + 1;
    while (end < list->count && list->words[end].before < gap)
        end++;
    return end < list->count ? end : list->count;
}

static void add_key(const name_list *list, hu_buf *key, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (key->length)
            hu_buf_add_char(key, ' ');
        hu_buf_add(key, list->words[i].token.folded, bare_length(&list->words[i].token));
    }
}

/* Does the running text hold words from..to, then again..end? */
static bool in_text(const name_list *list, size_t from, size_t to, size_t again, size_t end, hu_stretch *bytes)
{
    HU_BUF(key);
    add_key(list, &key, from, to);
    add_key(list, &key, again, end);
    return key.length && roster_find(list->roster, key.data, bytes);
}

static bool is_given(const name_list *list, size_t i)
{
    const hu_token *token = &list->words[i].token;
    return word_in(token->folded, bare_length(token), list->c->reader->given_name);
}

static bool is_upper(const name_list *list, size_t i)
{
    const hu_token *token = &list->words[i].token;
    for (size_t at = token->start; at < token->end; at++)
        if (islower((unsigned char)list->c->document->text[at]))
            return false;
    return true;
}

static size_t words_without_particles(const name_list *list, size_t from, size_t end)
{
    size_t n = 0;
    for (size_t i = from; i < end; i++)
        n += !is_particle(list, &list->words[i].token);
    return n;
}

/* The words from..end are a line of the list by themselves, in capitals. */
static bool fills_line(const name_list *list, size_t from, size_t end)
{
    const hu_document *document = list->c->document;
    size_t start = from ? list->words[from - 1].token.end : 0, last = list->words[end - 1].token.end;
    size_t behind = last + strspn(document->text + last, " .");
    bool ends = document->text[behind] == '\n' || document->text[behind] == '\0' ||
                line_begins(document, list->words[end - 1].token.start, behind);
    return ends && is_upper(list, from) && is_upper(list, end - 1) &&
           (!from || line_begins(document, start, list->words[from].token.start));
}

/* Surnames from..comma and given names comma..end, by their looks alone? */
static bool looks_inverted(const name_list *list, size_t from, size_t comma, size_t end)
{
    size_t surnames = words_without_particles(list, from, comma), given = words_without_particles(list, comma, end);
    if (surnames > MAX_SURNAMES || given > MAX_GIVEN || list->words[from].token.initials)
        return false;
    if (is_given(list, comma) != is_given(list, from))
        return is_given(list, comma);
    if (surnames == 2 && given >= 2 && fills_line(list, from, end))
        return true;
    return given <= 2 && (given == 1 || (is_upper(list, from) && !is_upper(list, comma)));
}

/* "QUISPE MAMANI, JULIA": returns the word behind the name, or i. */
static size_t inverted_name(const name_list *list, size_t i, hu_stretch *bytes, const char **label)
{
    size_t comma = run_end(list, i, GAP_COMMA);
    if (comma == list->count || list->words[comma].before != GAP_COMMA)
        return i;
    size_t furthest = run_end(list, comma, GAP_COMMA), line = run_end(list, comma, GAP_LINE);
    for (size_t end = furthest; end > comma; end--)
        if (in_text(list, comma, end, i, comma, bytes)) {
            *label =
                as_written(list->c, (hu_stretch){to_folded(list->c, bytes->start), to_folded(list->c, bytes->end)});
            return end;
        }
    if (!looks_inverted(list, i, comma, line))
        return i;
    *bytes = (hu_stretch){list->words[i].token.start, list->words[line - 1].token.end};
    const char *text = list->c->document->text;
    size_t given = list->words[comma].token.start, surnames_end = list->words[comma - 1].token.end;
    *label = hu_printf(list->c->arena, "%.*s %.*s", (int)(bytes->end - given), text + given,
                       (int)(surnames_end - bytes->start), text + bytes->start);
    return line;
}

static bool begins_name(const name_list *list, size_t i)
{
    hu_stretch bytes;
    size_t end = run_end(list, i, GAP_COMMA);
    if (end - i >= 2 && is_given(list, i))
        return true;
    for (; end >= i + 2; end--)
        if (in_text(list, i, end, end, end, &bytes))
            return true;
    return false;
}

/* "ROJAS LEÓN  VEGA CANO  RUIZ SOTO": pairs of surnames in one line, as signatures stand. */
static bool are_pairs(const name_list *list, size_t i, size_t end)
{
    if (end - i < 4 || (end - i) % 2)
        return false;
    for (size_t k = i; k < end; k++)
        if (is_given(list, k) || is_particle(list, &list->words[k].token) || !is_upper(list, k))
            return false;
    return true;
}

/* The word behind the name that opens at word i: one that the text knows, else the line's. */
static size_t plain_name(const name_list *list, size_t i)
{
    hu_stretch bytes;
    size_t furthest = run_end(list, i, GAP_COMMA), line = run_end(list, i, GAP_LINE);
    if (furthest > i + MAX_NAME_TOKENS)
        furthest = i + MAX_NAME_TOKENS;
    for (size_t end = furthest; end >= i + 2; end--) {
        bool ends = end == list->count || list->words[end].before != GAP_BLANK || begins_name(list, end);
        if (ends && in_text(list, i, end, end, end, &bytes))
            return end;
    }
    return are_pairs(list, i, line) ? i + 2 : line;
}

/* "2.", "b)", "-": the place behind what numbers a line, or `at`. */
static size_t behind_mark(const char *text, size_t at)
{
    size_t digits = strspn(text + at, "0123456789"), word = digits ? digits : isalpha((unsigned char)text[at]) != 0;
    size_t marks = strspn(text + at + word, digits ? ".)-" : ")-*");
    size_t behind = at + word + marks;
    return digits <= 2 && marks && text[behind] == ' ' ? behind + strspn(text + behind, " ") : at;
}

/* A further line of the list behind a paragraph break: a name and nothing else. Returns its end, or `end`. */
static size_t next_line_end(const name_list *list, size_t end)
{
    hu_reading_context *c = list->c;
    const char *text = c->document->text;
    size_t at = end;
    while (at < c->document->length && strchr(" \n", text[at]))
        at++;
    size_t stop = at;
    while (stop < c->document->length && text[stop] != '\n' && stop - at < MAX_LINE)
        stop++;
    if (stop == at || memchr(text + at, ':', stop - at))
        return end;
    size_t name = behind_mark(text, at);
    HU_SCRATCH(scratch);
    name_list *line = HU_NEW(scratch, name_list);
    line->c = c;
    line->roster = list->roster;
    find_words(line, (hu_stretch){name, stop});
    bool numbered = name > at && is_upper(line, 0);
    return line->count >= 2 && line->words[0].token.start == name && (numbered || begins_name(line, 0)) ? stop : end;
}

static hu_stretch list_bytes(const name_list *list, const hu_capture *names)
{
    hu_stretch bytes = to_bytes(list->c, (hu_stretch){names->start, names->end});
    for (int i = 0; i < MAX_LINES; i++) {
        size_t end = next_line_end(list, bytes.end);
        if (end == bytes.end)
            break;
        bytes.end = end;
    }
    return bytes;
}

/* The name of words i..end as it stands; false when one word alone is no name. */
static bool as_it_stands(const name_list *list, size_t i, size_t end, hu_stretch *bytes)
{
    bool masked = false;
    for (size_t k = i; k < end; k++)
        masked |= list->words[k].token.initials || list->words[k].token.mask;
    *bytes = (hu_stretch){list->words[i].token.start, list->words[end - 1].token.end};
    if (!masked && list->c->document->text[bytes->end - 1] == '.')
        bytes->end--;
    return masked || end - i >= 2;
}

void header_names(hu_reading_context *c, const hu_roster *roster, const hu_mention *mention, hu_name_found *found)
{
    const hu_capture *names = mention_capture(mention, "names");
    if (!names)
        return;
    name_list *list = HU_NEW(c->arena, name_list);
    list->c = c;
    list->roster = roster;
    find_words(list, list_bytes(list, names));
    for (size_t i = 0; i < list->count;) {
        hu_stretch bytes;
        const char *label = NULL;
        size_t end = inverted_name(list, i, &bytes, &label);
        if (end > i) {
            found(c, bytes, label, mention->rule);
        } else {
            end = plain_name(list, i);
            if (as_it_stands(list, i, end, &bytes))
                found(c, bytes, NULL, mention->rule);
        }
        i = end;
    }
}
