#include "words.h"

#include "characters.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_VOCABULARY_TEXT = 8 << 20, MIN_SPACED = 4, RARE = 3, MAX_SPACED = 400 };

/* A word without the punctuation around it. */
static hu_str bare(hu_str word)
{
    while (word.length && (unsigned char)word.data[0] < 128 && !hu_character_is_letter(word.data[0]) &&
           !(word.data[0] >= '0' && word.data[0] <= '9')) {
        word.data++;
        word.length--;
    }
    while (word.length) {
        char c = word.data[word.length - 1];
        if ((unsigned char)c >= 128 || hu_character_is_letter(c) || (c >= '0' && c <= '9'))
            break;
        word.length--;
    }
    return word;
}

static bool parts_words(char c)
{
    return c == ' ' || c == NARROW_GAP;
}

/* The next piece between blanks at or after *at; empty at the end. */
static hu_str next_piece(hu_str text, size_t *at)
{
    while (*at < text.length && parts_words(text.data[*at]))
        ++*at;
    size_t start = *at;
    while (*at < text.length && !parts_words(text.data[*at]))
        ++*at;
    return (hu_str){text.data + start, *at - start};
}

void hu_vocabulary_build(const hu_line_list *lines, hu_arena *arena, hu_vocabulary *v)
{
    *v = (hu_vocabulary){0};
    size_t bytes = 0;
    for (size_t i = 0; i < lines->count; i++)
        bytes += lines->lines[i].text.length;
    if (bytes > MAX_VOCABULARY_TEXT)
        return;
    HU_SCRATCH(scratch);
    hu_str *all = HU_NEW_ARRAY(scratch, hu_str, bytes / 2 + lines->count + 1);
    size_t n = 0;
    for (size_t i = 0; i < lines->count; i++) {
        size_t at = 0;
        for (hu_str piece = next_piece(lines->lines[i].text, &at); piece.length;
             piece = next_piece(lines->lines[i].text, &at)) {
            piece = bare(piece);
            if (piece.length)
                all[n++] = piece;
        }
    }
    qsort(all, n, sizeof *all, hu_str_compare);
    v->words = HU_NEW_ARRAY(arena, hu_str, n + 1);
    v->counts = HU_NEW_ARRAY(arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!v->n_words || !hu_str_equal(v->words[v->n_words - 1], all[i]))
            v->words[v->n_words++] = all[i];
        v->counts[v->n_words - 1]++;
    }
}

size_t hu_vocabulary_count(const hu_vocabulary *v, hu_str word)
{
    if (!v->n_words)
        return 0;
    const hu_str *found = bsearch(&word, v->words, v->n_words, sizeof word, hu_str_compare);
    return found ? v->counts[found - v->words] : 0;
}

/* Letters read one by one, to words of headings: the fewest words that make up all of it. Empty when none do. */
static void part_into_words(const hu_phrases *phrases, hu_str letters, hu_arena *arena, hu_buf *out)
{
    char *folded;
    size_t n;
    uint32_t *byte_of;
    hu_fold(letters.data, letters.length, arena, &folded, &n, &byte_of);
    size_t *fewest = HU_NEW_ARRAY(arena, size_t, n + 1), *from = HU_NEW_ARRAY(arena, size_t, n + 1);
    for (size_t end = 1; end <= n; end++) {
        fewest[end] = SIZE_MAX;
        for (size_t start = end > 20 ? end - 20 : 0; start < end; start++)
            if (fewest[start] != SIZE_MAX && fewest[start] + 1 < fewest[end] &&
                hu_word_set_has(&phrases->heading_words, (hu_str){folded + start, end - start})) {
                fewest[end] = fewest[start] + 1;
                from[end] = start;
            }
    }
    if (n == 0 || fewest[n] == SIZE_MAX) {
        hu_buf_add(out, letters.data, letters.length);
        return;
    }
    size_t *ends = HU_NEW_ARRAY(arena, size_t, n + 1), n_words = 0;
    for (size_t end = n; end; end = from[end])
        ends[n_words++] = end;
    for (size_t start = 0; n_words--; start = ends[n_words]) {
        if (start)
            hu_buf_add_char(out, ' ');
        hu_buf_add(out, letters.data + byte_of[start], byte_of[ends[n_words]] - byte_of[start]);
    }
}

/* How far single characters follow each other from `at`, most of them capital letters; `at` when too few. */
static size_t spaced_run(hu_str text, size_t at, bool *parted)
{
    size_t end = at, n = 0, capitals = 0, next = at;
    *parted = false;
    for (hu_str piece = next_piece(text, &next); piece.length && n < MAX_SPACED; piece = next_piece(text, &next)) {
        if (hu_utf8_count(piece.data, piece.length) != 1)
            break;
        size_t start = (size_t)(piece.data - text.data);
        *parted |= n && start >= end + 2;
        capitals += hu_character_is_upper(hu_character_first(piece));
        n++;
        end = next;
    }
    return n >= MIN_SPACED && 4 * capitals >= 3 * n ? end : at;
}

static void add_spaced_run(const hu_phrases *phrases, hu_str run, bool parted, hu_arena *arena, hu_buf *out)
{
    HU_BUF(letters);
    for (size_t i = 0; i < run.length; i++) {
        if (!parts_words(run.data[i]))
            hu_buf_add_char(&letters, run.data[i]);
        else if (i + 1 < run.length && parts_words(run.data[i + 1]) && letters.length &&
                 letters.data[letters.length - 1] != ' ')
            hu_buf_add_char(&letters, ' ');
    }
    if (parted)
        hu_buf_add(out, letters.data, letters.length);
    else
        part_into_words(phrases, (hu_str){letters.data, letters.length}, arena, out);
}

