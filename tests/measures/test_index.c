/* Summary indices: against base R's computation, and what each promises. */

#include "check.h"

#include "huella/base/csv.h"
#include "huella/base/json.h"
#include "huella/measures/index.h"

static const char *const names[] = {"a", "b", "c", "d"};
static const double sign[] = {1, 1, -1, 1};

typedef struct fixture {
    hu_table *table;
    double *x, *z;
} fixture;

static fixture load(hu_arena *arena)
{
    fixture f = {0};
    CHECK_OK(hu_csv_read(check_source(arena, "tests/oracles/own_index.csv"), NULL, arena, &f.table));
    f.x = HU_NEW_ARRAY(arena, double, 4 * f.table->rows);
    for (size_t j = 0; j < 4; j++)
        memcpy(f.x + j * f.table->rows, hu_table_find(f.table, names[j])->numbers, f.table->rows * sizeof *f.x);
    f.z = hu_table_find(f.table, "z")->numbers;
    return f;
}

static void indices_match_base_r(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    fixture f = load(arena);
    json_t *root;
    CHECK_OK(hu_json_load(check_source(arena, "tests/oracles/own_index.json"), &root));
    for (int way = 0; way < 4; way++) {
        size_t n = f.table->rows;
        double *control = HU_NEW_ARRAY(arena, double, n);
        for (size_t i = 0; i < n; i++)
            control[i] = f.z[i] == 0;
        hu_index_input in = {f.x, n, 4, names, sign, way & 1 ? NULL : control, f.z};
        hu_summary_index index;
        CHECK_OK(hu_index_make(&in, way / 2 ? HU_INDEX_KLK : HU_INDEX_ANDERSON, arena, &index));
        const json_t *run = json_object_get(json_object_get(root, "runs"), way & 1 ? "all" : "control");
        const json_t *expected = json_object_get(run, way / 2 ? "klk" : "anderson");
        for (size_t i = 0; i < n; i++) {
            const json_t *value = json_array_get(expected, i);
            assert_int_equal(isnan(index.value[i]), json_is_null(value));
            if (!json_is_null(value))
                check_close(index.value[i], json_number_value(value), 1e-10, "index");
        }
        for (size_t j = 0; j < 4; j++)
            check_close(index.weight[j],
                        way / 2 ? 0.25 : json_number_value(json_array_get(json_object_get(run, "weights"), j)), 1e-10,
                        "weight");
        assert_int_equal(index.complete, n - 4);
        assert_int_equal(index.partial, 3);
    }
    json_decref(root);
}

static void what_cannot_be_an_index_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    double x[12] = {1, 2, 3, 4, 2, 4, 6, 8, 5, 5, 5, 5};
    hu_index_input in = {x, 4, 2, names, NULL, NULL, NULL};
    hu_summary_index index;
    CHECK_FAILS(hu_index_make(&in, HU_INDEX_ANDERSON, arena, &index), HU_SINGULAR, "determine each other");
    CHECK_OK(hu_index_make(&in, HU_INDEX_KLK, arena, &index));
    check_close(index.value[3], 1.5 / sqrt(5.0 / 3), 1e-12, "both components say the same");
    in.k = 3;
    CHECK_FAILS(hu_index_make(&in, HU_INDEX_KLK, arena, &index), HU_EMPTY, "hold c");
    in.k = 0;
    CHECK_FAILS(hu_index_make(&in, HU_INDEX_KLK, arena, &index), HU_EMPTY, "components");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_match_base_r),
        cmocka_unit_test(what_cannot_be_an_index_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
