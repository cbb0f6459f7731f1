/* Samples: what design-based theory says of them must hold exactly, and over repeated draws. */

#include "check.h"

#include "huella/learning/sampling.h"

#include <stdbool.h>

enum { N_UNITS = 60, N_SEEDS = 4000 };

/* Units u00 … u59: a third in stratum "a", the rest in "b", but three in "c". */
static hu_sampling_unit *make_units(hu_arena *arena)
{
    hu_sampling_unit *units = HU_NEW_ARRAY(arena, hu_sampling_unit, N_UNITS);
    for (size_t i = 0; i < N_UNITS; i++)
        units[i] = (hu_sampling_unit){.id = hu_printf(arena, "u%02zu", i), .stratum = i < 3 ? "c" : i % 3 ? "b" : "a"};
    return units;
}

static void order_does_not_depend_on_how_units_come(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_sampling_unit *units = make_units(arena), *turned = HU_NEW_ARRAY(arena, hu_sampling_unit, N_UNITS);
    for (size_t i = 0; i < N_UNITS; i++)
        turned[i] = units[N_UNITS - 1 - i];
    hu_stratum *strata;
    size_t n;
    CHECK_OK(hu_sampling_order(units, N_UNITS, 7, 1, arena, &strata, &n));
    CHECK_OK(hu_sampling_order(turned, N_UNITS, 7, 1, arena, &strata, &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < N_UNITS; i++)
        assert_string_equal(units[i].id, turned[i].id);
    size_t sum = 0, places = 0;
    for (size_t h = 0; h < n; h++)
        sum += strata[h].population;
    assert_int_equal(sum, N_UNITS);
    for (size_t i = 0; i < N_UNITS; i++) /* positions are 1 … N_h, each once, in order */
        places += units[i].position ==
                  (i && strcmp(units[i].stratum, units[i - 1].stratum) == 0 ? units[i - 1].position + 1 : 1);
    assert_int_equal(places, N_UNITS);
}

/* Over all units the probabilities sum to the size of the sample, and the joint ones of a unit to (n - 1) times its
 * own (Cochran 1977, eq. 9A.33): in every design of fixed size. */
static void probabilities_sum_to_the_size(void **state)
{
    (void)state;
    hu_stratum strata[] = {{"a", 19, 0}, {"b", 38, 0}, {"c", 3, 0}};
    CHECK_OK(hu_sampling_allocate(strata, 3, 17, 2));
    double sum = 0;
    for (size_t h = 0; h < 3; h++)
        sum += (double)strata[h].population * hu_sampling_probability(&strata[h]);
    check_close(sum, 17, 1e-12, "sum of probabilities");
    for (size_t h = 0; h < 3; h++) {
        double joint = 0;
        for (size_t k = 0; k < 3; k++)
            joint += ((double)strata[k].population - (h == k)) * hu_sampling_joint(&strata[h], &strata[k]);
        check_close(joint, 16 * hu_sampling_probability(&strata[h]), 1e-12, "sum of joint probabilities");
    }
}

/* How often u00 (in c) and u05 (in b), and the pair u05 u07 of one stratum, are drawn over seeds: within 4 errors. */
static void units_are_drawn_as_often_as_stated(void **state)
{
    (void)state;
    size_t one = 0, other = 0, pair = 0;
    hu_stratum *strata = NULL;
    size_t n = 0;
    HU_SCRATCH(keep);
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        HU_SCRATCH(arena);
        hu_sampling_unit *units = make_units(arena);
        CHECK_OK(hu_sampling_order(units, N_UNITS, seed, 1, keep, &strata, &n));
        CHECK_OK(hu_sampling_allocate(strata, n, 15, 1));
        bool in[N_UNITS] = {false};
        for (size_t i = 0; i < N_UNITS; i++)
            for (size_t h = 0; h < n; h++)
                if (strcmp(strata[h].name, units[i].stratum) == 0)
                    in[strtoul(units[i].id + 1, NULL, 10)] = units[i].position <= strata[h].drawn;
        one += in[0];
        other += in[5];
        pair += in[5] && in[7];
    }
    const struct {
        size_t hits;
        double probability;
    } rows[] = {{one, hu_sampling_probability(&strata[2])},
                {other, hu_sampling_probability(&strata[1])},
                {pair, hu_sampling_joint(&strata[1], &strata[1])}};
    for (size_t i = 0; i < 3; i++)
        assert_true(fabs((double)rows[i].hits / N_SEEDS - rows[i].probability) <
                    4 * sqrt(rows[i].probability * (1 - rows[i].probability) / N_SEEDS));
}

/* 21 seats for 53, 24 and 23: Sainte-Laguë gives 11, 5, 5. And no stratum ever loses when the sample grows. */
static void shares_are_proportional_and_never_shrink(void **state)
{
    (void)state;
    hu_stratum strata[] = {{"a", 53, 0}, {"b", 24, 0}, {"c", 23, 0}};
    CHECK_OK(hu_sampling_allocate(strata, 3, 21, 1));
    assert_int_equal(strata[0].drawn, 11);
    assert_int_equal(strata[1].drawn, 5);
    assert_int_equal(strata[2].drawn, 5);
    hu_stratum grown[] = {{"a", 53, 0}, {"b", 24, 0}, {"c", 23, 0}};
    for (size_t total = 3; total <= 100; total++) { /* in steps of one, and at once: the same */
        hu_stratum before[3], at_once[] = {{"a", 53, 0}, {"b", 24, 0}, {"c", 23, 0}};
        memcpy(before, grown, sizeof before);
        CHECK_OK(hu_sampling_allocate(grown, 3, total == 3 ? 3 : 1, 1));
        CHECK_OK(hu_sampling_allocate(at_once, 3, total, 1));
        for (size_t h = 0; h < 3; h++) {
            assert_true(grown[h].drawn >= before[h].drawn && grown[h].drawn <= grown[h].population);
            assert_int_equal(grown[h].drawn, at_once[h].drawn);
        }
    }
}

static void a_stratum_without_a_draw_is_refused(void **state)
{
    (void)state;
    hu_stratum strata[] = {{"a", 5, 0}, {"b", 5, 0}, {"c", 1, 0}};
    CHECK_FAILS(hu_sampling_allocate(strata, 3, 2, 1), HU_USAGE, "fewer or coarser strata");
    CHECK_FAILS(hu_sampling_allocate(strata, 3, 12, 1), HU_USAGE, "only 11 judgments are left");
    CHECK_OK(hu_sampling_allocate(strata, 3, 5, 2)); /* a stratum of one gives one */
    assert_int_equal(strata[2].drawn, 1);
    assert_int_equal(hu_sampling_allocate_each(strata, 3, 4), 6);
}

/* Two independent designs: u is missed by both with (1 - 1/4)(1 - 2/5). */
static void a_union_of_designs(void **state)
{
    (void)state;
    check_close(hu_sampling_union((const double[]){0.25, 0.4}, 2), 0.55, 1e-15, "union");
    assert_true(hu_sampling_union((const double[]){1.0 / 3}, 1) == 1.0 / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_does_not_depend_on_how_units_come),
        cmocka_unit_test(probabilities_sum_to_the_size),
        cmocka_unit_test(units_are_drawn_as_often_as_stated),
        cmocka_unit_test(shares_are_proportional_and_never_shrink),
        cmocka_unit_test(a_stratum_without_a_draw_is_refused),
        cmocka_unit_test(a_union_of_designs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
