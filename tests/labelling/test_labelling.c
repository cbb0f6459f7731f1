/* Labels: what is kept is what was given; files of labels go in and come out the same. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/corpus/document.h"
#include "huella/labelling/labelling.h"

static hu_arena *arena;
static hu_questionnaire *asked;

static int set_up(void **state)
{
    (void)state;
    arena = hu_arena_new();
    CHECK_OK(hu_questionnaire_load(getenv("HUELLA_RULES"), arena, &asked));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hu_arena_free(arena);
    return 0;
}

static json_t *parsed(const char *text)
{
    json_t *root;
    CHECK_OK(hu_json_parse(text, strlen(text), "test", &root));
    return root;
}

/* Every key of the corpus's labels is asked, but for notes; so no label is lost on the way in. */
static void every_key_of_the_corpus_is_asked(void **state)
{
    (void)state;
    json_t *gold, *value;
    const char *key;
    CHECK_OK(hu_json_load(check_source(arena, "tests/reading/corpus/dev/a01-cusco-colegiado-desvinculacion.gold.json"),
                          &gold));
    static const char *const groups[] = {"decision", "victims", "practices", "agencies", "indices"};
    for (size_t i = 0; i < 5; i++)
        json_object_foreach(json_object_get(gold, groups[i]), key, value)
            assert_non_null(hu_question_find(asked, hu_printf(arena, "%s.%s", groups[i], key), NULL));
    json_object_foreach(json_array_get(json_object_get(gold, "defendants"), 0), key, value)
        assert_non_null(hu_question_find(asked, hu_printf(arena, "defendants[0].%s", key), NULL));
    json_decref(gold);
    assert_null(hu_question_find(asked, "defendants.label", NULL));
    assert_null(hu_question_find(asked, "defendants[].label", NULL));
    assert_null(hu_question_find(asked, "defendants[01].label", NULL));
    assert_null(hu_question_find(asked, "decision.kind.x", NULL));
}

static hu_error *sheet_of(const char *labels, const char *evidence, hu_label_sheet *sheet)
{
    json_t *root =
        parsed(hu_printf(arena, "{\"revision\":0,\"done\":false,\"labels\":{%s},\"evidence\":{%s}}", labels, evidence));
    hu_error *error = hu_sheet_from_json(asked, "El año: ñandú 𝒳 fin", root, arena, sheet);
    json_decref(root);
    return error;
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    hu_label_sheet sheet;
    static const char *const fits[] = {"\"decision.date\":\"2020-02-29\"",
                                       "\"decision.trafficking\":false",
                                       "\"indices.charge_severity\":3",
                                       "\"exploitation\":[\"sexual\"]",
                                       "\"defendants[12].prison_months\":1.5",
                                       "\"practices.shelter\":\"denied\"",
                                       "\"defendants[0].charged\":[{\"article\":null,\"offence\":\"trafficking\"}]",
                                       "\"victims.count\":null"};
    static const char *const wrong[] = {"\"decision.date\":\"2021-02-29\"",
                                        "\"decision.date\":20200101",
                                        "\"decision.trafficking\":\"yes\"",
                                        "\"indices.charge_severity\":5",
                                        "\"indices.charge_severity\":\"3\"",
                                        "\"exploitation\":[\"sexual\",\"x\"]",
                                        "\"defendants[0].prison_months\":-1",
                                        "\"practices.shelter\":\"acted\"",
                                        "\"defendants[0].charged\":[{\"article\":null,\"offence\":\"nothing\"}]",
                                        "\"decision.court\":\"\"",
                                        "\"decision.nothing\":1",
                                        "\"defendants[0]\":1"};
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
        CHECK_OK(sheet_of(fits[i], "", &sheet));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_FAILS(sheet_of(wrong[i], "", &sheet), HU_BAD_INPUT, "\"");
}

/* Places count code points: ñ is one, 𝒳 is one. */
static void a_quote_must_stand_at_its_place(void **state)
{
    (void)state;
    hu_label_sheet sheet;
    CHECK_OK(sheet_of("",
                      "\"decision.date\":[{\"start\":14,\"end\":19,\"quote\":\"𝒳 fin\"},{\"start\":3,\"end\":6,"
                      "\"quote\":\"año\"}]",
                      &sheet));
    assert_int_equal(sheet.n_spans, 2);
    assert_string_equal(sheet.spans[0].quote, "año");
    CHECK_FAILS(sheet_of("", "\"decision.date\":[{\"start\":3,\"end\":6,\"quote\":\"ano\"}]", &sheet), HU_BAD_INPUT,
                "is not the text from 3 to 6");
    CHECK_FAILS(sheet_of("", "\"decision.date\":[{\"start\":15,\"end\":40,\"quote\":\"x\"}]", &sheet), HU_BAD_INPUT,
                "is not the text");
    CHECK_FAILS(sheet_of("", "\"decision.date\":[{\"start\":6,\"end\":6,\"quote\":\"\"}]", &sheet), HU_BAD_INPUT,
                "expected start, end");
    CHECK_FAILS(sheet_of("", "\"x\":[]", &sheet), HU_BAD_INPUT, "a key that is asked");
}

