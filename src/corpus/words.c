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

static uint32_t hash_of(hu_str word)
{
    uint64_t hash = word.length;
    for (size_t at = 0; at < word.length; at += 8) {
        uint64_t part = 0;
        memcpy(&part, word.data + at, word.length - at < 8 ? word.length - at : 8);
        hash = (hash ^ part) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

/* The slot of a word, or the free one where it belongs. */
static hu_word_count *slot_of(const hu_vocabulary *v, hu_str word, uint32_t hash)
{
    size_t at = hash & (v->n_slots - 1);
    while (v->slots[at].count && (v->slots[at].hash != hash || !hu_str_equal(v->slots[at].word, word)))
        at = (at + 1) & (v->n_slots - 1);
    return &v->slots[at];
}

/* Half of the slots stay free. */
static void grow(hu_vocabulary *v, hu_arena *arena)
{
    hu_vocabulary larger = {.n_slots = v->n_slots ? 2 * v->n_slots : 1024, .n_words = v->n_words};
    larger.slots = HU_NEW_ARRAY(arena, hu_word_count, larger.n_slots);
    for (size_t i = 0; i < v->n_slots; i++)
        if (v->slots[i].count)
            *slot_of(&larger, v->slots[i].word, v->slots[i].hash) = v->slots[i];
    *v = larger;
}

static void count_word(hu_vocabulary *v, hu_arena *arena, hu_str word)
{
    if (2 * (v->n_words + 1) > v->n_slots)
        grow(v, arena);
    uint32_t hash = hash_of(word);
    hu_word_count *slot = slot_of(v, word, hash);
    v->n_words += slot->count == 0;
    *slot = (hu_word_count){word, slot->count + 1, hash};
}

void hu_vocabulary_build(const hu_line_list *lines, hu_arena *arena, hu_vocabulary *v)
{
    *v = (hu_vocabulary){0};
    size_t bytes = 0;
    for (size_t i = 0; i < lines->count; i++)
        bytes += lines->lines[i].text.length;
    if (bytes > MAX_VOCABULARY_TEXT)
        return;
    for (size_t i = 0; i < lines->count; i++) {
        size_t at = 0;
        for (hu_str piece = next_piece(lines->lines[i].text, &at); piece.length;
             piece = next_piece(lines->lines[i].text, &at)) {
            piece = bare(piece);
            if (piece.length)
                count_word(v, arena, piece);
        }
    }
}

size_t hu_vocabulary_count(const hu_vocabulary *v, hu_str word)
{
    return v->n_words ? slot_of(v, word, hash_of(word))->count : 0;
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

/* Whether so many single characters follow each other that the text may be spaced out; few lines are. */
static bool may_be_spaced(hu_str text)
{
    int n = 0;
    size_t at = 0;
    for (hu_str piece = next_piece(text, &at); piece.length && n < MIN_SPACED; piece = next_piece(text, &at))
        n = piece.length <= 4 && hu_utf8_count(piece.data, piece.length) == 1 ? n + 1 : 0;
    return n >= MIN_SPACED;
}

/* "C O R T E  S U P E R I O R" to "CORTE SUPERIOR", in `out`; a text without such words is given back as it is. */
static hu_str join_spaced(const hu_phrases *phrases, hu_arena *arena, hu_str text, hu_buf *out)
{
    size_t at = 0;
    if (!may_be_spaced(text))
        return text;
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
    return (hu_str){out->data, out->length};
}

/* A piece between blanks, and what closing the gap beside it asks, once. */
typedef struct piece {
    hu_str text, bare;
    size_t count; /* in the document; SIZE_MAX = not asked yet */
} piece;

static piece piece_at(hu_str text, size_t *at)
{
    hu_str found = next_piece(text, at);
    return (piece){found, bare(found), SIZE_MAX};
}

static size_t count_of(const hu_vocabulary *v, piece *p)
{
    if (p->count == SIZE_MAX)
        p->count = hu_vocabulary_count(v, p->bare);
    return p->count;
}

/* How often both together are a word of the document. */
static size_t count_whole(const hu_vocabulary *v, const piece *left, const piece *right)
{
    HU_BUF(whole);
    hu_buf_add(&whole, left->bare.data, left->bare.length);
    hu_buf_add(&whole, right->bare.data, right->bare.length);
    return hu_vocabulary_count(v, (hu_str){whole.data, whole.length});
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool closes(const hu_vocabulary *v, piece *left, piece *right)
{
    if (left->text.length == 0 || right->text.length == 0)
        return false;
    char last = left->text.data[left->text.length - 1], first = right->text.data[0];
    if (is_digit(last) && is_digit(first))
        return true;
    if (!hu_character_is_letter(hu_character_last(left->text)) ||
        !hu_character_is_lower(hu_character_first(right->text)))
        return false;
    return count_whole(v, left, right) || count_of(v, left) <= 1 || count_of(v, right) <= 1;
}

/* Without widths to go by: two rare pieces that together are a word of the document. */
static bool closes_plain(const hu_vocabulary *v, piece *left, piece *right)
{
    hu_str a = left->bare, b = right->bare;
    return a.length && b.length && a.data + a.length == left->text.data + left->text.length &&
           b.data == right->text.data && hu_character_is_lower(hu_character_first(b)) &&
           hu_character_is_lower(hu_character_last(a)) && count_of(v, left) <= RARE && count_of(v, right) <= RARE &&
           count_whole(v, left, right) > 0;
}

/* Decides each narrow gap, and leaves one blank between words; in `out` where anything changes inside. */
static hu_str close_gaps(const hu_vocabulary *v, hu_str text, bool plain, hu_buf *out)
{
    size_t at = 0;
    piece left = piece_at(text, &at);
    const char *from = left.text.data, *end = from + left.text.length;
    for (piece right = piece_at(text, &at); right.text.length; left = right, right = piece_at(text, &at)) {
        bool narrow = right.text.data[-1] == NARROW_GAP;
        bool closed = narrow ? closes(v, &left, &right) : plain && closes_plain(v, &left, &right);
        if (closed || narrow || right.text.data - end > 1) {
            hu_buf_add(out, from, (size_t)(end - from));
            if (!closed)
                hu_buf_add_char(out, ' ');
            from = right.text.data;
        }
        end = right.text.data + right.text.length;
    }
    if (!out->length)
        return (hu_str){from, (size_t)(end - from)};
    hu_buf_add(out, from, (size_t)(end - from));
    return (hu_str){out->data, out->length};
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

/* Most lines need no repair, which one look tells. */
static hu_str repair_all(const hu_phrases *phrases, hu_str text, hu_buf *out)
{
    size_t start, end;
    if (!text.length || !phrases->any_repair || !hu_phrase_find(phrases->any_repair, text, 0, false, &start, &end))
        return text;
    hu_buf_add(out, text.data, text.length);
    for (size_t i = 0; i < phrases->n_repairs; i++)
        if (!phrases->repairs[i].scans)
            repair_text(&phrases->repairs[i], out);
    return (hu_str){out->data, out->length};
}

hu_str hu_words_mend_text(const hu_phrases *phrases, const hu_vocabulary *vocabulary, hu_arena *arena, hu_str text,
                          bool plain)
{
    HU_BUF(joined);
    HU_BUF(closed);
    HU_BUF(repaired);
    hu_str mended = join_spaced(phrases, arena, text, &joined);
    mended = close_gaps(vocabulary, mended, plain, &closed);
    mended = repair_all(phrases, mended, &repaired);
    if (mended.data >= text.data && mended.data <= text.data + text.length)
        return mended; /* nothing changed but blanks at its ends */
    return (hu_str){hu_strndup(arena, mended.data, mended.length), mended.length};
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
