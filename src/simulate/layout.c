/*
 * Lays a judgment's text out on A4 pages.
 *
 * Blocks are separated by an empty line; the first characters of a block say what it is:
 *   #1 heading, centred and bold       #2 heading, left and bold       #3 letter-spaced heading, centred
 *   #4 line, centred                   #5 line, to the right           > quotation, indented and italic
 *   |name|value rows of the header     ~ summary box on the right      ^ signature
 *   ! lines of the running header      % signature stamp in the margin of the first page
 *   & footer, with <n> for the page and <N> for their number
 *   -- a rule; everything else is a justified paragraph. *Words* between asterisks are bold.
 */

#include "pages.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

const double sim_page_width = 595.28, sim_page_height = 841.89;

/* One word waiting for its line. */
typedef struct word {
    const char *text;
    size_t length;
    sim_style style;
    double width;
    size_t gap_at;
} word;

typedef struct column {
    double left, width, size;
    bool justify, hyphens;
    double first_indent;
    enum { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } align;
} column;

sim_look sim_look_draw(hu_random *random, bool stamps)
{
    double family = hu_random_uniform(random);
    sim_look look = {.family = family < 0.52 ? 0 : family < 0.95 ? 1 : 2};
    look.size = look.family == 0 ? 11.5 : look.family == 1 ? 10.5 : 9.5;
    look.size += (double)hu_random_below(random, 3) * 0.5 - 0.5;
    look.leading = 1.15 + 0.1 * (double)hu_random_below(random, 4);
    look.left = stamps ? 118 : 80 + (double)hu_random_below(random, 3) * 6;
    look.right = 62 + (double)hu_random_below(random, 3) * 6;
    look.top = 78;
    look.bottom = 72;
    look.indent = hu_random_uniform(random) < 0.4 ? 28 : 0;
    look.hyphens = hu_random_uniform(random) < 0.25;
    look.forced_breaks = hu_random_uniform(random) < 0.30;
    look.spurious_blanks = hu_random_uniform(random) < 0.15;
    look.boxed_table = hu_random_uniform(random) < 0.25;
    look.paragraph_gap = hu_random_uniform(random) < 0.7;
    return look;
}

/* --- marks --- */

static sim_mark *new_mark(sim_pages *pages)
{
    if (pages->n_marks == pages->capacity) {
        size_t more = pages->capacity ? 2 * pages->capacity : 2048;
        pages->marks = hu_regrow(pages->arena, pages->marks, pages->n_marks, more, sizeof(sim_mark));
        pages->capacity = more;
    }
    return &pages->marks[pages->n_marks++];
}

static void put_text(sim_pages *pages, int page, double x, double y, sim_style style, double size, const char *text,
                     size_t length, size_t gap_at)
{
    sim_mark *mark = new_mark(pages);
    *mark = (sim_mark){.page = page,
                       .family = pages->look.family,
                       .style = style,
                       .size = size,
                       .x = x,
                       .y = y,
                       .text = text,
                       .length = length,
                       .gap_at = gap_at};
}

static void put_rule(sim_pages *pages, double x, double y, double x2, double y2)
{
    sim_mark *mark = new_mark(pages);
    *mark = (sim_mark){.page = pages->pages, .x = x, .y = y, .x2 = x2, .y2 = y2};
}

static double width_of(const sim_pages *pages, sim_style style, double size, const char *text, size_t length)
{
    return sim_text_width(pages->fonts, pages->look.family, style, size, text, length);
}

static void put_centred(sim_pages *pages, int page, double y, double size, const char *text)
{
    size_t length = strlen(text);
    double x = (sim_page_width - width_of(pages, STYLE_REGULAR, size, text, length)) / 2;
    put_text(pages, page, x, y, STYLE_REGULAR, size, text, length, 0);
}

static void new_page(sim_pages *pages)
{
    pages->pages++;
    pages->y = pages->look.top;
    if (pages->pages == 1 || pages->n_running == 0)
        return;
    double y = 36;
    for (size_t i = 0; i < pages->n_running; i++, y += 10)
        put_centred(pages, pages->pages, y, 8, pages->running[i]);
    pages->y = fmax(pages->look.top, y + 18);
}

/* Moves down by a line of this size, to a new page when there is no room. */
static void next_line(sim_pages *pages, double size)
{
    double step = size * pages->look.leading;
    if (pages->y + step > sim_page_height - pages->look.bottom)
        new_page(pages);
    pages->y += step;
}

/* --- words --- */

static bool is_vowel(int32_t c)
{
    return c > 0 && (strchr("aeiou", c < 128 ? c : '#') != NULL || c == 0xE1 || c == 0xE9 || c == 0xED || c == 0xF3 ||
                     c == 0xFA);
}

