/* Least squares, fixed effects, logit, factors, distributions: answers known by algebra or from R. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/random.h"
#include "huella/numerics/cluster.h"
#include "huella/numerics/distributions.h"
#include "huella/numerics/least_squares.h"
#include "huella/numerics/logit.h"
#include "huella/numerics/sums.h"
#include "huella/numerics/symmetric.h"
#include "huella/numerics/within.h"

enum { N = 200 };

/* The outcome is an exact combination: coefficients come back, by Cholesky and (near-collinear) by QR. */
static void exact_combinations_come_back(void **state)
{
    (void)state;
    for (int near = 0; near < 2; near++) {
        HU_SCRATCH(arena);
        double x[3 * N], y[N];
        hu_random random = hu_random_start(1, 0);
        for (size_t i = 0; i < N; i++) {
            x[i] = 1;
            x[N + i] = hu_random_normal(&random);
            x[2 * N + i] = near ? x[N + i] + 1e-5 * hu_random_normal(&random) : hu_random_normal(&random);
            y[i] = 2 - 3 * x[N + i] + 0.5 * x[2 * N + i];
        }
        hu_fit fit;
        CHECK_OK(hu_least_squares(x, N, 3, y, NULL, arena, &fit));
        const double expected[] = {2, -3, 0.5};
        for (size_t j = 0; j < 3; j++)
            check_close(fit.coefficients[j], expected[j], near ? 1e-9 : 1e-13, "coefficient");
        assert_int_equal(fit.rank, 3);
    }
}

/* The later of collinear columns goes, and what stays is the fit without it. */
static void the_later_collinear_column_goes(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double x[4 * N], y[N], w[N];
    hu_random random = hu_random_start(2, 0);
    for (size_t i = 0; i < N; i++) {
        x[i] = 1;
        x[N + i] = hu_random_normal(&random);
        x[2 * N + i] = 3 * x[N + i] - 2;
        x[3 * N + i] = hu_random_normal(&random);
        y[i] = hu_random_normal(&random);
        w[i] = hu_random_uniform(&random);
    }
    hu_fit fit, without;
    CHECK_OK(hu_least_squares(x, N, 4, y, w, arena, &fit));
    assert_int_equal(fit.rank, 3);
    assert_true(fit.dropped[2] && !fit.dropped[1] && !fit.dropped[3] && isnan(fit.coefficients[2]));
    memmove(x + 2 * N, x + 3 * N, N * sizeof *x);
    CHECK_OK(hu_least_squares(x, N, 3, y, w, arena, &without));
    check_close(fit.coefficients[3], without.coefficients[2], 1e-11, "coefficient beside a dropped column");
    check_close(fit.bread[3 + 3 * 4], without.bread[2 + 2 * 3], 1e-11, "bread beside a dropped column");
    w[7] = -1;
    CHECK_FAILS(hu_least_squares(x, N, 3, y, w, arena, &without), HU_BAD_INPUT, "weight 8");
}

/* Three crossed effects taken out: the residual has mean zero in every level, and agrees with dummies. */
static void effects_are_taken_out(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double y[N], w[N], level[3][N], x[(7 + 5 + 3) * N];
    memset(x, 0, sizeof x);
    hu_random random = hu_random_start(3, 0);
    static const size_t levels[3] = {7, 5, 3}, from[3] = {0, 7, 12};
    hu_factor effects[3];
    for (size_t i = 0; i < N; i++) {
        y[i] = hu_random_normal(&random);
        w[i] = 0.1 + hu_random_uniform(&random);
        for (size_t e = 0; e < 3; e++) {
            level[e][i] = (double)hu_random_below(&random, levels[e]);
            x[(from[e] + (size_t)level[e][i]) * N + i] = 1;
        }
    }
    for (size_t e = 0; e < 3; e++)
        hu_factor_numbers(level[e], N, arena, &effects[e]);
    hu_fit dummies;
    CHECK_OK(hu_least_squares(x, N, 15, y, w, arena, &dummies));
    assert_int_equal(dummies.rank, 13);
    CHECK_OK(hu_within(effects, 3, w, N, y, 1));
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(y[i] - dummies.residuals[i]) < 1e-10);
}

/* A saturated logit fits shares: p is the share in each group, and the slope the log odds ratio. */
static void logit_fits_shares(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double x[200], y[100];
    for (size_t i = 0; i < 100; i++) {
        x[i] = 1;
        x[100 + i] = i >= 40;
        y[i] = i < 40 ? i < 10 : i < 85;
    }
    hu_logit fit;
    CHECK_OK(hu_logit_fit(x, 100, 2, y, NULL, arena, &fit));
    check_close(fit.fitted[0], 0.25, 1e-8, "first share");
    check_close(fit.fitted[99], 0.75, 1e-8, "second share");
    check_close(fit.coefficients[1], 2 * log(3), 1e-8, "log odds ratio");
    check_close(fit.inverse[0], 1 / (40 * 0.25 * 0.75), 1e-7, "variance");
    for (size_t i = 0; i < 100; i++)
        x[100 + i] = 2;
    CHECK_FAILS(hu_logit_fit(x, 100, 2, y, NULL, arena, &fit), HU_SINGULAR, "collinear");
}

