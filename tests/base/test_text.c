#include "check.h"
#include "huella/base/random.h"
#include "huella/base/text.h"

#include <utf8proc.h>

static void assert_folds(const char *text, const char *expected)
{
    HU_SCRATCH(arena);
    char *folded;
    size_t length;
    hu_fold(text, strlen(text), arena, &folded, &length, NULL);
    if (strcmp(folded, expected) != 0 || length != strlen(expected))
        fail_msg("\"%s\" folds to \"%s\", expected \"%s\"", text, folded, expected);
}

static void folding_drops_case_and_accents(void **state)
{
    (void)state;
    assert_folds("", "");
    assert_folds("CONFIRMARON la Sentencia @[`{", "confirmaron la sentencia @[`{");
    assert_folds("Acusación ÁÉÍÓÚÜÑ áéíóúüñ", "acusacion aeiouun aeiouun");
    assert_folds("acusacio\u0301n n\u0303 U\u0308", "acusacion n u");    /* decomposed */
    assert_folds("\uFB01scal \uFB02 \uFB03 \uFB00", "fiscal fl ffi ff"); /* ligatures as PDF files hold them */
    assert_folds("1º 2ª Nº N° 5\u00A0%", "1o 2a no n\u00B0 5 %");        /* ordinals, degree, hard blank */
    assert_folds("\u201Cart.\u201D \u2013 \u2014 \u2026", "\u201Cart.\u201D \u2013 \u2014 ...");
    assert_folds("Straße \u1E9E", "straße ß");
    assert_folds("\uFF21\uFF22 \u2460", "ab 1");
    assert_folds("ΑΒΓ Дом", "αβγ дом");
    assert_folds("\u0301", "");
}

/* Where folding would take more room than the text, the text stays: half, A with stroke, a phrase in one character. */
static void what_would_grow_stays(void **state)
{
    (void)state;
    assert_folds("½ \u023A \u0149 \uFDFA", "½ \u023A \u0149 \uFDFA");
}

static void bytes_that_are_not_utf8_become_question_marks(void **state)
{
    (void)state;
    assert_folds("Lima\xFF\xFE\xC3", "lima???");
    assert_folds("\xE1rbol", "?rbol");             /* Latin-1 */
    assert_folds("\xC0\xAF\xED\xA0\x80", "?????"); /* overlong, surrogate */
    assert_folds("\xF4\x90\x80\x80", "????");      /* beyond U+10FFFF */
}

static void every_folded_byte_knows_its_code_point(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *text = "Aé\uFB01\u0301ñ\xFFZ"; /* at 0, 1, 3, 6, 8, 10, 11; ends at 12 */
    char *folded;
    size_t length;
    uint32_t *byte_of;
    hu_fold(text, strlen(text), arena, &folded, &length, &byte_of);
    assert_string_equal(folded, "aefin?z");
    assert_memory_equal(byte_of, ((uint32_t[]){0, 1, 3, 3, 8, 10, 11, 12}), 8 * sizeof(uint32_t));
}

/* Each code point there is, between two letters: never longer, valid, the same when folded again, composed or not. */
static void all_code_points_keep_the_invariants(void **state)
{
    (void)state;
    for (int32_t c = 1; c <= 0x10FFFF; c++) {
        if (!utf8proc_codepoint_valid(c))
            continue;
        HU_SCRATCH(arena);
        utf8proc_uint8_t text[8] = "<";
        size_t width = (size_t)utf8proc_encode_char(c, text + 1), length, again_length;
        text[1 + width] = '>';
        char *folded, *again;
        uint32_t *byte_of;
        hu_fold((const char *)text, width + 2, arena, &folded, &length, &byte_of);
        if (length > width + 2 || !hu_utf8_valid(folded, length) || folded[length - 1] != '>')
            fail_msg("U+%04X", (unsigned)c);
        assert_int_equal(byte_of[0], 0);
        assert_int_equal(byte_of[length - 1], 1 + width);
        assert_int_equal(byte_of[length], width + 2);
        for (size_t i = 1; i + 1 < length; i++)
            assert_int_equal(byte_of[i], 1);
        hu_fold(folded, length, arena, &again, &again_length, NULL);
        if (again_length != length || memcmp(folded, again, length) != 0)
            fail_msg("U+%04X folds to %s, then to %s", (unsigned)c, folded, again);
    }
}