/* Gold → sheet → store → sheet → gold: nothing that is asked changes, and every quote is found, in every file. */
static void files_of_labels_come_back_the_same(void **state)
{
    (void)state;
    static const char *const endings[] = {".gold.json", NULL};
    char **golds, folder[] = "/tmp/huella-test-labels-XXXXXX";
    size_t n, lost, all_lost = 0, spans = 0;
    hu_store *store;
    hu_corpus *corpus;
    hu_corpus_options options = {.rules_dir = getenv("HUELLA_RULES")};
    assert_non_null(mkdtemp(folder));
    const char *path = hu_printf(arena, "%s/huella.db", folder);
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s", path), &store));
    CHECK_OK(hu_corpus_open(&options, &corpus));
    CHECK_OK(hu_list_files(check_source(arena, "tests/reading/corpus/dev"), endings, arena, &golds, &n));
    assert_true(n >= 20);
    for (size_t i = 0; i < n; i++) {
        hu_document *document;
        json_t *gold;
        hu_label_sheet sheet, kept;
        bool conflict;
        const char *stem = hu_strndup(arena, golds[i], strlen(golds[i]) - strlen(".gold.json"));
        CHECK_OK(hu_document_open(corpus, hu_printf(arena, "%s.txt", stem), arena, &document));
        CHECK_OK(hu_json_load(golds[i], &gold));
        CHECK_OK(hu_sheet_from_gold(asked, document->text, gold, arena, &sheet, &lost));
        all_lost += lost;
        sheet.sha256 = document->sha256;
        sheet.labeller = "ana";
        CHECK_OK(hu_store_put_label_text(store, document->sha256, "x.txt", document->text));
        CHECK_OK(hu_store_put_label_sheet(store, &sheet, &conflict));
        assert_false(conflict);
        CHECK_OK(hu_store_label_sheet(store, document->sha256, "ana", arena, &kept));
        spans += kept.n_spans;
        json_t *back = hu_gold_from_sheet(asked, &kept), *value, *inner;
        const char *key, *name;
        json_object_foreach(gold, key, value) {
            if (strcmp(key, "note") == 0 || strcmp(key, "evidence") == 0)
                continue;
            if (!json_is_object(value))
                assert_true(json_equal(value, json_object_get(back, key)) || strcmp(key, "defendants") == 0);
            else
                json_object_foreach(value, name, inner)
                    if (!json_equal(inner, json_object_get(json_object_get(back, key), name)))
                        fail_msg("%s: %s.%s came back changed", golds[i], key, name);
        }
        json_t *before = json_object_get(gold, "defendants"), *after = json_object_get(back, "defendants");
        assert_int_equal(json_array_size(before), json_array_size(after));
        for (size_t d = 0; d < json_array_size(before); d++)
            json_object_foreach(json_array_get(before, d), name, inner)
                assert_true(json_equal(inner, json_object_get(json_array_get(after, d), name)));
        json_decref(back);
        json_decref(gold);
    }
    assert_true(all_lost * 50 < spans); /* a few quotes run over a page's running header, which the text has not */
    hu_corpus_close(corpus);
    hu_store_close(store);
    for (size_t i = 0; i < 3; i++)
        unlink(hu_printf(arena, "%s%s", path, (const char *const[]){"", "-wal", "-shm"}[i]));
    rmdir(folder);
}

/* Two windows on one sheet: the second to save is told, and nothing of the first is lost. */
static void a_stale_sheet_is_refused(void **state)
{
    (void)state;
    char folder[] = "/tmp/huella-test-labels-XXXXXX", sha256[65];
    hu_store *store;
    bool conflict;
    assert_non_null(mkdtemp(folder));
    const char *path = hu_printf(arena, "%s/huella.db", folder);
    memset(sha256, 'a', 64);
    sha256[64] = '\0';
    CHECK_OK(hu_store_open(hu_printf(arena, "sqlite:%s", path), &store));
    CHECK_OK(hu_store_put_label_text(store, sha256, "x.txt", "El fallo"));
    hu_label one = {"decision.court", "\"A\""}, two = {"decision.court", "\"B\""};
    hu_label_sheet first = {.sha256 = sha256, .labeller = "ana", .labels = &one, .n_labels = 1}, second = first, kept;
    second.labels = &two;
    CHECK_OK(hu_store_put_label_sheet(store, &first, &conflict));
    assert_false(conflict);
    assert_int_equal(first.revision, 1);
    CHECK_OK(hu_store_put_label_sheet(store, &second, &conflict));
    assert_true(conflict);
    CHECK_OK(hu_store_label_sheet(store, sha256, "ana", arena, &kept));
    assert_string_equal(kept.labels[0].json, "\"A\"");
    CHECK_OK(hu_store_put_label_sheet(store, &first, &conflict));
    assert_int_equal(first.revision, 2);
    CHECK_FAILS(hu_store_put_label_text(store, sha256, "x.txt", "Otro texto"), HU_BAD_INPUT, "read otherwise");
    CHECK_OK(hu_store_label_sheet(store, sha256, "beto", arena, &kept)); /* another person's sheet is empty */
    assert_int_equal(kept.n_labels + (size_t)kept.revision, 0);
    hu_store_close(store);
    for (size_t i = 0; i < 3; i++)
        unlink(hu_printf(arena, "%s%s", path, (const char *const[]){"", "-wal", "-shm"}[i]));
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_corpus_is_asked), cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_quote_must_stand_at_its_place),  cmocka_unit_test(files_of_labels_come_back_the_same),
        cmocka_unit_test(a_stale_sheet_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
