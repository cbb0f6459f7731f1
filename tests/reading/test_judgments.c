/* Whole judgments, composed after real ones, against labels made by hand; and the properties that every reading has. */

#include "read.h"

#include "huella/base/file.h"
#include "huella/learning/accuracy.h"

/* The least that each variable may score over the judgments of this folder: what is read well must stay so. */
static const struct {
    const char *variable;
    double f1;
} least[] = {
    {"expediente", 1},
    {"court", 1},
    {"court_level", 1},
    {"judicial_district", 1},
    {"region", 1},
    {"ubigeo", 1},
    {"kind", 1},
    {"date", 1},
    {"trafficking", 1},
    {"defendants", 1},
    {"charged", 0.9},
    {"convicted", 0.95},
    {"verdict", 1},
    {"final_verdict", 1},
    {"prison_months", 1},
    {"prison_kind", 0.95},
    {"reparation_pen", 0.9},
    {"practices.gesell_chamber", 0.9},
    {"practices.anticipated_evidence", 1},
    {"practices.victim_assistance", 1},
    {"practices.consent_irrelevant", 1},
    {"agencies.pnp", 1},
    {"agencies.udavit", 1},
    {"agencies.mimp_upe", 1},
    {"agencies.health_forensic", 1},
};

static json_t *read_file(fixture *f, const char *path)
{
    hu_document *document;
    hu_reading *reading;
    HU_BUF(out);
    CHECK_OK(hu_document_open(f->corpus, path, f->arena, &document));
    CHECK_OK(hu_read(f->reader, document, f->arena, &reading));
    hu_reading_write_json(f->reader, reading, &out);
    json_t *json = json_loadb(out.data, out.length, 0, NULL);
    assert_non_null(json);
    return json;
}

static const char *known_path(hu_arena *arena, const char *path)
{
    return hu_printf(arena, "%.*s.gold.json", (int)(strlen(path) - strlen(".txt")), path);
}

static void print_mistakes(const hu_accuracy *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        print_message("%-34s known %3zu read %3zu correct %3zu  precision %.2f recall %.2f\n", rows[i].variable,
                      rows[i].known, rows[i].read, rows[i].correct, rows[i].precision, rows[i].recall);
}

static void judgments_read_as_labelled(void **state)
{
    static const char *const endings[] = {".txt", NULL};
    fixture *f = *state;
    char **paths;
    size_t count, n;
    CHECK_OK(hu_list_files(check_source(f->arena, "tests/reading/judgments"), endings, f->arena, &paths, &count));
    assert_true(count >= 10);
    hu_scorer *scorer = hu_scorer_new(f->arena);
    for (size_t i = 0; i < count; i++) {
        json_t *known, *read = read_file(f, paths[i]);
        CHECK_OK(hu_json_load(known_path(f->arena, paths[i]), &known));
        CHECK_OK(hu_scorer_add(scorer, read, known));
        json_decref(read);
        json_decref(known);
    }
    const hu_accuracy *rows;
    hu_scorer_rows(scorer, &rows, &n);
    print_mistakes(rows, n);
    for (size_t v = 0; v < sizeof least / sizeof *least; v++) {
        const hu_accuracy *row = NULL;
        for (size_t i = 0; i < n; i++)
            if (strcmp(rows[i].variable, least[v].variable) == 0)
                row = &rows[i];
        if (row && row->f1 < least[v].f1)
            fail_msg("%s: F1 %.3f, below %.3f", least[v].variable, row->f1, least[v].f1);
    }
}

/* ---- properties ---- */

static const char *code_point_at(const char *text, size_t length, json_int_t n)
{
    const char *at = text, *end = text + length;
    while (n-- > 0)
        hu_utf8_next(&at, end);
    return at;
}

