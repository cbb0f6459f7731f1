#include "readable.h"

#include "characters.h"
#include "stamps.h"

#include <string.h>

enum { FEW_CHARACTERS = 40, MANY_WORDS = 80 };

static const double GLYPH_CODES = 0.3;   /* share of words that are glyph codes */
static const double ALPHANUMERIC = 0.5;  /* least share of characters that are letters or digits */
static const double COMMON_WORDS = 0.03; /* least share of words in letters that are common */

/* "/g3", "/G19", "(cid:17)" */
static bool is_glyph_code(hu_str word)
{
    const char *p = word.data;
    if (word.length >= 3 && p[0] == '/' && (p[1] == 'g' || p[1] == 'G') && p[2] >= '0' && p[2] <= '9')
        return true;
    return word.length >= 6 && memcmp(p, "(cid:", 5) == 0;
}

typedef struct tally {
    size_t words, glyph_codes, characters, alphanumeric, in_letters, common;
} tally;

static void count_word(const hu_phrases *phrases, hu_str word, tally *t)
{
    bool letters_only = true;
    for (const char *p = word.data, *end = p + word.length; p < end;) {
        int32_t c = hu_utf8_next(&p, end);
        bool letter = hu_character_is_letter(c);
        letters_only &= letter;
        t->characters++;
        t->alphanumeric += letter || (c >= '0' && c <= '9');
    }
    t->words++;
    t->glyph_codes += is_glyph_code(word);
    if (!letters_only)
        return;
    t->in_letters++;
    t->common += word.length <= 4 && hu_word_set_has_folded(&phrases->common_words, word);
}

/* Characters that are left when the stamps are gone. */
static size_t count_beside_stamps(const hu_phrases *phrases, const hu_pdf_page_words *page)
{
    HU_SCRATCH(scratch);
    size_t n = 0, left;
    hu_pdf_box_word *words = HU_NEW_ARRAY(scratch, hu_pdf_box_word, page->n_words);
    memcpy(words, page->words, page->n_words * sizeof *words);
    left = hu_stamps_remove_words(phrases, words, page->n_words);
    for (size_t i = 0; i < left; i++)
        n += hu_utf8_count(words[i].text.data, words[i].text.length);
    return n;
}

bool hu_page_is_readable(const hu_phrases *phrases, const hu_pdf_page_words *page)
{
    tally t = {0};
    for (size_t i = 0; i < page->n_words; i++)
        count_word(phrases, page->words[i].text, &t);
    if (t.characters < FEW_CHARACTERS)
        return !page->has_images;
    if (page->is_image && count_beside_stamps(phrases, page) < FEW_CHARACTERS)
        return false;
    if ((double)t.glyph_codes > GLYPH_CODES * (double)t.words ||
        (double)t.alphanumeric < ALPHANUMERIC * (double)t.characters)
        return false;
    return t.in_letters < MANY_WORDS || (double)t.common >= COMMON_WORDS * (double)t.in_letters;
}
