/* Accuracy on small cases whose counts can be made by hand. */

#include "check.h"

#include "huella/learning/accuracy.h"

static const hu_accuracy *score(hu_arena *arena, const char *variable, const char *read, const char *known)
{
    json_t *a = json_loads(read, 0, NULL), *b = json_loads(known, 0, NULL);
    assert_non_null(a);
    assert_non_null(b);
    hu_scorer *scorer = hu_scorer_new(arena);
    CHECK_OK(hu_scorer_add(scorer, a, b));
    json_decref(a);
    json_decref(b);
    const hu_accuracy *rows;
    size_t n;
    hu_scorer_rows(scorer, &rows, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].variable, variable) == 0)
            return &rows[i];
    return NULL;
}

#define LEAF(value) "{\"value\":" value ",\"confidence\":1,\"evidence\":[]}"

static void texts_compare_by_their_letters(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const hu_accuracy *row = score(arena, "region", "{\"decision\":{\"region\":" LEAF("\"ÁNCASH \"") "}}",
                                   "{\"decision\":{\"region\":\"Ancash\"}}");
    assert_int_equal(row->correct, 1);
    row = score(arena, "region", "{\"decision\":{\"region\":" LEAF("\"Ica\"") "}}",
                "{\"decision\":{\"region\":\"Junín\"}}");
    assert_int_equal(row->correct, 0);
    assert_int_equal(row->read, 1);
}

static void null_on_both_sides_counts_nowhere(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    assert_null(score(arena, "date", "{\"decision\":{\"date\":" LEAF("null") "}}", "{\"decision\":{\"date\":null}}"));
    assert_null(score(arena, "practices.x", "{\"practices\":{\"x\":" LEAF("\"absent\"") "}}",
                      "{\"practices\":{\"x\":\"absent\"}}"));
    const hu_accuracy *row =
        score(arena, "date", "{\"decision\":{\"date\":" LEAF("\"2020-01-01\"") "}}", "{\"decision\":{\"date\":null}}");
    assert_int_equal(row->known, 0);
    assert_int_equal(row->read, 1);
    assert_true(isnan(row->recall));
}

static void defendants_match_by_label_in_any_order(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *read =
        "{\"defendants\":[{\"label\":" LEAF("\"B. C.\"") ",\"verdict\":" LEAF("\"acquitted\"") "},{\"label\":" LEAF(
            "\"Juan Quispe\"") ",\"verdict\":" LEAF("\"convicted\"") "},{\"label\":" LEAF("\"Nadie\"") ",\"verdict\""
                                                                                                       ":" LEAF(
                                                                                                           "\"conv"
                                                                                                           "icted"
                                                                                                           "\"") "}]}";
    const char *known = "{\"defendants\":[{\"label\":\"JUAN ALBERTO "
                        "QUISPE\",\"verdict\":\"convicted\"},{\"label\":\"B.C.\",\"verdict\":\"acquitted\"}]}";
    const hu_accuracy *row = score(arena, "verdict", read, known);
    assert_int_equal(row->known, 2);
    assert_int_equal(row->correct, 2);
    assert_int_equal(row->read, 3); /* the verdict on nobody is a wrong one */
    row = score(arena, "defendants", read, known);
    assert_int_equal(row->correct, 2);
    assert_int_equal(row->read, 3);
}

static void lists_are_sets(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *read = "{\"defendants\":[{\"label\":" LEAF("\"A. B.\"") ",\"convicted\":[" LEAF(
        "{\"article\":\"179\",\"offence\":\"p\"}") "," LEAF("{\"article\":null,\"offence\":\"t\"}") "]}]}";
    const char *known =
        "{\"defendants\":[{\"label\":\"A. "
        "B.\",\"convicted\":[{\"article\":\"153\",\"offence\":\"t\"},{\"article\":\"180\",\"offence\":\"p\"},"
        "{\"article\":\"170\",\"offence\":\"r\"}]}]}";
    const hu_accuracy *row = score(arena, "convicted", read, known);
    assert_int_equal(row->known, 3);
    assert_int_equal(row->read, 2);
    assert_int_equal(row->correct, 1); /* t; p cites another article */
}

/* 8 of 10: Wilson's interval is 0.4902 … 0.9433 (the textbook example; R: binom::binom.wilson(8, 10)). */
static void wilson_interval(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_scorer *scorer = hu_scorer_new(arena);
    for (int i = 0; i < 10; i++) {
        json_t *read =
            json_pack("{s:{s:{s:s,s:[]}}}", "decision", "kind", "value", i < 8 ? "appeal" : "order", "evidence");
        json_t *known = json_pack("{s:{s:s}}", "decision", "kind", "appeal");
        CHECK_OK(hu_scorer_add(scorer, read, known));
        json_decref(read);
        json_decref(known);
    }
    const hu_accuracy *rows;
    size_t n;
    hu_scorer_rows(scorer, &rows, &n);
    assert_int_equal(n, 1);
    check_close(rows[0].precision, 0.8, 1e-12, "precision");
    check_close(rows[0].f1, 0.8, 1e-12, "F1");
    check_close(rows[0].recall_lower, 0.4901625, 1e-5, "lower");
    check_close(rows[0].recall_upper, 0.9433178, 1e-5, "upper");
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *list = json_array();
    CHECK_FAILS(hu_scorer_add(hu_scorer_new(arena), list, list), HU_BAD_INPUT, "two objects");
    json_decref(list);
}

static void a_comma_in_a_label_parts_its_words(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const hu_accuracy *row = score(arena, "defendants", "{\"defendants\":[{\"label\":" LEAF("\"Juan Mamani\"") "}]}",
                                   "{\"defendants\":[{\"label\":\"QUISPE MAMANI, JUAN\"}]}");
    assert_int_equal(row->correct, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_compare_by_their_letters),
        cmocka_unit_test(null_on_both_sides_counts_nowhere),
        cmocka_unit_test(defendants_match_by_label_in_any_order),
        cmocka_unit_test(a_comma_in_a_label_parts_its_words),
        cmocka_unit_test(lists_are_sets),
        cmocka_unit_test(wilson_interval),
        cmocka_unit_test(what_is_no_object_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
