#include "check.h"
#include "huella/base/random.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* The known answers for philox4x32-10 that are published with Random123 (kat_vectors). */
static void philox_gives_the_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < 3; i++) {
        uint32_t out[4];
        hu_philox4x32(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].expected, sizeof out);
    }
}

/* What a sequence yields is philox at (index, stream) under the seed, word by word. */
static void a_sequence_is_a_pure_function_of_its_place(void **state)
{
    (void)state;
    uint64_t seed = 0x0123456789ABCDEF, stream = 0xFEDCBA9876543210;
    hu_random random = hu_random_start(seed, stream);
    for (uint32_t index = 0; index < 5; index++) {
        uint32_t counter[4] = {index, 0, 0x76543210, 0xFEDCBA98}, key[2] = {0x89ABCDEF, 0x01234567}, out[4];
        hu_philox4x32(counter, key, out);
        for (int i = 0; i < 4; i++)
            assert_int_equal(hu_random_u32(&random), out[i]);
    }
    hu_random words = hu_random_start(seed, stream), pairs = words;
    for (int i = 0; i < 10; i++) {
        uint64_t low = hu_random_u32(&words), high = hu_random_u32(&words);
        assert_true(hu_random_u64(&pairs) == (low | high << 32));
    }
}

static void streams_and_names_differ(void **state)
{
    (void)state;
    hu_random a = hu_random_start(1, 1), b = hu_random_start(1, 2), c = hu_random_start(2, 1);
    assert_true(hu_random_u64(&a) != hu_random_u64(&b));
    assert_true(hu_random_u64(&a) != hu_random_u64(&c));
    /* FNV-1a's own test vector for "foobar" is 0x85944171f73967e8; eight zero bytes of the index follow it. */
    uint64_t hash = 0x85944171f73967e8;
    for (int i = 0; i < 8; i++)
        hash *= 0x100000001B3;
    assert_true(hu_random_stream("foobar", 0) == hash);
    assert_true(hu_random_stream("cases", 0) != hu_random_stream("cases", 1));
    assert_true(hu_random_stream("cases", (uint64_t)1 << 56) != hu_random_stream("cases", 0));
}

enum { DRAWS = 400000, CELLS = 64 };

/* Pearson's statistic of equally likely cells must lie within the central 1 - 2e-6 of its distribution. */
static void assert_even(const double counts[], int cells, double draws, const char *what)
{
    double statistic = 0, expected = draws / cells;
    for (int i = 0; i < cells; i++)
        statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    double p = pchisq(statistic, cells - 1, 0, 0);
    if (p < 1e-6 || p > 1 - 1e-6)
        fail_msg("%s: chi-square %.2f on %d", what, statistic, cells - 1);
}

/* Each continuous draw, sent through its distribution function, must be uniform: in the middle and in both tails. */
static void draws_follow_their_distributions(void **state)
{
    (void)state;
    double uniform[CELLS] = {0}, normal[CELLS] = {0}, exponential[CELLS] = {0}, tails[2] = {0};
    hu_random random = hu_random_start(20270101, 5);
    for (int i = 0; i < DRAWS; i++) {
        double u = hu_random_uniform(&random), z = hu_random_normal(&random), e = hu_random_exponential(&random);
        assert_true(u >= 0 && u < 1 && isfinite(z) && e >= 0 && isfinite(e));
        uniform[(int)(u * CELLS)]++;
        normal[(int)(pnorm(z, 0, 1, 1, 0) * CELLS)]++;
        exponential[(int)(-expm1(-e) * CELLS)]++;
        tails[0] += z < -3;
        tails[1] += z > 3;
    }
    assert_even(uniform, CELLS, DRAWS, "uniform");
    assert_even(normal, CELLS, DRAWS, "normal");
    assert_even(exponential, CELLS, DRAWS, "exponential");
    double expected = DRAWS * pnorm(-3, 0, 1, 1, 0);
    for (int i = 0; i < 2; i++)
        assert_true(fabs(tails[i] - expected) < 5 * sqrt(expected));
}

