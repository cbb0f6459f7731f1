/* Labels by command: in, out, agreement, training; on the composed judgments. */

#include "run.h"

#include "huella/base/file.h"
#include "huella/base/json.h"

static hu_arena *arena;
static const char *folder;

static int set_up(void **state)
{
    (void)state;
    arena = hu_arena_new();
    folder = check_folder(arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_remove(folder);
    hu_arena_free(arena);
    return 0;
}

static const char *dev(void)
{
    return check_source(arena, "tests/reading/corpus/dev");
}

static json_t *loaded(const char *path)
{
    json_t *root;
    CHECK_OK(hu_json_load(path, &root));
    return root;
}

/* Every label of the composed judgments comes out as it went in, and every quote stands in the text beside it. */
static void labels_go_in_and_out(void **state)
{
    (void)state;
    static const char *const endings[] = {".gold.json", NULL};
    const char *out = hu_path_join(arena, folder, "out"), *key;
    check_run run = CHECK_HUELLA(arena, "label", "--study", folder, "--import", dev(), "--labeller", "ana");
    assert_int_equal(run.status, 0);
    check_contains(run.err, "documents labelled by ana are in the store");
    assert_int_equal(CHECK_HUELLA(arena, "label", "--study", folder, "--export", out).status, 0);
    char **paths;
    size_t n, quotes = 0;
    CHECK_OK(hu_list_files(dev(), endings, arena, &paths, &n));
    assert_true(n >= 20);
    for (size_t i = 0; i < n; i++) {
        const char *gold = hu_path_join(arena, out, hu_path_name(paths[i]));
        const char *stem = hu_strndup(arena, gold, strlen(gold) - strlen(".gold.json"));
        hu_file file;
        json_t *before = loaded(paths[i]), *after = loaded(gold), *quote;
        CHECK_OK(hu_file_open(hu_printf(arena, "%s.txt", stem), 0, &file));
        const char *text = hu_strndup(arena, file.data, file.length);
        hu_file_close(&file);
        assert_true(json_equal(json_object_get(before, "practices"), json_object_get(after, "practices")));
        assert_true(json_equal(json_object_get(before, "agencies"), json_object_get(after, "agencies")));
        assert_int_equal(json_array_size(json_object_get(before, "defendants")),
                         json_array_size(json_object_get(after, "defendants")));
        json_object_foreach(json_object_get(after, "evidence"), key, quote) {
            assert_non_null(strstr(text, json_string_value(quote)));
            quotes++;
        }
        json_decref(before);
        json_decref(after);
    }
    assert_true(quotes > 20 * n);
}

/* Beto differs from Ana in one verdict of one document: kappa of verdict falls below 1, no other variable's does. */
static void agreement_is_measured(void **state)
{
    (void)state;
    const char *one = hu_path_join(arena, folder, "copy"), *name = "a07-juliaca-unipersonal-absolucion.gold.json";
    assert_int_equal(system(hu_printf(arena, "cp -r '%s' '%s'", dev(), one)), 0);
    json_t *gold = loaded(hu_path_join(arena, one, name));
    json_object_set_new(json_array_get(json_object_get(gold, "defendants"), 0), "verdict", json_string("reserved"));
    char *text = json_dumps(gold, 0);
    CHECK_OK(hu_write_file(hu_path_join(arena, one, name), text, strlen(text)));
    free(text);
    json_decref(gold);
    const char *alone = hu_path_join(arena, folder, "empty");
    CHECK_OK(hu_make_folder(alone));
    check_run run = CHECK_HUELLA(arena, "accuracy", "--agreement", "--study", folder);
    assert_int_equal(run.status, 3);
    check_contains(run.err, "no document was finished by two labellers");
    assert_int_equal(CHECK_HUELLA(arena, "label", "--study", folder, "--import", one, "--labeller", "beto").status, 0);
    run = CHECK_HUELLA(arena, "accuracy", "--agreement", "--study", folder, "--format", "csv");
    assert_int_equal(run.status, 0);
    check_contains(run.out, "variable,items,agreement,kappa,kappa_lower,kappa_upper,kind\n");
    static const char *const texts[] = {".txt", NULL};
    char **paths;
    size_t n;
    CHECK_OK(hu_list_files(dev(), texts, arena, &paths, &n));
    check_contains(run.out, hu_printf(arena, "\nkind,%zu,1,1,1,1,cohen\n", n));
    check_contains(run.out, "\nverdict,");
    assert_null(strstr(strstr(run.out, "\nverdict,"), "\nverdict,99,1,1,"));
    for (const char *line = run.out; (line = strstr(line + 1, ",cohen\n"));) {
        const char *start = line;
        while (start > run.out && start[-1] != '\n')
            start--;
        double agreement = strtod(strchr(strchr(start, ',') + 1, ',') + 1, NULL);
        assert_true(strncmp(start, "verdict,", 8) == 0 ? agreement < 1 && agreement > 0.9 : agreement == 1);
    }
    /* two labellers, no decision: nothing is written unless somebody is named */
    run = CHECK_HUELLA(arena, "label", "--study", folder, "--export", hu_path_join(arena, folder, "three"));
    check_contains(run.err, " left out: labelled by several and not decided");
}

static void scores_by_group_add_up(void **state)
{
    (void)state;
    static const char *const by[] = {"court_level", "year", "scan", NULL};
    const json_t *row;
    size_t i;
    json_t *all = NULL;
    check_run run = CHECK_HUELLA(arena, "accuracy", dev(), "--format", "json");
    CHECK_OK(hu_json_parse(run.out, strlen(run.out), "all", &all));
    double known = 0;
    json_array_foreach(json_object_get(all, "variables"), i, row)
        if (strcmp(json_string_value(json_object_get(row, "variable")), "verdict") == 0)
            known = json_number_value(json_object_get(row, "known"));
    json_decref(all);
    assert_true(known > 40);
    for (size_t b = 0; by[b]; b++) {
        json_t *parts = NULL;
        double sum = 0;
        run = CHECK_HUELLA(arena, "accuracy", dev(), "--by", by[b], "--format", "json");
        CHECK_OK(hu_json_parse(run.out, strlen(run.out), by[b], &parts));
        json_array_foreach(json_object_get(parts, "variables"), i, row) {
            assert_true(json_is_string(json_object_get(row, by[b])));
            if (strcmp(json_string_value(json_object_get(row, "variable")), "verdict") == 0)
                sum += json_number_value(json_object_get(row, "known"));
        }
        check_close(sum, known, 0, by[b]);
        json_decref(parts);
    }
}

/* The learning curve ends at what nine tenths of the documents give, and the model's file can be read by the reader. */
static void training_by_command(void **state)
{
    (void)state;
    const char *model = hu_path_join(arena, folder, "model.json");
    check_run run = CHECK_HUELLA(arena, "train", dev(), "--curve", "--model", model, "--format", "json");
    json_t *root = NULL, *file = loaded(model);
    assert_int_equal(run.status, 0);
    CHECK_OK(hu_json_parse(run.out, strlen(run.out), "train", &root));
    assert_string_equal(json_string_value(json_object_get(root, "trained_on")),
                        json_string_value(json_object_get(file, "trained_on")));
    const json_t *curve = json_object_get(root, "curve"), *last = json_array_get(curve, json_array_size(curve) - 1);
    check_close(json_number_value(json_object_get(last, "model")), json_number_value(json_object_get(root, "model")),
                0.05, "end of the curve");
    assert_true(json_number_value(json_object_get(last, "model")) >
                json_number_value(json_object_get(json_array_get(curve, 0), "model")));
    json_decref(root);
    json_decref(file);
    run = CHECK_HUELLA(arena, "label", "--study", folder, "--labeller", "a b");
    assert_int_equal(run.status, 2);
    run = CHECK_HUELLA(arena, "label", "--study", folder);
    check_contains(run.err, "--labeller NAME is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_go_in_and_out),
        cmocka_unit_test(agreement_is_measured),
        cmocka_unit_test(scores_by_group_add_up),
        cmocka_unit_test(training_by_command),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
