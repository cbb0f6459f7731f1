#include "paragraphs.h"

#include "characters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DISTANT = 1.4;     /* of the usual distance between lines of this size: a new paragraph */
static const double OTHER_SIZE = 1.12; /* letters differ in size by more than this factor */
static const double SAME_SIZE = 1.08;
static const double NARROW_COLUMN = 0.62; /* of the text's width: lines this short are a list, not a column */
static const double PLAIN_WIDTH = 140;    /* a plain text's lines are no wider, unless each is a whole paragraph */
enum { WINDOW = 8, MIN_RUN = 3, MAX_LABEL = 40, FEW_SAMPLES = 8, MAX_SAMPLES = 100000 };

typedef struct spacing {
    int size; /* in half points */
    double distance;
} spacing;

typedef struct joiner {
    const hu_phrases *phrases;
    const hu_vocabulary *vocabulary;
    const hu_line_list *lines;
    hu_arena *arena;
    const hu_text_line **kept; /* in order, footnotes left out */
    size_t n_kept;
    double left;          /* the text's left edge */
    double *right;        /* of each kept line */
    size_t *one_word_run; /* of each kept line; 0 = none */
    spacing *usual;       /* sorted by size: the median of each */
    size_t n_usual;
    hu_buf *text;
    hu_place_run *runs;
    size_t n_runs;
} joiner;

/* --- what is usual in this document ------------------------------------------------------------------------------- */

static int half_points(const hu_text_line *line)
{
    return (int)lround(fmin(line->size, 1000) * 2);
}

static int by_spacing(const void *a, const void *b)
{
    const spacing *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return (x->distance > y->distance) - (x->distance < y->distance);
}

static bool same_size(const hu_text_line *a, const hu_text_line *b, double factor)
{
    return a->size < factor * b->size && b->size < factor * a->size;
}

/* The median distance from line to line for each size of letters. */
static void find_usual_spacing(joiner *j)
{
    size_t n = 0, most = j->n_kept < MAX_SAMPLES ? j->n_kept : MAX_SAMPLES;
    spacing *all = HU_NEW_ARRAY(j->arena, spacing, most + 1);
    for (size_t i = 1; i < j->n_kept && n < most; i++) {
        const hu_text_line *a = j->kept[i - 1], *b = j->kept[i];
        double distance = b->y0 - a->y0;
        if (a->page == b->page && same_size(a, b, SAME_SIZE) && distance > 0.5 * b->size && distance < 4 * b->size)
            all[n++] = (spacing){half_points(b), distance};
    }
    qsort(all, n, sizeof *all, by_spacing);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && all[k].size == all[i].size; k++) {
        }
        spacing median = all[i + (k - i - 1) / 2];
        if (!j->kept[0]->plain || k - i >= FEW_SAMPLES) /* a few empty lines make no double spacing */
            all[j->n_usual++] = median;
    }
    j->usual = all;
}