/* Every quote is the text between its offsets; every value but "absent" and an index of 0 has one. */
static void check_leaf(const json_t *leaf, const hu_document *document, const char *path)
{
    const json_t *evidence = json_object_get(leaf, "evidence"), *value_of_leaf = json_object_get(leaf, "value");
    assert_non_null(value_of_leaf);
    double confidence = json_number_value(json_object_get(leaf, "confidence"));
    assert_true(confidence >= 0 && confidence <= 1);
    for (size_t i = 0; i < json_array_size(evidence); i++) {
        const json_t *span = json_array_get(evidence, i);
        const char *start =
            code_point_at(document->text, document->length, json_integer_value(json_object_get(span, "start")));
        const char *end =
            code_point_at(document->text, document->length, json_integer_value(json_object_get(span, "end")));
        const char *quote = json_string_value(json_object_get(span, "quote"));
        if ((size_t)(end - start) != strlen(quote) || memcmp(start, quote, strlen(quote)) != 0 || start == end)
            fail_msg("%s: the quote \"%s\" is not the text at its offsets", path, quote);
    }
    bool nothing = json_is_null(value_of_leaf) ||
                   (json_is_string(value_of_leaf) && strcmp(json_string_value(value_of_leaf), "absent") == 0) ||
                   (json_is_number(value_of_leaf) && json_number_value(value_of_leaf) == 0);
    if (nothing != (json_array_size(evidence) == 0) && !(nothing && json_is_number(value_of_leaf)))
        fail_msg("%s: %zu spans of evidence", path, json_array_size(evidence));
}

static void check_leaves(const json_t *node, const hu_document *document, const char *path, hu_arena *arena)
{
    const char *key;
    json_t *child;
    if (json_is_object(node) && json_object_get(node, "evidence")) {
        check_leaf(node, document, path);
    } else if (json_is_object(node)) {
        json_object_foreach((json_t *)node, key, child)
            check_leaves(child, document, hu_printf(arena, "%s.%s", path, key), arena);
    } else {
        for (size_t i = 0; i < json_array_size(node); i++)
            check_leaves(json_array_get(node, i), document, hu_printf(arena, "%s[%zu]", path, i), arena);
    }
}

static void check_properties(fixture *f, const char *path)
{
    hu_document *document;
    CHECK_OK(hu_document_open(f->corpus, path, f->arena, &document));
    json_t *read = read_file(f, path);
    check_leaves(read, document, hu_path_name(path), f->arena);
    json_decref(read);
}

static void quotes_are_the_text(void **state)
{
    static const char *const endings[] = {".txt", NULL};
    fixture *f = *state;
    char **paths;
    size_t count;
    CHECK_OK(hu_list_files(check_source(f->arena, "tests/reading/judgments"), endings, f->arena, &paths, &count));
    for (size_t i = 0; i < count; i++)
        check_properties(f, paths[i]);
}

static const struct {
    const char *file, *kind, *district, *date;
} real[] = {
    {"amparo-1231-2025.pdf", "other", "San Martín", "2026-05-21"},
    {"apelacion-169-2025.pdf", "order", "Lima Este", "2026-06-10"},
    {"apelacion-389-2025.pdf", "order", "Cusco", "2026-06-17"},
};

static void real_decisions_of_the_supreme_court(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        const char *path = check_shared(f->arena, hu_printf(f->arena, "corpus/supreme/%s", real[i].file));
        if (!path)
            skip();
        hu_document *document;
        hu_reading *reading;
        CHECK_OK(hu_document_open(f->corpus, path, f->arena, &document));
        CHECK_OK(hu_read(f->reader, document, f->arena, &reading));
        assert_string_equal(value(reading, "decision.kind"), real[i].kind);
        assert_string_equal(value(reading, "decision.court_level"), "supreme");
        assert_string_equal(value(reading, "decision.expediente"), ""); /* the recourse's number is not the file's */
        assert_string_equal(value(reading, "decision.judicial_district"), real[i].district);
        assert_string_equal(value(reading, "decision.date"), real[i].date);
        assert_int_equal(reading->n_defendants, 0);
        for (size_t j = 0; j < reading->n_findings; j++)
            assert_null(strstr(reading->findings[j].key, "verdict"));
        check_properties(f, path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(judgments_read_as_labelled, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(quotes_are_the_text, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(real_decisions_of_the_supreme_court, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