/* Both algorithms, their border at 10, and means that are fractions: counts against the exact probabilities. */
static void poisson_counts_follow_their_probabilities(void **state)
{
    (void)state;
    enum { COUNTS = 1000000 };
    static const double means[] = {0.3, 1, 4.7, 9.99, 10, 10.3, 37.5, 400};
    for (size_t m = 0; m < sizeof means / sizeof *means; m++) {
        double counts[1000] = {0}, statistic = 0;
        int cells = 0;
        hu_random random = hu_random_start(11, m);
        for (int i = 0; i < COUNTS; i++) {
            unsigned k = hu_random_poisson(&random, means[m]);
            assert_true(k < 1000);
            counts[k]++;
        }
        double rest = 0, rest_expected = 0; /* cells with few expected are taken together */
        for (int k = 0; k < 1000; k++) {
            double expected = COUNTS * dpois(k, means[m], 0);
            if (expected < 20) {
                rest += counts[k];
                rest_expected += expected;
                continue;
            }
            statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
            cells++;
        }
        if (rest_expected > 5) {
            statistic += (rest - rest_expected) * (rest - rest_expected) / rest_expected;
            cells++;
        }
        double p = pchisq(statistic, cells - 1, 0, 0);
        if (p < 1e-6 || p > 1 - 1e-6)
            fail_msg("mean %g: chi-square %.2f on %d", means[m], statistic, cells - 1);
    }
}

static void poisson_takes_any_mean(void **state)
{
    (void)state;
    hu_random random = hu_random_start(1, 1);
    assert_int_equal(hu_random_poisson(&random, 0), 0);
    assert_int_equal(hu_random_poisson(&random, -3), 0);
    assert_int_equal(hu_random_poisson(&random, NAN), 0);
    assert_int_equal(hu_random_poisson(&random, 1e-300), 0);
    for (int i = 0; i < 100; i++)
        assert_true(fabs(hu_random_poisson(&random, 1e9) - 1e9) < 1e6);
    for (int i = 0; i < 100; i++) /* exp(-5000) is 0: only rejection can draw these */
        assert_true(fabs(hu_random_poisson(&random, 5000) - 5000.0) < 500);
    assert_true(hu_random_poisson(&random, INFINITY) > 900000000);
}

static void bounded_draws_are_even(void **state)
{
    (void)state;
    hu_random random = hu_random_start(3, 3);
    assert_int_equal(hu_random_below(&random, 0), 0);
    assert_int_equal(hu_random_below(&random, 1), 0);
    double counts[7] = {0}, thirds[3] = {0};
    for (int i = 0; i < DRAWS; i++)
        counts[hu_random_below(&random, 7)]++;
    assert_even(counts, 7, DRAWS, "below 7");
    /* Without rejection, a bound of 3/4 of 2^64 would make a third of the numbers twice as likely. */
    uint64_t bound = (uint64_t)3 << 62;
    for (int i = 0; i < DRAWS; i++) {
        uint64_t drawn = hu_random_below(&random, bound);
        assert_true(drawn < bound);
        thirds[drawn % 3]++;
    }
    assert_even(thirds, 3, DRAWS, "below 3 * 2^62");
}

static void all_orders_are_as_likely(void **state)
{
    (void)state;
    hu_random random = hu_random_start(4, 4);
    double counts[24] = {0};
    for (int i = 0; i < DRAWS / 4; i++) {
        size_t items[4] = {0, 1, 2, 3};
        hu_random_shuffle(&random, items, 4);
        int code = 0, place = 6, used = 0;
        for (int j = 0; j < 4; j++) {
            assert_false(used >> items[j] & 1);
            int rank = 0;
            for (size_t k = 0; k < items[j]; k++)
                rank += !(used >> k & 1);
            used |= 1 << items[j];
            code += rank * place;
            place /= j < 2 ? 3 - j : 1;
        }
        counts[code]++;
    }
    assert_even(counts, 24, DRAWS / 4, "orders of four");
    hu_random_shuffle(&random, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(a_sequence_is_a_pure_function_of_its_place),
        cmocka_unit_test(streams_and_names_differ),
        cmocka_unit_test(draws_follow_their_distributions),
        cmocka_unit_test(poisson_counts_follow_their_probabilities),
        cmocka_unit_test(poisson_takes_any_mean),
        cmocka_unit_test(bounded_draws_are_even),
        cmocka_unit_test(all_orders_are_as_likely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