static bool is_small_letter(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFF);
}

/* Bytes of the longest head of a word that ends before "consonant vowel", and with its hyphen is no wider than `room`;
 * 0 when there is none with three letters on both sides. */
static size_t hyphenate(const sim_pages *pages, const word *w, double size, double room)
{
    int32_t letters[48];
    size_t at[49], n = 0;
    for (const char *p = w->text, *end = w->text + w->length; p < end && n < 48;) {
        at[n] = (size_t)(p - w->text);
        letters[n] = hu_utf8_next(&p, end);
        if (!is_small_letter(letters[n]))
            return 0;
        n++;
    }
    for (size_t i = n > 3 ? n - 3 : 0; i >= 3; i--) {
        if (!is_vowel(letters[i - 1]) || is_vowel(letters[i]) || !is_vowel(letters[i + 1]))
            continue;
        if (width_of(pages, w->style, size, w->text, at[i]) + width_of(pages, w->style, size, "-", 1) <= room)
            return at[i];
    }
    return 0;
}

/* Where a spurious blank falls: inside a year ("202 4") or a long word ("prec isan"). */
static size_t spurious_blank(sim_pages *pages, const char *text, size_t length)
{
    if (!pages->look.spurious_blanks || hu_random_uniform(&pages->random) >= 0.006)
        return 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 4 && length == 4)
        return 3;
    size_t letters = 0;
    while (letters < length && islower((unsigned char)text[letters]))
        letters++;
    return letters >= 7 && letters == length ? 4 : 0;
}

static size_t split_words(sim_pages *pages, const char *text, size_t length, sim_style base, double size, word **words)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < length; i++)
        room += text[i] == ' ' || text[i] == '\n' || text[i] == '*';
    *words = HU_NEW_ARRAY(pages->arena, word, room);
    bool bold = false;
    for (size_t i = 0; i < length;) {
        if (text[i] == ' ' || text[i] == '\n') {
            i++;
            continue;
        }
        HU_BUF(plain);
        sim_style style = bold || text[i] == '*' ? STYLE_BOLD : base;
        for (; i < length && text[i] != ' ' && text[i] != '\n'; i++) {
            if (text[i] == '*')
                bold = !bold;
            else
                hu_buf_add_char(&plain, text[i]);
        }
        if (plain.length == 0)
            continue;
        word *w = &(*words)[n++];
        *w = (word){.text = hu_strndup(pages->arena, plain.data, plain.length), .length = plain.length, .style = style};
        w->width = width_of(pages, style, size, w->text, w->length);
        w->gap_at = spurious_blank(pages, w->text, w->length);
        if (w->gap_at)
            w->width += 0.25 * size;
    }
    return n;
}

/* --- lines --- */

static void put_line(sim_pages *pages, const column *in, const word *words, size_t n, double indent, bool last)
{
    double total = 0, blank = 0.25 * in->size * (pages->look.family == 2 ? 2.4 : 1.1);
    for (size_t i = 0; i < n; i++)
        total += words[i].width;
    double gap = blank, x = in->left + indent, free_width = in->width - indent - total;
    if (in->justify && !last && n > 1)
        gap = free_width / (double)(n - 1);
    else if (in->align == ALIGN_CENTRE)
        x += (free_width - gap * (double)(n - 1)) / 2;
    else if (in->align == ALIGN_RIGHT)
        x += free_width - gap * (double)(n - 1);
    next_line(pages, in->size);
    for (size_t i = 0; i < n; i++) {
        put_text(pages, pages->pages, x, pages->y, words[i].style, in->size, words[i].text, words[i].length,
                 words[i].gap_at);
        x += words[i].width + gap;
    }
}

/* Splits words[at] so that its head ends the line; false when it cannot. */
static bool split_at_hyphen(sim_pages *pages, const column *in, word *w, double room, word *head)
{
    size_t bytes = in->hyphens && w->style != STYLE_BOLD && !w->gap_at ? hyphenate(pages, w, in->size, room) : 0;
    if (bytes == 0)
        return false;
    *head =
        (word){.text = hu_printf(pages->arena, "%.*s-", (int)bytes, w->text), .length = bytes + 1, .style = w->style};
    head->width = width_of(pages, head->style, in->size, head->text, head->length);
    w->text += bytes;
    w->length -= bytes;
    w->width = width_of(pages, w->style, in->size, w->text, w->length);
    return true;
}