/* "C O R T E  S U P E R I O R" to "CORTE SUPERIOR". */
static void join_spaced(const hu_phrases *phrases, hu_arena *arena, hu_str text, hu_buf *out)
{
    size_t at = 0;
    while (at < text.length) {
        if (parts_words(text.data[at])) {
            hu_buf_add_char(out, text.data[at++]);
            continue;
        }
        bool parted;
        size_t end = spaced_run(text, at, &parted);
        if (end > at) {
            add_spaced_run(phrases, (hu_str){text.data + at, end - at}, parted, arena, out);
            at = end;
            continue;
        }
        hu_str piece = next_piece(text, &at);
        hu_buf_add(out, piece.data, piece.length);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool closes(const hu_vocabulary *v, hu_str left, hu_str right)
{
    if (left.length == 0 || right.length == 0)
        return false;
    char last = left.data[left.length - 1], first = right.data[0];
    if (is_digit(last) && is_digit(first))
        return true;
    if (!hu_character_is_letter(hu_character_last(left)) || !hu_character_is_lower(hu_character_first(right)))
        return false;
    hu_str a = bare(left), b = bare(right);
    HU_BUF(whole);
    hu_buf_add(&whole, a.data, a.length);
    hu_buf_add(&whole, b.data, b.length);
    return hu_vocabulary_count(v, (hu_str){whole.data, whole.length}) || hu_vocabulary_count(v, a) <= 1 ||
           hu_vocabulary_count(v, b) <= 1;
}

/* Without widths to go by: two rare pieces that together are a word of the document. */
static bool closes_plain(const hu_vocabulary *v, hu_str left, hu_str right)
{
    hu_str a = bare(left), b = bare(right);
    if (!a.length || !b.length || a.data + a.length != left.data + left.length || b.data != right.data ||
        !hu_character_is_lower(hu_character_last(a)) || !hu_character_is_lower(hu_character_first(b)) ||
        hu_vocabulary_count(v, a) > RARE || hu_vocabulary_count(v, b) > RARE)
        return false;
    HU_BUF(whole);
    hu_buf_add(&whole, a.data, a.length);
    hu_buf_add(&whole, b.data, b.length);
    return hu_vocabulary_count(v, (hu_str){whole.data, whole.length}) > 0;
}

/* Decides each narrow gap, and leaves one blank between words. */
static void close_gaps(const hu_vocabulary *v, hu_str text, bool plain, hu_buf *out)
{
    size_t at = 0;
    hu_str left = next_piece(text, &at);
    hu_buf_add(out, left.data, left.length);
    for (hu_str right = next_piece(text, &at); right.length; left = right, right = next_piece(text, &at)) {
        bool narrow = right.data[-1] == NARROW_GAP;
        if (!(narrow ? closes(v, left, right) : plain && closes_plain(v, left, right)))
            hu_buf_add_char(out, ' ');
        hu_buf_add(out, right.data, right.length);
    }
}

static void repair_text(const hu_repair *repair, hu_buf *text)
{
    size_t start, end;
    if (!text->length || !hu_phrase_find(repair->find, (hu_str){text->data, text->length}, 0, false, &start, &end))
        return;
    size_t room = 2 * text->length + 64;
    char *out = hu_xcalloc(room, 1);
    PCRE2_SIZE length = room;
    int n = pcre2_substitute(repair->find, (PCRE2_SPTR)text->data, text->length, 0,
                             PCRE2_SUBSTITUTE_GLOBAL | PCRE2_NO_UTF_CHECK, NULL, NULL, (PCRE2_SPTR)repair->put,
                             PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)out, &length);
    if (n > 0) {
        text->length = 0;
        hu_buf_add(text, out, length);
    }
    free(out);
}

/* What is often recognised for something else in a picture. */
static hu_str mend_scan(const hu_phrases *phrases, hu_arena *arena, hu_str text)
{
    HU_BUF(mended);
    hu_buf_add(&mended, text.data, text.length);
    for (size_t i = 0; i < phrases->n_repairs; i++)
        if (phrases->repairs[i].scans)
            repair_text(&phrases->repairs[i], &mended);
    return (hu_str){hu_strndup(arena, mended.data ? mended.data : "", mended.length), mended.length};
}

hu_str hu_words_mend_text(const hu_phrases *phrases, const hu_vocabulary *vocabulary, hu_arena *arena, hu_str text,
                          bool plain)
{
    HU_BUF(joined);
    HU_BUF(closed);
    join_spaced(phrases, arena, text, &joined);
    close_gaps(vocabulary, (hu_str){joined.data ? joined.data : "", joined.length}, plain, &closed);
    for (size_t i = 0; i < phrases->n_repairs; i++)
        if (!phrases->repairs[i].scans)
            repair_text(&phrases->repairs[i], &closed);
    return (hu_str){hu_strndup(arena, closed.data ? closed.data : "", closed.length), closed.length};
}

void hu_words_mend(const hu_phrases *phrases, const hu_vocabulary *vocabulary, hu_arena *arena, hu_line_list *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        hu_text_line *line = &lines->lines[i];
        if (line->fate == LINE_DROPPED)
            continue;
        size_t at = 0;
        bool scan = line->ocr > 0;
        if (scan)
            line->text = mend_scan(phrases, arena, line->text);
        line->text = hu_words_mend_text(phrases, vocabulary, arena, line->text, line->plain || scan);
        line->first = next_piece(line->text, &at);
    }
}
