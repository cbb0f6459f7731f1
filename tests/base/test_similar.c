/* Likeness of texts: the estimate is near the truth, groups are those that were made. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/base/similar.h"

#include <math.h>

/* A text of words chosen by chance; `changed` of 1,000 words are others than with the same seed and 0 changed. */
static hu_signature signature_of(uint64_t seed, size_t words, unsigned changed)
{
    HU_BUF(text);
    hu_random choose = hu_random_start(seed, 0), change = hu_random_start(seed, 1);
    for (size_t i = 0; i < words; i++) {
        uint64_t word = hu_random_below(&choose, 100000);
        if (hu_random_below(&change, 1000) < changed)
            word += 100000;
        hu_buf_printf(&text, "w%llu%s", (unsigned long long)word, i % 9 ? " " : ",\n");
    }
    hu_signature signature;
    hu_signature_of(text.data, text.length, &signature);
    return signature;
}

static void the_estimate_is_jaccards(void **state)
{
    (void)state;
    static const unsigned changed[] = {0, 5, 20, 50, 100, 300};
    for (size_t c = 0; c < sizeof changed / sizeof *changed; c++) {
        double sum = 0, kept = pow(1 - changed[c] / 1000.0, HU_SHINGLE), expected = kept / (2 - kept);
        for (uint64_t seed = 0; seed < 40; seed++) {
            hu_signature a = signature_of(seed, 2000, 0), b = signature_of(seed, 2000, changed[c]);
            sum += hu_signature_similarity(&a, &b);
        }
        assert_true(fabs(sum / 40 - expected) < 0.025); /* three standard errors of the mean of 40 */
    }
}

static void small_and_empty_texts(void **state)
{
    (void)state;
    hu_signature none, blank, word, again, other;
    hu_signature_of("", 0, &none);
    hu_signature_of(" .,;", 4, &blank);
    hu_signature_of("falla", 5, &word);
    hu_signature_of(&" Xfalla. "[2], 7, &again);
    hu_signature_of("resuelve", 8, &other);
    assert_true(hu_signature_similarity(&none, &blank) == 0 && hu_signature_similarity(&none, &none) == 0);
    assert_true(hu_signature_similarity(&word, &again) == 1);
    assert_true(hu_signature_similarity(&word, &other) < 0.1);
}

static bool always(void *context, size_t a, size_t b, double similarity)
{
    (void)a, (void)b;
    assert_true(similarity >= 0.5);
    ++*(size_t *)context;
    return true;
}

static bool never(void *context, size_t a, size_t b, double similarity)
{
    (void)a, (void)b, (void)similarity;
    ++*(size_t *)context;
    return false;
}

static void copies_are_grouped_with_the_first(void **state)
{
    (void)state;
    enum { ORIGINALS = 200, COPIES = 5 };
    static hu_signature signatures[ORIGINALS * COPIES];
    static size_t group[ORIGINALS * COPIES];
    size_t asked = 0;
    for (size_t i = 0; i < ORIGINALS * COPIES; i++)
        signatures[i] = signature_of(i % ORIGINALS, 400, i < ORIGINALS ? 0 : 20);
    hu_similar_groups(signatures, ORIGINALS * COPIES, 0.5, always, &asked, group);
    for (size_t i = 0; i < ORIGINALS * COPIES; i++)
        assert_int_equal(group[i], i % ORIGINALS);
    hu_similar_groups(signatures, ORIGINALS * COPIES, 0.5, never, &asked, group);
    for (size_t i = 0; i < ORIGINALS * COPIES; i++)
        assert_int_equal(group[i], i);
    asked = 0;
    for (size_t i = 0; i < ORIGINALS * COPIES; i++)
        signatures[i] = signatures[0];
    hu_similar_groups(signatures, ORIGINALS * COPIES, 0.5, always, &asked, group);
    assert_int_equal(group[ORIGINALS * COPIES - 1], 0);
    assert_int_equal(asked,
                     ORIGINALS * COPIES - 1); /* a thousand copies of one text ask a thousand times, not a million */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimate_is_jaccards),
        cmocka_unit_test(small_and_empty_texts),
        cmocka_unit_test(copies_are_grouped_with_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
