/* Training on documents whose truth is planted: what can be learned is, what cannot is left to the rules. */

#include "check.h"

#include "huella/base/file.h"
#include "huella/learning/train.h"
#include "huella/reading/passages.h"

#include "../../src/learning/platt.h"

enum { N_DOCUMENTS = 30 };

static hu_arena *arena;
static hu_training_document documents[N_DOCUMENTS];

/* Every second document has the sentence that the rules of this test do not know; every third a practice that shows in
 * no word, and that the rules guess. */
static int set_up(void **state)
{
    (void)state;
    hu_corpus *corpus;
    hu_corpus_options options = {.rules_dir = getenv("HUELLA_RULES")};
    arena = hu_arena_new();
    CHECK_OK(hu_corpus_open(&options, &corpus));
    for (int i = 0; i < N_DOCUMENTS; i++) {
        bool has = i % 2, hidden = i % 3 == 0;
        const char *quote = "La agraviada fue acogida en una casa de amparo";
        const char *text = hu_printf(
            arena,
            "SENTENCIA número %d\n\nSe juzga al acusado por hechos de la ciudad. %s. El perito acudió al juicio y "
            "declaró durante %d horas.\n\nFALLO: condenando al acusado a %d años de pena privativa de libertad. "
            "Archívese.\n",
            i, has ? quote : "La agraviada volvió con su familia y declaró después", i + 2, i + 5);
        hu_document *document;
        CHECK_OK(hu_document_from_text(corpus, hu_printf(arena, "%d.txt", i), text, strlen(text), arena, &document));
        json_t *known = json_pack("{s:{s:s,s:s},s:{}}", "practices", "shelter", has ? "present" : "absent",
                                  "interpreter", hidden ? "present" : "absent", "evidence");
        if (has)
            json_object_set_new(json_object_get(known, "evidence"), "practices.shelter", json_string(quote));
        json_t *read = json_pack("{s:{s:{s:s},s:{s:s}}}", "practices", "shelter", "value", "absent", "interpreter",
                                 "value", hidden ? "present" : "absent");
        documents[i] = (hu_training_document){document, known, read};
    }
    hu_corpus_close(corpus);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < N_DOCUMENTS; i++) {
        json_decref((json_t *)documents[i].known);
        json_decref((json_t *)documents[i].read);
    }
    hu_arena_free(arena);
    return 0;
}

static hu_training *trained(int threads)
{
    hu_training *training;
    CHECK_OK(hu_train(documents, N_DOCUMENTS, &(hu_training_options){.threads = threads}, arena, &training));
    return training;
}

static void what_a_sentence_shows_is_learned(void **state)
{
    (void)state;
    hu_training *training = trained(1);
    assert_int_equal(training->n_rows, 2);
    const hu_trained_row *row = &training->rows[0];
    assert_string_equal(row->key, "practices.shelter");
    assert_int_equal(row->known, N_DOCUMENTS / 2);
    check_close(row->rules, 0, 0, "the rules find none");
    assert_true(row->model > 0.95 && row->both > 0.95);
    assert_int_equal(row->mended, N_DOCUMENTS / 2);
    assert_int_equal(row->spoiled, 0);
    assert_true(row->used && row->add_from <= 0.98);
}

static void what_the_rules_read_well_is_left_to_them(void **state)
{
    (void)state;
    const hu_trained_row *row = &trained(1)->rows[1];
    assert_string_equal(row->key, "practices.interpreter");
    check_close(row->rules, 1, 0, "the rules find all");
    assert_false(row->used);
}

/* The file holds the learned key only, reads back, and its best passage is the planted sentence. */
static void the_file_reads_as_it_was_trained(void **state)
{
    (void)state;
    HU_BUF(text);
    char path[] = "/tmp/huella-test-model-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    hu_training_write(trained(1), &text);
    CHECK_OK(hu_write_file(path, text.data, text.length));
    hu_trained_model *model;
    CHECK_OK(hu_trained_model_load(path, arena, &model));
    assert_int_equal(model->n_keys, 1);
    assert_string_equal(model->keys[0].key, "practices.shelter");
    for (int i = 0; i < N_DOCUMENTS; i++) {
        hu_passage *passages;
        size_t n, best = 0;
        CHECK_OK(hu_passages(documents[i].document, arena, &passages, &n));
        for (size_t p = 1; p < n; p++)
            if (hu_passage_score(&model->keys[0], &passages[p]) > hu_passage_score(&model->keys[0], &passages[best]))
                best = p;
        double probability =
            hu_trained_probability(&model->keys[0], hu_passage_score(&model->keys[0], &passages[best]));
        assert_true(i % 2 ? probability > 0.8 : probability < 0.2);
        const char *words = hu_strndup(arena, documents[i].document->text + passages[best].at.start,
                                       passages[best].at.end - passages[best].at.start);
        assert_true(!(i % 2) || strstr(words, "casa de amparo"));
    }
    CHECK_OK(hu_write_file(path, "{\"format\":2}", 12));
    CHECK_FAILS(hu_trained_model_load(path, arena, &model), HU_BAD_INPUT, "format 1");
    unlink(path);
}

static void any_number_of_threads_writes_the_same_bytes(void **state)
{
    (void)state;
    HU_BUF(one);
    HU_BUF(three);
    hu_training_write(trained(1), &one);
    for (int i = 0; i < N_DOCUMENTS / 2; i++) { /* nor does the order of documents matter */
        hu_training_document swap = documents[i];
        documents[i] = documents[N_DOCUMENTS - 1 - i];
        documents[N_DOCUMENTS - 1 - i] = swap;
    }
    hu_training_write(trained(3), &three);
    for (int i = 0; i < N_DOCUMENTS / 2; i++) {
        hu_training_document swap = documents[i];
        documents[i] = documents[N_DOCUMENTS - 1 - i];
        documents[N_DOCUMENTS - 1 - i] = swap;
    }
    assert_string_equal(one.data, three.data);
}

static void few_documents_are_refused(void **state)
{
    (void)state;
    hu_training *training;
    CHECK_FAILS(hu_train(documents, 9, &(hu_training_options){0}, arena, &training), HU_EMPTY, "at least 10");
}

/* Scores -1 and 1, three of four right on each side: Platt's targets keep the fit finite and symmetric, and the
 * likelihood's optimum is where the mean of the targets at a score is its probability. */
static void platt_is_the_likelihoods_optimum(void **state)
{
    (void)state;
    const double scores[] = {-1, -1, -1, -1, 1, 1, 1, 1};
    const bool truth[] = {false, false, false, true, true, true, true, false};
    double slope, offset;
    platt_fit(scores, truth, NULL, 8, &slope, &offset);
    check_close(platt_probability(slope, offset, 1), (3 * 5.0 / 6 + 1.0 / 6) / 4, 1e-6, "probability");
    check_close(platt_probability(slope, offset, 1) + platt_probability(slope, offset, -1), 1, 1e-9, "symmetry");
    const double apart[] = {-2, -1, 1, 2};
    const bool split[] = {false, false, true, true};
    platt_fit(apart, split, NULL, 4, &slope, &offset); /* told apart wholly: still finite */
    assert_true(slope > 0 && slope < 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_sentence_shows_is_learned),
        cmocka_unit_test(what_the_rules_read_well_is_left_to_them),
        cmocka_unit_test(the_file_reads_as_it_was_trained),
        cmocka_unit_test(any_number_of_threads_writes_the_same_bytes),
        cmocka_unit_test(few_documents_are_refused),
        cmocka_unit_test(platt_is_the_likelihoods_optimum),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