static void factors_follow_the_values(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char csv[] = "n,f,t\n30,0.5,b\n10,-1.5,a\n30,0.5,ñ\n20,7.25,a\n";
    hu_table *table;
    CHECK_OK(hu_csv_parse(csv, sizeof csv - 1, "t", NULL, arena, &table));
    static const uint32_t expected[3][4] = {{2, 0, 2, 1}, {1, 0, 1, 2}, {1, 0, 2, 0}};
    for (size_t c = 0; c < 3; c++) {
        hu_factor factor;
        hu_factor_column(&table->columns[c], NULL, 4, arena, &factor);
        assert_int_equal(factor.levels, 3);
        assert_memory_equal(factor.code, expected[c], sizeof expected[c]);
        assert_int_equal(factor.first[0], 1);
    }
    hu_factor a, b, both;
    hu_factor_column(&table->columns[0], NULL, 4, arena, &a);
    hu_factor_column(&table->columns[2], (const uint32_t[]){0, 1, 0, 3}, 4, arena, &b);
    assert_int_equal(b.levels, 2);
    hu_factor_cross(&a, &b, arena, &both);
    assert_int_equal(both.levels, 3);
}

/* Values from R: qnorm, pnorm, pt, qt, pchisq, pf. */
static void distributions_are_those_of_r(void **state)
{
    (void)state;
    check_close(hu_normal_quantile(0.975), 1.959963984540054, 1e-15, "qnorm");
    check_close(hu_normal_two_sided(-1.959963984540054), 0.05, 1e-14, "pnorm");
    check_close(hu_t_two_sided(2.75525883347216, 499), 0.00607895216361458, 1e-12, "pt");
    check_close(hu_chi_square_upper(3.841458820694124, 1), 0.05, 1e-13, "pchisq");
    check_close(hu_t_quantile(0.975, 1), tan(0.475 * acos(-1)), 1e-12, "qt of Cauchy is a tangent");
    check_close(hu_f_upper(hu_t_quantile(0.975, 7) * hu_t_quantile(0.975, 7), 1, 7), 0.05, 1e-12, "pf is t squared");
    assert_true(isnan(hu_normal_two_sided(NAN)));
}

static void sums_do_not_lose(void **state)
{
    (void)state;
    hu_sum sum = {0};
    hu_sum_add(&sum, 1e100);
    hu_sum_add(&sum, 1);
    hu_sum_add(&sum, -1e100);
    assert_true(hu_sum_value(&sum) == 1);
}

static void singular_matrices_are_seen(void **state)
{
    (void)state;
    const double singular[] = {1, 2, 2, 4}, fine[] = {2, 1, 1, 3}, b[] = {1, 1};
    double inverse[4];
    assert_true(hu_rcond(singular, 2) < 1e-15);
    assert_false(hu_invert_positive(singular, 2, inverse) && inverse[0] < 1e15);
    assert_true(hu_invert_positive(fine, 2, inverse));
    check_close(inverse[0], 0.6, 1e-14, "inverse");
    check_close(hu_quadratic_inverse(fine, 2, b), 0.6, 1e-14, "b' A^-1 b");
    assert_true(isnan(hu_quadratic_inverse(singular, 2, b)));
}

/* A row alone in an effect goes, and so does the one that its going leaves alone. */
static void singletons_go_in_turn(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const double unit[] = {1, 1, 2, 2, 3, 3}, time[] = {1, 2, 1, 2, 2, 9};
    hu_factor effects[2];
    bool keep[6];
    hu_factor_numbers(unit, 6, arena, &effects[0]);
    hu_factor_numbers(time, 6, arena, &effects[1]);
    assert_int_equal(hu_singletons(effects, 2, 6, keep), 2);
    assert_true(keep[0] && keep[3] && !keep[4] && !keep[5]);
}

/* The unit of a covariate does not decide whether it is collinear. */
static void logit_takes_any_unit(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double x[200], large[200], y[100];
    for (size_t i = 0; i < 100; i++) {
        x[i] = large[i] = 1;
        x[100 + i] = sin((double)i);
        large[100 + i] = 1e9 * x[100 + i];
        y[i] = i % 3 == 0 || (i % 2 && x[100 + i] > 0);
    }
    hu_logit a, b;
    CHECK_OK(hu_logit_fit(x, 100, 2, y, NULL, arena, &a));
    CHECK_OK(hu_logit_fit(large, 100, 2, y, NULL, arena, &b));
    check_close(b.coefficients[1] * 1e9, a.coefficients[1], 1e-9, "coefficient");
    check_close(b.inverse[3] * 1e18, a.inverse[3], 1e-9, "variance");
}

/* A variance of rank one gives no statistic; units change nothing. */
static void quadratic_forms_know_their_rank(void **state)
{
    (void)state;
    const double one[] = {1, 2, 3, 2, 4, 6, 3, 6, 9}, b[] = {1, 1, 1};
    assert_true(isnan(hu_quadratic_inverse(one, 3, b)));
    const double a[] = {2, 1, 1, 3}, large[] = {2e20, 1e10, 1e10, 3}, c[] = {1, 2}, scaled[] = {1e10, 2};
    check_close(hu_quadratic_inverse(a, 2, c), 7.0 / 5, 1e-12, "plain");
    check_close(hu_quadratic_inverse(large, 2, scaled), 7.0 / 5, 1e-12, "other units");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_combinations_come_back),
        cmocka_unit_test(the_later_collinear_column_goes),
        cmocka_unit_test(effects_are_taken_out),
        cmocka_unit_test(logit_fits_shares),
        cmocka_unit_test(factors_follow_the_values),
        cmocka_unit_test(distributions_are_those_of_r),
        cmocka_unit_test(sums_do_not_lose),
        cmocka_unit_test(singular_matrices_are_seen),
        cmocka_unit_test(logit_takes_any_unit),
        cmocka_unit_test(quadratic_forms_know_their_rank),
        cmocka_unit_test(singletons_go_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
