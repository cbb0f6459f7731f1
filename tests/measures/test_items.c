/* Item analysis and item response scores: against psych, direct maximisation in R, and simulated truth. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/json.h"
#include "huella/base/random.h"
#include "huella/measures/items.h"
#include "huella/numerics/quadrature.h"

static double at(const json_t *object, const char *key, size_t i)
{
    const json_t *value = json_object_get(object, key);
    return json_number_value(json_is_array(value) ? json_array_get(value, i) : value);
}

static double *matrix(hu_arena *arena, const char *stem, size_t k, size_t *n)
{
    hu_table *table;
    CHECK_OK(hu_csv_read(check_source(arena, "tests/oracles/own_items.csv"), NULL, arena, &table));
    double *x = HU_NEW_ARRAY(arena, double, table->rows *k);
    for (size_t j = 0; j < k; j++)
        memcpy(x + j * table->rows, hu_table_find(table, hu_printf(arena, "%s%zu", stem, j + 1))->numbers,
               table->rows * sizeof *x);
    *n = table->rows;
    return x;
}

static json_t *numbers(hu_arena *arena)
{
    json_t *root;
    CHECK_OK(hu_json_load(check_source(arena, "tests/oracles/own_items.json"), &root));
    return root;
}

static void quadrature_integrates_polynomials(void **state)
{
    (void)state;
    double node[61], weight[61], moment = 1;
    CHECK_OK(hu_normal_quadrature(61, node, weight));
    for (int power = 0; power < 40; power += 2) {
        double sum = 0, odd = 0;
        for (int i = 0; i < 61; i++) {
            sum += weight[i] * pow(node[i], power);
            odd += weight[i] * pow(node[i], power + 1);
        }
        check_close(sum, moment, 1e-10, "even moment of a normal");
        assert_true(fabs(odd) <= 1e-10 * moment * (power + 1));
        moment *= power + 1;
    }
    CHECK_FAILS(hu_normal_quadrature(0, node, weight), HU_USAGE, "1 to 200");
}

static void item_analysis_matches_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = numbers(arena);
    const json_t *likert = json_object_get(root, "likert"), *complete = json_object_get(root, "complete");
    size_t n, m = 0;
    double *x = matrix(arena, "v", 4, &n);
    hu_item_analysis a;
    CHECK_OK(hu_items_analyse(x, n, 4, 0.95, arena, &a));
    check_close(a.alpha, at(likert, "alpha", 0), 1e-10, "alpha");
    check_close(a.lower, at(likert, "feldt", 0), 1e-8, "its lower end");
    check_close(a.upper, at(likert, "feldt", 1), 1e-8, "its upper end");
    for (size_t j = 0; j < 4; j++) {
        check_close(a.items[j].rest, at(likert, "rest", j), 1e-10, "item and rest");
        check_close(a.items[j].alpha_without, at(likert, "without", j), 1e-10, "alpha without");
        check_close(a.items[j].mean, at(likert, "mean", j), 1e-10, "mean");
        check_close(a.items[j].sd, at(likert, "sd", j), 1e-10, "sd");
    }
    x = matrix(arena, "q", 9, &n); /* those who answered all */
    double *whole = HU_NEW_ARRAY(arena, double, 9 * n);
    CHECK_OK(hu_items_analyse(x, n, 9, 0.95, arena, &a));
    for (size_t i = 0; i < n; i++) {
        bool all = true;
        for (size_t j = 0; j < 9; j++)
            all = all && !isnan(x[j * n + i]);
        for (size_t j = 0; j < 9 && all; j++)
            whole[j * a.complete + m] = x[j * n + i];
        m += all;
    }
    assert_int_equal(m, a.complete);
    CHECK_OK(hu_items_analyse(whole, m, 9, 0.95, arena, &a));
    check_close(a.alpha, at(complete, "alpha", 0), 1e-10, "alpha of 0 and 1");
    for (size_t j = 0; j < 9; j++) {
        check_close(a.items[j].rest, at(complete, "rest", j), 1e-10, "item and rest");
        assert_true(a.items[j].discrimination > 0.1 && a.items[j].discrimination < 1);
    }
    json_decref(root);
}

