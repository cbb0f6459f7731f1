/* The power of pretests against closed forms, and what is left after passing against plain simulation. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/causal/pretest.h"
#include "huella/numerics/distributions.h"

static const double l[] = {1};

/* One period before: P(|N(slope / error, 1)| > 1.96) = power. */
static void one_period_is_a_two_sided_test(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const double beta[] = {0.1, 0.5}, sigma[] = {0.04, 0.01, 0.01, 0.09}, periods[] = {-1, 1};
    hu_trends t = {1, 1, beta, sigma, l, NULL, 0};
    hu_pretest p;
    CHECK_OK(hu_pretest_power(&t, periods, 0.5, 0.95, 1, arena, &p));
    double z = p.slope / 0.2, c = hu_normal_quantile(0.975);
    check_close(hu_normal_below(z - c) + hu_normal_below(-z - c), 0.5, 1e-8, "power");
    check_close(p.passes_null, 0.95, 1e-10, "passes without trend");
    check_close(p.bias, p.slope, 1e-14, "bias");
    /* E[Z | |Z + shift| <= c] of the truncated normal, through the covariance after treatment */
    double low = -c + z, high = c + z; /* beta before is -slope + 0.2 z */
    double share = hu_normal_below(high) - hu_normal_below(low);
    double mean = (exp(-low * low / 2) - exp(-high * high / 2)) / sqrt(2 * 3.14159265358979324) / share;
    check_close(p.mean_if_passed[0], -p.slope + 0.2 * mean, 0.01, "mean before");
    check_close(p.mean_if_passed[1], p.slope + 0.01 / 0.2 * mean, 0.01, "mean after");
    check_close(log(p.likelihood_ratio), (0.1 * 0.1 - (0.1 + p.slope) * (0.1 + p.slope)) / (2 * 0.04), 1e-9,
                "likelihood ratio");
}

/* Independent periods: passing is a product. */
static void independent_periods_multiply(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const double beta[4] = {0}, periods[] = {-3, -2, -1, 1};
    double sigma[16] = {0};
    for (int i = 0; i < 4; i++)
        sigma[5 * i] = 0.01 * (i + 1);
    hu_trends t = {3, 1, beta, sigma, l, NULL, 0};
    hu_pretest p;
    CHECK_OK(hu_pretest_power(&t, periods, 0.8, 0.95, 1, arena, &p));
    double pass = 1, c = hu_normal_quantile(0.975);
    for (int i = 0; i < 3; i++) {
        double z = p.slope * periods[i] / sqrt(sigma[5 * i]);
        pass *= hu_normal_below(c - z) - hu_normal_below(-c - z);
    }
    check_close(pass, 0.2, 1e-6, "passes");
    check_close(p.mean_if_passed[3], p.trend[3], 1e-12, "nothing to learn from independent periods");
    CHECK_FAILS(hu_pretest_power(&t, periods, 0.1, 0.95, 1, arena, &p), HU_USAGE, "without any trend");
}

/* Correlated periods: draws from the same normal that pass, counted and averaged. */
static void correlated_periods_agree_with_plain_simulation(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { DRAWS = 200000 };
    static const double beta[] = {0, 0, 0}, periods[] = {-2, -1, 1}, root[] = {0.2, 0.15, 0.1, 0, 0.1, 0.08, 0, 0, 0.1};
    double sigma[9], c = hu_normal_quantile(0.975), sum[3] = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            sigma[i + 3 * j] = 0;
            for (int k = 0; k < 3; k++)
                sigma[i + 3 * j] += root[i + 3 * k] * root[j + 3 * k];
        }
    hu_trends t = {2, 1, beta, sigma, l, NULL, 0};
    hu_pretest p;
    CHECK_OK(hu_pretest_power(&t, periods, 0.5, 0.95, 1, arena, &p));
    hu_random random = hu_random_start(5, 5);
    int passed = 0;
    for (int d = 0; d < DRAWS; d++) {
        double z[3], b[3];
        bool pass = true;
        for (int i = 0; i < 3; i++)
            z[i] = hu_random_normal(&random);
        for (int i = 0; i < 3; i++) {
            b[i] = p.slope * periods[i];
            for (int k = 0; k < 3; k++)
                b[i] += root[i + 3 * k] * z[k];
            pass &= i == 2 || fabs(b[i]) <= c * sqrt(sigma[4 * i]);
        }
        passed += pass;
        for (int i = 0; pass && i < 3; i++)
            sum[i] += b[i];
    }
    assert_true(fabs(passed / (double)DRAWS - 0.5) < 0.01);
    for (int i = 0; i < 3; i++)
        assert_true(fabs(sum[i] / passed - p.mean_if_passed[i]) < 0.004);
}

static void a_singular_covariance_is_named(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const double beta[] = {0, 0, 0}, periods[] = {-2, -1, 1}, sigma[] = {1, 1, 0, 1, 1, 0, 0, 0, 1};
    hu_trends t = {2, 1, beta, sigma, l, NULL, 0};
    hu_pretest p;
    CHECK_FAILS(hu_pretest_power(&t, periods, 0.5, 0.95, 1, arena, &p), HU_SINGULAR, "restrict the event times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_period_is_a_two_sided_test),
        cmocka_unit_test(independent_periods_multiply),
        cmocka_unit_test(correlated_periods_agree_with_plain_simulation),
        cmocka_unit_test(a_singular_covariance_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