/* Runs of every length at every place: the fast way for ASCII must agree with one byte at a time. */
static void ascii_runs_agree_with_single_bytes(void **state)
{
    (void)state;
    hu_random random = hu_random_start(7, 1);
    for (int round = 0; round < 3000; round++) {
        HU_SCRATCH(arena);
        HU_BUF(text);
        HU_BUF(expected);
        size_t parts = hu_random_below(&random, 60);
        for (size_t i = 0; i < parts; i++) {
            if (hu_random_below(&random, 12) == 0) {
                hu_buf_add_text(&text, "Ñ");
                hu_buf_add_char(&expected, 'n');
                continue;
            }
            if (hu_random_below(&random, 12) == 0) { /* no UTF-8: a single byte, unlike what stands around it */
                hu_buf_add_char(&text, (char)0xFF);
                hu_buf_add_char(&expected, '?');
                continue;
            }
            char c = (char)hu_random_below(&random, 128);
            hu_buf_add_char(&text, c);
            hu_buf_add_char(&expected, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        }
        char *folded;
        size_t length;
        uint32_t *byte_of;
        hu_fold(text.data ? text.data : "", text.length, arena, &folded, &length, &byte_of);
        assert_int_equal(length, expected.length);
        if (length)
            assert_memory_equal(folded, expected.data, length);
        for (size_t i = 0; i < length; i++) {
            char source = text.data[byte_of[i]];
            assert_true(folded[i] == source || folded[i] == source + 32 || (source & 0x80));
            assert_true(byte_of[i] < byte_of[i + 1]);
        }
    }
}

static void views_are_compared_and_trimmed(void **state)
{
    (void)state;
    assert_true(hu_str_is(hu_str_trim(hu_str_of(" \t\r\n fallo \v\f")), "fallo"));
    assert_true(hu_str_is(hu_str_trim(hu_str_of("   ")), ""));
    assert_true(hu_str_equal((hu_str){0}, hu_str_of(NULL)));
    assert_false(hu_str_is(hu_str_of("fall"), "fallo"));
    hu_str a = hu_str_of("a"), ab = hu_str_of("ab"), accented = hu_str_of("á");
    assert_true(hu_str_compare(&a, &ab) < 0);
    assert_true(hu_str_compare(&accented, &ab) > 0); /* bytes are unsigned */
    assert_int_equal(hu_str_compare(&ab, &ab), 0);
}

static void buffers_grow_and_stay_terminated(void **state)
{
    (void)state;
    HU_BUF(buf);
    for (int i = 0; i < 5000; i++) {
        hu_buf_printf(&buf, "%04d", i);
        assert_int_equal(buf.data[buf.length], '\0');
    }
    assert_int_equal(buf.length, 20000);
    assert_memory_equal(buf.data + 4 * 4321, "4321", 4);
    HU_BUF(empty);
    hu_buf_printf(&empty, "%s", "");
    assert_string_equal(empty.data, "");
    hu_buf_add(&empty, "a\0b", 3);
    assert_int_equal(empty.length, 3);
    HU_BUF(exact); /* 64 is the first capacity: 63 bytes and the NUL fit, the next byte does not */
    for (int i = 0; i < 63; i++)
        hu_buf_add_char(&exact, 'x');
    assert_int_equal(exact.capacity, 64);
    hu_buf_add_char(&exact, 'y');
    assert_int_equal(strlen(exact.data), 64);
}

static void code_points_go_in_and_out(void **state)
{
    (void)state;
    HU_BUF(buf);
    const uint32_t written[] = {'a', 0xF1, 0x2014, 0x1F600};
    for (int i = 0; i < 4; i++)
        hu_utf8_add(&buf, written[i]);
    assert_int_equal(buf.length, 1 + 2 + 3 + 4);
    assert_int_equal(hu_utf8_count(buf.data, buf.length), 4);
    assert_true(hu_utf8_valid(buf.data, buf.length));
    assert_false(hu_utf8_valid(buf.data, buf.length - 1));
    const char *p = buf.data, *end = buf.data + buf.length;
    for (int i = 0; i < 4; i++)
        assert_int_equal(hu_utf8_next(&p, end), written[i]);
    assert_ptr_equal(p, end);
    p = "\xC3";
    assert_int_equal(hu_utf8_next(&p, p + 1), -1);
}

static void one_bad_byte_anywhere_is_found(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 40; length++)
        for (size_t at = 0; at < length; at++) {
            char text[40];
            memset(text, 'x', sizeof text);
            assert_true(hu_utf8_valid(text, length));
            text[at] = (char)0xFF;
            assert_false(hu_utf8_valid(text, length));
        }
}