/* The peer maximised by BFGS: its parameters are good to about 1e-5, its likelihood to more. */
static void scores_match_direct_maximisation(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = numbers(arena);
    static const char *const keys[] = {"two", "rasch", "prior"};
    size_t n;
    double *x = matrix(arena, "q", 9, &n);
    for (int model = 0; model < 3; model++) {
        const json_t *run = json_object_get(root, keys[model]);
        hu_irt irt;
        CHECK_OK(
            hu_irt_fit(x, n, 9, &(hu_irt_options){.rasch = model == 1, .prior = model == 2 ? 0.5 : 0}, arena, &irt));
        for (size_t j = 0; j < 9; j++) {
            assert_true(fabs(irt.items[j].a - at(run, "a", j)) < 1e-4);
            assert_true(fabs(irt.items[j].d - at(run, "d", j)) < 1e-4);
            assert_true(irt.items[j].a_se > 0.05 && irt.items[j].a_se < 0.6);
        }
        if (model < 2)
            check_close(irt.log_likelihood, at(run, "loglik", 0), 1e-9, "log-likelihood");
        for (size_t i = 0; model == 0 && i < 40; i++) {
            assert_true(fabs(irt.score[i] - at(run, "score", i)) < 1e-4);
            assert_true(fabs(irt.se[i] - at(run, "se", i)) < 1e-4);
        }
        assert_int_equal(irt.parameters, model == 1 ? 10 : 18);
    }
    json_decref(root);
}

/* 95 % intervals of 40 fits hold the true slope and intercept about that often, and scores follow ability. */
static void errors_are_as_large_as_they_say(void **state)
{
    (void)state;
    enum { N = 400, K = 8, ROUNDS = 40 };
    size_t covered = 0;
    for (int round = 0; round < ROUNDS; round++) {
        HU_SCRATCH(arena);
        hu_random random = hu_random_start(77, (uint64_t)round);
        double *x = HU_NEW_ARRAY(arena, double, N *K), *ability = HU_NEW_ARRAY(arena, double, N);
        for (size_t i = 0; i < N; i++)
            ability[i] = hu_random_normal(&random);
        for (size_t j = 0; j < K; j++)
            for (size_t i = 0; i < N; i++) {
                double a = 0.8 + 0.15 * (double)j, d = -1 + 0.3 * (double)j;
                x[j * N + i] = hu_random_uniform(&random) < 1 / (1 + exp(-a * ability[i] - d));
            }
        hu_irt irt;
        CHECK_OK(hu_irt_fit(x, N, K, &(hu_irt_options){.nodes = 31, .tolerance = 1e-5}, arena, &irt));
        double product = 0, square = 0;
        for (size_t j = 0; j < K; j++) {
            covered += fabs(irt.items[j].a - 0.8 - 0.15 * (double)j) < 1.96 * irt.items[j].a_se;
            covered += fabs(irt.items[j].d + 1 - 0.3 * (double)j) < 1.96 * irt.items[j].d_se;
        }
        for (size_t i = 0; i < N; i++) {
            product += ability[i] * irt.score[i];
            square += irt.score[i] * irt.score[i];
        }
        assert_true(fabs(product / square - 1) < 0.25); /* a posterior mean is calibrated */
        assert_true(irt.reliability > 0.5 && irt.reliability < 0.9);
    }
    assert_true(covered > 590 && covered < 635); /* of 640 */
}

static void what_has_no_score_says_so(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    size_t n;
    double *x = matrix(arena, "q", 9, &n);
    hu_irt irt;
    for (size_t i = 0; i < n; i++)
        x[2 * n + i] = 1; /* everybody right */
    for (size_t j = 0; j < 9; j++)
        x[j * n + 5] = NAN;
    CHECK_OK(hu_irt_fit(x, n, 9, &(hu_irt_options){0}, arena, &irt));
    assert_false(irt.items[2].used);
    assert_true(isnan(irt.score[5]) && irt.persons == n - 1);
    x[7] = 2;
    CHECK_FAILS(hu_irt_fit(x, n, 9, &(hu_irt_options){0}, arena, &irt), HU_BAD_INPUT, "item 1, person 8: 2 is not 0");
    CHECK_FAILS(hu_irt_fit(x + n, n, 2, &(hu_irt_options){0}, arena, &irt), HU_EMPTY, "three or more");
    hu_item_analysis a;
    CHECK_FAILS(hu_items_analyse(x, n, 1, 0, arena, &a), HU_EMPTY, "two or more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quadrature_integrates_polynomials), cmocka_unit_test(item_analysis_matches_the_peer),
        cmocka_unit_test(scores_match_direct_maximisation),  cmocka_unit_test(errors_are_as_large_as_they_say),
        cmocka_unit_test(what_has_no_score_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
