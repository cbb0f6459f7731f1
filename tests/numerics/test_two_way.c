/* Two fixed effects solved exactly: against the iteration, the normal equations, and what is not identified. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/numerics/two_way.h"
#include "huella/numerics/within.h"

enum { ROWS = 400 };

typedef struct sample {
    hu_factor many, few;
    double w[ROWS], v[ROWS];
} sample;

/* Units 0-39 see levels 0-5, units 40-59 levels 6-8 only: two components. */
static sample *draw(hu_arena *arena, uint64_t seed)
{
    hu_random random = hu_random_start(seed, 2);
    sample *s = HU_NEW(arena, sample);
    double many[ROWS], few[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        many[i] = (double)hu_random_below(&random, 60);
        few[i] = (double)(many[i] < 40 ? hu_random_below(&random, 6) : 6 + hu_random_below(&random, 3));
        s->w[i] = 0.1 + hu_random_uniform(&random);
        s->v[i] = 1e3 * many[i] + 7 * few[i] + hu_random_normal(&random);
    }
    hu_factor_numbers(many, ROWS, arena, &s->many);
    hu_factor_numbers(few, ROWS, arena, &s->few);
    return s;
}

static void residuals_are_those_of_the_iteration(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        sample *s = draw(arena, seed);
        hu_two_way *two_way = NULL;
        double expected[ROWS], a[60], b[9], original[ROWS];
        memcpy(expected, s->v, sizeof expected);
        memcpy(original, s->v, sizeof original);
        hu_factor effects[2] = {s->many, s->few};
        CHECK_OK(hu_within(effects, 2, s->w, ROWS, expected, 1));
        CHECK_OK(hu_two_way_new(&s->many, &s->few, s->w, ROWS, arena, &two_way));
        hu_two_way_residuals(two_way, s->v, a, b);
        for (size_t i = 0; i < ROWS; i++) {
            check_close(s->v[i], expected[i], 1e-7, "residual");
            check_close(a[s->many.code[i]] + b[s->few.code[i]] + s->v[i], original[i], 1e-12, "effects");
        }
    }
}

static void components_are_what_is_connected(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    sample *s = draw(arena, 1);
    hu_two_way *two_way = NULL;
    CHECK_OK(hu_two_way_new(&s->many, &s->few, NULL, ROWS, arena, &two_way));
    assert_int_equal(two_way->components, 2);
    for (uint32_t l = 0; l < 9; l++)
        assert_int_equal(two_way->component[l], l >= 6);
    assert_int_equal(two_way->size[0], 6);
    assert_int_equal(two_way->size[1], 3);
}

/* An estimand's weights give its estimate from the outcomes: q'b = sum of w (a + b) v. */
static void weights_of_an_estimand_give_its_estimate(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    sample *s = draw(arena, 3);
    hu_two_way *two_way = NULL;
    CHECK_OK(hu_two_way_new(&s->many, &s->few, s->w, ROWS, arena, &two_way));
    double q_few[9] = {0.5, 0, -1, 0, 0.5, 0, 1, -1, 0}, q_many[60] = {0}, a[60], b[9], by_weights = 0, direct = 0;
    q_many[3] = 2; /* the fit of unit 3 at level 0: identified together, not apart */
    q_few[0] += 2;
    hu_two_way_solve(two_way, q_many, q_few, a, b);
    for (size_t i = 0; i < ROWS; i++)
        by_weights += s->w[i] * (a[s->many.code[i]] + b[s->few.code[i]]) * s->v[i];
    hu_two_way_residuals(two_way, s->v, a, b);
    for (size_t u = 0; u < 60; u++)
        direct += q_many[u] * a[u];
    for (size_t l = 0; l < 9; l++)
        direct += q_few[l] * b[l];
    check_close(by_weights, direct, 1e-9, "estimate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residuals_are_those_of_the_iteration),
        cmocka_unit_test(components_are_what_is_connected),
        cmocka_unit_test(weights_of_an_estimand_give_its_estimate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