static double usual_distance(const joiner *j, const hu_text_line *line)
{
    double best = line->plain ? 1 : 2 * line->size;
    int nearest = 3; /* half points */
    for (size_t i = 0; i < j->n_usual; i++) {
        int off = abs(j->usual[i].size - half_points(line));
        if (off < nearest) {
            nearest = off;
            best = j->usual[i].distance;
        }
    }
    return best;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The text's left and right edge: the outermost that a tenth of the lines reach. */
static void find_edges(const joiner *j, double *left, double *right)
{
    double *values = HU_NEW_ARRAY(j->arena, double, j->n_kept + 1);
    for (size_t i = 0; i < j->n_kept; i++)
        values[i] = j->kept[i]->x0;
    qsort(values, j->n_kept, sizeof *values, by_value);
    *left = values[j->n_kept / 10];
    for (size_t i = 0; i < j->n_kept; i++)
        values[i] = j->kept[i]->x1;
    qsort(values, j->n_kept, sizeof *values, by_value);
    *right = values[j->n_kept - 1 - j->n_kept / 10];
    if (j->kept[0]->plain && *right > PLAIN_WIDTH)
        *right = PLAIN_WIDTH;
}

/* A line's right margin: its column's, else the widest of the lines around it, else the text's. */
static void find_margins(joiner *j)
{
    double right;
    find_edges(j, &j->left, &right);
    j->right = HU_NEW_ARRAY(j->arena, double, j->n_kept);
    for (size_t i = 0; i < j->n_kept; i++) {
        const hu_text_line *line = j->kept[i];
        double widest = line->x1;
        size_t from = i > WINDOW ? i - WINDOW : 0, to = i + WINDOW < j->n_kept ? i + WINDOW : j->n_kept - 1;
        for (size_t k = from; k <= to; k++)
            if (j->kept[k]->page == line->page && same_size(j->kept[k], line, SAME_SIZE) && j->kept[k]->x1 > widest)
                widest = j->kept[k]->x1;
        if (line->plain && widest > PLAIN_WIDTH)
            widest = PLAIN_WIDTH;
        j->right[i] = line->right > 0                                        ? line->right
                      : widest - j->left < NARROW_COLUMN * (right - j->left) ? right
                                                                             : widest;
    }
}

static bool one_word(const hu_text_line *line)
{
    return line->plain && memchr(line->text.data, ' ', line->text.length) == NULL;
}

/* Justified lines that a converter to plain text tore apart: words, each alone between empty lines. */
static void find_one_word_runs(joiner *j)
{
    j->one_word_run = HU_NEW_ARRAY(j->arena, size_t, j->n_kept);
    for (size_t i = 0, k; i<j->n_kept; i = k> i ? k : i + 1) {
        size_t small = 0;
        for (k = i; k < j->n_kept && one_word(j->kept[k]); k++) {
            if (k > i && (j->kept[k]->begins || j->kept[k]->page != j->kept[i]->page ||
                          j->kept[k]->y0 - j->kept[k - 1]->y0 != 2))
                break;
            small += hu_character_is_lower(hu_character_first(j->kept[k]->text));
        }
        if (k - i >= MIN_RUN && small)
            for (size_t m = i; m < k; m++)
                j->one_word_run[m] = i + 1;
    }
}

/* --- does a paragraph end here? ----------------------------------------------------------------------------------- */

static bool ends_clause(hu_str text, const char *marks)
{
    while (text.length && strchr("\"')]", text.data[text.length - 1]))
        text.length--;
    if (text.length >= 3 && (unsigned char)text.data[text.length - 3] == 0xE2) /* closing typographic quotes */
        text.length -= hu_character_last(text) == 0x201D || hu_character_last(text) == 0x2019 ? 3 : 0;
    if (text.length >= 2 && hu_character_last(text) == 0xBB) /* » */
        text.length -= 2;
    return text.length && strchr(marks, text.data[text.length - 1]) != NULL;
}

static bool all_capitals(hu_str text)
{
    size_t capitals = 0;
    for (const char *p = text.data, *end = p + text.length; p < end;) {
        int32_t c = hu_utf8_next(&p, end);
        if (hu_character_is_lower(c))
            return false;
        capitals += hu_character_is_upper(c);
    }
    return capitals >= 2;
}

static hu_str last_word(hu_str text)
{
    size_t start = text.length;
    while (start && text.data[start - 1] != ' ')
        start--;
    return (hu_str){text.data + start, text.length - start};
}

static bool is_connective(const joiner *j, hu_str word)
{
    return hu_word_set_has_folded(&j->phrases->connectives, word);
}

static bool is_enumerator(const joiner *j, hu_str text)
{
    hu_str folded;
    size_t start, end;
    hu_fold(text.data, text.length < 60 ? text.length : 60, j->arena, (char **)&folded.data, &folded.length, NULL);
    return hu_phrase_find(j->phrases->enumerator, folded, 0, true, &start, &end);
}

/*
 * Whether the next line's first word would have fitted at the end of this one: then the line was ended on purpose. In
 * plain text letters have no width, so more room must be left, and much more inside a sentence.
 */
static bool left_room(const joiner *j, size_t i, const hu_text_line *next, bool ended)
{
    const hu_text_line *line = j->kept[i];
    double characters = (double)hu_utf8_count(next->text.data, next->text.length);
    double per_character = (next->x1 - next->x0) / fmax(characters, 1);
    double first = (double)(hu_utf8_count(next->first.data, next->first.length) + 1) * per_character;
    double slack = !line->plain ? 0.3 * line->size : ended ? 0.08 * j->right[i] : 0.4 * j->right[i];
    return line->x1 > j->right[i] + slack || line->x1 + first < j->right[i] - slack;
}

/* "IMPUTADO : …", "MINISTERIO PÚBLICO: …": a label in capitals and its value. */
static bool is_label(hu_str text)
{
    const char *colon = memchr(text.data, ':', text.length < MAX_LABEL ? text.length : MAX_LABEL);
    return colon && colon - text.data > 2 && all_capitals((hu_str){text.data, (size_t)(colon - text.data)});
}

/* Lines of a title: each centred on the page, or in a block of a header, and each a name of its own. */
static bool titles(const joiner *j, const hu_text_line *line, const hu_text_line *next)
{
    if (line->right > 0 && next->right > 0)
        return true;
    double off = fabs(line->x0 + line->x1 - next->x0 - next->x1) / 2;
    return off < 0.6 * line->size && (line->x0 > j->left + 2 * line->size || next->x0 > j->left + 2 * next->size);
}

/* The next line goes back to the left of an indented block, or is itself indented as first lines are. */
static bool changes_indent(const joiner *j, size_t i)
{
    const hu_text_line *line = j->kept[i], *next = j->kept[i + 1], *then = i + 2 < j->n_kept ? j->kept[i + 2] : NULL;
    double step = 1.2 * line->size;
    if (next->x0 < line->x0 - step)
        return true;
    return next->x0 > line->x0 + step && then && then->page == next->page && then->x0 < next->x0 - step;
}

/* Does kept line i+1 begin a paragraph? */
static bool begins_paragraph(const joiner *j, size_t i)
{
    const hu_text_line *line = j->kept[i], *next = j->kept[i + 1];
    bool ended = ends_clause(line->text, ".:;?!"), small = hu_character_is_lower(hu_character_first(next->text));
    bool capitals = all_capitals(line->text), next_capitals = all_capitals(next->text);
    if (next->begins)
        return true;
    if (j->one_word_run[i] && j->one_word_run[i] == j->one_word_run[i + 1])
        return false;
    if (next->column_start)
        return true;
    if (is_label(next->text) && (ended || capitals || is_label(line->text)))
        return true;
    if (ends_clause(line->text, ".:;,") && is_enumerator(j, next->text))
        return true;
    if (!ended && small)
        return false;
    bool joined_by_word = is_connective(j, last_word(line->text)) || is_connective(j, next->first);
    if (!ended && joined_by_word && capitals == next_capitals && (capitals || is_connective(j, last_word(line->text))))
        return false;
    if (capitals && next_capitals && !ended && titles(j, line, next))
        return true;
    if (!same_size(line, next, OTHER_SIZE) || (ended && changes_indent(j, i)))
        return true;
    if (line->page == next->page && next->y0 - line->y0 > DISTANT * usual_distance(j, next))
        return true;
    if (ended && next_capitals && !capitals)
        return true;
    return left_room(j, i, next, ended || capitals != next_capitals);
}

/* --- the text ----------------------------------------------------------------------------------------------------- */

/* "prosti-" + "tución": the hyphen goes, unless the document writes the word with it elsewhere. */
static bool drops_hyphen(const joiner *j, hu_str before, const hu_text_line *next)
{
    hu_str left = last_word(before);
    left.length--; /* the hyphen */
    if (!hu_character_is_letter(hu_character_last(left)) || !hu_character_is_lower(hu_character_first(next->text)))
        return false;
    HU_BUF(whole);
    hu_buf_add(&whole, left.data, left.length);
    hu_buf_add_char(&whole, '-');
    hu_buf_add(&whole, next->first.data, next->first.length);
    return hu_vocabulary_count(j->vocabulary, (hu_str){whole.data, whole.length}) == 0;
}

/* How a line is tied to the text before it, inside a paragraph. */
static void add_tie(joiner *j, const hu_text_line *next)
{
    hu_str before = {j->text->data, j->text->length};
    bool hyphen = before.length >= 2 && before.data[before.length - 1] == '-' && before.data[before.length - 2] != ' ';
    if (!hyphen)
        hu_buf_add_char(j->text, ' ');
    else if (drops_hyphen(j, before, next))
        j->text->length--;
}

static void add_line_text(joiner *j, const hu_text_line *line)
{
    j->runs[j->n_runs++] =
        (hu_place_run){j->text->length,
                       {line->page, line->plain ? 0 : line->x0, line->plain ? 0 : line->y0, line->plain ? 0 : line->x1,
                        line->plain ? 0 : line->y1, line->source_offset, line->ocr}};
    hu_buf_add(j->text, line->text.data, line->text.length);
}

static void end_paragraph(joiner *j)
{
    if (j->text->length)
        hu_buf_add_text(j->text, "\n\n");
}

/* Footnotes that stand in the file before line `before`, each its own paragraph. */
static void add_footnotes(joiner *j, size_t *at, const hu_text_line *before)
{
    const hu_text_line *last = NULL;
    for (; *at < j->lines->count; ++*at) {
        const hu_text_line *line = &j->lines->lines[*at];
        if (before && line >= before)
            return;
        if (line->fate != LINE_FOOTNOTE || !line->text.length)
            continue;
        if (!last || (line->text.data[0] >= '0' && line->text.data[0] <= '9'))
            end_paragraph(j);
        else
            add_tie(j, line);
        add_line_text(j, line);
        last = line;
    }
}

static void collect_kept(joiner *j)
{
    j->kept = HU_NEW_ARRAY(j->arena, const hu_text_line *, j->lines->count + 1);
    for (size_t i = 0; i < j->lines->count; i++)
        if (j->lines->lines[i].fate == LINE_KEPT && j->lines->lines[i].text.length)
            j->kept[j->n_kept++] = &j->lines->lines[i];
}

void hu_paragraphs_join(const hu_phrases *phrases, const hu_vocabulary *vocabulary, const hu_line_list *lines,
                        hu_arena *arena, hu_buf *text, hu_place_run **runs, size_t *n_runs)
{
    HU_SCRATCH(scratch);
    joiner j = {.phrases = phrases, .vocabulary = vocabulary, .lines = lines, .arena = scratch, .text = text};
    j.runs = HU_NEW_ARRAY(arena, hu_place_run, lines->count + 1);
    collect_kept(&j);
    size_t footnote = 0;
    if (j.n_kept) {
        find_usual_spacing(&j);
        find_margins(&j);
        find_one_word_runs(&j);
    }
    for (size_t i = 0; i < j.n_kept; i++) {
        if (i && begins_paragraph(&j, i - 1)) {
            add_footnotes(&j, &footnote, j.kept[i]);
            end_paragraph(&j);
        } else if (i) {
            add_tie(&j, j.kept[i]);
        }
        add_line_text(&j, j.kept[i]);
    }
    add_footnotes(&j, &footnote, NULL);
    *runs = j.runs;
    *n_runs = j.n_runs;
}