static void put_paragraph(sim_pages *pages, const column *in, const char *text, size_t length, sim_style style)
{
    word *words = NULL;
    size_t n = split_words(pages, text, length, style, in->size, &words), start = 0;
    double blank = 0.25 * in->size * (pages->look.family == 2 ? 2.4 : 1.1);
    size_t forced = pages->look.forced_breaks && in->justify && n > 40 && hu_random_uniform(&pages->random) < 0.35
                        ? 12 + hu_random_below(&pages->random, n - 24)
                        : 0;
    double indent = in->first_indent;
    while (start < n) {
        double width = words[start].width;
        size_t end = start + 1;
        bool broken = false;
        for (; end < n; end++) {
            if (width + blank + words[end].width > in->width - indent)
                break;
            if (forced && end == forced && width > 0.25 * in->width) {
                broken = true; /* a line break typed by hand in justified text: the words are spread over the line */
                break;
            }
            width += blank + words[end].width;
        }
        word head = {0};
        if (!broken && end < n && split_at_hyphen(pages, in, &words[end], in->width - indent - width - blank, &head)) {
            word *line = HU_NEW_ARRAY(pages->arena, word, end - start + 1);
            memcpy(line, words + start, (end - start) * sizeof *line);
            line[end - start] = head;
            put_line(pages, in, line, end - start + 1, indent, false);
        } else {
            put_line(pages, in, words + start, end - start, indent, end == n);
        }
        start = end;
        indent = 0;
    }
}

/* --- blocks --- */

static column full_column(const sim_pages *pages)
{
    const sim_look *look = &pages->look;
    return (column){.left = look->left, .width = sim_page_width - look->left - look->right, .size = look->size};
}

/* Letters set apart: "S E N T E N C I A". */
static void put_spaced(sim_pages *pages, const char *text, size_t length)
{
    double size = pages->look.size, gap = 0.42 * size, total = 0;
    for (int pass = 0; pass < 2; pass++) {
        double x = (sim_page_width - total) / 2;
        total = 0;
        for (const char *p = text, *end = text + length; p < end;) {
            const char *from = p;
            hu_utf8_next(&p, end);
            double width = *from == ' ' ? 0.5 * size : width_of(pages, STYLE_BOLD, size, from, (size_t)(p - from));
            if (pass && *from != ' ')
                put_text(pages, pages->pages, x + total, pages->y, STYLE_BOLD, size, from, (size_t)(p - from), 0);
            total += width + gap;
        }
        if (pass == 0)
            next_line(pages, size);
    }
}

static void put_rows(sim_pages *pages, const char *text, size_t length)
{
    column in = full_column(pages);
    double start = in.left, key_width = in.width * 0.30, size = in.size;
    const char *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        const char *bar = *text == '|' ? memchr(text + 1, '|', (size_t)(stop - text - 1)) : NULL;
        if (bar) {
            int page = pages->pages;
            double before = pages->y;
            next_line(pages, size);
            double y = pages->y;
            put_text(pages, pages->pages, start + 4, y, STYLE_BOLD, size, text + 1, (size_t)(bar - text - 1), 0);
            if (!pages->look.boxed_table)
                put_text(pages, pages->pages, start + key_width - 8, y, STYLE_REGULAR, size, ":", 1, 0);
            pages->y = y - size * pages->look.leading;
            column cell = in;
            cell.left = start + key_width + 4;
            cell.width = in.width - key_width - 8;
            put_paragraph(pages, &cell, bar + 1, (size_t)(stop - bar - 1), STYLE_REGULAR);
            if (pages->look.boxed_table && page == pages->pages) {
                put_rule(pages, start, before + 3, start + in.width, before + 3);
                put_rule(pages, start, pages->y + 4, start + in.width, pages->y + 4);
                put_rule(pages, start + key_width, before + 3, start + key_width, pages->y + 4);
                pages->y += 1.5;
            }
        }
        text = stop + 1;
    }
}

/* A digital signature's stamp: tiny lines in the left margin of the first page, one below the other. */
static void put_stamp(sim_pages *pages, const char *text, size_t length)
{
    double size = 5, y = 40 + 78.0 * pages->stamps++, right = pages->look.left - 8;
    word *words = NULL;
    size_t n = split_words(pages, text, length, STYLE_REGULAR, size, &words);
    double x = 14;
    if (y > sim_page_height - 120)
        return;
    for (size_t i = 0; i < n; i++) {
        if (x > 14 && x + words[i].width > right) {
            x = 14;
            y += size * 1.2;
        }
        put_text(pages, 1, x, y, STYLE_REGULAR, size, words[i].text, words[i].length, 0);
        x += words[i].width + 1.4;
    }
}

static void put_running(sim_pages *pages, const char *text, size_t length)
{
    for (const char *end = text + length; text < end && pages->n_running < 4;) {
        size_t line = strcspn(text, "\n");
        if (line > (size_t)(end - text))
            line = (size_t)(end - text);
        pages->running[pages->n_running++] = hu_strndup(pages->arena, text, line);
        text += line + 1;
    }
}