static void latin1_becomes_utf8(void **state)
{
    (void)state;
    HU_BUF(buf);
    const char text[] = "a\xF1o \x93"
                        "cas\xF3\x94 \x80 \x81 \xFF";
    hu_latin1_to_utf8(text, sizeof text - 1, &buf);
    assert_string_equal(buf.data, "año \u201Ccasó\u201D € \xC2\x81 ÿ");
}

static void excerpts_are_short_and_whole(void **state)
{
    (void)state;
    char out[80];
    assert_string_equal(hu_excerpt(hu_str_of("short"), out), "short");
    assert_string_equal(hu_excerpt((hu_str){NULL, 0}, out), "");
    assert_string_equal(hu_excerpt(hu_str_of("two\nlines\t\x7f"), out), "two lines  ");
    char text[100] = "";
    memset(text, 'a', 60);
    assert_string_equal(hu_excerpt(hu_str_of(text), out), text);
    strcpy(text + 59, "ñandú"); /* the 60th byte is half of a letter */
    hu_excerpt(hu_str_of(text), out);
    assert_int_equal(strlen(out), 59 + strlen("…"));
    assert_string_equal(out + 59, "…");
    memset(text, 'a', 59);
    strcpy(text + 59, "bc");
    assert_string_equal(hu_excerpt(hu_str_of(text), out) + 59, "b…");
}

static void what_was_meant_is_found(void **state)
{
    (void)state;
    const char *const names[] = {"outcome", "cohort", "cluster", "covariates", NULL};
    assert_int_equal(hu_edit_distance("kitten", "sitting", 5), 3);
    assert_int_equal(hu_edit_distance("", "abc", 5), 3);
    assert_int_equal(hu_edit_distance("abcdef", "uvwxyz", 2), 3);
    assert_string_equal(hu_closest("clustr", names), "cluster");
    assert_string_equal(hu_closest("outcmoe", names), "outcome");
    assert_null(hu_closest("weights", names));
    char lengthy[200];
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    assert_null(hu_closest(lengthy, names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_drops_case_and_accents),
        cmocka_unit_test(what_would_grow_stays),
        cmocka_unit_test(bytes_that_are_not_utf8_become_question_marks),
        cmocka_unit_test(every_folded_byte_knows_its_code_point),
        cmocka_unit_test(all_code_points_keep_the_invariants),
        cmocka_unit_test(ascii_runs_agree_with_single_bytes),
        cmocka_unit_test(views_are_compared_and_trimmed),
        cmocka_unit_test(buffers_grow_and_stay_terminated),
        cmocka_unit_test(code_points_go_in_and_out),
        cmocka_unit_test(one_bad_byte_anywhere_is_found),
        cmocka_unit_test(latin1_becomes_utf8),
        cmocka_unit_test(excerpts_are_short_and_whole),
        cmocka_unit_test(what_was_meant_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
