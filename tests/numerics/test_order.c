/* Orders of numbers: ascending, stable, by several keys. */

#include "check.h"

#include "huella/base/random.h"
#include "huella/numerics/order.h"

#include <stdbool.h>

static void ascends_and_keeps_equal_values_in_order(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    enum { N = 5000 };
    double *values = HU_NEW_ARRAY(arena, double, N);
    hu_random random = hu_random_start(1, 0);
    for (size_t i = 0; i < N; i++) {
        double draw = hu_random_normal(&random);
        values[i] = i % 3 ? floor(10 * draw) : draw * 1e200; /* many ties, both signs, wide range */
    }
    values[7] = INFINITY;
    values[8] = -INFINITY;
    uint32_t *order = hu_order_numbers(values, N, arena);
    bool *seen = HU_NEW_ARRAY(arena, bool, N);
    for (size_t i = 0; i < N; i++) {
        assert_false(seen[order[i]]);
        seen[order[i]] = true;
        if (i > 0) {
            assert_true(values[order[i - 1]] <= values[order[i]]);
            if (values[order[i - 1]] == values[order[i]])
                assert_true(order[i - 1] < order[i]);
        }
    }
    assert_int_equal(order[0], 8);
    assert_int_equal(order[N - 1], 7);
}

static void zeros_of_both_signs_are_equal(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const double values[] = {0.0, -0.0, 0.0, -0.0, -1};
    uint32_t *order = hu_order_numbers(values, 5, arena);
    const uint32_t expected[] = {4, 0, 1, 2, 3};
    assert_memory_equal(order, expected, sizeof expected);
}

static void codes_come_first(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const double values[] = {5, 3, 1, 4};
    const uint32_t code[] = {1, 0, 1, 0}, expected[] = {1, 3, 2, 0};
    uint32_t *order = hu_order_numbers(values, 4, arena);
    hu_order_by_code(order, code, 4, 2);
    assert_memory_equal(order, expected, sizeof expected);
    assert_non_null(hu_order_numbers(values, 0, arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascends_and_keeps_equal_values_in_order),
        cmocka_unit_test(zeros_of_both_signs_are_equal),
        cmocka_unit_test(codes_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
