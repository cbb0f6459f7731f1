/* A judgment that stands in the study twice counts once. */

#include "fixture.h"

#define NUMBER "\"00412-2015-37-2701-JR-PE-02\""

/* Sixty lines that are the judgment's own; of those numbered from `other`, some read otherwise, as in a scan. */
static const char *text_of(hu_arena *arena, int judgment, int other)
{
    HU_BUF(text);
    for (int i = 0; i < 60; i++)
        hu_buf_printf(&text, "El colegiado %d valora la prueba %d%s del caso y la estima suficiente en lo que toca.\n",
                      judgment * 1000 + i, judgment * 77 + i * i, i >= other && i % 6 == 0 ? "l" : "");
    return hu_strndup(arena, text.data, text.length);
}

static void put(hu_store *store, hu_arena *arena, const char *document, const char *text, const char *date, bool scan)
{
    hu_stored_finding findings[] = {
        {"decision.expediente", NUMBER, 0.9, "test", "quote", 0, 5, 1},
        {"decision.court_level", "\"first_instance\"", 0.9, "test", "quote", 0, 5, 1},
        {"defendants[0].name", "\"ANA R.\"", 0.9, "test", "quote", 0, 5, 1},
        {"defendants[0].verdict", "\"convicted\"", 0.9, "test", "quote", 0, 5, 1},
        {"decision.date", date, 0.9, "test", "quote", 0, 5, 1},
    };
    hu_stored_judgment judgment = {document,
                                   fixture_sha(arena, document),
                                   "rules-1",
                                   3,
                                   1000,
                                   text,
                                   scan ? "{\"ocr\":true}" : "{\"ocr\":false}",
                                   findings,
                                   date ? 5 : 4};
    CHECK_OK(hu_store_put_judgment(store, &judgment));
}

static size_t duplicates(hu_store *store)
{
    size_t count;
    CHECK_OK(hu_store_find_duplicates(store, &count));
    return count;
}

static void the_scan_of_a_judgment_is_its_copy(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *path = fixture_path(arena, "scan.db");
    hu_store *store = fixture_open(arena, path);
    put(store, arena, "a-scan.pdf", text_of(arena, 1, 0), "\"2016-05-03\"", true);
    put(store, arena, "b.docx", text_of(arena, 1, 60), "\"2016-05-03\"", false);
    put(store, arena, "c.pdf", text_of(arena, 2, 60), "\"2016-05-03\"", false);
    assert_int_equal(duplicates(store), 1);
    assert_int_equal(duplicates(store), 1); /* and again */
    assert_int_equal(fixture_number(path,
                                    "SELECT count(*) FROM duplicates d JOIN judgments j USING (judgment_id) JOIN "
                                    "judgments o ON o.judgment_id = d.original_id WHERE j.document = 'a-scan.pdf' "
                                    "AND o.document = 'b.docx' AND d.similarity BETWEEN 0.5 AND 0.95"),
                     1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM signatures"), 3);
    hu_store_close(store);
}

static void likeness_alone_is_no_proof(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_store *store = fixture_open(arena, fixture_path(arena, "alike.db"));
    put(store, arena, "a.pdf", text_of(arena, 1, 60), "\"2016-05-03\"", false);
    put(store, arena, "b.pdf", text_of(arena, 1, 60), "\"2016-05-04\"", false); /* the same words, another day */
    put(store, arena, "c.pdf", text_of(arena, 1, 0), NULL, false);              /* alike, and no date to go by */
    assert_int_equal(duplicates(store), 0);
    put(store, arena, "d.pdf", text_of(arena, 1, 60), NULL, false); /* word for word */
    assert_int_equal(duplicates(store), 1);
    put(store, arena, "e.pdf", "ABSOLVIENDO", NULL, false);
    put(store, arena, "f.pdf", "ABSOLVIENDO", NULL, false); /* too short to tell */
    assert_int_equal(duplicates(store), 1);
    hu_store_close(store);
}

static void copies_bear_on_no_outcome(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    hu_table *table;
    hu_link_counts counts;
    size_t values;
    const char *path = fixture_path(arena, "once.db");
    hu_store *store = fixture_open(arena, path);
    CHECK_OK(hu_import_read(fixture_file(arena, "cases.csv",
                                         "case_id,expediente,region,opened,closed\n"
                                         "C,00412-2015-37-2701-JR-PE-02,Cusco,2015-01-01,\n"),
                            arena, &table));
    CHECK_OK(hu_import_cases(store, table, NULL, NULL));
    put(store, arena, "a.pdf", text_of(arena, 1, 60), "\"2016-05-03\"", false);
    put(store, arena, "b.pdf", text_of(arena, 1, 60), "\"2016-05-03\"", false);
    CHECK_OK(hu_link_by_expediente(store, &counts));
    assert_int_equal(counts.judgments, 2);
    assert_int_equal(counts.duplicates, 1);
    assert_int_equal(counts.linked, 1);
    CHECK_OK(hu_derive_outcomes(store, &values));
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM outcomes WHERE outcome = 'conviction' AND value = 1"),
                     1);
    assert_int_equal(fixture_number(path, "SELECT count(*) FROM outcome_findings o JOIN findings f USING (finding_id) "
                                          "JOIN duplicates d ON d.judgment_id = f.judgment_id"),
                     0);
    /* The original goes: its copy takes its place. */
    CHECK_OK(hu_store_forget_document(store, "a.pdf"));
    CHECK_OK(hu_link_by_expediente(store, &counts));
    assert_int_equal(counts.duplicates, 0);
    assert_int_equal(counts.linked, 1);
    assert_true(fixture_is_sound(path));
    hu_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scan_of_a_judgment_is_its_copy),
        cmocka_unit_test(likeness_alone_is_no_proof),
        cmocka_unit_test(copies_bear_on_no_outcome),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
