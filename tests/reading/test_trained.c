/* A trained model beside the rules: what it adds has its sentence as evidence, what it takes back has none. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/reading/passages.h"

static const char *const text =
    "SENTENCIA N° 3\n\nLima, dos de mayo de dos mil veinte\n\nLa agraviada fue acogida en una casa de amparo. La menor "
    "declaró en Cámara Gesell.\n\nFALLA: CONDENANDO a ANA R. S. como autora del delito de trata de personas.\n";

static hu_arena *arena;
static const char *rules;

static int set_up(void **state)
{
    (void)state;
    arena = hu_arena_new();
    char name[] = "/tmp/huella-test-rules-XXXXXX";
    rules = hu_strdup(arena, mkdtemp(name) ? name : "");
    return system(hu_printf(arena, "cp '%s'/*.yaml '%s'", getenv("HUELLA_RULES"), rules));
}

static int tear_down(void **state)
{
    (void)state;
    int status = system(hu_printf(arena, "rm -r '%s'", rules));
    hu_arena_free(arena);
    return status;
}

/* A model of one key that is sure where a feature stands, and sure of nothing else. */
static void write_model(const char *key, const char *feature, double add_from, double drop_to)
{
    const char *model =
        hu_printf(arena,
                  "{\"format\":1,\"trained_on\":\"test\",\"keys\":[{\"key\":\"%s\",\"value\":\"present\",\"otherwise\":"
                  "\"absent\","
                  "\"bias\":-5,\"slope\":1,\"offset\":0,\"add_from\":%g,\"drop_to\":%g,\"weights\":{\"%s\":100}}]}",
                  key, add_from, drop_to, feature);
    CHECK_OK(hu_write_file(hu_path_join(arena, rules, "model.json"), model, strlen(model)));
}

static const hu_finding *read_key(const char *key, bool with_model, const hu_document **document)
{
    hu_corpus *corpus;
    hu_corpus_options options = {.rules_dir = rules};
    hu_reader *reader;
    hu_document *opened;
    hu_reading *reading;
    CHECK_OK(hu_corpus_open(&options, &corpus));
    CHECK_OK(with_model ? hu_reader_open(rules, &reader) : hu_reader_open_with(rules, NULL, &reader));
    CHECK_OK(hu_document_from_text(corpus, "a.txt", text, strlen(text), arena, &opened));
    CHECK_OK(hu_read(reader, opened, arena, &reading));
    hu_reader_close(reader);
    hu_corpus_close(corpus);
    *document = opened;
    return hu_reading_find(reading, key);
}

static void what_the_model_adds_has_its_sentence(void **state)
{
    (void)state;
    const hu_document *document;
    write_model("practices.victim_counsel", "ampar", 0.9, -1);
    const hu_finding *alone = read_key("practices.victim_counsel", false, &document);
    assert_string_equal(alone->text, "absent");
    const hu_finding *finding = read_key("practices.victim_counsel", true, &document);
    assert_string_equal(finding->text, "present");
    assert_string_equal(finding->rule, "trained");
    assert_true(finding->confidence > 0.99);
    assert_int_equal(finding->n_evidence, 1);
    const char *quote = hu_strndup(arena, document->text + finding->evidence[0].start,
                                   finding->evidence[0].end - finding->evidence[0].start);
    assert_non_null(strstr(quote, "casa de amparo"));
    assert_null(strstr(quote, "Gesell")); /* its own sentence, not the next */
}

static void what_is_below_the_threshold_stays(void **state)
{
    (void)state;
    const hu_document *document;
    write_model("practices.victim_counsel", "nowhere", 0.9, -1);
    assert_string_equal(read_key("practices.victim_counsel", true, &document)->text, "absent");
}

static void what_the_model_takes_back_has_no_evidence(void **state)
{
    (void)state;
    const hu_document *document;
    write_model("practices.gesell_chamber", "nowhere", 2, 0.05);
    assert_string_equal(read_key("practices.gesell_chamber", false, &document)->text, "present");
    const hu_finding *finding = read_key("practices.gesell_chamber", true, &document);
    assert_string_equal(finding->text, "absent");
    assert_int_equal(finding->n_evidence, 0);
    write_model("practices.gesell_chamber", "nowhere", 2, -1); /* may take nothing back */
    assert_string_equal(read_key("practices.gesell_chamber", true, &document)->text, "present");
}

/* What was read with another model is read again: the version is another. */
static void the_model_is_part_of_the_version(void **state)
{
    (void)state;
    hu_reader *alone, *with;
    write_model("practices.gesell_chamber", "nowhere", 2, -1);
    CHECK_OK(hu_reader_open_with(rules, NULL, &alone));
    CHECK_OK(hu_reader_open(rules, &with));
    assert_string_not_equal(hu_reader_version(alone), hu_reader_version(with));
    hu_reader_close(alone);
    hu_reader_close(with);
    CHECK_OK(hu_write_file(hu_path_join(arena, rules, "model.json"), "[1]", 3));
    CHECK_FAILS(hu_reader_open(rules, &with), HU_BAD_INPUT, "model.json");
}

static void passages_are_stems_in_order(void **state)
{
    (void)state;
    hu_corpus *corpus;
    hu_corpus_options options = {.rules_dir = rules};
    hu_document *document;
    hu_passage *passages;
    size_t n, seen = 0;
    CHECK_OK(hu_corpus_open(&options, &corpus));
    CHECK_OK(hu_document_from_text(corpus, "a.txt", text, strlen(text), arena, &document));
    CHECK_OK(hu_passages(document, arena, &passages, &n));
    hu_corpus_close(corpus);
    assert_true(n >= 4);
    for (size_t p = 0; p < n; p++) {
        assert_true(passages[p].at.end > passages[p].at.start && passages[p].at.end <= document->length);
        assert_true(!p || passages[p].at.start >= passages[p - 1].at.end); /* none overlaps the one before */
        for (size_t i = 0; i < passages[p].n_features; i++) {
            assert_true(!i || strcmp(passages[p].features[i - 1], passages[p].features[i]) < 0);
            seen += strcmp(passages[p].features[i], "cas de") == 0 || strcmp(passages[p].features[i], "ampar") == 0;
        }
    }
    assert_int_equal(seen, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_model_adds_has_its_sentence),
        cmocka_unit_test(what_is_below_the_threshold_stays),
        cmocka_unit_test(what_the_model_takes_back_has_no_evidence),
        cmocka_unit_test(the_model_is_part_of_the_version),
        cmocka_unit_test(passages_are_stems_in_order),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
