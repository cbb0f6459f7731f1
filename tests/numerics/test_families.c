/* Adjusted p-values against R's p.adjust (p_adjust.json); step-down against its definition. */

#include "check.h"

#include "huella/base/json.h"
#include "huella/base/random.h"
#include "huella/numerics/families.h"

static void adjustments_match_the_peer(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root = NULL;
    CHECK_OK(hu_json_load(check_source(arena, "tests/oracles/p_adjust.json"), &root));
    static const struct {
        const char *name;
        hu_adjustment adjustment;
    } all[] = {
        {"holm", HU_HOLM}, {"hochberg", HU_HOCHBERG}, {"bonferroni", HU_BONFERRONI}, {"bh", HU_BH}, {"by", HU_BY}};
    json_t *given = json_object_get(root, "p");
    size_t n = json_array_size(given);
    assert_int_equal(n, 25);
    /* in a mixed order, with a missing one in the middle that counts for nothing */
    double p[26], out[26];
    size_t place[26];
    for (size_t i = 0; i < n; i++) {
        place[i] = i * 7 % n < 12 ? i * 7 % n : i * 7 % n + 1;
        p[place[i]] = json_number_value(json_array_get(given, i));
    }
    p[12] = NAN;
    for (size_t a = 0; a < 5; a++) {
        hu_adjust_p(p, 26, all[a].adjustment, out);
        for (size_t i = 0; i < n; i++)
            check_close(out[place[i]], json_number_value(json_array_get(json_object_get(root, all[a].name), i)), 1e-12,
                        all[a].name);
        assert_true(isnan(out[12]));
    }
    hu_adjust_p(p, 0, HU_HOLM, out);
    json_decref(root);
}

enum { DRAWS = 200, TESTS = 4 };

/* Share of draws whose most extreme statistic among tests not more extreme than j is at least that of j; cumulated. */
static double by_definition(double drawn[DRAWS][TESTS], const double *seen, size_t j)
{
    double largest = 0;
    for (size_t first = 0; first < TESTS; first++) { /* every test at least as extreme as j comes before it */
        if (fabs(seen[first]) < fabs(seen[j]))
            continue;
        size_t extreme = 0;
        for (size_t i = 0; i < DRAWS; i++) {
            double most = 0;
            for (size_t l = 0; l < TESTS; l++)
                if (fabs(seen[l]) <= fabs(seen[first]))
                    most = fmax(most, fabs(drawn[i][l]));
            extreme += most >= fabs(seen[first]);
        }
        largest = fmax(largest, (double)extreme / DRAWS);
    }
    return largest;
}

static double share_above(double drawn[DRAWS][TESTS], size_t j, double bar)
{
    size_t count = 0;
    for (size_t i = 0; i < DRAWS; i++)
        count += fabs(drawn[i][j]) >= bar;
    return (double)count / DRAWS;
}

static void step_down_is_its_definition(void **state)
{
    (void)state;
    static double drawn[DRAWS][TESTS], shares[DRAWS][TESTS];
    hu_random random = hu_random_start(5, 1);
    for (size_t i = 0; i < DRAWS; i++) {
        double common = hu_random_normal(&random);
        for (size_t j = 0; j < TESTS; j++)
            drawn[i][j] = (1 + (double)j) * (common + hu_random_normal(&random));
    }
    double seen[TESTS], least[TESTS], out[TESTS];
    for (size_t j = 0; j < TESTS; j++)
        seen[j] = drawn[17][j] = (j % 2 ? -1 : 1) * (4 - (double)j) * 1.3; /* the observed assignment is one of them */
    hu_step_down_p(&drawn[0][0], DRAWS, TESTS, seen, true, HU_ROMANO_WOLF, out);
    for (size_t j = 0; j < TESTS; j++)
        assert_true(out[j] == by_definition(drawn, seen, j));
    /* by the smallest p: 2 - p is the statistic */
    for (size_t j = 0; j < TESTS; j++) {
        least[j] = 2 - share_above(drawn, j, fabs(seen[j]));
        for (size_t i = 0; i < DRAWS; i++)
            shares[i][j] = 2 - share_above(drawn, j, fabs(drawn[i][j]));
    }
    hu_step_down_p(&drawn[0][0], DRAWS, TESTS, seen, true, HU_WESTFALL_YOUNG, out);
    for (size_t j = 0; j < TESTS; j++)
        assert_true(out[j] == by_definition(shares, least, j));
    /* a drawn sample can not give zero; a test without a statistic is left out */
    seen[0] = 1e9;
    seen[3] = NAN;
    hu_step_down_p(&drawn[0][0], DRAWS, TESTS, seen, false, HU_ROMANO_WOLF, out);
    check_close(out[0], 1.0 / (DRAWS + 1), 1e-12, "least");
    assert_true(isnan(out[3]) && out[1] > out[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adjustments_match_the_peer),
        cmocka_unit_test(step_down_is_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