static void put_heading(sim_pages *pages, char level, const char *text, size_t length)
{
    column in = full_column(pages);
    pages->y += pages->look.size * 0.5;
    if (pages->y > sim_page_height - pages->look.bottom - 40)
        new_page(pages);
    if (level == '3') {
        put_spaced(pages, text, length);
        return;
    }
    in.align = level == '1' || level == '4' ? ALIGN_CENTRE : level == '5' ? ALIGN_RIGHT : ALIGN_LEFT;
    for (const char *end = text + length; text < end;) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop ? stop : end;
        put_paragraph(pages, &in, text, (size_t)(stop - text), level <= '2' ? STYLE_BOLD : STYLE_REGULAR);
        text = stop + 1;
    }
}

static void put_box(sim_pages *pages, const char *text, size_t length)
{
    column in = full_column(pages);
    in.left += in.width * 0.45;
    in.width *= 0.55;
    in.size -= 2;
    in.justify = true;
    double top = pages->y + 4;
    int page = pages->pages;
    put_paragraph(pages, &in, text, length, STYLE_ITALIC);
    pages->y += 5;
    if (page != pages->pages)
        return;
    put_rule(pages, in.left - 5, top, in.left + in.width + 3, top);
    put_rule(pages, in.left - 5, pages->y, in.left + in.width + 3, pages->y);
    put_rule(pages, in.left - 5, top, in.left - 5, pages->y);
    put_rule(pages, in.left + in.width + 3, top, in.left + in.width + 3, pages->y);
}

static void put_body(sim_pages *pages, const char *text, size_t length)
{
    column in = full_column(pages);
    in.justify = true;
    in.hyphens = pages->look.hyphens;
    in.first_indent = pages->look.indent;
    put_paragraph(pages, &in, text, length, STYLE_REGULAR);
}

static void put_quotation(sim_pages *pages, const char *text, size_t length)
{
    column in = full_column(pages);
    in.left += 34;
    in.width -= 50;
    in.size -= 1;
    in.justify = true;
    put_paragraph(pages, &in, text, length, STYLE_ITALIC);
}

static void put_signature(sim_pages *pages, const char *text, size_t length)
{
    column in = full_column(pages);
    in.align = ALIGN_CENTRE;
    pages->y += 14;
    put_paragraph(pages, &in, text, length, STYLE_REGULAR);
}

static void put_block(sim_pages *pages, const char *text, size_t length)
{
    if (text[0] == '#' && length > 3) {
        put_heading(pages, text[1], text + 3, length - 3);
        return;
    }
    const char *rest = length > 2 ? text + 2 : text;
    size_t rest_length = length > 2 ? length - 2 : 0;
    if (text[0] == '|')
        put_rows(pages, text, length);
    else if (text[0] == '>')
        put_quotation(pages, rest, rest_length);
    else if (text[0] == '~')
        put_box(pages, rest, rest_length);
    else if (text[0] == '^')
        put_signature(pages, rest, rest_length);
    else if (text[0] == '%')
        put_stamp(pages, rest, rest_length);
    else if (text[0] == '!')
        put_running(pages, rest, rest_length);
    else if (text[0] == '&')
        pages->footer = hu_strndup(pages->arena, rest, rest_length);
    else if (text[0] == '-' && length == 2)
        put_rule(pages, pages->look.left, pages->y + 6, sim_page_width - pages->look.right, pages->y + 6);
    else
        put_body(pages, text, length);
    if (!strchr("%!&", text[0]) && pages->look.paragraph_gap)
        pages->y += pages->look.size * 0.6;
}

/* The footer that the text asks for, on every page; <n> stands for the page's number, <N> for how many there are. */
static void put_footers(sim_pages *pages)
{
    for (int page = 1; pages->footer && page <= pages->pages; page++) {
        HU_BUF(text);
        for (const char *p = pages->footer; *p; p++) {
            if (strncmp(p, "<n>", 3) == 0 || strncmp(p, "<N>", 3) == 0) {
                hu_buf_printf(&text, "%d", p[1] == 'n' ? page : pages->pages);
                p += 2;
            } else {
                hu_buf_add_char(&text, *p);
            }
        }
        if (text.length)
            put_centred(pages, page, sim_page_height - 38, 8.5, hu_strdup(pages->arena, text.data));
    }
}

void sim_lay_out(sim_pages *pages, const char *text)
{
    new_page(pages);
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);
        while (length && (text[length - 1] == '\n' || text[length - 1] == ' '))
            length--;
        if (length)
            put_block(pages, text, length);
        text = end ? end + 2 : text + strlen(text);
        text += strspn(text, "\n");
    }
    put_footers(pages);
}
