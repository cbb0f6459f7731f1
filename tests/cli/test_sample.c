/* `huella sample` as a user types it: a known design, a second draw, a second design. */

#include "run.h"

#include "huella/base/json.h"
#include "huella/registry/store.h"

enum { N_JUDGMENTS = 40 };

static const char *study;

static int set_up(void **state)
{
    (void)state;
    static char folder[] = "/tmp/huella-test-sample-XXXXXX";
    HU_SCRATCH(arena);
    if (!mkdtemp(folder))
        return -1;
    study = folder;
    hu_store *store;
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s/huella.db", folder), &store));
    for (int i = 0; i < N_JUDGMENTS; i++) { /* ten on appeal, thirty at first instance */
        const char *level = i % 4 ? "\"first_instance\"" : "\"appeal\"";
        hu_stored_finding finding = {.key = "decision.court_level", .json = level, .confidence = 0.9};
        hu_stored_judgment judgment = {.document = hu_printf(arena, "judgments/%02d.txt", i),
                                       .sha256 = hu_printf(arena, "%064d", i),
                                       .reader = "test",
                                       .text = "x",
                                       .json = "{\"ocr\":false}",
                                       .findings = &finding,
                                       .n_findings = 1};
        CHECK_OK(hu_store_put_judgment(store, &judgment));
    }
    hu_store_close(store);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_remove(study);
    return 0;
}

static json_t *parsed(check_run run)
{
    assert_string_equal(run.err, "");
    assert_int_equal(run.status, 0);
    json_t *root;
    CHECK_OK(hu_json_parse(run.out, strlen(run.out), "sample", &root));
    return root;
}

static const json_t *member(const json_t *list, const char *key, const char *value)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (strcmp(json_string_value(json_object_get(one, key)), value) == 0)
            return one;
    }
    return NULL;
}

static void nothing_drawn_is_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "sample", "--study", study);
    assert_int_equal(run.status, 2);
    check_contains(run.err, "no sample was drawn yet");
}

/* 8 of 40 by level: 2 of 10 on appeal, 6 of 30 at first instance, each with 1/5; twelve more keep these. */
static void a_second_draw_adds(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *first = parsed(
        CHECK_HUELLA(arena, "sample", "--study", study, "--size", "8", "--strata", "court_level", "--format", "json"));
    const json_t *drawn = json_object_get(first, "sample");
    assert_int_equal(json_array_size(drawn), 8);
    for (size_t i = 0; i < 8; i++)
        check_close(json_number_value(json_object_get(json_array_get(drawn, i), "probability")), 0.2, 0, "first");
    json_t *second = parsed(CHECK_HUELLA(arena, "sample", "--study", study, "--size", "12", "--format", "json"));
    const json_t *more = json_object_get(second, "sample");
    assert_int_equal(json_array_size(more), 20);
    for (size_t i = 0; i < 8; i++) { /* those of the first draw stay, as of the first draw */
        const char *sha256 = json_string_value(json_object_get(json_array_get(drawn, i), "sha256"));
        const json_t *kept = member(more, "sha256", sha256);
        assert_non_null(kept);
        assert_int_equal(json_integer_value(json_object_get(kept, "draw")), 1);
        check_close(json_number_value(json_object_get(kept, "probability")), 0.5, 0, "second");
    }
    json_decref(first);
    json_decref(second);
}

/* 20 of 40 by level were drawn with 1/2; an independent 10 of 40 make it 1 - 1/2 · 3/4 for all in either sample. */
static void another_design_joins(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    json_t *root =
        parsed(CHECK_HUELLA(arena, "sample", "--study", study, "--size", "10", "--strata", "scan", "--format", "json"));
    const json_t *sample = json_object_get(root, "sample");
    assert_int_equal(json_array_size(sample), 10);
    for (size_t i = 0; i < 10; i++)
        check_close(json_number_value(json_object_get(json_array_get(sample, i), "probability")), 0.625, 1e-15,
                    "union");
    json_decref(root);
    root = parsed(CHECK_HUELLA(arena, "sample", "--study", study, "--strata", "court_level", "--format", "json"));
    sample = json_object_get(root, "sample");
    assert_int_equal(json_array_size(sample), 20);
    check_close(json_number_value(json_object_get(json_array_get(sample, 0), "probability")), 0.625, 1e-15, "both");
    json_decref(root);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    check_run run = CHECK_HUELLA(arena, "sample", "--study", study, "--size", "5", "--strata", "court_leve");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "probably court_level");
    run = CHECK_HUELLA(arena, "sample", "--study", study, "--size", "0");
    assert_int_equal(run.status, 2);
    run = CHECK_HUELLA(arena, "sample", "--study", study, "--size", "5000", "--strata", "court_level");
    assert_int_equal(run.status, 2);
    check_contains(run.err, "are left");
    run = CHECK_HUELLA(arena, "sample", "--study", study, "--size", "5", "--per-stratum", "5");
    check_contains(run.err, "exclude each other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_drawn_is_said),
        cmocka_unit_test(a_second_draw_adds),
        cmocka_unit_test(another_design_joins),
        cmocka_unit_test(what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
