/* Optimal pairs: against every matching there is, and one algorithm against the other. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/design/match.h"

#include <stdbool.h>

static double *distances(uint64_t seed, size_t n, bool ties, hu_arena *arena)
{
    hu_random random = hu_random_start(seed, 1);
    double *x = HU_NEW_ARRAY(arena, double, 2 * n), *d = HU_NEW_ARRAY(arena, double, n *n);
    for (size_t i = 0; i < 2 * n; i++)
        x[i] = ties ? (double)hu_random_below(&random, 4) : hu_random_normal(&random);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            d[i * n + j] = hypot(x[2 * i] - x[2 * j], x[2 * i + 1] - x[2 * j + 1]);
    return d;
}

/* The least sum over all matchings of the units not yet used, by trying each. */
static double brute_force(const double *d, size_t n, unsigned used)
{
    size_t first = 0;
    while (first < n && used >> first & 1)
        first++;
    if (first == n)
        return 0;
    double least = INFINITY;
    for (size_t j = first + 1; j < n; j++)
        if (!(used >> j & 1))
            least = fmin(least, d[first * n + j] + brute_force(d, n, used | 1u << first | 1u << j));
    return least;
}

/* Every unit has one mate, whose mate it is. */
static double sum_of(const double *d, const uint32_t *mate, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(mate[i] < n && mate[i] != i && mate[mate[i]] == i);
        sum += d[i * n + mate[i]] / 2;
    }
    return sum;
}

static void no_matching_is_better(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        HU_SCRATCH(arena);
        size_t n = 2 + 2 * (seed % 5);
        double *d = distances(seed, n, seed % 3 == 0, arena), least = brute_force(d, n, 0);
        uint32_t mate[10];
        CHECK_OK(hu_match_by_sets(d, n, mate));
        assert_true(fabs(sum_of(d, mate, n) - least) < 1e-12 * (1 + least));
        CHECK_OK(hu_match_by_program(d, n, mate));
        assert_true(fabs(sum_of(d, mate, n) - least) < 1e-9 * (1 + least));
    }
}

static void both_ways_agree_where_brute_force_cannot_go(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        HU_SCRATCH(arena);
        double *d = distances(100 + seed, 20, seed % 2, arena);
        uint32_t sets[20], program[20];
        CHECK_OK(hu_match_by_sets(d, 20, sets));
        CHECK_OK(hu_match_by_program(d, 20, program));
        check_close(sum_of(d, program, 20), sum_of(d, sets, 20), 1e-9, "sum of distances");
    }
}

/* Greedy pairing takes (b, c) first and leaves the far ends to each other. */
static void optimal_is_not_greedy(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const double at[] = {0, 2, 3, 5};
    double *d = HU_NEW_ARRAY(arena, double, 16);
    for (size_t i = 0; i < 16; i++)
        d[i] = fabs(at[i / 4] - at[i % 4]);
    uint32_t mate[4];
    CHECK_OK(hu_match_pairs(d, 4, mate));
    assert_int_equal(mate[0], 1);
    assert_int_equal(mate[2], 3);
}

static void odd_and_huge_are_refused(void **state)
{
    (void)state;
    uint32_t mate[3];
    CHECK_FAILS(hu_match_pairs((double[9]){0}, 3, mate), HU_BAD_INPUT, "even number");
    CHECK_FAILS(hu_match_pairs(NULL, HU_MATCH_LIMIT + 2, mate), HU_LIMIT, "at most 200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_matching_is_better),
        cmocka_unit_test(both_ways_agree_where_brute_force_cannot_go),
        cmocka_unit_test(optimal_is_not_greedy),
        cmocka_unit_test(odd_and_huge_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
