/* Kappa against published examples. */

#include "check.h"

#include "huella/learning/agreement.h"

static void add(hu_agreement *agreement, const char *const *values, const char *const *labellers, size_t count)
{
    json_t *labels[8];
    for (size_t i = 0; i < count; i++)
        labels[i] = json_pack("{s:{s:s}}", "decision", "kind", values[i]);
    CHECK_OK(hu_agreement_add(agreement, (const json_t *const *)labels, labellers, count));
    for (size_t i = 0; i < count; i++)
        json_decref(labels[i]);
}

static const hu_agreement_row *row_of(hu_agreement *agreement, const char *variable)
{
    const hu_agreement_row *rows;
    size_t n;
    hu_agreement_rows(agreement, &rows, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].variable, variable) == 0)
            return &rows[i];
    return NULL;
}

/* 20 both yes, 5 and 10 apart, 15 both no: agreement 0.70, expected 0.50, kappa 0.40 (the usual textbook table). */
static void cohen_of_two(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const who[] = {"ana", "beto"};
    static const struct {
        int times;
        const char *values[2];
    } cells[] = {{20, {"yes", "yes"}}, {5, {"yes", "no"}}, {10, {"no", "yes"}}, {15, {"no", "no"}}};
    hu_agreement *agreement = hu_agreement_new(arena);
    for (size_t c = 0; c < 4; c++)
        for (int i = 0; i < cells[c].times; i++)
            add(agreement, cells[c].values, who, 2);
    const hu_agreement_row *row = row_of(agreement, "kind");
    assert_non_null(row);
    assert_int_equal(row->items, 50);
    assert_string_equal(row->kind, "cohen");
    check_close(row->agreement, 0.7, 1e-12, "agreement");
    check_close(row->kappa, 0.4, 1e-12, "kappa");
    /* large-sample error of Fleiss, Cohen & Everitt (1969) for this table: 0.1276; the jackknife's is close to it */
    check_close((row->upper - row->lower) / 2 / 1.959963984540054, 0.1276, 0.05, "error");
}

/* Fleiss (1971) as worked in the usual example: 10 subjects, 14 raters, 5 categories, kappa 0.210. */
static void fleiss_of_many(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const int counts[10][5] = {{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0},
                                      {2, 2, 8, 1, 1},  {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2},
                                      {6, 5, 2, 1, 0},  {0, 2, 2, 3, 7}};
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    hu_agreement *agreement = hu_agreement_new(arena);
    for (size_t s = 0; s < 10; s++) {
        json_t *labels[14];
        const char *who[14];
        size_t n = 0;
        for (size_t k = 0; k < 5; k++)
            for (int i = 0; i < counts[s][k]; i++, n++) {
                labels[n] = json_pack("{s:{s:s}}", "decision", "kind", names[k]);
                who[n] = hu_printf(arena, "rater%zu", n);
            }
        CHECK_OK(hu_agreement_add(agreement, (const json_t *const *)labels, who, n));
        for (size_t i = 0; i < n; i++)
            json_decref(labels[i]);
    }
    const hu_agreement_row *row = row_of(agreement, "kind");
    assert_string_equal(row->kind, "fleiss");
    check_close(row->agreement, 0.378, 2e-3, "agreement");
    check_close(row->kappa, 0.210, 3e-3, "kappa");
}

static void persons_are_matched_by_name(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    static const char *const who[] = {"ana", "beto"};
    hu_agreement *agreement = hu_agreement_new(arena);
    json_t *one = json_loads("{\"defendants\":[{\"label\":\"J. P.\",\"verdict\":\"convicted\"},"
                             "{\"label\":\"Ñ\",\"verdict\":\"acquitted\"}]}",
                             0, NULL),
           *two = json_loads("{\"defendants\":[{\"label\":\"Otro\",\"verdict\":\"acquitted\"},"
                             "{\"label\":\"JP\",\"verdict\":\"convicted\"}]}",
                             0, NULL);
    CHECK_OK(hu_agreement_add(agreement, (const json_t *const[]){one, two}, who, 2));
    CHECK_OK(hu_agreement_add(agreement, (const json_t *const[]){one}, who, 1)); /* labelled once: counts for nothing */
    json_decref(one);
    json_decref(two);
    const hu_agreement_row *row = row_of(agreement, "verdict");
    assert_int_equal(row->items, 1);
    check_close(row->agreement, 1, 0, "agreement");
    assert_true(isnan(row->kappa)); /* one value only: nothing to agree beyond chance */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cohen_of_two),
        cmocka_unit_test(fleiss_of_many),
        cmocka_unit_test(persons_are_matched_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
