/* Krippendorff's alpha: the numbers of his own example, and a coincidence matrix by brute force. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/measures/krippendorff.h"

/* Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units. */
static const double published[4][12] = {
    {1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN},
    {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3},
    {NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN},
    {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN},
};

static void published_numbers(void **state)
{
    (void)state;
    static const double expected[] = {0.743, 0.815, 0.849};
    for (int level = 0; level < 3; level++) {
        hu_krippendorff k;
        CHECK_OK(hu_krippendorff_alpha(&published[0][0], 12, 4,
                                       &(hu_krippendorff_options){.level = (hu_alpha_level)level}, &k));
        assert_true(fabs(k.alpha - expected[level]) < 0.0005);
        assert_true(k.units == 11 && k.values == 40);
        assert_true(k.lower < k.alpha && k.alpha < k.upper && k.upper <= 1);
    }
}

/* alpha from the matrix of coincidences (ibid., step by step), values 1 to 5. */
static double by_matrix(const double *x, size_t units, size_t raters, hu_alpha_level level)
{
    double o[6][6] = {{0}}, n[6] = {0}, all = 0, top = 0, bottom = 0;
    for (size_t u = 0; u < units; u++) {
        double m = 0;
        for (size_t j = 0; j < raters; j++)
            m += !isnan(x[j * units + u]);
        for (size_t a = 0; a < raters; a++)
            for (size_t b = 0; b < raters; b++)
                if (a != b && !isnan(x[a * units + u]) && !isnan(x[b * units + u]))
                    o[(int)x[a * units + u]][(int)x[b * units + u]] += 1 / (m - 1);
    }
    for (int c = 1; c < 6; c++)
        for (int k = 1; k < 6; k++) {
            n[c] += o[c][k];
            all += o[c][k];
        }
    for (int c = 1; c < 6; c++)
        for (int k = 1; k < 6; k++) {
            double between = 0, d = c != k;
            for (int g = c < k ? c : k; g <= (c < k ? k : c); g++)
                between += n[g];
            if (level == HU_ALPHA_ORDINAL)
                d = pow(between - (n[c] + n[k]) / 2, 2);
            if (level == HU_ALPHA_INTERVAL)
                d = (c - k) * (c - k);
            top += o[c][k] * d;
            bottom += n[c] * n[k] * d;
        }
    return 1 - (all - 1) * top / bottom;
}

static void any_ratings_match_the_matrix(void **state)
{
    (void)state;
    hu_random random = hu_random_start(9, 0);
    for (int round = 0; round < 60; round++) {
        enum { UNITS = 15, RATERS = 3 };
        double x[RATERS * UNITS];
        for (size_t u = 0; u < UNITS; u++) {
            double truth = 1 + (double)hu_random_below(&random, 5);
            for (size_t j = 0; j < RATERS; j++) {
                double v = hu_random_uniform(&random) < 0.6 ? truth : 1 + (double)hu_random_below(&random, 5);
                x[j * UNITS + u] = hu_random_uniform(&random) < 0.2 ? NAN : v;
            }
        }
        hu_alpha_level level = (hu_alpha_level)(round % 3);
        hu_krippendorff k;
        CHECK_OK(hu_krippendorff_alpha(x, UNITS, RATERS, &(hu_krippendorff_options){level, 0, SIZE_MAX, 0}, &k));
        check_close(k.alpha, by_matrix(x, UNITS, RATERS, level), 1e-10, "alpha");
    }
}

/* Intervals of the bootstrap hold alpha's own value, that of very many units, about as often as they say. */
static void intervals_cover(void **state)
{
    (void)state;
    enum { MANY = 20000, UNITS = 60, ROUNDS = 200 };
    HU_SCRATCH(arena);
    hu_random random = hu_random_start(10, 0);
    double *x = HU_NEW_ARRAY(arena, double, 2 * MANY);
    size_t covered = 0;
    double truth = 0;
    for (int round = 0; round <= ROUNDS; round++) {
        size_t n = round ? UNITS : MANY;
        for (size_t u = 0; u < n; u++) {
            double true_value = hu_random_normal(&random);
            for (size_t j = 0; j < 2; j++)
                x[j * n + u] = true_value + 0.5 * hu_random_normal(&random);
        }
        hu_krippendorff k;
        CHECK_OK(hu_krippendorff_alpha(
            x, n, 2, &(hu_krippendorff_options){HU_ALPHA_INTERVAL, 0.95, round ? 400 : SIZE_MAX, (uint64_t)round}, &k));
        truth = round ? truth : k.alpha;
        covered += round && k.lower <= truth && truth <= k.upper;
    }
    assert_true(fabs(truth - 0.8) < 0.01); /* 1 - 0.25 / 1.25 */
    assert_true(covered >= 176 && covered <= 199);
}

static void what_has_no_alpha(void **state)
{
    (void)state;
    double one[] = {1, 2, 3, NAN, NAN, NAN}, same[] = {4, 4, 4, 4, 4, 4};
    hu_krippendorff k;
    CHECK_FAILS(hu_krippendorff_alpha(one, 3, 2, &(hu_krippendorff_options){0}, &k), HU_EMPTY, "two ratings");
    CHECK_OK(hu_krippendorff_alpha(same, 3, 2, &(hu_krippendorff_options){0}, &k));
    assert_true(isnan(k.alpha) && k.agreement == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_numbers),
        cmocka_unit_test(any_ratings_match_the_matrix),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(what_has_no_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
